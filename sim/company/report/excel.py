"""The report's tables and findings as a workbook."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from sim.company.importing.import_log import CompanyError
from sim.company.importing.privacy import harmless
from sim.company.report.finding import Finding, Section, Table
from sim.company.report.plain_words import GLOSSARY


def workbook(headlines: Sequence[Finding], sections: Sequence[Section]) -> bytes:
    """Return an Excel file: a sheet of findings with their numbers, one for each table, and the glossary.

    Raises
    ------
    CompanyError
        If openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise CompanyError("Tables as .xlsx need openpyxl: pip install 'smb-coherence[company]'.") from None
    book = Workbook()
    book.remove(book.active)
    rows: list[list[object]] = []
    for where, found in [("Three findings", headlines), *((s.title, list(s.findings)) for s in sections)]:
        for f in found:
            numbers = [None if math.isnan(v) else v for v in (f.value, f.low, f.high)]
            rows.append([where, f.topic, f.rule, f.headline, f.sentence, *numbers, f.n or None, f.of])
    _sheet(
        book,
        "Findings",
        "What the report says, and the numbers that it follows from.",
        ["Part", "Topic", "Rule", "Headline", "Sentence", "Value", "Low", "High", "n", "of"],
        rows,
    )
    for section in sections:
        for table in section.tables:
            _table(book, table)
    _sheet(book, "Words", "What the report's words mean.", ["Word", "Meaning"], [[w, m] for w, m in GLOSSARY.items()])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _table(book: object, table: Table) -> None:
    _sheet(
        book,
        table.name,
        table.caption,
        table.head,
        [[_number(cell) if i not in table.words else cell for i, cell in enumerate(row)] for row in table.rows],
    )


def _number(cell: str) -> object:
    """Return a cell that is one plain number as a number."""
    try:
        return float(cell.replace("\N{MINUS SIGN}", "-"))
    except ValueError:
        return cell


def _sheet(book: object, name: str, caption: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(name[:31])  # type: ignore[attr-defined]
    sheet.append([harmless(caption)])
    sheet.append([harmless(cell) for cell in head])
    for row in rows:
        sheet.append(
            [
                harmless("".join(c if c.isprintable() else " " for c in cell)) if isinstance(cell, str) else cell
                for cell in row
            ]
        )
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for i, column in enumerate(zip(*([head, *rows]), strict=True), 1):
        longest = max(len(str(cell)) for cell in column if cell is not None)
        sheet.column_dimensions[get_column_letter(i)].width = min(max(longest + 2, 8), 60)
    sheet.freeze_panes = "B3"

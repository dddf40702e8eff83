"""Tables of any make, row by row: comma, semicolon or tab; UTF-8, UTF-16 or cp1252; Excel sheets.

Nothing is ever held whole: a table of a million rows takes the memory of one row. Every row knows its line.
"""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from sim.company.importing.import_log import CompanyError, refuse

MOST_ROWS = 20_000_000
MOST_LINE = 4 * 1024 * 1024
MOST_COLUMNS = 20_000
MOST_UNPACKED = 100 * 1024 * 1024
"""Bytes that an Excel file may unpack to."""
SAMPLE = 64 * 1024
DELIMITERS = (",", ";", "\t", "|")
EXCEL = (".xlsx", ".xlsm")


class Row(NamedTuple):
    """A row: its line in the file (its row in a sheet), and its cells, stripped."""

    line: int
    cells: list[str]


class Table:
    """A table that can be read again and again.

    Attributes
    ----------
    file
        Its name without folders, as messages call it.
    header
        Its first row that is not empty.
    made
        How it was read, in words.
    """

    def __init__(self, path: Path, sheets: tuple[str, ...] = ()) -> None:
        self.path = path
        self.file = path.name
        self._sheets = sheets
        self._sheet: str | None = None
        try:
            size = path.stat().st_size
        except OSError as error:
            raise refuse(self.file, f"cannot be read: {error.strerror}") from None
        if path.is_dir():
            raise refuse(self.file, "is a folder, not a table")
        if size == 0:
            raise refuse(self.file, "is empty")
        if path.suffix.lower() == ".xls":
            raise refuse(self.file, "is an Excel file of the old kind: save it as .xlsx or .csv")
        self.excel = path.suffix.lower() in EXCEL
        if self.excel:
            self._pick_sheet()
            self.made = f"Excel sheet {self._sheet!r}" if self._sheet in sheets else "Excel, first sheet"
        else:
            self.encoding = _encoding(path)
            self.delimiter = self._delimiter()
            names = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
            self.made = f"{self.encoding}, {names[self.delimiter]}"
        first = next(self._all(), None)
        if first is None:
            raise refuse(self.file, "holds no rows")
        self.header = first.cells
        self.header_line = first.line

    def rows(self, with_header: bool = False) -> Iterator[Row]:
        """Yield the rows below the header that are not empty, as wide as the header at least."""
        rows = self._all()
        if not with_header:
            next(rows)
        width = len(self.header)
        for count, row in enumerate(rows):
            if count >= MOST_ROWS:
                raise refuse(self.file, f"has more than {MOST_ROWS:,} rows", row.line)
            if len(row.cells) < width:
                row.cells.extend([""] * (width - len(row.cells)))
            yield row

    def _all(self) -> Iterator[Row]:
        for row in self._sheet_rows() if self.excel else self._text_rows(self.delimiter):
            if len(row.cells) > MOST_COLUMNS:
                raise refuse(self.file, f"has more than {MOST_COLUMNS:,} columns", row.line)
            if any(row.cells):
                yield row

    def _lines(self) -> Iterator[str]:
        try:
            with self.path.open("r", encoding=self.encoding, errors="replace", newline="") as stream:
                number = 0
                while line := stream.readline(MOST_LINE):
                    number += 1
                    if len(line) == MOST_LINE and not line.endswith(("\n", "\r")):
                        raise refuse(self.file, "has a line longer than 4 MiB", number)
                    yield line
        except OSError as error:
            raise refuse(self.file, f"cannot be read: {error.strerror}") from None

    def _text_rows(self, delimiter: str, lines: Iterable[str] | None = None) -> Iterator[Row]:
        reader = csv.reader(self._lines() if lines is None else lines, delimiter=delimiter)
        start = 1
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                limit = "field larger" in str(error)
                hint = (
                    "holds a field longer than 131,072 characters: is a quotation mark missing?"
                    if limit
                    else f"cannot be read: {error}"
                )
                raise refuse(self.file, hint, start) from None
            yield Row(start, [cell.strip() for cell in cells])
            start = reader.line_num + 1

    def _delimiter(self) -> str:
        with self.path.open("r", encoding=self.encoding, errors="replace", newline="") as stream:
            sample = stream.read(SAMPLE)
        lines = sample.splitlines(keepends=True)
        if len(sample) == SAMPLE and len(lines) > 1:
            lines.pop()
        first = next((line.strip().lower() for line in lines if line.strip()), "")
        if len(first) == 5 and first.startswith("sep=") and first[4] in DELIMITERS:
            return first[4]

        def score(delimiter: str) -> tuple[int, int]:
            try:
                widths = [
                    len(row.cells)
                    for row in self._text_rows(delimiter, io.StringIO("".join(lines[:60]), newline=""))
                    if any(row.cells)
                ]
            except CompanyError:
                widths = []
            if not widths or widths[0] < 2:
                return 0, 0
            return sum(w == widths[0] for w in widths) * min(widths[0], 50), widths[0]

        return max(DELIMITERS, key=score)

    def _pick_sheet(self) -> None:
        book = _book(self.path)
        try:
            names = book.sheetnames
        finally:
            book.close()
        wanted = {name.lower() for name in self._sheets}
        self._sheet = next((name for name in names if name.lower() in wanted), names[0] if names else None)
        if self._sheet is None:
            raise refuse(self.file, "holds no sheet")

    def _sheet_rows(self) -> Iterator[Row]:
        book = _book(self.path)
        try:
            for number, cells in enumerate(book[self._sheet].iter_rows(values_only=True), 1):
                yield Row(number, [_cell(value) for value in cells])
        except CompanyError:
            raise
        except Exception:  # a damaged workbook fails in as many ways as it can be damaged
            raise refuse(self.file, "is not a workbook that can be read: save it anew, or as .csv") from None
        finally:
            book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    isoformat = getattr(value, "isoformat", None)
    text = str(isoformat()) if callable(isoformat) else str(value)
    return text[:131072].strip()


def _book(path: Path):  # type: ignore[no-untyped-def]  # openpyxl is an extra
    import warnings

    try:
        import openpyxl
    except ImportError:
        raise refuse(
            path.name,
            "is an Excel file, which needs openpyxl: pip install 'smb-coherence[company]', or save it as .csv",
        ) from None
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                raise refuse(path.name, "unpacks to more than 100 MiB: save the sheet as .csv")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(path, read_only=True, data_only=True)
    except CompanyError:
        raise
    except Exception:
        raise refuse(path.name, "is not a workbook that can be read: save it anew, or as .csv") from None


def _encoding(path: Path) -> str:
    """Return the encoding of a text file: by its mark, else UTF-8 if it is valid, else cp1252."""
    try:
        with path.open("rb") as stream:
            start = stream.read(4)
            if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
                return "utf-16"
            stream.seek(0)
            decoder, good, line = codecs.getincrementaldecoder("utf-8")(), True, 1
            while chunk := stream.read(1024 * 1024):
                if b"\0" in chunk:
                    line += chunk[: chunk.index(b"\0")].count(b"\n")
                    raise refuse(path.name, "is not a text table: it holds binary data", line)
                line += chunk.count(b"\n")
                if good:
                    try:
                        decoder.decode(chunk)
                    except UnicodeDecodeError:
                        good = False
            if good:
                try:
                    decoder.decode(b"", final=True)
                except UnicodeDecodeError:
                    good = False
    except OSError as error:
        raise refuse(path.name, f"cannot be read: {error.strerror}") from None
    return "utf-8-sig" if good else "cp1252"

"""Files of any usual make as rows of text: Excel (xlsx, xls), OpenDocument, Parquet and JSON through pandas; text through csv.

Text tables are read line by line with the standard library and not with pandas, so that a million ties take the memory of one,
every message can name its line, and a title above the heading does no harm.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, cast

from sim.company.importing.encodings import encoding_of, implausible
from sim.company.importing.import_log import CompanyError, refuse

MOST_LINE = 4 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
"""Bytes that a workbook may unpack to."""
MOST_CELL = 131_072
SAMPLE = 64 * 1024
DELIMITERS = (",", ";", "\t", "|")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
GRAPHS = (".graphml", ".gexf", ".xml")
ENGINES = {"xlsx": ("openpyxl", "openpyxl"), "xls": ("xlrd", "xlrd"), "ods": ("odf", "odfpy")}
"""Kind of workbook -> name of the pandas engine and of the package that holds it."""


class Row(NamedTuple):
    """A row: its line in the file (its row in a sheet), and its cells, stripped."""

    line: int
    cells: list[str]


@dataclass
class Sheet:
    """One table of a file, that can be read again and again.

    Attributes
    ----------
    name
        The sheet's name; empty for files that hold one table.
    made
        How it is read, in words.
    rows
        Starts reading.
    warning
        What seems wrong with its letters, or None.
    """

    name: str
    made: str
    rows: Callable[[], Iterator[Row]]
    warning: str | None = None


def kind_of(path: Path) -> str:
    """Return what a file is by its first bytes, not by its name: graph, xlsx, xls, ods, parquet, json, html or text.

    Raises
    ------
    CompanyError
        If there is no such file, or it is empty.
    """
    try:
        if path.is_dir():
            raise refuse(path.name, "is a folder, not a table")
        with path.open("rb") as stream:
            start = stream.read(4096)
    except OSError as error:
        raise refuse(path.name, f"cannot be read: {error.strerror}") from None
    if not start:
        raise refuse(path.name, "is empty")
    suffix = path.suffix.lower()
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"PK\x03\x04"):
        return "ods" if suffix == ".ods" or b"opendocument.spreadsheet" in start[:200] else "xlsx"
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if start.startswith(b"PAR1"):
        return "parquet"
    if b"<graphml" in head or b"<gexf" in head or (suffix in GRAPHS and head.startswith(b"<")):
        return "graph"
    if suffix in GRAPHS[:2]:
        return "graph"
    if head.startswith((b"<html", b"<!doctype html", b"<table")):
        return "html"
    if suffix in (".json", ".jsonl", ".ndjson") or (
        suffix not in (".csv", ".tsv", ".txt") and head[:1] in b"[{" and head
    ):
        return "json"
    return "text"


def sheets(path: Path, encoding: str | None = None) -> list[Sheet]:
    """Return the tables of a file.

    Parameters
    ----------
    path
        The file.
    encoding
        Of a text file, where the user knows it.

    Raises
    ------
    CompanyError
        If it cannot be read, with the reason.
    """
    kind = kind_of(path)
    if kind in ENGINES:
        return _workbook(path, kind)
    if kind == "html":
        raise refuse(
            path.name, "is a web page under another name: open it in a spreadsheet and save it as .xlsx or .csv"
        )
    if kind == "graph":
        raise refuse(path.name, "is a graph, not a table")
    if kind == "parquet":
        return [_frame(path, "Parquet", _parquet(path))]
    if kind == "json":
        return [_frame(path, "JSON", _json(path, encoding))]
    if path.suffix.lower() in (".xlsx", ".xlsm", ".ods", ".parquet"):
        raise refuse(path.name, "is not a workbook that can be read: save it anew, or as .csv")
    return [_text(path, encoding)]


def _workbook(path: Path, kind: str) -> list[Sheet]:
    import warnings

    engine, package = ENGINES[kind]
    try:
        import pandas as pd

        __import__(engine)
    except ImportError:
        raise refuse(
            path.name, f"is a workbook, which needs {package}: pip install 'smb-coherence[company]', or save it as .csv"
        ) from None
    try:
        if kind != "xls":
            with zipfile.ZipFile(path) as archive:
                if sum(info.file_size for info in archive.infolist()) > MOST_UNPACKED:
                    raise refuse(path.name, "unpacks to more than 100 MiB: save the sheet as .csv")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            frames = pd.read_excel(
                path,
                sheet_name=None,
                header=None,
                dtype=object,
                engine=cast("Any", engine),
                na_filter=False,
                keep_default_na=False,
            )
    except CompanyError:
        raise
    except Exception as error:  # a damaged workbook fails in as many ways as it can be damaged
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise refuse(path.name, "is protected by a password: save it without one") from None
        if kind == "xls" and _is_locked(path):
            raise refuse(
                path.name, "is protected by a password, or no workbook: save it without one, as .xlsx"
            ) from None
        raise refuse(path.name, "is not a workbook that can be read: save it anew, or as .csv") from None
    out = []
    for name, frame in frames.items():
        rows = [
            Row(i, [_cell(v) for v in values]) for i, values in enumerate(frame.itertuples(index=False, name=None), 1)
        ]
        out.append(Sheet(str(name), f"sheet {str(name)!r}", lambda rows=rows: iter(rows)))  # type: ignore[misc]
    if not out:
        raise refuse(path.name, "holds no sheet")
    return out


def _is_locked(path: Path) -> bool:
    return "EncryptedPackage".encode("utf-16-le") in path.read_bytes()[: 8 * 1024 * 1024]


def _parquet(path: Path) -> Any:
    import pandas as pd

    try:
        return pd.read_parquet(path)
    except Exception:
        raise refuse(path.name, "is not a Parquet file that can be read") from None


def _json(path: Path, encoding: str | None) -> Any:
    """Return the first list of records in a JSON file, however deep it is wrapped, as a frame."""
    import pandas as pd

    try:
        text = path.read_bytes().decode(encoding or encoding_of(path)[0])
    except (UnicodeDecodeError, LookupError):
        raise refuse(path.name, "is not text in the encoding that was named") from None
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            data = [json.loads(line) for line in lines]
        except (ValueError, RecursionError):
            raise refuse(path.name, "is not JSON", getattr(error, "lineno", None)) from None
    records = _records(data, 0)
    if records is None:
        raise refuse(path.name, "holds no list of records (objects with the same fields)")
    return pd.json_normalize(records, sep=".", max_level=2)


def _records(data: Any, depth: int) -> list[dict[str, Any]] | None:
    if isinstance(data, list):
        rows = [row for row in data if isinstance(row, dict)]
        return rows or None
    if isinstance(data, dict) and depth < 4:
        for value in data.values():
            found = _records(value, depth + 1)
            if found:
                return found
    return None


def _frame(path: Path, made: str, frame: Any) -> Sheet:
    """Return a frame with named columns as a sheet; its index is a column where it has a name."""
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    header = Row(1, [str(c)[:MOST_CELL].strip() for c in frame.columns])
    if not header.cells:
        raise refuse(path.name, "holds no columns")

    def rows() -> Iterator[Row]:
        yield header
        for i, values in enumerate(frame.itertuples(index=False, name=None), 2):
            yield Row(i, [_cell(v) for v in values])

    return Sheet("", made, rows)


def _cell(value: object) -> str:
    if value is None or value != value:  # not a number, or no time
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    isoformat = getattr(value, "isoformat", None)
    text = str(isoformat()) if callable(isoformat) else str(value)
    return "" if text == "NaT" or text == "<NA>" else text[:MOST_CELL].strip()


def _text(path: Path, encoding: str | None) -> Sheet:
    warning = None
    if encoding is None:
        encoding, warning = encoding_of(path)
    else:
        try:
            "".encode(encoding)
        except LookupError:
            raise refuse(
                path.name, "is not an encoding: utf-8, cp1252, mac_roman or utf-16 are", None, "--encoding", encoding
            ) from None
    delimiter = _delimiter(path, encoding)
    if encoding in ("utf-16", "utf-16-le", "utf-16-be"):
        with path.open("r", encoding=encoding, errors="replace") as stream:
            warning = warning or implausible(stream.read(SAMPLE))
    known = encoding

    def rows() -> Iterator[Row]:
        return _text_rows(path.name, _lines(path, known), delimiter)

    return Sheet("", f"{encoding.removesuffix('-sig')}, {_NAMES[delimiter]}", rows, warning)


def _lines(path: Path, encoding: str) -> Iterator[str]:
    try:
        with path.open("r", encoding=encoding, errors="replace", newline="") as stream:
            number = 0
            while line := stream.readline(MOST_LINE):
                number += 1
                if len(line) == MOST_LINE and not line.endswith(("\n", "\r")):
                    raise refuse(path.name, "has a line longer than 4 MiB", number)
                yield line.lstrip("\ufeff") if number == 1 else line
    except (OSError, UnicodeError) as error:
        raise refuse(path.name, f"cannot be read: {getattr(error, 'strerror', None) or 'wrong encoding'}") from None


def _text_rows(file: str, lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter == " ")
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
            raise refuse(file, hint, start) from None
        yield Row(start, [cell.strip() for cell in cells])
        start = reader.line_num + 1


def _delimiter(path: Path, encoding: str) -> str:
    """Return the sign that parts most lines into as many cells; a title above the table does not decide."""
    try:
        with path.open("r", encoding=encoding, errors="replace", newline="") as stream:
            sample = stream.read(SAMPLE)
    except (OSError, UnicodeError) as error:
        raise refuse(path.name, f"cannot be read: {getattr(error, 'strerror', None) or 'wrong encoding'}") from None
    lines = sample.splitlines(keepends=True)
    if len(sample) == SAMPLE and len(lines) > 1:
        lines.pop()
    first = next((line.strip("\ufeff \r\n\t").lower() for line in lines if line.strip()), "")
    if first.startswith("sep=") and len(first) >= 5 and first[4] in DELIMITERS:
        return first[4]

    def score(delimiter: str) -> tuple[int, int]:
        widths: dict[int, int] = {}
        try:
            for row in _text_rows(path.name, io.StringIO("".join(lines[:80]), newline=""), delimiter):
                if len(row.cells) >= 2:
                    widths[len(row.cells)] = widths.get(len(row.cells), 0) + 1
        except CompanyError:
            return 0, 0
        if not widths:
            return 0, 0
        width, count = max(widths.items(), key=lambda item: item[1] * min(item[0], 50))
        return count * min(width, 50), width

    best = max(DELIMITERS, key=score)
    if score(best) == (0, 0):  # lists of edges from network tools come with spaces
        parts = [line.split() for line in lines[:80] if line.strip()]
        if parts and 2 <= len(parts[0]) <= 3 and all(len(p) == len(parts[0]) for p in parts):
            return " "
    return best

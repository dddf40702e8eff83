"""What a cell says: a number, a date, yes or no, or nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sim.company.importing.vocabulary import plain, plain_words, words

FIRST_YEAR, LAST_YEAR = 1901, 2098
"""Years in between are dates; 1900 and 2099 or later are what systems write for none."""
_EXCEL_DAYS = range(15_000, 70_000)
_SLASHED = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})(?:[ T].*)?$")
_FORMS = (
    "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d-%b-%Y", "%d %b %Y", "%d. %b %Y", "%d %B %Y", "%d. %B %Y", "%b %d, %Y", "%B %d, %Y", "%b %d %Y",
    "%Y%m%d", "%d-%b-%y", "%d%b%Y",
)  # fmt: skip
_MONTHS = {
    "januar": "January", "janvier": "January", "enero": "January", "jänner": "January", "februar": "February", "février": "February",
    "febrero": "February", "märz": "March", "mars": "March", "marzo": "March", "avril": "April", "abril": "April", "mai": "May",
    "mayo": "May", "juni": "June", "juin": "June", "junio": "June", "juli": "July", "juillet": "July", "julio": "July", "août": "August",
    "agosto": "August", "septembre": "September", "septiembre": "September", "oktober": "October", "octobre": "October",
    "octubre": "October", "novembre": "November", "noviembre": "November", "dezember": "December", "décembre": "December",
    "diciembre": "December", "okt": "Oct", "dez": "Dec", "mrz": "Mar", "ene": "Jan", "dic": "Dec", "ago": "Aug", "sept": "Sep",
}  # fmt: skip


def number(text: str) -> float | None:
    """Return a number written with a decimal point or comma, or as a percentage; None where it is none."""
    text = text.strip().replace("\u00a0", "").replace("\u202f", "")
    percent = text.endswith("%")
    text = text.rstrip("% ").replace("'", "")
    if "," in text and "." in text:
        text = text.replace(",", "") if text.rfind(".") > text.rfind(",") else text.replace(".", "").replace(",", ".")
    else:
        text = text.replace(",", ".")
    if len(text) > 40 or not re.fullmatch(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", text):
        return None
    value = float(text)
    if value in (float("inf"), float("-inf")):
        return None
    return value / 100 if percent else value


def missing(text: str) -> bool:
    """Return whether a cell says that there is nothing: empty, NA, -, (blank), none, k.A. and the like."""
    low = text.strip().lower()
    return low in words("missing") or not any(c.isalnum() for c in low)


def filled(text: str) -> str:
    """Return a cell, empty where it says that there is nothing."""
    return "" if missing(text) else text


def truth(text: str) -> bool:
    """Return whether a cell says yes."""
    low = text.strip().lower()
    return low in words("yes") or plain(low) in plain_words("yes")


def yes_or_no(text: str) -> bool | None:
    """Return what a cell of a yes-or-no column says, None where it says neither."""
    low = re.sub(r"\.0+$", "", text.strip().lower())
    return True if low in words("yes") else False if low in words("no") else None


def is_flag(cells: Iterable[str]) -> bool:
    """Return whether a column holds yes and no (or 1 and 0) alone."""
    kinds = {yes_or_no(c) for c in cells if c.strip()}
    return bool(kinds) and None not in kinds


def day_first(cells: Iterable[str]) -> bool | None:
    """Return whether a column of dates puts the day before the month, by the numbers above 12; None where none decides."""
    first = second = 0
    for cell in cells:
        match = _SLASHED.match(cell.strip())
        if match:
            first += int(match[1]) > 12
            second += int(match[2]) > 12
    return None if first == second else first > second


def day(text: str, day_before_month: bool | None = None) -> date | None:
    """Return a date in one of the usual notations, or None.

    Parameters
    ----------
    text
        The cell.
    day_before_month
        How 03/04/2021 is meant. Where the column does not say, dots and hyphens put the day first and slashes the month.
        A cell that can be read only the other way round is read that way.
    """
    text = text.strip()[:40]
    match = _SLASHED.match(text)
    if match:
        one, two, year = int(match[1]), int(match[2]), int(match[3])
        if len(match[3]) == 2:
            year += 2000 if year < 70 else 1900
        leading = "/" not in text[:6] if day_before_month is None else day_before_month
        order = ((two, one), (one, two)) if leading else ((one, two), (two, one))
        for month, of_month in order:
            try:
                return _sensible(date(year, month, of_month))
            except ValueError:
                continue
        return None
    if re.fullmatch(r"\d{5}(\.\d+)?", text) and int(float(text)) in _EXCEL_DAYS:
        return _sensible(date(1899, 12, 30) + timedelta(days=int(float(text))))
    bare = re.sub(r"[T ]\d{1,2}:\d{2}.*$", "", text).strip()
    bare = re.sub(r"[^\W\d_]+", lambda m: _MONTHS.get(m[0].lower(), m[0]), bare).replace(" de ", " ")
    for form in _FORMS:
        try:
            return _sensible(datetime.strptime(bare, form).date())
        except ValueError:
            continue
    return None


def _sensible(found: date) -> date | None:
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None


def open_ended(text: str) -> bool:
    """Return whether a cell is a system's way of saying that there is no date (1900, 2099, 9999, zeros)."""
    return bool(re.search(r"(?<!\d)(0000|1[0-8]\d\d|1900|2099|[2-9][1-9]\d\d|9999)(?!\d)", text)) or not re.search(
        r"[1-9]", text
    )

"""Which encoding a text file has, by rule: its mark, zeros between the letters, valid UTF-8, else the one whose letters are plausible.

Libraries that guess encodings by statistics are wrong on small files, and a staff list is a small file.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from sim.company.importing.import_log import refuse

OLD = ("cp1252", "mac_roman", "cp850")
"""Encodings of one byte a letter that exports still come in: Windows, old Macs, DOS; the first is taken unless another is better."""
_SAMPLE = 4 * 1024 * 1024
_LETTERS = "äöüÄÖÜßàâçéèêëîïôœùûÿæñáíóúÁÉÍÓÚÑÀÂÇÈÊËÎÏÔŒÙÛåÅøØãõìòšžŠŽ'’´`&.,-–/_@"
_ODD = re.compile(
    rf"[A-Za-zäöüß](?=([^\x00-\x7f]))(?![{re.escape(_LETTERS)}])|[a-zäöü][ŠŽŸÿÄÖÜÀÁÂÃÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕØÙÚÛÝÞ][a-z]"
)
_TWICE = re.compile(r"Ã[\x80-\xbf\u20ac-\u2122¤¶¼ŸœžŠ„–©¨ª«®¯±³º]|â€|\ufffd")


def encoding_of(path: Path) -> tuple[str, str | None]:
    """Return the encoding of a text file, and a warning where its letters are hardly what was meant.

    Raises
    ------
    CompanyError
        If the file is no text, or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            raw = stream.read(_SAMPLE)
            rest = stream.read(1)
    except OSError as error:
        raise refuse(path.name, f"cannot be read: {error.strerror}") from None
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", None
    if b"\0" in raw:
        return _wide(path, raw), None
    if _is_utf8(path, raw, bool(rest)):
        return "utf-8-sig", implausible(raw.decode("utf-8", "ignore"))
    odd = {name: len(_ODD.findall(raw.decode(name, "replace"))) for name in OLD}
    best = min(OLD, key=lambda name: odd[name])
    if odd["cp1252"] and not odd[best]:
        return (
            best,
            f"is read as {best}, since in cp1252 {odd['cp1252']} letters would be odd: look at the umlauts, or say --encoding",
        )
    return "cp1252", implausible(raw.decode("cp1252", "replace"), one_byte=True)


def implausible(text: str, one_byte: bool = False) -> str | None:
    """Return what is wrong with the letters of a text, None where nothing seems to be.

    Encodings of one byte a letter decode any bytes whatever: there, signs amid letters that no word holds are wrong as well.
    """
    if twice := _TWICE.findall(text):
        return f"holds {len(twice)} broken letters, such as {twice[0]!r}: it was saved in a wrong encoding; export it again as UTF-8"
    if one_byte and (odd := _ODD.findall(text)):
        return f"holds {len(odd)} odd letters within words: look at the umlauts and accents, and say --encoding if they are wrong"
    return None


def _is_utf8(path: Path, raw: bytes, more: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(raw, final=not more)
        if more:
            with path.open("rb") as stream:
                stream.seek(_SAMPLE)
                while chunk := stream.read(1024 * 1024):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _wide(path: Path, raw: bytes) -> str:
    """Return which UTF-16 a text without a mark is in: the zeros of Latin letters stand at odd or at even places."""
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    for name, zeros, others in (("utf-16-le", odd, even), ("utf-16-be", even, odd)):
        if zeros > 0.3 * len(raw) / 2 and others < 0.05 * zeros:
            return name
    line = raw[: raw.index(b"\0")].count(b"\n") + 1
    raise refuse(path.name, "is not a text table: it holds binary data", line)

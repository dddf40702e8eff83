"""Pieces of a page: everything that comes in is escaped, nothing is fetched from anywhere."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from html import escape

CSS = """
:root { --ink: #1c2b33; --soft: #51626b; --line: #d5dde1; --tint: #f3f6f8; --blue: #00568a; --orange: #a63c00; --green: #00654b; }
* { box-sizing: border-box; }
html { font: 16px/1.5 "Segoe UI", "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; color: var(--ink); background: #fff; }
body { max-width: 60rem; margin: 0 auto; padding: 2.2rem 1.6rem 4rem; }
h1 { font-size: 2rem; line-height: 1.15; margin: 0 0 .3rem; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 .6rem; padding-top: .8rem; border-top: 3px solid var(--blue); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .4rem; }
p, ul, ol { margin: .4rem 0 .8rem; } li { margin-bottom: .3rem; }
.lead { color: var(--soft); margin-bottom: 1.4rem; }
.findings { list-style: none; counter-reset: f; padding: 0; display: grid; gap: .8rem; }
.findings li { counter-increment: f; background: var(--tint); border-left: 5px solid var(--blue); padding: .8rem 1rem .8rem 3.2rem; position: relative; margin: 0; }
.findings li::before { content: counter(f); position: absolute; left: 1rem; top: .55rem; font-size: 1.6rem; font-weight: 700; color: var(--blue); }
.findings strong { display: block; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0 1.2rem; font-size: .92rem; }
caption { text-align: left; color: var(--soft); font-size: .88rem; padding-bottom: .3rem; }
th, td { padding: .38rem .55rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
th:first-child, td:first-child, td.words, th.words { text-align: left; }
thead th { border-bottom: 2px solid var(--ink); font-weight: 600; vertical-align: bottom; }
tbody th { font-weight: 400; }
figure { margin: 1rem 0 1.4rem; } figure img, figure svg { width: 100%; height: auto; display: block; }
figcaption, .small { color: var(--soft); font-size: .86rem; }
.good { color: var(--green); font-weight: 600; } .bad { color: var(--orange); font-weight: 600; }
.box { border: 2px solid var(--orange); padding: .7rem 1rem; margin: 1rem 0; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: .6rem; color: var(--soft); font-size: .82rem; }
@page { size: A4; margin: 13mm 14mm 14mm; }
@media print {
  html { font-size: 9.4pt; } body { max-width: none; padding: 0; line-height: 1.4; }
  h2 { break-after: avoid; margin-top: 1.3rem; } h3, caption { break-after: avoid; } th, td { padding: .22rem .5rem; }
  figure { margin: .6rem 0; } figure img, figure svg { max-height: 118mm; width: auto; max-width: 100%; }
  tbody tr:nth-child(-n+2) { break-before: avoid; }
  figure, tr, .findings li, .box { break-inside: avoid; } thead { display: table-header-group; }
  .findings li, .findings li::before, td, th, svg, img { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
@media (max-width: 40rem) { body { padding: 1.2rem .8rem; } table { font-size: .8rem; } th, td { padding: .3rem; } }
"""


def text(value: object) -> str:
    """Return text that is safe between tags and in attributes; what cannot be shown becomes a space."""
    return escape("".join(c if c.isprintable() else " " for c in str(value)), quote=True)


def paragraph(words: str, kind: str = "") -> str:
    """Return a paragraph of plain words."""
    return f"<p{f' class={kind!r}' if kind else ''}>{text(words)}</p>"


def bullets(items: Sequence[str]) -> str:
    """Return a list of plain words."""
    return "<ul>" + "".join(f"<li>{text(item)}</li>" for item in items) + "</ul>"


def table(caption: str, head: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[int] = ()) -> str:
    """Return a table with a caption and headings; `words` are columns of text, which stand left."""

    def kind(i: int) -> str:
        return " class='words'" if i in words else ""

    top = "".join(f"<th scope='col'{kind(i)}>{text(h)}</th>" for i, h in enumerate(head))
    body = []
    for row in rows:
        cells = "".join(
            f"<td{kind(i)}>{text(c) if i in words else _together(text(c))}</td>" for i, c in enumerate(row) if i
        )
        body.append(f"<tr><th scope='row'>{text(row[0])}</th>{cells}</tr>")
    return (
        f"<table><caption>{text(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{''.join(body)}</tbody></table>"
    )


def _together(cell: str) -> str:
    """Return a cell that breaks before its bracket only, and whose minus signs are such."""
    before, bracket, after = cell.partition(" (")
    parts = [part.replace(" ", "&nbsp;") for part in (before, f"({after}" if bracket else "")]
    return " ".join(filter(None, parts)).replace("-0.", "\N{MINUS SIGN}0.")


def picture(png: bytes, alt: str, caption: str) -> str:
    """Return a figure that carries its image with it."""
    data = base64.b64encode(png).decode("ascii")
    return f"<figure><img src='data:image/png;base64,{data}' alt='{text(alt)}'><figcaption>{text(caption)}</figcaption></figure>"


def drawing(svg: str, alt: str, caption: str) -> str:
    """Return a figure of inline SVG, which must come without a role; the words for those who do not see it are `alt`."""
    head, rest = svg.split(">", 1)
    return f"<figure>{head} role='img' aria-label='{text(alt)}'>{rest}<figcaption>{text(caption)}</figcaption></figure>"


def page(title: str, body: Sequence[str]) -> str:
    """Return the whole page; its policy forbids every request."""
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
    return (
        "<!DOCTYPE html>\n<html lang='en'><head><meta charset='utf-8'>"
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        "<meta name='viewport' content='width=device-width, initial-scale=1'><meta name='referrer' content='no-referrer'>"
        f"<title>{text(title)}</title><style>{CSS}</style></head>\n<body><main>\n"
        + "\n".join(body)
        + "\n</main></body></html>\n"
    )

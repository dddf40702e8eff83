"""Strategies for exports that might be real: many headings, disguises, delimiters, titles, totals and slips."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from sim.company.importing.vocabulary import parts, table

FIRST = ("Ada", "Ben", "Zoë", "Łukasz", "Li", "Søren", "Mª José", "O'Neill", "Jean-Luc")
LAST = ("North", "Oak", "Müller", "Xu", "García", "van der Berg", "Sales", "N/A", "Null", "Page")
DEPARTMENTS = (
    "Sales",
    "Workshop",
    "Küche",
    "IT/IS",
    "R&D",
    "NA",
    "-",
    "104",
    "=cmd()|x",
    "Ada's team",
    "a" * 90,
    "",
    "Ventas – Süd",
)
ODD = st.text(max_size=12) | st.sampled_from(
    ["1", "", "=1+1", '"', "0,5", "1e308", "-1", "\x00", "\ufeff", "9" * 30, "NaN", "(blank)", "٣", "1_0"]
)
DATES = st.sampled_from(
    ["2020-01-31", "31.01.2020", "1/31/20", "2099-12-31", "9999", "44000", "", "soon", "2030-01-01", "30/02/2021"]
)
STATUS = st.sampled_from(["Active", "Terminated", "on leave", "", "x", "Baja", "0", "1"])


def headings(kind: str, field: str) -> st.SearchStrategy[str]:
    """Return headings that mean a field."""
    known = [
        h for row in table("headings") if (row["table"], row["field"]) == (kind, field) for h in parts(row["headings"])
    ]
    return st.sampled_from(known)


@dataclass(frozen=True)
class Export:
    """Files of a firm: name -> bytes."""

    files: dict[str, bytes]


@st.composite
def exports(draw: st.DrawFn) -> Export:
    """Draw people, and sometimes ties and a survey, in any of the usual makes."""
    n = draw(st.integers(2, 14))
    ids = draw(
        st.sampled_from(
            ([f"{i}" for i in range(1, n + 1)], [f"{i:05}" for i in range(n)], [f"E-{i}" for i in range(n)])
        )
    )
    names = [f"{draw(st.sampled_from(FIRST))} {draw(st.sampled_from(LAST))}" for _ in range(n)]
    disguise = draw(
        st.sampled_from((str, lambda i: f"{i}.0", lambda i: f" {i}", lambda i: i.lstrip("0"), lambda i: f"X ({i})"))
    )
    fields = {
        "person_id": ids,
        "name": names,
        "manager_id": [
            disguise(ids[draw(st.integers(0, i - 1))]) if i and draw(st.integers(0, 9)) else draw(ODD | st.just(""))
            for i in range(n)
        ],
        "department": [draw(st.sampled_from(DEPARTMENTS) | ODD) for _ in range(n)],
        "job_title": [draw(st.sampled_from(("Founder", "Clerk", "Assistant to the CEO", ""))) for _ in range(n)],
        "fte": [draw(st.sampled_from(("1", "0,5", "80 %", "40", "-1", "x", ""))) for _ in range(n)],
        "hire_date": [draw(DATES) for _ in range(n)],
        "leave_date": [draw(DATES) if draw(st.integers(0, 4)) == 0 else "" for _ in range(n)],
        "status": [draw(STATUS) if draw(st.integers(0, 4)) == 0 else "Active" for _ in range(n)],
    }
    keep = ["person_id", "department", *draw(st.lists(st.sampled_from(list(fields)), unique=True))]
    chosen = draw(st.permutations(list(dict.fromkeys(keep))))
    head = [draw(headings("people", f)) for f in chosen]
    rows = [list(row) for row in zip(*(fields[f] for f in chosen), strict=True)]
    files = {"a.csv": _text(draw, head, rows)}
    if draw(st.booleans()):
        pairs = draw(st.lists(st.tuples(st.integers(0, n - 1), st.integers(0, n - 1)), min_size=1, max_size=25))
        weight = st.sampled_from(("1", "0", "daily", "nie", "", "2,5", "zz", "-3", "yes"))
        head = [
            draw(headings("links", "source")),
            draw(headings("links", "target")),
            draw(headings("links", "weight") | ODD),
        ]
        files["b.csv"] = _text(draw, head, [[disguise(ids[a]), ids[b], draw(weight)] for a, b in pairs])
    if draw(st.booleans()):
        answer = st.sampled_from(
            ("1", "5", "agree", "Stimme zu", "strongly disagree", "4 (ok)", "", "weiß nicht", "9", "zz")
        )
        files["c.csv"] = _text(
            draw, [draw(headings("people", "person_id")), "Q1", "Q2"], [[i, draw(answer), draw(answer)] for i in ids]
        )
        files["d.csv"] = b"item,construct,low,high,reversed\nQ1,engagement,1,5,\nQ2,voice,1,5,yes\n"
    return Export(files)


def _text(draw: st.DrawFn, head: list[str], rows: list[list[str]]) -> bytes:
    delimiter = draw(st.sampled_from((",", ";", "\t")))
    lines = [head, *rows]
    if draw(st.integers(0, 3)) == 0:
        lines = [["Report"], [], *lines, ["Total"]]
    if draw(st.integers(0, 5)) == 0:
        lines.append(head)
    text = "\n".join(delimiter.join('"' + c.replace('"', '""') + '"' for c in line) for line in lines)
    return text.encode(draw(st.sampled_from(("utf-8", "cp1252", "utf-16", "utf-8-sig"))), "replace")

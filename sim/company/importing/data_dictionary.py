"""The data dictionary for consultants: every column, construct, goal word and role, from the tables that the import itself uses."""

from __future__ import annotations

from collections.abc import Iterator

from sim.company.importing.vocabulary import parts, plain, table

SHOWN = 14
"""Headings or words of one kind that are spelt out; all are in the tables of the vocabulary folder."""


def text() -> str:
    """Return the data dictionary as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield "What `coherence import` reads, generated from the tables that it uses (`coherence import --explain`)."
    yield "Files may come in any order: they are known by what they hold. Capitals, spaces, hyphens and accents of headings do not matter."
    yield 'What is not known can be named: `--map person_id="Pers.No."`. Columns about birth, pay, address or health are never used.'
    meaning = {row["kind"]: row["meaning"] for row in table("meanings") if not row["name"]}
    fields: dict[str, dict[str, list[str]]] = {}
    for row in table("headings"):
        fields.setdefault(row["table"], {}).setdefault(row["field"], []).extend(parts(row["headings"]))
    for row in table("meanings"):
        if row["kind"] != "table":
            continue
        yield ""
        yield f"## {row['name'].capitalize()}"
        yield ""
        yield row["meaning"]
        yield ""
        yield "| field | meaning | headings that are known |"
        yield "| --- | --- | --- |"
        own = fields.get(row["name"], {})
        for name in [key.split(".")[1] for key in meaning if key.startswith(f"{row['name']}.")]:
            heads = own.get(name) or fields["people"].get(name, [])
            yield f"| `{name}` | {meaning[f'{row["name"]}.{name}']} | {_cell(heads)} |"
    yield from _section(
        "Constructs of the survey", "construct", "What questions measure, from 0 to 1, and what it does in the model."
    )
    yield from _scales()
    yield from _section(
        "Roles of departments",
        "role",
        "Given in the departments file, else guessed from the department's name and its people's titles.",
    )
    yield from _role_words()
    yield from _goal_words()
    yield from _other_words()


def _cell(words: list[str]) -> str:
    different = list({plain(w): w for w in reversed(words)}.values())[::-1]
    more = f" and {len(different) - SHOWN} more" if len(different) > SHOWN else ""
    return (", ".join(different[:SHOWN]) + more).replace("|", "\\|")


def _section(title: str, kind: str, about: str) -> Iterator[str]:
    yield ""
    yield f"## {title}"
    yield ""
    yield about
    yield ""
    yield f"| {kind} | meaning |"
    yield "| --- | --- |"
    for row in table("meanings"):
        if row["kind"] == kind:
            yield f"| `{row['name']}` | {row['meaning']} |"


def _scales() -> Iterator[str]:
    yield ""
    yield "### Answers in words"
    yield ""
    yield "| scale | points | lowest | highest |"
    yield "| --- | --- | --- | --- |"
    rows = table("answer_scales")
    for family, points in dict.fromkeys((r["family"], r["points"]) for r in rows):
        ends = [
            next(r for r in rows if (r["family"], r["points"], r["position"]) == (family, points, p))
            for p in ("1", points)
        ]
        shown = [" / ".join(parts(end[lang])[0] for lang in ("en", "de", "fr", "es")) for end in ends]
        yield f"| {family} | {points} | {shown[0]} | {shown[1]} |"


def _role_words() -> Iterator[str]:
    yield ""
    yield "| role | words in a department's name |"
    yield "| --- | --- |"
    for role in ("promise", "deliver", "support"):
        words = [w for r in table("roles") if r["role"] == role and r["kind"] != "stem" for w in parts(r["words"])]
        yield f"| `{role}` | {', '.join(words)} |"


def _goal_words() -> Iterator[str]:
    yield ""
    yield "## Goal words"
    yield ""
    yield "Goals are weights on the poles of the trade-offs (`premium 1; niche 0.5`). Other words are taken to mean a pole, and the log says so:"
    yield ""
    yield "| pole | words |"
    yield "| --- | --- |"
    for row in table("goal_words"):
        yield f"| `{row['pole']}` | {', '.join(parts(row['words']))} |"


def _other_words() -> Iterator[str]:
    yield ""
    yield "## Other words"
    yield ""
    yield "| meaning | words |"
    yield "| --- | --- |"
    titles = {"missing": "nothing", "left": "has left", "here": "still here", "founder_title": "leads the firm"}
    for row in table("words"):
        if row["list"] in titles:
            yield f"| {titles[row['list']]} | {', '.join(parts(row['words']))} |"
    for row in table("frequencies"):
        yield f"| {row['per_month']} times a month | {', '.join(parts(row['words']))} |"

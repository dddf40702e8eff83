"""Survey answers, long or wide: group means on a scale from 0 to 1, and how far they can be trusted.

Answers are read, scored and summed up by group in memory. No individual answer or score leaves this module in any file.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.columns import ITEMS, SURVEY, guess, number, plain, tell, truth
from sim.company.importing.import_log import Notes, refuse
from sim.company.importing.item_results import ItemResult, item_results
from sim.company.importing.people import Staff
from sim.company.importing.privacy import LEAST, merged_groups, softened, softened_spread
from sim.company.importing.tables import Table

CONSTRUCTS = {
    "belief": ("belief", "alignment", "strategy", "vision", "strategicalignment"),
    "incentive": ("incentive", "localincentive", "pay", "reward", "rewards", "ownnumbers"),
    "engagement": ("engagement", "engaged"),
    "clarity": ("clarity", "clear", "strategyclarity"),
    "voice": ("voice", "psychologicalsafety", "safety", "speakup", "speakingup"),
    "knowledge": ("knowledge", "priorities", "priority", "knowledgecheck"),
}
MOST_ITEMS = 500
MOST_RESPONDENTS = 200_000


@dataclass(frozen=True)
class Item:
    """A question: what it measures, its scale, whether high means little, the right answers of a knowledge check, its words."""

    name: str
    construct: str
    low: float
    high: float
    reversed: bool
    key: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True)
class Reliability:
    """Cronbach's alpha of a construct with its 95 % interval (Feldt 1965), over n people who answered all k items."""

    construct: str
    items: int
    n: int
    alpha: float
    low: float
    high: float


@dataclass
class Survey:
    """A survey as it may be kept.

    Attributes
    ----------
    groups
        Department -> group under which it is shown; None where all together are too few.
    respondents
        Group -> people who answered (at least five each).
    means
        Group -> construct -> mean from 0 to 1, rounded and kept away from the ends.
    overall
        Construct -> mean over all who answered.
    spread
        Construct -> standard deviation between people over the whole company, softened as means are.
    reliability
        One for each construct of two items or more.
    asked_of, answered_of
        Group -> people who were asked, and people who answered anything.
    items
        What single questions show.
    """

    groups: dict[str, str] | None
    respondents: dict[str, int]
    means: dict[str, dict[str, float]]
    overall: dict[str, float]
    spread: dict[str, float]
    reliability: list[Reliability]
    answered: int = 0
    asked: int = 0
    constructs: list[str] = field(default_factory=list)
    asked_of: dict[str, int] = field(default_factory=dict)
    answered_of: dict[str, int] = field(default_factory=dict)
    items: list[ItemResult] = field(default_factory=list)


def read_items(path: Path, notes: Notes) -> dict[str, Item]:
    """Return the questions by plain name."""
    table = Table(path, ("items", "questions"))
    found = guess(table.header, ITEMS)
    for needed in ("item", "construct"):
        if needed not in found:
            raise refuse(table.file, f"has no column {needed!r}", table.header_line)
    tell(table.file, table.header, found, notes, table.made)
    meant = {alias: name for name, aliases in CONSTRUCTS.items() for alias in aliases}
    items: dict[str, Item] = {}
    for row in table.rows():
        cell = {name: row.cells[column] for name, column in found.items()}
        construct = meant.get(plain(cell["construct"]))
        if construct is None:
            notes.add(
                "left out",
                table.file,
                row.line,
                "construct",
                cell["construct"] or None,
                f"is not one of {', '.join(CONSTRUCTS)}",
            )
            continue
        if plain(cell["item"]) in items or not cell["item"]:
            notes.add("left out", table.file, row.line, "item", cell["item"] or None, "is missing or stands here again")
            continue
        if len(items) >= MOST_ITEMS:
            raise refuse(table.file, f"has more than {MOST_ITEMS} items", row.line)
        low, high = number(cell.get("low", "")), number(cell.get("high", ""))
        key = tuple(plain(k) for k in cell.get("key", "").replace("|", ";").split(";") if plain(k))
        if construct == "knowledge" and not key:
            notes.add("left out", table.file, row.line, "item", cell["item"], "checks knowledge but has no key")
            continue
        if construct != "knowledge" and (low is None or high is None or low >= high):
            notes.add(
                "left out",
                table.file,
                row.line,
                "item",
                cell["item"],
                "has no scale: low and high must be numbers, low the smaller",
            )
            continue
        items[plain(cell["item"])] = Item(
            cell["item"],
            construct,
            low or 0.0,
            high or 1.0,
            truth(cell.get("reversed", "")),
            key,
            cell.get("text", "")[:200],
        )
    if not items:
        raise refuse(table.file, "declares no item that can be used")
    return items


def read_survey(path: Path, items: dict[str, Item], staff: Staff, notes: Notes, secrets: set[str]) -> Survey:
    """Return the group means of a survey, long (person, item, answer) or wide (a column for each item)."""
    table = Table(path, ("survey", "answers", "responses"))
    found = guess(table.header, SURVEY)
    columns = {plain(heading): column for column, heading in enumerate(table.header)}
    wide = {name: columns[name] for name in items if name in columns}
    long = "item" in found and "answer" in found and not wide
    if not wide and not long:
        raise refuse(
            table.file,
            "is neither long (person, item, answer) nor wide (a column for each item of the items file)",
            table.header_line,
        )
    who = next((found[name] for name in ("person_id", "email", "name") if name in found), None)
    if who is None and (long or "department" not in found):
        raise refuse(
            table.file,
            "does not say who answered: a column of people or, if wide, of departments is needed",
            table.header_line,
        )
    used = {
        name: c
        for name, c in found.items()
        if c == who or (name == "department" and who is None) or (long and name in ("item", "answer"))
    }
    made = f"{table.made}; {'long' if long else 'wide'}, {len(items if long else wide)} items"
    tell(table.file, table.header, used | {items[name].name: c for name, c in wide.items()}, notes, made)
    for name in [] if long else [n for n in items if n not in wide]:
        notes.add("left out", table.file, None, "item", items[name].name, "has no column")

    order = list(items)
    place = {name: i for i, name in enumerate(order)}
    answers: dict[str, NDArray[np.float64]] = {}
    department_of: dict[str, str] = {}
    known = {name.lower(): name for name in staff.departments}
    for row in table.rows():
        if who is None:
            person, department = f"row {row.line}", known.get(row.cells[found["department"]].lower())
            if department is None:
                notes.add(
                    "left out",
                    table.file,
                    row.line,
                    "department",
                    row.cells[found["department"]] or None,
                    "is not known",
                )
                continue
        else:
            number_ = staff.find(row.cells[who])
            if number_ < 0:
                secrets.add(row.cells[who])
                notes.add(
                    "left out", table.file, row.line, "person", row.cells[who] or None, "is nobody in the people file"
                )
                continue
            if number_ == staff.founder:
                notes.add(
                    "left out",
                    table.file,
                    row.line,
                    "person",
                    row.cells[who],
                    "is the founder, who is not surveyed as one of the posts",
                )
                continue
            person, department = str(number_), staff.people[number_].department
        if person not in answers:
            if len(answers) >= MOST_RESPONDENTS:
                raise refuse(table.file, f"has more than {MOST_RESPONDENTS:,} respondents", row.line)
            answers[person] = np.full(len(order), math.nan)
            department_of[person] = department
        elif not long:
            notes.add(
                "left out",
                table.file,
                row.line,
                "person",
                row.cells[who] if who is not None else None,
                "answered twice; the first answers are kept",
            )
            continue
        if long:
            name = plain(row.cells[found["item"]])
            if name not in place:
                notes.add(
                    "left out",
                    table.file,
                    row.line,
                    "item",
                    row.cells[found["item"]] or None,
                    "is not in the items file",
                )
                continue
            cells = {name: row.cells[found["answer"]]}
        else:
            cells = {name: row.cells[column] for name, column in wide.items()}
        for name, text in cells.items():
            value = _scored(items[name], text, table.file, row.line, notes)
            if value is not None:
                answers[person][place[name]] = value
    if not answers:
        raise refuse(table.file, "holds no answer of anybody in the people file")
    people = list(answers)
    matrix = np.array([answers[p] for p in people])
    departments = [department_of[p] for p in people]
    survey = summed_up(matrix, [items[name].construct for name in order], departments)
    survey.asked = len(staff.people) - (staff.founder >= 0)
    words = [(items[name].name, items[name].construct, items[name].text) for name in order]
    survey.items = item_results(matrix, words, departments, survey.groups)
    if survey.groups is not None:
        # Departments in which nobody answered belong to no group yet: they go where the fewest are, or the rate would hide them.
        least = min(survey.respondents, key=lambda g: (survey.respondents[g], g))
        for name, size in staff.departments.items():
            group = survey.groups.get(name, least)
            survey.asked_of[group] = survey.asked_of.get(group, 0) + size
        for name in departments:
            survey.answered_of[survey.groups[name]] = survey.answered_of.get(survey.groups[name], 0) + 1
    return survey


def _scored(item: Item, text: str, file: str, line: int, notes: Notes) -> float | None:
    """Return an answer on a scale from 0 to 1, high for much of what is measured."""
    if plain(text) in {"", "na", "nan", "null", "none", "dontknow", "weissnicht"}:
        return None
    if item.construct == "knowledge":
        return float(plain(text) in item.key)
    value = number(text)
    if value is None or not item.low <= value <= item.high:
        notes.add("left out", file, line, item.name, text, f"is not from {item.low:g} to {item.high:g}")
        return None
    share = (value - item.low) / (item.high - item.low)
    return 1 - share if item.reversed else share


def summed_up(answers: NDArray[np.float64], constructs: list[str], departments: list[str]) -> Survey:
    """Return what may be kept of answers (people, items), nan where there is none.

    Somebody counts for a construct who answered at least half of its items. Whoever counts for no construct is no
    respondent. All constructs share one partition into groups, drawn by the construct with the fewest answers.
    """
    names = [name for name in CONSTRUCTS if name in constructs]
    scores = {name: _score(answers[:, [c == name for c in constructs]]) for name in names}
    counts = [dict.fromkeys(departments, 0) for _ in names]
    for i, name in enumerate(names):
        for p, d in enumerate(departments):
            counts[i][d] += bool(np.isfinite(scores[name][p]))
    names = [name for i, name in enumerate(names) if sum(counts[i].values()) >= LEAST]
    least = {d: min((counts[list(scores).index(name)][d] for name in names), default=0) for d in set(departments)}
    groups = _grouped(least, set(departments)) if names else None
    reliable = [
        r for name in names if (r := reliability(name, answers[:, [c == name for c in constructs]])) is not None
    ]
    survey = Survey(groups, {}, {}, {}, {}, reliable, len(departments), 0, names)
    if groups is None:
        return survey
    group_of = np.array([groups[d] for d in departments])
    for group in dict.fromkeys(groups.values()):
        inside = group_of == group
        n = min(int(np.isfinite(scores[name][inside]).sum()) for name in names)
        if n < LEAST:  # cannot be, since groups were drawn by the construct with the fewest answers
            continue
        survey.respondents[group] = n
        survey.means[group] = {name: softened(float(np.nanmean(scores[name][inside]))) for name in names}
    for name in names:
        survey.overall[name] = softened(float(np.nanmean(scores[name])))
        survey.spread[name] = softened_spread(float(np.nanstd(scores[name], ddof=1)))
    return survey


def _grouped(least: dict[str, int], departments: set[str]) -> dict[str, str] | None:
    groups = merged_groups(least)
    if groups is None:
        return None
    # Departments in which nobody answered something are shown with the merged ones, or else with the smallest group.
    silent = sorted(departments - set(groups))
    if not silent:
        return groups
    merged = [g for d, g in groups.items() if d != g]
    host = merged[0] if merged else min(groups, key=lambda d: (least[d], d))
    inside = [
        d
        for d, g in groups.items()
        if g == groups[host if host in groups else next(d for d, g in groups.items() if g == host)]
    ]
    label = " + ".join(sorted([*inside, *silent]))
    if len(inside) + len(silent) > 3 or len(label) > 60:
        label = f"{len(inside) + len(silent)} small departments"
    if set(inside) | set(silent) == departments:
        label = "the whole company"
    return {d: (label if d in inside or d in silent else groups[d]) for d in departments}


def _score(answers: NDArray[np.float64]) -> NDArray[np.float64]:
    there = np.isfinite(answers)
    count = there.sum(axis=1)
    total = np.where(there, answers, 0.0).sum(axis=1)
    return np.where(2 * count >= answers.shape[1], total / np.maximum(count, 1), math.nan)


def reliability(construct: str, answers: NDArray[np.float64]) -> Reliability | None:
    """Return Cronbach's alpha over those who answered all items; None below two items, five people, or without spread."""
    from scipy.special import fdtri

    whole = answers[np.isfinite(answers).all(axis=1)]
    n, k = whole.shape
    if k < 2 or n < LEAST:
        return None
    total = float(whole.sum(axis=1).var(ddof=1))
    if total <= 0:
        return None
    alpha = k / (k - 1) * (1 - float(whole.var(axis=0, ddof=1).sum()) / total)
    one, two = n - 1, (n - 1) * (k - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(one, two, q)) for q in (0.975, 0.025))
    return Reliability(construct, k, n, round(alpha, 2), round(low, 2), round(high, 2))

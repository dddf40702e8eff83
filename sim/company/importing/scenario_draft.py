"""A scenario file from what was imported: departments, goals, links, and where the survey says people start."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.company.importing.goals import Goals, direction, vision
from sim.company.importing.import_log import Notes
from sim.company.importing.links import Links
from sim.company.importing.mapping import Mapping
from sim.company.importing.privacy import Names
from sim.company.importing.roles import role_of
from sim.company.importing.staff import Staff
from sim.company.importing.survey import Survey
from sim.scenario.parameters import GROUPS
from sim.scenario.toml_write import toml

MOST_LINKS = 40_000
"""Links that a scenario file holds with ease; of more, the strongest of each listener are kept."""
MOST_DEPARTMENTS = 200
WEEKS = 156


@dataclass
class Draft:
    """What a scenario file is written from.

    Attributes
    ----------
    order
        Numbers of the people, in the order of the posts.
    names
        Department as in the people file -> as in the scenario.
    departments
        Plain data of each, in order.
    guessed_roles
        Departments, as in the scenario, whose role nobody said.
    """

    title: str
    axes: tuple[str, ...]
    order: list[int]
    names: dict[str, str]
    departments: list[dict[str, object]]
    links: list[tuple[int, int, float]] | None
    parameters: dict[str, float] = field(default_factory=dict)
    assumptions: list[str] = field(default_factory=list)
    guessed_roles: list[str] = field(default_factory=list)


def department_names(
    staff: Staff, names: Names, notes: Notes, file: str, mapping: Mapping | None = None
) -> dict[str, str]:
    """Return what each department is called in everything that we write: never by anybody's name, never twice alike."""
    out: dict[str, str] = {}
    used: set[str] = set()
    largest = sorted(staff.departments, key=lambda d: -staff.departments[d])
    for number, name in enumerate(staff.departments, 1):
        called = (mapping.names.get(name) if mapping else None) or name
        clean = " ".join("".join(c if c.isprintable() else " " for c in called).split())[:50].lstrip("=+-@ ")
        if name not in largest[: MOST_DEPARTMENTS - 1]:
            out[name] = "other departments"
            notes.add(
                "left out",
                file,
                None,
                "department",
                name,
                f"is beyond the {MOST_DEPARTMENTS - 1} largest, and goes with the others",
            )
            continue
        if names.within(clean) or not clean:
            notes.add("left out", file, None, "department", name, "is called after somebody, so a number stands for it")
            clean = f"department {number}"
        while clean.lower() in used:
            clean = f"{clean[:45]} {number}"
        used.add(clean.lower())
        out[name] = clean
    return out


def draft(
    title: str,
    axes: tuple[str, ...],
    staff: Staff,
    names: dict[str, str],
    pseudonyms: list[str],
    links: Links | None,
    goals: dict[str, Goals],
    survey: Survey | None,
    notes: Notes,
    mapping: Mapping | None = None,
) -> Draft:
    """Return the draft of a scenario; everything that was inferred on the way is noted."""
    labels = list(dict.fromkeys(names[d] for d in staff.departments))
    place = {label: i for i, label in enumerate(labels)}
    posts = [i for i in range(len(staff.people)) if i != staff.founder]
    # Within a department people stand by pseudonym, so that the order tells nothing of the order in the file.
    order = sorted(posts, key=lambda i: (place[names[staff.people[i].department]], pseudonyms[i]))
    departments: list[dict[str, object]] = []
    said = mapping.roles if mapping else {}
    guessed: dict[str, tuple[str, str]] = {}
    for label in labels:
        members = [d for d in staff.departments if names[d] == label]
        known = next((goals[d] for d in members if d in goals), None)
        role = next((said[d] for d in (*members, label) if d in said), known.role if known else "")
        if not role:
            titles = [p.title for p in staff.people if names.get(p.department) == label and p.title]
            guessed[label] = role_of(members[0] if len(members) == 1 else label, titles)
            role = guessed[label][0]
        entry: dict[str, object] = {
            "name": label,
            "role": role,
            "headcount": sum(staff.departments[d] for d in members),
        }
        if known is not None:
            _goal(entry, known, label, notes)
        departments.append(entry)
    _tell_guesses(guessed, departments, notes)
    out = Draft(title, axes, order, names, departments, _posts(links, order, notes) if links else None)
    out.guessed_roles = list(guessed)
    if links is None:
        out.assumptions.append("Who listens to whom is not known: ties are drawn with people.k_in and people.k_out.")
    if survey is not None and survey.groups is not None:
        _from_survey(out, survey, notes)
    _axes_used(out)
    return out


def _goal(entry: dict[str, object], known: Goals, label: str, notes: Notes) -> None:
    if known.paid:
        entry["goal"] = known.paid
    elif known.asked:
        entry["goal"] = known.asked
        notes.guessed(
            "departments", label, "what it is paid for is not said, so what it is asked for is taken for its goal"
        )
    for name in ("incentive", "automation"):
        value = getattr(known, name)
        if value is not None:
            entry[name] = value


def _tell_guesses(guessed: dict[str, tuple[str, str]], departments: list[dict[str, object]], notes: Notes) -> None:
    """Say in one list which roles were guessed and by what."""
    if guessed:
        shown = "; ".join(f"{label}: {role} (by {how})" for label, (role, how) in list(guessed.items())[:40])
        more = f"; and {len(guessed) - 40} more" if len(guessed) > 40 else ""
        notes.guessed(
            "departments", "roles", f"guessed: {shown}{more}; a departments file, or roles in mapping.toml, says better"
        )
    without = [str(d["name"]) for d in departments if "goal" not in d]
    if without:
        text = f"not said for {len(without)} of {len(departments)} departments: each is drawn at people.goal_spread from the vision"
        notes.guessed("departments", "goals", text)
    roles = {str(d["role"]) for d in departments}
    lacking = [r for r in ("promise", "deliver") if r not in roles]
    if lacking and len(departments) > 1:
        text = f"no department is taken to {' or to '.join(lacking)}: say which do, in a departments file or in mapping.toml"
        notes.attention("departments", "roles", text)


def _posts(links: Links, order: list[int], notes: Notes) -> list[tuple[int, int, float]]:
    """Return links between posts, people numbered as posts; of too many, the strongest of each listener."""
    post = np.full(links.people, -1)
    post[order] = np.arange(len(order))
    listener, speaker, weight = post[links.listener], post[links.speaker], links.weight
    inside = (listener >= 0) & (speaker >= 0)
    listener, speaker, weight = listener[inside], speaker[inside], weight[inside]
    if len(listener) > MOST_LINKS:
        strongest = np.lexsort((speaker, -weight, listener))
        listener, speaker, weight = listener[strongest], speaker[strongest], weight[strongest]
        first = np.searchsorted(listener, listener, side="left")
        rank = np.arange(len(listener)) - first
        keep = rank < max(1, int(np.searchsorted(np.cumsum(np.bincount(rank)), MOST_LINKS, side="right")))
        notes.guessed(
            "links",
            "links",
            f"{int(keep.sum()):,} of {len(listener):,} go into the scenario: the strongest of each listener",
        )
        listener, speaker, weight = listener[keep], speaker[keep], weight[keep]
    rows = sorted(zip(listener.tolist(), speaker.tolist(), weight.tolist(), strict=True))
    return [(a, b, float(f"{w:.4g}")) for a, b, w in rows]


def _from_survey(out: Draft, survey: Survey, notes: Notes) -> None:
    """Set where people start from group means; groups stand for the departments that they were merged from."""
    assert survey.groups is not None
    whose = {out.names[d]: g for d, g in survey.groups.items() if d in out.names}
    has = set(survey.constructs)
    for entry in out.departments:
        means = survey.means.get(whose.get(str(entry["name"]), ""))
        if means is None:
            continue
        if "engagement" in has:
            entry["engagement"] = means["engagement"]
        if "incentive" in has and "incentive" not in entry:
            entry["incentive"] = round(0.8 * means["incentive"], 2)
        goal = entry.get("goal")
        if "belief" in has and isinstance(goal, dict):
            entry["belief"] = _between(out.axes, means["belief"], goal)
    for name, parameter, low in (("clarity", "founder.clarity", 0.2), ("voice", "founder.voice", 0.0)):
        if name in has:
            out.parameters[parameter] = round(low + (1 - low) * survey.overall[name], 2)
    said = {
        "engagement": "Engagement at the start is the survey's group mean on a scale from 0 to 1.",
        "incentive": "Where variable pay is not given, the weight of a department's own goal is 0.8 times the survey's mean (0.8 is the end of the plausible range).",
        "belief": "What people believe at the start lies between the vision and what they are paid for, as near to the vision as the survey's mean says.",
        "clarity": "founder.clarity is 0.2 + 0.8 times the survey's mean (0.2 is the end of the plausible range).",
        "voice": "founder.voice is the survey's mean: the probability that somebody says what goes wrong.",
        "knowledge": "The knowledge check sets nothing; it is reported.",
    }
    out.assumptions += [said[name] for name in survey.constructs]
    merged = sorted({g for d, g in survey.groups.items() if d != g})
    if merged:
        notes.guessed("survey", "groups", f"departments with fewer than five answers are merged: {'; '.join(merged)}")


def _between(axes: tuple[str, ...], near: float, goal: dict[str, float]) -> dict[str, float]:
    """Return weights of near times the vision plus 1 - near times a goal's direction."""
    vector = [
        near * v + (1 - near) * g for v, g in zip(direction(axes, vision(axes)), direction(axes, goal), strict=True)
    ]
    weights = {}
    for axis, value in zip(axes, vector, strict=True):
        first, second = (part.strip() for part in axis.split(" - "))
        if abs(value) >= 0.005:
            weights[first if value > 0 else second] = round(abs(value), 3)
    return weights or vision(axes)


def _axes_used(out: Draft) -> None:
    first = out.axes[0].split(" - ")[0].strip()
    out.assumptions.insert(
        0, f"The vision is {first!r}, the first pole of the first trade-off, and the market starts there too."
    )


def scenario_text(out: Draft) -> str:
    """Return the scenario file."""
    data: dict[str, Any] = {"title": out.title, "weeks": WEEKS, "axes": out.axes}
    if out.links is not None:
        data["links"] = [[a, b] if w == 1 else [a, b, float(f"{w:g}")] for a, b, w in out.links]
    for group in GROUPS:
        values = {name.split(".")[1]: value for name, value in out.parameters.items() if name.startswith(f"{group}.")}
        if values:
            data[group] = values
    data["departments"] = out.departments
    return "\n".join(
        [
            "# Written by coherence import from a company's own data. People are numbered through the departments; no name"
            " stands here.",
            *(f"# {text}" for text in out.assumptions),
            "",
            toml(data),
        ]
    )

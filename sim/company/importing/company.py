"""From a company's exports to a client folder: read, sum up, pseudonymise, write whole or not at all."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sim.company.importing import privacy
from sim.company.importing.goals import Goals, conflict, read_goals, vision
from sim.company.importing.import_log import CompanyError, Notes, refuse
from sim.company.importing.links import Links, read_links
from sim.company.importing.network import Network, analyse, chart
from sim.company.importing.people import Staff, depths, read_people
from sim.company.importing.scenario_draft import Draft, department_names, draft, scenario_text
from sim.company.importing.survey import Survey, read_items, read_survey
from sim.scenario import Scenario, ScenarioError, loads
from sim.scenario.model import AXES

SCENARIO, PEOPLE, LINKS, COMPANY, LOG = "scenario.toml", "people.csv", "links.csv", "company.json", "import-log.md"


@dataclass
class Sources:
    """The files of an import; people are needed, all else is welcome."""

    people: Path
    links: Path | None = None
    departments: Path | None = None
    survey: Path | None = None
    items: Path | None = None


@dataclass
class Company:
    """An imported company, before it is written."""

    staff: Staff
    links: Links | None
    goals: dict[str, Goals]
    survey: Survey | None
    network: Network | None
    names: dict[str, str]
    ids: list[str]
    draft: Draft
    text: str
    scenario: Scenario
    notes: Notes
    secrets: privacy.Names


def read(
    sources: Sources,
    key: bytes,
    title: str = "The firm",
    axes: Sequence[str] = AXES,
    founder: str | None = None,
    keep_ids: bool = False,
) -> Company:
    """Read a company.

    Parameters
    ----------
    sources
        Its files.
    key
        For the pseudonyms.
    title
        What reports call it.
    axes
        The trade-offs; the vision is the first pole of the first.
    founder
        Who founded it, as written in the people file; left out: found by title and place in the chart.
    keep_ids
        Keep person ids that hold a digit and no name, instead of pseudonyms.

    Raises
    ------
    CompanyError
        With what is wrong; then nothing was made.
    """
    if (sources.survey is None) != (sources.items is None):
        raise CompanyError(
            "A survey needs its items file (item, construct, low, high, reversed), and the other way round."
        )
    notes, axes = Notes(), tuple(axes)
    staff = read_people(sources.people, notes, founder)
    heard: set[str] = set()
    links = read_links(sources.links, staff, notes, heard) if sources.links else None
    goals = read_goals(sources.departments, list(staff.departments), axes, notes) if sources.departments else {}
    survey = None
    if sources.survey and sources.items:
        survey = read_survey(sources.survey, read_items(sources.items, notes), staff, notes, heard)
    secrets = privacy.Names({*staff.secrets, *heard})
    if secrets.within(title):
        raise refuse("--name", "holds somebody's name: choose another title", value=title)
    names = department_names(staff, secrets, notes, sources.people.name)
    ids = _ids(staff, key, keep_ids)
    _rename(survey, names)
    network = analyse(staff, links) if links is not None else None
    if network is not None:
        _rename_network(network, names)
    made = draft(title, axes, staff, names, ids, links, goals, survey, notes)
    text = scenario_text(made)
    try:
        scenario = loads(text, file=SCENARIO)
    except ScenarioError as error:
        raise CompanyError(f"The scenario made of these files is not valid, which should not happen: {error}") from None
    return Company(staff, links, goals, survey, network, names, ids, made, text, scenario, notes, secrets)


def _ids(staff: Staff, key: bytes, keep: bool) -> list[str]:
    ids = privacy.pseudonyms([p.key.lower() for p in staff.people], key)
    if keep:
        for i, person in enumerate(staff.people):
            if (
                person.key.isascii()
                and person.key.replace("-", "").isalnum()
                and any(c.isdigit() for c in person.key)
                and len(person.key) <= 20
            ):
                ids[i] = person.key
    return ids


def _renamed(group: str, names: dict[str, str]) -> str:
    return names.get(group) or " + ".join(names.get(part, part) for part in group.split(" + "))


def _rename(survey: Survey | None, names: dict[str, str]) -> None:
    """Call groups as the scenario calls its departments."""
    if survey is None or survey.groups is None:
        return
    survey.groups = {d: _renamed(g, names) for d, g in survey.groups.items()}
    survey.respondents = {_renamed(g, names): n for g, n in survey.respondents.items()}
    survey.means = {_renamed(g, names): m for g, m in survey.means.items()}
    survey.asked_of = {_renamed(g, names): n for g, n in survey.asked_of.items()}
    survey.answered_of = {_renamed(g, names): n for g, n in survey.answered_of.items()}
    for item in survey.items:
        item.groups.update({_renamed(g, names): item.groups.pop(g) for g in list(item.groups)})


def _rename_network(network: Network, names: dict[str, str]) -> None:
    network.group_silo = {_renamed(g, names): v for g, v in network.group_silo.items()}
    network.broker_groups = {_renamed(g, names): v for g, v in network.broker_groups.items()}
    network.group_sizes = {_renamed(g, names): n for g, n in network.group_sizes.items()}
    network.between = {
        _renamed(g, names): {_renamed(h, names): v for h, v in row.items()} for g, row in network.between.items()
    }


def content(company: Company, key: bytes) -> dict[str, Any]:
    """Return what is known of the company, by groups, as plain data."""
    staff, axes = company.staff, company.draft.axes
    goals = {company.names[d]: g for d, g in company.goals.items()}
    paid = {d: g.paid or g.asked for d, g in goals.items()}
    conflicts = {
        d: {e: round(conflict(axes, one, other), 2) for e, other in paid.items() if other}
        for d, one in paid.items()
        if one
    }
    span, most, layers = chart(staff)
    return {
        "title": company.draft.title,
        "axes": list(axes),
        "posts": len(company.draft.order),
        "founder": staff.founder >= 0,
        "departments": company.draft.departments,
        "chart": {"span": span, "span_most": most, "layers": layers},
        "left_in_a_year": staff.left_in_a_year,
        "goals": {
            d: {
                "asked": g.asked,
                "paid": g.paid,
                "asked_against_paid": round(conflict(axes, g.asked, g.paid), 2) if g.asked and g.paid else None,
                "paid_against_vision": round(conflict(axes, vision(axes), w), 2) if (w := g.paid or g.asked) else None,
            }
            for d, g in goals.items()
        },
        "conflict": conflicts,
        "network": company.network.plain() if company.network else None,
        "survey": _survey(company.survey, company.secrets),
        "assumptions": company.draft.assumptions,
        "key": privacy.fingerprint(key),
    }


def _survey(survey: Survey | None, secrets: privacy.Names) -> dict[str, Any] | None:
    if survey is None:
        return None
    return {
        "asked": survey.asked,
        "answered": survey.answered,
        "groups": survey.groups and sorted(set(survey.groups.values())),
        "respondents": survey.respondents,
        "means": survey.means,
        "overall": survey.overall,
        "spread": survey.spread,
        "reliability": [asdict(r) for r in survey.reliability],
        "constructs": survey.constructs,
        "asked_of": survey.asked_of,
        "answered_of": survey.answered_of,
        "items": [asdict(r) | {"item": secrets.hidden(r.item), "text": secrets.hidden(r.text)} for r in survey.items],
    }


def write(company: Company, folder: Path, key: bytes) -> None:
    """Write everything into an empty folder, and check that no input name stands in it.

    Raises
    ------
    CompanyError
        If a name would have been written; the caller throws the folder away.
    """
    (folder / SCENARIO).write_text(company.text, encoding="utf-8")
    _people(company, folder / PEOPLE)
    if company.links is not None:
        _links(company, folder / LINKS)
    (folder / COMPANY).write_text(
        json.dumps(content(company, key), indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )
    (folder / LOG).write_text(log(company), encoding="utf-8")


def _people(company: Company, path: Path) -> None:
    staff, depth = company.staff, depths(company.staff)
    latest = max((p.hired for p in staff.people if p.hired), default=None)
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["person", "department", "manager", "layer", "working_time", "tenure"])
        founder = [staff.founder] if staff.founder >= 0 else []
        for i in [*founder, *company.draft.order]:
            p = staff.people[i]
            row = [
                company.ids[i],
                "founder" if i == staff.founder else company.names[p.department],
                company.ids[p.manager] if p.manager >= 0 else "",
                depth[i],
                "full" if p.fte >= 0.9 else "part",
                _tenure(p.hired, latest),
            ]
            out.writerow([privacy.harmless(cell) for cell in row])


def _tenure(hired: date | None, latest: date | None) -> str:
    if hired is None or latest is None:
        return ""
    years = (latest - hired).days / 365.25
    return "under 2 years" if years < 2 else "2 to 5 years" if years < 5 else "5 years and more"


def _links(company: Company, path: Path) -> None:
    assert company.links is not None
    with path.open("w", encoding="utf-8", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["listener", "speaker", "weight"])
        ids = company.ids
        rows = zip(
            company.links.listener.tolist(), company.links.speaker.tolist(), company.links.weight.tolist(), strict=True
        )
        for a, b, w in sorted((ids[a], ids[b], f"{w:.4g}") for a, b, w in rows):
            out.writerow([privacy.harmless(a), privacy.harmless(b), w])


def log(company: Company) -> str:
    """Return the import log: what was guessed, what was not used and why, without anybody's data."""
    lines = [
        "# Import log",
        "",
        "Values are left out on purpose: they may name somebody. The command showed them when it ran.",
        "",
        f"- {len(company.draft.order)} posts in {len(company.draft.departments)} departments"
        + (f", {len(company.links)} links" if company.links is not None else ", no links")
        + (f", {company.survey.answered} survey answers" if company.survey is not None else ", no survey"),
        *(f"- {text}" for text in company.draft.assumptions),
        "",
        "## What was read how, guessed, or left out",
        "",
        *(f"- {_plain_text(line)}" for line in company.notes.lines(shown=False)),
    ]
    return "\n".join(lines) + "\n"


def _plain_text(line: str) -> str:
    return "".join(c if c.isprintable() else " " for c in line).replace("<", "&lt;").replace("[", "(").replace("]", ")")


def leaks(company: Company, folder: Path) -> list[str]:
    """Return the files of a folder in which somebody's full name, address or id (of four characters or more) stands."""
    telling = {w for w in company.secrets.whole if len(w) >= 4 and (" " in w or "@" in w)}
    found = []
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        text = path.read_bytes().decode("utf-8", "replace").lower()
        if telling and _any_within(telling, text):
            found.append(path.name)
    return found


def _any_within(words: set[str], text: str) -> bool:
    # Names are looked up by the lines' own words, not one by one through the text: there may be many thousands.
    import re

    pieces = re.split(r"[^\w@.'+-]+", text)
    most = max(len(w.split()) for w in words)
    for size in range(1, min(most, 5) + 1):
        for i in range(len(pieces) - size + 1):
            if " ".join(pieces[i : i + size]) in words:
                return True
    return False

"""The files of an imported company: scenario, people and ties by pseudonym, what is known by groups, the log."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

from sim.company.importing import privacy
from sim.company.importing.company import COMPANY, LINKS, LOG, PEOPLE, SCENARIO, Company, content, understood
from sim.company.importing.mapping import FILE as MAPPING
from sim.company.importing.mapping import dumps
from sim.company.importing.org_chart import depths


def write(company: Company, folder: Path, key: bytes) -> None:
    """Write everything into an empty folder; the caller checks with `leaks` that nobody's name stands in it."""
    (folder / SCENARIO).write_text(company.text, encoding="utf-8")
    _people(company, folder / PEOPLE)
    if company.links is not None:
        _links(company, folder / LINKS)
    (folder / COMPANY).write_text(
        json.dumps(content(company, key), indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8"
    )
    (folder / MAPPING).write_text(
        "# How this client's exports are read: used again at the next import (--mapping, or the same folder). May be edited.\n\n"
        + dumps(company.mapping), encoding="utf-8",
    )  # fmt: skip
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
        *(f"- {line}" for line in understood(company)),
        *(f"- {text}" for text in company.draft.assumptions),
        "",
        "## What was read how, guessed, or left out",
        "",
        *(f"- {_plain_text(line)}" for line in company.notes.lines(shown=False)),
    ]
    return company.secrets.hidden("\n".join(lines)) + "\n"


def _plain_text(line: str) -> str:
    return "".join(c if c.isprintable() else " " for c in line).replace("<", "&lt;").replace("[", "(").replace("]", ")")


def leaks(company: Company, folder: Path) -> dict[str, list[str]]:
    """Return the files of a folder in which full names, addresses or logins stand, with these."""
    found = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        names = company.secrets.standing_in(path.read_bytes().decode("utf-8", "replace"))
        if names:
            found[path.name] = names
    return found

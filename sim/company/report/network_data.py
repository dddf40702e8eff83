"""What the network picture is drawn from: people by group, groups of at least five, ties; read from the client folder."""

from __future__ import annotations

import csv
from pathlib import Path

from sim.company.importing.company import LINKS, PEOPLE
from sim.company.importing.privacy import merged_groups

Network = tuple[list[int], list[str], list[tuple[int, int]]]


def network_of(folder: Path) -> Network | None:
    """Return groups of people, groups' names and ties without the founder's, or None where there are no links."""
    if not (folder / LINKS).is_file():
        return None
    with (folder / PEOPLE).open(encoding="utf-8", newline="") as stream:
        department = {
            row["person"]: row["department"] for row in csv.DictReader(stream) if row["department"] != "founder"
        }
    counts: dict[str, int] = {}
    for name in department.values():
        counts[name] = counts.get(name, 0) + 1
    groups = merged_groups(counts)
    if groups is None:
        return None
    names = sorted(set(groups.values()))
    people = sorted(department)
    place = {person: i for i, person in enumerate(people)}
    with (folder / LINKS).open(encoding="utf-8", newline="") as stream:
        ties = [
            (place[r["listener"]], place[r["speaker"]])
            for r in csv.DictReader(stream)
            if r["listener"] in place and r["speaker"] in place
        ]
    return [names.index(groups[department[p]]) for p in people], names, ties

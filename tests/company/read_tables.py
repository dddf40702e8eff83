"""Tables of people and links, read."""

from __future__ import annotations

from pathlib import Path

from sim.company.importing.import_log import Notes
from sim.company.importing.link_files import read_links
from sim.company.importing.links import Links
from sim.company.importing.people import Staff, read_people


def staff_and_links(people: Path, links: Path) -> tuple[Staff, Links]:
    notes = Notes()
    staff = read_people(people, notes)
    return staff, read_links(links, staff, notes, set())

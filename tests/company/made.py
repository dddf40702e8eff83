"""The example company, read once, and small tables to import."""

from __future__ import annotations

import csv
from datetime import date
from functools import cache
from pathlib import Path

from sim.company.client_folder import store
from sim.company.importing.company import Company, Sources
from sim.company.importing.reading import read

EXAMPLE = Path(__file__).parents[2] / "examples" / "lantern-workshop"
KEY = bytes(range(32))


def example_sources() -> Sources:
    return Sources(*(EXAMPLE / f"{name}.csv" for name in ("people", "links", "departments", "survey", "items")))


@cache
def example() -> Company:
    return read(example_sources(), KEY, "The Lantern Workshop")


def stored_example(folder: Path) -> Path:
    store(example(), folder, KEY, "0")
    return folder


def input_names() -> set[str]:
    """Every name, address and free text of the example's people, leavers included."""
    with (EXAMPLE / "people.csv").open(encoding="cp1252", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter=";"))
    names = {row["First Name"] for row in rows} | {row["Last Name"] for row in rows}
    names |= (
        {row["Work Email"] for row in rows}
        | {row["Date of Birth"] for row in rows}
        | {"kiln", "HYPERLINK", "promises two weeks", "more chair"}
    )
    return names


def table(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


PEOPLE = "person_id,manager_id,department,job_title\n1,,,Founder\n2,1,Sales,Head\n3,2,Sales,Rep\n4,1,Works,Head\n5,4,Works,Fitter\n"

STAFF = """Employee ID,Name,Department,Job Title,Manager ID,FTE,Hire Date,Status
101,Ada North,Management,Managing Director,,1,2011-03-01,Active
102,Ben Oak,Sales,Head of Sales,101,1,2012-06-15,Active
103,Cy Pine,Sales,Account manager,102,1,2014-09-01,Active
104,Di Quill,Sales,Account manager,102,0.8,2016-02-01,Active
105,Ed Rush,Sales,Clerk,102,1,2015-05-01,Active
106,Flo Sand,Sales,Clerk,102,1,2013-08-11,Active
107,Gus Tide,Workshop,Head of workshop,101,1,2017-03-03,Active
108,Hal Urn,Workshop,Fitter,107,1,2018-04-17,Active
109,Ivy Vale,Workshop,Fitter,107,0.75,2019-01-05,Active
110,Jo Wren,Workshop,Fitter,107,1,2020-11-22,Active
111,Kit Yew,Workshop,Packer,107,1,2024-09-01,Active
112,Lu Zorn,Workshop,Packer,107,0.5,2022-02-14,Active
"""
"""Twelve people in two departments; every kind of export is made from it by small changes."""
TODAY = date(2026, 6, 30)


def imported(folder: Path, files: dict[str, str | bytes], **options: object) -> Company:
    """Write files and import them, in the order given."""
    paths = []
    for name, content in files.items():
        paths.append(folder / name)
        paths[-1].write_bytes(content.encode() if isinstance(content, str) else content)
    options = {"today": TODAY} | options
    return read(paths, KEY, **options)  # type: ignore[arg-type]


def said(company: Company) -> str:
    """Return all notes, with values."""
    return "\n".join(company.notes.lines(shown=True))


def loud(company: Company) -> list[str]:
    """Return what needs attention."""
    return [line for line in company.notes.lines(shown=True) if line.startswith("ATTENTION")]


def managers(company: Company) -> dict[str, str | None]:
    """Return everybody's manager, by id."""
    people = company.staff.people
    return {p.key: people[p.manager].key if p.manager >= 0 else None for p in people}


def ties(company: Company) -> dict[tuple[str, str], float]:
    """Return who listens to whom, by id."""
    links, people = company.links, company.staff.people
    assert links is not None
    rows = zip(links.listener, links.speaker, links.weight, strict=True)
    return {(people[a].key, people[b].key): round(float(w), 3) for a, b, w in rows}


CHART = {str(i): {101: None, 102: "101", 107: "101"}.get(i, "102" if i < 107 else "107") for i in range(101, 113)}
"""Who reports to whom in `STAFF`."""

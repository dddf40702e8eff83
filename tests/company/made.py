"""The example company, read once, and small tables to import."""

from __future__ import annotations

import csv
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

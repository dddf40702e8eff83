"""Whatever comes, an importer answers with a company or with a clear error."""

from __future__ import annotations

import random
import resource
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.company.calibration.facts import read_facts
from sim.company.importing.client_files import leaks, write
from sim.company.importing.company import Sources, understood
from sim.company.importing.import_log import CompanyError
from sim.company.importing.mapping import Mapping, loads
from sim.company.importing.reading import preview, read
from sim.company.whatif.cases import read_cases
from tests.company.made import KEY, PEOPLE, TODAY, table
from tests.company.plausible import exports

CELLS = st.text(max_size=12) | st.sampled_from(
    ["1", "2", "3", "4", "", "Sales", "=1+1", '"', "0,5", "1e308", "-1", "2024-01-01", "\x00", "ß", "\ufeff"]
)
HEADS = st.sampled_from(
    [
        "id",
        "manager id",
        "department",
        "name",
        "fte",
        "hire date",
        "status",
        "source",
        "target",
        "weight",
        "type",
        "item",
        "answer",
        "B1",
        "low",
        "high",
    ]
)


def attempt(work, taken, what):
    """Do something that may only fail with a clear message; count which way it went."""
    try:
        out = work()
    except CompanyError as error:
        message = str(error)
        assert message.strip()
        assert "report this" not in message
        assert "Traceback" not in message
        taken[f"{what} refused"] += 1
        return None
    taken[f"{what} read"] += 1
    return out


def check(company, folder):
    """Whatever was imported holds together and names nobody."""
    assert company.scenario.posts == len(company.staff.people) - (company.staff.founder >= 0)
    assert set(company.staff.departments) == set(company.names)
    assert len(understood(company)) == 5
    assert all(p.manager < len(company.staff.people) for p in company.staff.people)
    if company.links is not None:
        assert (company.links.weight > 0).all()
        assert (company.links.listener != company.links.speaker).all()
    folder.mkdir()
    write(company, folder, KEY)
    assert not leaks(company, folder)
    assert loads((folder / "mapping.toml").read_text(encoding="utf-8")) is not None


def enough(taken, **least):
    """A fuzz test that takes one branch alone tests little: each must have been taken so many times."""
    assert all(taken[name.replace("_", " ")] >= count for name, count in least.items()), taken


START = {
    ".csv": b"id,department\n1,a\n2,b\n", ".tsv": b"id\tdepartment\n1\ta\n2\tb\n", ".xlsx": b"PK\x03\x04", ".ods": b"PK\x03\x04", ".xls": b"\xd0\xcf\x11\xe0",
    ".json": b'[{"id": 1}, {"id": 2}]', ".parquet": b"PAR1", ".graphml": b"<graphml>", ".gexf": b"<gexf>",
}  # fmt: skip
"""Suffix -> how such a file may begin."""
FAST = settings(
    max_examples=60, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def plausible_exports(max_examples, derandomize):
    taken = Counter()

    @settings(FAST, max_examples=max_examples, derandomize=derandomize)
    @given(exports())
    def run(export):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            paths = [folder / file for file in export.files]
            for path, raw in zip(paths, export.files.values(), strict=True):
                path.write_bytes(raw)
            company = attempt(lambda: read(paths, KEY, today=TODAY), taken, "company")
            seen = preview(paths, today=TODAY)
            assert (company is None) == bool(seen.problems)
            if company is not None:
                taken["ties"] += company.links is not None
                taken["answers"] += company.survey is not None
                taken["managers"] += company.staff.managers_found > 0
                check(company, folder / "out")

    run()
    return taken


def test_plausible_exports_are_read_or_refused():
    enough(plausible_exports(60, True), company_read=20, company_refused=2, ties=4, answers=4, managers=8)


@pytest.mark.slow
def test_many_plausible_exports_are_read_or_refused():
    enough(plausible_exports(3000, False), company_read=1000, company_refused=50, ties=200, answers=200, managers=400)


def test_arbitrary_bytes_are_refused_or_read():
    taken = Counter()

    @settings(FAST)
    @given(
        st.binary(max_size=400),
        st.sampled_from(["p.csv", "p.xlsx", "p.tsv", "p.xls", "p.ods", "p.json", "p.parquet", "l.graphml", "l.gexf"]),
    )
    def run(raw, name):
        with tempfile.TemporaryDirectory() as folder:
            people = table(Path(folder), "people.csv", PEOPLE)
            path = Path(folder) / name
            for start in (b"", START[path.suffix]):
                path.write_bytes(start + raw)
                attempt(lambda: read(Sources(path), KEY), taken, "people")
                attempt(lambda: read(Sources(people, path), KEY), taken, "links")
                attempt(lambda: read([people, path], KEY), taken, "either")
            attempt(lambda: read_facts(path), taken, "facts")
            attempt(lambda: read_cases(path), taken, "cases")

    run()
    enough(taken, people_refused=60, people_read=4, links_refused=80, facts_refused=30, cases_refused=20)


def test_arbitrary_tables_are_refused_or_read():
    taken = Counter()

    @settings(FAST)
    @given(
        st.lists(HEADS, min_size=1, max_size=6)
        | st.lists(HEADS, max_size=5, unique=True).map(lambda heads: ["id", *heads]),
        st.lists(st.lists(CELLS, min_size=1, max_size=7), min_size=2, max_size=12),
        st.sampled_from(",;\t"),
    )
    def run(heads, rows, delimiter):
        def text(cells):
            return delimiter.join('"' + c.replace('"', '""') + '"' for c in cells)

        raw = "\n".join(text(r) for r in [heads, *rows]).encode("utf-8", "replace")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            path = folder / "t.csv"
            path.write_bytes(raw)
            people = table(folder, "people.csv", PEOPLE)
            items = table(folder, "items.csv", "item,construct,low,high\nB1,belief,1,5\n")
            company = attempt(lambda: read(Sources(path), KEY), taken, "people")
            if company is not None:
                check(company, folder / "out")
            attempt(lambda: read(Sources(people, path), KEY), taken, "links")
            attempt(lambda: read(Sources(people, None, path), KEY), taken, "departments")
            attempt(lambda: read(Sources(people, None, None, path, items), KEY), taken, "survey")
            attempt(lambda: read(Sources(people, None, None, path, path), KEY), taken, "items")
            attempt(lambda: read([people, path], KEY), taken, "either")
            attempt(lambda: read_facts(path), taken, "facts")

    run()
    enough(taken, people_refused=5, people_read=3, departments_read=2, links_refused=20, survey_refused=20)


@settings(FAST, max_examples=200)
@given(
    st.text(max_size=200)
    | st.sampled_from(["[ties]\nrelations = 3", "[people]\ncolumns = 3", "[roles]\na = 3", "founder = 3"])
)
def test_any_mapping_is_read_or_refused(text):
    attempt(lambda: loads(text), Counter(), "mapping")
    attempt(lambda: Mapping().map(text), Counter(), "map")


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"id,department\n1,\"" + b"x" * 200_000, "is a quotation mark missing"),
        (b"id,department\n1," + b"x" * 200_000 + b"\n", "131,072 characters"),
        (b"," * 5_000_000, "longer than 4 MiB"),
        (b"id,department\n" + b"," * 30_000, "more than 20,000 columns"),
        (b"id\0department\n", "binary data"),
        (b"", "is empty"),
        (b"\n\n\n", "holds no rows"),
        (b"a,b\n1,2\n", "tells people apart"),
        (b"id,department\n", "holds nobody"),
    ],
)  # fmt: skip
def test_huge_and_broken_fields_are_told(tmp_path, raw, said):
    path = tmp_path / "p.csv"
    path.write_bytes(raw)
    with pytest.raises(CompanyError, match=said):
        read(Sources(path), KEY)


def test_a_graph_that_declares_entities_is_refused(tmp_path):
    people = table(tmp_path, "people.csv", PEOPLE)
    bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "x">]><graphml>&a;</graphml>'
    with pytest.raises(CompanyError, match="declares a document type"):
        read(Sources(people, table(tmp_path, "g.graphml", bomb)), KEY)


@pytest.mark.parametrize("parts", [4, pytest.param(20, marks=pytest.mark.slow)])
def test_a_million_links_take_little_memory(tmp_path, parts):
    generator = random.Random(1)
    people = 3000
    text = ["id,manager id,department", "0,,"] + [f"{i},{(i - 1) // 8},d{i % 12}" for i in range(1, people)]
    table(tmp_path, "people.csv", "\n".join(text))
    with (tmp_path / "links.csv").open("w") as stream:
        stream.write("source,target\n")
        lines = [f"{generator.randrange(people)},{generator.randrange(people + 5)}\n" for _ in range(200_000)]
        for _ in range(parts):
            stream.writelines(lines[:50_000])
            lines = lines[50_000:] + lines[:50_000]
    from sim.company.importing.import_log import Notes
    from sim.company.importing.link_files import read_links
    from sim.company.importing.people import read_people

    notes = Notes()
    staff = read_people(tmp_path / "people.csv", notes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    links = read_links(tmp_path / "links.csv", staff, notes, set())
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    assert 150_000 < len(links) < 200_000
    assert links.weight.sum() > 49_000 * parts
    assert grown < 300  # MiB
    assert len(notes.kept) < 60

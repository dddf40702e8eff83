"""Whatever comes, an importer answers with a company or with a clear error."""

from __future__ import annotations

import random
import resource
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.company.calibration.facts import read_facts
from sim.company.importing.client_files import leaks, write
from sim.company.importing.company import Sources
from sim.company.importing.import_log import CompanyError
from sim.company.importing.reading import read
from sim.company.whatif.cases import read_cases
from tests.company.made import KEY, PEOPLE, table

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


def attempt(work):
    try:
        return work()
    except CompanyError as error:
        said = str(error)
    assert said.strip()
    return None


@settings(max_examples=60)
@given(st.binary(max_size=400), st.sampled_from(["p.csv", "p.xlsx", "p.tsv"]))
def test_arbitrary_bytes_for_people(raw, name):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        attempt(lambda: read(Sources(path), KEY))


@settings(max_examples=60)
@given(st.binary(max_size=300), st.sampled_from(["l.csv", "l.graphml", "l.gexf", "l.xlsx"]))
def test_arbitrary_bytes_for_links(raw, name):
    with tempfile.TemporaryDirectory() as folder:
        people = table(Path(folder), "people.csv", PEOPLE)
        (Path(folder) / name).write_bytes(raw)
        attempt(lambda: read(Sources(people, Path(folder) / name), KEY))
        attempt(lambda: read_facts(Path(folder) / name))
        attempt(lambda: read_cases(Path(folder) / name))


@settings(max_examples=80)
@given(
    st.lists(HEADS, min_size=1, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=12), st.sampled_from(",;\t")
)
def test_arbitrary_tables(heads, rows, delimiter):
    def text(cells):
        return delimiter.join('"' + c.replace('"', '""') + '"' for c in cells)

    raw = "\n".join(text(r) for r in [heads, *rows]).encode("utf-8", "replace")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(raw)
        people = table(Path(folder), "people.csv", PEOPLE)
        items = table(Path(folder), "items.csv", "item,construct,low,high\nB1,belief,1,5\n")
        company = attempt(lambda: read(Sources(path), KEY))
        if company is not None:
            out = Path(folder) / "out"
            out.mkdir()
            write(company, out, KEY)
            assert not leaks(company, out)
        attempt(lambda: read(Sources(people, path), KEY))
        attempt(lambda: read(Sources(people, None, path), KEY))
        attempt(lambda: read(Sources(people, None, None, path, items), KEY))
        attempt(lambda: read(Sources(people, None, None, path, path), KEY))
        attempt(lambda: read_facts(path))


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

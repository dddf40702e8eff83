"""From exports to a client folder."""

from __future__ import annotations

import csv
import json

import networkx as nx
import numpy as np
import pytest

import sim.cli
from sim.company.importing.columns import PEOPLE as ALIASES
from sim.company.importing.columns import guess, number
from sim.company.importing.company import Sources
from sim.company.importing.import_log import CompanyError
from sim.company.importing.reading import read
from sim.scenario import load
from sim.simulate import run_many
from tests.company.made import EXAMPLE, KEY, PEOPLE, example, stored_example, table


def links_of(company):
    links = company.links
    people = company.staff.people
    return {
        (people[a].key, people[b].key): w for a, b, w in zip(links.listener, links.speaker, links.weight, strict=True)
    }


def said(company):
    return "\n".join(company.notes.lines(shown=True))


def test_the_example_is_messy_and_every_mess_is_told_with_file_line_and_value():
    text = said(example())
    for line in (
        "people.csv:16: person_id = '114' stands here again, just as in line 15",
        "people.csv:25: manager_id = '199' is nobody in this file, so the manager is missing",
        "people.csv:26: person_id = '098' has left",
        "links.csv:11: link = '108' goes from somebody to themselves",
        "links.csv:22: person = '777' is nobody in the people file",
        "survey.csv:5: B2 = '7' is not from 1 to 5",
        "departments.csv:3: paid_for = 'volume' is taken to mean 'fast'",
        "departments.csv:6: department = 'Purchasing' is not a department of anybody in the people file",
        "Employee # -> person_id",
    ):
        assert line in text


def test_the_example_becomes_a_scenario_that_runs(tmp_path):
    folder = stored_example(tmp_path / "client")
    scenario = load(folder / "scenario.toml")
    assert scenario.posts == 22  # 23 people, of whom the founder is no post
    assert [(d.name, d.headcount) for d in scenario.departments][:2] == [("Workshop", 8), ("Sales", 6)]
    sales = scenario.departments[1]
    assert sales.role == "promise"
    assert sales.goal == {"broad": 1, "premium": 0.6}
    assert sales.incentive == 0.35
    assert 0 < sales.engagement < 1
    assert sales.belief["premium"] > sales.belief["broad"]
    assert len(scenario.links) == example().network.ties
    batch = run_many(scenario, 2, weeks=10)
    assert np.isfinite(batch.of("coherence")[:, :5]).all()


def test_links_stand_between_the_same_people_as_in_the_file():
    company = example()
    order = company.draft.order
    people = company.staff.people
    mine = {(people[order[a]].key, people[order[b]].key) for a, b, _ in company.draft.links}
    theirs = {pair for pair in links_of(company) if people[company.staff.founder].key not in pair}
    assert mine == theirs


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_any_usual_encoding_and_delimiter_is_read(tmp_path, encoding, delimiter):
    text = "Mitarbeiter-ID;Vorgesetzter;Abteilung\nä1;;\nä2;ä1;Küche\nä3;ä2;Küche\n".replace(";", delimiter)
    company = read(Sources(table(tmp_path, "p.csv", text, encoding)), KEY)
    assert company.staff.departments == {"Küche": 2}
    assert company.staff.people[company.staff.founder].key == "ä1"


@pytest.mark.parametrize(
    "header",
    [
        ["PersonId", "ManagerId", "Organization", "HireDate"],  # Viva Insights
        ["Employee #", "Reporting to", "Department", "Hire Date"],  # BambooHR
        ["Unique ID", "Manager ID", "Department", "Role Title"],  # Organimi
        ["PersonID", "SupervisorID", "Department", "Title"],  # OrgChart
        ["ID", "Boss ID", "Team", "FTE"],
    ],
)
def test_headings_of_usual_exports_are_known(header):
    assert {"person_id", "manager_id", "department"} <= set(guess(header, ALIASES))


def test_managers_may_be_named_by_name_or_address(tmp_path):
    text = "Full Name,Email,Department,Manager\nAda Cole,ada@x.example,,\nBo Dunn,bo@x.example,Sales,Ada Cole\nCy Ek,cy@x.example,Sales,bo@x.example\n"
    staff = read(Sources(table(tmp_path, "p.csv", text)), KEY).staff
    assert [p.manager for p in staff.people] == [-1, 0, 1]


def test_a_circle_of_managers_is_cut_and_told(tmp_path):
    text = "person_id,manager_id,department\n1,3,a\n2,1,a\n3,2,a\n4,4,b\n"
    company = read(Sources(table(tmp_path, "p.csv", text)), KEY)
    assert "closes a circle of managers" in said(company)
    assert "is the person's own" in said(company)


def test_a_matrix_an_edge_list_and_graphs_give_the_same_links(tmp_path):
    people = table(tmp_path, "people.csv", PEOPLE)
    edges = table(tmp_path, "edges.csv", "Source;Target;Weight\n2;3;1,5\n3;2;1\n5;2;2\n")
    matrix = table(tmp_path, "matrix.csv", ",2,3,4,5\n2,0,1.5,0,0\n3,1,0,,0\n4,0,0,0,0\n5,2,0,0,0\n")
    bare = table(tmp_path, "bare.csv", "2,3,1.5\n3,2,1\n5,2,2\n")
    graph = nx.DiGraph()
    graph.add_weighted_edges_from([("2", "3", 1.5), ("3", "2", 1.0), ("5", "2", 2.0)])
    nx.write_graphml(graph, tmp_path / "g.graphml")
    nx.write_gexf(graph, tmp_path / "g.gexf")
    expected = {("2", "3"): 1.5, ("3", "2"): 1.0, ("5", "2"): 2.0}
    for path in (edges, matrix, bare, tmp_path / "g.graphml", tmp_path / "g.gexf"):
        assert links_of(read(Sources(people, path), KEY)) == expected, path.name


def test_shared_work_and_undirected_ties_go_both_ways(tmp_path):
    people = table(tmp_path, "people.csv", PEOPLE)
    viva = table(tmp_path, "viva.csv", "TieOrigin_PersonId,TieDestination_PersonId,StrongTieScore\n2,3,4\n")
    gephi = table(tmp_path, "gephi.csv", "Source,Target,Type,Weight\n2,3,Undirected,4\n")
    for path in (viva, gephi):
        assert links_of(read(Sources(people, path), KEY)) == {("2", "3"): 4.0, ("3", "2"): 4.0}


def test_excel_sheets_are_read(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in csv.reader(PEOPLE.splitlines()):
        book.active.append([int(c) if c.isdigit() else c for c in row])
    sheet = book.create_sheet("Edges")
    for row in (["Source", "Target"], [2, 3], [5, 4]):
        sheet.append(row)
    book.save(tmp_path / "all.xlsx")
    company = read(Sources(tmp_path / "all.xlsx", tmp_path / "all.xlsx"), KEY)
    assert set(links_of(company)) == {("2", "3"), ("5", "4")}
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(CompanyError, match="not a workbook"):
        read(Sources(tmp_path / "broken.xlsx"), KEY)


def test_a_long_survey_says_the_same_as_a_wide_one(tmp_path):
    with (EXAMPLE / "survey.csv").open(encoding="utf-8") as stream:
        wide = list(csv.DictReader(stream, delimiter=";"))
    items = [name for name in wide[0] if name[1:].isdigit() and len(name) == 2]
    seen, rows = set(), ["person;item;answer"]
    for row in wide:
        if row["Employee ID"] in seen:
            continue
        seen.add(row["Employee ID"])
        rows += [f"{row['Employee ID']};{item};{row[item]}" for item in items]
    long = table(tmp_path, "long.csv", "\n".join(rows).replace("person;", "person_id;"))
    company = read(Sources(EXAMPLE / "people.csv", None, None, long, EXAMPLE / "items.csv"), KEY)
    assert (
        company.survey.means
        == read(
            Sources(EXAMPLE / "people.csv", None, None, EXAMPLE / "survey.csv", EXAMPLE / "items.csv"), KEY
        ).survey.means
    )


def test_numbers_are_read_as_people_write_them():
    assert [number(t) for t in ("0,8", "1.234,5", "1,234.5", "80 %", "-3", "x", "", "1e999")] == [
        0.8,
        1234.5,
        1234.5,
        0.8,
        -3,
        None,
        None,
        None,
    ]


def test_the_command_writes_a_folder_and_its_key_elsewhere(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COHERENCE_KEYS", str(tmp_path / "keys"))
    out = tmp_path / "client"
    files = [str(EXAMPLE / f"{name}.csv") for name in ("people", "links", "departments", "survey", "items")]
    assert sim.cli.status(["import", *files, "-o", str(out)]) == 0
    shown = capsys.readouterr()
    assert "E-I index" in shown.out
    assert "left out: links.csv:22: person = '777'" in shown.err
    assert {p.name for p in out.iterdir()} == {
        "scenario.toml",
        "people.csv",
        "links.csv",
        "company.json",
        "import-log.md",
        "mapping.toml",
        "manifest.json",
    }
    (key,) = (tmp_path / "keys").iterdir()
    assert key.stat().st_mode & 0o077 == 0
    assert key.stem == json.loads((out / "company.json").read_text())["key"]
    assert sim.cli.status(["forget", str(out)]) == 0
    assert not out.exists()
    assert not key.exists()


def test_nothing_is_half_written(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COHERENCE_KEYS", str(tmp_path / "keys"))
    bad = table(tmp_path, "links.csv", "a,b,c,d\n1,2,3,4\n")
    assert sim.cli.status(["import", str(EXAMPLE / "people.csv"), str(bad), "-o", str(tmp_path / "client")]) == 2
    assert "links.csv:1" in capsys.readouterr().err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["links.csv"]


def test_templates_are_files_that_import_takes(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("COHERENCE_KEYS", str(tmp_path / "keys"))
    folder = tmp_path / "t"
    assert sim.cli.status(["import", "--template", str(folder)]) == 0
    files = [str(folder / f"{name}.csv") for name in ("people", "links", "departments", "survey", "items")]
    assert sim.cli.status(["import", *files, "-o", str(tmp_path / "client")]) == 0
    assert sim.cli.status(["import", "--template", str(folder)]) == 2
    capsys.readouterr()
    from sim.company.calibration.facts import read_facts
    from sim.company.whatif.cases import Bundle, read_cases

    assert len(read_facts(folder / "facts.csv")) == 5
    assert (
        Bundle(tuple(read_cases(folder / "cases.toml")))
        .scenario(load(tmp_path / "client" / "scenario.toml"))
        .founder.clarity
        == 0.85
    )

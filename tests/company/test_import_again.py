"""Corrections that are kept, a preview without writing, importing again, and what is explained."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import sim.cli
from sim.company.client_folder import earlier_import, open_client, put, store
from sim.company.importing.company import Sources
from sim.company.importing.data_dictionary import text as dictionary
from sim.company.importing.import_log import CompanyError
from sim.company.importing.mapping import Mapping, dumps, loads, read_mapping
from sim.company.importing.reading import preview
from sim.company.importing.vocabulary import headings, table
from tests.company.made import KEY, STAFF, TODAY, imported
from tests.company.made import table as file

ROOT = Path(__file__).parents[2]
LINKS = "Source,Target,Type\n102,103,Advice\n103,102,Advice\n103,104,Conflict\n"


@pytest.fixture
def keys(tmp_path, monkeypatch):
    monkeypatch.setenv("COHERENCE_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


def test_a_mapping_survives_being_written():
    mapping = Mapping(
        direction="both",
        relations=("Advice",),
        date="latest",
        roles={"Sales": "deliver"},
        names={"Süd": "South"},
        founder="pabc",
    )
    mapping.map("person_id=Pers. Nr.")
    mapping.of("links").sheet = "Who talks"
    mapping.of("people").encoding = "cp1252"
    again = loads(dumps(mapping))
    assert again == mapping
    assert again.copy() == mapping
    assert read_mapping(Path("/nowhere/mapping.toml")) == Mapping()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("people = 3", "must be a table"),
        ("[peeple]\nsheet = 'x'", "is not a part of a mapping; did you mean 'people'"),
        ("[people.columns]\nperson = 'ID'", "is not a field"),
        ("[ties]\ndirection = 'up'", "is not one of source-listens"),
        ("[roles]\nSales = 'sell'", "is not one of promise, deliver, support"),
        ("[people]\ncolour = 'red'", "is not known: there are columns, sheet and encoding"),
        ("= 3", "is not TOML"),
    ],
)
def test_a_wrong_mapping_is_told(text, why):
    with pytest.raises(CompanyError, match=why):
        loads(text)


def test_next_quarters_export_needs_no_corrections(tmp_path, keys, capsys):
    text = STAFF.replace("Employee ID", "Zz").replace("Manager ID", "Qq")
    people, links = file(tmp_path, "staff.csv", text), file(tmp_path, "who.csv", LINKS)
    out = str(tmp_path / "client")
    first = [
        "import",
        str(people),
        str(links),
        "-o",
        out,
        "--map",
        "person_id=Zz",
        "--map",
        "manager_id=Qq",
        "--relation",
        "Advice",
    ]
    assert sim.cli.status([*first, "--founder", "101"]) == 0
    before = (tmp_path / "client" / "people.csv").read_text()
    file(tmp_path, "staff.csv", text.replace("0.8", "0.9"))
    assert sim.cli.status(["import", str(people), str(links), "-o", out, "--keep"]) == 0
    shown = capsys.readouterr().out
    assert "Managers: 11 of 11" in shown
    assert (tmp_path / "client" / "people.csv").read_text().replace("full", "part") == before.replace("full", "part")
    assert len(list(keys.iterdir())) == 1
    kept = read_mapping(tmp_path / "client" / "mapping.toml")
    assert kept.of("people").columns == {"person_id": "Zz", "manager_id": "Qq"}
    assert kept.relations == ("Advice",)
    assert kept.founder is not None
    assert kept.founder.startswith("p")


def test_importing_again_asks_and_keeps_what_is_still_true(tmp_path, keys, capsys):
    people = str(file(tmp_path, "staff.csv", STAFF))
    out = tmp_path / "client"
    assert sim.cli.status(["import", people, "-o", str(out)]) == 0
    put(out, "calibration", {"posterior.json": "{}"})
    capsys.readouterr()
    assert sim.cli.status(["import", people, "-o", str(out)]) == 2
    assert "holds an earlier import with calibration: say --keep" in capsys.readouterr().err
    assert sim.cli.status(["import", people, "-o", str(out), "--keep", "--replace"]) == 2
    assert sim.cli.status(["import", people, "-o", str(out), "--keep"]) == 0
    assert "calibration still hold" in capsys.readouterr().out
    assert (out / "calibration" / "posterior.json").is_file()
    file(tmp_path, "staff.csv", STAFF.replace("112,Lu Zorn,Workshop", "112,Lu Zorn,Sales"))
    assert sim.cli.status(["import", people, "-o", str(out), "--keep"]) == 0
    assert "did not hold any more and were removed" in capsys.readouterr().out
    assert not (out / "calibration").exists()
    first = open_client(out).company["key"]
    assert sim.cli.status(["import", people, "-o", str(out), "--replace"]) == 0
    assert open_client(out).company["key"] != first
    assert sim.cli.status(["forget", str(out)]) == 0


def test_what_is_no_client_folder_is_no_earlier_import(tmp_path):
    assert earlier_import(tmp_path) is None


def test_a_preview_says_what_was_understood_and_writes_nothing(tmp_path):
    paths = [file(tmp_path, "a.csv", LINKS), file(tmp_path, "b.csv", STAFF)]
    before = sorted(tmp_path.iterdir())
    seen = preview(paths, today=TODAY)
    assert [f.kind for f in seen.files] == ["links", "people"] or [f.kind for f in seen.files] == ["people", "links"]
    assert "2 relations" in seen.problems[0]
    assert seen.lines == []
    people = next(f for f in seen.files if f.kind == "people")
    by_heading = {c.heading: c for c in people.columns}
    assert by_heading["Manager ID"].field == "manager_id"
    assert by_heading["Manager ID"].filled == pytest.approx(11 / 12)
    assert by_heading["Department"].examples == ["Management", "Sales", "Workshop"]
    good = preview(paths, Mapping(relations=("Advice",)), today=TODAY)
    assert good.problems == []
    assert [line.about for line in good.lines] == ["Managers", "Departments", "Answers", "Ties", "Roles"]
    assert good.departments["Sales"] == {"name": "Sales", "role": "promise", "people": 5, "guessed": True}
    bad = preview([file(tmp_path, "c.csv", "x,y\n1,2\n")])
    assert bad.problems
    assert sorted(p for p in tmp_path.iterdir() if p.name != "c.csv") == before


def test_the_lines_that_matter_are_kept_in_the_folder(tmp_path):
    company = imported(tmp_path, {"b.csv": STAFF})
    store(company, tmp_path / "client", KEY, "0")
    kept = json.loads((tmp_path / "client" / "company.json").read_text())["understood"]
    assert [entry["about"] for entry in kept] == ["Managers", "Departments", "Answers", "Ties", "Roles"]


def test_files_may_be_named_on_the_command_line(tmp_path, keys, capsys):
    names = {"people": STAFF, "links": "x,y\n102,103\n103,102\n"}
    paths = {kind: str(file(tmp_path, f"{kind}-file.csv", text)) for kind, text in names.items()}
    given = [word for kind, path in paths.items() for word in (f"--{kind}", path)]
    mapped = ["--map", "links.source=x", "--map", "links.target=y"]
    assert sim.cli.status(["import", *given, *mapped, "-o", str(tmp_path / "client"), "--undirected"]) == 0
    shown = capsys.readouterr().out
    assert "Ties: 2 of 2 read, 2 different; 100 % go both ways" in shown
    for wrong in (
        ["--undirected", "--direction", "target-listens"],
        ["--direction", "up"],
        ["--map", "nothing"],
        ["--sheet", "links=No"],
    ):
        assert sim.cli.status(["import", *given, *mapped, "-o", str(tmp_path / "other"), *wrong]) == 2
    capsys.readouterr()
    assert not (tmp_path / "other").exists()
    assert preview(Sources(file(tmp_path, "p.csv", STAFF)), today=TODAY).problems == []


def test_the_dictionary_explains_every_field_and_the_page_is_up_to_date(capsys):
    page = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert page == dictionary(), "make it again: coherence import --explain > docs/data-dictionary.md"
    meant = {row["kind"] for row in table("meanings") if not row["name"]}
    for kind in ("people", "links", "departments", "items", "facts"):
        assert {f"{kind}.{name}" for name in headings(kind) if name != "other"} <= meant
    assert sim.cli.status(["import", "--explain"]) == 0
    assert "# Data dictionary" in capsys.readouterr().out


def test_the_questionnaire_is_written_and_never_over_another(tmp_path, capsys):
    folder = str(tmp_path / "kit")
    assert sim.cli.status(["import", "--questionnaire", folder]) == 0
    assert len(list((tmp_path / "kit").iterdir())) == 12
    assert sim.cli.status(["import", "--questionnaire", folder]) == 2
    capsys.readouterr()

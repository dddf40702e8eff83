"""Names that a consultant types into facts and cases are found by their marks, and reach no file."""

from __future__ import annotations

import json

import pytest

import sim.cli
from sim.company.client_folder import store
from sim.company.importing import privacy
from sim.company.known_names import KnownNames, known_names, marks
from tests.company.made import KEY, example, stored_example, table

NAMES = KnownNames(frozenset(marks({"ben", "oak", "may", "will"}, KEY)), KEY)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("said Ben Oak, ben.oak@x.example", "said [name], [name]"),
        ("Replace Ben Oak", "Replace [name]"),
        ("ask ben oak about it", "ask [name] about it"),
        ("it may rain, and they will come", "it may rain, and they will come"),
        ("oak tables", "oak tables"),
        ("Ben's idea", "[name]'s idea"),
        ("nobody is named", "nobody is named"),
    ],
)
def test_known_names_and_addresses_are_replaced_and_common_words_stay(typed, kept):
    assert NAMES.hidden(typed) == kept


def test_without_the_key_only_addresses_are_found():
    assert KnownNames().hidden("Ben Oak, b@x.example") == "Ben Oak, [name]"


def test_marks_say_nothing_without_their_key():
    assert not set(marks({"ben"}, KEY)) & set(marks({"ben"}, bytes(32)))


@pytest.fixture
def client(tmp_path, monkeypatch):
    """The example, with its key where keys are kept."""
    monkeypatch.setenv("COHERENCE_KEYS", str(tmp_path / "keys"))
    privacy.write_key(KEY, tmp_path / "keys" / f"{privacy.fingerprint(KEY)}.key")
    return stored_example(tmp_path / "client")


def everything(folder):
    return "\n".join(p.read_text() for p in folder.rglob("*") if p.is_file())


def test_names_typed_into_cases_reach_no_file(client, tmp_path, capsys):
    cases = table(tmp_path, "c.toml", """
[[cases]]
name = "Replace Fenna Okonjo"
about = "ask fenna.okonjo@lantern.example"
set = { "founder.clarity" = 0.9 }
[[cases]]
name = "Replace Casimir Holtz"
set = { "founder.clarity" = 0.8 }
""")  # fmt: skip
    assert sim.cli.status(["whatif", str(client), "--cases", str(cases), "-n", "4"]) == 0
    said = capsys.readouterr()
    assert "Case 1 names somebody" in said.err
    assert "Replace [name]" in said.out
    for name in ("fenna", "okonjo", "casimir", "holtz"):
        assert name not in (everything(client) + said.out).lower()


def test_names_typed_into_facts_reach_no_file(client, tmp_path, capsys):
    facts = table(tmp_path, "f.csv", 'fact,value,sd,source\nturnover,0.2,0.2,"said Fenna Okonjo, f@x.example"\n')
    assert sim.cli.status(["calibrate", str(client), "--facts", str(facts), "--points", "300"]) == 0
    assert "e-mail" in capsys.readouterr().err
    kept = json.loads((client / "calibration" / "calibration.json").read_text())
    assert kept["checks"][0]["source"] == "said [name], [name]"
    assert "okonjo" not in everything(client).lower()


def test_the_key_of_another_client_finds_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("COHERENCE_KEYS", str(tmp_path))
    store(example(), tmp_path / "c", KEY, "0")
    company = json.loads((tmp_path / "c" / "company.json").read_text())
    assert known_names(company).key is None
    privacy.write_key(bytes(32), tmp_path / "other.key")
    assert known_names(company, tmp_path / "other.key").key is None

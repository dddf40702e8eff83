"""Scenario files: where they are found, what they extend, what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sim.scenario import Scenario, ScenarioError, describe, load, loads, scenario_names
from sim.scenario.scenario_file import MOST_BYTES, folder


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _refused(name: str | Path) -> str:
    with pytest.raises(ScenarioError) as caught:
        load(name)
    return str(caught.value)


def test_a_shipped_name_does_not_depend_on_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = load("bakery")
    _write(tmp_path / "bakery.toml", 'title = "another"\n')
    (tmp_path / "bakery").mkdir()
    monkeypatch.chdir(tmp_path)
    assert load("bakery") == before
    assert load("bakery.toml").title == "another"


def test_an_unnamed_file_is_called_by_its_own_name(tmp_path: Path) -> None:
    assert load(_write(tmp_path / "my-firm.toml", "")) == Scenario(name="my-firm")
    assert load(_write(tmp_path / "other.toml", 'name = "said"')).name == "said"


def test_name_title_story_and_twin_are_not_inherited(tmp_path: Path) -> None:
    child = load(_write(tmp_path / "child.toml", 'extends = "bakery"\n'))
    assert (child.name, child.title, child.story, child.twin) == ("child", "", "", None)
    assert child.hash == load("bakery").hash


def test_tables_merge_and_lists_are_replaced_whole(tmp_path: Path) -> None:
    _write(
        tmp_path / "base.toml",
        'axes = ["a - b", "c - d"]\n[founder]\nclarity = 0.5\nagility = 0.6\n'
        '[[departments]]\nname = "x"\ngoal = { a = 1, c = 1 }\n[[departments]]\nname = "y"\n'
        '[[events]]\nkind = "cash_cut"\nweek = 3\nweeks = 1\n[[events]]\nkind = "cash_cut"\nweek = 5\nweeks = 1\n',
    )
    child = load(
        _write(
            tmp_path / "child.toml",
            'extends = "base.toml"\n[founder]\nclarity = 0.9\n[[departments]]\nname = "x"\ngoal = { d = 1 }\n'
            '[[events]]\nkind = "cash_cut"\nweek = 7\nweeks = 1\n',
        )
    )
    assert (child.founder.clarity, child.founder.agility) == (0.9, 0.6)
    assert [(d.name, d.goal) for d in child.departments] == [("x", {"d": 1.0})]
    assert [e.week for e in child.events] == [7]


def test_a_path_to_extend_starts_at_the_file_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    _write(tmp_path / "base.toml", "weeks = 7")
    _write(tmp_path / "deep" / "middle.toml", 'extends = "../base.toml"')
    assert load(_write(tmp_path / "top.toml", 'extends = "deep/middle.toml"')).weeks == 7


def test_a_circle_is_an_error_that_names_it(tmp_path: Path) -> None:
    _write(tmp_path / "a.toml", 'weeks = 3\nextends = "b.toml"')
    _write(tmp_path / "b.toml", 'extends = "c.toml"')
    _write(tmp_path / "c.toml", '\n\nextends = "b.toml"')
    said = _refused(tmp_path / "a.toml")
    assert "c.toml:3: extends" in said
    assert f"in a circle: {tmp_path / 'b.toml'} -> {tmp_path / 'c.toml'} -> {tmp_path / 'b.toml'}" in said
    assert "in a circle" in _refused(_write(tmp_path / "self.toml", 'extends = "self.toml"'))


def test_what_cannot_be_extended_is_said_at_its_line(tmp_path: Path) -> None:
    assert ":2: extends = 3 must be the name" in _refused(_write(tmp_path / "n.toml", "weeks = 3\nextends = 3"))
    assert "did you mean 'bakery'?" in _refused(_write(tmp_path / "m.toml", 'extends = "bakry"'))
    said = _refused(_write(tmp_path / "o.toml", 'weeks = 3\nextends = "gone.toml"'))
    assert said == (
        f'{tmp_path / "o.toml"}:2: extends = "gone.toml" cannot be followed: {tmp_path / "gone.toml"}: there is no such file'
    )


def test_text_without_a_folder_may_extend_shipped_scenarios_only(tmp_path: Path) -> None:
    secret = _write(tmp_path / "secret.toml", "password")
    assert loads('extends = "bakery"').hash == load("bakery").hash
    for name in (str(secret), "../bakery.toml", "bakery.toml"):
        with pytest.raises(ScenarioError, match="in no folder") as caught:
            loads(f'extends = "{name}"')
        assert "password" not in str(caught.value)
    _write(tmp_path / "base.toml", "weeks = 7")
    assert loads('extends = "base.toml"', beside=tmp_path).weeks == 7


def test_a_misspelt_name_is_told_the_nearest() -> None:
    assert "did you mean 'bakery'?" in _refused("bakry")
    assert "did you mean 'software-house'?" in _refused("softwarehouse")
    assert "leave out the ending" in _refused("bakery.toml")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"# " + b"x" * MOST_BYTES, "larger than 1 MiB"),
        (b"weeks = 3\n# \xff\n", ":2: is not UTF-8 text"),
        (b"weeks = 3\nweeks == 4\n", ":2: is not valid TOML at column 8"),
        (b"weeks = 3\nweeks = 4\n", ":2: is not valid TOML"),
        (b"story = '''\n\n", "is not valid TOML at its end"),
        (b"links = " + b"[" * 5000, "nested too deeply"),
        (b"weeks = " + b"9" * 5000, "thousands of digits"),
        (b"weeks = 0x" + b"f" * 5000, "at most 5200"),
        (b"a." * 500_000 + b"a = 1", "more than 64 parts"),
    ],
)
def test_what_is_no_scenario_file_is_one_clear_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(content)
    message = _refused(path)
    assert said in message
    assert message.startswith(str(path))
    assert "\n" not in message
    assert len(message) < len(str(path)) + 300


def test_missing_files_and_folders_are_one_clear_sentence(tmp_path: Path) -> None:
    assert _refused(tmp_path / "gone.toml") == f"{tmp_path / 'gone.toml'}: there is no such file"
    assert _refused(tmp_path) == f"{tmp_path}: is a folder, not a file"
    assert "cannot be read" in _refused(str(tmp_path / ("x" * 5000 + ".toml")))
    assert "cannot be read" in _refused("a\0b.toml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_clear_sentence(tmp_path: Path) -> None:
    path = _write(tmp_path / "closed.toml", "")
    path.chmod(0)
    assert "permission denied" in _refused(path)


def test_windows_line_ends_and_marks_are_read(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b"\xef\xbb\xbfweeks = 7\r\n[founder]\r\nclarity = 0.5\r\n")
    assert load(path).weeks == 7


def test_a_description_needs_no_valid_scenario(tmp_path: Path) -> None:
    path = _write(tmp_path / "odd.toml", 'title = "Odd"\nweeks = "many"')
    assert describe(path) == ("odd", "Odd", None)


def test_names_are_those_of_the_folder() -> None:
    assert scenario_names() == sorted(p.stem for p in folder().iterdir() if p.suffix == ".toml")
    assert {"default", "bakery", "corporation"} <= set(scenario_names())

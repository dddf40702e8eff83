"""The ODD appendix of one scenario says base, changes, events, what differs, luck and versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli import status
from sim.scenario import Scenario, load
from sim.scenario.draws import Draws
from sim.scenario.odd import odd_appendix


def test_it_names_every_value_that_is_not_the_default_and_who_set_it(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text('extends = "bakery"\n[founder]\nvoice = 0.25\n')
    base = load("bakery")
    page = odd_appendix(load(tmp_path / "own.toml"), [("bakery.toml", base)], ["mood.strain=1"], 3, 50)
    assert f"`own` extends `bakery.toml` (hash {base.hash})." in page
    assert "Set beside the file: `mood.strain=1`." in page
    assert "| founder.voice | 0.25 | 0.8 | this scenario | probability per week |" in page
    assert f"| founder.clarity | {base.founder.clarity} | 0.7 | its base |" in page
    assert "- week 52: department_turned" in page
    assert "Seed 3, replicates 0 to 49." in page
    assert "Nothing: replicates are the same firm" in page


def test_it_says_in_what_firms_differ() -> None:
    table = Draws(columns=("mood.temper",), rows=((0.1,), (0.2,)))
    page = odd_appendix(Scenario().replace({"draws": table, "founder.clarity": "0.3..0.7", "lucks": 2}))
    assert "- founder.clarity: uniform from 0.3 to 0.7" in page
    assert f"SHA-256 {table.digest}; a firm takes one row whole: mood.temper" in page
    assert "| founder.clarity | 0.5 (varies) | 0.7 |" in page
    assert "Replicates 2 r to 2 r + 1 are firm r." in page


def test_the_command_prints_it_with_versions(capsys: pytest.CaptureFixture[str]) -> None:
    assert status(["describe", "bakery", "--odd", "--set", "founder.voice=0.2", "--seed", "7", "-n", "20"]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"# ODD appendix: {load('bakery').title}\n")
    assert "Seed 7, replicates 0 to 19." in page
    assert "- smb-coherence: " in page
    assert "- code: " in page
    assert status(["describe", "bakery"]) == 0
    assert "Differs from the default" in capsys.readouterr().out

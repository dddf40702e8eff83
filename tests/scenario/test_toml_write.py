"""Scenarios and studies written so that they stand alone: read back, they are the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import load, loads, scenario_names
from sim.scenario.toml_write import scenario_text
from sim.study.study import load_study, study_from
from sim.study.study_text import written as study_written
from sim.study.tasks import make_job

EXPERIMENTS = Path(__file__).parents[2] / "experiments"


@pytest.mark.parametrize("name", scenario_names())
def test_a_written_scenario_needs_no_other_and_has_the_same_hash(name: str) -> None:
    scenario = load(name)
    text = scenario_text(scenario)
    assert "extends" not in text
    again = loads(text)
    assert again.hash == scenario.hash
    assert (again.name, again.title, again.story, again.twin) == (
        scenario.name, scenario.title, scenario.story, scenario.twin,
    )  # fmt: skip


def test_a_written_scenario_keeps_every_kind_of_thing() -> None:
    text = """
        title = 'quotes " and \\\\ and Zoë'
        headcount = 31
        links = [[0, 1], [1, 2, 0.5]]
        [[departments]]
        name = "one and two"
        belief = { premium = 1, fast = 1e-5 }
        [[departments]]
        name = "three"
        [[events]]
        kind = "set"
        week = 4
        values = { founder.clarity = 0.3, people.hiring = true }
        [[events]]
        kind = "merger"
        week = 6
        people = 5
        angle = 0.5
        departments = [{ name = "four", goal = { premium = 1 } }]
    """
    scenario = loads(text)
    assert loads(scenario_text(scenario)).hash == scenario.hash


@pytest.mark.parametrize("name", ["sobol_ten", "responses"])
def test_a_written_study_has_the_same_points(name: str, tmp_path: Path) -> None:
    study = load_study(EXPERIMENTS / f"{name}.toml")
    assert study.scenario is not None
    (tmp_path / "base.toml").write_text(scenario_text(study.scenario), encoding="utf-8")
    (tmp_path / "study.toml").write_text(study_written(study, "base.toml"), encoding="utf-8")
    again = load_study(tmp_path / "study.toml")
    assert again.factors == study.factors
    assert make_job(again).design.hash == make_job(study).design.hash
    assert (again.seed, again.replicates, again.measures) == (study.seed, study.replicates, study.measures)


def test_a_written_study_keeps_every_kind_of_factor(tmp_path: Path) -> None:
    study = study_from(
        {
            "design": {"kind": "lhs", "n": 8},
            "vary": {
                "founder.clarity": {"kind": "triangular", "low": 0.3, "high": 0.9, "mode": 0.5, "role": "lever"},
                "people.k_in": {"kind": "integer", "low": 2, "high": 6, "group": "ties"},
                "founder.cadence": [1, 4, 13],
                "people.hiring": {},
                "dummy": {},
            },
        }
    )
    assert study.scenario is not None
    (tmp_path / "base.toml").write_text(scenario_text(study.scenario), encoding="utf-8")
    (tmp_path / "study.toml").write_text(study_written(study, "base.toml"), encoding="utf-8")
    assert load_study(tmp_path / "study.toml").factors == study.factors

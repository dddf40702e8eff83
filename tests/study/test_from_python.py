"""A study, its sweep and its analysis from Python alone."""

import numpy as np
import pytest

import sim
from sim.sensitivity import NotApplicable


def test_a_study_from_keywords_is_swept_and_analysed(tmp_path):
    study = sim.Study.of(
        function="ishigami", vary={"x1": {}, "x2": {}, "x3": {}}, design={"kind": "sobol", "n": 64}, seed=1
    )
    done = sim.sweep(study, tmp_path / "s")
    assert len(done.results.table()) == done.runs == 64 * 8
    found = sim.analyse(done)
    frame = found.to_frame()
    assert frame.columns.tolist() == ["factor", "index", "value", "low", "high"]
    assert len(frame) == 6
    again = sim.analyse(tmp_path / "s", measure="y")
    assert np.array_equal(again.index("ST").values, found.index("ST").values)


def test_a_study_takes_a_scenario_from_memory():
    base = sim.Scenario(weeks=7, title="mine").replace({"founder.clarity": 0.77})
    study = sim.Study.of(base=base, vary={"scarcity": {}}, design="lhs", constants={"headcount": 9})
    assert study.scenario == base.replace({"headcount": 9})
    with pytest.raises(sim.ScenarioError, match="scarcty"):
        sim.Study.of(base=base, vary={"scarcty": {}}, design="lhs")


def test_a_study_from_a_file_is_the_same_as_from_its_keywords(tmp_path):
    path = tmp_path / "study.toml"
    path.write_text('weeks = 9\nreplicates = 2\ndesign = { kind = "grid", levels = 3 }\n[vary]\nfounder.clarity = {}\n')
    keywords = sim.Study.of(weeks=9, replicates=2, design={"kind": "grid", "levels": 3}, vary={"founder.clarity": {}})
    assert sim.Study.load(path).hash == keywords.hash


def test_an_analysis_of_many_measures_asks_which(tmp_path):
    study = sim.Study.of(weeks=3, design={"kind": "grid", "levels": 2}, vary={"scarcity": {}, "founder.clarity": {}})
    done = sim.sweep(study, tmp_path / "s")
    with pytest.raises(NotApplicable, match=r"which measure\? .* survived, coherence"):
        sim.analyse(done)

"""A planted box is found."""

import numpy as np
import pytest

pytest.importorskip("ema_workbench", reason="the extra discovery")

from sim.sensitivity import NotApplicable, discover, read
from sim.study.results import open_sweep
from sim.study.study import study_from
from sim.study.sweep import sweep


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    vary = {f"x{i}": {} for i in range(1, 6)} | {"x6": {"kind": "choice", "values": [0.0, 0.5, 1.0]}}
    study = study_from({"function": "sobol_g", "design": {"kind": "lhs", "n": 600}, "vary": vary})
    folder = tmp_path_factory.mktemp("sweep") / "s"
    sweep(study, folder)
    return read(open_sweep(folder), "y")


@pytest.mark.slow
def test_a_planted_box_is_found(sample):
    column = sample.sweep.design.columns
    planted = (column["x2"] > 0.6) & (column["x4"] < 0.5) & (column["x6"] == 0.5)
    found = discover(sample, lambda y: planted, "it happens", trees=30)
    limits = {limit.factor: limit for limit in found.limits}
    assert set(limits) == {"x2", "x4", "x6"}
    assert limits["x2"].low == pytest.approx(0.6, abs=0.08)
    assert limits["x2"].high == pytest.approx(1.0, abs=0.05)
    assert limits["x4"].high == pytest.approx(0.5, abs=0.08)
    assert 0 < limits["x6"].low < 0.5 < limits["x6"].high < 1
    assert found.coverage > 0.8
    assert found.density > 0.8
    assert set(list(found.scores)[:3]) == {"x2", "x4", "x6"}
    assert min(list(found.scores.values())[:3]) > found.floor
    assert "x2 from" in found.text


def test_what_happens_everywhere_has_no_border(sample):
    with pytest.raises(NotApplicable, match="no border"):
        discover(sample, lambda y: np.ones(len(y), bool), "it happens")

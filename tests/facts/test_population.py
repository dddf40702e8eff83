"""Firms of a population follow its setting and keep their ranks."""

from __future__ import annotations

import numpy as np
import pytest

from sim.facts.population import FIXED, SETTING, firms_of, ranks
from sim.scenario import load
from sim.scenario.parameters import GROUPS, parameter_names

MIDDLE = {name: float(hyper.at(np.array(0.5))) for name, hyper in SETTING.items()}
U = ranks(256, 1)


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_every_firm_can_be_computed(end: float) -> None:
    setting = {name: float(hyper.at(np.array(end))) for name, hyper in SETTING.items()}
    firms = firms_of(setting, U)
    assert set(firms) - {"headcount"} <= set(parameter_names())
    for name, values in firms.items():
        assert values.shape == (256,)
        if name == "headcount":
            assert values.min() >= 10
            assert values.max() <= 50
            continue
        group, field = name.split(".")
        for bound in GROUPS[group].model_fields[field].metadata:
            assert (values >= getattr(bound, "ge", -np.inf)).all()
            assert (values > getattr(bound, "gt", -np.inf)).all()
            assert (values <= getattr(bound, "le", np.inf)).all()
    assert (firms["money.reserve"] >= firms["money.safety"]).all()


def test_another_setting_moves_the_same_firms() -> None:
    one, other = firms_of(MIDDLE, U), firms_of(MIDDLE | {"reserve": 9.0}, U)
    order = np.argsort(one["money.reserve"], kind="stable")
    assert (np.diff(other["money.reserve"][order]) >= 0).all()
    untouched = set(one) - {"money.reserve", "money.safety"}
    assert all(np.array_equal(one[name], other[name]) for name in untouched)


def test_medians_are_what_the_setting_says() -> None:
    firms = firms_of(MIDDLE, U)
    assert np.median(firms["money.reserve"]) == pytest.approx(MIDDLE["reserve"], rel=0.03)
    assert np.median(firms["money.margin"]) == pytest.approx(MIDDLE["margin"], abs=0.003)
    assert firms["founder.clarity"].mean() == pytest.approx(MIDDLE["clarity"], abs=0.01)
    assert (firms["money.credit"] == 0).mean() == pytest.approx(0.4, abs=0.02)


def test_constants_with_evidence_are_not_fitted() -> None:
    firms = firms_of(MIDDLE, U)
    for name, value in FIXED.items():
        assert (firms[name] == value).all()


@pytest.mark.parametrize("name", ["population", "births"])
def test_the_shipped_scenarios_hold_what_evidence_fixes(name: str) -> None:
    scenario = load(name)
    for field, value in FIXED.items():
        assert scenario.value(field) == value
    assert "money.reserve" in scenario.drawn_columns
    assert ("money.buffer" in scenario.drawn_columns) == (name == "births")
    assert not set(FIXED) & set(scenario.drawn_columns)

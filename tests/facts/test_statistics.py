"""Statistics of groups give the numbers of their definitions."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.facts.statistics import correlation, half_way, hazard, intraclass, rank_correlation


def test_intraclass_variances_are_unbiased_for_unequal_groups() -> None:
    rng = np.random.default_rng(1)
    sizes = np.array([3, 5, 8, 4, 10])
    group = np.repeat(np.arange(5), sizes)
    draws = [
        intraclass(2.0 * rng.standard_normal(5)[group] + rng.standard_normal(len(group)), group) for _ in range(4000)
    ]
    between, within = np.mean(draws, axis=0)
    assert between == pytest.approx(4.0, abs=0.2)
    assert within == pytest.approx(1.0, abs=0.03)


def test_intraclass_of_directions_adds_up_its_columns() -> None:
    rng = np.random.default_rng(2)
    values, group = rng.standard_normal((40, 3)), np.repeat(np.arange(8), 5)
    alone = np.array([intraclass(values[:, k], group) for k in range(3)]).sum(axis=0)
    assert intraclass(values, group) == pytest.approx(tuple(alone))


def test_intraclass_cannot_be_said_of_one_group() -> None:
    assert all(math.isnan(v) for v in intraclass(np.arange(4.0), np.zeros(4, int)))


def test_the_hazard_counts_firms_at_risk_alone() -> None:
    closed = np.array([-1, 10, 60, 60, 110, -1, -1, -1, -1, -1])
    assert hazard(closed, 0, 52) == 0.1
    assert hazard(closed, 52, 104) == pytest.approx(2 / 9)
    assert hazard(closed, 104, 156) == pytest.approx(1 / 7)
    assert math.isnan(hazard(np.array([3]), 52, 104))


def test_an_exponential_is_half_way_after_its_half_life() -> None:
    curve = 0.2 + 0.7 * 0.5 ** (np.arange(0, 400, 4) / 50)
    assert half_way(curve, 4) == pytest.approx(50, rel=0.02)
    assert math.isnan(half_way(np.ones(5), 4))


def test_correlations_leave_out_what_has_no_value() -> None:
    a = np.append(np.arange(20.0), np.nan)
    b = np.append(np.arange(20.0) ** 3, 5.0)
    assert rank_correlation(a, b) == pytest.approx(1.0)
    assert 0.8 < correlation(a, b) < 1.0
    assert math.isnan(correlation(a[:5], b[:5]))

import math

import numpy as np
import pytest

from sim.measures.series import SERIES
from sim.measures.summaries import (
    LATE,
    SUMMARIES,
    common_means,
    last,
    late_mean,
    survived,
    total,
    until,
    window_mean,
)


def summaries(series, closed):
    return {name: s.function(series, closed) for name, s in SUMMARIES.items()}


@pytest.fixture
def two_firms():
    """One that lives for 40 weeks, and one that closes in week 19."""
    series = np.random.default_rng(0).uniform(0.1, 1, (2, 40, len(SERIES)))
    series[1, 20:] = math.nan
    return series, np.array([-1, 19])


def test_summaries_look_at_the_weeks_lived_only(two_firms):
    series, closed = two_firms
    found = summaries(series, closed)
    column = list(SERIES).index
    thrust, cash = series[:, :, column("thrust")], series[:, :, column("cash")]
    assert found["survived"].tolist() == [1, 0]
    assert math.isnan(found["closed"][0])
    assert found["closed"][1] == 19
    assert found["lived"].tolist() == [40, 20]
    for run, lived in ((0, 40), (1, 20)):
        assert found["thrust"][run] == pytest.approx(thrust[run, lived - LATE : lived].mean())
        assert found["mean_thrust"][run] == pytest.approx(thrust[run, :lived].mean())
        assert found["total_thrust"][run] == pytest.approx(thrust[run, :lived].sum())
        assert found["cash"][run] == cash[run, lived - 1]
        assert found["least_cash"][run] == cash[run, :lived].min()
        assert found["most_stress"][run] == series[run, :lived, column("stress")].max()


def test_a_firm_that_closes_in_the_last_week_did_not_survive():
    series = np.ones((1, 10, len(SERIES)))
    assert SUMMARIES["survived"].function(series, np.array([9])) == 0
    assert SUMMARIES["closed"].function(series, np.array([9])) == 9


def test_a_run_summed_beside_others_is_summed_alike(two_firms):
    series, closed = two_firms
    other = series.copy()
    other[1] = 7.0
    for name, s in SUMMARIES.items():
        first, second = s.function(series, closed)[0], s.function(other, np.array([-1, -1]))[0]
        assert first == second or (math.isnan(first) and math.isnan(second)), name


def test_short_lives_are_summed_without_a_warning():
    series = np.full((1, 10, len(SERIES)), math.nan)
    series[0, 0] = 0.5
    assert summaries(series, np.array([0]))["coherence"] == 0.5


def test_weeks_in_which_one_arm_is_closed_count_in_no_arm():
    one, other = np.ones((3, 20)), np.full((3, 20), 3.0)
    one[:, 10:] = 2.0
    other[1, 15:], other[2, 5:] = math.nan, math.nan
    means = common_means([one, other])
    assert means[0][:2].tolist() == pytest.approx([1.5, 20 / 15])
    assert means[1][:2].tolist() == [3, 3]
    assert np.isnan([means[0][2], means[1][2]]).all()  # five weeks together are too few


def test_what_a_closed_firm_counts_as_is_said_by_every_function():
    values, closed = np.array([[2.0, 4.0, math.nan, math.nan]]), np.array([1])
    assert window_mean(values, after=0.0) == 1.5
    assert window_mean(values) == 3
    assert late_mean(values, closed, 1) == last(values, closed) == 4
    assert total(values, closed) == 6
    assert not survived(closed)
    assert survived(closed, 1)


def test_a_run_cut_short_is_the_run_that_would_have_ended_then(two_firms):
    series, closed = two_firms
    cut, then = until(series, closed, 15)
    assert then.tolist() == [-1, -1]
    assert summaries(cut, then)["thrust"] == pytest.approx(cut[:, 2:, list(SERIES).index("thrust")].mean(axis=1))


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_summary_says_what_closed_firms_count_as(name):
    assert SUMMARIES[name].policy in ("s", "z", "f", "c")

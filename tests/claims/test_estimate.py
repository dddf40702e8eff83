"""Intervals, Holm and ratios against data of known effect."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from sim.claims.estimate import holm, mean_of, pairs_needed, ratio_of, statistic_of

TRUTH = 0.3
TRIALS = 400


def covered(rng, firms: int, each: int, between: float, skewed: bool = False) -> tuple[float, float]:
    """Return how often the t and the bootstrap interval hold the truth, for firms with several pairs each."""
    hits = np.zeros(2)
    for _ in range(TRIALS):
        noise = rng.exponential(size=(firms, each)) - 1 if skewed else rng.normal(size=(firms, each))
        values = (TRUTH + between * rng.normal(size=(firms, 1)) + noise).ravel()
        estimate = mean_of(values, np.repeat(np.arange(firms), each))
        hits += [low < TRUTH < high for low, high in (estimate.t, estimate.bootstrap)]
    return tuple(hits / TRIALS)


def test_both_intervals_cover_a_known_effect_where_pairs_are_independent():
    t, bootstrap = covered(np.random.default_rng(1), 80, 1, 0.0)
    assert t >= 0.975
    assert bootstrap >= 0.965


def test_both_intervals_cover_a_known_effect_where_firms_have_several_pairs():
    t, bootstrap = covered(np.random.default_rng(2), 60, 4, 1.0)
    assert t >= 0.975
    assert bootstrap >= 0.96


def test_without_clusters_several_pairs_a_firm_would_look_surer_than_they_are():
    rng = np.random.default_rng(3)
    values = (rng.normal(size=(60, 1)) + 0.1 * rng.normal(size=(60, 6))).ravel()
    blind, seeing = mean_of(values), mean_of(values, np.repeat(np.arange(60), 6))
    assert seeing.t[1] - seeing.t[0] > 2 * (blind.t[1] - blind.t[0])
    assert seeing.effect == blind.effect
    assert (seeing.n, seeing.clusters) == (360, 60)


def test_pairs_without_a_value_are_counted_and_left_out():
    estimate = mean_of([1.0, np.nan, 3.0, np.nan, 2.0])
    assert (estimate.n, estimate.dropped, estimate.effect) == (3, 2, 2.0)


def test_nothing_gives_no_interval():
    estimate = mean_of([np.nan, np.nan])
    assert estimate.n == 0
    assert np.isnan(estimate.t[0])


def test_holm_keeps_its_promise_whatever_the_order():
    p = [0.04, 0.001, 0.03, np.nan]
    assert holm(p) == [pytest.approx(0.09), pytest.approx(0.004), pytest.approx(0.09), 1.0]
    assert holm(p[::-1]) == holm(p)[::-1]


def test_under_the_null_the_family_wise_error_stays_below_its_level():
    rng = np.random.default_rng(4)
    shared = rng.normal(size=(300, 1))
    values = 0.6 * shared + 0.8 * rng.normal(size=(300, 24))  # the same firms serve all claims: dependent
    errors = 0
    for _ in range(400):
        draw = values[rng.integers(300, size=60)] - values.mean(axis=0)
        errors += min(holm(ttest_1samp(draw, 0).pvalue.tolist())) < 0.05
    assert errors / 400 < 0.09


def test_a_ratio_of_means_has_an_interval_around_the_share_that_is_left():
    rng = np.random.default_rng(5)
    whole = 1.0 + 0.3 * rng.normal(size=400)
    left = ratio_of(0.25 * whole + 0.05 * rng.normal(size=400), whole)
    assert left.effect == pytest.approx(0.25, abs=0.02)
    assert left.bootstrap[0] < 0.25 < left.bootstrap[1] < 0.5


def test_a_statistic_of_means_is_drawn_anew_firm_by_firm():
    values = np.random.default_rng(6).normal([2.0, 1.0], 0.1, size=(200, 2))
    estimate = statistic_of(lambda means: means[0] - means[1], values)
    assert estimate.bootstrap[0] < 1.0 < estimate.bootstrap[1]
    assert estimate.n == 200


def test_the_number_of_pairs_follows_the_spread_within_its_bounds():
    assert pairs_needed(0.55, 0.05) == 2800
    assert pairs_needed(0.01, 0.05) == 500
    assert pairs_needed(50.0, 0.5) == 20_000

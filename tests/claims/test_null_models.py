from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from sim.claims.null_models import (
    automation_net,
    automation_turns,
    cascade_margin,
    cascade_margin_poisson,
    cascade_window,
    coherence_floor,
    coherence_from_cosine,
    crowd_error,
    pairwise_cosine,
    ruin,
)

RNG = np.random.default_rng(1)


@pytest.mark.parametrize(("n", "dimensions"), [(2, 2), (5, 5), (30, 3)])
def test_random_directions_reach_the_floor_and_no_pairwise_cosine(n: int, dimensions: int) -> None:
    x = RNG.standard_normal((4000, n, dimensions))
    x /= np.linalg.norm(x, axis=2, keepdims=True)
    r = np.linalg.norm(x.mean(axis=1), axis=1)
    error = 4 * (r**2).std() / math.sqrt(len(r))
    assert abs((r**2).mean() - coherence_floor(n)) < error
    cosine = pairwise_cosine(r, n)
    assert abs(cosine.mean()) < 4 * cosine.std() / math.sqrt(len(r))
    direct = (np.einsum("rid,rjd->rij", x, x).sum(axis=(1, 2)) - n) / (n * (n - 1))
    np.testing.assert_allclose(cosine, direct, atol=1e-12)
    np.testing.assert_allclose(coherence_from_cosine(cosine, n), r, atol=1e-7)


def test_coherence_needs_people() -> None:
    with pytest.raises(ValueError, match="n = 0"):
        coherence_floor(0)
    with pytest.raises(ValueError, match="at least 2"):
        pairwise_cosine(1.0, 1)


def test_ruin_without_drift_is_the_reflection_principle() -> None:
    assert ruin(3.0, 0.0, 1.0, 9.0, watched=False) == pytest.approx(2 * norm.cdf(-1.0), rel=1e-12)


def test_ruin_for_ever_is_the_exponential() -> None:
    assert ruin(2.0, 0.1, 1.0, 1e7, watched=False) == pytest.approx(math.exp(-2 * 0.1 * 2), rel=1e-9)
    assert ruin(2.0, -0.1, 1.0, 1e7) == pytest.approx(1.0)


def test_ruin_of_a_losing_firm_does_not_overflow() -> None:
    assert ruin(50.0, -2.0, 0.05, 24.0, watched=False) < 1e-6
    assert ruin(50.0, -2.0, 0.05, 26.0, watched=False) == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("cash", "drift", "sd", "weeks"), [(4.0, 0.02, 0.6, 52), (2.0, -0.02, 0.4, 26), (12.0, 0.05, 1.5, 156)]
)
def test_ruin_watched_weekly_matches_a_random_walk(cash: float, drift: float, sd: float, weeks: int) -> None:
    n = 20_000
    low = (cash + np.cumsum(RNG.normal(drift, sd, (n, weeks)), axis=1)).min(axis=1)
    share = float((low < 0).mean())
    assert (
        abs(share - ruin(cash, drift, sd, weeks)) < 4 * math.sqrt(share * (1 - share) / n) + 0.003
    )  # the shift is asymptotic


@pytest.mark.parametrize("bad", [(-1.0, 0.0, 1.0, 1.0), (1.0, 0.0, 0.0, 1.0), (1.0, 0.0, 1.0, 0.0)])
def test_ruin_refuses_what_means_nothing(bad: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        ruin(*bad)


def test_crowd_error_is_an_identity() -> None:
    for shape in ((7,), (30, 5)):
        x, t = RNG.standard_normal(shape), RNG.standard_normal(shape[1:])
        e = crowd_error(x, t)
        assert e.crowd == pytest.approx(e.individual - e.diversity, abs=1e-12)
    assert crowd_error([1.0, 3.0], 2.0) == (0.0, 1.0, 1.0)


def test_automation_turns_where_its_net_is_zero_whatever_the_gain() -> None:
    assert automation_turns(6.0) == pytest.approx(1 / 7)
    for gain in (0.1, 0.5):
        at = automation_turns(6.0)
        assert automation_net(gain, at, 6.0) == pytest.approx(0.0, abs=1e-15)
        assert automation_net(gain, at - 0.01, 6.0) > 0 > automation_net(gain, at + 0.01, 6.0)
    with pytest.raises(ValueError, match="cleanup"):
        automation_turns(-1.0)


def test_watts_window_is_the_published_one() -> None:
    window = cascade_window(0.18)
    assert window is not None
    assert window == pytest.approx((1.02, 5.77), abs=0.01)
    assert cascade_margin_poisson(3.0, 0.18) > 0 > cascade_margin_poisson(7.0, 0.18)


def test_watts_window_closes_at_high_thresholds() -> None:
    assert cascade_window(0.3) is None


def test_a_threshold_of_one_over_k_still_topples() -> None:
    ring = [0.0, 0.0, 1.0]
    assert cascade_margin(ring, 0.5) == pytest.approx(0.0)
    assert cascade_margin(ring, 0.51) == pytest.approx(-2.0)
    with pytest.raises(ValueError, match="threshold"):
        cascade_margin(ring, 0.0)

"""The law of dissent: how much personal deviation serves a founder who listens, and when none does."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.simulate import run_many
from tests.engine.firms import QUIET, firm

D = 5


def loss_by_law(v: float, q: float, r: float, noise: float, n: int) -> float:
    """Return 1 - thrust to leading order: (D-1)/2 (v + sqrt(q/(n v/noise^2 + 1/r)))."""
    return (D - 1) / 2 * (v + math.sqrt(q / (n * v / noise**2 + 1 / r)))


def best_dissent(q: float, r: float, noise: float, n: int) -> float:
    """Return where the law is least: below 0 means none."""
    return (q * noise**2 / (4 * n)) ** (1 / 3) - noise**2 / (n * r)


def loss_measured(v: float, turbulence: float, trend_noise: float, noise: float, n: int, runs: int = 3) -> float:
    """Return 1 - thrust of a firm that does what its founder says, whose founder supposes the market's own drift."""
    q, r = turbulence**2 / (D - 1), trend_noise**2 / D
    gain = (-q / r + math.sqrt((q / r) ** 2 + 4 * q / r)) / 2  # r g^2/(1-g) = q
    scenario = firm(
        {
            **QUIET, "market.turbulence": turbulence, "market.trend_noise": trend_noise, "market.outcome_noise": noise,
            "founder.openness": 1, "founder.conviction": 0, "founder.voice": 1, "founder.cadence": 1,
            "founder.agility": 1 + math.log(gain) / math.log(104), "people.persuasion": 1, "people.social": 0,
            "people.incentive": 0, "money.rigidity": 0, "money.squeeze": 0, "mood.mood": 0, "people.k_in": 0,
            "people.autonomy": math.sqrt(v * (D - 1)), "people.autonomy_memory": 0, "people.k_out": 0,
        },
        headcount=n, departments=[{"name": "all"}],
    )  # fmt: skip
    thrust = run_many(scenario, runs, seed=8, weeks=2600, with_departments=False).of("thrust")[:, 300:]
    return float(1 - thrust.mean())


@pytest.mark.parametrize(("turbulence", "trend_noise", "n"), [(0.05, 4, 100), (0.1, 6, 60)])
def test_thrust_obeys_the_law_of_dissent_and_is_best_at_its_optimum(
    turbulence: float, trend_noise: float, n: int
) -> None:
    q, r = turbulence**2 / (D - 1), trend_noise**2 / D
    best = best_dissent(q, r, 1, n)
    assert best > 0.005
    measured = {
        factor: loss_measured(factor * best, turbulence, trend_noise, 1, n) for factor in (1 / 8, 1 / 3, 1, 3, 8)
    }
    assert min(measured, key=measured.get) in (1 / 3, 1)  # type: ignore[arg-type]
    for factor, loss in measured.items():
        # The law is the leading order: a cosine lies above its parabola, so that what is measured is smaller.
        assert 0.75 < loss / loss_by_law(factor * best, q, r, 1, n) < 1.06, factor


def test_dissent_pays_only_where_the_founder_sees_badly() -> None:
    v = np.array([1e-4, 0.003, 0.01, 0.03])
    assert best_dissent(0.05**2 / 4, 0.5**2 / 5, 1, 30) < 0
    clear = [loss_measured(x, 0.05, 0.5, 1, 30) for x in v]
    assert (np.diff(clear) > 0).all()
    assert best_dissent(0.1**2 / 4, 8**2 / 5, 1, 30) > 0.02
    blind = [loss_measured(x, 0.1, 8, 1, 30) for x in v]
    assert blind[2] < 0.8 * blind[0]


def test_a_market_that_hardly_moves_wants_no_dissent() -> None:
    v = np.array([0.001, 0.003, 0.01, 0.03])
    losses = np.array([loss_measured(x, 0.002, 0.2, 1, 30, runs=1) for x in v])
    np.testing.assert_allclose(losses, (D - 1) / 2 * v, rtol=0.15, atol=3e-4)
    assert (np.diff(losses) > 0).all()

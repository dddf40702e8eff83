"""The founder learns as a Kalman filter does, and every limit of the rule is that of its neighbours."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.engine.streams import OUTCOME, TREND, VOICE, stream
from sim.rules.week import PHASES, live
from sim.simulate import NOTHING, Simulation
from tests.engine.firms import QUIET, do, firm, founded, next_week

D = 5
Floats = NDArray[np.float64]
LEARNING: dict[str, Any] = {
    "market.turbulence": 0.2,
    "market.norm_drift": 0.1,
    "people.autonomy": 0.4,
    "founder.voice": 0.8,
}
"""A founder who has something to learn from: the market moves, and people deviate and report."""


def whole_gain(agility: float, conviction: float) -> float:
    """Return K by bisection: K^2/(1-K) = (1+k) g^2/(1-g)."""
    g, k = 104 ** -(1 - agility), conviction / (1 - conviction)
    low, high = 0.0, 1.0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if middle**2 / (1 - middle) < (1 + k) * g**2 / (1 - g) else (low, middle)
    return low


def lived(values: dict[str, Any], weeks: int, **top: Any) -> Simulation:
    """Return a simulation after some weeks and the first two phases of the next: the founder is about to steer."""
    one = founded(firm({**LEARNING, **values}, **top), seed=11)
    live(one.box, weeks, 0, len(PHASES), *NOTHING)
    do(one, "events_strike", "market_drifts")
    return one


def steered(values: dict[str, Any], weeks: int = 6, **top: Any) -> tuple[Floats, Floats]:
    """Return the founder's vision and uncertainty after steering once more."""
    one = lived(values, weeks, **top)
    do(one, "founder_steers")
    return one.state.vision.copy(), one.state.uncertainty.copy()


@pytest.mark.parametrize("agility", [0.0, 0.2, 0.5, 0.8, 0.95])
def test_a_founder_alone_follows_the_own_reading_with_the_gain_that_agility_says(agility: float) -> None:
    one = founded(firm({"founder.agility": agility, "founder.openness": 0, "founder.conviction": 0}), seed=4)
    r = 2.0**2 / D
    for _ in range(3):
        one.state.vision[:] = [1, 0, 0, 0, 0]
        do(one, "founder_steers")
        # L^-1/r is what the reading counts.
        np.testing.assert_allclose(one.state.uncertainty / r, 104 ** -(1 - agility) * np.eye(D), rtol=1e-12, atol=1e-15)
        next_week(one)


@pytest.mark.parametrize("agility", [0.0, 0.2, 0.5, 0.8, 0.95])
@pytest.mark.parametrize("conviction", [0.1, 0.6])
def test_with_conviction_the_whole_gain_is_k_and_that_on_the_reading_its_share(
    agility: float, conviction: float
) -> None:
    one = founded(firm({"founder.agility": agility, "founder.openness": 0, "founder.conviction": conviction}), seed=4)
    one.state.founding_vision[:] = np.eye(D)[2]
    gain, reading = (
        whole_gain(agility, conviction),
        one.state.market + 2 * stream(4, 0, TREND).standard_normal(D) / D**0.5,
    )
    before = one.state.vision.copy()
    do(one, "founder_steers")
    aim = (1 - conviction) * reading + conviction * one.state.founding_vision
    moved = before + gain * (aim - before)
    np.testing.assert_allclose(one.state.vision, moved / np.linalg.norm(moved), rtol=1e-10, atol=1e-12)
    on_the_reading = one.state.uncertainty[0, 0] / (2.0**2 / D)
    assert on_the_reading == pytest.approx((1 - conviction) * gain, rel=1e-10)


@pytest.mark.parametrize("noise", [0.05, 1.0, 30.0])
@pytest.mark.parametrize(("n", "voice"), [(4, 1.0), (30, 0.8)])
@pytest.mark.parametrize("openness", [0.3, 1.0])
def test_the_belief_is_the_exact_posterior_of_a_general_bayesian_regression(
    noise: float, n: int, voice: float, openness: float
) -> None:
    values = {
        "market.outcome_noise": noise,
        "founder.openness": openness,
        "founder.conviction": 0.2,
        "founder.voice": voice,
    }
    one = founded(firm({**LEARNING, **values}, headcount=n, departments=[{"name": "all"}]), seed=11)
    live(one.box, 2, 0, len(PHASES), *NOTHING)
    do(one, "events_strike", "results_speak")
    s = one.state
    told = ~np.isnan(s.people.result)
    np.testing.assert_array_equal(told, stream(11, 0, VOICE, 2).random(n) < voice)
    assert s.firm["reporters"][0] == told.sum()
    x = s.people.rowing[told]
    y = x @ s.market + noise * stream(11, 0, OUTCOME, 2).standard_normal(n)[told]
    np.testing.assert_allclose(s.people.result[told], y, rtol=1e-12, atol=1e-12)
    do(one, "opportunities_come_up", "hire")
    if s.firm["week"][0] == 2:
        next_week(one)
    do(one, "events_strike", "market_drifts")
    g, r = 104**-0.6, 2.0**2 / D
    prior = s.uncertainty + r * g**2 / (1 - g) * np.eye(D)
    reading = s.market + 2 * stream(11, 0, TREND, 3).standard_normal(D) / math.sqrt(D)
    # Least squares with everything as data, each row over its standard deviation: results (of unknown level, with a flat
    # prior; tempered by openness), the belief, the own reading, and the founding vision, which counts k times as much.
    root, k = np.linalg.inv(np.linalg.cholesky(prior)), 0.2 / 0.8
    results = math.sqrt(openness) / noise
    rows = [np.column_stack([np.ones(len(y)), x]) * results]
    rows += [np.column_stack([np.zeros(D), block]) for block in (root, np.eye(D) / r**0.5, np.eye(D) * (k / r) ** 0.5)]
    data = np.concatenate([y * results, root @ s.vision, reading / r**0.5, s.founding_vision * (k / r) ** 0.5])
    design = np.vstack(rows)
    answer = np.linalg.lstsq(design, data, rcond=None)[0][1:]
    covariance = np.linalg.inv(design.T @ design)[1:, 1:]
    do(one, "founder_steers")
    np.testing.assert_allclose(s.vision, answer / np.linalg.norm(answer), rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(s.uncertainty, covariance, rtol=1e-9, atol=1e-10)


NEIGHBOURS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "conviction 1": ({"founder.conviction": 1}, {"founder.conviction": 1 - 1e-9}),
    "trend_noise 0": (
        {"market.trend_noise": 0, "founder.conviction": 0.3}, {"market.trend_noise": 1e-8, "founder.conviction": 0.3}),
    "trend_noise 0 and agility 1": (
        {"market.trend_noise": 0, "founder.agility": 1}, {"market.trend_noise": 1e-8, "founder.agility": 1 - 1e-9}),
    "outcome_noise 0": ({"market.outcome_noise": 0}, {"market.outcome_noise": 2e-5}),
    "outcome_noise 0 and little dissent": (
        {"market.outcome_noise": 0, "people.goal_spread": 0, "founder.voice": 0.2},
        {"market.outcome_noise": 2e-5, "people.goal_spread": 0, "founder.voice": 0.2}),
    "outcome_noise 0 and agility 1": (
        {"market.outcome_noise": 0, "founder.agility": 1}, {"market.outcome_noise": 2e-5, "founder.agility": 1 - 1e-9}),
    "agility 1": ({"founder.agility": 1}, {"founder.agility": 1 - 1e-9}),
    "openness 0": ({"founder.openness": 0}, {"founder.openness": 1e-9}),
    "openness 0 and outcome_noise 0": (
        {"founder.openness": 0, "market.outcome_noise": 0}, {"founder.openness": 1e-16, "market.outcome_noise": 2e-5}),
}  # fmt: skip


@pytest.mark.parametrize("name", NEIGHBOURS)
@pytest.mark.parametrize("n", [4, 30])
def test_every_limit_is_that_of_its_neighbours(name: str, n: int) -> None:
    # Both steer from the same state: only this week's step is compared.
    limit, near = NEIGHBOURS[name]
    one, other = (lived(values, 5, headcount=n, departments=[{"name": "all"}]) for values in (limit, near))
    noise = one.state.params["outcome_noise"][0], other.state.params["outcome_noise"][0]
    x = one.state.people.rowing[~np.isnan(one.state.people.result[:n])] if one.state.firm["reporters"][0] else None
    other.state.firm["reporters"][0], other.state.firm["exact"][0] = one.state.firm["reporters"][0], 0
    parts = ["vision", "founding_vision", "market", "norm", "reported_market"]
    # Without noise in the reading the uncertainty is 0, its neighbour's as small as that noise, but no smaller.
    parts += ["uncertainty"] if "trend_noise" not in name else []
    for part in parts:
        getattr(other.state, part)[...] = getattr(one.state, part)
    if noise == (0.0, 2e-5) and x is not None:
        other.state.spread_of_reports[...] = one.state.spread_of_reports / 4e-10
        other.state.effect_of_reports[...] = one.state.effect_of_reports / 4e-10
    else:
        other.state.firm["exact"][0] = one.state.firm["exact"][0]
        other.state.spread_of_reports[...] = one.state.spread_of_reports
        other.state.effect_of_reports[...] = one.state.effect_of_reports
    for simulation in (one, other):
        do(simulation, "founder_steers")
    np.testing.assert_allclose(one.state.vision, other.state.vision, atol=1e-6)
    np.testing.assert_allclose(one.state.uncertainty, other.state.uncertainty, atol=1e-6)


def test_a_founder_who_has_left_learns_nothing() -> None:
    one = lived({}, 5, events=[{"kind": "founder_leaves", "week": 5}])
    before = one.state.vision.copy(), one.state.uncertainty.copy()
    do(one, "founder_steers")
    np.testing.assert_array_equal(one.state.vision, before[0])
    np.testing.assert_array_equal(one.state.uncertainty, before[1])


def test_results_without_noise_and_dissent_in_all_directions_show_the_market_of_their_week() -> None:
    one = lived({"market.outcome_noise": 0}, 4)
    told = one.state.reported_market.copy()
    assert np.linalg.norm(told - one.state.market) > 0.05
    do(one, "founder_steers")
    np.testing.assert_allclose(one.state.vision, told, atol=1e-12)
    np.testing.assert_array_equal(one.state.uncertainty, np.zeros((D, D)))


def test_no_dissent_gives_no_information() -> None:
    for noise in (0.0, 1.0):
        values = {**QUIET, "people.incentive": 0, "market.outcome_noise": noise, "market.trend_noise": 2}
        seen = []
        for openness in (0.0, 1.0):
            one = founded(firm({**values, "founder.voice": 1, "founder.openness": openness}))
            one.state.people.belief[:] = [0.1, 0.2, 0.3, 0.4, 0.5]
            do(one, "people_talk", "results_speak")
            assert one.state.firm["reporters"][0] == 30
            one.state.firm["week"] += 1
            do(one, "founder_steers")
            seen.append(one.state.vision.copy())
        np.testing.assert_allclose(*seen, atol=1e-12)


def test_in_a_still_market_that_the_vision_fits_openness_does_not_move_the_mean_direction() -> None:
    def visions(openness: float) -> Floats:
        values = {"market.turbulence": 0, "founder.openness": openness, "founder.conviction": 0, "people.autonomy": 0.5}
        one = Simulation(firm({**values, "people.goal_spread": 0, "money.buffer": 1e6}, headcount=20), 30)
        out = np.empty((200, D))
        for replicate in range(200):
            one.run(3, replicate)
            out[replicate] = one.state.vision
        return out

    deaf, open_ = visions(0), visions(1)
    for seen in (deaf, open_):
        mean = seen.mean(0) / np.linalg.norm(seen.mean(0))
        error = seen[:, 1:].std(0) / math.sqrt(len(seen))
        assert (np.abs(mean[1:]) < 4 * error).all()
    assert open_[:, 0].mean() > deaf[:, 0].mean()  # fit rises, as noise falls

"""The reference's founder is the Kalman filter of the specification: closed forms, a general solver, every limit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.reference.directions import Matrix, Vector, unit
from sim.reference.firm import ReferenceFirm
from sim.reference.founder import Founder, Reports, whole_gain
from sim.reference.parameters import Parameters
from sim.scenario import Scenario

D = 4
V0 = np.eye(D)[0]


def parameters_of(**values: float) -> Parameters:
    """Return parameters, by the names of their fields in market and founder."""
    groups: dict[str, Any] = {"market": {}, "founder": {}}
    for name, value in values.items():
        groups["market" if name in ("trend_noise", "outcome_noise", "turbulence") else "founder"][name] = value
    return Parameters(Scenario.model_validate(groups))


def random_week(seed: int, reporters: int = 6) -> tuple[Vector, list[Vector], list[float], Vector]:
    """Return a vision, directions rowed in, results and a reading, all at random."""
    generator = np.random.default_rng(seed)
    vision = unit(generator.standard_normal(D))
    directions = [unit(vision + 0.4 * generator.standard_normal(D)) for _ in range(reporters)]
    market = unit(generator.standard_normal(D))
    results = [float(x @ market + generator.standard_normal()) for x in directions]
    return vision, directions, results, market + 0.7 * generator.standard_normal(D)


def founder_with(vision: Vector, covariance: Matrix, parameters: Parameters) -> Founder:
    founder = Founder(V0, parameters)
    founder.vision, founder.covariance = vision, covariance
    return founder


def steered(seed: int, reports_noise: float | None, p: Parameters) -> tuple[Vector, Matrix]:
    """Return V and P after a random week, from a random P; reports have exact results where their noise is below 1e-3."""
    vision, directions, results, reading = random_week(seed, reporters=3)
    market = unit(reading)
    root = np.random.default_rng(seed + 100).standard_normal((D, D))
    founder = founder_with(vision, 0.1 * root @ root.T, p)
    if reports_noise is not None:
        if reports_noise < 1e-3:
            results = [float(x @ market) for x in directions]
        founder.reports = Reports(directions, results, reports_noise, market)
    founder.steer(reading, p)
    return founder.vision, founder.covariance


@pytest.mark.parametrize("agility", [0.0, 0.2, 0.5, 0.8, 1.0])
def test_the_gain_on_the_own_reading_is_g_in_every_week(agility: float) -> None:
    p, g = parameters_of(agility=agility, conviction=0, openness=0), 104 ** -(1 - agility)
    founder = Founder(V0, p)
    z = np.array([0.3, -0.2, 0.8, 0.1])
    for _ in range(5):
        before = founder.vision
        founder.steer(z, p)
        np.testing.assert_allclose(founder.vision, unit(before + g * (z - before)), rtol=1e-9, atol=1e-12)
    assert whole_gain(agility, 0.0) == pytest.approx(g, rel=1e-12)


@pytest.mark.parametrize("agility", [0.0, 0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("conviction", [0.1, 0.5, 0.9])
def test_with_conviction_the_whole_gain_is_k_in_every_week(agility: float, conviction: float) -> None:
    p = parameters_of(agility=agility, conviction=conviction, openness=0)
    g, k = 104 ** -(1 - agility), conviction / (1 - conviction)
    gain = whole_gain(agility, conviction)
    assert gain**2 * (1 - g) == pytest.approx((1 + k) * g**2 * (1 - gain), rel=1e-9)
    founder = Founder(V0, p)
    z = np.array([0.3, -0.2, 0.8, 0.1])
    for _ in range(5):
        before = founder.vision
        founder.steer(z, p)
        aim = (1 - conviction) * z + conviction * V0
        np.testing.assert_allclose(founder.vision, unit(before + gain * (aim - before)), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("openness", [1.0, 0.4])
def test_learning_is_the_exact_bayesian_posterior(seed: int, openness: float) -> None:
    # A general solver: one linear regression with an unknown mean result, in which every piece of knowledge is a row.
    noise, c = 0.8, 0.3
    p = parameters_of(outcome_noise=noise, openness=openness, conviction=c, agility=0.6)
    vision, directions, results, z = random_week(seed)
    root = np.random.default_rng(seed + 100).standard_normal((D, D))
    covariance = 0.1 * root @ root.T
    founder = founder_with(vision, covariance, p)
    founder.reports = Reports(directions, results, noise, unit(z))
    founder.steer(z, p)

    g, r = 104 ** -(1 - 0.6), 2.0**2 / D
    predicted = covariance + r * g**2 / (1 - g) * np.eye(D)
    memory = np.linalg.cholesky(np.linalg.inv(predicted)).T
    tempered = math.sqrt(openness) / noise
    rows = [
        np.column_stack([memory, np.zeros(D)]),
        np.column_stack([np.eye(D) / math.sqrt(r), np.zeros(D)]),
        np.column_stack([np.eye(D) * math.sqrt(c / (1 - c) / r), np.zeros(D)]),
        tempered * np.column_stack([np.array(directions), np.ones(len(results))]),
    ]
    told = [memory @ vision, z / math.sqrt(r), V0 * math.sqrt(c / (1 - c) / r), tempered * np.array(results)]
    design, seen = np.vstack(rows), np.concatenate(told)
    posterior, *_ = np.linalg.lstsq(design, seen, rcond=None)
    np.testing.assert_allclose(founder.vision, unit(posterior[:D]), atol=1e-10)
    np.testing.assert_allclose(founder.covariance, np.linalg.inv(design.T @ design)[:D, :D], atol=1e-10)


NEIGHBOURS: dict[str, tuple[dict[str, float], dict[str, float], float | None, float | None]] = {
    "conviction 1": ({"conviction": 1}, {"conviction": 1 - 1e-9}, 1.0, 1.0),
    "trend_noise 0": ({"trend_noise": 0, "conviction": 0.3}, {"trend_noise": 1e-5, "conviction": 0.3}, 1.0, 1.0),
    "agility 1": ({"agility": 1}, {"agility": 1 - 1e-9}, 1.0, 1.0),
    "outcome_noise 0": ({"openness": 0.6}, {"openness": 0.6}, 0.0, 1e-5),
    "outcome_noise 0 and agility 1": ({"agility": 1}, {"agility": 1 - 1e-9}, 0.0, 1e-5),
    "openness 0": ({"openness": 0}, {"openness": 1e-9}, 1.0, 1.0),
    "openness 0 deafens to exact results": ({"openness": 0}, {"openness": 0}, 0.0, None),
    "conviction 1 comes before trend_noise 0": (
        {"conviction": 1, "trend_noise": 0}, {"conviction": 1, "trend_noise": 1e-5}, 0.0, 1.0
    ),
    "trend_noise 0 comes before outcome_noise 0": (
        {"trend_noise": 0, "agility": 0.7}, {"trend_noise": 0, "agility": 0.7}, 0.0, None
    ),
    "conviction 0": ({"conviction": 0}, {"conviction": 1e-9}, 1.0, 1.0),
}  # fmt: skip


@pytest.mark.parametrize("name", NEIGHBOURS)
@pytest.mark.parametrize("seed", range(3))
def test_every_limit_is_what_its_neighbours_tend_to(name: str, seed: int) -> None:
    at, near, noise_at, noise_near = NEIGHBOURS[name]
    if name == "trend_noise 0":  # its P is that of a founder who has steered so all along
        one, two = (Founder(V0, parameters_of(**values)) for values in (at, near))
        for founder, values in ((one, at), (two, near)):
            _, directions, results, reading = random_week(seed)
            for _ in range(4):
                founder.reports = Reports(directions, results, 1.0, unit(reading))
                founder.steer(reading, parameters_of(**values))
        np.testing.assert_allclose(one.vision, two.vision, atol=1e-6)
        np.testing.assert_allclose(one.covariance, two.covariance, atol=1e-6)
        return
    vision_at, covariance_at = steered(seed, noise_at, parameters_of(**at))
    vision_near, covariance_near = steered(seed, noise_near, parameters_of(**near))
    np.testing.assert_allclose(vision_at, vision_near, atol=1e-6)
    np.testing.assert_allclose(covariance_at, covariance_near, atol=1e-6)


def test_exact_results_reveal_the_market_along_the_dissent_and_leave_the_rest_uncertain() -> None:
    p = parameters_of(openness=0.2)
    market = unit(np.array([1.0, 2.0, -1.0, 0.5]))
    directions = [unit(np.array([1.0, s, 0.0, 0.0])) for s in (-0.5, 0.0, 0.5)]  # dissent spans the first two axes
    founder = Founder(V0, p)
    founder.reports = Reports(directions, [float(x @ market) for x in directions], 0.0, market)
    founder.steer(V0, p)
    assert founder.vision[1] / founder.vision[0] == pytest.approx(2.0)
    assert np.linalg.matrix_rank(founder.covariance, tol=1e-12) == 2
    founder.reports = None
    founder.steer(V0, p)
    assert np.linalg.matrix_rank(founder.covariance, tol=1e-12) == D


def test_exact_results_of_full_rank_dissent_reveal_the_market() -> None:
    scenario = Scenario.model_validate({"market": {"outcome_noise": 0}, "founder": {"voice": 1}})
    firm = ReferenceFirm(scenario, 1)
    firm.step()
    market = firm.market.direction
    firm.step()
    np.testing.assert_allclose(firm.founder.vision, market, atol=1e-12)
    np.testing.assert_allclose(firm.founder.covariance, 0, atol=1e-12)


def test_a_founder_who_has_left_stands_still() -> None:
    firm = ReferenceFirm(Scenario.model_validate({"events": [{"kind": "founder_leaves", "week": 2}]}), 1)
    firm.step()
    firm.step()
    vision, covariance = firm.founder.vision, firm.founder.covariance
    firm.step()
    firm.step()
    assert firm.founder.vision is vision
    assert firm.founder.covariance is covariance


def test_reports_keep_the_noise_of_their_week() -> None:
    events = [{"kind": "set", "week": 1, "values": {"market.outcome_noise": 0.1}}]
    plain, changed = (ReferenceFirm(Scenario.model_validate({"events": e}), 1) for e in ([], events))
    for firm in (plain, changed):
        firm.step()
        firm.step()
    np.testing.assert_array_equal(plain.founder.vision, changed.founder.vision)
    assert changed.founder.reports is not None
    assert plain.founder.reports is not None
    np.testing.assert_allclose(changed.founder.reports.information, 100 * plain.founder.reports.information)


def test_no_dissent_gives_no_information() -> None:
    reports = Reports([V0, V0, V0], [1.0, 2.0, 3.0], 1.0, V0)
    assert not reports.information.any()
    assert not reports.evidence.any()
    exact = Reports([V0, V0, V0], [1.0, 1.0, 1.0], 0.0, V0)
    assert exact.known.shape == (D, 0)


def test_alone_the_founder_tracks_the_market_as_well_as_the_law_says() -> None:
    # Check 3: variance per axis ((1-g)^2 q + g^2 r)/(g(2-g)), small angles.
    trend, turbulence, agility = 0.4, 0.02, 0.5
    p = parameters_of(trend_noise=trend, conviction=0, openness=0, agility=agility)
    g, q, r = 104**-0.5, turbulence**2 / (D - 1), trend**2 / D
    generator = np.random.default_rng(4)
    founder, market, errors = Founder(V0, p), V0.copy(), []
    for week in range(8000):
        market = unit(market + turbulence * generator.standard_normal(D) / math.sqrt(D - 1))
        founder.steer(market + trend * generator.standard_normal(D) / math.sqrt(D), p)
        if week > 200:
            errors.append(1 - (founder.vision @ market) ** 2)
    expected = ((1 - g) ** 2 * q + g**2 * r) / (g * (2 - g))
    assert np.mean(errors) / (D - 1) == pytest.approx(expected, rel=0.1)


def test_in_a_still_market_openness_does_not_move_the_mean_vision() -> None:
    # What people say about a market that the vision fits pulls to no side, and makes the vision steadier.
    generator = np.random.default_rng(6)
    mean, spread = {}, {}
    for openness in (0.0, 1.0):
        p = parameters_of(conviction=0, openness=openness)
        founder, visions = Founder(V0, p), []
        for _ in range(1500):
            directions = [unit(V0 + 0.3 * generator.standard_normal(D)) for _ in range(20)]
            founder.reports = Reports(directions, [x[0] + generator.standard_normal() for x in directions], 1.0, V0)
            founder.steer(V0 + 2 * generator.standard_normal(D) / math.sqrt(D), p)
            visions.append(founder.vision)
        mean[openness], spread[openness] = unit(np.mean(visions, axis=0)), np.var(visions, axis=0).sum()
    for openness in (0.0, 1.0):
        assert mean[openness] @ V0 > 0.995
    assert spread[1.0] < 0.8 * spread[0.0]


@pytest.mark.parametrize(("trend", "autonomy"), [(1.0, 0.15), (2.0, 0.15), (2.0, 0.3)])
def test_dissent_costs_and_teaches_as_the_law_of_dissent_says(trend: float, autonomy: float) -> None:
    # Check 4: where the founder's q is the market's, thrust is about
    # 1 - (D-1)/2 (v + sqrt(q/(n v/outcome_noise^2 + 1/r))), small angles.
    turbulence, noise, n = 0.03, 1.0, 30
    q, r, v = turbulence**2 / (D - 1), trend**2 / D, autonomy**2 / (D - 1)
    g = (math.sqrt((q / r) ** 2 + 4 * q / r) - q / r) / 2  # g^2/(1-g) = q/r
    agility = 1 + math.log(g) / math.log(104)
    p = parameters_of(trend_noise=trend, conviction=0, openness=1, agility=agility)
    generator = np.random.default_rng(8)
    founder, market, thrusts = Founder(V0, p), V0.copy(), []
    for week in range(3000):
        market = unit(market + turbulence * generator.standard_normal(D) / math.sqrt(D - 1))
        founder.steer(market + trend * generator.standard_normal(D) / math.sqrt(D), p)
        deviations = autonomy * generator.standard_normal((n, D)) / math.sqrt(D - 1)
        directions = [unit(founder.vision + deviation) for deviation in deviations]
        founder.reports = Reports(
            directions, [x @ market + noise * generator.standard_normal() for x in directions], noise, market
        )
        if week > 300:
            thrusts.append(np.mean(directions, axis=0) @ market)
    expected = (D - 1) / 2 * (v + math.sqrt(q / (n * v / noise**2 + 1 / r)))
    assert 1 - np.mean(thrusts) == pytest.approx(expected, rel=0.1)

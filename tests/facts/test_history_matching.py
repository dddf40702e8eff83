"""History matching rules out what cannot show the facts and keeps what can."""

from __future__ import annotations

import numpy as np
from scipy.stats import qmc

from sim.facts.history_matching import badness, distance, fit, next_wave, plausible

TARGET, SD = np.array([0.5, 1.0, 0.0]), np.array([0.05, 0.1, 0.05])


def toy(u: np.ndarray) -> np.ndarray:
    """Return three facts of four hyperparameters, quadratic in some of them; the fourth does nothing."""
    return np.column_stack([u[:, 0], u[:, 1] + u[:, 0] * u[:, 2], u[:, 2] - 0.5 + (u[:, 1] - 0.5) ** 2 - 0.0625])


def test_the_emulator_predicts_a_quadratic_exactly_and_knows_its_error() -> None:
    rng = np.random.default_rng(0)
    u = qmc.LatinHypercube(4, rng=rng).random(80)
    emulator = fit(u, toy(u), np.ones(80))
    fresh = rng.random((200, 4))
    assert np.abs(emulator.predict(fresh) - toy(fresh)).max() < 0.01
    noisy = fit(u, toy(u) + 0.1 * rng.standard_normal((80, 3)), np.ones(80))
    assert (noisy.error > 0.07).all()
    assert (noisy.error < 0.2).all()


def test_a_setting_is_ruled_out_by_its_worst_fact_or_its_third_worst() -> None:
    z = np.array([[2.9, 2.9, 1.9, 0.0], [3.1, 0.0, 0.0, 0.0], [2.5, 2.4, 2.1, 0.0]])
    assert plausible(z).tolist() == [True, False, False]
    assert np.argsort(badness(z))[0] == 0


def test_a_fact_that_cannot_be_said_rules_out() -> None:
    z = distance(np.array([[0.5, np.nan, 0.0]]), TARGET, SD)
    assert not plausible(z)[0]


def test_the_next_wave_lies_where_facts_are_met_and_is_spread_out() -> None:
    rng = np.random.default_rng(3)
    u = qmc.LatinHypercube(4, rng=rng).random(80)
    z = distance(toy(u), TARGET, SD)
    new = next_wave(fit(u, toy(u), np.ones(80)), u, badness(z), TARGET, SD, 30, rng)
    assert plausible(distance(toy(new), TARGET, SD)).mean() > 0.8 > plausible(z).mean()
    assert np.ptp(new[:, 3]) > 0.5, "what does nothing is not narrowed down"

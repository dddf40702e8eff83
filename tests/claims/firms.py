"""A small population for tests, made up: firms differ in everything that the fitted population lets differ."""

from __future__ import annotations

import numpy as np

from sim.claims.population import Population, of_table
from sim.engine.streams import stream
from sim.scenario import Scenario

ROWS = 128
RANK = np.uint64(10)


def population() -> Population:
    rng = np.random.default_rng(3)

    def lognormal(median: float, spread: float, low: float, high: float):
        return np.clip(median * np.exp(spread * rng.normal(size=ROWS)), low, high)

    reserve = lognormal(5, 0.6, 1, 40)
    columns = {
        "headcount": np.floor(10 * 3.0 ** rng.random(ROWS) + 0.5),
        "founder.clarity": rng.uniform(0.3, 0.9, ROWS),
        "founder.cadence": rng.choice([2.0, 4.0, 8.0, 13.0, 26.0], ROWS),
        "founder.agility": rng.uniform(0.05, 0.5, ROWS),
        "founder.voice": rng.uniform(0.1, 0.9, ROWS),
        "founder.frame": np.full(ROWS, 0.97),
        "people.incentive": rng.uniform(0.1, 0.5, ROWS),
        "people.goal_spread": rng.uniform(0.3, 1.0, ROWS),
        "people.turnover": lognormal(0.006, 0.4, 0, 0.05),
        "people.persuasion": np.full(ROWS, 0.15),
        "people.social": np.full(ROWS, 0.03),
        "people.forgetting": np.full(ROWS, 0.015),
        "market.turbulence": lognormal(0.06, 0.5, 0, 0.3),
        "work.slack": rng.uniform(0.1, 0.35, ROWS),
        "mood.strain": np.full(ROWS, 0.7),
        "money.churn": lognormal(0.006, 0.6, 0, 0.05),
        "money.margin": rng.normal(0.06, 0.05, ROWS),
        "money.reserve": reserve,
        "money.buffer": reserve,
        "money.safety": np.minimum(8.0, reserve),
        "money.draw": np.full(ROWS, 0.1),
        "money.credit": np.where(rng.random(ROWS) < 0.4, 0.0, 6 * rng.random(ROWS)),
    }
    return of_table(Scenario(), columns, lambda number: float(stream(0, number, RANK).random()))

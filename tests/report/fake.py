"""A batch made up from a random walk, with the engine's interface, so that reports are tested without the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.scenario.model import Scenario


class Snapshot(NamedTuple):
    week: int
    market: np.ndarray
    norm: np.ndarray
    vision: np.ndarray
    goals: np.ndarray
    departments: np.ndarray
    people: np.ndarray
    department_of: np.ndarray
    engagement: np.ndarray


@dataclass(frozen=True)
class Batch:
    scenario: Scenario
    seed: int
    replicates: np.ndarray
    closed: np.ndarray
    series: np.ndarray
    departments: np.ndarray

    def of(self, name):
        return self.series[:, :, list(SERIES).index(name)]

    @property
    def department_names(self):
        return tuple(d.name for d in self.scenario.departments)


def made_up(scenario: Scenario | None = None, runs: int = 20, seed: int = 7, closing: int = 3) -> Batch:
    """Return a batch in which the first ``closing`` runs close, from week 2 weeks/3 on."""
    scenario = scenario or Scenario(name="bakery", title="A bakery between craft and price")
    rng = np.random.default_rng(seed)
    weeks, count = scenario.weeks, len(scenario.departments)
    walk = np.cumsum(rng.normal(0, 0.02, (runs, weeks, len(SERIES))), axis=1)
    series = np.clip(0.8 + walk, 0.02, 1.0)
    fixed = {"rework": 0.1, "overload": 0.1, "churn": 0.02, "leavers": 0.1}
    for name, level in fixed.items():
        i = list(SERIES).index(name)
        series[:, :, i] = np.clip(level * (1 + 5 * walk[:, :, i]), 0, 0.9)
    series[:, :, list(SERIES).index("cash")] = 12 + 30 * walk[:, :, list(SERIES).index("cash")]
    series[:, :, list(SERIES).index("filled")] = 30
    series[:, :, list(SERIES).index("customers")] = 1 + walk[:, :, list(SERIES).index("customers")]
    departments = np.clip(
        0.8 + np.cumsum(rng.normal(0, 0.03, (runs, weeks, count, len(DEPARTMENT_SERIES))), axis=1), 0, 1
    )
    departments[..., 1:3] = 1 - departments[..., 1:3]
    closed = np.full(runs, -1)
    for r in range(closing):
        closed[r] = min(2 * weeks // 3 + 5 * r, weeks - 1)
        series[r, closed[r] + 1 :] = np.nan
        departments[r, closed[r] + 1 :] = np.nan
    return Batch(scenario, seed, np.arange(runs), closed, series, departments)


def snapshots(scenario, seed, replicate, weeks):
    """Return made-up directions around the first axis, wider in later weeks."""
    out = []
    size, count, people = scenario.dimensions, len(scenario.departments), scenario.posts
    for week in weeks:
        rng = np.random.default_rng([seed, replicate, week])
        spread = 0.15 + 0.5 * week / scenario.weeks

        def near(n, spread=spread, rng=rng):
            rows = rng.normal(0, spread, (n, size)) + np.eye(size)[0]
            return rows / np.linalg.norm(rows, axis=1, keepdims=True)

        group = np.repeat(np.arange(count), -(-people // count))[:people]
        middles = near(count)
        rows = middles[group] + rng.normal(0, 0.2, (people, size))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        out.append(
            Snapshot(week, near(1)[0], near(1)[0], near(1)[0], near(count), middles * 0.9, rows, group, np.ones(people))
        )
    return out

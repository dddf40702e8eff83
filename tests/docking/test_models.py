"""Each rebuilt model on its known limit, with fixed seeds and few runs."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.docking import ethiraj_levinthal as goals
from experiments.docking import fang_lee_schilling as groups
from experiments.docking import march, nk
from experiments.docking import posen_levinthal as bandits
from experiments.docking import rivkin_siggelkow as departments
from experiments.docking import virtual_design_team as projects
from experiments.docking.dock import runs

SEED = 5


def close(values: NDArray[np.float64], expected: float, errors: float = 4) -> bool:
    return bool(abs(values.mean() - expected) < errors * values.std(ddof=1) / np.sqrt(len(values)))


@pytest.mark.parametrize("p2", [0.1, 0.9])
@pytest.mark.parametrize("column", [0, 8])
def test_march_figure_1_corners(p2: float, column: int) -> None:
    values = march.equilibrium(march.LEARNING[column], p2, 150, 10 * column, 1)
    assert abs(values.mean() - march.FIGURE_1[p2][column]) < 0.03


def test_march_settled_code_decays_exactly_where_reality_moves() -> None:
    values = march.course(0.5, 0.5, 0.0, 0.02, 70, 300, 1, 1)
    assert close(values[:, 70] - 0.96**10 * values[:, 60], 0.0)


def test_march_without_learning_nothing_is_known() -> None:
    assert not march.course(0.5, 0.0, 0.0, 0.0, 20, 5, 2, 1).any()


@pytest.mark.parametrize("count", [1, 3, 6])
def test_goals_closed_forms(count: int) -> None:
    search = partial(goals.search, decisions=24, goals=count, periods=600)
    assert close(runs(partial(search, pursued=count), 800, SEED, count)[:, 0], goals.all_must_improve(count))
    assert close(runs(partial(search, pursued=1), 800, SEED, 10 + count)[:, 0], goals.one_pursued(count))


def test_one_goal_of_many_is_itself_fully_reached() -> None:
    values = runs(partial(goals.search, decisions=24, goals=5, pursued=1, periods=600), 800, SEED, 30)
    assert close(values[:, 1], 2 / 3)


def test_nk_smooth_landscapes_have_one_peak_that_all_reach() -> None:
    values = runs(partial(nk.world, n=8, k=0, firms=20), 300, SEED, 1)
    assert (values[:, :2] == 1).all()
    np.testing.assert_allclose(values[:, 2], values[:, 3], atol=1e-12)
    assert close(values[:, 2], 2 / 3)


def test_nk_random_landscapes_have_the_exact_number_of_peaks() -> None:
    values = runs(partial(nk.world, n=8, k=7, firms=1), 600, SEED, 2)
    assert close(values[:, 0], 2**8 / 9)
    assert close((values[:, 0] - 2**8 / 9) ** 2, 2**8 * 7 / (2 * 9**2))


def test_departments_without_interdependence_agree_with_the_firm() -> None:
    out = np.empty((4, 3))
    for run in range(30):
        departments.firm(np.random.default_rng(run), 0, 100, 10, out)
        assert out[0, 0] == out[1, 0]
        assert out[2, 0] == pytest.approx(1.0)
        assert not out[:, 1].any()


def test_firm_wide_incentives_help_where_departments_depend() -> None:
    def gap(rng: np.random.Generator) -> list[float]:
        out = np.empty((4, 3))
        departments.firm(rng, 2, 100, 10, out)
        return [out[1, 0] - out[0, 0]]

    values = runs(gap, 600, SEED, 3)
    assert values.mean() > 3 * values.std() / np.sqrt(len(values))


def test_bandit_reference_cell() -> None:
    values = runs(partial(bandits.bandit, arms=10, periods=500, tau=0.5, eta=0.0), 1000, SEED, 4)
    for column, (expected, margin) in enumerate(bandits.REFERENCE.values()):
        error = values[:, column].std() / np.sqrt(len(values))
        assert abs(values[:, column].mean() - expected) < margin + 3 * error


def test_bandit_that_only_guesses_earns_nothing() -> None:
    values = runs(partial(bandits.bandit, arms=10, periods=500, tau=1e6, eta=0.0), 400, SEED, 5)
    assert close(values[:, 0], 0.0)
    assert close(values[:, 1], 499 / 500 * 0.9)


def test_one_group_of_equals_learns_only_from_the_better() -> None:
    reality = np.ones(10, np.int8)
    person = reality.copy()
    person[7] = 0
    assert groups.payoff(reality, reality, 5) == 10
    assert groups.payoff(person, reality, 5) == 5


def test_few_crossing_ties_beat_none() -> None:
    small = partial(groups.organisation, groups=10, group=7, dimensions=30, block=5, learn=0.3, longest=500)
    none, some = (runs(partial(small, beta=b), 15, SEED, 6)[:, 0] for b in (0.0, 0.2))
    assert some.mean() > none.mean() + 0.1


def test_projects_without_exceptions_take_the_critical_path() -> None:
    for decided in (1.0, 0.5):
        done = projects.project(np.random.default_rng(1), projects.PACKAGES, projects.BEFORE, 0.0, decided)
        assert done == (145.0, 100.0, 0.0)
    assert projects.critical_path(projects.PACKAGES, projects.BEFORE) == 100


def test_projects_rework_is_geometric() -> None:
    for decided in (1.0, 0.5):
        values = runs(
            partial(projects.project, packages=projects.PACKAGES, before=projects.BEFORE, e=0.3, decided=decided),
            400,
            SEED,
            7,
        )
        assert close(values[:, 0], 145 / 0.7)

"""The Virtual Design Team: information processing on a project, in its smallest form.

A project is a network of activities, each a number of work packages done one after the other by its own actor. A package may
fail; it is then an exception, waits for a decision by the manager, and is worked again, which may fail again.
Without exceptions the project takes its critical path, exactly.

R. E. Levitt, G. P. Cohen, J. C. Kunz, C. I. Nass, T. Christiansen and Y. Jin, "The Virtual Design Team: simulating how
organization structure and information processing tools affect team performance", in Carley & Prietula (eds.),
Computational Organization Theory, 1994. Exact: all probabilities 0, the critical path; expected work V / (1 - e).

Run: ``python -m experiments.docking.virtual_design_team [--quick] [-j N]``
"""

from __future__ import annotations

from functools import partial

import numba
import numpy as np
from numpy.typing import NDArray

from experiments.docking.dock import (
    IDENTITY,
    Check,
    Docking,
    Options,
    equivalent,
    mean_interval,
    options,
    relation,
    report,
    runs,
)
from experiments.docking.picture import BLUE, INK, ORANGE, curve, drawn

SEED = 1994
PACKAGES = np.array([10, 20, 15, 25, 20, 10, 30, 15], np.int64)
BEFORE = np.array([(0, 1), (0, 2), (1, 3), (1, 4), (2, 4), (2, 5), (3, 6), (4, 6), (5, 7), (6, 7)], np.int64)
"""Eight activities, numbered so that each comes after what it waits for; pairs (before, after)."""
RATES = (0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
MARGIN = 0.01
"""Equivalence: one hundredth of the expected work."""


@numba.njit(cache=True, nogil=True)
def project(
    rng: np.random.Generator, packages: NDArray[np.int64], before: NDArray[np.int64], e: float, decided: float
) -> tuple[float, float, float]:
    """Carry out a project, tick by tick; return work done, duration, and actor-ticks spent waiting for decisions.

    Parameters
    ----------
    rng
        The run's luck.
    packages : (activities,)
        Work packages of each, one tick of its actor's time each.
    before : (pairs, 2)
        Which activity must be over before which starts.
    e
        Chance that a worked package is an exception and must be worked again.
    decided
        Chance per tick that the manager decides the exception that has waited longest; 1 or more: at once, without waiting.
    """
    count = len(packages)
    left = packages.copy()
    waits_since = np.full(count, -1, np.int64)
    work, waited, tick = 0, 0, 0
    while np.any(left > 0):
        ready = np.ones(count, np.bool_)
        for k in range(len(before)):
            if left[before[k, 0]] > 0:
                ready[before[k, 1]] = False
        first = -1
        for i in range(count):
            if waits_since[i] >= 0 and (first < 0 or waits_since[i] < waits_since[first]):
                first = i
        settled = first >= 0 and rng.random() < decided
        for i in range(count):
            if waits_since[i] >= 0:
                waited += 1
            elif ready[i] and left[i] > 0:
                work += 1
                if e > 0 and rng.random() < e:
                    if decided < 1:
                        waits_since[i] = tick
                else:
                    left[i] -= 1
        if settled:
            waits_since[first] = -1
        tick += 1
    return float(work), float(tick), float(waited)


def critical_path(packages: NDArray[np.int64], before: NDArray[np.int64]) -> int:
    """Return the longest path through the network of activities."""
    end = np.zeros(len(packages), np.int64)
    for i in range(len(packages)):
        end[i] = packages[i] + max((int(end[a]) for a, b in before if b == i), default=0)
    return int(end.max())


def dock(how: Options) -> Docking:
    """Compare work with its expectation, and show what exceptions do to time."""
    n = 2000 if how.quick else 20_000
    found = Docking(
        "virtual_design_team",
        "Virtual Design Team: exceptions and rework",
        "R. E. Levitt et al., The Virtual Design Team, in Computational Organization Theory, 1994.",
        "exact limits",
        SEED,
        n,
        (
            "One actor an activity; a package takes one tick; an exception means the same package again, which may fail again.",
            "One manager decides one waiting exception at a time, each tick with chance .5 (or at once, for comparison).",
        ),
    )
    at_once, slow = (
        np.array(
            [
                runs(
                    partial(project, packages=PACKAGES, before=BEFORE, e=e, decided=d),
                    n,
                    SEED,
                    20 * row + k,
                    how.workers,
                )
                for k, e in enumerate(RATES)
            ]
        )
        for row, d in enumerate((1.0, 0.5))
    )
    path, volume = critical_path(PACKAGES, BEFORE), int(PACKAGES.sum())
    for name, cells in (("decided at once", at_once), ("a manager decides", slow)):
        times = cells[0, :, 1]
        exact = bool(np.all(times == path) and np.all(cells[0, :, 0] == volume))
        what = f"e = 0, {name}: duration is the critical path, work the volume"
        found.checks.append(
            Check(what, IDENTITY, exact, times.mean(), times.min(), times.max(), "exactly, in every run", n, path)
        )
        for k, e in enumerate(RATES[1:], 1):
            expected = volume / (1 - e)
            found.checks.append(
                equivalent(f"e = {e}, {name}: work", cells[k, :, 0], expected, MARGIN * expected, of="V / (1 - e)")
            )
    merge = at_once[-1, :, 1] - path / (1 - RATES[-1])
    rule = "above zero: of paths that vary, the slowest counts"
    found.checks.append(relation(f"e = {RATES[-1]}, at once: duration less critical path / (1 - e)", merge, rule))
    for k, e in enumerate(RATES[1:], 1):
        found.checks.append(
            relation(
                f"e = {e}: duration with a manager less decided at once",
                slow[k, :, 1] - at_once[k, :, 1],
                "above zero: decisions queue",
            )
        )
    table = {}
    for name, cells in (("at_once", at_once), ("manager", slow)):
        mean, half = mean_interval(cells, axis=1)
        table[name] = {"mean": mean, "half": half}
    found.tables["curves"] = {
        "e": RATES,
        "columns": ["work", "duration", "waiting"],
        "critical_path": path,
        "volume": volume,
    } | table
    stretch = table["manager"]["mean"][-1, 1] / path
    found.lesson = (
        f"Without exceptions {path} ticks, the critical path. At e = .5 expected work doubles and time grows {table['at_once']['mean'][-1, 1] / path:.2f}-fold if exceptions are decided at once, "
        f"and {stretch:.2f}-fold when one manager decides: exceptions cost more in waiting than in work."
    )
    draw(found, how)
    return found


def draw(found: Docking, how: Options) -> None:
    """Draw work and duration by the rate of exceptions."""
    t = found.tables["curves"]
    e = np.asarray(t["e"])
    title = "Virtual Design Team: exceptions cost more time than work"
    subtitle = f"A project of {t['volume']} packages in 8 activities, critical path {t['critical_path']}; each package fails with chance e and is done again."
    rests = f"n = {found.n} runs a rate, seed {found.seed}; bars: 95 % intervals of means, narrower than the markers"
    with drawn(how.folder / found.name, title, subtitle, rests, height=3.3) as (left, right):
        fine = np.linspace(0, e[-1], 60)
        curve(left, e, t["at_once"]["mean"][:, 0], t["at_once"]["half"][:, 0], BLUE, "work done")
        left.plot(fine, t["volume"] / (1 - fine), "--", color=INK, linewidth=1, label="exact, V / (1 − e)")
        left.set(xlabel="chance of an exception, e", ylabel="work (packages)")
        left.legend()
        curve(right, e, t["manager"]["mean"][:, 1], t["manager"]["half"][:, 1], ORANGE, "one manager decides")
        curve(right, e, t["at_once"]["mean"][:, 1], t["at_once"]["half"][:, 1], BLUE, "decided at once")
        right.plot(fine, t["critical_path"] / (1 - fine), "--", color=INK, linewidth=1, label="critical path / (1 − e)")
        right.set(xlabel="chance of an exception, e", ylabel="duration (ticks)", ylim=(0, None))
        right.legend()


if __name__ == "__main__":
    report(dock, options(__doc__))

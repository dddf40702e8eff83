"""March (1991) and our own firm side by side: the same shape or not, by criteria stated before the runs.

Four of our claims have a counterpart in March's model. For each, the shape is cut into statements that both curves can
pass or fail; the shape is the same where both pass or both fail every statement.

Run: ``python -m experiments.docking.side_by_side [--quick] [-j N]``
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from experiments.docking import march, own, side_by_side_picture
from experiments.docking.dock import RELATIONAL, Check, Docking, Options, options, report
from experiments.docking.own import Curve, Step, step

SEED = march.SEED
STATEMENTS = {
    "C12": (
        "in a still world no difference is best (interval of the best level is the lowest level)",
        "the best level is higher in the fastest world than in a still one (intervals do not overlap)",
        "in the fastest world the best level is inside (interval excludes both ends)",
    ),
    "C13": (
        "in a moving world full listening beats none (difference above zero)",
        "listening gains more in a moving world than in a still one (difference of gains above zero)",
        "in a moving world the gain is never lost again (full listening not below any level)",
    ),
    "C23": (
        "with quick socialisation some turnover is best (interval of the best level excludes none and the most)",
        "with slow socialisation no turnover is best (interval of the best level is none)",
        "the most turnover is worse than none with slow socialisation (difference below zero)",
    ),
    "C03": (
        "more people do better (each step above zero)",
        "the gain per doubling falls (5 to 20 people against 20 to 100, difference above zero)",
    ),
}
"""What makes a shape, for both models alike."""


def dissent(still: Curve, fast: Curve) -> list[bool]:
    """Judge C12: how the best level of difference depends on turbulence."""
    a, b = still.best, fast.best
    low, high = still.x[0], still.x[-1]
    return [a[2] == low, b[1] > a[2], b[1] > low and b[2] < high]


def listening(still: Curve, moving: Curve) -> list[bool]:
    """Judge C13: what listening gains, still and moving."""
    gain, at_rest = moving.values[-1] - moving.values[0], still.values[-1] - still.values[0]
    later = [step(moving.values[-1], v).high > 0 for v in moving.values[:-1]]
    return [step(moving.values[-1], moving.values[0]).low > 0, step(gain, at_rest).low > 0, all(later)]


def turnover(quick: Curve, slow: Curve) -> list[bool]:
    """Judge C23: where turnover helps."""
    a, b = quick.best, slow.best
    return [
        a[1] > quick.x[0] and a[2] < quick.x[-1],
        b[2] == slow.x[0],
        step(slow.values[-1], slow.values[0]).high < 0,
    ]


def size(curve: Curve) -> list[bool]:
    """Judge C03: what size gains."""
    v, at = curve.values, [list(curve.x).index(n) for n in (5, 20, 100)]
    early, late = (v[at[1]] - v[at[0]]) / 2, (v[at[2]] - v[at[1]]) / np.log2(5)
    return [all(step(b, a).low > 0 for a, b in pairwise(v)), step(early, late).low > 0]


def counterparts(n: int, most: int, workers: int) -> dict[str, dict[float, Curve]]:
    """Run March's model over what corresponds to the four claims."""
    grid = march.TURNOVER
    late = slice(100, None)
    return {
        "C12": {
            p4: Curve(grid, np.array([march.course(0.5, 0.5, p3, p4, 150, n, 1000 + 20 * r + k, workers)[:, late].mean(axis=1) for k, p3 in enumerate(grid)]))
            for r, p4 in enumerate((0.0, 0.02, 0.04))
        },
        "C13": {
            p4: Curve(LISTENS, np.array([march.course(0.5, p2, 0.1, p4, 150, n, 1200 + 20 * r + k, workers)[:, late].mean(axis=1) for k, p2 in enumerate(LISTENS)]))
            for r, p4 in enumerate((0.0, 0.02))
        },
        "C23": {
            p1: Curve(grid, np.array([march.course(p1, 0.5, p3, 0.0, 20, most, 1400 + 20 * r + k, workers)[:, -1] for k, p3 in enumerate(grid)]))
            for r, p1 in enumerate((0.1, 0.9))
        },
        "C03": {0.0: Curve(march.SIZES, np.array([march.equilibrium(0.5, 0.5, 2 * n, 1600 + k, workers, m) for k, m in enumerate(march.SIZES)]))},
    }  # fmt: skip


LISTENS = (0.0, 0.1, 0.3, 0.5, 0.7, 0.9)


def judge(found: Docking, claim: str, theirs: Sequence[bool], ours: Sequence[bool], n: int) -> None:
    """Write down, statement by statement, whether both agree."""
    for statement, a, b in zip(STATEMENTS[claim], theirs, ours, strict=True):
        say = ("no", "yes")
        criterion = f"both yes or both no; March: {say[a]}, our firm: {say[b]}"
        found.checks.append(
            Check(f"{claim}: {statement}", RELATIONAL, a == b, float(b), float(b), float(b), criterion, n, float(a))
        )


def dock(how: Options) -> Docking:
    """Run both models over the four claims and judge."""
    theirs_n, most, ours_n = (100, 200, 40) if how.quick else (300, 2000, 300)
    found = Docking(
        "side_by_side",
        "Our own firm beside March (1991)",
        "The claims C12, C13, C23 and C03 beside J. G. March, Organization Science 2(1), 71-87, 1991.",
        "March's model as rebuilt here",
        SEED,
        ours_n,
        (
            f"Our firm: defaults, {ours_n} replicates of seed {own.SEED} shared by all levels, means of weeks {own.BURN_IN}-155, closed weeks as zero.",
            f"March: {theirs_n} runs a cell (C03: {2 * theirs_n}; C23: {most}, as in Figure 4; 600 runs before and 2000 now leave his best level for slow people at 0 to .01), streams of their own.",
            "C12: his turnover p3 (p1 = p2 = .5, periods 100-150) beside our autonomy; p4 = 0 and .04 beside turbulence 0 and .16.",
            "C13: his code's learning p2 (p3 = .1, p4 = .02) beside our voice (turbulence .08); still: p4 = 0 and turbulence 0.",
            "C23: his p1 = .9 and .1 (period 20) beside our onboarding 1 and 0. C03: his n beside our headcount, 5 to 100.",
        ),
    )
    march_curves = counterparts(theirs_n, most, how.workers)
    c12, c13, c23 = own.c12(ours_n, how.workers), own.c13(ours_n, how.workers), own.c23(ours_n, how.workers)
    calm, lost = own.c03(ours_n, how.workers)
    m = march_curves
    judge(found, "C12", dissent(m["C12"][0.0], m["C12"][0.04]), dissent(c12[0.0], c12[0.16]), ours_n)
    judge(found, "C13", listening(m["C13"][0.0], m["C13"][0.02]), listening(c13[0.0], c13[0.08]), ours_n)
    judge(found, "C23", turnover(m["C23"][0.9], m["C23"][0.1]), turnover(c23[1.0], c23[0.0]), ours_n)
    judge(found, "C03", size(m["C03"][0.0]), size(calm), ours_n)
    ours = {"C12": c12, "C13": c13, "C23": c23, "C03": {0.0: calm}, "C03 lost": {0.0: lost}}
    for name, group in (("march", march_curves), ("ours", ours)):
        found.tables[name] = {
            claim: {f"{k:g}": {"x": c.x, "mean": c.mean, "half": c.half, "best": c.best} for k, c in curves.items()}
            for claim, curves in group.items()
        }
    verdicts = {claim: all(c.passed for c in found.checks if c.what.startswith(claim + ":")) for claim in STATEMENTS}
    found.tables["same_shape"] = verdicts
    slope, low, high = falls(lost)
    found.tables["one_person"] = {"slope": slope, "low": low, "high": high}
    gains = {t: step(c.values[-1], c.values[0]) for t, c in c13.items()}
    found.tables["voice_gain"] = {f"{t:g}": g for t, g in gains.items()}
    found.lesson = lesson(verdicts, {t: c.best for t, c in c12.items()}, gains, (slope, low, high))
    side_by_side_picture.draw(found, how.folder, march_curves, ours, verdicts, (theirs_n, 2 * theirs_n, most), ours_n)
    return found


def lesson(
    verdicts: dict[str, bool],
    peaks: dict[float, tuple[float, float, float]],
    gains: dict[float, Step],
    exponent: tuple[float, float, float],
) -> str:
    """Say in plain words what came out."""
    shapes = "; ".join(
        f"{claim}: {'the same shape' if same else 'not the same shape'}" for claim, same in verdicts.items()
    )
    dissent = ", ".join(f"{p[0]:g} [{p[1]:g}, {p[2]:g}] at turbulence {t:g}" for t, p in peaks.items())
    voice = ", ".join(f"{g} at turbulence {t:g}" for t, g in gains.items())
    return (
        f"{shapes}. Best autonomy of our firm under its defaults: {dissent}. Full voice less none changes its fit by {voice}. "
        f"What one turned person costs falls as n^{exponent[0]:.2f} [{exponent[1]:.2f}, {exponent[2]:.2f}]."
    )


def falls(lost: Curve, draws: int = 1000) -> tuple[float, float, float]:
    """Return the exponent of a loss over size (slope of log mean loss on log n) with its bootstrap interval; nan if a mean is not above 0."""
    rng, n = march_luck(), lost.values.shape[1]
    x = np.log(np.asarray(lost.x, float))
    if np.any(lost.mean <= 0):
        return (float("nan"),) * 3
    weights = rng.multinomial(n, np.full(n, 1 / n), size=draws) / n  # paired: one draw of runs for all sizes
    means = np.maximum(weights @ lost.values.T, 1e-9)
    slopes = np.polyfit(x, np.log(means).T, 1)[0]
    low, high = np.quantile(slopes, [0.025, 0.975])
    return float(np.polyfit(x, np.log(lost.mean), 1)[0]), float(low), float(high)


def march_luck() -> np.random.Generator:
    """Return the generator of the bootstrap."""
    return np.random.Generator(np.random.Philox(key=np.array([SEED, 1 << 40], np.uint64)))


__all__ = ["Step", "dissent", "dock", "falls", "listening", "size", "turnover"]

if __name__ == "__main__":
    report(dock, options(__doc__))

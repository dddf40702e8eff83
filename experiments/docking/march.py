"""March (1991): exploration and exploitation in organizational learning, Figures 1 to 5.

An organisation's code and its people learn from each other about a reality of m dimensions. People are socialised to the
code; the code learns from those who know more than it. Slow socialisation keeps people different for long enough that the
code can learn from them; turnover brings difference in; a changing reality makes a settled organisation obsolete.

J. G. March, "Exploration and exploitation in organizational learning", Organization Science 2(1), 71-87, 1991.
The article's text alone (beliefs jump, knowledge is the share correct) does not give its own Figure 1. This is the variant
known from replications of the original program: beliefs move one step, zeros are guessed, one chance per cell.

Run: ``python -m experiments.docking.march [--quick] [-j N]``
"""

from __future__ import annotations

from collections.abc import Sequence

import numba
import numpy as np
from numpy.typing import NDArray

from experiments.docking import march_pictures
from experiments.docking.dock import (
    EQUIVALENCE,
    RELATIONAL,
    Check,
    Docking,
    Floats,
    Options,
    best,
    equivalent,
    mean_interval,
    options,
    relation,
    report,
    runs,
)

SEED = 1991
DIMENSIONS, PEOPLE = 30, 50
LONGEST = 20_000
"""Periods after which an organisation that is not settled is given up (never reached in the figures)."""
LEARNING = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
"""p1, how fast people learn from the code: the columns of Figure 1."""
FIGURE_1 = {
    0.1: (0.863, 0.817, 0.805, 0.802, 0.799, 0.803, 0.806, 0.809, 0.813),
    0.5: (0.954, 0.909, 0.869, 0.837, 0.811, 0.787, 0.768, 0.754, 0.742),
    0.9: (0.972, 0.940, 0.908, 0.874, 0.840, 0.807, 0.780, 0.756, 0.728),
}
"""Knowledge of the code at equilibrium by p2 (rows): public replications, 10,000 runs each, not read off the article."""
MARGIN = 0.01
"""Equivalence: smaller than every step between neighbouring columns of rows .5 and .9 (the smallest is .012)."""
TURNOVER = (0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.3, 0.5, 0.7, 0.9)
TURBULENCE = (0.0, 0.001, 0.002, 0.005, 0.01, 0.02, 0.04)
SIZES = (5, 10, 20, 30, 50, 70, 100)


@numba.njit(cache=True, nogil=True)
def organisation(
    rng: np.random.Generator,
    dimensions: int,
    learning: NDArray[np.float64],
    p2: float,
    p3: float,
    p4: float,
    periods: int,
    code_knows: NDArray[np.float64],
    person_knows: NDArray[np.float64],
) -> int:
    """Let an organisation learn; return the period in which it ended.

    Parameters
    ----------
    rng
        The run's luck.
    dimensions
        m, of reality.
    learning : (n,)
        p1 of each person: chance per cell to move one step towards the code.
    p2, p3, p4
        How fast the code learns; chance that a person is replaced; chance that a dimension of reality flips, per period.
    periods
        How many, or 0: until nothing can change any more (needs p3 = p4 = 0).
    code_knows : (periods + 1,) or (1,)
        Filled with the code's knowledge, mean of C_j R_j, at the start and after each period; if (1,), only at the end.
    person_knows : (n,)
        Filled with each person's knowledge, mean of B_ij R_j, at the end.
    """
    people = len(learning)
    reality = np.empty(dimensions, np.int8)
    code, old = np.zeros(dimensions, np.int8), np.zeros(dimensions, np.int8)
    belief, answer = np.empty((people, dimensions), np.int8), np.empty((people, dimensions), np.int8)
    votes = np.empty(dimensions, np.int64)
    for j in range(dimensions):
        reality[j] = 1 if rng.random() < 0.5 else -1
    for i in range(people):
        for j in range(dimensions):
            belief[i, j] = int(rng.random() * 3) - 1
    code_knows[0] = 0.0
    period = 0
    while period < (periods if periods > 0 else LONGEST):
        period += 1
        # (1) people leave and are replaced, and the world changes
        if p3 > 0:
            for i in range(people):
                if rng.random() < p3:
                    for j in range(dimensions):
                        belief[i, j] = int(rng.random() * 3) - 1
        if p4 > 0:
            for j in range(dimensions):
                if rng.random() < p4:
                    reality[j] = -reality[j]
        # (2) who knows more than the code, zeros guessed; what they say
        score = 0
        for j in range(dimensions):
            old[j] = code[j]
            score += code[j] * reality[j]
            votes[j] = 0
        superior = False
        for i in range(people):
            performance = 0
            for j in range(dimensions):
                a = belief[i, j]
                if a == 0:
                    a = 1 if rng.random() < 0.5 else -1
                answer[i, j] = a
                performance += a * reality[j]
            if performance > score:
                superior = True
                for j in range(dimensions):
                    votes[j] += answer[i, j]
        # (3) people learn from the code of the period's start
        apart = False
        for i in range(people):
            for j in range(dimensions):
                if old[j] != 0 and belief[i, j] != old[j]:
                    apart = True
                    if rng.random() < learning[i]:
                        belief[i, j] += old[j]
        # (4) the code learns from them
        for j in range(dimensions):
            v = votes[j]
            if v != 0 and np.sign(v) != old[j] and rng.random() < 1 - (1 - p2) ** abs(v):
                code[j] = np.sign(v)
        if periods > 0:
            if len(code_knows) > 1:
                code_knows[period] = np.mean(code * reality)
        elif not apart and not superior and exhausted(code, belief, reality):
            break
    code_knows[-1] = np.mean(code * reality)
    for i in range(people):
        person_knows[i] = np.mean(belief[i] * reality)
    return period


@numba.njit(cache=True, nogil=True)
def exhausted(code: NDArray[np.int8], belief: NDArray[np.int8], reality: NDArray[np.int8]) -> bool:
    """Return whether nobody, guessing right throughout where the code is silent, could know more than the code."""
    for i in range(len(belief)):
        more = 0
        for j in range(len(code)):
            if code[j] == 0:
                more += belief[i, j] * reality[j] if belief[i, j] != 0 else 1
        if more > 0:
            return False
    return True


def equilibrium(
    p1: float | Sequence[float], p2: float, n: int, cell: int, workers: int, people: int = PEOPLE
) -> Floats:
    """Return the code's knowledge at equilibrium, (n,)."""
    learning = np.broadcast_to(np.asarray(p1, np.float64), (people,)).copy()

    def one(rng: np.random.Generator) -> list[float]:
        code, person = np.empty(1), np.empty(people)
        if organisation(rng, DIMENSIONS, learning, p2, 0.0, 0.0, 0, code, person) >= LONGEST:
            raise RuntimeError(f"not settled after {LONGEST} periods")
        return [code[0]]

    return runs(one, n, SEED, cell, workers)[:, 0]


def course(p1: float, p2: float, p3: float, p4: float, periods: int, n: int, cell: int, workers: int) -> Floats:
    """Return the code's knowledge over time, (n, periods + 1)."""
    learning = np.full(PEOPLE, p1)

    def one(rng: np.random.Generator) -> Floats:
        code, person = np.empty(periods + 1), np.empty(PEOPLE)
        organisation(rng, DIMENSIONS, learning, p2, p3, p4, periods, code, person)
        return code

    return runs(one, n, SEED, cell, workers)


def figure_1(found: Docking, n: int, workers: int) -> None:
    """Compare knowledge at equilibrium with the reference, three rows by nine columns."""
    means, halves = [], []
    for row, (p2, reference) in enumerate(FIGURE_1.items()):
        cells = np.array([equilibrium(p1, p2, n, 100 + 10 * row + k, workers) for k, p1 in enumerate(LEARNING)])
        for p1, values, expected in zip(LEARNING, cells, reference, strict=True):
            what = f"Figure 1, p1 = {p1}, p2 = {p2}: knowledge of the code at equilibrium"
            found.checks.append(equivalent(what, values, expected, MARGIN, 10_000))
        mean, half = mean_interval(cells, axis=1)
        means.append(mean)
        halves.append(half)
    found.tables["figure_1"] = {"p1": LEARNING, "p2": list(FIGURE_1), "mean": means, "half": halves}
    found.tables["figure_1"]["reference"] = list(FIGURE_1.values())


def figure_2(found: Docking, n: int, workers: int) -> None:
    """Mix slow and fast learners, against organisations in which all learn at the same mean rate."""
    shares = np.linspace(0, 1, 11)
    mixed, same = [], []
    for k, share in enumerate(shares):
        fast = round(share * PEOPLE)
        mixed.append(equilibrium([0.9] * fast + [0.1] * (PEOPLE - fast), 0.5, n, 200 + k, workers))
        same.append(equilibrium(0.1 + 0.8 * share, 0.5, n, 220 + k, workers))
    inner = np.array(mixed)[1:-1] - np.array(same)[1:-1]
    for share, difference in zip(shares[1:-1], inner, strict=True):
        what = f"Figure 2, mean p1 = {0.1 + 0.8 * share:.2f}: mixed less homogeneous knowledge"
        found.checks.append(relation(what, difference, "above zero: a mixture knows more than its mean rate"))
    table = {"p1": 0.1 + 0.8 * shares}
    for name, cells in (("mixed", mixed), ("same", same)):
        table[name], table[f"{name}_half"] = mean_interval(np.array(cells), axis=1)
    found.tables["figure_2"] = table


def figure_3(found: Docking, n: int, workers: int) -> None:
    """Ask slow and fast learners of mixed organisations what they know in period 20."""
    fasts = (1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 49)
    cells = []
    for k, fast in enumerate(fasts):
        learning = np.array([0.9] * fast + [0.1] * (PEOPLE - fast))

        def one(rng: np.random.Generator, learning: Floats = learning, fast: int = fast) -> list[float]:
            code, person = np.empty(1), np.empty(PEOPLE)
            organisation(rng, DIMENSIONS, learning, 0.5, 0.0, 0.0, 20, code, person)
            return [person[fast:].mean(), person[:fast].mean(), code[0]]

        cells.append(runs(one, n, SEED, 300 + k, workers))
    values = np.array(cells)
    gap = "above zero: in the short run fast learners know more than slow ones"
    for fast, v in zip(fasts, values, strict=True):
        found.checks.append(
            relation(f"Figure 3, {fast} of 50 fast: fast less slow at period 20", v[:, 1] - v[:, 0], gap)
        )
    slow_gain = "above zero: more slow learners help the fast ones"
    found.checks.append(
        relation(
            "Figure 3, fast people beside 45 slow less beside 5 slow", values[1, :, 1] - values[-2, :, 1], slow_gain
        )
    )
    mean, half = mean_interval(values, axis=1)
    found.tables["figure_3"] = {"fast": fasts, "columns": ["slow", "fast", "code"], "mean": mean, "half": half}


def figure_4(found: Docking, n: int, workers: int) -> None:
    """Vary turnover for slow and fast learners; the code in period 20."""
    table = {}
    for row, p1 in enumerate((0.1, 0.9)):
        cells = np.array(
            [course(p1, 0.5, p3, 0.0, 20, n, 400 + 20 * row + k, workers)[:, -1] for k, p3 in enumerate(TURNOVER)]
        )
        mean, half = mean_interval(cells, axis=1)
        table[f"p1={p1}"] = {"mean": mean, "half": half}
        peak, low, high = best(cells, TURNOVER, SEED)
        if p1 == 0.9:
            what, passed = "Figure 4, p1 = .9: best turnover", low > 0 and high < 0.9
            rule = "bootstrap interval inside (0, .9): some turnover is best where people learn fast"
        else:
            what, passed = "Figure 4, p1 = .1: best turnover", high == 0
            rule = "bootstrap interval is 0: no turnover is best where people learn slowly"
        found.checks.append(Check(what, RELATIONAL, passed, peak, low, high, rule, n))
    found.tables["figure_4"] = {"p3": TURNOVER} | table


def figure_5(found: Docking, n: int, fewer: int, workers: int) -> None:
    """Let reality change: without turnover the code goes stale at the exact rate 1 - 2 p4, with turnover it does not."""
    p4, periods, start = 0.02, 150, 60
    still, moved = (
        course(0.5, 0.5, p3, p4, periods, m, 500 + k, workers) for k, (p3, m) in enumerate(((0.0, n), (0.1, fewer)))
    )
    table = {}
    for name, values in (("p3=0", still), ("p3=0.1", moved)):
        mean, half = mean_interval(values)
        table[name] = {"mean": mean, "half": half}
    for later in (70, 80, 100):
        expected = (1 - 2 * p4) ** (later - start)
        rest = still[:, later] - expected * still[:, start]  # mean zero if the tail decays as (1 - 2 p4)^t
        c = equivalent(
            f"Figure 5, p3 = 0: code at {later} less (1 - 2 p4)^{later - start} of that at {start}",
            rest,
            0,
            0.01,
            of="zero",
        )
        found.checks.append(c)
    late = moved[:, 100:].mean(axis=1) - still[: len(moved), 100:].mean(axis=1)
    found.checks.append(
        relation(
            "Figure 5: periods 100-150, turnover .1 less none", late, "above zero: turnover keeps the code up to date"
        )
    )
    found.tables["figure_5"] = {"p4": p4, "exact_from": start} | table


def best_turnover(found: Docking, n: int, workers: int) -> None:
    """Find the turnover that is best for each turbulence (code, mean over periods 100 to 150, p1 = p2 = .5)."""
    n //= 2  # by far the longest runs
    means, halves, peaks = [], [], []
    for row, p4 in enumerate(TURBULENCE):
        cells = np.array(
            [
                course(0.5, 0.5, p3, p4, 150, n, 600 + 20 * row + k, workers)[:, 100:].mean(axis=1)
                for k, p3 in enumerate(TURNOVER)
            ]
        )
        mean, half = mean_interval(cells, axis=1)
        means.append(mean)
        halves.append(half)
        peaks.append(best(cells, TURNOVER, SEED))
    still, fastest = peaks[0], peaks[-1]
    rule = "bootstrap intervals do not overlap: the best turnover is higher in the fastest market than in a still one"
    what = f"Best turnover at p4 = {TURBULENCE[-1]} (in a still market: {still[0]} [{still[1]}, {still[2]}])"
    found.checks.append(Check(what, RELATIONAL, fastest[1] > still[2], *fastest, rule, n))
    found.tables["best_turnover"] = {"p3": TURNOVER, "p4": TURBULENCE, "mean": means, "half": halves, "best": peaks}


def size(found: Docking, n: int, workers: int) -> None:
    """Vary the number of people (p1 = p2 = .5)."""
    cells = [equilibrium(0.5, 0.5, n, 800 + k, workers, people) for k, people in enumerate(SIZES)]
    for a, b in zip(range(len(SIZES) - 1), range(1, len(SIZES)), strict=True):
        what = f"Size: {SIZES[b]} people less {SIZES[a]} people"
        found.checks.append(relation(what, cells[b] - cells[a], "above zero: more people, more knowledge"))
    mean, half = mean_interval(np.array(cells), axis=1)
    found.tables["size"] = {"people": SIZES, "mean": mean, "half": half}


def dock(how: Options) -> Docking:
    """Run all figures."""
    n, fewer = (1000, 200) if how.quick else (10_000, 2000)
    found = Docking(
        "march",
        "March (1991): exploration and exploitation",
        "J. G. March, Exploration and exploitation in organizational learning, Organization Science 2(1), 71-87, 1991.",
        "Figure 1: public replications of the original program, 10,000 runs a cell; Figure 5's tail: exact; the rest: shapes",
        SEED,
        n,
        (
            "The replicated program, not the article's text: one step at a time, guessed zeros, knowledge from -1 to 1.",
            "Equilibrium: nobody differs from a non-zero code, and nobody can know more than it, however well they guess.",
            f"Figures 2 to 5 and size: {fewer} runs a cell; best turnover: {fewer // 2}; intervals 95 %.",
            "Figure 5 without turnover has as many runs as Figure 1: its first run, with 2000, left the equivalence of the tail open "
            "(half-widths .006 to .008 at a margin of .01: .0046, .0069 and .0111 off); the margin is unchanged, the 2000 are among the runs now.",
            "Figure 3 shows mean B_ij R_j of people, zeros counting as zero.",
        ),
    )
    figure_1(found, n, how.workers)
    for part in (figure_2, figure_3, figure_4, best_turnover, size):
        part(found, fewer, how.workers)
    figure_5(found, n, fewer, how.workers)
    exact = [c for c in found.checks if c.level == EQUIVALENCE and "Figure 1" in c.what]
    worst = max(abs(c.measured - (c.expected or 0)) for c in exact)
    peaks = ", ".join(
        f"{p[0]:g} at p4 = {t:g}" for p, t in zip(found.tables["best_turnover"]["best"], TURBULENCE, strict=True)
    )
    found.lesson = (
        f"Figure 1: {sum(c.passed for c in exact)} of {len(exact)} cells equivalent within {MARGIN}; largest difference {worst:.4f}. "
        f"Best turnover: {peaks}."
    )
    march_pictures.draw(found, how.folder, n, fewer)
    return found


if __name__ == "__main__":
    report(dock, options(__doc__))

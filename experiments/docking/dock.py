"""How every published model here is run, compared and written down.

Docking has three levels (Axtell, Axelrod, Epstein & Cohen 1996, "Aligning simulation models"): *numerical identity*,
*distributional equivalence* and *relational alignment*. Equivalence is claimed only by a test for it: two one-sided tests
(Schuirmann 1987) reject a difference of the stated margin or more, at 2.5 % each, which is the same as the 95 % interval of
the difference lying within the margin. A large p-value against "no difference" would be no proof.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.measures.intervals import Z95

Floats = NDArray[np.float64]
Level = Literal["numerical identity", "distributional equivalence", "relational alignment"]
IDENTITY: Level = "numerical identity"
EQUIVALENCE: Level = "distributional equivalence"
RELATIONAL: Level = "relational alignment"
ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results" / "docking"
"""Where full runs write; quick ones write to ``out/docking``, which git ignores."""


@dataclass(frozen=True)
class Check:
    """One comparison and what came out.

    Attributes
    ----------
    what
        What is compared, in words.
    level
        The level of docking claimed.
    passed
        Whether the stated criterion holds.
    measured, low, high
        What came out here, with its 95 % interval.
    expected
        The published or exact value, where there is one.
    margin
        Largest difference that still counts as equivalent.
    criterion
        When it passes, said before the run.
    n
        Runs behind each number.
    """

    what: str
    level: Level
    passed: bool
    measured: float
    low: float
    high: float
    criterion: str
    n: int
    expected: float | None = None
    margin: float | None = None


@dataclass
class Docking:
    """Everything that one model's docking found.

    Attributes
    ----------
    name
        File name of its results.
    title, paper
        What it is, and the full reference.
    reference
        Where the numbers come from that it is held against.
    seed, n
        The seed of all its streams, and runs a cell.
    lesson
        What came out, in plain words.
    checks, tables
        The comparisons, and the numbers behind the figure.
    assumptions
        What the description left open, and how it was closed.
    """

    name: str
    title: str
    paper: str
    reference: str
    seed: int
    n: int
    assumptions: Sequence[str] = ()
    lesson: str = ""
    checks: list[Check] = field(default_factory=list)
    tables: dict[str, Any] = field(default_factory=dict)

    @property
    def passed(self) -> int:
        """How many checks passed."""
        return sum(c.passed for c in self.checks)

    def write(self, folder: Path) -> None:
        """Write ``name.json`` (everything) and ``name.csv`` (the checks)."""
        folder.mkdir(parents=True, exist_ok=True)
        data = asdict(self) | {"version": version("smb-coherence"), "passed": self.passed == len(self.checks)}
        text = json.dumps(rounded(data), indent=1, ensure_ascii=False)
        (folder / f"{self.name}.json").write_text(text + "\n", encoding="utf-8")
        with (folder / f"{self.name}.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.DictWriter(file, list(asdict(self.checks[0])), lineterminator="\n")
            rows.writeheader()
            rows.writerows(rounded([asdict(c) for c in self.checks]))


def rounded(value: Any) -> Any:
    """Return plain data with floats to six significant digits, arrays as lists and nan as None."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(v) for v in value]
    if isinstance(value, np.ndarray):
        return rounded(value.tolist())
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, float | np.floating):
        return float(f"{float(value):.6g}") if math.isfinite(value) else None
    if isinstance(value, np.integer):
        return int(value)
    return value


def luck(seed: int, cell: int, run: int) -> np.random.Generator:
    """Return the generator of one run: a Philox stream of its own, keyed by seed, cell and run."""
    key = np.array([seed, (cell << 32) + run], np.uint64)
    return np.random.Generator(np.random.Philox(key=key))


def runs(
    one: Callable[[np.random.Generator], Sequence[float] | Floats], n: int, seed: int, cell: int, workers: int = 1
) -> Floats:
    """Return the outcomes of n runs, (n, outcomes): the same for any number of workers.

    Parameters
    ----------
    one
        One run from its own generator; compiled code that releases the GIL profits from workers.
    n, seed, cell
        How many, and which streams.
    workers
        Threads.
    """
    if workers <= 1:
        return np.array([one(luck(seed, cell, i)) for i in range(n)], np.float64)
    with ThreadPoolExecutor(workers) as pool:
        parts = np.array_split(np.arange(n), min(n, 4 * workers))
        done = pool.map(lambda part: [one(luck(seed, cell, int(i))) for i in part], parts)
        return np.array([row for rows in done for row in rows], np.float64)


def mean_interval(values: Floats, axis: int = 0) -> tuple[Floats, Floats]:
    """Return mean and half-width of its 95 % interval (normal) over an axis, absent (nan) values left out."""
    count = np.sum(~np.isnan(values), axis=axis)
    half = Z95 * np.nanstd(values, axis=axis, ddof=1) / np.sqrt(count)
    return np.nanmean(values, axis=axis), np.asarray(half)


def equivalent(
    what: str,
    values: Floats,
    expected: float,
    margin: float,
    reference_runs: int | None = None,
    of: str = "the reference",
) -> Check:
    """Test whether a mean equals a reference within a margin (two one-sided tests at 2.5 % each).

    Parameters
    ----------
    what, values
        The name of the comparison and the outcomes of the runs.
    expected, margin
        The reference, and the largest difference that counts as equal.
    reference_runs
        Runs behind the reference where it is an estimate; its spread is taken to be ours. None: exact.
    of
        What the reference is, for the criterion.
    """
    mean, sd, n = float(values.mean()), float(values.std(ddof=1)), len(values)
    half = Z95 * sd * math.sqrt(1 / n + (1 / reference_runs if reference_runs else 0))
    passed = abs(mean - expected) + half < margin
    criterion = f"95 % interval of the difference from {of} within {margin:g} (two one-sided tests)"
    return Check(what, EQUIVALENCE, passed, mean, mean - half, mean + half, criterion, n, expected, margin)


def relation(what: str, difference: Floats, criterion: str) -> Check:
    """Test a published direction: the 95 % interval of the mean difference lies above zero."""
    mean, half = (float(x) for x in mean_interval(difference))
    return Check(what, RELATIONAL, mean - half > 0, mean, mean - half, mean + half, criterion, len(difference))


def best(values: Floats, grid: Sequence[float], seed: int, draws: int = 1000) -> tuple[float, float, float]:
    """Return where on a grid the mean is highest, with the bootstrap's 2.5 and 97.5 % points (over runs).

    Parameters
    ----------
    values : (grid, runs)
        Outcomes; cells have independent runs, so that each is drawn anew by itself.
    grid
        The factor's levels.
    seed, draws
        Of the bootstrap.
    """
    rng, n = luck(seed, 1 << 20, 0), values.shape[1]
    weights = rng.multinomial(n, np.full(n, 1 / n), size=(len(values), draws)) / n
    means = np.einsum("gdn,gn->dg", weights, values)
    where = np.asarray(grid)[np.argmax(means, axis=1)]
    low, high = np.quantile(where, [0.025, 0.975])
    return float(np.asarray(grid)[np.argmax(values.mean(axis=1))]), float(low), float(high)


@dataclass(frozen=True)
class Options:
    """How to run: all of it or a quick part, on how many threads, and where results go."""

    quick: bool
    workers: int
    folder: Path


def options(doc: str | None) -> Options:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=(doc or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="fewer runs; writes to out/docking")
    parser.add_argument("-j", type=int, default=1, metavar="N", help="threads; results do not depend on them")
    parser.add_argument("--out", type=Path, help="folder for the results")
    given = parser.parse_args()
    folder = given.out or (ROOT / "out" / "docking" if given.quick else RESULTS)
    return Options(given.quick, given.j, folder)


def report(docking: Callable[[Options], Docking], how: Options) -> Docking:
    """Run one docking, write it and print its verdicts."""
    start = time.perf_counter()
    found = docking(how)
    found.write(how.folder)
    print(f"\n{found.title}: {found.passed} of {len(found.checks)} checks passed, {time.perf_counter() - start:.0f} s")
    for c in found.checks:
        value = "" if c.expected is None else f", expected {c.expected:.4g}"
        print(
            f"  {'pass' if c.passed else 'FAIL'}  {c.what}: {c.measured:.4g} [{c.low:.4g}, {c.high:.4g}]{value}, n = {c.n}"
        )
    print(f"  {found.lesson}", flush=True)
    return found

"""What-ifs on one base: each case alone, and the best combination that a budget buys."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from sim.company.whatif.cases import Bundle, Case
from sim.company.whatif.compare import Difference, Draws, differences, horizons, many, outcomes
from sim.company.whatif.portfolio import search
from sim.measures.outcomes import OUTCOMES, interval, written
from sim.scenario import Scenario
from sim.simulate import Batch

FRESH = 1_000_003
"""Added to the seed where the winner of a search is run anew, so that it is not judged by the luck that chose it."""


@dataclass(frozen=True)
class Found:
    """What came of a case or a combination.

    Attributes
    ----------
    pairs
        Outcome -> case less base of each pair at the long horizon: what measures are compared with each other by.
    """

    name: str
    about: str
    cost: float
    parts: tuple[str, ...]
    differences: tuple[Difference, ...]
    pairs: dict[str, tuple[float, ...]] = field(default_factory=dict, compare=False)

    def at(self, outcome: str, weeks: int) -> Difference:
        """Return one difference."""
        return next(d for d in self.differences if d.outcome == outcome and d.weeks == weeks)

    def gains(self, outcome: str) -> list[float]:
        """Return the differences of the pairs, counted so that more is better."""
        sign = 1 if OUTCOMES[outcome].more else -1
        return [sign * v for v in self.pairs[outcome]]


class Bench:
    """A base that cases are compared with: it is run once for each seed."""

    def __init__(
        self,
        base: Scenario,
        runs: int,
        seed: int,
        draws: Draws = (),
        workers: int = 1,
        progress: Callable[[int], None] | None = None,
    ) -> None:
        self.base, self.runs, self.seed, self.draws, self.workers, self.progress = (
            base,
            runs,
            seed,
            draws,
            workers,
            progress,
        )
        self._bases: dict[tuple[int, int], Batch] = {}

    def base_runs(self, runs: int, seed: int) -> Batch:
        """Return the base's runs."""
        if (runs, seed) not in self._bases:
            self._bases[runs, seed] = many(self.base, runs, seed, self.draws, frozenset(), self.workers, self.progress)
        return self._bases[runs, seed]

    def of(self, bundle: Bundle, runs: int, seed: int) -> Batch:
        """Return a bundle's runs, paired with the base's."""
        return many(bundle.scenario(self.base), runs, seed, self.draws, bundle.held, self.workers, self.progress)

    def find(self, cases: Sequence[Case], seed: int | None = None, name: str | None = None) -> Found:
        """Return what came of some cases together."""
        bundle = Bundle(tuple(cases))
        seed = self.seed if seed is None else seed
        batch = self.of(bundle, self.runs, seed)
        base, long = self.base_runs(self.runs, seed), horizons(self.base)[-1]
        found = differences(base, batch, horizons(self.base))
        one, other = outcomes(base, long), outcomes(batch, long)
        return Found(
            name=name or bundle.name,
            about=cases[0].about if len(cases) == 1 else "",
            cost=bundle.total_cost(self.base.weeks),
            parts=tuple(c.name for c in cases),
            differences=tuple(found),
            pairs={o: tuple((other[o] - one[o]).tolist()) for o in OUTCOMES},
        )


def best_bundle(
    bench: Bench, cases: Sequence[Case], budget: float, outcome: str, tries: int, runs: int
) -> Found | None:
    """Return the best combination found within a budget, run anew with fresh luck; None where nothing is affordable or helps.

    Parameters
    ----------
    tries, runs
        Combinations tried, and runs for each.
    """
    weeks = bench.base.weeks
    costs = [case.total_cost(weeks) for case in cases]
    apart = [(i, j) for i, j in combinations(range(len(cases)), 2) if Bundle((cases[i], cases[j])).clash()]
    sign = 1 if OUTCOMES[outcome].more else -1
    base = outcomes(bench.base_runs(runs, bench.seed), weeks)[outcome]

    def gain(chosen: frozenset[int]) -> float:
        batch = bench.of(Bundle(tuple(cases[i] for i in sorted(chosen))), runs, bench.seed)
        return sign * float((outcomes(batch, weeks)[outcome] - base).mean())

    tried = search(gain, costs, budget, apart, tries)
    if not tried or tried[0][1] <= 0:
        return None
    return bench.find([cases[i] for i in sorted(tried[0][0])], seed=bench.seed + FRESH)


def ranked(found: Sequence[Found], outcome: str, weeks: int) -> list[Found]:
    """Return findings, those that help most first."""
    return sorted(found, key=lambda f: -f.at(outcome, weeks).good)


def table(found: Sequence[Found], outcome: str, weeks: tuple[int, ...]) -> list[tuple[str, ...]]:
    """Return the ranking as text: a heading row and a row for each finding."""
    unit = OUTCOMES[outcome].unit
    head = ["Case", "Cost (weeks)"]
    for w in weeks:
        head += [f"{OUTCOMES[outcome].label} after {w} weeks ({unit})", "95 % interval", "Chance to beat the base"]
    rows = [tuple(head)]
    for f in ranked(found, outcome, weeks[-1]):
        row = [f.name, f"{f.cost:.1f}"]
        for w in weeks:
            d = f.at(outcome, w)
            row += [written(d.mean, outcome, True), interval(d.low, d.high, outcome), f"{100 * d.better:.0f} %"]
        rows.append(tuple(row))
    return rows


def aligned(rows: Sequence[Sequence[str]], most: int = 40) -> str:
    """Return rows as text in columns; headings wrap."""
    import textwrap

    body = [[cell if len(cell) <= most else cell[: most - 1] + "…" for cell in row] for row in rows[1:]]
    widths = [max(10 if i else 16, *(len(row[i]) for row in body)) if body else 16 for i in range(len(rows[0]))]
    heads = [textwrap.wrap(cell, width) for cell, width in zip(rows[0], widths, strict=True)]
    tall = max(map(len, heads))
    lines = []
    for k in range(tall):
        cells = [head[k - (tall - len(head))] if k >= tall - len(head) else "" for head in heads]
        lines.append(
            "  ".join(
                c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True))
            ).rstrip()
        )
    lines.append("─" * (sum(widths) + 2 * (len(widths) - 1)))
    for row in body:
        lines.append(
            "  ".join(
                c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
        )
    return "\n".join(lines)

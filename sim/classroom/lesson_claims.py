"""What many firms say: whether a lesson's statements hold under the model, with numbers and intervals."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from sim.classroom.chain import LINKS, NEVER, first_weeks, noise
from sim.measures.intervals import mean_interval, newcombe, wilson
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.measures.summaries import survived, window_mean
from sim.scenario import Scenario
from sim.scenario.parameters import Part
from sim.simulate import Batch, run_many
from sim.state import Floats

PAIRS = 200
"""Pairs of firms behind a statement on a page: replicate 0 of the seeds 0, 1, ..., each a luck that the page can show."""
FIRMS = 40
"""Firms behind what a class tries."""


class Window(Part):
    """A measure and when it is read.

    Attributes
    ----------
    measure
        One of `sim.measures.series.SERIES`, or ``closed``: the share of firms that have closed by the end.
    department
        Of which department; the measure is then one of `sim.measures.series.DEPARTMENT_SERIES`.
    from_week, to_week
        The first week read and the week after the last; a firm's value is its mean over the weeks that it lived of them.
    """

    measure: str = Field(max_length=40)
    department: str | None = Field(default=None, max_length=60)
    from_week: int = Field(default=0, ge=0, le=520)
    to_week: int = Field(default=520, ge=1, le=521)

    @model_validator(mode="after")
    def _known(self) -> Window:
        known = ["closed", *SERIES] if self.department is None else list(DEPARTMENT_SERIES)
        if self.measure not in known:
            raise ValueError(f"measure {self.measure!r} is not one of: {', '.join(known)}")
        if self.from_week >= self.to_week:
            raise ValueError(f"from_week {self.from_week} must be before to_week {self.to_week}")
        return self


class Claim(Window):
    """A statement about the changed firm, and what would have to be measured for it to hold.

    Attributes
    ----------
    name
        By which the vote's answer and sentences of the explanation refer to it.
    text
        What is said.
    expect
        ``higher``, ``lower``: than the base, in pairs of firms with the same luck; ``same``: no further apart than
        ``within``; ``between``: the changed firms' own mean lies from ``least`` to ``most``; ``earlier``: the difference
        in the measure stands out before that in ``than``, in most pairs.
    shown
        Whether the pair on the page must show it, too.
    """

    name: str = Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)
    text: str = Field(min_length=1, max_length=300)
    expect: Literal["higher", "lower", "same", "between", "earlier"]
    within: float = Field(default=0.02, gt=0)
    least: float = 0.0
    most: float = 1.0
    than: str = ""
    shown: bool = True

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.expect == "between" and not self.least < self.most:
            raise ValueError(f"least {self.least:g} must be below most {self.most:g}")
        if self.expect == "earlier" and not {self.measure, self.than} <= set(LINKS):
            raise ValueError(f"measure and than must be links of the chain: {', '.join(LINKS)}")
        return self

    @property
    def share(self) -> bool:
        """Whether its numbers are shares, to be shown in per cent."""
        return self.measure == "closed" or self.expect == "earlier"


class Finding(NamedTuple):
    """What the model says to a claim.

    Attributes
    ----------
    name, text, kind, measure, share
        Of the claim.
    base, change
        Means over the firms that have the value; of an order the share of pairs that have it, as ``change``.
    difference
        Of the pairs that both have it; None where nothing is compared.
    low, high
        95 % interval of the difference, or else of ``change``.
    pairs, of
        How many pairs these are, of how many.
    verdict
        ``holds``, ``opposite`` or ``open``: not to be told from nothing with so many pairs.
    """

    name: str
    text: str
    kind: str
    measure: str
    share: bool
    base: float | None
    change: float | None
    difference: float | None
    low: float | None
    high: float | None
    pairs: int
    of: int
    verdict: Literal["holds", "opposite", "open"]


@dataclass
class Pairs:
    """Firms without and with the cause, in pairs with the same luck: pair i is replicate 0 of seed i."""

    base: Batch
    change: Batch
    _first: dict[str, tuple[NDArray[np.int64], NDArray[np.bool_]]] = field(default_factory=dict)

    @cached_property
    def noise(self) -> dict[str, float]:
        """How large a difference must be to stand out from luck, by link."""
        return noise(self.base)

    def first_weeks(self, measure: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Return when a link lights up in each pair, and whether it goes up."""
        if measure not in self._first:
            self._first[measure] = first_weeks(self.base, self.change, measure, self.noise[measure])
        return self._first[measure]

    def differences(self, window: Window) -> Floats:
        """Return change less base of each pair, (pairs,); nan where one has no value."""
        x, y = (_value(batch, window) for batch in (self.base, self.change))
        return y - x


def run_pairs(base: Scenario, change: Scenario, pairs: int = PAIRS) -> Pairs:
    """Run two scenarios that differ in one cause with the same luck."""
    return Pairs(_seeds(base, pairs), _seeds(change, pairs))


def judge(base: Scenario, change: Scenario, claims: Sequence[Claim], pairs: int = PAIRS) -> list[Finding]:
    """Run both scenarios with the same luck and say what comes of each claim.

    Parameters
    ----------
    base, change
        Two scenarios that differ in one cause.
    claims
        What is said of them.
    pairs
        How many pairs.
    """
    return findings(run_pairs(base, change, pairs), claims)


def findings(pairs: Pairs, claims: Sequence[Claim]) -> list[Finding]:
    """Say what comes of each claim in some pairs of firms."""
    return [_finding(claim, pairs) for claim in claims]


def shows(claim: Claim, pairs: Pairs) -> NDArray[np.bool_]:
    """Return in which pairs a claim can be seen, (pairs,)."""
    if claim.expect == "earlier":
        first, then = pairs.first_weeks(claim.measure)[0], pairs.first_weeks(claim.than)[0]
        return np.asarray((first < then) & (first != NEVER))
    if claim.expect == "between":
        value = _value(pairs.change, claim)
        return np.asarray((value >= claim.least) & (value <= claim.most))
    gap = pairs.differences(claim)
    if claim.expect == "same":
        return np.asarray(np.abs(gap) <= claim.within)
    return np.asarray(gap > 0 if claim.expect == "higher" else gap < 0)


def per_firm(batch: Batch, window: Window) -> Floats:
    """Return each firm's mean over the weeks of a window that it lived, nan where it lived none, (runs,)."""
    values: Floats
    if window.department is None:
        values = batch.of(window.measure)
    else:
        if window.department not in batch.department_names:
            raise ValueError(f"there is no department {window.department!r}: {', '.join(batch.department_names)}")
        which = batch.department_names.index(window.department)
        values = batch.departments[:, :, which, list(DEPARTMENT_SERIES).index(window.measure)]
    return window_mean(values, window.from_week, window.to_week)


def _seeds(scenario: Scenario, count: int) -> Batch:
    """Run replicate 0 of the seeds 0 to count - 1."""
    runs = [run_many(scenario, 1, seed) for seed in range(count)]
    return replace(
        runs[0],
        replicates=np.zeros(count, np.int64),
        closed=np.concatenate([run.closed for run in runs]),
        series=np.concatenate([run.series for run in runs]),
        departments=np.concatenate([run.departments for run in runs]),
    )


def _value(batch: Batch, window: Window) -> Floats:
    if window.measure == "closed":
        return _closed(batch, window.to_week)
    return per_firm(batch, window)


def _closed(batch: Batch, before: int) -> Floats:
    return np.where(survived(batch.closed, before), 0.0, 1.0)


def _finding(claim: Claim, pairs: Pairs) -> Finding:
    n = len(pairs.base)
    if claim.expect == "earlier":
        lit = pairs.first_weeks(claim.measure)[0] != NEVER
        count, of = int(shows(claim, pairs).sum()), int(lit.sum())
        low, high = wilson(count, of) if of else (0.0, 1.0)
        verdict = "holds" if low > 0.5 else "opposite" if high < 0.5 else "open"
        return _found(claim, math.nan, count / max(1, of), math.nan, low, high, of, n, verdict)
    x, y = _value(pairs.base, claim), _value(pairs.change, claim)
    before, after = (float(np.nanmean(v)) if (~np.isnan(v)).any() else math.nan for v in (x, y))
    if claim.expect == "between":
        lived = y[~np.isnan(y)]
        if claim.measure == "closed":
            low, high = wilson(int(lived.sum()), len(lived))
        else:
            _, low, high = map(float, mean_interval(lived))
        inside, outside = claim.least <= low and high <= claim.most, high < claim.least or low > claim.most
        verdict = "holds" if inside else "opposite" if outside else "open"
        return _found(claim, math.nan, after, math.nan, low, high, len(lived), n, verdict)
    if claim.measure == "closed":
        gap, low, high = newcombe((int(x.sum()), n), (int(y.sum()), n))
        both = np.ones(n, bool)
    else:
        both = ~np.isnan(x) & ~np.isnan(y)
        gap, low, high = map(float, mean_interval(y[both] - x[both]))
    return _found(claim, before, after, gap, low, high, int(both.sum()), n, _verdict(claim, gap, low, high))


def _verdict(claim: Claim, gap: float, low: float, high: float) -> str:
    if claim.expect == "same":
        if -claim.within <= low and high <= claim.within:
            return "holds"
        return "opposite" if low > claim.within or high < -claim.within else "open"
    if low > 0 or high < 0:
        return "holds" if (gap > 0) == (claim.expect == "higher") else "opposite"
    return "open"


def _found(
    claim: Claim,
    base: float,
    change: float,
    difference: float,
    low: float,
    high: float,
    pairs: int,
    of: int,
    verdict: str,
) -> Finding:
    numbers = [float(v) if math.isfinite(v) else None for v in (base, change, difference, low, high)]
    kind = claim.expect if claim.expect in ("between", "earlier") else "difference"
    told = (claim.name, claim.text, kind, claim.measure, claim.share)
    return Finding(*told, *numbers, pairs, of, verdict)  # type: ignore[call-arg, arg-type]


class Reading(NamedTuple):
    """Mean of a measure over many firms with a 95 % interval, and the share that closed."""

    mean: float | None
    low: float | None
    high: float | None
    closed: float
    firms: int


def read(scenario: Scenario, window: Window, firms: int = FIRMS, seed: int = 1000) -> Reading:
    """Return what a measure comes to over many firms of one scenario."""
    batch = run_many(scenario, firms, seed, with_departments=window.department is not None)
    if window.measure == "closed":
        count = firms - int(survived(batch.closed, window.to_week).sum())
        return Reading(count / firms, *wilson(count, firms), count / firms, firms)
    numbers = [float(v) if math.isfinite(v) else None for v in mean_interval(per_firm(batch, window))]
    return Reading(numbers[0], numbers[1], numbers[2], float((batch.closed >= 0).mean()), firms)


class Contrast(NamedTuple):
    """Difference of a measure between two scenarios in pairs of firms with the same luck, with a 95 % interval."""

    mean: float | None
    low: float | None
    high: float | None
    n: int


def contrast(scenario: Scenario, base: Scenario, window: Window, firms: int = FIRMS, seed: int = 1000) -> Contrast:
    """Return how much more a scenario has of a measure than another one."""
    change, other = (
        _value(run_many(s, firms, seed, with_departments=window.department is not None), window)
        for s in (scenario, base)
    )
    gap = change - other
    numbers = [float(v) if math.isfinite(v) else None for v in mean_interval(gap)]
    return Contrast(numbers[0], numbers[1], numbers[2], int((~np.isnan(gap)).sum()))

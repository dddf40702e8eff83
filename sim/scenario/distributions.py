"""What a parameter may be instead of a number: a distribution over firms, or a change to everybody's own value.

A rank u in [0, 1) becomes a value through the inverse distribution function, so that another distribution keeps ranks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from functools import cache
from statistics import NormalDist
from typing import Any, NamedTuple

from pydantic import Field
from pydantic.fields import FieldInfo

from sim.scenario.errors import number
from sim.scenario.parameters import GROUPS, Part, parameter_names

Number = float | int | bool

_FORMS = ({"mean", "sd"}, {"low", "high"}, {"values"}, {"value"})
FORMS = "{ mean, sd }, { low, high }, { values = [...] }, or { times } and { plus } on everybody's own value"
_NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_SPAN = re.compile(rf"\s*({_NUMBER})\s*\.\.\s*({_NUMBER})\s*")
_LEAST = 2.0**-53
"""Half the distance between two ranks next to each other."""


class Distribution(Part):
    """How a parameter differs between firms: one of four forms, then times and plus."""

    mean: float | None = Field(default=None, description="mean of a normal distribution, before it is truncated")
    sd: float | None = Field(default=None, gt=0, description="its standard deviation; it is truncated to the bounds")
    low: float | None = Field(default=None, description="lowest value, all up to high being equally likely")
    high: float | None = Field(default=None, description="highest value; of whole numbers it is among them")
    values: tuple[float | bool, ...] | None = Field(
        default=None, min_length=1, max_length=10_000, description="values that are equally likely"
    )
    value: float | bool | None = Field(default=None, description="one value, for times and plus to act on")
    times: float | None = Field(default=None, description="what everybody's own value is multiplied by")
    plus: float | None = Field(default=None, description="what is then added; the result stops at the bounds")

    @property
    def keys(self) -> set[str]:
        """The keys that are given."""
        return {key for key in type(self).model_fields if getattr(self, key) is not None}

    @property
    def has_source(self) -> bool:
        """Whether it says where values come from, rather than changing everybody's own."""
        return bool(self.keys - {"times", "plus"})

    @property
    def varies(self) -> bool:
        """Whether it gives more than one value by itself."""
        return self.mean is not None or self.low is not None or len(set(self.values or ())) > 1

    def at(self, rank: float, own: Number, limits: Limits) -> Number:
        """Return the value of the firm that has a rank.

        Parameters
        ----------
        rank
            From 0 to 1, without 1: the share of firms with a lower value.
        own
            The value that the firm has without this distribution; counts for times and plus alone.
        limits
            Of the parameter.

        Examples
        --------
        >>> spread = Distribution(mean=0.55, sd=0.12)
        >>> round(spread.at(0.5, 0, limits("founder.clarity")), 4)
        0.55
        >>> Distribution(low=2, high=5).at(0.99, 0, limits("founder.cadence"))
        5
        >>> Distribution(times=0.5).at(0.3, 0.8, limits("founder.clarity"))
        0.4
        """
        value = self._source(rank, limits) if self.has_source else own
        if self.times is not None or self.plus is not None:
            value = (1 if self.times is None else self.times) * value + (self.plus or 0)
            value = limits.kept(value)
        if limits.kind is bool:
            return bool(value)
        return math.floor(value) if limits.kind is int else float(value)

    def _source(self, rank: float, limits: Limits) -> Number:
        whole = limits.kind is int
        if self.mean is not None and self.sd is not None:
            normal = NormalDist(self.mean, self.sd)
            above = limits.high + 1 if whole else limits.high
            first, last = normal.cdf(limits.low), normal.cdf(above)
            share = min(max(first + rank * (last - first), _LEAST), 1 - _LEAST)
            return min(max(normal.inv_cdf(share), limits.low), math.nextafter(above, limits.low) if whole else above)
        if self.low is not None and self.high is not None:
            if whole:  # every whole number from low to high, both among them
                return math.floor(self.low + rank * (math.floor(self.high) + 1 - self.low))
            return min(self.low + rank * (self.high - self.low), self.high)
        if self.values is not None:
            return sorted(self.values)[math.floor(rank * len(self.values))]
        assert self.value is not None
        return self.value

    def extremes(self) -> list[tuple[str, Number]]:
        """Return the keys and values that must be allowed for the parameter itself."""
        values: list[tuple[str, Number]] = [
            (key, getattr(self, key)) for key in ("mean", "low", "high", "value") if getattr(self, key) is not None
        ]
        if self.values:
            values += [("values", min(self.values)), ("values", max(self.values))]
        return values

    def __str__(self) -> str:
        """Return the distribution in words."""
        words = []
        if self.mean is not None:
            words.append(f"normal, mean {number(self.mean)}, sd {number(self.sd or 0)}, truncated to the bounds")
        if self.low is not None:
            words.append(f"uniform from {number(self.low)} to {number(self.high or 0)}")
        if self.values is not None:
            values = ", ".join(str(v).lower() if isinstance(v, bool) else number(v) for v in self.values[:8])
            words.append(f"one of {values}{', ...' if len(self.values) > 8 else ''}")
        if self.value is not None:
            words.append(number(self.value))
        if self.times is not None:
            words.append(f"{'' if words else 'own value '}times {number(self.times)}")
        if self.plus is not None:
            words.append(f"{'' if words else 'own value '}plus {number(self.plus)}")
        return ", ".join(words)


def form_problems(distribution: Distribution) -> Iterator[tuple[str | None, Any, str]]:
    """Yield (key, value, what is wrong) for a distribution, whatever parameter it is for."""
    keys = distribution.keys
    source = keys - {"times", "plus"}
    if not keys:
        yield None, None, f"is an empty table; a distribution is {FORMS}"
    elif source and source not in _FORMS:
        for form in _FORMS:
            missing = form - source
            if source < form:
                yield None, None, f"lacks {' and '.join(sorted(missing))}; a distribution is {FORMS}"
                return
        yield None, None, f"mixes {', '.join(sorted(source))}; a distribution is {FORMS}"
    elif distribution.low is not None and distribution.high is not None and distribution.low >= distribution.high:
        yield "low", distribution.low, f"must be below high, {number(distribution.high)}"


class Limits(NamedTuple):
    """A parameter's type, and the lowest and highest value that it may take.

    Where a bound is open, it is the next number inside.
    """

    kind: type
    low: float
    high: float
    open: tuple[bool, bool] = (False, False)

    def kept(self, value: Number) -> Number:
        """Return a value moved to the bounds where these are closed; beyond an open one it stays, and is refused later."""
        if value < self.low and not self.open[0]:
            return self.low
        return self.high if value > self.high and not self.open[1] else value


@cache
def limits(name: str) -> Limits:
    """Return the limits of a parameter, of ``scarcity`` or of ``headcount``."""
    group, _, field = name.partition(".")
    if group in GROUPS:
        return _limits(GROUPS[group].model_fields[field])
    return {"scarcity": Limits(float, 0.0, 1.0), "headcount": Limits(int, 1.0, 1e6)}[name]


def _limits(info: FieldInfo) -> Limits:
    low, high = -math.inf, math.inf
    for limit in info.metadata:
        low = max(low, getattr(limit, "ge", low), math.nextafter(getattr(limit, "gt", -math.inf), math.inf))
        high = min(high, getattr(limit, "le", high), math.nextafter(getattr(limit, "lt", math.inf), -math.inf))
    kind: type = bool if info.annotation is bool else int if info.annotation is int else float
    is_open = tuple(any(hasattr(limit, key) for limit in info.metadata) for key in ("gt", "lt"))
    return Limits(kind, 0.0, 1.0) if kind is bool else Limits(kind, low, high, (is_open[0], is_open[1]))


@cache
def may_vary() -> tuple[str, ...]:
    """Return everything that may be a distribution: all parameters, ``scarcity`` and ``headcount``."""
    return (*parameter_names(), "scarcity", "headcount")


def span(text: str) -> dict[str, float] | None:
    """Return the distribution that a command line writes as ``0.3..0.7``, None for other text.

    Examples
    --------
    >>> span("0.3..0.7")
    {'low': 0.3, 'high': 0.7}
    >>> span("0.3") is None
    True
    """
    ends = _SPAN.fullmatch(text)
    return None if ends is None else {"low": _plain_number(ends[1]), "high": _plain_number(ends[2])}


def _plain_number(text: str) -> float:
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else float(text)


def changed(before: Any, change: Mapping[str, Any]) -> dict[str, Any]:
    """Return the distribution that times and plus make of what a base says: a number, a distribution or nothing."""
    base = dict(before) if isinstance(before, Mapping) else {} if before is None else {"value": before}
    times, plus = change.get("times"), change.get("plus")
    if times is not None and all(map(_is_number, (times, base.get("times", 1), base.get("plus", 0)))):
        base["times"] = base.get("times", 1) * times
        if "plus" in base:
            base["plus"] *= times
    elif times is not None:
        base["times"] = times
    if plus is not None:
        old = base.get("plus", 0)
        base["plus"] = old + plus if _is_number(old) and _is_number(plus) else plus
    return base


def only_changes(value: object) -> bool:
    """Return whether a table is times, plus or both and nothing else."""
    return isinstance(value, Mapping) and bool(value) and value.keys() <= {"times", "plus"}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)

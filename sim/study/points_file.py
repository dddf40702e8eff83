"""Points of a design that a table holds: every value is checked against its field before anything runs."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import CoherenceError
from sim.scenario.errors import ScenarioError, nearest, shown
from sim.study.factors import DUMMY, Column, Factor, as_column

if TYPE_CHECKING:
    from sim.scenario.model import Scenario

MOST_SHOWN = 10
MOST_ASKED = 500
"""Different values of a factor that the scenario is asked about one by one; of more, it is asked where the allowed ones end."""


class DesignError(CoherenceError, ValueError):
    """A design that cannot be made; the message says what is wrong with it, and where."""


def read_points(factors: tuple[Factor, ...], scenario: Scenario | None, path: Path) -> dict[str, Column]:
    """Return the columns of a table of points, CSV or Parquet, a column per factor and a row per point.

    Parameters
    ----------
    factors
        What varies; columns of other names are passed over.
    scenario
        The base, which says what a factor may be; None where a function is studied.

    Raises
    ------
    DesignError
        If the file cannot be read, lacks a column or holds a value that its field does not allow: with row and value.
    """
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    text = path.suffix.lower() != ".parquet"
    try:
        table = pyarrow.csv.read_csv(path) if text else pyarrow.parquet.read_table(path, partitioning=None)
    except (OSError, pa.ArrowException) as error:
        raise DesignError(f"{path} cannot be read as a table: {str(error).splitlines()[0]}") from None
    if not table.num_rows:
        raise DesignError(f"{path} has no rows")
    columns: dict[str, Column] = {}
    wrong: list[tuple[int, str, str]] = []
    for factor in factors:
        names = [name for name in table.column_names if name.strip() == factor.name]
        if len(names) != 1:
            what = "has no column" if not names else "has more than one column"
            near = nearest(factor.name, table.column_names) if not names else ""
            raise DesignError(f"{path} {what} {factor.name!r}, which the study varies{near}")
        values = table[names[0]].to_pylist()
        problems = list(_problems(factor, scenario, values))
        wrong += [(row, factor.name, problem) for row, problem in problems]
        if not problems:
            values = [int(v) for v in values] if factor.kind == "integer" else values
            column = as_column(values)
            columns[factor.name] = column.astype(np.float64) if factor.kind in ("uniform", "triangular") else column
    if wrong:
        wrong.sort()
        lines = [f"{path}, row {row + 1}: {name}{problem}" for row, name, problem in wrong[:MOST_SHOWN]]
        more = [f"and {len(wrong) - MOST_SHOWN} more values"] if len(wrong) > MOST_SHOWN else []
        raise DesignError("\n".join([*lines, *more]))
    return columns


def _problems(factor: Factor, scenario: Scenario | None, values: list[Any]) -> Iterator[tuple[int, str]]:
    """Yield the row and what is wrong with its value."""
    unlike: dict[Any, str] = {}
    for value in dict.fromkeys(values):
        if value is None:
            unlike[value] = " is missing"
        elif factor.kind != "choice" and (type(value) not in (int, float) or not math.isfinite(value)):
            unlike[value] = f" = {shown(value)} must be a number"
        elif factor.kind == "integer" and not float(value).is_integer():
            unlike[value] = f" = {shown(value)} must be a whole number"
    if scenario is not None and factor.name != DUMMY:
        asked = [value for value in dict.fromkeys(values) if value not in unlike]
        typed = int if factor.kind == "integer" else lambda value: value

        def refusal(value: Any) -> str | None:
            try:
                scenario.replace({factor.name: typed(value)})
            except ScenarioError as error:
                return f" = {shown(value)} {error.problems[0].message}"
            return None

        unlike |= _refusals(asked, refusal, factor.base)
    if unlike:
        # nan is not equal to itself, but `values` holds the very object that `unlike` does.
        yield from ((row, unlike[value]) for row, value in enumerate(values) if value in unlike)


def _refusals(values: list[Any], refusal: Callable[[Any], str | None], base: Any) -> dict[Any, str]:
    """Return the values that are refused, and why.

    Of many different numbers only some are tried: what a field allows is an interval around the base's value.
    """
    if len(values) > MOST_ASKED and all(type(v) in (int, float) for v in values) and type(base) in (int, float):
        below = sorted((v for v in values if v < base), reverse=True)
        above = sorted(v for v in values if v >= base)
        values = [*below[_allowed(below, refusal) :], *above[_allowed(above, refusal) :]]
        if not values:
            return {}
        reasons = {v: refusal(v) for v in values[:MOST_SHOWN]}
        return {v: reasons.get(v) or " is out of bounds, like others" for v in values}
    reasons = {value: refusal(value) for value in values}
    return {value: reason for value, reason in reasons.items() if reason is not None}


def _allowed(outward: list[Any], refusal: Callable[[Any], str | None]) -> int:
    """Return how many of the values, ordered from the base outward, are allowed."""
    low, high = 0, len(outward)
    while low < high:
        middle = (low + high) // 2
        if refusal(outward[middle]) is None:
            low = middle + 1
        else:
            high = middle
    return low

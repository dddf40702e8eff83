"""Which firm a replicate of an uncertain scenario is.

Every field that is uncertain has one uniform number u for each firm, keyed by the field's full name, and takes its value
by the inverse distribution function; a table of joint draws has one u, for the row. So an arm that sets one field changes
that field alone, and one that gives it another distribution leaves every firm its rank.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sim.engine.streams import UNCERTAIN, stream
from sim.scenario.distributions import Number, limits
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.model import Scenario
from sim.scenario.parameters import GROUPS, SCARCITY, scarce

TABLE = "draws"
"""The name that keys the rank of a row of the table."""


def rank(seed: int, firm: int, name: str) -> float:
    """Return the rank, from 0 to 1 without 1, that a firm has in a field.

    Parameters
    ----------
    seed, firm
        Which firm: the replicate, divided by the lucks that a firm gets.
    name
        Full name of the field, or `TABLE`.
    """
    key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "little")
    return float(stream(seed, firm, UNCERTAIN, 0, key).random())


def drawn_values(scenario: Scenario, seed: int, replicate: int) -> dict[str, Number]:
    """Return the values of a replicate in all fields that are uncertain, by full name.

    What a scenario gives by hand counts for more than a distribution, that for more than the table, and that for more
    than the composite ``scarcity``.

    Parameters
    ----------
    scenario
        An uncertain scenario; another one has no such fields.
    seed, replicate
        As in `sim.run`.

    Examples
    --------
    >>> scenario = Scenario().replace({"founder.clarity": {"low": 0.3, "high": 0.7}})
    >>> {name: round(value, 3) for name, value in drawn_values(scenario, seed=0, replicate=2).items()}
    {'founder.clarity': 0.379}
    >>> drawn_values(scenario.replace({"founder.clarity": 0.5}), seed=0, replicate=2)
    {}
    """
    if not scenario.is_uncertain:
        return {}
    firm = replicate // scenario.lucks
    values: dict[str, Number] = {}
    if scenario.draws is not None:
        row = scenario.draws.row(rank(seed, firm, TABLE))
        values = {name: row[name] for name in scenario.drawn_columns}
    for name, distribution in scenario.uncertain.items():
        if distribution.has_source or name in ("scarcity", "headcount"):
            u = rank(seed, firm, name) if distribution.varies else 0.0
            values[name] = distribution.at(u, _own(scenario, values, name), limits(name))
    for name, distribution in scenario.uncertain.items():
        if not distribution.has_source and name not in ("scarcity", "headcount"):
            values[name] = distribution.at(0.0, _own(scenario, values, name), limits(name))
    return values


def _own(scenario: Scenario, values: Mapping[str, Number], name: str) -> Number:
    """Return what a firm has in a field that a distribution only changes: from the table, the composite or the default."""
    if name in values:
        return values[name]
    if name == "headcount":
        return scenario.posts
    if name == "scarcity":
        return scenario.value(name)
    scarcity = values.get("scarcity", scenario.scarcity)
    reserve = "money.reserve"
    if name == "money.buffer" and (reserve in values or reserve in scenario.by_hand):
        return values.get(reserve, scenario.value(reserve))
    if name in SCARCITY and scarcity is not None:
        return scarce(float(scarcity))[name]
    group, field = name.split(".")
    default: Number = GROUPS[group].model_fields["reserve" if name == "money.buffer" else field].default
    return default


def drawn(scenario: Scenario, seed: int, replicate: int) -> Scenario:
    """Return the firm that a replicate of an uncertain scenario is, as a scenario in which nothing is uncertain.

    Raises
    ------
    ScenarioError
        If the values that it draws contradict each other.

    Examples
    --------
    >>> scenario = Scenario().replace({"founder.clarity": {"low": 0.3, "high": 0.7}})
    >>> firm = drawn(scenario, seed=0, replicate=2)
    >>> round(firm.founder.clarity, 3), firm.is_uncertain
    (0.379, False)
    """
    if not scenario.is_uncertain:
        return scenario
    values = drawn_values(scenario, seed, replicate)
    try:
        return certain(scenario).replace(values)
    except ScenarioError as error:
        raise of_replicate(error, replicate) from None


def certain(scenario: Scenario) -> Scenario:
    """Return what firms of an uncertain scenario share, with the fields that differ left at the composite or the default."""
    if not scenario.is_uncertain:
        return scenario
    return scenario.replace({**dict.fromkeys(scenario.uncertain), "draws": None, "lucks": None})


def of_replicate(error: ScenarioError, replicate: int) -> ScenarioError:
    """Return an error that says in which replicate drawn values contradict each other."""
    return ScenarioError(
        Problem(p.file, p.line, p.field, p.value, f"{p.message} (drawn in replicate {replicate})")
        for p in error.problems
    )


def as_arrays(drawn: Sequence[Mapping[str, Number]]) -> dict[str, NDArray[np.float64]]:
    """Return drawn values as one array a field, (runs,)."""
    names = dict.fromkeys(name for values in drawn for name in values)
    return {name: np.array([float(values.get(name, math.nan)) for values in drawn]) for name in names}

"""What-if cases: what is changed, what it costs, and the scenario that comes of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sim.company.importing.import_log import CompanyError, refuse
from sim.scenario import Scenario, ScenarioError
from sim.scenario.errors import phrase
from sim.scenario.parameters import parameter_names

MOST_BYTES = 1024 * 1024
MOST_CASES = 60
QUARTER = 13


class Case(BaseModel):
    """A case: new values by dotted name from the start, events, and its cost in weeks of the firm's cost."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: Annotated[str, Field(min_length=1, max_length=80)]
    about: Annotated[str, Field(max_length=400)] = ""
    cost: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    cost_per_year: Annotated[float, Field(ge=0, le=1e6)] = 0.0
    set: dict[str, Any] = Field(default_factory=dict, max_length=100)
    events: Annotated[tuple[dict[str, Any], ...], Field(max_length=200)] = ()

    @property
    def held(self) -> frozenset[str]:
        """Parameters that the case itself fixes, whatever calibration says of them."""
        names = set(self.set) & {*parameter_names(), "scarcity"}
        if any(n in ("work.slack", "money.buffer", "money.margin") for n in names):
            names.add("scarcity")
        return frozenset(names)

    def total_cost(self, weeks: int) -> float:
        """Return what the case costs within so many weeks."""
        return self.cost + self.cost_per_year / 4 * len(range(0, weeks, QUARTER))


@dataclass(frozen=True)
class Bundle:
    """Several cases at once."""

    cases: tuple[Case, ...] = field(default=())

    @property
    def name(self) -> str:
        """The names of all."""
        return " + ".join(case.name for case in self.cases) or "Nothing"

    @property
    def held(self) -> frozenset[str]:
        """Parameters that any of them fixes."""
        return frozenset().union(*(case.held for case in self.cases))

    def total_cost(self, weeks: int) -> float:
        """Return what all cost together."""
        return sum(case.total_cost(weeks) for case in self.cases)

    def clash(self) -> str | None:
        """Return a name that two of them set to different values."""
        seen: dict[str, Any] = {}
        for case in self.cases:
            for key, value in case.set.items():
                if seen.setdefault(key, value) != value:
                    return key
        return None

    def scenario(self, base: Scenario) -> Scenario:
        """Return the base with all cases applied; costs are paid in week 0 and at the start of every quarter.

        Raises
        ------
        CompanyError
            With what is wrong with a case.
        """
        values: dict[str, object] = {}
        events: list[Any] = [event.model_dump(mode="json", exclude_none=True) for event in base.events]
        for case in self.cases:
            if "events" in case.set or "weeks" in case.set:
                raise CompanyError(f"case {case.name!r}: events go into [[cases.events]], and the length is the base's")
            values |= case.set
            events += [dict(event) for event in case.events]
            due = [(0, case.cost)] + [(week, case.cost_per_year / 4) for week in range(0, base.weeks, QUARTER)]
            events += [
                {"kind": "cash_cut", "week": week, "weeks": cost, "label": "cost"} for week, cost in due if cost > 0
            ]
        if events:
            values["events"] = events
        try:
            return base.replace(values) if values else base
        except ScenarioError as error:
            raise CompanyError(f"case {self.name!r}: {error}") from None


def read_cases(path: Path) -> list[Case]:
    """Return the cases of a TOML file with ``[[cases]]``."""
    try:
        raw = path.read_bytes()
        if len(raw) > MOST_BYTES:
            raise refuse(path.name, "is larger than 1 MiB")
        data = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise refuse(path.name, f"cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise refuse(path.name, f"is not valid TOML: {error}") from None
    found = data.get("cases")
    if not isinstance(found, list) or not found or set(data) != {"cases"}:
        raise refuse(path.name, "must hold [[cases]] and nothing else")
    if len(found) > MOST_CASES:
        raise refuse(path.name, f"holds more than {MOST_CASES} cases")
    cases: list[Case] = []
    for number, entry in enumerate(found, 1):
        cases.append(make_case(entry, f"{path.name}: case {number}"))
        if cases[-1].name in {c.name for c in cases[:-1]}:
            raise CompanyError(f"{path.name}: case {number}: the name {cases[-1].name!r} appears twice")
    return cases


def make_case(entry: object, where: str) -> Case:
    """Return a checked case from plain data."""
    if isinstance(entry, Mapping):
        entry = {**entry, "set": _dotted(entry.get("set", {}))}
    try:
        return Case.model_validate(entry)
    except ValidationError as error:
        said = "; ".join(f"{'.'.join(map(str, e['loc']))} {phrase(e)}".strip() for e in error.errors())
        raise CompanyError(f"{where}: {said}") from None


def _dotted(values: Any, before: str = "") -> Any:
    """Take tables apart into dotted names; a direction, a table of numbers under ``goal`` or ``belief``, stays whole."""
    if not isinstance(values, Mapping):
        return values
    out: dict[str, Any] = {}
    for key, value in values.items():
        name = f"{before}{key}"
        if isinstance(value, Mapping) and name.rpartition(".")[2] not in ("goal", "belief"):
            out |= _dotted(value, f"{name}.")
        else:
            out[name] = value
    return out

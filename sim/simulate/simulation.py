"""One simulation: preallocated memory that lives one run after another, and the one way to give it other parameters."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.rules.founding import found
from sim.rules.week import PHASES, week_with
from sim.scenario.distributions import Number, may_vary
from sim.scenario.errors import ScenarioError
from sim.scenario.events import SetParameters
from sim.scenario.model import Scenario, set_fields
from sim.scenario.parameters import GROUPS, SCARCITY, parameter_names
from sim.state import Box, Floats, Plan, State, boxed, capacity, make_plan, make_state
from sim.uncertain import certain, drawn_values, of_replicate
from sim.warm_up import made_ready

NOTHING = np.empty((0, 0)), np.empty((0, 0, 0))
"""Where `live` writes when nothing is recorded."""
MOST_STATES, MOST_STRUCTURES = 32, 1024
"""How many states, and plans, a simulation keeps for settings that it was given before."""


class Simulation:
    """Preallocated memory for one simulation, used again for every run. Each worker thread has its own.

    Parameters
    ----------
    scenario, weeks
        What to run, and for another length than the scenario's.
    rules
        Compiled rules of one's own among the model's: ``("after", "people_talk", rule)``, see `sim.rules.week.week_with`.

    Attributes
    ----------
    scenario
        What `set` starts from; of an uncertain scenario, what its firms share.
    drawn
        What the last replicate of an uncertain scenario drew.
    weeks
        Length of a run.
    state, box
        The engine's arrays, and the same as compiled code takes them. `set` puts others in their place where another
        number of people, departments or events is asked for.

    Examples
    --------
    >>> from sim import load
    >>> simulation = Simulation(load("bakery"), weeks=20)
    >>> simulation.set({"founder.clarity": 0.9})
    >>> simulation.run(seed=1, replicate=0)
    -1
    """

    def __init__(
        self,
        scenario: Scenario,
        weeks: int | None = None,
        rules: Sequence[tuple[str, str, Callable[..., Any]]] = (),
    ) -> None:
        self.live = week_with(rules)
        self._whole = self._arm = scenario
        self._given: dict[str, object] = {}
        self.drawn: dict[str, Number] = {}
        scenario = certain(scenario)
        self.scenario = scenario
        self.weeks = scenario.weeks if weeks is None else weeks
        self._structures: OrderedDict[str, _Structure] = OrderedDict()
        self._states: OrderedDict[tuple[object, ...], tuple[State, Box]] = OrderedDict()
        self._room = _Room(scenario.people.k_in, scenario.people.k_out, scenario.hires)
        self._key = _key({})
        self._structure = self._structures[self._key] = _Structure(scenario, make_plan(scenario))
        held = {
            f for e in scenario.events if isinstance(e, SetParameters) and e.until is not None for f in set_fields(e)
        }
        self._direct = {name for name, fields in _targets().items() if not held & set(fields)}
        self._allocate()

    def found(self, seed: int, replicate: int) -> None:
        """Set the state to week 0 of a run: the firm is founded and, if it has a past, has lived it.

        Raises
        ------
        ScenarioError
            If the values that a replicate of an uncertain scenario draws contradict each other.
        """
        if self._arm.is_uncertain:
            self.drawn = drawn_values(self._arm, seed, replicate)
            self.drawn |= {n: v for n, v in self._given.items() if n in self.drawn and isinstance(v, Number)}
            try:
                self._write(self.drawn | self._given)
            except ScenarioError as error:
                raise of_replicate(error, replicate) from None
        found(self.box, seed, replicate)
        self.live(self.box, int(self.state.plan.spin_up[0]), 0, len(PHASES), *NOTHING)
        self.check()

    def run(self, seed: int, replicate: int, series: Floats = NOTHING[0], departments: Floats = NOTHING[1]) -> int:
        """Run to the end and write into the given rows; return the week of closing, or -1."""
        self.found(seed, replicate)
        self.live(self.box, self.weeks, 0, len(PHASES), series, departments)
        self.check()
        return int(self.state.firm["closed"][0])

    def check(self) -> None:
        """Raise RuntimeError if a post drew more ties than were preallocated (practically impossible, so never hidden)."""
        if self.state.firm["overflow"][0]:
            raise RuntimeError("the drawn ties found no room: please report this scenario and its seed")

    def set(self, values: Mapping[str, object]) -> None:
        """Set parameters for the runs that follow, all others as in the scenario.

        The runs are those of ``Simulation(scenario.replace(values), weeks)``, bit for bit; what takes a microsecond here
        takes more than a run there, because parameters are written into the plan of the same state. Only what changes
        the shape of the firm, such as ``headcount``, builds another one.

        Parameters
        ----------
        values
            Dotted names, as `Scenario.replace` takes them; ``{}`` goes back to the scenario.

        Raises
        ------
        ScenarioError
            With everything that is wrong with the values; the simulation is as it was. What only goes wrong with what a
            replicate draws is told when it is founded.
        """
        given = {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}
        spread = {n: v for n, v in given.items() if isinstance(v, Mapping) and n in may_vary()}
        arm = self._whole.replace(spread) if spread else self._whole
        given = {name: value for name, value in given.items() if name not in spread}
        if not arm.is_uncertain:
            self._write(given)
        self._arm, self._given, self.drawn = arm, given, {}

    def _write(self, given: Mapping[str, object]) -> None:
        """Write values into the plan of the state, or of another state where they ask for another size."""
        direct = {name: value for name, value in given.items() if name in self._direct}
        others = {name: given[name] for name in given.keys() - direct} if len(direct) < len(given) else {}
        key = _key(others)
        structure = self._structures.get(key) or self._built(others)
        numbers = structure.plan.values.copy()
        recipe = _recipe(tuple(direct), structure.by_hand)
        if all(map(_fits, direct.values(), recipe.kinds)):
            unit = np.array(list(direct.values()), np.float64)
            if not (np.all(unit >= recipe.low) and np.all(unit <= recipe.high)):
                structure.scenario.replace(direct)  # says what is wrong
            numbers[recipe.fields] = recipe.base + recipe.slope * unit[recipe.source]
            if numbers[_RESERVE] < numbers[_SAFETY] and (numbers[_DRAW] > 0 or structure.draws_later):
                structure.scenario.replace(direct)  # says what is wrong
        elif direct:
            changed = structure.scenario.replace(direct)
            numbers[:] = [float(changed.value(name)) for name in parameter_names()]
        room = _Room.of(numbers, self._room)
        grown = room != self._room
        if grown or key != self._key:
            self._room, self._structure, self._key = (
                room,
                structure,
                "",
            )  # should memory run out, the next call begins anew
            self._structures[key] = structure
            self._structures.move_to_end(key)
            if len(self._structures) > MOST_STRUCTURES:
                self._structures.popitem(last=False)
            self._allocate()
            self._key = key
        self.state.plan.values[:] = numbers
        if "work.automation" in direct:
            followers = structure.followers
            self.state.plan.automation[:] = structure.plan.automation
            self.state.plan.automation[followers] = numbers[_AUTOMATION]
            self._automated = True
        elif self._automated:
            self.state.plan.automation[:] = structure.plan.automation
            self._automated = False

    def _built(self, others: Mapping[str, object]) -> _Structure:
        """Return the structure that values which are no parameters ask for."""
        if "weeks" in others:
            raise ValueError("weeks cannot be set: the length of a run is fixed when a simulation is made")
        scenario = self.scenario.replace(others)
        return _Structure(scenario, make_plan(scenario))

    def _allocate(self) -> None:
        """Take a state that has room for the structure and write its plan."""
        scenario, plan = self._structure.scenario, self._structure.plan
        people = scenario.people.model_copy(
            update={"k_in": self._room.k_in, "k_out": self._room.k_out, "hiring": self._room.hiring}
        )
        roomy = scenario.model_copy(update={"people": people})
        shape = (*capacity(roomy, self.weeks), scenario.dimensions, *(array.shape for array in plan))
        if shape in self._states:
            self._states.move_to_end(shape)
        else:
            state = make_state(roomy, self.weeks)
            with made_ready(state):
                box = boxed(state)
                found(box, 0, 0)
                self.live(box, 0, 0, 0, *NOTHING)
            self._states[shape] = state, box
            if len(self._states) > MOST_STATES:
                self._states.popitem(last=False)
        self.state, self.box = self._states[shape]
        for here, there in zip(self.state.plan, plan, strict=True):
            here[...] = there
        self._automated = False


@dataclass(frozen=True)
class _Structure:
    """A scenario whose parameters may still be set, and its plan."""

    scenario: Scenario
    plan: Plan

    @cached_property
    def by_hand(self) -> frozenset[str]:
        """The parameters that the scenario gives by hand, which a scarcity leaves alone."""
        return frozenset(self.scenario.by_hand)

    @cached_property
    def draws_later(self) -> bool:
        """Whether an event makes owners draw money."""
        return any(isinstance(e, SetParameters) and e.values.get("money.draw", 0) for e in self.scenario.events)

    @cached_property
    def followers(self) -> NDArray[np.bool_]:
        """The departments that have no automation of their own: which ones, two plans tell."""
        none, all_ = (make_plan(self.scenario.replace({"work.automation": share})) for share in (0.0, 1.0))
        return np.asarray(none.automation != all_.automation)


class _Room(NamedTuple):
    """The largest values so far of the parameters that memory depends on."""

    k_in: int
    k_out: float
    hiring: bool

    @classmethod
    def of(cls, numbers: Floats, before: _Room) -> _Room:
        """Return the room that parameters need, at least the room before; ties across get some to spare."""
        k_in, k_out, hiring = numbers[_ROOMY].tolist()
        spare = before.k_out if k_out <= before.k_out else 1.25 * k_out
        return cls(max(before.k_in, int(k_in)), spare, before.hiring or bool(hiring))


class _Recipe(NamedTuple):
    """How values of some names become parameters: ``values[fields] = base + slope * given[source]``."""

    kinds: tuple[type, ...]
    low: Floats
    high: Floats
    fields: NDArray[np.int64]
    source: NDArray[np.int64]
    base: Floats
    slope: Floats


@cache
def _targets() -> dict[str, tuple[str, ...]]:
    """Return the parameters that a name may set, for all names that set nothing else."""
    single = {name: (name,) for name in parameter_names()}
    return single | {"scarcity": tuple(SCARCITY), "money.reserve": ("money.reserve", "money.buffer")}


@cache
def _recipe(names: tuple[str, ...], by_hand: frozenset[str]) -> _Recipe:
    """Return how to set some names: a scarcity, and a buffer that follows the reserve, yield to what is given."""
    places = {name: i for i, name in enumerate(parameter_names())}
    given = by_hand | set(names)
    rows: list[tuple[int, int, float, float]] = []
    for i, name in enumerate(names):
        for field in _targets()[name]:
            if field != name and (field in given or (field == "money.buffer" and "money.reserve" in given - {name})):
                continue
            base, slope = SCARCITY[field] if name == "scarcity" else (0.0, 1.0)
            rows.append((places[field], i, base, slope))
    limits = [_limits(name) for name in names]
    return _Recipe(
        kinds=tuple(kind for kind, _, _ in limits),
        low=np.array([low for _, low, _ in limits]),
        high=np.array([high for _, _, high in limits]),
        fields=np.array([field for field, _, _, _ in rows], np.int64),
        source=np.array([source for _, source, _, _ in rows], np.int64),
        base=np.array([base for _, _, base, _ in rows], np.float64),
        slope=np.array([slope for _, _, _, slope in rows], np.float64),
    )


def _limits(name: str) -> tuple[type, float, float]:
    """Return a name's type, and the lowest and highest number that it may take."""
    group, _, field = name.partition(".")
    info = GROUPS[group].model_fields[field] if group in GROUPS else Scenario.model_fields[name]
    low, high = -np.finfo(float).max, np.finfo(float).max
    for limit in info.metadata:
        low = max(low, getattr(limit, "ge", low), np.nextafter(getattr(limit, "gt", -np.inf), np.inf))
        high = min(high, getattr(limit, "le", high), np.nextafter(getattr(limit, "lt", np.inf), -np.inf))
    kind = bool if info.annotation is bool else int if info.annotation is int else float
    return kind, float(low), float(high)


def _fits(value: object, kind: type) -> bool:
    return type(value) is kind or (kind is float and type(value) is int)


def _key(values: Mapping[str, object]) -> str:
    return repr(sorted(values.items()))


_AUTOMATION = parameter_names().index("work.automation")
_RESERVE, _SAFETY, _DRAW = (parameter_names().index(f"money.{name}") for name in ("reserve", "safety", "draw"))
_ROOMY = [parameter_names().index(f"people.{name}") for name in ("k_in", "k_out", "hiring")]

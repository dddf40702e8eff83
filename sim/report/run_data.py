"""What reports read: the plain arrays and words of a batch, light enough to be sent to another process.

A batch knows its scenario, which needs pydantic, and lives beside the engine, which needs numba. Drawing needs neither,
so a process that only draws starts without them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.measures.intervals import quantiles
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.measures.summaries import LATE, late_mean, of, weeks_lived
from sim.output.version import package_version

if TYPE_CHECKING:
    from sim.simulate import Batch, Snapshot

MOST_NAMED = 4
"""How many parameters a sentence names in which firms differ."""


class Mark(NamedTuple):
    """An event in a figure: the week, the week in which it goes back, and its caption."""

    week: int
    until: int | None
    caption: str


class View(NamedTuple):
    """Directions at the end of a week: the plain twin of the engine's snapshot."""

    week: int
    market: NDArray[np.float64]
    vision: NDArray[np.float64]
    departments: NDArray[np.float64]
    people: NDArray[np.float64]
    department_of: NDArray[np.int64]


@dataclass(frozen=True)
class Material:
    """The findings of a batch as plain arrays and words (shapes as in the batch; of what was drawn, what varies)."""

    name: str
    title: str
    hash: str
    version: str
    seed: int
    weeks: int
    replicates: NDArray[np.int64]
    closed: NDArray[np.int64]
    series: NDArray[np.float64]
    departments: NDArray[np.float64]
    department_names: tuple[str, ...]
    axes: tuple[tuple[str, str], ...]
    marks: tuple[Mark, ...]
    portrait: int = 0
    views: tuple[View, ...] = ()
    drawn: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)
    lucks: int = 1

    def of(self, name: str) -> NDArray[np.float64]:
        """Return a series by name, (runs, weeks), nan after closing."""
        return self.series[:, :, list(SERIES).index(name)]

    def of_departments(self, name: str) -> NDArray[np.float64]:
        """Return a series of the departments by name, (runs, weeks, departments)."""
        return self.departments[:, :, :, list(DEPARTMENT_SERIES).index(name)]

    @property
    def runs(self) -> int:
        """Number of runs."""
        return len(self.closed)

    @property
    def lived(self) -> NDArray[np.int64]:
        """Weeks that each run lived, its closing week included."""
        return weeks_lived(self.closed, self.weeks)

    @property
    def telling(self) -> NDArray[np.bool_]:
        """Weeks in which at least a tenth of the firms live: with fewer, figures would show who is left, not what happens."""
        living = np.sum(np.arange(self.weeks) < self.lived[:, None], axis=0)
        return np.asarray(10 * living >= self.runs)

    @property
    def difference(self) -> str:
        """What runs differ in, to be read after "runs that differ"."""
        names = list(self.drawn)
        if not names:
            return "only in their luck"
        shown = names if len(names) <= MOST_NAMED else names[: MOST_NAMED - 1]
        words = [*shown, f"{len(names) - len(shown)} other parameters"] if len(shown) < len(names) else shown
        return f"in luck and in {', '.join(words[:-1])}{' and ' if len(words) > 1 else ''}{words[-1]}"

    @property
    def spread(self) -> dict[str, tuple[float, float, float]]:
        """The 10 % quantile, median and 90 % quantile over the runs of every parameter in which firms differ."""
        found = {}
        for name, values in self.drawn.items():
            low, median, high = quantiles(values, (0.1, 0.5, 0.9))
            found[name] = float(low), float(median), float(high)
        return found

    @property
    def survived(self) -> int:
        """Number of runs that were open to the end."""
        return int(np.sum(self.closed < 0))


def gather(batch: Batch) -> Material:
    """Return what reports need of a batch, without views of directions."""
    scenario = batch.scenario
    poles = (axis.partition(" - ") for axis in scenario.axes)
    return Material(
        name=scenario.name,
        title=scenario.title or scenario.name,
        hash=scenario.hash,
        version=package_version(),
        seed=batch.seed,
        weeks=scenario.weeks,
        replicates=np.asarray(batch.replicates),
        closed=np.asarray(batch.closed),
        series=batch.series,
        departments=batch.departments,
        department_names=tuple(batch.department_names),
        axes=tuple((first.strip(), second.strip()) for first, _, second in poles),
        marks=tuple(
            Mark(e.week, getattr(e, "until", None), caption(e)) for e in sorted(scenario.events, key=lambda e: e.week)
        ),
        portrait=representative(batch),
        drawn={name: batch.drawn[name] for name in scenario.varying if name in batch.drawn},
        lucks=scenario.lucks if scenario.is_uncertain else 1,
    )


def representative(batch: Batch) -> int:
    """Return the run that stands for the batch.

    The survivor whose mean thrust in its last weeks is nearest to the survivors' median; where none survived, the run
    that lived longest. Ties go to the first.
    """
    closed = np.asarray(batch.closed)
    alive = np.flatnonzero(closed < 0)
    if alive.size == 0:
        return int(np.argmax(closed))
    late = late_mean(of(batch.series, "thrust"), closed)[alive]
    return int(alive[np.argmin(np.abs(late - np.median(late)))])


def view_weeks(material: Material) -> tuple[int, ...]:
    """Return the early and the late week in which the representative run is portrayed."""
    lived = int(material.lived[material.portrait])
    return tuple(dict.fromkeys((min(LATE, lived // 4), lived - 1)))


def view(snapshot: Snapshot) -> View:
    """Return the plain twin of an engine's snapshot."""
    return View(
        snapshot.week,
        snapshot.market,
        snapshot.vision,
        snapshot.departments,
        snapshot.people,
        np.asarray(snapshot.department_of),
    )


def caption(event: Any) -> str:
    """Return what figures call an event: its label, else its kind and size in words."""
    if event.label:
        return str(event.label)
    match event.kind:
        case "market_turns":
            return f"market turns by {_degrees(event.angle)}"
        case "department_turned":
            return f"{event.department} turned by {_degrees(event.angle)}"
        case "people_turned":
            return f"{event.people} people turned by {_degrees(event.angle)}"
        case "cash_cut":
            return f"cash cut by {event.weeks:g} week{'' if event.weeks == 1 else 's'} of cost"
        case "demand_drop":
            return f"{100 * event.share:.0f} % of customers lost"
        case "automation":
            where = f" in {', '.join(event.departments)}" if event.departments else ""
            return f"{100 * event.share:.0f} % automated{where}"
        case "set":
            return ", ".join(f"{name.rpartition('.')[2]} = {value:g}" for name, value in event.values.items())
        case "founder_leaves":
            return "founder leaves"
        case "merger":
            return f"{event.people} people merged in"
        case _:
            return str(event.kind).replace("_", " ")


def _degrees(angle: float) -> str:
    return f"{math.degrees(angle):.0f}°"

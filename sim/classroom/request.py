"""What a page may ask for: a scenario, what the class changed in it, and luck; the limits keep a stranger's wishes small.

A page's firm is told wholly by what it asks: the scenario, values at the founding and events. The server keeps nothing
between two questions, so that tabs do not share anything, going back is asking for less, and a killed server is no loss.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sim.errors import CoherenceError
from sim.scenario import Scenario, load, loads, scenario_names
from sim.scenario.errors import nearest
from sim.scenario.events import Merger
from sim.scenario.merge import plain
from sim.scenario.parameters import Part

MOST_PEOPLE = 300
MOST_WEEKS = 520
MOST_DEPARTMENTS = 16
MOST_TEXT = 64 * 1024
"""Largest scenario text that may be uploaded."""
MOST_WORK = 1_500_000
"""Most people x weeks x firms of one question: a second or two of one processor."""


class TooLargeError(CoherenceError, ValueError):
    """A firm that the page cannot show; the message is one sentence for people."""


class UnknownScenarioError(CoherenceError, ValueError):
    """A scenario that is not among the shipped ones; the message names the nearest."""


class Ask(Part):
    """A firm that a page wants to see.

    Attributes
    ----------
    scenario, text
        The name of a shipped scenario, or a scenario file's text in its place.
    set
        Values by dotted name that hold from the founding on.
    events
        What the class did, as the events of a scenario file: they come after the scenario's own.
    seed, replicate, weeks
        As in `sim.simulate.run`.
    side
        As in `sim.classroom.recording.film`.
    """

    scenario: str = Field(default="default", max_length=80)
    text: str | None = Field(default=None, max_length=MOST_TEXT)
    set: dict[str, float | bool] = Field(default={}, max_length=100)
    events: tuple[dict[str, Any], ...] = Field(default=(), max_length=400)
    seed: int = Field(default=1, ge=0, lt=2**53)
    replicate: int = Field(default=0, ge=0, lt=2**47)
    side: tuple[float, ...] | None = Field(default=None, max_length=16)
    weeks: int | None = Field(default=None, ge=1, le=MOST_WEEKS)

    def build(self) -> Scenario:
        """Return the scenario with everything that the class changed.

        Raises
        ------
        ScenarioError
            With everything that is wrong in it.
        UnknownScenarioError
            If it is not the name of a shipped scenario.
        TooLargeError
            If it has more people, departments or weeks than a page can show.
        """
        if self.text is not None:
            scenario = loads(self.text, file="your file")
        else:
            if self.scenario not in scenario_names():  # a page must not make the server open a file
                raise UnknownScenarioError(
                    f"there is no scenario {self.scenario!r}{nearest(self.scenario, scenario_names())}"
                )
            scenario = load(self.scenario)
        values: dict[str, object] = dict(self.set)
        if self.weeks is not None:
            values["weeks"] = self.weeks
        weeks = int(self.set.get("weeks", scenario.weeks if self.weeks is None else self.weeks))
        # What lies beyond the end of a shorter run cannot happen in it.
        values["events"] = [e for e in (*plain(scenario).get("events", []), *self.events) if _week(e) < weeks]
        scenario = scenario.replace(values)
        people = scenario.posts + sum(e.people for e in scenario.events if isinstance(e, Merger))
        departments = len(scenario.departments)
        departments += sum(len(e.departments) for e in scenario.events if isinstance(e, Merger))
        for found, most, what in (
            (people, MOST_PEOPLE, "people"),
            (departments, MOST_DEPARTMENTS, "departments"),
            (scenario.weeks + scenario.spin_up, MOST_WEEKS, "weeks, its past included,"),
        ):
            if found > most:
                raise TooLargeError(f"This firm has {found} {what}; the classroom shows at most {most}.")
        return scenario

    def build_for(self, firms: int) -> Scenario:
        """Return the scenario for a question about many firms; TooLargeError if that is too much work."""
        scenario = self.build()
        weeks = scenario.weeks + scenario.spin_up
        if scenario.posts * weeks * firms > MOST_WORK:
            most = MOST_WORK // (scenario.posts * firms)
            raise TooLargeError(
                f"{firms} firms of {scenario.posts} people over {weeks} weeks are more than the classroom runs "
                f"at once: with so many people at most {most} weeks."
            )
        return scenario


def _week(event: dict[str, Any]) -> float:
    week = event.get("week")
    return week if isinstance(week, int | float) else 0

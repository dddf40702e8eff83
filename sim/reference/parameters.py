"""The parameters as they stand now: those of the scenario, until an event changes them."""

from __future__ import annotations

from collections.abc import Mapping

from sim.scenario.model import Scenario


class Parameters:
    """A firm's parameters in their groups, such as ``parameters.founder.clarity``.

    Parameters
    ----------
    scenario
        Whose values hold until an event sets others.
    """

    def __init__(self, scenario: Scenario) -> None:
        self.market = scenario.market
        self.founder = scenario.founder
        self.people = scenario.people
        self.work = scenario.work
        self.mood = scenario.mood
        self.money = scenario.money
        self.review = scenario.review

    def set(self, values: Mapping[str, float]) -> dict[str, float]:
        """Set parameters by full name and return what they were."""
        old: dict[str, float] = {}
        for name, value in values.items():
            group, _, field = name.partition(".")
            before = getattr(getattr(self, group), field)
            old[name] = before
            whole = type(before)(value)  # whole weeks stay whole
            setattr(self, group, getattr(self, group).model_copy(update={field: whole}))
        return old

"""The order of a week as a list to which a researcher adds plain Python phases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from sim.rules.week import PHASES
from sim.scenario.errors import nearest

if TYPE_CHECKING:
    from sim.agents.firm import Firm

type Phase = Callable[[Firm], None]

_STANDARD = list(PHASES)


class Phases(list[Callable[..., Any]]):
    """The order of a week: the model's compiled phases, and plain Python ones wherever a researcher inserts them.

    A Python phase is any function of the firm. ``before`` and ``after`` name a phase. The model's own phases must all stay,
    in their order: what a week means would be undefined.
    """

    def __init__(self) -> None:
        super().__init__(PHASES)

    def before(self, name: str, phase: Phase) -> None:
        """Insert a Python phase before a named one."""
        self.insert(self._place(name), phase)

    def after(self, name: str, phase: Phase) -> None:
        """Insert a Python phase after a named one."""
        self.insert(self._place(name) + 1, phase)

    @property
    def names(self) -> list[str]:
        """Names of the phases in order."""
        return [str(getattr(phase, "__name__", type(phase).__name__)) for phase in self]

    @property
    def standard(self) -> bool:
        """Whether these are the model's own phases and no others."""
        return self == _STANDARD

    def segments(self) -> Iterator[tuple[int, int, Phase | None]]:
        """Yield runs of compiled phases as (first, last, None), and Python phases one by one.

        Raises
        ------
        ValueError
            If the model's own phases are not all there, in their order.
        """
        if [phase for phase in self if phase in PHASES] != _STANDARD:
            raise ValueError(
                "the model's own phases must all stay, in their order; switch a mechanism off by its parameter"
            )
        first = last = 0
        for phase in self:
            if phase in PHASES:
                last += 1
                continue
            if last > first:
                yield first, last, None
                first = last
            yield last, last, phase
        if last > first:
            yield first, last, None

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise ValueError(f"{name!r} is not a phase of the week (see firm.phases.names){nearest(name, self.names)}")
        return self.names.index(name)

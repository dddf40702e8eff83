"""Strategic coherence in small and medium businesses: a simulation that one can run, measure, show and use.

>>> from sim import load, run
>>> result = run(load("bakery"), seed=1)
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents import Department, Employee, Firm, Founder
    from sim.run import Batch, Result, run, run_many, snapshots
    from sim.scenario import Scenario, ScenarioError, load, loads, scenario_names

_ROOMS = {
    "sim.agents": ("Department", "Employee", "Firm", "Founder"),
    "sim.run": ("Batch", "Result", "run", "run_many", "snapshots"),
    "sim.scenario": ("Scenario", "ScenarioError", "load", "loads", "scenario_names"),
}
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [  # noqa: RUF022 - in the order in which one meets them
    "load",
    "loads",
    "scenario_names",
    "Scenario",
    "ScenarioError",
    "run",
    "run_many",
    "snapshots",
    "Result",
    "Batch",
    "Firm",
    "Founder",
    "Department",
    "Employee",
]


class _Package(ModuleType):
    """The package: here `run` is the function, also when somebody has imported the module `sim.run`.

    Python puts a module that it has imported into its package under the module's name, over whatever stands there.
    """

    def __setattr__(self, name: str, value: Any) -> None:
        if name in _HOME and isinstance(value, ModuleType):
            value = getattr(value, name)
        super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package


def __getattr__(name: str) -> Any:
    # Rooms are entered when first asked for: importing numba or Mesa takes longer than most commands.
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

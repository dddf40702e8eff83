"""Strategic coherence in small and medium businesses: a simulation that one can run, measure, show and use.

>>> from sim import load, run
>>> result = run(load("bakery"), seed=1)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.agents.firm import Firm
    from sim.agents.views import Department, Employee, Founder
    from sim.scenario import Scenario, ScenarioError, load, loads, scenario_names
    from sim.sensitivity import analyse
    from sim.simulate import Batch, Result, run, run_many, snapshots
    from sim.study.study import Study
    from sim.study.sweep import sweep

_ROOMS = {
    "sim.agents.firm": ("Firm",),
    "sim.agents.views": ("Department", "Employee", "Founder"),
    "sim.simulate": ("Batch", "Result", "run", "run_many", "snapshots"),
    "sim.study.study": ("Study",),
    "sim.study.sweep": ("sweep",),
    "sim.sensitivity": ("analyse",),
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
    "Study",
    "sweep",
    "analyse",
    "Firm",
    "Founder",
    "Department",
    "Employee",
]


def __getattr__(name: str) -> Any:
    # Rooms are entered when first asked for: importing numba or Mesa takes longer than most commands.
    if name not in _HOME:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)

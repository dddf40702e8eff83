"""What all tests share: examples that hypothesis draws the same every time, and rules that are compiled once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from sim.scenario import Scenario
from sim.simulate import Simulation
from sim.warm_up import is_ready

settings.register_profile(
    "repeatable", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("repeatable")

AXES = (5, 2)
"""Numbers of axes that the tests' firms have: each is compiled for itself."""


def pytest_configure(config: pytest.Config) -> None:
    """Compile before the workers start, which would else all do the same work."""
    if not hasattr(config, "workerinput"):
        for axes in AXES:
            if not is_ready(axes):
                Simulation(Scenario(axes=tuple(f"left {i} - right {i}" for i in range(axes)), weeks=1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the pages: one worker has the server and the browser, and the others take from its end."""
    items.sort(key=lambda item: "web" not in item.path.parts)

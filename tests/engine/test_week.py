"""The order of the week is data that can be printed, and it is the order in which the compiled week runs."""

from __future__ import annotations

import importlib
import inspect
import itertools
import os
import pkgutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import sim.rules
from sim.measures.series import SERIES
from sim.rules.week import PHASES, live, make_live, story
from sim.simulate import NOTHING, PHASES_BEFORE_LEAVING, Simulation
from sim.state import State, recording
from tests.engine.firms import PHASE, firm, founded

ROOT = Path(__file__).parents[2]
EVENTFUL = firm(
    {"people.turnover": 0.1, "work.opportunity_rate": 0.2, "money.buffer": 40}, headcount=17, weeks=45,
    events=[{"kind": "merger", "week": 20, "people": 6, "angle": 1, "departments": [{"name": "lab"}]}],
)  # fmt: skip


def test_the_compiled_week_runs_the_phases_in_order() -> None:
    calls: list[str] = []

    def phase(name: str) -> Callable[..., None]:
        def act(s: object) -> None:
            calls.append(name)

        act.__name__ = name
        return act

    names = ["one", "two", "three"]
    lane = founded(EVENTFUL)
    plain = make_live([[phase(name)] for name in names], compiler=lambda function: function)
    lane.state.firm["closed"][0] = -1
    state = lane.state._replace(firm=lane.state.firm.view(np.recarray))
    assert plain(state, 2, 0, 3, *NOTHING) == 2
    assert calls == names * 2
    calls.clear()
    assert plain(state, 1, 1, 2, *NOTHING) == 2
    assert calls == ["two"]


def test_the_last_phase_ends_the_week_and_no_other_does() -> None:
    lane = founded(EVENTFUL)
    nothing = np.empty((0, 0)), np.empty((0, 0, 0))
    for phase in range(len(PHASES) - 1):
        assert live(lane.box, 1, phase, phase + 1, *nothing) == 0
    assert live(lane.box, 1, len(PHASES) - 1, len(PHASES), *nothing) == 1


@pytest.mark.parametrize(
    "cuts", [range(len(PHASES) + 1), [0, PHASES_BEFORE_LEAVING, len(PHASES)], [0, 5, 9, len(PHASES)]]
)
def test_a_week_in_parts_is_the_same_series(cuts: list[int]) -> None:
    whole, parts = recording(1, 45, 6)[0], recording(1, 45, 6)[0]
    none = np.empty((0, 0, 0))
    live(founded(EVENTFUL).box, 45, 0, len(PHASES), whole[0], none)
    lane = founded(EVENTFUL)
    for _ in range(45):
        for first, last in itertools.pairwise(cuts):
            live(lane.box, 1, first, last, parts[0], none)
    np.testing.assert_array_equal(whole, parts)


def test_a_week_in_parts_is_the_same_series_of_departments() -> None:
    whole, parts = recording(1, 45, 6)[1], recording(1, 45, 6)[1]
    none = np.empty((0, 0))
    live(founded(EVENTFUL).box, 45, 0, len(PHASES), none, whole[0])
    lane = founded(EVENTFUL)
    for _ in range(45):
        for phase in range(len(PHASES)):
            live(lane.box, 1, phase, phase + 1, none, parts[0])
    np.testing.assert_array_equal(whole, parts)


def test_the_departments_engagement_is_that_of_the_people_who_were_there() -> None:
    # As the firm's own series: at the end of the week, before anybody leaves or comes.
    series, departments = recording(1, 18, 6)
    lane = founded(EVENTFUL)
    live(lane.box, 18, 0, len(PHASES), series[0], departments[0])
    lane = founded(EVENTFUL)
    none = np.empty((0, 0)), np.empty((0, 0, 0))
    for week in range(18):
        live(lane.box, 1, 0, PHASES_BEFORE_LEAVING, *none)
        people = lane.state.people
        there = people.filled[:17]
        for d in range(5):
            mine = there & (people.department[:17] == d)
            expected = people.engagement[:17][mine].mean() if mine.any() else 0.0
            assert departments[0, week, d, 3] == pytest.approx(expected, rel=1e-12), (week, d)
        assert series[0, week, list(SERIES).index("filled")] == there.sum()
        live(lane.box, 1, PHASES_BEFORE_LEAVING, len(PHASES), *none)


def test_the_story_of_the_week_can_be_printed() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "sim.rules.week"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip("\n") == story()
    lines = story().splitlines()
    assert len(lines) == len(PHASES)
    for line, name in zip(lines, PHASE, strict=True):
        assert line.split()[1] == name
        assert len(line.split()) > 5


def _rules() -> list[tuple[str, str | None]]:
    found = []
    for room in pkgutil.iter_modules(sim.rules.__path__):
        module = importlib.import_module(f"sim.rules.{room.name}")
        for name, value in vars(module).items():
            function = getattr(value, "py_func", value)
            if inspect.isfunction(function) and function.__module__ == module.__name__ and not name.startswith("_"):
                found.append((f"{room.name}.{name}", function.__doc__))
    return found


@pytest.mark.parametrize(("name", "doc"), _rules())
def test_every_rule_tells_its_story_in_its_first_line(name: str, doc: str | None) -> None:
    assert doc is not None
    first = doc.strip().splitlines()[0]
    assert first[0].isupper()
    assert first.endswith((".", ";", ":"))
    assert 4 <= len(first.split()) <= 25


# -- rules of one's own


def shout(s: State) -> None:
    """Let everybody believe in the market, as if it had been shouted."""
    for i in range(s.firm[0].posts):
        for k in range(len(s.axes)):
            s.people.belief[i, k] = s.market[k]


def test_a_rule_of_ones_own_acts_where_it_is_put_in_compiled_weeks() -> None:
    scenario = firm({"people.turnover": 0, "market.turbulence": 0.3}, headcount=12, weeks=20)
    plain, shouted = Simulation(scenario), Simulation(scenario, rules=[("before", "people_row", shout)])
    for one in (plain, shouted):
        one.run(1, 0)
    np.testing.assert_array_equal(shouted.state.people.belief, np.tile(shouted.state.market, (12, 1)))
    np.testing.assert_array_equal(shouted.state.market, plain.state.market)
    assert not np.array_equal(shouted.state.people.rowing, plain.state.people.rowing)


def test_a_rule_without_a_place_is_told_where_it_can_stand() -> None:
    with pytest.raises(ValueError, match="people_talk"):
        Simulation(firm(weeks=2), rules=[("after", "people_dance", shout)])


PLAIN = """
import numpy as np
from sim import Scenario, run
scenario = Scenario(headcount=6, weeks=4, spin_up=2, people={"turnover": 0.2}, founder={"frame": 0.5})
print(np.array([values for values in run(scenario, 3).series.values()]).tobytes().hex())
"""


def test_with_the_compiler_off_the_rules_are_plain_python_and_the_same_numbers() -> None:
    shown = [
        subprocess.run(
            [sys.executable, "-c", PLAIN], cwd=ROOT, capture_output=True, text=True, check=True,
            env=os.environ | {"NUMBA_DISABLE_JIT": off},
        ).stdout
        for off in ("0", "1")
    ]  # fmt: skip
    compiled, plain = (np.frombuffer(bytes.fromhex(text.strip())) for text in shown)
    assert len(plain) > 100
    # The compiler may round a sum of squares once where Python rounds twice.
    np.testing.assert_allclose(compiled, plain, rtol=1e-12, atol=1e-12)

"""Parameters set on a simulation in use give the runs of a scenario that was built with them, bit for bit."""

import numpy as np
import pytest

from sim.scenario import Scenario, ScenarioError, load
from sim.scenario.parameters import GROUPS, parameter_names
from sim.simulate import Simulation, run_many, run_points
from sim.state import recording

WEEKS = 20


def lived(simulation, replicate=3):
    series, departments = recording(1, WEEKS, len(simulation.state.plan.headcount))
    closed = simulation.run(5, replicate, series[0], departments[0])
    return closed, series[0], departments[0]


def same(simulation, scenario, values):
    one, other = lived(simulation), lived(Simulation(scenario.replace(values), WEEKS))
    return one[0] == other[0] and all(
        np.array_equal(a, b, equal_nan=True) for a, b in zip(one[1:], other[1:], strict=True)
    )


def refusal_of(action, values):
    try:
        action(values)
    except ScenarioError as error:
        return str(error)
    return None


def drawn(name, rng):
    """Return a plausible value of a parameter, other than its default."""
    group, field = name.split(".")
    info = GROUPS[group].model_fields[field]
    if info.annotation is bool:
        return not info.default
    low, high = info.json_schema_extra["range"]
    value = rng.uniform(low, high)
    return int(np.ceil(value)) if info.annotation is int else value


@pytest.mark.parametrize("base", ["default", "bakery"])
def test_one_simulation_set_again_and_again_equals_scenarios_built_anew(base):
    rng = np.random.default_rng(1)
    scenario = load(base)
    simulation = Simulation(scenario, WEEKS)
    equal = refused = 0
    for turn in range(60):
        names = rng.choice([*parameter_names(), "scarcity"], rng.integers(1, 12), replace=False).tolist()
        values = {name: rng.uniform() if name == "scarcity" else drawn(name, rng) for name in names}
        if turn % 10 == 0:  # owners who draw what they should keep
            values |= {"money.draw": 0.2, "money.reserve": 3.0, "money.safety": 5.0}
        refusal = refusal_of(scenario.replace, values)
        assert refusal_of(simulation.set, values) == refusal
        if refusal is None:
            assert same(simulation, scenario, values), values
        equal, refused = equal + (refusal is None), refused + (refusal is not None)
    assert equal > 30
    assert refused >= 6


@pytest.mark.parametrize(
    "values",
    [
        {"headcount": 12},
        {"headcount": 40, "founder.clarity": 0.9},
        {"people.k_in": 9, "people.k_out": 3.5, "people.hiring": True},
        {"departments.1.automation": 0.4, "work.automation": 0.1},
        {"events": [], "money.buffer": 2.0},
        {"scarcity": None},
        {"people.k_in": np.int64(4), "founder.clarity": np.float64(0.4)},
        {"founder.clarity": 1},
        {"money.reserve": 20.0},
        {},
    ],
    ids=repr,
)
def test_whatever_a_scenario_can_be_given_a_simulation_can(values):
    scenario = load("bakery")
    simulation = Simulation(scenario, WEEKS)
    simulation.set({"headcount": 23, "scarcity": 0.9, "work.automation": 0.7})
    simulation.set(values)
    plain = {name: value.item() if isinstance(value, np.generic) else value for name, value in values.items()}
    assert same(simulation, scenario, plain)


@pytest.mark.parametrize(
    "values",
    [
        {"founder.clarity": 1.5},
        {"founder.clarity": float("nan")},
        {"founder.clarity": "clear"},
        {"people.k_in": 2.5},
        {"people.hiring": 1},
        {"founder.clarty": 0.5},
        {"headcount": 1},
    ],
    ids=repr,
)
def test_what_a_scenario_refuses_is_refused_with_its_words_and_changes_nothing(values):
    scenario = load("bakery")
    simulation = Simulation(scenario, WEEKS)
    simulation.set({"founder.clarity": 0.3})
    with pytest.raises(ScenarioError) as expected:
        scenario.replace(values)
    with pytest.raises(ScenarioError) as raised:
        simulation.set(values)
    assert str(raised.value) == str(expected.value)
    assert same(simulation, scenario, {"founder.clarity": 0.3})


def test_values_that_an_event_gives_back_later_are_the_point_s():
    scenario = Scenario().replace(
        {"events": [{"kind": "set", "week": 5, "until": 9, "values": {"mood.strain": 2.0, "scarcity": 0.9}}]}
    )
    simulation = Simulation(scenario, WEEKS)
    for values in ({"mood.strain": 0.5, "founder.clarity": 0.4}, {"scarcity": 0.1}, {}):
        simulation.set(values)
        assert same(simulation, scenario, values)


def test_the_length_of_a_run_cannot_be_set():
    with pytest.raises(ValueError, match="weeks cannot be set"):
        Simulation(Scenario(), WEEKS).set({"weeks": 10})


def test_runs_at_points_are_runs_of_their_scenarios_whoever_makes_them():
    scenario = Scenario(weeks=WEEKS)
    points = [{"founder.clarity": 0.1 * i, "people.k_in": i} for i in range(1, 8)]
    one = run_points(scenario, points, seed=4, first=10)
    two = run_points(scenario, points, seed=4, first=10, workers=2)
    assert one.replicates.tolist() == list(range(10, 17))
    assert np.array_equal(one.series, two.series, equal_nan=True)
    for i, values in enumerate(points):
        alone = run_many(scenario.replace(values), [10 + i], seed=4)
        assert np.array_equal(one.series[i], alone.series[0], equal_nan=True)

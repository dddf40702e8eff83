"""What departments' people hold at the founding, as a survey may say it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.scenario import Scenario, ScenarioError
from sim.simulate import Simulation, run_many

PLAIN = [{"name": "shop", "role": "promise", "headcount": 4}, {"name": "floor", "role": "deliver", "headcount": 5}]


def firm(**first: object) -> Scenario:
    return Scenario.model_validate({"departments": [PLAIN[0] | first, PLAIN[1]], "weeks": 30})


def test_the_vision_and_full_engagement_are_the_same_run_bit_for_bit():
    said = run_many(firm(belief={"premium": 3}, engagement=1), 3, seed=2)
    silent = run_many(firm(), 3, seed=2)
    np.testing.assert_array_equal(said.series, silent.series)
    np.testing.assert_array_equal(said.departments, silent.departments)


def test_people_start_with_what_is_given_and_only_there():
    lane = Simulation(firm(belief={"fast": 1, "premium": 1}, engagement=0.4))
    lane.found(1, 0)
    people = lane.state.people
    np.testing.assert_allclose(people.belief[:4], [[0.5**0.5, -(0.5**0.5), 0, 0, 0]] * 4)
    np.testing.assert_array_equal(people.engagement[:9], [0.4] * 4 + [1.0] * 5)
    np.testing.assert_array_equal(people.belief[4:9], [[1.0, 0, 0, 0, 0]] * 5)


def test_a_belief_that_points_nowhere_is_refused():
    with pytest.raises(ScenarioError, match=r"departments.1.belief.*points nowhere"):
        Scenario().replace({"departments": [PLAIN[0] | {"belief": {"premium": 1, "cheap": 1}}]})
    with pytest.raises(ScenarioError, match=r"departments.1.belief.tasty.*not a pole"):
        Scenario().replace({"departments": [PLAIN[0] | {"belief": {"tasty": 1}}]})


def test_a_merger_says_what_its_people_believe_by_its_angle():
    brought = {
        "kind": "merger",
        "week": 1,
        "people": 2,
        "angle": 0.3,
        "departments": [{"name": "new", "engagement": 0.5}],
    }
    with pytest.raises(ScenarioError, match="for the founding"):
        Scenario().replace({"events": [brought]})

"""People may also talk in turn in the plain model; the study of it compares the order of talk and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.talk_in_turn import NotTriedError, Plain, Small, page, survives, tried
from sim.claims.claim import claim_files
from sim.measures.contrast import Contrast
from sim.reference.firm import ReferenceFirm
from sim.scenario import Scenario

CHANGES = {
    "headcount": 12,
    "weeks": 20,
    "people.incentive": 0.6,
    "events": [{"kind": "department_turned", "week": 3, "department": "operations", "angle": 2.0}],
}


def lived(scenario: Scenario, talk) -> ReferenceFirm:
    firm = ReferenceFirm(scenario, seed=3, talk=talk)
    for _ in range(20):
        firm.step()
    return firm


def test_the_order_of_talk_matters_only_where_people_talk():
    talking, silent = Scenario(headcount=10), Scenario(headcount=10).replace({"people.social": 0.0})
    assert lived(silent, "in turn").series == lived(silent, "together").series
    assert lived(talking, "in turn").series["cognitive"] != lived(talking, "together").series["cognitive"]


def test_talk_in_turn_is_the_same_for_the_same_luck_and_lets_the_last_hear_the_first():
    once, again = (lived(Scenario(headcount=10), "in turn").series for _ in range(2))
    assert once == again


def test_a_lab_of_plain_firms_gives_what_a_lab_of_the_engine_gives():
    # So whatever differs in the study is the order of talk.
    weeks = range(0, 20, 4)
    engine, plain = Small(2, 1), Plain(2, 1, talk="together")
    np.testing.assert_allclose(plain.run(CHANGES, 2).series, engine.run(CHANGES, 2).series, rtol=1e-9, atol=1e-9)
    expected = engine.lost(CHANGES, 2, weeks, without=1)
    np.testing.assert_array_equal(plain.lost(CHANGES, 2, weeks, without=1), expected)
    assert expected.max() > 0
    assert not np.array_equal(Plain(2, 1).run(CHANGES, 2).series, engine.run(CHANGES, 2).series)


def test_what_the_plain_model_cannot_make_is_said():
    with pytest.raises(NotTriedError, match="400 people"):
        Plain(2, 1).run({"headcount": 400}, 2)
    with pytest.raises(NotTriedError, match="series of departments"):
        Plain(2, 1).run({}, 2, departments=True)
    assert "engine itself" in tried("C19", claim_files()["C19"], Small(2, 1), Plain(2, 1))["not_tried"]
    row = {"id": "C03", "title": "Small firms are hit", "not_tried": "it needs firms of 400 people"}
    assert "not tried: it needs firms of 400 people" in page([row], 2)


def test_a_claim_survives_by_its_reading_or_its_interval():
    def contrast(effect: float, half: float) -> Contrast:
        return Contrast("x", effect, effect - half, effect + half, 10, 0.1)

    assert survives(contrast(0.5, 0.1), contrast(0.3, 0.1))
    assert survives(contrast(0.2, 0.3), contrast(0.3, 0.01))
    assert not survives(contrast(0.5, 0.1), contrast(-0.5, 0.1))

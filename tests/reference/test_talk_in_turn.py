"""People may also talk in turn in the plain model; the study of it compares the order of talk and nothing else."""

from __future__ import annotations

import numpy as np

from experiments.talk_in_turn import by_engine, made, not_tried, page, survives
from sim.claims.criteria import read_claim
from sim.claims.estimate import Estimate
from sim.claims.laboratory import Lab
from sim.claims.levels import levels_of
from sim.reference.firm import ReferenceFirm
from sim.scenario import Scenario
from tests.claims.firms import population


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


def test_plain_firms_give_what_the_engine_gives_where_people_talk_at_once():
    # So whatever differs in the study is the order of talk.
    firms = population()
    lab = Lab(firms, levels_of(firms, 64))
    claim = read_claim("C01")
    engine, plain = by_engine(claim, lab, 5), made(claim, lab, 5, 1, "together")
    np.testing.assert_allclose(plain, engine, rtol=1e-9, atol=1e-9)
    assert np.isfinite(engine).any()


def test_what_the_plain_model_cannot_make_is_said():
    assert "200 people" in not_tried(read_claim("C22"))
    assert "success" in not_tried(read_claim("C19"))
    assert not not_tried(read_claim("C05"))
    row = {"id": "C22", "says": "loss of alive", "not_tried": "it needs firms of 200 people"}
    assert "not tried: it needs firms of 200 people" in page([row], 2)


def test_a_headline_survives_by_its_side_or_its_interval():
    def estimate(effect: float, half: float) -> Estimate:
        ends = effect - half, effect + half
        return Estimate(effect, 1.0, 10, 0, 10, ends, ends, ends, 0.5)

    assert survives(estimate(0.5, 0.1), estimate(0.3, 0.1))
    assert survives(estimate(0.2, 0.3), estimate(0.3, 0.01))
    assert not survives(estimate(0.5, 0.1), estimate(-0.5, 0.1))

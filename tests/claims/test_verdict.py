"""Words: every one that the rules allow, and what must not be said."""

import math
from dataclasses import replace

import pytest

from sim.claims.claim import judge_family
from sim.claims.criteria import Contrast, Delta
from sim.claims.estimate import Estimate
from sim.claims.verdict import Judged, headline_word, mechanism_of, stands, support_delta, verdict_of

DELTA = 0.1


def estimate(effect: float, half: float, boot: float | None = None) -> Estimate:
    ends = effect - half, effect + half
    wide = ends if boot is None else (effect - boot, effect + boot)
    return Estimate(effect, 1.0, 100, 0, 100, ends, wide, ends, 0.001)


@pytest.mark.parametrize(
    ("effect", "half", "p", "word"),
    [
        (0.3, 0.1, 0.001, "passes"),
        (-0.3, 0.1, 0.001, "opposite"),
        (0.3, 0.1, 0.2, "not shown"),  # Holm says no
        (0.08, 0.01, 0.001, "no effect"),  # off 0, but inside the smallest effect
        (0.09, 0.05, 0.001, "not shown"),  # a threshold can fail; it cannot reverse
        (0.0, 0.3, 0.9, "not shown"),  # an interval that is wide shows nothing
        (0.0, 0.05, 0.9, "no effect"),
    ],
)
def test_a_headline_has_one_of_four_words(effect, half, p, word):
    assert headline_word("+", estimate(effect, half), DELTA, p) == word
    mirrored = {"passes": "opposite", "opposite": "passes"}.get(word, word)
    assert headline_word("-", estimate(effect, half), DELTA, p) == mirrored


def test_two_intervals_that_lead_to_different_words_show_nothing():
    assert headline_word("+", estimate(0.3, 0.1, boot=0.4), DELTA, 0.001) == "not shown"


def judged(effect: float, half: float, expected: str = "+", policy: str = "z", carried: float = math.nan) -> Judged:
    return Judged(Contrast("x", "", expected=expected, policy=policy), estimate(effect, half), DELTA, carried)


def test_reproduced_needs_all_supports_and_failed_ones_are_named():
    head, good, bad = judged(0.3, 0.1), judged(0.3, 0.1), judged(0.0, 0.3)
    assert verdict_of(head, 0.001, {"a": [good], "b": [good, good]}, "").word == "reproduced"
    verdict = verdict_of(head, 0.001, {"a": [good], "b": [good, bad]}, "by its mechanism")
    assert (verdict.word, verdict.failed) == ("headline holds", ["b"])
    assert str(verdict) == "headline holds, by its mechanism"


def test_the_mechanism_never_changes_the_word_and_is_not_said_of_nothing():
    assert str(verdict_of(judged(0.0, 0.05), 0.9, {}, "by its mechanism")) == "no effect"


def test_a_sign_that_turns_when_last_values_are_carried_forward_shows_nothing():
    assert verdict_of(judged(0.3, 0.1, policy="c", carried=-0.01), 0.001, {}, "").word == "not shown"
    assert verdict_of(judged(0.3, 0.1, policy="c", carried=0.01), 0.001, {}, "").word == "reproduced"


def test_equal_and_one_sided_expectations_are_judged_by_the_98_percent_interval():
    inside = replace(estimate(0.0, 0.3), equal=(-0.05, 0.05))
    assert stands("equal", inside, DELTA)
    assert not stands("equal", estimate(0.0, 0.3), DELTA)
    assert stands("not below", replace(inside, equal=(-0.05, 0.9)), DELTA)
    assert not stands("not above", replace(inside, equal=(-0.05, 0.9)), DELTA)


def test_a_ratio_tells_whose_mechanism_it_is():
    assert mechanism_of(estimate(0.2, 0.2)) == "by its mechanism"
    assert mechanism_of(estimate(0.9, 0.2)) == "by another"
    assert mechanism_of(estimate(0.5, 0.2)) == "open"


def test_a_support_without_a_delta_takes_half_of_the_headlines_for_the_same_outcome_and_the_sign_for_another():
    head = Contrast("headline", "", outcome="thrust")
    assert support_delta(Contrast("a", "", outcome="thrust"), head, 0.04, {}) == 0.02
    assert support_delta(Contrast("a", "", outcome="fit"), head, 0.04, {}) == 0.0
    assert support_delta(
        Contrast("a", "", outcome="fit", delta=Delta(0.1, "fit")), head, 0.04, {"fit": 0.9}
    ) == pytest.approx(0.09)


def entry(identity: str, effect: float, half: float, p: float, failed: tuple[str, ...] = ()) -> dict:
    ends = [effect - half, effect + half]
    head = {"effect": effect, "t": ends, "bootstrap": ends, "equal": ends, "sd": 1.0, "n": 9, "dropped": 0, "clusters": 9,
            "p": p, "expected": "+", "delta": DELTA, "carried": None}  # fmt: skip
    return {"id": identity, "family": "main", "headline": head, "failed": list(failed), "mechanism": "open"}


def test_a_family_is_judged_with_its_absent_claims_counted_as_shown_nowhere():
    alone = [entry("C01", 0.3, 0.1, 0.003)]
    judge_family(alone)
    assert (alone[0]["p_holm"], alone[0]["verdict"]) == (pytest.approx(0.072), "not shown")
    surer = [entry("C01", 0.3, 0.1, 0.001), entry("C02", 0.3, 0.1, 0.0001, ("a",))]
    judge_family(surer)
    assert [e["verdict"] for e in surer] == ["reproduced, open", "headline holds, open"]
    assert surer[1]["p_holm"] == pytest.approx(0.0024)

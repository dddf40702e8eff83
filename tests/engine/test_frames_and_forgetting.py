"""What is misread stays of one size and lasts as long as it should; what is not told again is forgotten at its rate."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.engine.streams import BROADCAST, FIRST_FRAME, FIRST_HEAD_FRAME, NEWCOMER_FRAME, RELAY, stream
from sim.rules.week import PHASES, live
from sim.simulate import NOTHING
from tests.engine.firms import QUIET, do, firm, founded

D = 5


def unit(v: Any) -> Any:
    return v / np.linalg.norm(v)


@pytest.mark.parametrize("frame", [0.5, 0.9, 0.98])
def test_what_people_misread_keeps_its_size_and_lasts_as_frame_says(frame: float) -> None:
    one = founded(
        firm({**QUIET, "founder.frame": frame, "founder.cadence": 1000, "founder.clarity": 0.6}, headcount=800)
    )
    before, sizes = one.state.people.frame.copy(), []
    for _ in range(60):
        live(one.box, 1, 0, len(PHASES), *NOTHING)
        now = one.state.people.frame
        sizes.append(np.mean(now**2))
        kept = np.mean(now * before) / math.sqrt(np.mean(now**2) * np.mean(before**2))
        assert kept == pytest.approx(frame, abs=0.06)
        before = now.copy()
    assert np.mean(sizes) == pytest.approx(1, abs=0.06)


@pytest.mark.parametrize("frame", [0.0, 0.7, 1.0])
def test_heads_and_people_hear_what_the_streams_of_the_week_say(frame: float) -> None:
    values = {"founder.frame": frame, "founder.clarity": 0.6, "people.relay": 0.7, "founder.cadence": 1, "people.persuasion": 1,
              "people.social": 0, "people.turnover": 0, "people.quitting": 0}  # fmt: skip
    one = founded(firm({**values, "mood.mood": 0, "mood.drift": 0}, headcount=8, departments=[{"name": "all"}]), seed=6)
    head, own = stream(6, 0, FIRST_HEAD_FRAME).standard_normal(D), stream(6, 0, FIRST_FRAME, 0, 3).standard_normal(D)
    for week in range(4):
        head = frame * head + math.sqrt(1 - frame**2) * stream(6, 0, BROADCAST, week).standard_normal(D)
        own = frame * own + math.sqrt(1 - frame**2) * stream(6, 0, RELAY, week).standard_normal((8, D))[3]
        do(one, "events_strike", "people_talk")
        heard = unit(one.state.vision + 0.4 / 0.6 * head / math.sqrt(D))
        np.testing.assert_allclose(one.state.departments.understanding[0], heard, atol=1e-12)
        words = unit(heard + 0.3 / 0.7 * math.sqrt(2) * own / math.sqrt(D))  # two layers: 7^2 >= 8
        np.testing.assert_allclose(one.state.people.belief[3], words, atol=1e-12)
        do(one, "people_row", "people_come_and_go")
        live(one.box, 1, len(PHASES) - 1, len(PHASES), *NOTHING)


def test_frames_that_are_switched_on_in_mid_run_go_on_from_last_weeks_noise() -> None:
    values = {"people.turnover": 0.1, "founder.cadence": 3, "people.filling": 0.9, "money.buffer": 60}
    events = [
        {"kind": "merger", "week": 9, "people": 3, "angle": 1, "departments": [{"name": "lab"}]},
        {"kind": "set", "week": 9, "values": {"founder.frame": 0.8}},
    ]
    scenario = firm(values, headcount=20, events=events)
    one = founded(scenario, seed=6)
    live(one.box, 9, 0, len(PHASES), *NOTHING)
    joined = one.state.people.since[:20] == 9
    assert joined.any()
    live(one.box, 1, 0, len(PHASES) - 2, *NOTHING)
    last, this = (stream(6, 0, RELAY, week).standard_normal((23, D)) for week in (8, 9))
    for i in range(23):
        before = last[i]
        if i >= 20:
            before = stream(6, 0, FIRST_FRAME, 0, i).standard_normal(D)
        elif joined[i]:
            before = stream(6, 0, NEWCOMER_FRAME, 8, i).standard_normal(D)
        np.testing.assert_allclose(one.state.people.frame[i], 0.8 * before + 0.6 * this[i], atol=1e-12, err_msg=str(i))
    last, this = (stream(6, 0, BROADCAST, week).standard_normal((6, D)) for week in (8, 9))
    last[5] = stream(6, 0, FIRST_HEAD_FRAME, 0, 5).standard_normal(D)
    np.testing.assert_allclose(one.state.departments.frame, 0.8 * last + 0.6 * this, atol=1e-12)


@pytest.mark.parametrize("forgetting", [0.012, 0.024])
def test_in_silence_beliefs_halve_in_the_half_life_of_forgetting_whatever_the_attention(forgetting: float) -> None:
    silent = {
        "people.persuasion": 0,
        "people.social": 0,
        "mood.drift": 0,
        "mood.mood": 0,
        "people.forgetting": forgetting,
    }
    one = founded(firm({**QUIET, **silent}, headcount=10, departments=[{"name": "all", "engagement": 0.4}]))
    one.state.people.engagement[:5] = 1
    start, own = one.state.people.belief.copy(), one.state.people.preference.copy()
    half = math.log(2) / -math.log(1 - forgetting)
    assert 28 <= half <= 58
    weeks = round(half)
    live(one.box, weeks, 0, len(PHASES), *NOTHING)
    np.testing.assert_allclose(one.state.people.belief, own + (1 - forgetting) ** weeks * (start - own), atol=1e-12)
    gap = np.linalg.norm(one.state.people.belief - own, axis=1) / np.linalg.norm(start - own, axis=1)
    np.testing.assert_allclose(gap, 0.5, atol=0.01)

"""Frames, forgetting, old cultures, moods and newcomers of the reference, on small cases worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from sim.engine import streams
from sim.reference.directions import Vector, clamp, unit
from sim.reference.firm import ReferenceFirm
from sim.scenario import Scenario

SILENT: dict[str, Any] = {"social": 0, "persuasion": 0, "turnover": 0, "quitting": 0}
RICH = {"buffer": 1e6}


def founded(content: dict[str, Any], seed: int = 2) -> ReferenceFirm:
    return ReferenceFirm(Scenario.model_validate({"headcount": 10} | content), seed)


def lived(content: dict[str, Any], weeks: int, seed: int = 2) -> ReferenceFirm:
    firm = founded(content, seed)
    for _ in range(weeks):
        firm.step()
    return firm


def normals(decision: np.uint64, week: int, shape: tuple[int, ...], post: int = 0) -> Vector:
    return streams.stream(2, 0, decision, week, post).standard_normal(shape)


# -- frames


def test_frames_are_carried_on_every_week_from_the_draws_of_broadcast_and_relay() -> None:
    rho = 0.8
    firm = lived({"founder": {"frame": rho, "cadence": 7}, "people": {"turnover": 0, "quitting": 0}}, 3)
    head, person = firm.departments[1], firm.employees[4]
    at_head, at_person = normals(streams.FIRST_HEAD_FRAME, 0, (5,), 1), normals(streams.FIRST_FRAME, 0, (5,), 4)
    for week in range(3):
        at_head = rho * at_head + 0.6 * normals(streams.BROADCAST, week, (5, 5))[1]
        at_person = rho * at_person + 0.6 * normals(streams.RELAY, week, (10, 5))[4]
    np.testing.assert_allclose(head.frame, at_head, atol=1e-12)
    np.testing.assert_allclose(person.frame, at_person, atol=1e-12)


def test_frame_0_is_fresh_noise_and_frame_1_lasts_for_ever() -> None:
    fresh, lasting = (lived({"founder": {"frame": frame}}, 3) for frame in (0, 1))
    np.testing.assert_array_equal(fresh.departments[2].frame, normals(streams.BROADCAST, 2, (5, 5))[2])
    np.testing.assert_array_equal(lasting.departments[2].frame, normals(streams.FIRST_HEAD_FRAME, 0, (5,), 2))


def test_repeating_removes_fresh_noise_and_not_a_lasting_frame() -> None:
    def off_the_vision(frame: float) -> float:
        content = {"weeks": 400, "market": {"turbulence": 0}, "founder": {"frame": frame, "cadence": 1, "clarity": 0.6}}
        firm = founded(content | {"people": SILENT | {"persuasion": 0.05}, "money": RICH})
        firm.founder.left = True
        for _ in range(300):
            firm.step()
        head = firm.departments[0]
        if frame == 1:
            heard = unit(firm.founder.vision + (0.4 / 0.6) * head.frame / math.sqrt(5))
            np.testing.assert_allclose(head.understanding, heard, atol=1e-5)
        return float(np.mean([1 - unit(d.understanding) @ firm.founder.vision for d in firm.departments]))

    assert off_the_vision(0) < 0.3 * off_the_vision(1)


def test_what_people_hear_is_as_long_as_the_heads_understanding_and_turned_by_their_frame() -> None:
    firm = founded({"people": {"relay": 0.8, "span": 2}, "departments": [{"name": "all"}]})
    firm.departments[0].understanding = np.array([0.3, 0.4, 0, 0, 0])
    person = firm.employees[0]
    layers = 4  # 2^4 >= 10
    expected = 0.5 * unit(np.array([0.6, 0.8, 0, 0, 0]) + 0.25 * math.sqrt(layers) * person.frame / math.sqrt(5))
    np.testing.assert_allclose(person.words_of_the_head(), expected, atol=1e-12)


# -- forgetting and old cultures


def test_everybody_forgets_whatever_their_attention() -> None:
    content = {"people": SILENT | {"forgetting": 0.03}, "mood": {"mood": 0, "drift": 0}, "money": RICH}
    firm = founded(content)
    firm.employees[1].engagement = 0.0
    starts = [e.belief for e in firm.employees]
    for _ in range(20):
        firm.step()
    for e, start in zip(firm.employees, starts, strict=True):
        np.testing.assert_allclose(e.belief, e.preference + 0.97**20 * (start - e.preference), atol=1e-12)


def test_forgetting_comes_on_top_of_drift_for_the_inattentive() -> None:
    firm = founded({"people": SILENT | {"forgetting": 0.03}, "mood": {"drift": 0.1}})
    person = firm.employees[0]
    person.engagement = 0.0
    expected = person.belief + 0.13 * (person.preference - person.belief)
    np.testing.assert_allclose(person.belief_after_talk(broadcast=True), expected, atol=1e-12)


@pytest.mark.parametrize("departments", [[], [{"name": "lab"}]])
def test_merged_people_prefer_what_their_firm_believed_in(departments: list[dict[str, Any]]) -> None:
    event = {"kind": "merger", "week": 0, "people": 5, "angle": 1.1, "departments": departments}
    firm = lived({"events": [event], "people": SILENT, "mood": {"mood": 0}}, 1)
    for e in firm.employees[-5:]:
        assert e.preference[0] == pytest.approx(math.cos(1.1))
        np.testing.assert_allclose(e.belief, e.preference, atol=1e-12)


def test_a_turned_departments_people_prefer_their_new_direction() -> None:
    event = {"kind": "department_turned", "week": 0, "department": "sales", "angle": 1.1}
    firm = lived({"events": [event], "people": SILENT, "mood": {"mood": 0}, "review": {"relapse": 0}}, 1)
    (sales,) = [d for d in firm.departments if d.name == "sales"]
    for e in sales.people:
        np.testing.assert_array_equal(e.preference, sales.goal)
    assert not np.array_equal(firm.employees[0].preference, sales.goal)


# -- moods


def test_founders_and_merged_people_start_as_cheerful_as_they_are() -> None:
    mood = {"morale": 0.7, "temper": 0.2, "climate": 0.3, "mood": 0}
    event = {"kind": "merger", "week": 0, "people": 4, "angle": 1, "departments": [{"name": "lab"}]}
    departments = [{"name": "a", "headcount": 3}, {"name": "b", "headcount": 2, "engagement": 0.35}]
    firm = lived({"headcount": None, "departments": departments, "mood": mood, "events": [event]}, 1)
    kappa = [float(normals(streams.CLIMATE, 0, (1,), d)[0]) for d in range(3)]
    for e in firm.employees:
        tau = float(normals(streams.TEMPER, 0, (1,), e.post)[0])
        at_start = clamp(0.7 + 0.2 * tau + 0.3 * kappa[e.department.index])
        assert e.engagement == pytest.approx(0.35 if e.department.name == "b" else at_start)


def test_engagement_moves_to_a_target_whose_clamp_is_on_the_whole_sum() -> None:
    firm = founded({"mood": {"morale": 0.8, "temper": 0.5, "strain": 1, "contagion": 0, "mood": 0.5}})
    person, department = firm.employees[0], firm.departments[0]
    person.temper, person.engagement, person.belief = 1.0, 0.6, department.goal.copy()
    department.rework, department.overload = 0.2, 0.4
    # 0.8 + 0.5 - (0.2 + 0.4/2) = 0.9: the reserve above 1 takes some of the strain
    assert person.engagement_after_feeling() == pytest.approx(0.6 + 0.5 * (0.9 - 0.6))
    person.temper = -2.0
    assert person.engagement_after_feeling() == pytest.approx(0.6 - 0.5 * 0.6)


# -- newcomers


def test_newcomers_bring_their_own_frame_and_temper_and_work_their_way_up() -> None:
    content = {
        "people": {"turnover": 1, "filling": 1, "ramp_up": 4, "k_in": 0, "k_out": 0}, "founder": {"frame": 1},
        "mood": {"mood": 0}, "work": {"disengagement_cost": 0}, "money": RICH,
    }  # fmt: skip
    firm = founded(content)
    assert {e.output for e in firm.employees} == {1.0}
    firm.step()  # all leave
    assert not firm.filled()
    firm.parameters.set({"people.turnover": 0, "people.quitting": 0})
    firm.step()  # all posts are filled
    person = firm.employees[3]
    np.testing.assert_array_equal(person.frame, normals(streams.NEWCOMER_FRAME, 1, (5,), 3))
    assert person.temper == normals(streams.NEWCOMER_TEMPER, 1, (10,))[3]
    assert person.engagement == 0.9
    outputs = [person.output]
    for _ in range(5):
        firm.step()
        outputs.append(person.output)
    assert outputs == [0.5, 0.625, 0.75, 0.875, 1.0, 1.0]


def test_filling_is_the_probability_without_stress() -> None:
    none, some = (lived({"people": {"turnover": 1, "filling": f}, "money": RICH}, 2) for f in (0, 0.5))
    assert len(none.filled()) == 0
    fill = streams.stream(2, 0, streams.FILL, 1).random(10)
    assert [e.filled for e in some.employees] == list(fill < 0.5)


# -- pockets and goals


def test_a_pocket_deviates_and_reports_by_its_own_measure_until_it_ends() -> None:
    events = [
        {"kind": "pocket", "week": 1, "department": "service", "autonomy": 1.5, "voice": 0, "until": 4},
        {"kind": "pocket", "week": 2, "department": "sales", "voice": 1},
    ]
    departments = [{"name": "service", "voice": 0.3}, {"name": "sales", "autonomy": 0}, {"name": "shop"}]
    firm = founded({"events": events, "departments": departments})
    service, sales, shop = firm.departments
    seen = []
    for _ in range(5):
        firm.step()
        seen.append((service.autonomy, service.voice, sales.autonomy, sales.voice))
    usual, pocket = (0.3, 0.3), (1.5, 0.0)
    assert seen == [
        (*usual, 0, 0.8), (*pocket, 0, 0.8), (*pocket, 0, 1), (*pocket, 0, 1), (*usual, 0, 1),
    ]  # fmt: skip
    assert (shop.autonomy, shop.voice) == (0.3, 0.8)


def test_people_of_a_silent_pocket_report_nothing() -> None:
    departments = [{"name": "loud", "voice": 1, "headcount": 4}, {"name": "silent", "voice": 0, "headcount": 6}]
    firm = lived({"headcount": None, "departments": departments}, 1)
    assert firm.series["reports"] == [4.0]


def test_goals_are_set_for_good_and_rewards_do_not_relapse_from_them() -> None:
    event = {"kind": "goals", "week": 2, "goals": {"sales": {"cheap": 1, "fast": 1}}}
    firm = lived({"events": [event]}, 6)
    (sales,) = [d for d in firm.departments if d.name == "sales"]
    np.testing.assert_allclose(sales.goal, firm.plan.direction({"cheap": 1, "fast": 1}), atol=1e-12)
    without = lived({}, 6)
    for ours, theirs in zip(firm.departments, without.departments, strict=True):
        assert np.array_equal(ours.goal, theirs.goal) is (ours.name != "sales")

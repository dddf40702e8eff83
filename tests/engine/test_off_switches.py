"""Every mechanism has an exact off-switch: with it off, a run is the same bits as one in which the rule does not exist.

Three tables. A new rule is one line in `MECHANISMS`; one more in `PHASES_THAT_CAN_GO` if a whole phase is off with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.measures.series import SERIES
from sim.rules.week import PHASES, live
from sim.scenario.parameters import parameter_names
from sim.simulate import NOTHING, Simulation
from sim.state import recording
from tests.engine.firms import PHASE, firm, founded, series_of, week_without

WEEKS = 70
STIRRED: dict[str, Any] = {
    "headcount": 23,
    "weeks": WEEKS,
    "events": [
        {"kind": "department_turned", "week": 8, "department": "sales", "angle": 1.3},
        {"kind": "people_turned", "week": 12, "people": 6, "angle": 2.0},
        {"kind": "cash_cut", "week": 15, "weeks": 4},
        {"kind": "demand_drop", "week": 20, "share": 0.2},
        {"kind": "market_turns", "week": 25, "angle": 0.7},
        {"kind": "merger", "week": 30, "people": 5, "angle": 0.8},
    ],
}
"""A firm in which a lot happens, so that no rule sleeps."""
LIVELY: dict[str, Any] = {
    "money.buffer": 70, "money.safety": 72, "work.automation": 0.3, "work.opportunity_rate": 0.15,
    "work.discipline": 0.2, "people.turnover": 0.03,
    "market.crowding": 0.1, "market.legitimacy": 0.3, "founder.imitation": 0.3, "review.review_every": 6,
    "review.review_target": 0.95,
}  # fmt: skip


class Mechanism(NamedTuple):
    """A mechanism with what switches it off, and what then must not matter (but does when it is on).

    `apart`: series that show the mechanism's own reading though nothing else feels it.
    """

    off: dict[str, float]
    others: dict[str, float | bool]
    on: dict[str, float]
    apart: tuple[str, ...] = ()


STILL_NORM = {"market.norm_speed": 0.3, "market.norm_drift": 0.5}
NOBODY_MOVED = {"people.turnover": 0, "people.quitting": 0}
DEAF = {"people.social": 0, "people.persuasion": 0, "founder.voice": 0, "mood.drift": 0}
MOODS = ("engagement", "engagement_sd", "engagement_icc", "disengaged", "lost")
MECHANISMS: dict[str, Mechanism] = {
    "crowding": Mechanism(
        {"market.crowding": 0, "market.legitimacy": 0, "founder.imitation": 0}, {**STILL_NORM}, {"market.crowding": 0.2}),
    "legitimacy": Mechanism(
        {"market.legitimacy": 0, "market.crowding": 0, "founder.imitation": 0}, {**STILL_NORM}, {"market.legitimacy": 0.5}),
    "imitation": Mechanism(
        {"founder.imitation": 0, "market.crowding": 0, "market.legitimacy": 0}, {**STILL_NORM}, {"founder.imitation": 0.5}),
    "learning from results": Mechanism(
        {"founder.openness": 0}, {"market.outcome_noise": 0.3, "founder.voice": 0.3},
        {"founder.openness": 0.6}, ("reports",)),
    "voice": Mechanism({"founder.voice": 0}, {"market.outcome_noise": 0.3}, {"founder.voice": 0.8}),
    "reviews": Mechanism(
        {"review.review_every": 0}, {"review.review_target": 1, "review.review_strength": 1, "review.monitoring": 0},
        {"review.review_every": 6}),
    "what reviews do": Mechanism(
        {"review.review_strength": 0, "work.meeting_cost": 0},
        {"review.review_every": 1, "review.review_target": 1, "review.monitoring": 0.2},
        {"review.review_strength": 0.5}),
    "broadcasts": Mechanism(
        {"people.persuasion": 0, "work.meeting_cost": 0},
        {"founder.cadence": 1, "founder.clarity": 0.2, "people.relay": 0.3, "people.span": 2}, {"people.persuasion": 0.5}),
    "meetings": Mechanism(
        {"work.meeting_cost": 0, "people.persuasion": 0}, {"founder.cadence": 1}, {"work.meeting_cost": 0.05}),
    "noise of relaying": Mechanism({"people.relay": 1}, {"people.span": 2}, {"people.relay": 0.8}),
    "ties": Mechanism(
        {"people.social": 0, "mood.contagion": 0}, {"people.k_in": 1, "people.k_out": 5}, {"people.social": 0.3}),
    "contagion through ties": Mechanism(
        {"mood.contagion": 0, "people.social": 0}, {"people.k_in": 1, "people.k_out": 5}, {"mood.contagion": 0.7}),
    "local goals": Mechanism(
        {"people.incentive": 0, "money.rigidity": 0},
        {"people.goal_spread": 1.5, "review.relapse": 0.1, "review.review_strength": 1}, {"people.incentive": 0.5}),
    "rigidity": Mechanism(
        {"money.rigidity": 0, "people.incentive": 0}, {"people.goal_spread": 1.5, "review.relapse": 0.1},
        {"money.rigidity": 0.8}),
    "stress": Mechanism(
        {"money.rigidity": 0, "money.squeeze": 0, "people.turnover": 0, "people.quitting": 0, "work.opportunity_rate": 0},
        {"money.safety": 500}, {"money.rigidity": 0.8}, ("stress",)),
    "squeezed talk": Mechanism(
        {"money.squeeze": 0, "money.rigidity": 0, "people.turnover": 0, "people.quitting": 0, "work.opportunity_rate": 0},
        {"money.safety": 500}, {"money.squeeze": 0.8}, ("stress",)),
    "autonomy": Mechanism({"people.autonomy": 0}, {"people.autonomy_memory": 0.1}, {"people.autonomy": 0.3}),
    "opportunities": Mechanism(
        {"work.opportunity_rate": 0},
        {"work.discipline": 0, "work.payoff": 3, "work.diversion": 1, "work.diversion_weeks": 40},
        {"work.opportunity_rate": 0.3}),
    "diversion": Mechanism(
        {"work.diversion": 0, "work.payoff": 0}, {"work.opportunity_rate": 1, "work.discipline": 0}, {"work.diversion": 0.4}),
    "automation": Mechanism(
        {"work.automation": 0},
        {"work.automation_gain": 1, "work.cleanup": 20, "work.automation_cost": 1, "work.reconfigure": 0.5},
        {"work.automation": 0.4}),
    "gain of automation": Mechanism(
        {"work.automation_gain": 0}, {"work.cleanup": 20}, {"work.automation_gain": 0.3}),
    "engagement's use": Mechanism(
        {**DEAF, "work.disengagement_cost": 0, "people.quitting": 0, "people.turnover": 0},
        {"mood.strain": 3, "mood.contagion": 2, "mood.threshold": 0.9, "mood.ramp": 0.5, "mood.mood": 0.5},
        {"work.disengagement_cost": 0.5}, MOODS),
    "quitting": Mechanism(
        {**DEAF, "people.quitting": 0, "work.disengagement_cost": 0}, {"mood.strain": 3, "mood.mood": 0.5},
        {"people.quitting": 0.1}, MOODS),
    "mood": Mechanism(
        {"mood.mood": 0}, {"mood.strain": 3, "mood.contagion": 2}, {"mood.mood": 0.2}),
    "coming and going": Mechanism({**NOBODY_MOVED}, {"people.onboarding": 0}, {"people.turnover": 0.05}),
    "onboarding": Mechanism({**NOBODY_MOVED}, {"people.onboarding": 1}, {"people.turnover": 0.05}),
    "churn": Mechanism(
        {"money.churn": 0, "market.premium": 0}, {"market.rivals": 0.9, "market.taste": 1, "market.market_size": 9},
        {"money.churn": 0.05}),
    "premium": Mechanism({"market.premium": 0, "money.churn": 0}, {"market.rivals": 0.9}, {"market.premium": 0.5}),
    "memory": Mechanism(
        {"market.premium": 0, "money.churn": 0}, {"money.memory": 0.9}, {"market.premium": 0.5}, ("satisfaction",)),
    "frames": Mechanism(
        {"founder.clarity": 1, "people.relay": 1}, {"founder.frame": 0.9}, {"founder.clarity": 0.7}),
    "luck with orders": Mechanism(
        {"market.demand_noise": 0}, {"market.demand_memory": 0.2, "market.demand_scaling": 1}, {"market.demand_noise": 0.3}),
    "spread of luck with size": Mechanism(
        {"market.demand_scaling": 0}, {"market.demand_memory": 0.2}, {"market.demand_noise": 0.3}),
    "draw": Mechanism(
        {"money.draw": 0, "money.buffer": 70, "money.safety": 20, "money.reserve": 30}, {"money.reserve": 40},
        {"money.draw": 0.3}),
    "ramp up": Mechanism(
        {"people.ramp_up": 0, "people.turnover": 0, "people.quitting": 0}, {"people.filling": 1},
        {"people.ramp_up": 20, "people.turnover": 0.05}),
    "cost of rework": Mechanism(
        {"work.rework_cost": 0, "people.ramp_up": 0, **NOBODY_MOVED}, {"people.leaver_cost": 5},
        {"people.turnover": 0.05}),
    "limit of the books": Mechanism(
        {"money.churn": 0, "money.gap_cost": 0, "work.slack": 0}, {"work.ambition": 5}, {"work.slack": 0.2, "money.churn": 0.1,
         "market.rivals": 0.3}),
}  # fmt: skip


@pytest.mark.parametrize("name", MECHANISMS)
def test_what_belongs_to_a_mechanism_does_not_matter_when_it_is_off(name: str) -> None:
    mechanism = MECHANISMS[name]
    assert set(mechanism.off) | set(mechanism.others) | set(mechanism.on) <= set(parameter_names())
    base = firm({**LIVELY, **mechanism.off}, **STIRRED)
    plain, varied = series_of(base, 2), series_of(base.replace(mechanism.others), 2)
    for j, series in enumerate(SERIES):
        if series not in mechanism.apart:
            np.testing.assert_array_equal(plain[:, j], varied[:, j], err_msg=series)
    # The test has teeth: with the mechanism on the same change shows.
    awake = firm({**LIVELY, **mechanism.off, **mechanism.on}, **STIRRED)
    assert not np.array_equal(series_of(awake, 2), series_of(awake.replace(mechanism.others), 2), equal_nan=True)


# -- whole phases cut out


def no_meetings(lane: Simulation) -> None:
    lane.state.firm["meetings"] = 0


class Cut(NamedTuple):
    """Phases that are off with some parameters, and what the cut-out phases would have cleared."""

    off: dict[str, float]
    phases: tuple[str, ...]
    tidy: Callable[[Simulation], None] | None = None
    events: bool = True


PHASES_THAT_CAN_GO: dict[str, Cut] = {
    "the market stands still": Cut(
        {"market.turbulence": 0, "market.norm_speed": 0, "market.norm_drift": 0}, ("market_drifts",)),
    "goals stay": Cut({"review.review_every": 0, "review.relapse": 0}, ("leadership_reviews",), no_meetings),
    "nothing is told": Cut(
        {"people.persuasion": 0, "work.meeting_cost": 0}, ("vision_is_broadcast",)),
    "nobody talks": Cut(
        {"people.persuasion": 0, "people.social": 0, "mood.drift": 0, "people.forgetting": 0, "founder.voice": 0},
        ("people_talk",)),
    "nobody reports": Cut({"founder.voice": 0}, ("results_speak",)),
    "nothing comes up": Cut({"work.opportunity_rate": 0}, ("opportunities_come_up",)),
    "nobody feels": Cut({"mood.mood": 0}, ("people_feel",)),
    "nobody leaves": Cut({"people.turnover": 0, "people.quitting": 0}, ("people_come_and_go",)),
    "all of these": Cut(
        {"market.turbulence": 0, "market.norm_speed": 0, "market.norm_drift": 0, "review.review_every": 0,
         "review.relapse": 0, "people.persuasion": 0, "people.social": 0, "mood.drift": 0, "work.meeting_cost": 0,
         "founder.voice": 0, "work.opportunity_rate": 0, "mood.mood": 0, "people.turnover": 0, "people.quitting": 0},
        ("events_strike", "market_drifts", "leadership_reviews", "vision_is_broadcast", "people_talk", "results_speak",
         "opportunities_come_up", "people_feel", "people_come_and_go"), no_meetings, events=False),
}  # fmt: skip


def cut_out(cut: Cut, values: dict[str, float], seed: int = 3) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the series of a whole run and of one in which phases are not called."""
    happens = STIRRED if cut.events else {**STIRRED, "events": []}
    scenario = firm({**LIVELY, **values}, **happens)
    lane = founded(scenario, seed)
    series, _ = recording(1, WEEKS, 5)
    for _ in range(WEEKS):
        if cut.tidy is not None:
            cut.tidy(lane)
        week_without(lane, cut.phases, series[0])
    return series_of(scenario, seed), series[0]


@pytest.mark.parametrize("name", PHASES_THAT_CAN_GO)
def test_a_phase_that_is_off_is_the_same_as_one_that_is_not_called(name: str) -> None:
    cut = PHASES_THAT_CAN_GO[name]
    np.testing.assert_array_equal(*cut_out(cut, cut.off))
    whole, without = cut_out(cut, {"people.persuasion": 0.5, "people.social": 0.3})
    assert not np.array_equal(whole, without, equal_nan=True)


def test_silence_moves_no_belief_that_an_event_left_a_rounding_error_too_long() -> None:
    cut = PHASES_THAT_CAN_GO["nobody talks"]
    np.testing.assert_array_equal(*cut_out(cut, cut.off, seed=6))


def test_without_hiring_the_phase_of_hiring_does_nothing() -> None:
    lane = founded(firm({"market.rivals": 0.4, "money.buffer": 100}, headcount=10, weeks=60))
    before = lane.state.firm.copy()
    for _ in range(60):
        live(lane.box, 1, 0, PHASE["hire"], *NOTHING)
        before = lane.state.firm.copy()
        live(lane.box, 1, PHASE["hire"], len(PHASES), *NOTHING)
        before["week"] += 1
        assert lane.state.firm == before
        # Hiring would have begun: books are full and cash is ample.
    assert lane.state.now["customers"][0] >= 0.95 * 1.16


def test_a_founder_who_has_left_does_not_steer() -> None:
    scenario = firm(LIVELY, headcount=12, weeks=40, events=[{"kind": "founder_leaves", "week": 0, "clarity": 0.7}])
    lane = founded(firm(LIVELY, headcount=12, weeks=40), 3)
    series, _ = recording(1, 40, 5)
    for _ in range(40):
        week_without(lane, ["founder_steers"], series[0])
    np.testing.assert_array_equal(series[0], series_of(scenario, 3))


# -- state that must not be read


def _garbage(name: str) -> Callable[[Simulation], None]:
    def spoil(lane: Simulation) -> None:
        state = lane.state
        array: NDArray[Any] = {
            "founding vision": state.founding_vision, "functional goals": state.departments.functional_goal,
            "preferences": state.people.preference, "deviations": state.people.deviation,
            "automation's directions": state.departments.automation_direction,
            "understanding": state.departments.understanding, "norm": state.norm,
            "weights of ties": state.ties.weight, "tempers": state.people.temper, "climates": state.departments.climate,
            "frames": state.people.frame, "heads' frames": state.departments.frame, "luck with orders": state.demand,
            "who is new": state.people.newcomer,
        }[name]  # fmt: skip
        array[:] = np.random.default_rng(1).uniform(0.1, 1.0, array.shape)

    return spoil


UNREAD: dict[str, dict[str, float]] = {
    "founding vision": {"founder.conviction": 0},
    "functional goals": {"review.relapse": 0},
    "preferences": {"mood.drift": 0, "people.forgetting": 0},
    "deviations": {"people.autonomy": 0},
    "automation's directions": {"work.automation": 0},
    "understanding": {"people.persuasion": 0},
    "norm": {"founder.imitation": 0, "market.crowding": 0, "market.legitimacy": 0},
    "weights of ties": {"people.social": 0, "mood.contagion": 0},
    "tempers": {"mood.temper": 0},
    "climates": {"mood.climate": 0},
    "frames": {"founder.frame": 0},
    "heads' frames": {"founder.frame": 0},
    "luck with orders": {"market.demand_noise": 0},
    "who is new": {"people.ramp_up": 0},
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_a_mechanism_reads_is_not_read_when_it_is_off(name: str) -> None:
    def spoiled(values: dict[str, float]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        scenario = firm({**LIVELY, **values}, headcount=23, weeks=40)
        lane = founded(scenario, 3)
        _garbage(name)(lane)
        series, departments = recording(1, 40, 5)
        live(lane.box, 40, 0, len(PHASES), series[0], departments[0])
        return series_of(scenario, 3), series[0]

    ours, theirs = spoiled(UNREAD[name])
    shown = [j for j, series in enumerate(SERIES) if (series, name) != ("heads_knowing", "understanding")]
    np.testing.assert_array_equal(ours[:, shown], theirs[:, shown])
    awake = {
        "people.social": 0.3,
        "mood.strain": 3,
        "people.forgetting": 0.02,
        "founder.frame": 0.9,
        "mood.temper": 0.2,
    }
    awake |= {"mood.climate": 0.2, "market.demand_noise": 0.3, "people.ramp_up": 12}
    assert not np.array_equal(*spoiled(awake), equal_nan=True)


def test_without_strain_nobody_feels_conflict_rework_or_overload() -> None:
    def felt(strain: float, spoil: bool) -> NDArray[np.float64]:
        lane = founded(firm({**LIVELY, "mood.strain": strain}, headcount=23), 3)
        live(lane.box, 20, 0, len(PHASES), *NOTHING)
        live(lane.box, 1, 0, PHASE["people_feel"], *NOTHING)
        if spoil:
            departments = lane.state.departments
            for array in (departments.rework, departments.overload, departments.local_weight):
                array[:] = 0.37
        live(lane.box, 1, PHASE["people_feel"], PHASE["people_feel"] + 1, *NOTHING)
        return lane.state.people.engagement.copy()

    np.testing.assert_array_equal(felt(0, True), felt(0, False))
    assert not np.array_equal(felt(1, True), felt(1, False))


@pytest.mark.parametrize(
    ("off", "name"),
    [
        ({"work.rework": 0}, "rework"),
        ({"money.churn": 0, "money.gap_cost": 0}, "churn"),
        ({"money.churn": 0}, "newcomers"),
        ({"founder.voice": 0}, "reports"),
        ({"people.turnover": 0, "people.quitting": 0}, "leavers"),
    ],
)
def test_what_is_off_reads_exactly_nothing(off: dict[str, float], name: str) -> None:
    j = list(SERIES).index(name)
    assert (series_of(firm({**LIVELY, **off}, **STIRRED))[:, j] == 0).all()
    assert (series_of(firm(LIVELY, **STIRRED))[:, j] != 0).any()


# -- events that do nothing

NOTHING_HAPPENS: dict[str, dict[str, Any]] = {
    "market turns by no angle": {"kind": "market_turns", "angle": 0},
    "no cash is cut": {"kind": "cash_cut", "weeks": 0},
    "no demand drops": {"kind": "demand_drop", "share": 0},
    "no share is automated": {"kind": "automation", "share": 0},
    "a parameter is set to what it is": {"kind": "set", "values": {"people.autonomy": 0.3}, "until": 20},
    "a pocket is what the department is": {"kind": "pocket", "department": "sales", "autonomy": 0.3, "until": 20},
    "an initiative takes and gives nothing": {"kind": "initiative", "effort": 1, "share": 0, "deadline": 5, "gain": 0},
}


@pytest.mark.parametrize("name", NOTHING_HAPPENS)
def test_an_event_of_no_size_changes_no_bit(name: str) -> None:
    base = firm(headcount=15, weeks=40)
    np.testing.assert_array_equal(
        series_of(base, 4), series_of(base.replace({"events": [NOTHING_HAPPENS[name] | {"week": 10}]}), 4)
    )


# -- terms within a rule


def scale_once(x: NDArray[np.float64]) -> None:
    """Do what `sim.engine.vectors.make_unit` does, in the same order of operations."""
    total = 0.0
    for value in x.tolist():
        total += value * value
    x *= 1.0 / math.sqrt(total)


@pytest.mark.parametrize("incentive", [0.0, 0.4])
def test_without_autonomy_people_row_exactly_between_belief_and_goal(incentive: float) -> None:
    # unit(unit(v)) is not bitwise unit(v): a term that is off must be left out, not added as nothing.
    lane = founded(firm({"people.autonomy": 0, "people.incentive": incentive, "money.rigidity": 0}, headcount=200))
    people = lane.state.people
    people.belief[:] = np.random.default_rng(1).uniform(-0.4, 0.4, people.belief.shape)
    live(lane.box, 1, PHASE["people_row"], PHASE["people_row"] + 1, *NOTHING)
    expected = people.belief.copy()
    twice = 0
    for i, x in enumerate(expected):
        scale_once(x)
        if incentive > 0:
            x[:] = (1.0 - incentive) * x + incentive * lane.state.departments.goal[people.department[i]]
            scale_once(x)
        again = x.copy()
        scale_once(again)
        twice += not np.array_equal(x, again)
    np.testing.assert_array_equal(people.rowing, expected)
    assert twice > 20

"""Luck is a function of seed, replicate, decision, week and post: nothing that happens shifts anybody's draws."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from sim.engine import streams
from sim.engine.streams import Luck, new_luck, pick, select_run, select_stream, stream
from sim.reference.ties import pick as plain_pick
from sim.rules.week import PHASES, live
from sim.scenario import Scenario
from sim.simulate import NOTHING, Simulation, run, run_many
from tests.engine.firms import QUIET, do, firm, founded, next_week, series_of

DECISIONS = {name: value for name, value in vars(streams).items() if name[0] != "_" and isinstance(value, np.uint64)}
RUNS = [(0, 0), (1, 0), (0, 1), (2**63 - 1, 2**47 - 1), (123456789, 77)]


@numba.njit
def _drawn(luck: Luck, seed: int, replicate: int, decision: np.uint64, week: int, post: int) -> NDArray[np.float64]:
    out = np.empty(40)
    select_run(luck, seed, replicate)
    generator = select_stream(luck, decision, week, post)
    for i in range(20):
        out[i] = generator.standard_normal()
    for i in range(20, 35):
        out[i] = generator.random()
    for i in range(35, 40):
        out[i] = generator.poisson(1.5)
    return out


@numba.njit
def _drawn_at_once(luck: Luck, decision: np.uint64, week: int, post: int, out: NDArray[np.float64]) -> None:
    streams.normals(luck, decision, week, post, out[0], out.shape[1])
    streams.uniforms(luck, decision, week, post, out[1], out.shape[1])


@numba.njit
def _picked(luck: Luck, week: int, count: int, total: int, out: NDArray[np.int64]) -> int:
    return pick(select_stream(luck, streams.TIES, week, 0), count, total, out)


@pytest.mark.parametrize("name", DECISIONS)
def test_compiled_code_draws_what_plain_python_draws(name: str) -> None:
    luck = new_luck()
    for seed, replicate in RUNS:
        for week, post in [(0, 0), (5199, 0), (3, 2_000_000)]:
            plain = stream(seed, replicate, DECISIONS[name], week, post)
            expected = [*plain.standard_normal(20), *plain.random(15), *plain.poisson(1.5, 5)]
            drawn = _drawn(luck, seed, replicate, DECISIONS[name], week, post)
            np.testing.assert_array_equal(drawn, expected)
            np.testing.assert_array_equal(drawn, _drawn(luck, seed, replicate, DECISIONS[name], week, post))


def test_numbers_drawn_at_once_are_those_of_plain_python_to_the_last_rare_one() -> None:
    out = np.empty((2, 200_000))  # one normal in four thousand comes from the tail
    for week, post in [(0, 0), (-104, 3), (5199, 2_000_000)]:
        luck = new_luck(3, 8)
        _drawn_at_once(luck, streams.RELAY, week, post, out)
        np.testing.assert_array_equal(out[0], stream(3, 8, streams.RELAY, week, post).standard_normal(out.shape[1]))
        np.testing.assert_array_equal(out[1], stream(3, 8, streams.RELAY, week, post).random(out.shape[1]))
    assert np.abs(out[0]).max() > 3.66


def test_compiled_picks_are_those_of_plain_python() -> None:
    luck, out = new_luck(9), np.empty(50, np.int64)
    for week in range(60):
        count, total = week % 9, 1 + week % 13
        taken = _picked(luck, week, count, total, out)
        assert out[:taken].tolist() == plain_pick(stream(9, 0, streams.TIES, week), count, total)
        assert taken == len(set(out[:taken])) == min(count, total)


def test_the_founding_draws_from_the_documented_streams() -> None:
    lane = founded(firm(headcount=12), 5, 3)
    for i in range(12):
        own = stream(5, 3, streams.PREFERENCE, 0, i).standard_normal(5)
        np.testing.assert_allclose(lane.state.people.preference[i], own / np.linalg.norm(own), rtol=1e-14)
        np.testing.assert_array_equal(
            lane.state.people.deviation[i], stream(5, 3, streams.FIRST_DEVIATION, 0, i).standard_normal(5)
        )


def test_decisions_are_distinct() -> None:
    assert len(DECISIONS) == len({int(value) for value in DECISIONS.values()})
    assert max(int(value) for value in DECISIONS.values()) < 2**16  # they share a word with the replicate


def test_streams_are_distinct() -> None:
    keys = [
        (seed, replicate, decision, week, post)
        for seed, replicate in RUNS
        for decision in DECISIONS.values()
        for week in (0, 1, 2, 100)
        for post in (0, 1, 2, 100)
    ]
    assert len({stream(*key).random() for key in keys}) == len(keys)


def test_streams_that_differ_in_one_thing_are_uncorrelated_and_uniform() -> None:
    n = 8000
    base = (7, 3, streams.VOICE, 10, 4)
    others = [base, *(tuple(x + np.uint64(j == k) for k, x in enumerate(base)) for j in range(5))]
    draws = np.array([stream(int(s), int(r), np.uint64(d), int(w), int(p)).random(n) for s, r, d, w, p in others])
    correlation = np.corrcoef(draws) - np.eye(6)
    assert np.abs(correlation).max() < 4 / np.sqrt(n)
    assert min(stats.kstest(row, "uniform").pvalue for row in draws) > 0.001
    # The first numbers of many short streams are what a run really uses.
    firsts = np.array([[stream(7, 0, streams.LEAVE, week, post).random() for post in range(4)] for week in range(2000)])
    assert stats.kstest(firsts.ravel(), "uniform").pvalue > 0.001
    assert np.abs(np.corrcoef(firsts.T) - np.eye(4)).max() < 4 / np.sqrt(2000)
    assert abs(np.corrcoef(firsts[:-1, 0], firsts[1:, 0])[0, 1]) < 4 / np.sqrt(2000)


# -- the past is shared

BEFORE = 60
HAPPENINGS: dict[str, dict[str, Any]] = {
    "market_turns": {"angle": 1},
    "department_turned": {"department": "sales", "angle": 1},
    "people_turned": {"people": 4, "angle": 1},
    "cash_cut": {"weeks": 1},
    "demand_drop": {"share": 0.1},
    "automation": {"share": 0.5},
    "set": {"values": {"people.autonomy": 0.1}, "until": 70},
    "set noise off": {"kind": "set", "values": {"market.turbulence": 0, "people.autonomy_memory": 0}},
    "set hiring on": {"kind": "set", "values": {"people.hiring": True, "market.rivals": 0.3, "money.safety": 0.5}},
    "founder_leaves": {},
    "pocket": {"department": "sales", "autonomy": 1, "voice": 1, "until": 75},
    "goals": {"goals": {"sales": {"cheap": 1}}},
    "merger": {"people": 6, "angle": 1},
    "merger with departments": {"kind": "merger", "people": 6, "angle": 1, "departments": [{"name": "lab"}]},
    "initiative": {"effort": 30, "share": 0.2, "deadline": 20},
}


@pytest.mark.parametrize("name", HAPPENINGS)
def test_an_event_changes_no_bit_before_its_week(name: str) -> None:
    base = firm({"money.buffer": 30}, headcount=20, weeks=90)
    what_if = base.replace({"events": [{"kind": name, "week": BEFORE} | HAPPENINGS[name]]})
    for seed in (1, 2):
        one, other = run(base, seed), run(what_if, seed)
        for key, values in one.series.items():
            np.testing.assert_array_equal(values[:BEFORE], other.series[key][:BEFORE], err_msg=key)
        count = len(base.departments)
        for key, values in one.departments.items():
            np.testing.assert_array_equal(values[:BEFORE], other.departments[key][:BEFORE, :count], err_msg=key)
        assert any(not np.array_equal(v[BEFORE:], other.series[key][BEFORE:]) for key, v in one.series.items())


def test_every_kind_of_event_is_asked_about() -> None:
    from sim.scenario.validate import KINDS

    assert {h.get("kind", name) for name, h in HAPPENINGS.items()} == set(KINDS)


# -- who joins changes nobody else's draws

CALM = QUIET | {
    "founder.openness": 0, "founder.clarity": 0.7, "people.relay": 0.8, "people.span": 1000, "people.social": 0,
    "people.turnover": 0.05, "market.outcome_noise": 1, "mood.mood": 0, "money.squeeze": 0, "market.trend_noise": 1,
    "people.autonomy": 0.3, "people.goal_spread": 0.5,
}  # fmt: skip
"""Nobody influences anybody here, and money is no object: what differs between two such firms is luck alone."""


def drawn_week_by_week(scenario: Scenario, posts: int, weeks: int) -> dict[str, NDArray[np.float64]]:
    """Return what luck made of the first posts, week by week."""
    lane = founded(scenario, 6, weeks=weeks)
    people, market = lane.state.people, lane.state.market
    kept: dict[str, list[NDArray[np.float64]]] = {}
    for _ in range(weeks):
        live(lane.box, 1, 0, len(PHASES), *NOTHING)
        noise = people.result - people.rowing @ market
        for name, values in {
            "deviation": people.deviation, "belief": people.belief, "preference": people.preference,
            "filled": people.filled, "occupant": people.occupant, "result": people.result, "noise": noise,
        }.items():  # fmt: skip
            kept.setdefault(name, []).append(values[:posts].astype(float))
    return {name: np.array(values) for name, values in kept.items()}


JOINING: dict[str, dict[str, Any]] = {
    "merger": {"events": [{"kind": "merger", "week": 10, "people": 9, "angle": 1.0}]},
    "merger with departments": {
        "events": [{"kind": "merger", "week": 10, "people": 9, "angle": 1.0, "departments": [{"name": "lab"}]}]
    },
    "hiring": {"people": {"hiring": True}, "market": {"rivals": 0.3}},
    "more founders": {"departments": [{"name": "all", "headcount": 20}, {"name": "more", "headcount": 6}]},
}


@pytest.mark.parametrize("name", JOINING)
def test_who_joins_changes_nobody_elses_draws(name: str) -> None:
    posts, weeks = 20, 50
    top = {"departments": [{"name": "all", "headcount": posts}], "market": {"rivals": 0.3}} | JOINING[name]
    base = firm(CALM, departments=[{"name": "all", "headcount": posts}], market={"rivals": 0.3})
    joined = firm(CALM, **top)
    lane = Simulation(joined, weeks)
    lane.run(6, 0)
    assert lane.state.firm["posts"][0] > posts
    one, other = drawn_week_by_week(base, posts, weeks), drawn_week_by_week(joined, posts, weeks)
    assert one["filled"].mean() < 0.95
    assert one["occupant"].max() > 0
    for key, values in one.items():
        np.testing.assert_array_equal(values, other[key], err_msg=key)


def test_newcomers_change_nobody_elses_draws() -> None:
    posts, weeks = 20, 50
    leaving = firm(CALM, departments=[{"name": "all", "headcount": posts}])
    staying = leaving.replace({"people.turnover": 0})
    one, other = drawn_week_by_week(leaving, posts, weeks), drawn_week_by_week(staying, posts, weeks)
    np.testing.assert_array_equal(one["deviation"], other["deviation"])
    same = one["occupant"] == 0  # until somebody else came, who then has a draw of their own
    assert 0.1 < same.mean() < 0.9
    np.testing.assert_array_equal(one["preference"][same], other["preference"][same])
    np.testing.assert_array_equal(
        one["belief"][same & (one["filled"] > 0)], other["belief"][same & (one["filled"] > 0)]
    )
    told = ~np.isnan(one["result"]) & ~np.isnan(other["result"]) & same
    np.testing.assert_array_equal(one["noise"][told], other["noise"][told])


# -- a draw that nobody uses changes nothing

IDLE: dict[str, dict[str, float]] = {
    "opportunities without pay or work": {
        "work.opportunity_rate": 1,
        "work.payoff": 0,
        "work.diversion": 0,
        "work.discipline": 0,
    },
    "a norm that nobody looks at": {"market.norm_drift": 0.5},
    "results that nobody listens to": {"market.outcome_noise": 2},
    "reviews that find nothing": {"review.review_every": 3, "review.review_target": 0, "review.monitoring": 0.99},
    "noise in a reading that nobody makes": {"market.trend_noise": 3},
}


@pytest.mark.parametrize("name", IDLE)
def test_an_unrelated_draw_changes_nothing_else(name: str) -> None:
    base = firm(
        {"founder.openness": 0, "work.meeting_cost": 0, "people.turnover": 0.02, "founder.imitation": 0}
        | ({"founder.agility": 0, "founder.imitation": 1, "market.norm_drift": 0.02} if "reading" in name else {}),
        headcount=15, weeks=60,
    )  # fmt: skip
    # The founder's gain does not depend on the noise that the founder reckons with, but its rounding does.
    rounding = 1e-9 if "reading" in name else 0
    np.testing.assert_allclose(series_of(base), series_of(base.replace(IDLE[name])), rtol=rounding, atol=rounding)


def test_parts_of_a_run_can_start_again_without_stored_generators() -> None:
    lane = founded(firm(headcount=8), 3)
    for _ in range(5):
        next_week(lane)
    do(lane, "market_drifts")
    eta = stream(3, 0, streams.DRIFT, 5).standard_normal(5) / 2
    expected = np.eye(5)[0] + 0.04 * eta
    np.testing.assert_allclose(lane.state.market, expected / np.linalg.norm(expected), rtol=1e-14)


# -- seeds


@pytest.mark.parametrize("seed", [-1, 2**63])
def test_seeds_out_of_range_are_named(seed: int) -> None:
    for call in (new_luck, lambda s: stream(s, 0, streams.DRIFT), lambda s: run(Scenario(weeks=1), s)):
        with pytest.raises(ValueError, match=str(seed)):
            call(seed)


@pytest.mark.parametrize("replicate", [-1, 2**48])
def test_replicates_out_of_range_are_named(replicate: int) -> None:
    with pytest.raises(ValueError, match=str(replicate)):
        new_luck(0, replicate)
    with pytest.raises(ValueError, match=str(replicate)):
        stream(0, replicate, streams.DRIFT)
    with pytest.raises(ValueError, match="2\\^47"):
        run_many(Scenario(weeks=1), [0, replicate])


def test_no_replicates_at_all_are_an_error() -> None:
    with pytest.raises(ValueError, match="at least one"):
        run_many(Scenario(weeks=1), 0)


def test_seeds_and_replicates_give_different_runs() -> None:
    firm_ = Scenario(weeks=3, headcount=6)
    found = {
        run(firm_, seed, replicate).series["gap"].tobytes()
        for seed in (0, 1, 2**63 - 1)
        for replicate in (0, 1, 2**47 - 1)
    }
    assert len(found) == 9

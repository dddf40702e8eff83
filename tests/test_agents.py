"""The Mesa face: the same run as the engine's, through agents that read and write its arrays and never go stale."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from mesa import DataCollector

from sim import Department, Employee, Firm, Founder, load, run
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.rules.week import PHASES
from sim.scenario import Scenario

RESTLESS: dict[str, Any] = {"people.turnover": 0.15, "people.quitting": 0.2, "money.buffer": 200}
"""A firm in which somebody leaves nearly every week, and posts fill again."""


def firm_of(values: dict[str, Any] | None = None, weeks: int = 30, seed: int = 1, **top: Any) -> Firm:
    return Firm(Scenario.model_validate({"headcount": 12, **top}).replace(values or {}), seed=seed, weeks=weeks)


def merging() -> Firm:
    return firm_of(
        weeks=20,
        events=[
            {
                "kind": "merger",
                "week": 5,
                "people": 6,
                "angle": 1.0,
                "departments": [{"name": "abroad", "role": "deliver"}],
            }
        ],
    )


def assert_agents_mirror_the_arrays(firm: Firm) -> None:
    people = firm.state.people
    assert sorted(e.post for e in firm.employees) == np.flatnonzero(people.filled).tolist()
    for employee in firm.employees:
        assert employee.engagement == people.engagement[employee.post]
        assert np.shares_memory(employee.belief, people.belief)
        assert employee.department.row == people.department[employee.post]


# -- one set of rules


@pytest.mark.parametrize("name", ["bakery", "franchise", "startup"])
def test_stepping_a_firm_gives_the_bits_of_a_run(name: str) -> None:
    scenario = load(name)
    firm, plain = Firm(scenario, seed=3, replicate=2), run(scenario, seed=3, replicate=2)
    firm.run()
    assert firm.closed == plain.closed
    for series in SERIES:
        np.testing.assert_array_equal(firm.series[series], plain.series[series], err_msg=series)
    for i, series in enumerate(DEPARTMENT_SERIES):
        np.testing.assert_array_equal(firm.department_series[:, :, i], plain.departments[series], err_msg=series)


def test_looking_at_a_firm_changes_no_bit_of_it() -> None:
    firm, plain = merging(), merging().run()
    while firm.alive:
        firm.step()
        assert firm.employees.agg("engagement", np.mean) <= 1
        assert [d.alignment for d in firm.departments]
        assert [len(e.colleagues) for e in firm.employees]
        firm.random.random()
        firm.rng.random()
    np.testing.assert_array_equal(firm.series["coherence"], plain.series["coherence"])


def test_after_the_closing_a_step_does_nothing() -> None:
    firm = firm_of({"money.buffer": 0.1, "money.margin": -5}, weeks=30).run()
    assert firm.closed is not None
    assert not firm.alive
    assert not firm.running
    week, series = firm.week, firm.series["cash"].copy()
    firm.step()
    assert firm.week == week == firm.closed + 1
    np.testing.assert_array_equal(firm.series["cash"], series)


def test_after_the_last_week_a_step_does_nothing() -> None:
    firm = firm_of(weeks=2).run()
    firm.step()
    assert firm.week == 2
    assert firm.closed is None


# -- views


def test_views_read_and_write_the_engines_arrays() -> None:
    firm = firm_of()
    employee, department, founder = firm.employees[0], firm.departments[1], firm.founder
    employee.engagement = 0.3
    employee.belief = np.array([0.0, 1, 0, 0, 0])
    employee.belief[2] = 0.5
    department.goal[:] = employee.belief
    department.backlog = 4.0
    department.incentive = 0.9
    founder.vision = employee.belief
    state = firm.state
    assert state.people.engagement[employee.post] == 0.3
    assert state.people.belief[employee.post].tolist() == [0, 1, 0.5, 0, 0]
    assert state.departments.goal[1].tolist() == state.vision.tolist() == [0, 1, 0.5, 0, 0]
    assert state.departments.backlog[1] == 4.0
    assert department.incentive == state.departments.incentive[1] == 0.9
    assert firm.departments[0].incentive == firm.parameter("people.incentive")


def test_views_tell_what_the_founder_doubts_and_how_people_and_departments_differ() -> None:
    firm = firm_of({**RESTLESS, "mood.temper": 0.2, "mood.climate": 0.1, "founder.frame": 0.9})
    assert firm.founder.error == pytest.approx(np.sqrt(np.trace(firm.founder.uncertainty)))
    assert firm.founder.error > 0
    assert {e.tenure for e in firm.employees} == {0}
    for _ in range(4):
        firm.step()
    founders = [e for e in firm.employees if not e.newcomer]
    newcomers = [e for e in firm.employees if e.newcomer]
    assert {e.tenure for e in founders} == {4}
    assert newcomers
    assert all(0 <= e.tenure < 4 for e in newcomers)
    assert len({e.temper for e in firm.employees}) == len(firm.employees)
    assert len({d.climate for d in firm.departments}) == len(firm.departments)
    sales = next(d for d in firm.departments if d.name == "sales")
    assert (sales.autonomy, sales.voice) == (firm.parameter("people.autonomy"), firm.parameter("founder.voice"))
    sales.voice = 0.0
    assert firm.state.departments.voice[sales.row] == 0
    assert np.shares_memory(sales.frame, firm.state.departments.frame)
    firm.founder.uncertainty = np.zeros((5, 5))
    assert firm.founder.error == 0
    firm.step()
    assert firm.founder.error > 0


def test_what_is_written_between_weeks_acts_in_the_next() -> None:
    firm, plain = firm_of(), firm_of()
    for employee in firm.employees:
        employee.engagement = 0.0
    firm.step()
    plain.step()
    assert firm.reports == 0 < plain.reports
    assert firm.engagement < plain.engagement


def test_attention_follows_engagement_and_cannot_be_written() -> None:
    with pytest.raises(AttributeError):
        firm_of().employees[0].attention = 1.0


@pytest.mark.filterwarnings("error")
def test_agents_stay_true_while_people_leave_and_others_come() -> None:
    firm = firm_of(RESTLESS)
    views = [(e, e.belief) for e in firm.employees]
    met = set(firm.employees)
    while firm.alive:
        firm.step()
        assert_agents_mirror_the_arrays(firm)
        for employee, belief in views:
            if not employee.gone:
                assert np.shares_memory(belief, employee.belief)
        met |= set(firm.employees)
    assert len(met) > 12  # newcomers are new agents
    assert any(e.gone for e in met)
    assert len({e.unique_id for e in met}) == len(met)


def test_somebody_who_left_cannot_be_read_or_written() -> None:
    firm = firm_of(RESTLESS).run()
    met = Firm(firm.plan, seed=1, weeks=30)
    employees = list(met.employees)
    met.run()
    left = next(e for e in employees if e.gone)
    with pytest.raises(LookupError, match="has left the firm"):
        _ = left.engagement
    with pytest.raises(LookupError, match="has left the firm"):
        left.engagement = 1.0
    for ask in ("department", "colleagues", "belief", "disengaged"):
        with pytest.raises(LookupError):
            getattr(left, ask)
    assert left not in met.employees


def test_who_fills_a_post_is_not_who_left_it_even_when_nobody_looked_in_between() -> None:
    firm = firm_of(RESTLESS, weeks=200)
    first = {e.post: e for e in firm.employees}
    firm.run()
    again = [post for post in first if firm.state.people.filled[post] and firm.state.people.occupant[post] > 0]
    assert again
    for post in again:
        assert first[post].gone
        assert firm.holder(post) is not first[post]


def test_hired_people_are_met() -> None:
    firm = firm_of({"people.hiring": True, "work.slack": 0.01, "money.buffer": 500, "people.turnover": 0}, weeks=60)
    before = len(firm.employees)
    firm.run()
    assert firm.state.firm["posts"][0] > before
    assert_agents_mirror_the_arrays(firm)


def test_a_firm_merged_in_brings_people_and_departments() -> None:
    firm = merging()
    departments = list(firm.departments)
    goal = departments[0].goal
    for _ in range(6):
        firm.step()
    assert [d.name for d in firm.departments] == [*(d.name for d in departments), "abroad"]
    abroad = firm.departments[-1]
    assert abroad.role == "deliver"
    assert 0 < len(abroad.members) <= 6
    assert np.shares_memory(goal, departments[0].goal)
    assert list(firm.departments[:-1]) == departments  # the same agents as before
    assert_agents_mirror_the_arrays(firm)


def test_members_and_colleagues_are_people_who_are_there() -> None:
    firm = firm_of(RESTLESS)
    for _ in range(10):
        firm.step()
        assert sum(len(d.members) for d in firm.departments) == len(firm.employees)
        ties = firm.state.ties
        for employee in firm.employees:
            assert employee in employee.department.members
            listened = ties.speaker[ties.start[employee.post] : ties.start[employee.post + 1]]
            assert {c.post for c in employee.colleagues} == {p for p in listened if firm.state.people.filled[p]}


def test_an_employee_who_is_removed_leaves_a_vacant_post() -> None:
    firm = firm_of()
    employee = firm.employees[0]
    employee.remove()
    assert employee.gone
    assert employee not in firm.employees
    assert len(firm.employees) == 11
    assert not firm.state.people.filled[employee.post]
    firm.step()
    assert firm.filled <= 11


def test_the_founder_who_leaves_is_gone() -> None:
    firm = firm_of(weeks=4, events=[{"kind": "founder_leaves", "week": 2, "clarity": 0.3}])
    assert not firm.founder.gone
    firm.run()
    assert firm.founder.gone
    assert firm.parameter("founder.clarity") == 0.3


# -- the order of the week


def test_the_phases_are_the_engines_own() -> None:
    assert firm_of().phases.names == [phase.__name__ for phase in PHASES]


@pytest.mark.parametrize("where", ["before", "after"])
@pytest.mark.parametrize("name", [PHASES[0].__name__, "people_row", PHASES[-1].__name__])
def test_a_phase_that_does_nothing_changes_no_bit(where: str, name: str) -> None:
    weeks = []
    firm = Firm(load("bakery"), seed=3)
    getattr(firm.phases, where)(name, lambda firm: weeks.append(firm.week))
    firm.run()
    plain = run(load("bakery"), seed=3)
    assert firm.closed == plain.closed
    for series in SERIES:
        np.testing.assert_array_equal(firm.series[series], plain.series[series], err_msg=series)
    late = where == "after" and name == PHASES[-1].__name__  # then the week has turned
    assert weeks == list(range(late, firm.week + late))


def test_a_python_phase_acts_from_where_it_stands() -> None:
    def coffee(firm: Firm) -> None:
        for employee in firm.employees:
            if employee.disengaged:
                employee.engagement = min(1.0, employee.engagement + 0.2)

    firm, plain = Firm(load("bakery"), seed=1), Firm(load("bakery"), seed=1).run()
    firm.phases.before("people_talk", coffee)
    firm.run()
    assert firm.series["engagement"][-1] > plain.series["engagement"][-1]
    calm = int(np.argmax(plain.series["disengaged"] > 0))
    np.testing.assert_array_equal(firm.series["thrust"][:calm], plain.series["thrust"][:calm])


def test_phases_come_in_the_order_in_which_they_are_listed() -> None:
    said: list[str] = []
    firm = firm_of(weeks=1)
    firm.phases.after("money_moves", lambda firm: said.append("second"))
    firm.phases.after("money_moves", lambda firm: said.append("first"))
    firm.phases.before("market_drifts", lambda firm: said.append("zeroth"))
    firm.step()
    assert said == ["zeroth", "first", "second"]


@pytest.mark.parametrize("spoil", [lambda p: p.pop(3), lambda p: p.reverse(), lambda p: p.append(PHASES[0])])
def test_the_models_own_phases_cannot_be_removed_reordered_or_doubled(spoil: Any) -> None:
    firm = firm_of()
    spoil(firm.phases)
    with pytest.raises(ValueError, match="must all stay, in their order"):
        firm.step()
    assert firm.week == 0


def test_an_unknown_phase_is_named_with_the_nearest_one() -> None:
    with pytest.raises(ValueError, match="did you mean 'people_talk'"):
        firm_of().phases.before("people_talks", print)


# -- Mesa's idioms


def test_mesas_data_collector_takes_measures_and_views() -> None:
    firm = firm_of(weeks=5)
    collector = DataCollector(
        model_reporters={"coherence": "coherence", "people": lambda firm: len(firm.employees)},
        agenttype_reporters={Employee: {"engagement": "engagement"}, Department: {"backlog": "backlog"}},
    )
    while firm.alive:
        firm.step()
        collector.collect(firm)
    frame = collector.get_model_vars_dataframe()
    np.testing.assert_array_equal(frame["coherence"], firm.series["coherence"])
    assert frame["people"].tolist()[-1] == len(firm.employees)
    assert collector.get_agenttype_vars_dataframe(Employee)["engagement"].between(0, 1).all()
    assert len(collector.get_agenttype_vars_dataframe(Department)) == 5 * len(firm.departments)


def test_agent_sets_select_aggregate_do_get_and_set() -> None:
    firm = firm_of()
    employees = firm.employees
    employees[0].engagement = 0.1
    assert list(employees.select(lambda e: e.disengaged)) == [employees[0]]
    assert employees.agg("engagement", np.mean) == pytest.approx((11 + 0.1) / 12)
    assert employees.get("engagement")[0] == 0.1
    employees.set("engagement", 0.5)
    assert (firm.state.people.engagement[:12] == 0.5).all()
    employees.do(lambda e: setattr(e, "engagement", 0.7))
    assert (firm.state.people.engagement[:12] == 0.7).all()
    grouped = employees.groupby("department").count()
    assert {d.name: n for d, n in grouped.items()} == {d.name: int(d.posts) for d in firm.departments}
    assert set(firm.agents_by_type) == {Founder, Department, Employee}
    assert len(firm.agents) == 1 + len(firm.departments) + 12


# -- parameters


def test_a_parameter_set_acts_from_the_next_week() -> None:
    firm, plain = firm_of(weeks=10), firm_of(weeks=10).run()
    for week in range(10):
        if week == 4:
            firm.set("people.autonomy", 0.8)
        firm.step()
    np.testing.assert_array_equal(firm.series["coherence"][:4], plain.series["coherence"][:4])
    assert firm.parameter("people.autonomy") == 0.8
    assert (firm.series["coherence"][4:] < plain.series["coherence"][4:]).all()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("founder.clarty", 0.4, "founder.clarty.*did you mean 'founder.clarity'"),
        ("founder.clarity", 1.4, "founder.clarity = 1.4 must be at most 1"),
        ("founder.clarity", 0, "founder.clarity = 0 must be greater than 0"),
        ("people.span", 2.5, "people.span = 2.5 must be a whole number"),
        ("people.goal_spread", 0.4, "founded.*department_turned"),
        ("money.margin", float("nan"), "finite"),
    ],
)
def test_a_wrong_parameter_is_an_error_that_says_what_is_allowed(name: str, value: float, said: str) -> None:
    firm = firm_of()
    with pytest.raises(ValueError, match=said):
        firm.set(name, value)


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="coherense"):
        _ = firm_of().coherense

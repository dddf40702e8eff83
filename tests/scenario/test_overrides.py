"""Values given beside a file, and scenarios changed in memory."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from sim.scenario import Scenario, ScenarioError, load, loads, scenario_names


def _refused(scenario: Scenario, **values: object) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        scenario.replace({name.replace("__", "."): value for name, value in values.items()})
    return str(caught.value).splitlines()


@pytest.mark.parametrize("name", scenario_names())
def test_replacing_nothing_gives_the_same_scenario(name: str) -> None:
    scenario = load(name)
    assert scenario.replace({}) == scenario
    assert scenario.replace({}).hash == scenario.hash
    assert scenario.replace({"scarcity": 0.3}).replace({}) == scenario.replace({"scarcity": 0.3})


def test_strings_are_read_as_toml_and_text_stays_text() -> None:
    scenario = load(
        "default", {"founder.clarity": "0.4", "weeks": "52", "headcount": 60, "people.hiring": "true", "title": "12"}
    )
    assert (scenario.founder.clarity, scenario.weeks, scenario.posts, scenario.people.hiring) == (0.4, 52, 60, True)
    assert scenario.title == "12"


def test_overrides_and_replace_do_the_same() -> None:
    values: dict[str, object] = {"founder.clarity": 0.4, "scarcity": 0.7, "weeks": 80, "events.1.angle": 1.0}
    assert load("bakery", values) == load("bakery").replace(values)


def test_numbers_of_other_kinds_are_taken() -> None:
    scenario = Scenario().replace(
        {
            "founder.clarity": np.float64(0.4),
            "founder.cadence": np.int64(9),
            "people.span": 5.0,
            "people.hiring": np.True_,
        }
    )
    assert (scenario.founder.clarity, scenario.founder.cadence, scenario.people.span) == (0.4, 9, 5)
    assert type(scenario.people.span) is int
    assert scenario.people.hiring is True


def test_scarcity_stands_for_its_fields_through_their_defaults() -> None:
    assert Scenario(scarcity=0.5).hash == Scenario().hash
    scarce = Scenario(scarcity=1.0)
    assert (scarce.work.slack, scarce.money.reserve, scarce.money.buffer, scarce.money.margin, scarce.money.credit) == (
        0, 1, 1, 0.03, 0,
    )  # fmt: skip


def test_a_field_by_hand_wins_over_scarcity_in_whichever_layer() -> None:
    one_layer = loads("scarcity = 0.9\n[money]\nmargin = 0.2")
    under = loads("[money]\nmargin = 0.2").replace({"scarcity": 0.9})
    above = Scenario(scarcity=0.9).replace({"money.margin": 0.2})
    assert one_layer.hash == under.hash == above.hash
    assert one_layer.money.margin == 0.2
    assert one_layer.scarcity == 0.9
    assert one_layer.work.slack == Scenario(scarcity=0.9).work.slack
    assert one_layer.replace({"money.margin": None}).hash == Scenario(scarcity=0.9).hash


def test_a_buffer_goes_with_the_reserve_also_under_scarcity() -> None:
    assert Scenario(scarcity=0.9).replace({"money.reserve": 5.0}).money.buffer == 5
    both = Scenario(scarcity=0.9).replace({"money.reserve": 5.0, "money.buffer": 2.0})
    assert (both.money.reserve, both.money.buffer) == (5, 2)


def test_files_treat_scarcity_alike() -> None:
    assert loads('extends = "bakery"\n[money]\nbuffer = 3').hash == load("bakery", {"money.buffer": 3}).hash


def test_headcount_alone_resizes_in_proportion() -> None:
    assert load("bakery", {"headcount": 60}).headcounts == (15, 25, 10, 10)
    assert load("bakery", {"headcount": 13}).posts == 13
    assert load("corporation", {"headcount": 8}).headcounts == (1,) * 8
    assert "is not the sum" in str(_refused(load("bakery"), headcount=3))


def test_departments_that_are_counted_drop_the_total_below() -> None:
    base = loads("headcount = 50")
    assert base.replace({"departments": [{"name": "all", "headcount": 9}]}).posts == 9
    assert base.replace({"departments": [{"name": "all"}]}).posts == 50


def test_entries_of_lists_go_by_number_and_departments_also_by_name() -> None:
    scenario = load(
        "bakery", {"departments.bakehouse.headcount": "6", "departments.1.goal": "{ mass = 1 }", "events.1.week": 20}
    )
    assert scenario.headcounts == (3, 6, 2, 2)
    assert scenario.departments[0].goal == {"mass": 1.0}
    assert scenario.events[0].week == 20
    assert load("default", {"departments.sales.headcount": 2}).headcounts == (7, 7, 7, 7, 2)
    assert _refused(load("bakery"), events__2__week=3) == [
        "events.2 is not there: events has 1 entries, counted from 1"
    ]


def test_none_takes_back_what_a_file_sets() -> None:
    assert load("bakery", {"scarcity": None}).money.buffer == 12
    assert load("bakery", {"founder.clarity": None}).founder.clarity == 0.7
    assert load("bakery", {"events.1": None}).hash == load("bakery-aligned").hash


def test_what_a_file_extends_cannot_be_said_beside_it() -> None:
    assert _refused(Scenario(), extends="bakery") == ['extends = "bakery" can only be said in a file']


def test_records_may_be_given_as_records() -> None:
    bakery = load("bakery")
    assert load("bakery-aligned").replace({"events": bakery.events}).hash == bakery.hash
    assert Scenario().replace({"founder": bakery.founder}).founder == bakery.founder


def test_problems_of_overrides_say_so_and_those_of_the_file_keep_their_line() -> None:
    with pytest.raises(ScenarioError) as caught:
        load("bakery", {"founder.clarty": "0.4", "weeks": "20"})
    said = str(caught.value).splitlines()
    assert "override: founder.clarty = 0.4 is not a field of founder; did you mean 'clarity'?" in said
    assert any(
        "events.1.week = 52 is after the last week, 19" in line and line.startswith("bakery.toml:") for line in said
    )


def test_errors_travel_between_processes() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads("x = 1\ny = 2")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)

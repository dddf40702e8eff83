import base64

import numpy as np
import pytest

from sim import Firm, load
from sim.classroom.recording import VACANT, film
from sim.classroom.request import MOST_PEOPLE, Ask, TooLargeError, UnknownScenarioError
from sim.classroom.writing import as_toml
from sim.measures.series import SERIES
from sim.scenario import ScenarioError, loads
from sim.simulate import run

CLASS = (
    {"kind": "set", "week": 20, "values": {"scarcity": 0.8, "founder.clarity": 0.4}, "label": 'a "quoted" \\ label'},
    {"kind": "merger", "week": 30, "people": 6, "angle": 1.0},
    {"kind": "automation", "week": 34, "share": 0.5, "departments": ["bakehouse"]},
    {"kind": "department_turned", "week": 40, "department": "shop", "angle": 2.0},
    {"kind": "market_turns", "week": 44, "angle": 0.7},
    {"kind": "cash_cut", "week": 46, "weeks": 2},
    {"kind": "founder_leaves", "week": 50},
)


def series(data):
    values = np.frombuffer(base64.b64decode(data["series"]), "<f8").reshape(data["weeks"], len(SERIES))
    return dict(zip(data["measures"], values.T, strict=True))


def people(data):
    return np.frombuffer(base64.b64decode(data["people"]), np.uint8).reshape(data["weeks"], data["posts"], 4)


@pytest.mark.parametrize(("scenario", "seed"), [("default", 7), ("bakery", 3), ("startup", 0)])
def test_the_page_shows_the_very_numbers_of_the_command_line(scenario, seed):
    shown = series(film(Ask(scenario=scenario, seed=seed).build(), seed, 0))
    result = run(load(scenario), seed=seed)
    for name, values in result.series.items():
        np.testing.assert_array_equal(shown[name], values)


def test_a_class_run_saved_as_a_file_gives_the_same_numbers():
    ask = Ask(scenario="bakery", seed=5, events=CLASS, set={"people.k_out": 2.0, "people.hiring": True})
    scenario = ask.build()
    again = loads(as_toml(scenario, ask.seed, ask.replicate))
    assert again.hash == scenario.hash
    shown, result = series(film(scenario, 5, 0)), run(again, seed=5)
    for name, values in result.series.items():
        np.testing.assert_array_equal(shown[name], values)


def test_a_move_leaves_the_past_as_it_was():
    before = series(film(Ask(seed=2).build(), 2, 0))
    move = {"kind": "set", "week": 60, "values": {"people.incentive": 0.7}}
    after = series(film(Ask(seed=2, events=(move,)).build(), 2, 0))
    for name, values in before.items():
        np.testing.assert_array_equal(values[:60], after[name][:60])
    assert before["behavioural"][60] != after["behavioural"][60]


def test_an_oar_points_the_true_angle_from_the_market():
    scenario = load("bakery")
    shown = people(film(scenario, 1, 0))
    firm = Firm(scenario, 1)
    for week in range(60):
        firm.step()
        filled = firm.state.people.filled
        cosine = firm.state.people.rowing @ firm.market
        angle = (shown[week, :, 0].astype(float) - 128) / 127 * np.pi
        stayed = filled & (firm.state.people.occupant == 0)
        np.testing.assert_allclose(np.cos(angle[stayed]), cosine[stayed], atol=0.03)
        np.testing.assert_array_equal(shown[week, :, 3] == VACANT, ~filled)


def test_a_film_is_the_same_twice():
    assert film(load("bakery"), 1, 0) == film(load("bakery"), 1, 0)


def test_a_firm_that_is_too_large_is_refused():
    with pytest.raises(TooLargeError, match=f"at most {MOST_PEOPLE}"):
        Ask(set={"headcount": 5000}).build()
    with pytest.raises(TooLargeError, match="people"):
        Ask(events=({"kind": "merger", "week": 3, "people": 100_000, "angle": 1.0},)).build()


def test_a_page_cannot_make_the_server_open_a_file():
    for name in ("/etc/passwd", "../scenarios/bakery.toml", "x/y.toml", "bakery.toml"):
        with pytest.raises(UnknownScenarioError, match="there is no scenario"):
            Ask(scenario=name).build()
    with pytest.raises(ScenarioError):
        Ask(text='extends = "/etc/passwd"').build()


def test_what_lies_beyond_the_end_is_left_out():
    assert Ask(scenario="bakery", weeks=40).build().events == ()


def test_two_boats_look_alike_as_long_as_they_are_alike():
    change = film(load("bakery"), 4, 0)
    base = film(load("bakery-aligned"), 4, 0, change["side"])
    np.testing.assert_array_equal(people(base)[:52], people(change)[:52])

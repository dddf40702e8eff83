"""What is wrong with a file is said at once, at its line, in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario import ScenarioError, loads
from sim.scenario.toml_lines import locate


def _said(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        loads(text, file="bakery.toml")
    return str(caught.value).splitlines()


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    assert _said(
        "[founder]\nclarty = 0.4\nclarity = 1.4\nopenness = 'half'\n[money]\nbuffer = -1\n"
        "[[events]]\nkind = 'cash_cut'\nweek = 900\nweeks = 1\n"
    ) == [
        "bakery.toml:2: founder.clarty = 0.4 is not a field of founder; did you mean 'clarity'?",
        "bakery.toml:3: founder.clarity = 1.4 must be at most 1",
        'bakery.toml:4: founder.openness = "half" must be a number',
        "bakery.toml:6: money.buffer = -1 must be at least 0",
        "bakery.toml:9: events.1.week = 900 is after the last week, 155",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("weeks = 1.5", "weeks = 1.5 must be a whole number"),
        ("weeks = true", "weeks = true must be a whole number"),
        ("weeks = 0", "weeks = 0 must be at least 1"),
        ("name = 3", "name = 3 must be text in quotes"),
        ("title = 1979-05-27", "title = 1979-05-27 must be text in quotes"),
        ("people.hiring = 1", "people.hiring = 1 must be true or false"),
        ("founder.clarity = true", "founder.clarity = true must be a number"),
        ("founder.clarity = nan", "founder.clarity = nan must be a finite number"),
        ("founder.clarity = 0", "founder.clarity = 0 must be greater than 0"),
        ("founder = 3", "founder = 3 must be a table"),
        ("axes = 'a - b'", 'axes = "a - b" must be a list in square brackets'),
        ("axes = []", "axes = [] must have at least 2 entries"),
        ("axes = ['a', 'b - c']", 'axes.1 = "a" must be written'),
        ("departments = [{ name = '' }]", 'departments.1.name = "" must not be empty'),
        ("departments = [{}]", "departments.1.name is missing: the department's name"),
        ("departments = [{ name = 'a', role = 'deliverr' }]", "did you mean 'deliver'?"),
        ("departments = [{ name = 'a', size = 3 }]", "departments.1.size = 3 is not a field of a department"),
        ("departments = [{ name = 'a', goal = { cheep = 1 } }]", "did you mean 'cheap'?"),
        ("departments = [{ name = 'a', goal = { cheap = 1, premium = 1 } }]", "points nowhere"),
        ("events = [{ week = 3 }]", "events.1.kind is missing: market_turns, department_turned"),
        ("events = [{ kind = 'cashcut', week = 1 }]", "is not a kind of event; did you mean 'cash_cut'?"),
        ("events = [{ kind = 'cash_cut', week = 1 }]", "events.1.weeks is missing: how much"),
        ("events = [{ kind = 'cash_cut', week = 1, weeks = 1, angle = 1 }]", "is not a field of a cash_cut event"),
        (
            "events = [{ kind = 'department_turned', week = 1, department = 'sale', angle = 1 }]",
            "did you mean 'sales'?",
        ),
        ("events = [{ kind = 'set', week = 1, values = { money.buffer = 1 } }]", "use a cash_cut event"),
        ("events = [{ kind = 'set', week = 1, values = { founder.clarity = 3 } }]", "must be at most 1"),
        ("events = [{ kind = 'set', week = 1, values = { founder.clarity = true } }]", "must be a number"),
        ("events = [{ kind = 'set', week = 1, values = { people.hiring = 1 } }]", "must be true or false"),
        ("events = [{ kind = 'set', week = 1, values = { clarity = 1 } }]", "did you mean 'founder.clarity'?"),
        ("events = [3]", "events.1 = 3 must be a table"),
        ("links = [[1, 2, 3, 4]]", "must be [listener, speaker] or [listener, speaker, weight]"),
        ("links = [[1, 1]]", "links somebody to themselves"),
    ],
)
def test_values_that_are_wrong_are_told_in_plain_words(text: str, said: str) -> None:
    lines = _said(text)
    assert len(lines) == 1
    assert said in lines[0]
    assert lines[0].startswith("bakery.toml:1: ")


def test_a_key_in_the_wrong_place_is_told_the_right_one() -> None:
    assert _said("clarity = 0.4\n[money]\nclarity = 0.4\nweeks = 52\n[[departments]]\nname = 'a'\nclarity = 1") == [
        "bakery.toml:1: clarity = 0.4 stands alone: clarity belongs to founder "
        "(write founder.clarity, or put it under [founder])",
        "bakery.toml:3: money.clarity = 0.4 is in the wrong group: clarity belongs to founder",
        "bakery.toml:4: money.weeks = 52 is in the wrong place: weeks belongs above the first [group] of the file",
        "bakery.toml:7: departments.1.clarity = 1 is not a field of a department; allowed: name, role, headcount, goal, "
        "incentive, automation, belief, engagement, autonomy, voice",
    ]


def test_events_that_overlap_are_told_both() -> None:
    set_clarity = "[[events]]\nkind = 'set'\nweek = {}\nuntil = {}\nvalues = {{ founder.clarity = 0.4 }}\n"
    assert loads(set_clarity.format(3, 9) + set_clarity.format(9, 12)).events
    (line,) = _said(set_clarity.format(3, 9) + set_clarity.format(8, 12))
    assert line == "bakery.toml:6: events.2 sets founder.clarity while event 1 still holds it"
    (line,) = _said(set_clarity.format(3, 9) + "[[events]]\nkind = 'founder_leaves'\nweek = 4")
    assert "events.2 sets founder.clarity while event 1" in line
    scarce = "[[events]]\nkind = 'set'\nweek = 4\nvalues = { scarcity = 0.5, money.margin = 0.1 }\n"
    assert "sets scarcity together with a field that it stands for" in _said(scarce)[0]


def test_what_follows_from_a_wrong_field_is_not_told_as_another_problem() -> None:
    event = "[[events]]\nkind = 'department_turned'\nweek = 60\ndepartment = 'new'\nangle = 1\n"
    merger = "[[events]]\nkind = 'merger'\nweek = 50\npeople = 0\nangle = 1\ndepartments = [{ name = 'new' }]\n"
    assert len(_said(merger + event)) == 1
    assert len(_said("weeks = 'many'\n" + event.replace("new", "sales").replace("60", "1000"))) == 1


def test_an_event_may_write_names_with_or_without_quotes() -> None:
    plain = loads("events = [{ kind = 'set', week = 1, values = { founder.clarity = 0.4, scarcity = 1 } }]")
    quoted = loads("events = [{ kind = 'set', week = 1, values = { 'founder.clarity' = 0.4, scarcity = 1 } }]")
    assert plain.hash == quoted.hash
    twice = "events = [{ kind = 'set', week = 1, values = { 'founder.clarity' = 0.4, founder.clarity = 0.5 } }]"
    assert "must be a number" in _said(twice)[0]


def test_endless_files_of_problems_are_cut_short() -> None:
    said = _said("\n".join(f"x{i} = 1" for i in range(5000)))
    assert len(said) == 201
    assert said[-1] == "bakery.toml: and more than 800 more problems"


def test_lines_are_found_wherever_toml_lets_one_write_a_key() -> None:
    text = '''# comment with = and [brackets]
weeks = 3
story = """
[founder]
clarity = 1 \\""" ""\\"
"""
founder.clarity = 0.4
"people" . 'span' = 5
money = { buffer = 1, margin = 0.1 }  # [x]
axes = [
  "a - b",  # "not - one",
  'c - d',
]
[work]
slack = 1
[[departments]]
name = "x"
  [departments.goal]
  a = 1
[[departments]]
name = "y ] } #"
goal = { "d" = 1, c = -1 }
[[events]]
kind = "merger"
[[events.departments]]
name = "p"
[[events.departments]]
name = "q"
[[events]]
kind = "set"
[events.values]
founder.clarity = 0.4
"market.taste" = 3
'''
    expected = {
        ("weeks",): 2,
        ("story",): 3,
        ("founder", "clarity"): 7,
        ("people", "span"): 8,
        ("money", "margin"): 9,
        ("axes",): 10,
        ("axes", 0): 11,
        ("axes", 1): 12,
        ("work",): 14,
        ("work", "slack"): 15,
        ("departments", 0): 16,
        ("departments", 0, "name"): 17,
        ("departments", 0, "goal"): 18,
        ("departments", 0, "goal", "a"): 19,
        ("departments", 1, "name"): 21,
        ("departments", 1, "goal", "c"): 22,
        ("events", 0, "kind"): 24,
        ("events", 0, "departments", 0, "name"): 26,
        ("events", 0, "departments", 1, "name"): 28,
        ("events", 1, "kind"): 30,
        ("events", 1, "values", "founder", "clarity"): 32,
        ("events", 1, "values", "market.taste"): 33,
    }
    found = locate(text)
    assert {place: found.get(place) for place in expected} == expected


def test_a_problem_in_an_extended_file_is_told_there(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text("\n[founder]\nclarity = 4\nagility = 4\n")
    with pytest.raises(ScenarioError) as caught:
        loads('extends = "base.toml"\n[founder]\nagility = 5', file="top.toml", beside=tmp_path)
    first, second = sorted(caught.value.problems, key=lambda p: p.field)
    assert (first.file, first.line, first.field, first.value) == ("top.toml", 3, "founder.agility", 5)
    assert (second.file, second.line, second.field) == (str(tmp_path / "base.toml"), 3, "founder.clarity")

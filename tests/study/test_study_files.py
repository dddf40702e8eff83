import json
from pathlib import Path

import pytest

from sim.scenario import ScenarioError
from sim.scenario.parameters import SCARCITY, parameter_names
from sim.study.study import from_content, load_study, study_from

EXPERIMENTS = sorted((Path(__file__).parents[2] / "experiments").glob("*.toml"))


def refused(data):
    with pytest.raises(ScenarioError) as caught:
        study_from(data)
    return str(caught.value)


def vary(**tables):
    return {"design": "lhs", "vary": {name.replace("__", "."): table for name, table in tables.items()}}


def test_a_factor_that_says_nothing_takes_the_plausible_range_of_its_parameter():
    s = study_from(vary(founder__clarity={}, founder__cadence={}, people__hiring={}, scarcity={}))
    assert [(f.kind, f.low, f.high) for f in s.factors] == [
        ("uniform", 0.2, 1),
        ("integer", 1, 52),
        ("choice", 0, 1),
        ("uniform", 0, 1),
    ]
    assert s.factors[2].values == (False, True)


def test_names_may_stand_in_quotes_or_in_tables(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'design = "lhs"\n[vary]\n"founder.agility" = {}\nfounder.clarity = {}\n[vary.people]\nsocial = [0.1, 0.2]\n'
    )
    assert load_study(path).names == ("founder.agility", "founder.clarity", "people.social")
    assert load_study(path).name == "s"


def test_constants_and_weeks_are_laid_on_the_base():
    s = study_from({**vary(scarcity={}), "weeks": 20, "constants": {"founder": {"clarity": 0.3}, "headcount": 8}})
    assert (s.weeks, s.scenario.founder.clarity, s.scenario.posts) == (20, 0.3, 8)


def test_a_study_survives_being_written_down():
    s = study_from({**vary(scarcity={"group": "g"}, people__hiring={}), "base": "bakery", "design": {"kind": "morris"}})
    again = from_content(json.loads(json.dumps(s.content())), s.name, s.title)
    assert again.hash == s.hash
    assert again.factors == s.factors
    assert again.scenario.hash == s.scenario.hash


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"design": "sobl", "vary": {"scarcity": {}}}, "did you mean 'sobol'"),
        ({"design": "lhs"}, "vary is missing"),
        (vary(founder__clarty={}), "clarity"),
        (vary(founder__clarty={"low": 0, "high": 1}), "did you mean 'clarity'"),
        (vary(founder__clarity={"low": 0}), "must be greater than 0"),
        (vary(founder__clarity={"lo": 0.3}), "did you mean 'low'"),
        (vary(founder__clarity={"low": 0.9, "high": 0.4}), "below high"),
        (vary(founder__cadence={"kind": "uniform"}), "whole number"),
        (vary(founder__clarity={"values": ["a", "b"]}), "must be a number"),
        (vary(founder__clarity={"values": [0.3, "b"]}), "must be all numbers"),
        (vary(founder__clarity={"values": [0.3, 0.3]}), "twice"),
        (vary(founder__clarity=0.3), "must be a table"),
        (vary(scarcity={}, work__slack={}), "vary one or the other"),
        (vary(headcount={}), "needs low"),
        (vary(headcount={"low": 3, "high": 30}), "is too few"),
        ({**vary(scarcity={}), "measures": ["coherance"]}, "did you mean 'coherence'"),
        ({**vary(scarcity={}), "replicates": 0}, "at least 1"),
        ({**vary(scarcity={}), "seed": -1}, "at least 0"),
        ({**vary(scarcity={}), "base": "defualt"}, "did you mean 'default'"),
        ({**vary(scarcity={}), "constants": {"founder": {"clarity": 7}}}, "at most 1"),
        ({**vary(scarcity={}), "design": {"kind": "sobol", "n": 100}}, "power of two"),
        ({**vary(scarcity={}), "design": {"kind": "morris", "levels": 3}}, "multiple of 2"),
        ({**vary(scarcity={}), "design": {"kind": "fast", "n": 20}}, "more than 4 harmonics"),
        ({**vary(scarcity={"group": "a"}), "design": "fast"}, "no groups"),
        ({"function": "ishigamy", "design": "lhs", "vary": {"x1": {}}}, "did you mean 'ishigami'"),
        ({"function": "ishigami", "design": "lhs", "vary": {"x4": {}}}, "not a factor"),
        ({**vary(**{"events.1.week": {"low": 0, "high": 9}}), "base": "bakery", "design": "oat"}, "at is missing"),
    ],
)
def test_what_is_wrong_is_said_with_the_field_and_the_nearest_spelling(data, said):
    assert said in refused(data)


def test_every_problem_comes_with_its_line(tmp_path):
    path = tmp_path / "s.toml"
    path.write_text(
        'design = "lhs"\nmeasures = ["cash", "chas"]\n[vary.founder]\nagility = {}\nclarity = { low = 0 }\n'
    )
    with pytest.raises(ScenarioError) as caught:
        load_study(path)
    first, second = str(caught.value).splitlines()
    assert first.startswith(f"{path}:2: measures.2")
    assert second.startswith(f"{path}:5: vary.founder.clarity")


def test_a_study_that_is_not_there_is_one_sentence(tmp_path):
    with pytest.raises(ScenarioError, match="no such file"):
        load_study(tmp_path / "none.toml")


@pytest.mark.parametrize("path", EXPERIMENTS, ids=lambda p: p.stem)
def test_shipped_studies_load(path):
    assert load_study(path).scenario is not None


def test_the_screen_varies_every_parameter_of_the_model():
    names = set(load_study(EXPERIMENTS[0].parent / "morris_all.toml").names)
    assert names == (set(parameter_names()) - set(SCARCITY) - {"money.draw"}) | {"scarcity", "dummy"}

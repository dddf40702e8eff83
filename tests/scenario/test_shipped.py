"""The scenarios that come with the model, the template, the schema, and what a file comes to."""

from __future__ import annotations

import json
import re
import tomllib
from typing import Any

import pytest

from sim.scenario import Scenario, json_schema, load, loads, scenario_names, template
from sim.scenario.description import resolved
from sim.scenario.parameters import GROUPS, parameter_names
from sim.scenario.scenario_file import folder

TWINS = {
    "agency": {"people.autonomy"},
    "bakery": {"events"},
    "boutique": {"departments.buying.goal"},
    "brewery": {"people.relay"},
    "coffee-roaster": {"founder.cadence"},
    "corporation": {"events"},
    "fintech": {"founder.imitation"},
    "franchise": {"events.1.angle"},
    "hardware-store": {"people.onboarding"},
    "healthcare-crm": {"work.discipline"},
    "manufacturer": {"events.1.week"},
    "online-shop": {"departments.service desk.goal"},
    "software-house": {"people.k_out"},
    "startup": {"founder.agility"},
    "subscription-box": {"departments.acquisition.goal"},
    "travel-agency": {"founder.conviction"},
}


def _differences(one: Any, other: Any, path: tuple[str, ...] = ()) -> set[str]:
    """Return the dotted names that differ; a goal is one thing, and records in lists go by name or number."""
    if isinstance(one, dict) and isinstance(other, dict) and path[-1:] != ("goal",):
        return {d for k in one.keys() | other.keys() for d in _differences(one.get(k), other.get(k), (*path, k))}
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        names = [str(e["name"]) if isinstance(e, dict) and "name" in e else str(i) for i, e in enumerate(one, 1)]
        return {d for n, a, b in zip(names, one, other, strict=True) for d in _differences(a, b, (*path, n))}
    return set() if one == other else {".".join(path)}


def test_every_twin_is_shipped_with_its_counterpart() -> None:
    assert set(scenario_names()) == {"default", "population", "births", *TWINS, *(f"{name}-aligned" for name in TWINS)}


@pytest.mark.parametrize("name", TWINS)
def test_twins_differ_in_exactly_one_cause(name: str) -> None:
    one, other = load(name), load(f"{name}-aligned")
    assert (one.twin, other.twin) == (other.name, one.name)
    assert _differences(one.content(), other.content()) == TWINS[name]
    assert len(one.events) - len(other.events) in (0, 1)


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_files_load_and_introduce_themselves(name: str) -> None:
    scenario = load(name)
    assert scenario.name == name
    assert scenario.title
    assert scenario.story
    assert scenario.dimensions == 5
    assert scenario.weeks == 156
    lines = (folder() / f"{name}.toml").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#:schema ./schema.json"
    assert lines[1].startswith("# ")
    assert max(map(len, lines)) <= 140


@pytest.mark.parametrize("name", sorted({*TWINS, *(f"{name}-aligned" for name in TWINS)}))
def test_shipped_files_say_their_one_cause_and_what_their_numbers_rest_on(name: str) -> None:
    text = (folder() / f"{name}.toml").read_text(encoding="utf-8")
    assert "# The one cause: " in text
    if "-aligned" in name:
        assert f"those of {name.removesuffix('-aligned')}.toml" in text.replace("\n# ", " ")
    else:
        assert "# What the numbers rest on: " in text
        assert "assumed" in text


@pytest.mark.parametrize("name", scenario_names())
def test_shipped_values_are_plausible(name: str) -> None:
    scenario = load(name)
    for full in parameter_names():
        if full == "money.reserve" and scenario.money.draw == 0:
            continue  # nobody draws money, so it is no more than the buffer
        group, field = full.split(".")
        extra: Any = GROUPS[group].model_fields[field].json_schema_extra
        low, high = extra["range"]
        assert low <= scenario.value(full) <= high, full


def test_the_default_file_is_the_default() -> None:
    assert load("default").hash == Scenario().hash


def test_the_template_loads_as_it_is_and_is_the_default() -> None:
    assert loads(template("firm"), file="firm.toml") == Scenario()
    assert loads(template('odd "name"\n\\'), file="firm.toml") == Scenario()
    assert template("firm", schema="./schema.json").startswith("#:schema ./schema.json\n")


def test_the_template_shows_every_parameter_at_its_default() -> None:
    settings = template("firm").partition("# Events, in the order")[0]
    bare = re.sub(r"(?m)^#(?![ :])", "", settings)
    bare = re.sub(r"(?m)^#  (?=\")", "  ", bare)
    data = tomllib.loads(bare)
    assert {f"{group}.{field}" for group in GROUPS for field in data[group]} == set(parameter_names())
    assert loads(re.sub(r"(?m)^scarcity.*$", "", bare)).hash == Scenario().hash  # it stands for three of the fields


def test_the_template_shows_every_kind_of_event_in_an_example_that_loads() -> None:
    examples = re.sub(r"(?m)^#(?! )", "", template("firm").partition("# Events, in the order")[2])
    kinds = [event.kind for event in loads(examples[examples.index("\n") :]).events]
    assert len(kinds) == len(set(kinds)) == 12


def test_the_schema_beside_the_scenarios_is_up_to_date() -> None:
    assert json.loads((folder() / "schema.json").read_text(encoding="utf-8")) == json_schema()


def test_the_schema_explains_every_parameter() -> None:
    schema = json_schema()
    for group, part in GROUPS.items():
        for field in part.model_fields:
            said = schema["$defs"][part.__name__]["properties"][field]
            assert "unit: " in said["description"]
            assert "source: " in said["description"]
            assert {"x-unit", "x-range", "x-source", "default", "anyOf"} <= said.keys(), f"{group}.{field}"


def test_the_schema_takes_what_is_shipped_and_refuses_what_is_wrong() -> None:
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(json_schema())
    validator = jsonschema.Draft202012Validator(json_schema())
    texts = [(folder() / f"{name}.toml").read_text(encoding="utf-8") for name in scenario_names()]
    texts += [re.sub(r"(?m)^#(?![ :])", "", re.sub(r"(?m)^#  (?=\")", "", template("firm")))]
    for text in texts:
        validator.validate(tomllib.loads(text))
    for wrong in (
        "clarty = 1",
        "founder.clarity = 2",
        "events = [{ kind = 'x', week = 1 }]",
        "weeks = '3'",
        "links = [[1]]",
    ):
        assert not validator.is_valid(tomllib.loads(wrong)), wrong


def test_a_resolved_text_says_what_differs_before_what_does_not() -> None:
    text = resolved(load("bakery"))
    for said in (
        "12 people",
        "bakehouse",
        "artisan",
        "scarcity",
        "founder.clarity",
        "(default 0.7)",
        "week  52",
        "cupcakes",
    ):
        assert said in text
    assert (
        text.index("founder.clarity") < text.index("Departments") < text.index("Events") < text.index("Everything else")
    )
    assert "nothing" in resolved(Scenario())


@pytest.mark.parametrize("name", scenario_names())
def test_every_shipped_file_resolves_to_text(name: str) -> None:
    assert load(name).title in resolved(load(name))

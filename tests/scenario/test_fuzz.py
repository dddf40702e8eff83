"""No text whatever makes a traceback: it is a scenario, or it is told what is wrong."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario import Scenario, ScenarioError, loads
from sim.scenario.description import resolved
from sim.scenario.parameters import GROUPS, parameter_names
from sim.scenario.toml_write import toml
from sim.scenario.validate import KINDS

FAST = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

words = st.sampled_from(
    [
        *(*Scenario.model_fields, *GROUPS, *parameter_names(), *(name.split(".")[1] for name in parameter_names())),
        *(
            "extends",
            "kind",
            "week",
            "values",
            "until",
            "department",
            "people",
            "angle",
            "share",
            "premium",
            "x",
            "a.b",
            "",
        ),
    ]
)
scalars: st.SearchStrategy[Any] = st.one_of(
    st.booleans(),
    st.integers(-3, 200),
    st.integers(),
    st.floats(),
    st.sampled_from([*KINDS, "sales", "a - b", "premium", "default", "promise", ""]),
    st.text(max_size=6),
)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=4), max_leaves=10
)


def _explains(error: ScenarioError) -> None:
    assert error.problems
    assert len(str(error).splitlines()) >= len(error.problems)


def _survives(text: str | bytes) -> Scenario | None:
    try:
        scenario = loads(text)
    except ScenarioError as error:
        _explains(error)
        return None
    assert scenario.replace({}) == scenario
    assert scenario.replace({}).hash == scenario.hash
    assert resolved(scenario)
    return scenario


@FAST
@given(st.binary(max_size=200))
def test_random_bytes(raw: bytes) -> None:
    _survives(raw)


@FAST
@given(st.text(alphabet="abfounder.clarity=[]{}\"'\\#\n ,013-", max_size=80))
def test_random_text_of_the_letters_of_toml(text: str) -> None:
    _survives(text)


@FAST
@given(st.dictionaries(words, values, max_size=6))
def test_random_tables(data: dict[str, Any]) -> None:
    _survives(toml(data))


@FAST
@given(
    st.lists(st.dictionaries(words, values, max_size=6), max_size=3),
    st.lists(st.sampled_from(sorted(KINDS)), max_size=3),
)
def test_random_events(tables: list[dict[str, Any]], kinds: list[str]) -> None:
    events = [{"week": 3, **table, "kind": kind} for table, kind in zip(tables, kinds, strict=False)]
    _survives(toml({"events": events}))


@FAST
@given(st.dictionaries(words, values, max_size=6))
def test_what_is_written_reads_back_the_same(data: dict[str, Any]) -> None:
    assert tomllib.loads(toml(data)) == data


@FAST
@given(st.lists(st.lists(st.floats(allow_nan=False) | st.integers(0, 99), max_size=4), max_size=40))
def test_lists_of_numbers_read_back_the_same(rows: list[list[float]]) -> None:
    assert tomllib.loads(toml({"links": rows, "deep": {"rows": [rows], "words": ["[", "],", "1,"]}})) == {
        "links": rows,
        "deep": {"rows": [rows], "words": ["[", "],", "1,"]},
    }


@FAST
@given(st.data())
def test_values_within_their_bounds_are_taken(data: st.DataObject) -> None:
    free = [name for name in parameter_names() if name != "money.draw"]  # it asks for a reserve above what feels safe
    names = data.draw(st.lists(st.sampled_from(free), unique=True, max_size=8))
    chosen: dict[str, Any] = {}
    for name in names:
        group, field = name.split(".")
        info = GROUPS[group].model_fields[field]
        extra: Any = info.json_schema_extra
        low, high = extra["range"]
        if info.annotation is bool:
            chosen[name] = data.draw(st.booleans())
        elif info.annotation is int:
            chosen[name] = data.draw(st.integers(int(low), int(high)))
        else:
            chosen[name] = data.draw(st.floats(low, high))
    scenario = _survives("".join(f"{name} = {str(value).lower()}\n" for name, value in chosen.items()))
    assert scenario is not None
    assert {name: scenario.value(name) for name in names} == chosen
    assert Scenario().replace(chosen).hash == scenario.hash


@FAST
@given(
    st.dictionaries(
        st.one_of(words, st.text(max_size=8), st.sampled_from(["events.1", "departments.sales.goal"])),
        values,
        max_size=4,
    )
)
def test_random_overrides(overrides: dict[str, Any]) -> None:
    try:
        Scenario().replace(overrides)
    except ScenarioError as error:
        _explains(error)

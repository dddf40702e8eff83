"""From plain data to a scenario, or to everything that is wrong with it in plain words."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sim.scenario.checks import Finding
from sim.scenario.distributions import Distribution, may_vary
from sim.scenario.draws import Draws
from sim.scenario.errors import Place, Problem, ScenarioError, dotted, nearest, phrase
from sim.scenario.events import Department, Event
from sim.scenario.merge import Layers
from sim.scenario.parameters import GROUPS, Part

KINDS: dict[str, type[Part]] = {
    get_args(kind.model_fields["kind"].annotation)[0]: kind for kind in get_args(get_args(Event)[0])
}
"""The kinds of events by the word that a file gives as ``kind``."""

MOST_SHOWN = 200
MOST_EXPLAINED = 1000


def build[S: Part](layers: Layers, kind: type[S]) -> S:
    """Return the scenario that layers of data describe.

    Parameters
    ----------
    layers
        The data.
    kind
        The class of scenarios, which builds on this module.

    Raises
    ------
    ScenarioError
        With everything that is wrong, in the order of the files.
    """
    data = {k: v for k, v in layers.data.items() if k != "extends"}
    _flatten_values(data)
    scenario, findings = _validated(data, kind)
    if scenario is not None and not layers.problems:
        return scenario
    problems = list(layers.problems)
    for place, value, message in findings[:MOST_EXPLAINED]:
        file, line = layers.origin(place)
        problems.append(Problem(file, line, dotted(place), value, message))
    problems.sort(key=lambda p: (p.file or "", p.line or 0))
    kept = list({(p.file, p.line, p.field, p.message): p for p in problems}.values())
    more = len(kept) - MOST_SHOWN
    if more > 0:
        file = kept[MOST_SHOWN].file
        many = f"and {more} more problems" if len(findings) < MOST_EXPLAINED else f"and more than {more} more problems"
        kept = [*kept[:MOST_SHOWN], Problem(file, None, "", None, many)]
    raise ScenarioError(kept)


def _validated[S: Part](data: dict[str, Any], kind: type[S]) -> tuple[S | None, list[Finding]]:
    """Validate; on errors in fields look a second time without these, for those that only the whole can show."""
    scenario, errors = _attempt(data, kind)
    rounded = [(place, e["input"]) for place, e in errors if _whole_number(e)]
    if rounded:
        for place, value in rounded:
            _assign(data, place, int(value))
        scenario, errors = _attempt(data, kind)
    if scenario is not None:
        return scenario, []
    # Finding the nearest spelling takes its time, and files may come from strangers.
    findings = list(_findings(data, errors[:MOST_EXPLAINED], kind))
    if len(errors) <= MOST_SHOWN and not any(e["type"] == "problems" for _, e in errors):
        findings += _second_look(data, [place for place, _, _ in findings], kind)
    return None, findings


def _attempt[S: Part](data: dict[str, Any], kind: type[S]) -> tuple[S | None, list[tuple[Place, ErrorDetails]]]:
    # Strict: a number in quotes is an error, not a number. Strict validation asks for tuples.
    try:
        return kind.model_validate({k: _frozen(v) for k, v in _apart(data).items()}, strict=True), []
    except ValidationError as error:
        return None, [(_place(e["loc"]), e) for e in error.errors(include_url=False)]


def _apart(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data with distributions, which stand where a number could, in a table of their own."""
    uncertain = {}
    for name in may_vary():
        top, _, field = name.rpartition(".")
        table = data.get(top) if top else data
        if isinstance(table, dict) and isinstance(table.get(field), dict):
            uncertain[name] = table[field]
    if not uncertain:
        return data
    rest = {k: v for k, v in data.items() if k not in uncertain}
    for group in GROUPS:
        if isinstance(rest.get(group), dict):
            rest[group] = {k: v for k, v in rest[group].items() if f"{group}.{k}" not in uncertain}
    earlier = rest.get("uncertain", {})
    return rest | {"uncertain": {**earlier, **uncertain} if isinstance(earlier, dict) else earlier}


def _place(loc: tuple[int | str, ...]) -> Place:
    """Return where an error stands in the data: without pydantic's tags of unions, and a distribution in its field."""
    if loc[:1] == ("uncertain",) and len(loc) > 1:
        loc = (*str(loc[1]).split("."), *loc[2:])
        key = next((i for i, part in enumerate(loc) if part in ("values", "value")), len(loc))
        return loc[: key + 1]
    if loc[:1] == ("events",) and len(loc) > 2:
        loc = (*loc[:2], *loc[3:])
        return loc[:4] if loc[2:3] == ("values",) else loc
    return loc[:2] if loc[:1] == ("links",) else loc


def _findings(
    data: dict[str, Any], errors: Iterable[tuple[Place, ErrorDetails]], whole: type[Part]
) -> Iterator[Finding]:
    for place, error in errors:
        kind = error["type"]
        value = _at(data, place)
        if kind == "problems":
            yield from error["ctx"]["findings"]
        elif kind == "too_short" and value:
            continue  # pydantic counts only the entries that are right, and has reported the others
        elif kind == "extra_forbidden":
            yield place, value, _stranger(data, place, whole)
        elif kind == "missing" and place[0] != "links":
            meaning = _record(data, place[:-1], whole).model_fields[str(place[-1])].description
            yield place, None, f"is missing: {meaning}"
        elif kind == "union_tag_invalid":
            tag = str(error["ctx"]["tag"])
            yield (*place, "kind"), tag, f"is not a kind of event{nearest(tag, KINDS)}"
        elif kind == "union_tag_not_found":
            yield (*place, "kind"), None, f"is missing: {', '.join(KINDS)}"
        elif place[0] == "links" and len(place) == 2:
            yield place, value, "must be [listener, speaker] or [listener, speaker, weight], people counted from 0"
        elif place[0] == "events" and len(place) == 4 and place[2] == "values":
            yield place, value, "must be a number, or true or false"
        else:
            yield place, value, phrase(error)


def _stranger(data: dict[str, Any], place: Place, whole: type[Part]) -> str:
    """Say where a key belongs that is not a field of what it stands in."""
    word = str(place[-1])
    here = _record(data, place[:-1], whole)
    if len(place) == 1:
        home = [group for group, part in GROUPS.items() if word in part.model_fields]
        if home:
            return f"stands alone: {word} belongs to {home[0]} (write {home[0]}.{word}, or put it under [{home[0]}])"
        if "." in word:
            return "is not a field of a scenario; a name with dots takes no quotes"
        return f"is not a field of a scenario{nearest(word, [*whole.model_fields, 'extends'])}"
    name, outside = _called(data, place[:-1])
    if outside:
        home = [group for group, part in GROUPS.items() if word in part.model_fields]
        if home:
            return f"is in the wrong group: {word} belongs to {home[0]}"
        if word in whole.model_fields or word == "extends":
            return f"is in the wrong place: {word} belongs above the first [group] of the file"
    return f"is not a field of {name}{nearest(word, here.model_fields)}"


def _called(data: dict[str, Any], place: Place) -> tuple[str, bool]:
    """Return how people call the record at a place, and whether it is a group of parameters."""
    if ".".join(map(str, place)) in may_vary():
        return "a distribution", False
    if len(place) == 1:
        return str(place[0]), True
    if place[0] == "departments" or len(place) > 2:
        return "a department", False
    return f"a {_at(data, place).get('kind')} event", False


def _record(data: dict[str, Any], place: Place, whole: type[Part]) -> type[Part]:
    if not place:
        return whole
    if ".".join(map(str, place)) in may_vary():
        return Distribution
    if place[0] == "draws":
        return Draws
    if place[0] in GROUPS:
        return GROUPS[str(place[0])]
    if place[0] == "departments" or len(place) > 2:
        return Department
    return KINDS[str(_at(data, place)["kind"])]


def _second_look(data: dict[str, Any], blamed: list[Place], kind: type[Part]) -> list[Finding]:
    """Return what else is wrong once the fields that are wrong by themselves are left out.

    Leaving out may make other things look wrong: these are kept in ``doubted`` and not reported.
    """
    rest = copy.deepcopy(data)
    doubted: set[str | int] = set()
    for place in blamed:
        top = str(place[0])
        if top in GROUPS and len(place) >= 2:
            if isinstance(rest[top], dict):
                rest[top].pop(place[1], None)
        elif top == "departments":
            if len(place) < 3 or place[2] in ("name", "headcount") or not isinstance(_at(rest, place[:2]), dict):
                return []
            rest[top][place[1]].pop(place[2], None)
        elif top == "events" and len(place) > 1:
            if _at(data, (*place[:2], "kind")) not in KINDS.keys() - {"merger"}:
                doubted |= {"department", "departments", "dependencies"}
            # An event that cannot go wrong keeps the others' numbers.
            rest[top][place[1]] = {"kind": "market_turns", "week": 0, "angle": 0.0}
        else:
            rest.pop(top, None)
            doubted |= {"weeks": {"week"}, "headcount": {"links"}, "axes": {"goal"}}.get(top, set())
    later = list(_findings(rest, _attempt(rest, kind)[1], kind))
    return [
        (place, value, message)
        for place, value, message in later
        if not doubted & {*place[1:], "links" if place[0] == "links" else ""}
        and not any(place[: len(p)] == p for p in blamed)
    ]


def _flatten_values(data: dict[str, Any]) -> None:
    """Let events write ``values = { founder.clarity = 0.4 }`` without quotes, which TOML reads as tables in tables."""
    events = data.get("events")
    for event in events if isinstance(events, list) else []:
        values = event.get("values") if isinstance(event, dict) else None
        if not isinstance(values, dict):
            continue
        for group in [g for g in values if g in GROUPS and isinstance(values[g], dict)]:
            inner = values.pop(group)
            for key, value in inner.items():
                if f"{group}.{key}" in values:
                    values[group] = inner  # given twice: left as it is, which is an error
                else:
                    values[f"{group}.{key}"] = value


def _whole_number(error: ErrorDetails) -> bool:
    value = error["input"]
    return error["type"] == "int_type" and isinstance(value, float) and value.is_integer()


def _frozen(value: Any) -> Any:
    """Return lists as tuples, which strict validation asks for."""
    if isinstance(value, dict):
        return {k: _frozen(v) for k, v in value.items()}
    return tuple(_frozen(v) for v in value) if isinstance(value, list | tuple) else value


def _at(data: Any, place: Place) -> Any:
    for part in place:
        try:
            data = data[part]
        except (KeyError, IndexError, TypeError):
            return None
    return data


def _assign(data: Any, place: Place, value: Any) -> None:
    for part in place[:-1]:
        data = data[part]
    data[place[-1]] = value

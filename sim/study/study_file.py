"""Study files: how a TOML file becomes a study, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from sim.measures.summaries import SUMMARIES
from sim.scenario import Scenario, load
from sim.scenario.errors import Place, Problem, ScenarioError, dotted, nearest, phrase
from sim.scenario.merge import Layer
from sim.scenario.parameters import GROUPS, SCARCITY, Part
from sim.study.factors import DUMMY, Factor, Vary
from sim.study.study_fields import DEFAULT_MEASURES, DESIGNS, Fast, FromFile, Sobol, StudyFile
from sim.study.test_functions import FUNCTIONS

Found = list[tuple[Place, Any, str]]
UNNAMED = 0.3819660112501051
"""Where between its ends a factor is tried: a share that is no whole number of anything."""


def parts_of(layer: Layer, folder: Path, stem: str, base: Scenario | None = None) -> dict[str, Any]:
    """Return the fields of `sim.study.study.Study` that a layer of data describes.

    Parameters
    ----------
    layer
        What a file says, with its lines.
    folder
        What paths are relative to.
    stem
        Name of a study that gives itself none.
    base
        The base scenario, where it is not one that the data names.

    Raises
    ------
    ScenarioError
        With everything that is wrong.
    """
    data = dict(layer.data)
    if layer.file is not None and not {"vary", "design"} & data.keys() and data.keys() & Scenario.model_fields.keys():
        message = (
            f"is a scenario, not a study: a study says what varies and by which design, with base = {layer.file!r}"
        )
        raise ScenarioError([Problem(None, None, "", None, f"{layer.file} {message}")])
    if isinstance(data.get("design"), str):
        data["design"] = {"kind": data["design"]}
    said = _validated(StudyFile, data, (), layer)
    found: Found = []
    if isinstance(said.design, FromFile):
        said = said.model_copy(update={"design": FromFile(path=str(folder / said.design.path))})
    if isinstance(said.design, Sobol) and said.design.n & (said.design.n - 1):
        found.append((("design", "n"), said.design.n, "must be a power of two: Sobol' sequences are even only there"))
    if isinstance(said.design, Fast) and said.design.n <= 4 * said.design.harmonics**2:
        message = f"must be more than 4 harmonics^2, {4 * said.design.harmonics**2}"
        found.append((("design", "n"), said.design.n, message))
    measures = _measures(said, found)
    scenario = _scenario(said, layer, folder, base)
    factors = []
    for name, place, raw in _tables(said.vary, ("vary",)):
        vary = _validated(Vary, {"values": raw} if isinstance(raw, list | tuple) else raw, place, layer, name)
        factor = _factor(name, place, vary, scenario, said, found)
        if factor is not None:
            factors.append(factor)
    _together(factors, said, found)
    if found:
        raise _refused(found, layer)
    return {
        "name": said.name or stem,
        "title": said.title,
        "scenario": scenario,
        "function": said.function,
        "noise": said.noise,
        "factors": tuple(factors),
        "design": said.design,
        "replicates": said.replicates,
        "seed": said.seed,
        "measures": measures,
    }


def _measures(said: StudyFile, found: Found) -> tuple[str, ...]:
    allowed = ("y",) if said.function is not None else tuple(SUMMARIES)
    if said.measures is None:
        return allowed if said.function is not None else DEFAULT_MEASURES
    for i, name in enumerate(said.measures):
        if name not in allowed:
            near = nearest(name, allowed) or f"; allowed: {', '.join(allowed)}"
            found.append((("measures", i), name, f"is not a measure of a run{near}"))
        if name in said.measures[:i]:
            found.append((("measures", i), name, "is given twice"))
    return said.measures


def _scenario(said: StudyFile, layer: Layer, folder: Path, given: Scenario | None) -> Scenario | None:
    if said.function is not None:
        if said.function not in FUNCTIONS:
            raise _refused([(("function",), said.function, f"is not known{nearest(said.function, FUNCTIONS)}")], layer)
        return None
    base = said.base
    path = base.endswith(".toml") or "/" in base or "\\" in base
    try:
        scenario = given or load(folder / base if path else base)
    except ScenarioError as error:
        if error.problems[0].line is not None:
            raise
        raise _refused([(("base",), base, f"cannot be followed: {error}")], layer) from None
    constants = {name: value for name, _, value in _leaves(said.constants, ("constants",))}
    if said.weeks is not None:
        constants["weeks"] = said.weeks
    try:
        return scenario.replace(constants) if constants else scenario
    except ScenarioError as error:
        places = {name: place for name, place, _ in _leaves(said.constants, ("constants",))} | {"weeks": ("weeks",)}
        found: Found = [
            (places[p.field], p.value, p.message)
            if p.field in places
            else (("base",), base, f"does not go with this study's constants and weeks: {p}")
            for p in error.problems
        ]
        raise _refused(found, layer) from None


def _tables(given: Mapping[str, Any], place: Place) -> Iterator[tuple[str, Place, Any]]:
    """Yield name, place and content of every factor, whether its name is in quotes or in nested tables."""
    for key, value in given.items():
        here = (*place, key)
        nested = isinstance(value, dict) and value and all(isinstance(v, dict | list | tuple) for v in value.values())
        if nested and not value.keys() & Vary.model_fields.keys():
            yield from _tables(value, here)
        else:
            yield ".".join(map(str, here[1:])), here, value


def _leaves(given: Mapping[str, Any], place: Place) -> Iterator[tuple[str, Place, Any]]:
    for key, value in given.items():
        here = (*place, key)
        if isinstance(value, dict):
            yield from _leaves(value, here)
        else:
            yield ".".join(map(str, here[1:])), here, value


def _factor(
    name: str, place: Place, vary: Vary, scenario: Scenario | None, said: StudyFile, found: Found
) -> Factor | None:
    """Return what a factor comes to, or None and what is wrong with it."""
    before = len(found)
    low, high = _range(name, said)
    low, high = (low if vary.low is None else vary.low), (high if vary.high is None else vary.high)
    kind = vary.kind or _usual_kind(name, vary)
    values = vary.values or ((False, True) if kind == "choice" and _type(name) is bool else ())
    base = vary.at if vary.at is not None else _base(name, scenario)
    if kind in ("choice", "list"):
        _check_values(place, kind, values, vary, found)
        low, high = 0.0, len(values) - 1.0
    elif vary.values is not None:
        found.append(((*place, "values"), list(vary.values), f"is for a choice or a list, not for kind {kind!r}"))
    elif low is None or high is None:
        message = f"needs {'low' if low is None else 'high'}: {name} has no plausible range of its own"
        found += _unknown(name, place, scenario) or [(place, None, message)]
    else:
        _check_ends(place, kind, low, high, found)
    if len(found) > before or low is None or high is None:
        return None
    mode = (low + high) / 2
    if kind == "triangular":
        number = isinstance(base, int | float) and low <= base <= high
        mode = vary.mode if vary.mode is not None else float(base) if number and base is not None else mode
        if not low <= mode <= high:
            found.append(((*place, "mode"), mode, f"must be from low, {low:g}, to high, {high:g}"))
    elif vary.mode is not None:
        found.append(((*place, "mode"), vary.mode, f"is for kind 'triangular', not for {kind!r}"))
    factor = Factor(
        name=name, kind=kind, low=low, high=high, mode=mode, values=values, base=base, role=vary.role, group=vary.group
    )
    if said.design.kind == "oat" and base is None:
        found.append(((*place, "at"), None, f"is missing: {name} has no value in the base scenario"))
    if len(found) == before:
        found += _tried(factor, place, scenario, said)
    return factor


def _unknown(name: str, place: Place, scenario: Scenario | None) -> Found:
    """Return what a scenario says to a name that it does not know."""
    if scenario is None or _field(name) is not None:
        return []
    try:
        scenario.replace({name: 1})
    except ScenarioError as error:
        strange = ("is not a", "is not there", "stands alone", "is in the wrong", "cannot be set")
        return [(place, None, p.message) for p in error.problems if p.message.startswith(strange)]
    return []


def _check_values(place: Place, kind: str, values: tuple[Any, ...], vary: Vary, found: Found) -> None:
    if not values:
        found.append(((*place, "values"), None, f"is missing: what the {kind} is from"))
    if len({type(v) for v in values} - {int, float}) + any(type(v) in (int, float) for v in values) > 1:
        found.append(((*place, "values"), list(values), "must be all numbers, all texts, or all true or false"))
    elif len(set(values)) < len(values):
        found.append(((*place, "values"), list(values), "names a value twice"))
    elif kind == "list" and not all(type(v) in (int, float) for v in values):
        found.append(((*place, "values"), list(values), "must be numbers: texts and switches are a choice"))
    for end in ("low", "high"):
        if getattr(vary, end) is not None:
            found.append(((*place, end), getattr(vary, end), f"stands beside values: a {kind} has no ends"))


def _check_ends(place: Place, kind: str, low: float, high: float, found: Found) -> None:
    if not low < high:
        found.append((place, None, f"must have low, {low:g}, below high, {high:g}"))
    for end, value in (("low", low), ("high", high)):
        if kind == "integer" and not float(value).is_integer():
            found.append(((*place, end), value, "must be a whole number"))


def _tried(factor: Factor, place: Place, scenario: Scenario | None, said: StudyFile) -> Found:
    """Return what a scenario says to the ends and the middle of a factor."""
    if scenario is None:
        known = FUNCTIONS[str(said.function)]
        names = [f"x{i + 1}" for i in range(known.factors)]
        if factor.name in (*names, DUMMY):
            return []
        return [(place, None, f"is not a factor of {said.function}{nearest(factor.name, names)}")]
    if factor.name == DUMMY:
        return []
    if factor.name == "weeks":
        return [(place, None, "cannot vary: all runs of a study have the same length")]
    trials: list[Any] = list(factor.values)
    if not trials:
        trials = [factor.low, factor.high, factor.low + UNNAMED * (factor.high - factor.low)]
    if factor.kind == "integer":
        trials = [int(factor.low), int(factor.high)]
    found: Found = []
    for value in trials:
        try:
            scenario.replace({factor.name: value})
        except ScenarioError as error:
            found += [(place, value, problem.message) for problem in error.problems]
            break
    return found


def _together(factors: list[Factor], said: StudyFile, found: Found) -> None:
    names = [factor.name for factor in factors]
    for i, name in enumerate(names):
        if name in names[:i]:
            found.append((("vary",), None, f"names {name} twice"))
        if name in SCARCITY and "scarcity" in names:
            found.append((("vary",), None, f"names {name} beside scarcity, which stands for it: vary one or the other"))
    if said.design.kind == "fast" and any(factor.group for factor in factors):
        found.append((("design",), None, "is fast, which knows no groups: use morris or sobol"))


def _range(name: str, said: StudyFile) -> tuple[float | None, float | None]:
    if said.function is not None:
        known = FUNCTIONS.get(said.function)
        return (0.0, 1.0) if known is None or name == DUMMY else (known.low, known.high)
    if name == DUMMY:
        return 0.0, 1.0
    field = _field(name)
    extra = getattr(field, "json_schema_extra", None)
    ends = extra.get("range") if isinstance(extra, dict) else None
    return (float(ends[0]), float(ends[1])) if isinstance(ends, list) else (None, None)


def _field(name: str) -> Any:
    group, _, key = name.partition(".")
    return GROUPS[group].model_fields.get(key) if group in GROUPS else Scenario.model_fields.get(name)


def _type(name: str) -> Any:
    return getattr(_field(name), "annotation", None)


def _usual_kind(name: str, vary: Vary) -> Any:
    if vary.values is not None:
        return "list" if all(type(v) in (int, float) for v in vary.values) else "choice"
    kinds = {bool: "choice", int: "integer", int | None: "integer"}
    return kinds.get(_type(name), "triangular" if vary.mode is not None else "uniform")


def _base(name: str, scenario: Scenario | None) -> Any:
    if name == DUMMY or scenario is None:
        return 0.5
    if name == "headcount":
        return scenario.posts
    group, _, key = name.partition(".")
    if name == "scarcity" or (group in GROUPS and key in GROUPS[group].model_fields):
        return scenario.value(name)
    return None


def _validated[P: Part](kind: type[P], data: Any, place: Place, layer: Layer, name: str = "") -> P:
    """Return a record, or raise all that is wrong with it in the words that scenarios use."""
    try:
        return kind.model_validate(_frozen(data), strict=True)
    except ValidationError as error:
        found: Found = []
        for e in error.errors(include_url=False):
            loc = tuple(e["loc"])
            if loc[:1] == ("design",) and len(loc) > 1:
                loc = ("design", *loc[2:])
            here, value = (*place, *loc), e["input"]
            word = str(loc[-1]) if loc else ""
            if e["type"] == "extra_forbidden":
                fields = kind.model_fields if len(loc) == 1 else DESIGNS[data["design"]["kind"]].model_fields
                where = (
                    f"the factor {name}"
                    if name
                    else "a study"
                    if len(loc) == 1
                    else f"a {data['design']['kind']} design"
                )
                found.append((here, value, f"is not a field of {where}{nearest(word, fields)}"))
            elif e["type"] == "missing":
                fields = kind.model_fields if len(loc) == 1 else DESIGNS[data["design"]["kind"]].model_fields
                found.append((here, None, f"is missing: {fields[word].description}"))
            elif e["type"].startswith("union_tag"):
                tag = data["design"].get("kind") if isinstance(data["design"], dict) else None
                near = nearest(str(tag), DESIGNS) if tag else f": {', '.join(DESIGNS)}"
                found.append(((*here, "kind"), tag, f"is not a design{near}" if tag else f"is missing{near}"))
            elif e["type"] in ("model_type", "model_attributes_type", "dict_type") and not loc:
                found.append((here, value, "must be a table, such as { low = 0, high = 1 }, or a list of values"))
            elif word not in ("bool", "int", "float", "str") or e["type"] not in (
                "bool_type",
                "float_type",
                "string_type",
                "int_type",
            ):
                found.append((here, value, phrase(e)))
        raise _refused(found or [(place, None, "must be numbers, texts, or true or false")], layer) from None


def _refused(found: Found, layer: Layer) -> ScenarioError:
    problems = []
    for place, value, message in found:
        line = next((layer.lines[place[:i]] for i in range(len(place), 0, -1) if place[:i] in layer.lines), None)
        problems.append(Problem(layer.file, line, dotted(place), value, message))
    problems.sort(key=lambda p: p.line or 0)
    return ScenarioError(list({str(p): p for p in problems}.values()))


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _frozen(v) for k, v in value.items()}
    return tuple(_frozen(v) for v in value) if isinstance(value, list | tuple) else value

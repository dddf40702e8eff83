"""The JSON schema of scenario files, from which editors complete and check them."""

from __future__ import annotations

from typing import Any

from pydantic.fields import FieldInfo

from sim.scenario.distributions import may_vary
from sim.scenario.errors import number
from sim.scenario.model import Scenario
from sim.scenario.parameters import GROUPS

_ANNOTATIONS = ("unit", "range", "source")
_LIMITS = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}


def facts(info: FieldInfo) -> str:
    """Return a field's meaning, unit, default, bounds, plausible range and source in one line."""
    extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
    words = [str(info.description)]
    if "unit" in extra:
        words.append(f"unit: {extra['unit']}")
    default = info.default
    if isinstance(default, bool):
        words.append(f"default {str(default).lower()}")
    elif isinstance(default, int | float):
        words.append(f"default {number(default)}")
    bounds = [
        f"{word} {number(getattr(m, key))}" for m in info.metadata for key, word in _LIMITS.items() if hasattr(m, key)
    ]
    if bounds and not isinstance(default, bool):
        words.append(" and ".join(bounds))
    plausible = extra.get("range")
    if isinstance(plausible, list) and not isinstance(default, bool):
        words.append(f"plausible {' to '.join(number(float(str(end))) for end in plausible)}")
    if "source" in extra:
        words.append(f"source: {extra['source']}")
    return "; ".join(words)


def json_schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of scenario files: a scenario, and what it extends."""
    schema = Scenario.model_json_schema(mode="validation")
    definitions = {name: _tidy(body) for name, body in schema.pop("$defs").items()}
    schema = _tidy(schema)
    names = {part.__name__: part for part in GROUPS.values()}
    for name, part in names.items():
        for field, info in part.model_fields.items():
            definitions[name]["properties"][field]["description"] = facts(info)
    for field, info in Scenario.model_fields.items():
        if info.description:
            schema["properties"][field]["description"] = facts(info)
    for name in may_vary():
        *group, field = name.split(".")
        properties = definitions[GROUPS[group[0]].__name__]["properties"] if group else schema["properties"]
        properties[field] = _or(properties[field], {"$ref": "#/$defs/Distribution"})
    file = {"type": "string", "description": "a .parquet or .csv file, relative to this one"}
    schema["properties"]["draws"] = _or(schema["properties"]["draws"], file)
    # Files may write the names that an event sets without quotes, which makes tables of them.
    number_or_truth = [{"type": "number"}, {"type": "boolean"}]
    values = definitions["SetParameters"]["properties"]["values"]
    values["additionalProperties"] = {
        "anyOf": [*number_or_truth, {"type": "object", "additionalProperties": {"anyOf": number_or_truth}}]
    }
    extends = {
        "type": "string",
        "description": "a shipped scenario's name or a file, relative to this one, from which everything is taken that this "
        "file does not say; tables merge, lists are replaced whole",
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A scenario of coherence",
        "description": schema["description"],
        "type": "object",
        "additionalProperties": False,
        "properties": {"extends": extends, **schema["properties"]},
        "$defs": definitions,
    }


def _or(body: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """Return the schema of what is one thing or another, with the words of the first."""
    words = {key: body[key] for key in body if key in ("description", "default") or key.startswith("x-")}
    return words | {"anyOf": [{key: body[key] for key in body if key not in words}, other]}


def _tidy(body: Any) -> Any:
    """Drop what TOML cannot say (null) and generated titles, and mark our own annotations as such."""
    if isinstance(body, list):
        return [_tidy(item) for item in body]
    if not isinstance(body, dict):
        return body
    if "anyOf" in body:
        rest = [option for option in body["anyOf"] if option != {"type": "null"}]
        others = {key: value for key, value in body.items() if key != "anyOf"}
        body = others | rest[0] if len(rest) == 1 else others | {"anyOf": rest}
    tidy: dict[str, Any] = {}
    for key, value in body.items():
        if key == "properties":
            tidy[key] = {name: _tidy(inner) for name, inner in value.items()}
        elif (
            key == "discriminator"
            or (key == "title" and isinstance(value, str))
            or (key == "default" and value is None)
        ):
            continue
        else:
            tidy[f"x-{key}" if key in _ANNOTATIONS else key] = _tidy(value)
    return tidy

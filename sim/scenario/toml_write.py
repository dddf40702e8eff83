"""A scenario as a file that needs no other: every value stands in it, at the default or not, and nothing is extended."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from sim.scenario.model import Scenario
from sim.scenario.parameters import SCARCITY

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def written(scenario: Scenario) -> str:
    """Return a scenario as TOML that stands alone.

    Reading it back gives a scenario of the same hash, also under a version with other defaults. Where a scarcity is set,
    it stands for its three fields; a file must not say both.
    """
    data = scenario.model_dump(mode="json", exclude_none=True)
    if scenario.scarcity is not None:
        for name in SCARCITY:
            group, key = name.split(".")
            data[group].pop(key, None)
    if any(department.headcount is None for department in scenario.departments):
        data["headcount"] = scenario.posts
    return toml(data)


def toml(data: Mapping[str, Any]) -> str:
    """Return plain data as TOML: single values first, then tables, then lists of tables; what is deeper stands in line."""
    tables = {key: value for key, value in data.items() if isinstance(value, Mapping)}
    lists = {key: value for key, value in data.items() if _of_tables(value)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in data.items() if key not in tables and key not in lists]
    for key, table in tables.items():
        lines += ["", f"[{_key(key)}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
    for key, rows in lists.items():
        for row in rows:
            lines += ["", f"[[{_key(key)}]]", *(f"{_key(k)} = {_value(v)}" for k, v in row.items())]
    return "\n".join(lines).lstrip("\n") + "\n"


def _of_tables(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        inside = ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_value(v) for v in value)}]"
    raise TypeError(f"TOML has no word for {type(value).__name__}")


def _text(text: str) -> str:
    # JSON's escapes are TOML's, but for one character that TOML wants escaped and JSON does not.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")

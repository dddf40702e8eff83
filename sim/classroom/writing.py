"""A scenario as the text of a file, so that what a class played can be run again on the command line."""

from __future__ import annotations

import json
import re
from typing import Any

from sim.scenario import Scenario
from sim.scenario.merge import plain

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def as_toml(scenario: Scenario, seed: int, replicate: int) -> str:
    """Return a scenario file that reads back as the same scenario; its first lines say with which luck it was played."""
    data = plain(scenario)
    tables = {k: v for k, v in data.items() if isinstance(v, dict)}
    lists = {k: v for k, v in data.items() if isinstance(v, list) and v and isinstance(v[0], dict)}
    lines = [
        "# Played in the classroom. The same numbers on the command line:",
        f"#   coherence run FILE.toml --seed {seed} --replicates {replicate + 1}",
    ]
    lines += [f"# This firm is replicate {replicate} of seed {seed}.", ""]
    lines += [f"{_key(k)} = {_value(v)}" for k, v in data.items() if k not in tables and k not in lists]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{_key(k)} = {_value(v)}" for k, v in table.items())]
    for name, rows in lists.items():
        for row in rows:
            lines += ["", f"[[{name}]]", *(f"{_key(k)} = {_value(v)}" for k, v in row.items())]
    return "\n".join(lines) + "\n"


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else json.dumps(key, ensure_ascii=False)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        # JSON's escapes are TOML's, but for the control character that JSON lets through.
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return repr(value)

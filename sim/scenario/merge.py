"""How a file, the file that it extends and the values given beside it become one scenario.

Rules
-----
- Tables (``founder``, ``money``, ...) merge key by key; everything else, lists such as ``events``, ``departments`` and
  ``axes`` included, and with them goals and incentives, is replaced whole.
- ``name``, ``title``, ``story`` and ``twin`` speak of one file and are not inherited.
- ``scarcity`` stands for three fields. A layer that sets it takes the place of those that its base had set; a layer
  that sets one of them takes the base's scarcity apart and changes that one only. Both in one layer contradict each other.
- A layer that sets ``headcount``, but no departments, resizes a base whose departments all have headcounts: they keep
  their proportions. A layer whose departments all have headcounts needs no ``headcount``, and drops its base's.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import BaseModel

from sim.scenario.errors import Place, Problem, dotted
from sim.scenario.model import Scenario
from sim.scenario.parameters import SCARCITY, scarce
from sim.scenario.toml_lines import locate

OF_ONE_FILE = ("name", "title", "story", "twin")
TEXTS = {*OF_ONE_FILE, "label", "role", "kind", "department"}
"""Keys whose values are text, which is taken as it is rather than read as TOML."""


@dataclass
class Layer:
    """Plain data from one place: a file, or values given beside it."""

    data: dict[str, Any]
    file: str | None = None
    text: str = ""

    @cached_property
    def lines(self) -> dict[Place, int]:
        """Lines by place, found only when there is something to tell."""
        return locate(self.text)


class Layers:
    """Plain data put together from layers, and which layer each value comes from."""

    def __init__(self, base: Layer) -> None:
        self.data: dict[str, Any] = copy.deepcopy(base.data)
        self.owners: dict[Place, Layer] = {(): base}
        self.problems: list[Problem] = []

    def extend(self, layer: Layer) -> None:
        """Lay a file on top of the one that it extends."""
        for key in OF_ONE_FILE:
            self.data.pop(key, None)
        self.put(layer)

    def put(self, layer: Layer) -> None:
        """Lay a layer on top."""
        _make_room(self.data, layer.data)
        self._merge(self.data, layer.data, (), layer)

    def override(self, values: Mapping[str, object], file: str | None) -> None:
        """Lay dotted names and values on top, all at once; None takes a value away, so that the default holds again."""
        layer = Layer({}, file)
        inside: list[tuple[Place, Any]] = []
        for name, value in values.items():
            place = _parts(name)
            if place[0] == "extends":
                self.problems.append(Problem(file, None, "extends", value, "can only be said in a file"))
                continue
            plain = _plain(_read(place, value))
            if place[0] in ("events", "departments", "axes") and len(place) > 1:
                inside.append((place, plain))
            elif plain is None:
                self._remove(place)
            else:
                _set(layer.data, place, plain)
        self.put(layer)
        for place, value in inside:
            self._inside(place, value, layer)

    def origin(self, place: Place) -> tuple[str | None, int | None]:
        """Return the file and line of a place, or of what it is in."""
        owner = next(self.owners[p] for p in _upwards(place) if p in self.owners)
        if len(place) == 4 and place[2] == "values" and place not in owner.lines:
            place = (*place[:3], *str(place[3]).split("."))
        line = next((owner.lines[p] for p in _upwards(place) if p in owner.lines), None)
        return owner.file, line

    def _merge(self, base: dict[str, Any], over: dict[str, Any], path: Place, layer: Layer) -> None:
        for key, value in over.items():
            here = (*path, key)
            if isinstance(value, dict) and isinstance(base.get(key), dict):
                self._merge(base[key], value, here, layer)
            else:
                base[key] = copy.deepcopy(value)
                self.owners[here] = layer

    def _remove(self, place: Place) -> None:
        table: Any = self.data
        for part in place[:-1]:
            table = table.get(part) if isinstance(table, dict) else None
        if isinstance(table, dict):
            table.pop(place[-1], None)

    def _inside(self, place: Place, value: Any, layer: Layer) -> None:
        """Set something inside a list: entries by number from 1, departments also by name."""
        target: Any = self.data.get(str(place[0]), _default_list(str(place[0])))
        self.data[str(place[0])] = target
        real: Place = (place[0],)
        for i, part in enumerate(place[1:], 1):
            slot: Any = part
            if isinstance(target, list):
                slot = _index(target, str(part))
                if slot is None:
                    message = f"is not there: {dotted(real)} has {len(target)} entries, counted from 1"
                    self.problems.append(Problem(layer.file, None, dotted(place[: i + 1]), None, message))
                    return
            elif not isinstance(target, dict):
                message = "cannot be set: what it is in is not a table"
                self.problems.append(Problem(layer.file, None, dotted(place), None, message))
                return
            real = (*real, slot)
            if i < len(place) - 1:
                target = target[slot] if isinstance(target, list) else target.setdefault(slot, {})
            elif value is not None:
                target[slot] = value
            elif isinstance(target, list) or slot in target:
                del target[slot]
        self.owners[real] = layer


def replaced(scenario: Scenario, values: Mapping[str, object]) -> Layers:
    """Return a loaded scenario's data with dotted names set to values."""
    layers = Layers(Layer(plain(scenario)))
    layers.override(values, None)
    return layers


def plain(scenario: Scenario) -> dict[str, Any]:
    """Return what a scenario sets as plain data, as its file would hold it."""
    data: dict[str, Any] = _plain(scenario)
    if scenario.scarcity is not None:
        for name in SCARCITY:
            group, key = name.split(".")
            data.get(group, {}).pop(key, None)
    return data


def _make_room(base: dict[str, Any], over: dict[str, Any]) -> None:
    """Take away from the base what the layer above contradicts (see the rules of this module)."""
    names = [name.split(".") for name in SCARCITY]
    set_in_base = [(g, k) for g, k in names if _has(base, g, k)]
    set_above = [(g, k) for g, k in names if _has(over, g, k)]
    if "scarcity" in over and "scarcity" not in base:
        for group, key in set_in_base:
            del base[group][key]
    scarcity = base.get("scarcity")
    number = isinstance(scarcity, int | float) and not isinstance(scarcity, bool) and 0 <= scarcity <= 1
    if scarcity is not None and number and "scarcity" not in over and set_above and not set_in_base:
        del base["scarcity"]
        for name, value in scarce(float(scarcity)).items():
            _set(base, tuple(name.split(".")), value)
    _resize(base, over)


def _resize(base: dict[str, Any], over: dict[str, Any]) -> None:
    if "departments" in over:
        if "headcount" not in over and None not in _headcounts(over):
            base.pop("headcount", None)
        return
    before = [h for h in _headcounts(base) if h is not None]
    total = over.get("headcount")
    if not isinstance(total, int) or isinstance(total, bool) or not before or None in _headcounts(base):
        return
    if not len(before) <= total <= 1_000_000 or sum(before) == total:
        return
    # Largest remainders; whoever would be rounded away gets a post from the largest department.
    shares = [total * h // sum(before) for h in before]
    order = sorted(range(len(before)), key=lambda i: (-(total * before[i] % sum(before)), i))
    for i in order[: total - sum(shares)]:
        shares[i] += 1
    while 0 in shares:
        shares[shares.index(max(shares))] -= 1
        shares[shares.index(0)] += 1
    for department, share in zip(base["departments"], shares, strict=True):
        department["headcount"] = share


def _headcounts(data: dict[str, Any]) -> list[int | None]:
    """Return the departments' headcounts, None for those that have none or nothing that one could count."""
    found = data.get("departments")
    if not isinstance(found, list) or not all(isinstance(d, dict) for d in found):
        return [None]
    given = [d.get("headcount") for d in found]
    return [h if isinstance(h, int) and not isinstance(h, bool) and h > 0 else None for h in given]


def _has(data: dict[str, Any], group: str, key: str) -> bool:
    return isinstance(data.get(group), dict) and key in data[group]


def _set(data: dict[str, Any], place: Place, value: Any) -> None:
    for part in place[:-1]:
        inner = data.get(str(part))
        if not isinstance(inner, dict):
            inner = data[str(part)] = {}
        data = inner
    last = str(place[-1])
    if isinstance(value, dict) and isinstance(data.get(last), dict):
        data[last] |= value
    else:
        data[last] = value


def _parts(name: str) -> Place:
    """Split a dotted name as TOML does, so that quoted parts may hold dots and spaces."""
    parts: list[str] = []
    try:
        table: Any = tomllib.loads(f"{name} = 0") if "\n" not in name and len(name) < 1000 else {}
        while isinstance(table, dict) and len(table) == 1:
            part = next(iter(table))
            parts.append(part)
            table = table[part]
    except (ValueError, RecursionError):
        parts = []
    return tuple(parts or name.split("."))


def _read(place: Place, value: object) -> object:
    """Return a value as it is, or what a string says in TOML unless text is wanted."""
    if not isinstance(value, str) or place[-1] in TEXTS or (place[0] == "departments" and place[-1] == "name"):
        return value
    try:
        return tomllib.loads(f"k = {value}")["k"] if "\n" not in value else value
    except (ValueError, RecursionError):
        return value


def _plain(value: Any) -> Any:
    """Return records as tables, sequences as lists, and NumPy's numbers as Python's."""
    if isinstance(value, BaseModel):
        return {k: _plain(getattr(value, k)) for k in type(value).model_fields if _said(value, k)}
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        return item()
    return value


def _said(value: BaseModel, key: str) -> bool:
    return key in value.model_fields_set and getattr(value, key) is not None


def _default_list(key: str) -> list[Any]:
    found: list[Any] = _plain(Scenario.model_fields[key].default)
    return found


def _index(target: list[Any], part: str) -> int | None:
    for i, entry in enumerate(target):
        if isinstance(entry, dict) and part in (entry.get("name"), entry.get("label")):
            return i
    if part.isascii() and part.isdigit() and len(part) < 9 and 1 <= int(part) <= len(target):
        return int(part) - 1
    return None


def _upwards(place: Place) -> Iterable[Place]:
    return (place[:i] for i in range(len(place), -1, -1))

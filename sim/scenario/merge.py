"""How a file, the file that it extends and the values given beside it become one scenario.

Rules
-----
- Tables (``founder``, ``money``, ...) merge key by key; everything else, lists such as ``events``, ``departments`` and
  ``axes`` included, and with them goals and incentives, is replaced whole.
- ``name``, ``title``, ``story`` and ``twin`` speak of one file and are not inherited.
- A parameter, ``scarcity`` and ``headcount`` may be a distribution (`sim.scenario.distributions`). It is replaced whole,
  but ``times`` and ``plus`` act on what the base says.
- ``draws`` is a table of joint draws. It takes the place of what earlier layers say about its columns; what its own layer
  and later ones say wins over it.
- ``scarcity`` stands for several fields. A field that is set, by a value, a distribution or a table, in whichever layer,
  wins over it.
- A layer that sets ``headcount``, but no departments, resizes a base whose departments all have headcounts: they keep
  their proportions. A layer whose departments all have headcounts needs no ``headcount``, and drops its base's.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from sim.scenario.distributions import changed, may_vary, only_changes, span
from sim.scenario.draws import Draws, TableError, read_draws
from sim.scenario.errors import Place, Problem, dotted
from sim.scenario.toml_lines import locate

OF_ONE_FILE = ("name", "title", "story", "twin")
TEXTS = {*OF_ONE_FILE, "label", "role", "kind", "department", "draws"}
"""Keys whose values are text, which is taken as it is rather than read as TOML."""


@dataclass
class Layer:
    """Plain data from one place: a file, or values given beside it.

    Attributes
    ----------
    data
        What it says.
    file, text
        How messages call the file, and what stands in it.
    folder
        Where the tables that it names are looked for; None where it must not name any.
    """

    data: dict[str, Any]
    file: str | None = None
    text: str = ""
    folder: Path | None = Path()

    @cached_property
    def lines(self) -> dict[Place, int]:
        """Lines by place, found only when there is something to tell."""
        return locate(self.text)


class Layers:
    """Plain data put together from layers, and which layer each value comes from.

    Parameters
    ----------
    base
        The lowest layer.
    lists
        What lists are where no layer says it.
    """

    def __init__(self, base: Layer, lists: Mapping[str, Any]) -> None:
        self.data: dict[str, Any] = {}
        self.owners: dict[Place, Layer] = {(): base}
        self.problems: list[Problem] = []
        self.lists = lists
        self.put(base)

    def extend(self, layer: Layer) -> None:
        """Lay a file on top of the one that it extends."""
        for key in OF_ONE_FILE:
            self.data.pop(key, None)
        self.put(layer)

    def put(self, layer: Layer) -> None:
        """Lay a layer on top."""
        if "draws" in layer.data:
            self._take_draws(layer)
        _resize(self.data, layer.data)
        self._merge(self.data, layer.data, (), layer)

    def override(self, values: Mapping[str, object], file: str | None = None, folder: Path | None = Path()) -> None:
        """Lay dotted names and values on top, all at once; None takes a value away, so that the default holds again."""
        layer = Layer({}, file, folder=folder)
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

    def _take_draws(self, layer: Layer) -> None:
        """Read the table that a layer names, and drop what earlier layers say about its columns."""
        named = layer.data["draws"]
        if not isinstance(named, str):
            columns = (
                named.columns if isinstance(named, Draws) else named.get("columns") if isinstance(named, dict) else ()
            )
        elif layer.folder is None:
            self._refuse(layer, "must not name a file: this text is in no folder")
            return
        else:
            try:
                table = read_draws(layer.folder / named)
            except TableError as error:
                self._refuse(layer, str(error))
                return
            layer.data = layer.data | {"draws": table}
            columns = table.columns
        for name in columns if isinstance(columns, list | tuple) else ():
            if name in may_vary():
                self._remove(tuple(name.split(".")))

    def _refuse(self, layer: Layer, message: str) -> None:
        line = layer.lines.get(("draws",))
        self.problems.append(Problem(layer.file, line, "draws", layer.data["draws"], message))
        layer.data = {key: value for key, value in layer.data.items() if key != "draws"}

    def _merge(self, base: dict[str, Any], over: dict[str, Any], path: Place, layer: Layer) -> None:
        for key, value in over.items():
            here = (*path, key)
            if isinstance(value, dict) and ".".join(map(str, here)) in may_vary():
                base[key] = changed(base.get(key), value) if only_changes(value) else copy.deepcopy(value)
                self.owners[here] = layer
            elif isinstance(value, dict) and isinstance(base.get(key), dict) and here != ("draws",):
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
        target: Any = self.data.get(str(place[0]), _plain(self.lists[str(place[0])]))
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


def plain(record: BaseModel) -> dict[str, Any]:
    """Return what a scenario sets as plain data, as its file would hold it; a table of draws stands in it."""
    data = plain_objects(record)
    if "draws" in data:
        data["draws"] = _plain_record(data["draws"])
    return data


def plain_objects(record: BaseModel) -> dict[str, Any]:
    """Return the same as `plain`, with a table of draws as the object that it is."""
    data = _plain_record(record)
    for name, distribution in data.pop("uncertain", {}).items():
        _set(data, tuple(name.split(".")), distribution)
    return data


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
    departments = data.get("departments")
    if not isinstance(departments, list) or not all(isinstance(d, dict) for d in departments):
        return [None]
    given = [d.get("headcount") for d in departments]
    return [h if isinstance(h, int) and not isinstance(h, bool) and h > 0 else None for h in given]


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
    """Return a value as it is, or what a string says: a span such as ``0.3..0.7``, or TOML unless text is wanted."""
    if not isinstance(value, str) or place[-1] in TEXTS or (place[0] == "departments" and place[-1] == "name"):
        return value
    if ".".join(map(str, place)) in may_vary() and (ends := span(value)) is not None:
        return ends
    try:
        return tomllib.loads(f"k = {value}")["k"] if "\n" not in value else value
    except (ValueError, RecursionError):
        return value


def _plain(value: Any) -> Any:
    """Return records as tables, sequences as lists, and NumPy's numbers as Python's."""
    if isinstance(value, Draws):
        return value
    if isinstance(value, BaseModel):
        return _plain_record(value)
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        return item()
    return value


def _plain_record(value: BaseModel) -> dict[str, Any]:
    fields = [k for k in type(value).model_fields if k in value.model_fields_set and getattr(value, k) is not None]
    return {k: _plain(getattr(value, k)) for k in fields}


def _index(target: list[Any], part: str) -> int | None:
    for i, entry in enumerate(target):
        if isinstance(entry, dict) and part in (entry.get("name"), entry.get("label")):
            return i
    if part.isascii() and part.isdigit() and len(part) < 9 and 1 <= int(part) <= len(target):
        return int(part) - 1
    return None


def _upwards(place: Place) -> Iterable[Place]:
    return (place[:i] for i in range(len(place), -1, -1))

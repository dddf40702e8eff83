"""Scenario files: where they are, what they may hold, and how they become scenarios."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from sim.scenario.errors import Problem, ScenarioError, nearest, shortened
from sim.scenario.merge import Layer, Layers
from sim.scenario.model import LISTS, Scenario
from sim.scenario.validate import build

MOST_BYTES = 1024 * 1024
"""Largest file that is read: scenarios are pages, not databases."""
MOST_PARTS = 64
"""Most parts of a dotted name; the parser's time grows with their square."""

_PART = r"""(?:"[^"\n]*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_ENDLESS_NAME = re.compile(rf"(?<![A-Za-z0-9_-])(?:{_PART}[ \t]*\.[ \t]*){{{MOST_PARTS}}}")
_POSITION = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")


class Description(NamedTuple):
    """What a list of scenarios says of one."""

    name: str
    title: str
    twin: str | None


def folder() -> Path:
    """Return the folder of the shipped scenarios: in the installed package, or in a checkout beside it."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "scenarios"
    return installed if installed.is_dir() else package.parent / "scenarios"


def scenario_names() -> list[str]:
    """Return the names of the shipped scenarios, in alphabetical order.

    Examples
    --------
    >>> "bakery" in scenario_names()
    True
    """
    return sorted(path.stem for path in folder().glob("*.toml"))


def describe(name: str | Path) -> Description:
    """Return name, title and twin of a scenario, without validating the rest.

    Raises
    ------
    ScenarioError
        If there is no such file, or it cannot be read.
    """
    data = _read(_find(name)).data
    text = {key: data.get(key) for key in ("name", "title", "twin")}
    words = {key: value for key, value in text.items() if isinstance(value, str)}
    return Description(words.get("name", Path(name).stem), words.get("title", ""), words.get("twin"))


def load(name: str | Path, overrides: Mapping[str, object] | None = None) -> Scenario:
    """Return a scenario from a file.

    Parameters
    ----------
    name
        A shipped name such as ``"bakery"``, or a path: anything that ends in ``.toml`` or has a folder in it.
    overrides
        Values by dotted name, such as ``{"founder.clarity": 0.4, "scarcity": "0.7"}``, on top of the file. A string is
        read as TOML, so that it may come from a command line. Entries of lists go by number, counted from 1, departments
        also by name: ``events.2.week``, ``departments.sales.headcount``. None takes back what the file sets.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each with file and line.

    Notes
    -----
    How a file, what it extends and the overrides are put together: see `sim.scenario.merge`.

    Examples
    --------
    >>> bakery = load("bakery", {"founder.clarity": 0.4, "headcount": 24})
    >>> bakery.founder.clarity, bakery.headcounts
    (0.4, (6, 10, 4, 4))
    >>> load("bakery", {"founder.clarty": 0.4})
    Traceback (most recent call last):
    sim.scenario.errors.ScenarioError: override: founder.clarty = 0.4 is not a field of founder; did you mean 'clarity'?
    """
    return _assemble(_read(_find(name)), overrides)


def loads(
    text: str | bytes,
    *,
    file: str = "scenario.toml",
    beside: Path | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Scenario:
    """Return a scenario from text that is in no file, such as an upload.

    Parameters
    ----------
    text
        TOML, as a string or as bytes in UTF-8.
    file
        How messages call it; the scenario's default name is its stem.
    beside
        Folder from which ``extends`` may name files. Left out, it may name shipped scenarios only, so that a stranger's
        text cannot make a server open its files.
    overrides
        As in `load`.

    Raises
    ------
    ScenarioError
        With everything that is wrong, each with its line.

    Examples
    --------
    >>> loads('extends = "bakery"\\n[founder]\\nclarity = { low = 0.3, high = 0.7 }').varying
    ('founder.clarity',)
    """
    raw = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    path = None if beside is None else beside / file
    return _assemble(_Source(_parse(raw, file, beside), path), overrides)


def read(path: Path) -> Layer:
    """Return what a TOML file says, with its lines; studies are read like scenarios.

    Raises
    ------
    ScenarioError
        If there is no such file, or it cannot be read.
    """
    return _read(path).layer


class _Source:
    """A layer and the file that it comes from; no file for text that came without one."""

    def __init__(self, layer: Layer, path: Path | None) -> None:
        self.layer = layer
        self.path = path
        self.data = layer.data


def sources(name: str | Path) -> list[Path]:
    """Return the files that a scenario is put together from, its own first.

    Raises
    ------
    ScenarioError
        If one is not there or cannot be read.
    """
    return [source.path for source in _chain(_read(_find(name))) if source.path is not None]


def _chain(source: _Source) -> list[_Source]:
    chain = [source]
    while "extends" in chain[-1].data:
        chain.append(_parent(chain))
    return chain


def _assemble(source: _Source, overrides: Mapping[str, object] | None) -> Scenario:
    chain = _chain(source)
    layers = Layers(chain.pop().layer, LISTS)
    while chain:
        layers.extend(chain.pop().layer)
    stem = Path(source.layer.file or "").stem[:80]
    if stem:
        layers.data.setdefault("name", stem)
    if overrides:
        layers.override(overrides, "override", None if source.path is None else Path())
    return build(layers, Scenario)


def _parent(chain: list[_Source]) -> _Source:
    """Read what the last file of a chain extends."""
    child = chain[-1]
    value = child.data["extends"]

    def refused(message: str) -> ScenarioError:
        line = child.layer.lines.get(("extends",))
        return _error(child.layer.file, message, line, "extends", value)

    if not isinstance(value, str):
        raise refused("must be the name or the path of a scenario, in quotes")
    if child.path is None and _is_path(value):
        raise refused("must be the name of a shipped scenario: this text is in no folder")
    try:
        path = _find(value, child.path.parent if child.path is not None else None)
    except ScenarioError as error:
        raise refused(f"cannot be followed: {error.problems[0].message}") from None
    before = [_same(source.path) for source in chain]
    if _same(path) in before:
        ring = [_label(source.path) for source in chain[before.index(_same(path)) :]]
        raise refused(f"goes round in a circle: {' -> '.join([*ring, ring[0]])}")
    try:
        return _read(path)
    except ScenarioError as error:
        if error.problems[0].line is not None:
            raise
        raise refused(f"cannot be followed: {error.problems[0]}") from None


def _is_path(name: str) -> bool:
    return name.endswith(".toml") or "/" in name or "\\" in name


def _find(name: str | Path, base: Path | None = None) -> Path:
    """Return the file of a name or path; a bare name is a shipped one, whatever the current folder holds."""
    if isinstance(name, Path) or _is_path(name):
        return (base or Path()) / name
    if name in scenario_names():
        return folder() / f"{name}.toml"
    hint = nearest(name, scenario_names())
    raise _error(None, f"there is no scenario {shortened(name)!r}{hint} (a path ends in .toml or has a folder in it)")


def _read(path: Path) -> _Source:
    file = _label(path)
    try:
        if path.is_dir():
            raise _error(file, "is a folder, not a file")
        with path.open("rb") as stream:
            raw = stream.read(MOST_BYTES + 1)
    except FileNotFoundError:
        names = scenario_names()
        shipped = f"; {path.stem!r} is a shipped scenario: leave out the ending" if path.stem in names else ""
        raise _error(file, "there is no such file" + (shipped or nearest(path.stem, names))) from None
    except PermissionError:
        raise _error(file, "may not be read: permission denied") from None
    except (OSError, ValueError) as error:
        if isinstance(error, ScenarioError):
            raise
        raise _error(file, f"cannot be read: {getattr(error, 'strerror', None) or error}") from None
    return _Source(_parse(raw, file, path.parent), path)


def _parse(raw: bytes, file: str, folder: Path | None) -> Layer:
    if len(raw) > MOST_BYTES:
        raise _error(file, "is larger than 1 MiB, the most that such a file may be")
    try:
        # Some editors put a mark before UTF-8 text.
        text = raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise _error(file, "is not UTF-8 text: save it with that encoding", line) from None
    endless = _ENDLESS_NAME.search(text)
    if endless:
        line = text.count("\n", 0, endless.start()) + 1
        raise _error(file, f"is refused: a name has more than {MOST_PARTS} parts", line)
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(str(error), text, file) from None
    except RecursionError:
        raise _error(file, "is refused: lists or tables are nested too deeply") from None
    except ValueError:  # Python's limit on the digits of an integer
        raise _error(file, "is refused: a number has thousands of digits") from None
    return Layer(data, file, text, folder)


def _syntax(error: str, text: str, file: str) -> ScenarioError:
    position = _POSITION.search(error)
    what = _POSITION.sub("", error)
    what = shortened(what[:1].lower() + what[1:], 200)
    if position is None or position[1] is None:
        return _error(file, f"is not valid TOML at its end: {what}", text.rstrip("\n").count("\n") + 1)
    return _error(file, f"is not valid TOML at column {position[2]}: {what}", int(position[1]))


def _label(path: Path | None) -> str:
    """Return how messages call a file: by name among the shipped ones, else as it was given."""
    if path is None:
        return "this text"
    return path.name if path.parent == folder() else str(path)


def _same(path: Path | None) -> Path | None:
    try:
        return None if path is None else path.resolve()
    except (OSError, ValueError, RuntimeError):
        return path


def _error(
    file: str | None, message: str, line: int | None = None, field: str = "", value: object = None
) -> ScenarioError:
    return ScenarioError([Problem(file, line, field, value, message)])

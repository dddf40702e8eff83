"""Every exception of the package stands below one root, in the tree that its documentation shows."""

from __future__ import annotations

import ast
import importlib
import pickle
import re
from pathlib import Path

import pytest

import sim
import sim.errors
from sim.cli.commands import execute
from sim.cli.terminal import Failed, Refused
from sim.company.importing.import_log import CompanyError
from sim.errors import CoherenceError
from sim.output.files import FolderError
from sim.scenario import ScenarioError

PACKAGE = Path(sim.__file__).parent


def documented() -> list[tuple[str, str, int, str]]:
    """Return class, parent, exit status and module of every line of the tree."""
    lines = re.findall(r"^(    +)(\w+) (\d+) +(sim[\w.]*)", sim.errors.__doc__ or "", re.MULTILINE)
    tree, above = [], ["Exception"]
    for indent, name, code, module in lines:
        depth = len(indent) // 4
        above[depth:] = [name]
        tree.append((name, above[depth - 1], int(code), module))
    return tree


def exceptions() -> set[type[BaseException]]:
    """Return all public exceptions that the package defines."""
    classes = set()
    for path in PACKAGE.rglob("*.py"):
        defined = [node for node in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(node, ast.ClassDef)]
        bases = {
            name.id for node in defined for base in node.bases for name in ast.walk(base) if isinstance(name, ast.Name)
        }
        if not any(re.search(r"Error|Exception|Exit|Abort|Refused|Failed|typer", base) for base in bases):
            continue
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        module = importlib.import_module(".".join(part for part in parts if part != "__init__"))
        members = [getattr(module, node.name) for node in defined if not node.name.startswith("_")]
        classes |= {cls for cls in members if issubclass(cls, BaseException)}
    return classes


def test_the_documented_tree_is_the_tree_of_the_code() -> None:
    real = {
        (cls.__name__, next(b for b in cls.__bases__ if b.__name__ != "object").__name__, cls.exit_code, cls.__module__)
        for cls in exceptions()
        if issubclass(cls, CoherenceError)
    }
    assert real == set(documented())
    assert len(real) > 10


def test_no_public_exception_stands_beside_the_root() -> None:
    assert [cls for cls in exceptions() if not issubclass(cls, CoherenceError)] == []


@pytest.mark.parametrize(
    "error",
    [
        CoherenceError("a", "Do b."),
        FolderError("out is taken", hint="Choose another."),
        ScenarioError([]),
        CompanyError("one", "two"),
    ],
)
def test_errors_travel_between_processes(error: CoherenceError) -> None:
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is type(error)
    assert str(copy) == str(error)
    assert copy.args == error.args


def test_a_hint_follows_the_message_as_a_sentence() -> None:
    assert str(CoherenceError("out is a file", "Choose another place.")) == "out is a file. Choose another place."
    assert str(CompanyError("one", "two")) == "one\ntwo"


@pytest.mark.parametrize(("error", "status"), [(Refused("no"), 2), (Failed("broken"), 1), (FolderError("taken"), 2)])
def test_commands_print_an_error_once_and_end_with_its_status(
    error: CoherenceError, status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise error

    monkeypatch.setattr("sim.scenario.scenario_names", fails)
    assert execute(["scenarios"]) == status
    assert capsys.readouterr().err == f"coherence: {error}\n"

"""The house stays as it was built: who may import whom, what is public, what files may hold, what README shows."""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

import sim
import sim.cli
from sim.scenario.parameters import GROUPS, parameter_names
from sim.study.study import study_from

ROOT = Path(__file__).parents[1]
MOST_LINES = 410
"""A file that outgrows about 400 lines becomes a folder of rooms."""

# Each room and the rooms that it may know. Imports run downhill.
STATE = {"scenario", "engine", "measures", "state"}
RUN = STATE | {"uncertain", "rules", "warm_up", "simulate", "output"}
REPORT = RUN | {"report"}
STUDY = REPORT | {"study"}
MAY_KNOW: dict[str, set[str]] = {
    "errors": set(),  # and every room may know it
    "scenario": set(),
    "engine": set(),
    "measures": set(),
    "output": {"engine", "scenario"},
    "uncertain": {"engine", "scenario"},
    "state": STATE,
    "rules": STATE,
    "warm_up": STATE | {"rules"},
    "simulate": RUN,
    "agents": RUN - {"output"},
    "reference": {"scenario", "engine", "measures", "uncertain"},
    "report": RUN,
    "study": RUN,
    "facts": REPORT,
    "sensitivity": STUDY,
    "claims": STUDY | {"reference"},
    "company": STUDY,
    "bundle": STUDY | {"claims", "company"},
    "classroom": STUDY | {"agents", "company"},
}
LOADED_BY_ALL = {"__init__"}


def tracked() -> list[Path]:
    """Return what git knows or would take; where there is no git, everything outside hidden folders."""
    done = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = done.stdout.split("\0") if done.returncode == 0 else [str(p.relative_to(ROOT)) for p in ROOT.rglob("*")]
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def room(path: Path) -> str:
    return path.relative_to(ROOT / "sim").parts[0].removesuffix(".py")


def imports(path: Path, at_run_time: bool = True) -> set[str]:
    """Return the dotted names of all that a file imports; what only type checkers read can be left out."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if at_run_time and isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            for child in node.orelse:
                visit(child)
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            found.add(node.module or "")
            if node.module == "sim":
                found.update(f"sim.{alias.name}" for alias in node.names)
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def imported_modules(path: Path) -> set[str]:
    """Return the modules of the package that a file imports at run time; of a folder, those that it takes from it."""
    at_run_time = imports(path)
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in at_run_time:
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            found.update(name if name in MODULES else str(node.module) for name in full)
    return found & MODULES.keys()


SOURCES = sorted((ROOT / "sim").rglob("*.py"))
MODULES = {".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): p for p in SOURCES}


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_downhill(path: Path) -> None:
    own = room(path)
    known = {name.split(".")[1] for name in imports(path) if name.startswith("sim.")}
    if own in ("cli", "__init__", "__main__"):
        return  # the command line sees all, and the public face shows it
    assert own in MAY_KNOW, f"{own} is a new room: say in MAY_KNOW what it may import"
    assert known <= MAY_KNOW[own] | {own, "errors"}, f"{own} must not import {sorted(known - MAY_KNOW[own])}"


def test_rooms_lie_one_above_the_other() -> None:
    order = [*TopologicalSorter({own: known - {own} for own, known in MAY_KNOW.items()}).static_order()]
    assert set(order) == MAY_KNOW.keys()


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = {name: {other for other in imported_modules(path) if other != name} for name, path in MODULES.items()}
    TopologicalSorter(graph).prepare()  # CycleError names the circle


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: str(p.relative_to(ROOT)))
def test_the_package_imports_nothing_from_around_it(path: Path) -> None:
    strangers = {"scenarios", "experiments", "results", "tests", "pytest", "hypothesis"}
    assert not strangers & {name.split(".")[0] for name in imports(path, at_run_time=False)}


def test_only_the_drawing_room_draws() -> None:
    drawing = {"matplotlib", "seaborn"}
    who = {room(p) for p in SOURCES if drawing & {name.split(".")[0] for name in imports(p)}}
    assert who <= {"report", "facts", "sensitivity", "claims", "company"}


def test_the_public_names_are_these() -> None:
    assert sim.__all__ == [
        "load", "loads", "scenario_names", "Scenario", "ScenarioError",
        "run", "run_many", "snapshots", "Result", "Batch", "Study", "sweep", "analyse",
        "Firm", "Founder", "Department", "Employee",
    ]  # fmt: skip
    for name in sim.__all__:
        assert getattr(sim, name).__name__ == name
    with pytest.raises(AttributeError, match="no attribute 'rum'"):
        _ = sim.rum  # type: ignore[attr-defined]


def test_importing_the_package_loads_nothing_heavy() -> None:
    code = "import sim, sys; print(sorted({'numba', 'numpy', 'pydantic', 'mesa', 'pandas'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_no_source_file_outgrows_one_question() -> None:
    sources = [p for p in tracked() if p.suffix == ".py" and p.relative_to(ROOT).parts[0] in ("sim", "experiments")]
    assert sources
    long = {str(p.relative_to(ROOT)): n for p in sources if (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert long == {}


# Spelled so that these lines do not match themselves.
FORBIDDEN = [
    r"py(pi|thonhosted)[.]or[g]|registry[.]npm|deb[.]debia[n]",
    r"(^|[^A-Za-z.])/(work|farm|root|home|tmp/bas[h])[/_]",
    r"farm[-](bench|studio)",
]


def test_no_tracked_file_names_a_registry_or_a_place_of_somebodys_machine() -> None:
    found = []
    for path in tracked():
        raw = path.read_bytes()
        if b"\0" in raw:
            continue
        for number, line in enumerate(raw.decode(errors="replace").splitlines(), 1):
            found += [f"{path.relative_to(ROOT)}:{number}: {line[:100]}" for p in FORBIDDEN if re.search(p, line)]
    assert found == []


def test_no_tracked_file_is_large() -> None:
    assert [str(p) for p in tracked() if p.stat().st_size > 1024 * 1024] == []


@pytest.mark.parametrize("name", parameter_names())
def test_every_parameter_says_its_unit_bounds_range_meaning_and_source(name: str) -> None:
    group, field = name.split(".")
    info = GROUPS[group].model_fields[field]
    extra: Any = info.json_schema_extra
    assert info.description
    if info.annotation is bool:
        return
    assert extra["unit"]
    assert extra["source"]
    low, high = extra["range"]
    assert low < high or low == high == info.default
    limits = {k: getattr(m, k) for m in info.metadata for k in ("ge", "gt", "le", "lt") if hasattr(m, k)}
    assert {"ge", "gt"} & limits.keys(), "no lower bound"
    assert {"le", "lt"} & limits.keys(), "no upper bound"
    assert max(limits.get("ge", -1e9), limits.get("gt", -1e9)) <= low
    assert high <= min(limits.get("le", 1e9), limits.get("lt", 1e9))


# -- what is written for people

# Blocks marked sh are long ways through several files; `.ci/run` and the rooms' own tests walk them.
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$(?:\n+```text\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, text, _ in BLOCK.findall(README) if kind == "bash" for line in text.splitlines()]
PYTHON = [(text, shown) for kind, text, shown in BLOCK.findall(README) if kind == "python"]


def test_the_two_commands_stand_at_the_top() -> None:
    assert COMMANDS[:2] == ["pip install uv && uv run coherence run bakery", "pip install uv && uv run pytest"]
    assert README.index(COMMANDS[1]) < 1000


@pytest.mark.parametrize("number", range(len(PYTHON)))
def test_python_examples_of_the_readme_print_what_they_show(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, shown = PYTHON[number]
    monkeypatch.chdir(tmp_path)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(compile(text, f"README.md, Python example {number + 1}", "exec"), {"__name__": "readme"})
    assert said.getvalue() == shown


@pytest.mark.parametrize("command", dict.fromkeys(c for c in COMMANDS if c.startswith("uv run coherence ")))
def test_commands_of_the_readme_run(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = shlex.split(command.partition("#")[0])[3:]
    if words[0] == "run":
        words += ["--replicates", "3", "--no-figures"]
    monkeypatch.chdir(tmp_path)
    for needed in (w for w in words if w.endswith(".toml")):
        assert sim.cli.status(["new", needed.removesuffix(".toml")]) == 0
    assert sim.cli.status(words) == 0, capsys.readouterr().err


@pytest.mark.parametrize("text", [t for kind, t, _ in BLOCK.findall(README) if kind == "toml"])
def test_scenarios_and_studies_of_the_readme_are_valid(text: str) -> None:
    data = tomllib.loads(text)
    if "design" in data:
        study_from(data)
    else:
        sim.loads(text)


def test_links_and_pictures_of_the_readme_are_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_version_is_one_and_the_changelog_has_it() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert re.search(rf"^## \[{re.escape(version)}\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text()


def test_the_environment_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    pins = {pin.partition("==")[0].lower() for pin in project["tool"]["uv"]["constraint-dependencies"]}
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    missing = {re.split(r"[<>=\[; ]", name)[0].lower() for name in asked} - pins
    assert missing == set()


def test_continuous_integration_can_start() -> None:
    assert os.access(ROOT / ".ci" / "run", os.X_OK)

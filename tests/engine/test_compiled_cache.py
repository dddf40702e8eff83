"""Compiled code is kept from one process to the next, and an edit anywhere among its sources is never missed."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from sim.engine import compile
from sim.engine.compile import KEPT, ROOMS, source_hash

PACKAGE = Path(compile.__file__).parents[1]
PROBE = '''
"""A rule that is compiled and kept, and builds on a helper in another file."""
from sim.engine.compile import compiled
from sim.engine.vectors import clamp


@compiled
def probed(x):
    return clamp(x) + 1.0
'''
ASK = """
import numba
from sim.rules.probe import probed

@numba.njit
def ask(x):
    return probed(x)

answer = ask(7.0)
print(answer, sum(probed.stats.cache_hits.values()))
"""
FROZEN = "import sim.engine.compile; sim.engine.compile.source_hash = lambda: '0123456789abcdef'\n"
"""What it would be like without the hash of all sources."""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Return a copy of the package with a small rule beside the others."""
    shutil.copytree(PACKAGE, tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__", "scenarios"))
    (tmp_path / "sim/rules/probe.py").write_text(PROBE)
    return tmp_path / "sim"


def ask(package: Path, before: str = "") -> tuple[float, int]:
    """Return what the rule answers in a new process, and how often compiled code came from the cache."""
    env = os.environ | {"COHERENCE_CACHE": str(package.parent / "cache"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", before + ASK], cwd=package.parent, env=env, capture_output=True, text=True, check=True
    )
    answer, hits = done.stdout.split()
    return float(answer), int(hits)


def covered_files(package: Path) -> set[Path]:
    return {path for room in ROOMS for path in package.glob(room)}


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert text.count(old) == 1
    path.write_text(text.replace(old, new))


def test_an_edit_of_a_helper_in_another_file_is_seen_at_once(package: Path) -> None:
    assert ask(package) == (2.0, 0)
    assert ask(package) == (2.0, 1)
    edit(package / "engine/vectors.py", "return min(1.0, max(0.0, value))", "return min(0.25, max(0.0, value))")
    assert ask(package) == (1.25, 0)
    assert len([p for p in (package.parent / "cache").iterdir() if p.is_dir()]) == 2


def test_without_the_hash_numba_would_give_the_stale_answer(package: Path) -> None:
    # So the test above can fail: this is the trap from which the folder's name saves us.
    assert ask(package, FROZEN) == (2.0, 0)
    edit(package / "engine/vectors.py", "return min(1.0, max(0.0, value))", "return min(0.25, max(0.0, value))")
    assert ask(package, FROZEN) == (2.0, 1)


def test_an_edit_of_any_covered_file_changes_the_hash(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compile, "__file__", str(package / "engine/compile.py"))
    hashed = source_hash.__wrapped__
    seen = {hashed()}
    covered = sorted(covered_files(package))
    for path in covered:
        path.write_text(path.read_text() + "\n# edited\n")
        seen.add(hashed())
    assert len(seen) == len(covered) + 1
    (package / "rules/new.py").write_text("")
    assert hashed() not in seen


def _compiles(path: Path) -> bool:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Name) and node.id in ("compiled", "njit", "jit", "vectorize"):
            return True
        if isinstance(node, ast.Attribute) and node.attr in ("njit", "jit", "vectorize", "guvectorize", "cfunc"):
            return True
    return False


def test_every_compiled_function_stands_in_a_file_that_the_hash_covers() -> None:
    covered = covered_files(PACKAGE)
    compiling = {path for path in PACKAGE.rglob("*.py") if _compiles(path)}
    assert len(compiling) > 8
    assert compiling <= covered, sorted(map(str, compiling - covered))


def test_rules_take_constants_only_from_files_that_the_hash_covers() -> None:
    # numba freezes the constants of a module into what it compiles, and those that are imported, too.
    for path in (PACKAGE / "rules").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sim"):
                origin = PACKAGE.parent / node.module.replace(".", "/")
                files = set(origin.glob("*.py")) if origin.is_dir() else {origin.with_suffix(".py")}
                assert files
                assert files <= covered_files(PACKAGE), (path.name, node.module)


def test_old_folders_are_cleared_and_nothing_else_is(tmp_path: Path) -> None:
    for age in range(KEPT + 4):
        folder = tmp_path / f"{age:016x}"
        folder.mkdir()
        (folder / "kept.nbc").write_text("")
        os.utime(folder, (10_000 - age, 10_000 - age))
    (tmp_path / "mine").mkdir()
    (tmp_path / "a file with sixt").write_text("")
    compile._clear(tmp_path)
    left = {p.name for p in tmp_path.iterdir()}
    assert left == {f"{age:016x}" for age in range(KEPT)} | {"mine", "a file with sixt"}


def test_a_cache_that_cannot_be_written_is_replaced_by_a_temporary_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("COHERENCE_CACHE", str(blocked / "inside"))
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    folder = compile.cache_folder.__wrapped__()
    assert folder.name == source_hash()
    assert folder.parent.parent == tmp_path
    assert folder.parent.name.startswith("coherence-")
    assert folder.is_dir()
    assert (folder.parent.stat().st_mode & 0o077) == 0  # code that somebody else put there would run

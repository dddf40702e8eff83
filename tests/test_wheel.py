"""The wheel, as a stranger installs it: everything inside, nothing needed from the checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
UV = os.environ.get("UV") or shutil.which("uv")  # the former is what `uv run` tells
pytestmark = pytest.mark.skipif(UV is None, reason="uv builds the wheel and the empty environment")


def do(*command: object, cwd: Path) -> str:
    """Run a command outside the checkout and outside this environment; return what it printed."""
    environment = {k: v for k, v in os.environ.items() if k not in ("VIRTUAL_ENV", "PYTHONPATH", "PYTEST_ADDOPTS")}
    done = subprocess.run(
        [str(word) for word in command], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    do(UV, "build", "--python", sys.executable, "--wheel", "--out-dir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def coherence(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty environment, at the versions of ours; return its command."""
    folder = tmp_path_factory.mktemp("elsewhere")
    pins = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["uv"]["constraint-dependencies"]
    (folder / "pins.txt").write_text("\n".join(pins))
    do(UV, "venv", "--python", sys.executable, folder / "venv", cwd=folder)
    programs = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    do(UV, "pip", "install", "--python", programs / "python", "-c", "pins.txt", wheel, cwd=folder)
    return programs / "coherence"


def test_the_wheel_holds_scenarios_schema_and_types(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    shipped = {f"sim/scenarios/{p.name}" for p in (ROOT / "scenarios").glob("*")}
    assert {"sim/scenarios/bakery.toml", "sim/scenarios/schema.json"} <= shipped <= inside
    assert {"sim/py.typed", "sim/MODEL.md"} <= inside
    assert {name.split("/")[0] for name in inside} == {
        "sim",
        next(n for n in inside if ".dist-info" in n).split("/")[0],
    }


@pytest.mark.slow
def test_the_command_finds_its_scenarios_from_another_folder(coherence: Path, tmp_path: Path) -> None:
    assert "bakery-aligned" in do(coherence, "scenarios", cwd=tmp_path)
    do(coherence, "new", "mine", cwd=tmp_path)
    assert do(coherence, "check", "mine.toml", cwd=tmp_path)
    assert json.loads(do(coherence, "schema", cwd=tmp_path)) == json.loads((ROOT / "scenarios/schema.json").read_text())


@pytest.mark.slow  # compiled code is kept by place, so that a new place means compiling for half a minute
def test_the_command_runs_a_scenario_from_another_folder(coherence: Path, tmp_path: Path) -> None:
    said = do(coherence, "run", "bakery", "--replicates", 3, "--no-figures", cwd=tmp_path)
    assert "Firms still open" in said
    (folder,) = (tmp_path / "out").iterdir()
    assert json.loads((folder / "manifest.json").read_text())["files"]

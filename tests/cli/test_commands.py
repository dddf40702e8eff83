import hashlib
import json
import subprocess
import sys
import types
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import sim.cli
import sim.warm_up
from sim.cli.run import folder_name, read_changes
from sim.cli.terminal import Refused
from sim.scenario.model import Scenario
from tests.report.fake import made_up, snapshots


@pytest.fixture
def engine(monkeypatch, tmp_path):
    """Stand in for the engine, and work in an empty folder."""
    calls = []

    def run_many(scenario, replicates=100, seed=0, workers=1, progress=None):
        calls.append({"scenario": scenario, "replicates": replicates, "seed": seed, "workers": workers})
        progress(replicates)
        return made_up(scenario, runs=replicates, seed=seed, closing=min(3, replicates))

    fake = types.ModuleType("sim.simulate")
    fake.run_many, fake.snapshots, fake.calls = run_many, snapshots, calls
    monkeypatch.setitem(sys.modules, "sim.simulate", fake)
    monkeypatch.setattr(sim.warm_up, "is_ready", lambda axes: True)
    monkeypatch.chdir(tmp_path)
    return fake


def cli(capsys, *arguments):
    status = sim.cli.status(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def files(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_run_prints_a_table_and_writes_a_result_folder(engine, capsys, tmp_path):
    status, out, err = cli(capsys, "run", "default", "--replicates", "8", "--seed", "3", "-j", "2")
    assert status == 0, err
    assert "Firms still open after 156 weeks" in out
    assert "firms simulated: 8 of 8" in err
    call = engine.calls[0]
    assert (call["replicates"], call["seed"], call["workers"]) == (8, 3, 2)
    (folder,) = (tmp_path / "out").iterdir()
    assert folder.name == f"default-{call['scenario'].hash}-3"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert {*manifest["files"], "manifest.json"} == {p.name for p in folder.iterdir()}
    assert {"fan.png", "fan.svg", "compass.png", "cascade.svg", "summary.md", "series.parquet"} <= set(
        manifest["files"]
    )
    assert manifest["hash"] == call["scenario"].hash
    assert Scenario.model_validate(manifest["scenario"]).hash == manifest["hash"]
    assert manifest["versions"]["numpy"]
    assert pq.read_table(folder / "runs.parquet").num_rows == 8


def test_the_same_run_gives_the_same_bytes(engine, capsys, tmp_path):
    for place in ("a", "b"):
        status, _, err = cli(capsys, "run", "default", "-n", "4", "--out", place)
        assert status == 0, err
    first, second = files(tmp_path / "a"), files(tmp_path / "b")
    first.pop("manifest.json")
    second.pop("manifest.json")
    assert first == second


def test_changes_and_weeks_reach_the_scenario(engine, capsys):
    status, _, err = cli(
        capsys,
        "run",
        "default",
        "--no-figures",
        "-n",
        "2",
        "--set",
        "founder.clarity=0.4",
        "--set",
        "people.hiring=true",
        "--weeks",
        "20",
    )
    assert status == 0, err
    scenario = engine.calls[0]["scenario"]
    assert (scenario.founder.clarity, scenario.people.hiring, scenario.weeks) == (0.4, True, 20)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["run", "defualt"], "did you mean 'default'"),
        (["run", "default", "--set", "founder.clarty=0.4"], "clarity"),
        (["run", "default", "--set", "founder.clarity=7"], "founder.clarity"),
        (["run", "default", "--set", "founder.clarity"], "NAME=VALUE"),
        (["run", "default", "--weeks", "0"], "--weeks"),
        (["run", "default", "--weeks", "9", "--set", "weeks=8"], "--weeks"),
        (["run", "default", "--seed", "-1"], "--seed"),
        (["run", "default", "--seed", str(2**63)], "--seed"),
        (["run", "default", "--replicates", "0"], "--replicates"),
        (["run", "default", "--replicates", "many"], "--replicates"),
        (["run", "default", "-j", "0"], "--jobs"),
        (["run", "default", "--replicate", "3"], "did you mean --replicates"),
        (["rnu", "default"], "Did you mean 'run'"),
        (["run"], "scenario"),
        (["new", "../escape"], "letters"),
        (["new", ""], "letters"),
    ],
)
def test_bad_input_gives_one_sentence_and_status_2(engine, capsys, tmp_path, arguments, said):
    status, out, err = cli(capsys, *arguments)
    assert status == 2
    assert out == ""
    assert said in err
    assert len(err.strip().splitlines()) == 1
    assert engine.calls == []
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_folder_is_refused_before_anything_runs(engine, capsys, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    status, _, err = cli(capsys, "run", "default", "--no-figures", "--out", str(tmp_path))
    assert status == 2
    assert "letter.txt" in err
    assert engine.calls == []


@pytest.mark.parametrize("when", ["run_many", "snapshots"])
def test_an_interrupt_leaves_nothing_behind(engine, capsys, tmp_path, monkeypatch, when):
    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, when, interrupted)
    status, _, err = cli(capsys, "run", "default", "-n", "2")
    assert status == 130
    assert "nothing was left half-written" in err
    assert [p for p in tmp_path.rglob("*") if p.is_file() or "partial" in p.name] == []


def test_a_cold_start_says_what_it_waits_for(engine, capsys, monkeypatch):
    monkeypatch.setattr(sim.warm_up, "is_ready", lambda axes: False)
    assert "Compiling" in cli(capsys, "run", "default", "-n", "2", "--no-figures")[2]


def test_scenarios_lists_every_scenario_with_its_twin(capsys):
    status, out, _ = cli(capsys, "scenarios")
    assert status == 0
    line = next(line for line in out.splitlines() if line.startswith("bakery "))
    assert line.endswith("bakery-aligned")


def test_new_writes_a_scenario_that_checks_and_never_overwrites_unasked(engine, capsys, tmp_path):
    assert cli(capsys, "new", "shop")[0] == 0
    assert cli(capsys, "check", "shop.toml")[0] == 0
    (tmp_path / "shop.toml").write_text("mine")
    status, _, err = cli(capsys, "new", "shop")
    assert status == 2
    assert "--force" in err
    assert (tmp_path / "shop.toml").read_text() == "mine"
    assert cli(capsys, "new", "shop", "--force")[0] == 0
    assert [p.name for p in tmp_path.iterdir()] == ["shop.toml"]


def test_check_tells_every_error_at_once(engine, capsys, tmp_path):
    (tmp_path / "shop.toml").write_text("weeks = 0\n[founder]\nclarty = 0.3\n[money]\nmargin = 2\n")
    status, out, err = cli(capsys, "check", "shop.toml")
    assert status == 2
    assert out == ""
    for part in ("weeks", "clarity", "margin"):
        assert part in err


def test_schema_prints_json(capsys):
    status, out, _ = cli(capsys, "schema")
    assert status == 0
    assert "founder" in json.dumps(json.loads(out))


def test_help_and_version_need_no_engine():
    code = (
        "import sys; from sim.cli import status; assert status(sys.argv[1:]) == 0; "
        "print(sorted({'numba', 'numpy', 'matplotlib', 'pandas', 'pyarrow', 'mesa'} & sys.modules.keys()))"
    )
    for arguments in (["--help"], ["run", "--help"], ["--version"], []):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        )
        assert done.stdout.strip().endswith("[]"), done.stdout


def test_a_run_imports_neither_pandas_nor_seaborn_nor_pyplot():
    code = (
        "import tempfile, pathlib; from tests.report.fake import made_up; from sim.report.run_data import gather; "
        "from sim.report.parquet import *; folder = pathlib.Path(tempfile.mkdtemp()); material = gather(made_up(runs=4)); "
        "[write(material, folder / 'x') for write in (write_runs, write_series, write_departments)]; "
        "import sim.report.table, sim.report.summary, sim.report.parquet, sim.report.fan, sim.report.cascade, sim.report.compass, sys; "
        "print(sorted({'pandas', 'seaborn', 'matplotlib.pyplot', 'numba', 'mesa'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_name_fits_every_file_system():
    name = folder_name(Scenario(name="../Zoë's shop: 1/2"), 5)
    assert "/" not in name
    assert not name.startswith(".")
    assert name.endswith("-5")


def test_a_change_given_twice_is_refused():
    with pytest.raises(Refused, match="twice"):
        read_changes(["founder.clarity=0.4", "founder.clarity = 0.5"], None)


def test_the_engine_runs_from_the_command_line(capsys, tmp_path):
    from sim.report.run_data import gather
    from sim.scenario import load
    from sim.simulate import run_many

    status, _, err = cli(
        capsys, "run", "default", "-n", "3", "--weeks", "20", "--no-figures", "--out", str(tmp_path / "a")
    )
    assert status == 0, err
    material = gather(run_many(load("default", {"weeks": 20}), replicates=3))
    rows = pq.read_table(tmp_path / "a" / "series.parquet")
    assert rows.num_rows == material.lived.sum()
    assert list(rows["coherence"].to_numpy()[:20]) == list(material.of("coherence")[0])

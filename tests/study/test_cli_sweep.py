import io
import sys

import pytest

import sim.cli
from sim.cli import sweep as command
from sim.study.sweep import Progress
from tests.study.conftest import table_hash

STUDY = """
title = "a function"
function = "ishigami"
design = { kind = "grid", levels = 4 }
replicates = 3
[vary]
x1 = {}
x2 = {}
"""


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "waves.toml"
    path.write_text(STUDY)
    return path


def cli(capsys, *arguments):
    status = sim.cli.status(["sweep", *map(str, arguments)])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_a_sweep_says_where_its_table_is(file, capsys, tmp_path):
    status, out, err = cli(capsys, file)
    assert status == 0, err
    assert "48 runs in out/waves/table.parquet" in out
    assert "runs: 48 of 48, 0 failed" in err
    before = table_hash(tmp_path / "out" / "waves")
    status, out, _ = cli(capsys, file, "--resume", "-j", 2)
    assert status == 0
    assert "0 now" in out
    assert table_hash(tmp_path / "out" / "waves") == before


def test_a_second_sweep_into_a_folder_is_refused(file, capsys):
    cli(capsys, file)
    status, out, err = cli(capsys, file)
    assert (status, out) == (2, "")
    assert "add --resume" in err
    assert len(err.strip().splitlines()) <= 2


def test_a_dry_run_says_what_it_will_take_and_writes_nothing(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "firms.toml"
    path.write_text('weeks = 5\ndesign = { kind = "grid", levels = 4 }\nreplicates = 100\n[vary]\nscarcity = {}\n')
    status, out, err = cli(capsys, path, "--dry-run", "-j", 2)
    assert status == 0, err
    assert "4 points x 100 replicates = 400 runs" in out
    assert all(word in out for word in ("memory", "disk", "time", "trial runs"))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["firms.toml"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('design = "lhs"\n', "waves.toml: vary is missing"),
        ('design = "sobl"\n[vary]\nscarcity = {}\n', "waves.toml:1: design.kind"),
        ('design = { kind = "file", path = "p.csv" }\n[vary]\nscarcity = {}\n', "p.csv cannot be read"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--dry-run"]])
def test_a_bad_study_is_told_with_status_2(file, capsys, tmp_path, text, said, options):
    file.write_text(text)
    status, out, err = cli(capsys, file, *options)
    assert (status, out) == (2, "")
    assert said in err
    assert not (tmp_path / "out").exists()


def test_a_cluster_and_processes_exclude_each_other(file, capsys):
    status, _, err = cli(capsys, file, "--cluster", "local", "--processes")
    assert status == 2
    assert "exclude each other" in err


def test_progress_is_plain_lines_where_there_is_no_terminal(monkeypatch, capsys):
    clock = iter([0.0, 0.0, 5.0, 12.0, 13.0])
    monkeypatch.setattr(command.time, "monotonic", lambda: 1.0 + next(clock))
    with command._shown({}) as show:
        show(Progress(1000, 100, 0, 0))
        show(Progress(1000, 200, 100, 1))
        show(Progress(1000, 340, 240, 1))
        show(Progress(1000, 350, 250, 1))
    assert capsys.readouterr().err == "runs: 340 of 1,000, 1 failed, 20 a second, 33 s left\n"


def test_progress_is_a_bar_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with command._shown({}) as show:
        show(Progress(1000, 500, 400, 3))
    assert "500/1000" in terminal.getvalue()

import csv

import pytest

from sim.cli import status
from sim.study.study import study_from
from sim.study.sweep import sweep
from tests.report.test_figures import words


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    data = {
        "function": "ishigami", "noise": 1.0, "replicates": 5, "design": {"kind": "sobol", "n": 64},
        "vary": {"x1": {}, "x2": {}, "x3": {}, "dummy": {}}, "name": "ish", "title": "Ishigami with noise",
    }  # fmt: skip
    folder = tmp_path_factory.mktemp("sweep") / "s"
    sweep(study_from(data), folder)
    return folder


def table(path):
    return list(csv.DictReader(path.read_text().splitlines()))


def test_a_finished_sweep_becomes_tables_figures_and_a_verdict(folder, capsys):
    assert status(["sensitivity", str(folder)]) == 0
    said = capsys.readouterr().out
    assert "ettled with N = 64" in said
    assert "luck" in said
    out = folder / "sensitivity"
    rows = table(out / "indices.csv")
    assert list(rows[0]) == ["measure", "method", "factor", "index", "value", "low", "high", "noise"]
    assert {row["index"] for row in rows} == {"ST", "S1"}
    assert len(table(out / "pairs.csv")) == 6
    for figure in ("y-sobol", "y-sobol-pairs", "y-sobol-convergence", "y-replicates"):
        text = words(out / f"{figure}.svg")
        for part in (
            "n = 3,200 runs",
            "640 points x 5",
            "seed 0",
            "replicates 0 to 4",
            "smb-coherence",
            "study ish",
            "95 %",
        ):
            assert part in text or (figure == "y-replicates" and part == "95 %")
    first = (out / "y-sobol.svg").read_bytes()
    assert status(["sensitivity", str(folder)]) == 0
    assert (out / "y-sobol.svg").read_bytes() == first


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--method", "morris"], "a sobol design allows sobol, rbd_fast, delta, pawn, not morris"),
        (["--method", "sobl"], "--method sobl is not known"),
        (["--measure", "z"], "holds no measure 'z'"),
        (["--discover", "y=3"], "must be MEASURE<VALUE"),
    ],
)
def test_what_cannot_be_is_one_sentence(folder, tmp_path, options, sentence, capsys):
    assert status(["sensitivity", str(folder), "-o", str(tmp_path / "o"), "--no-figures", *options]) == 2
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_a_folder_without_a_sweep_is_refused(tmp_path, capsys):
    assert status(["sensitivity", str(tmp_path)]) == 2
    assert "holds no sweep" in capsys.readouterr().err

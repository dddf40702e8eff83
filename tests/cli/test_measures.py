"""What can be looked at is listed; what is taken for something else is one sentence."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

import sim.cli
from sim.measures.series import SERIES
from sim.measures.summaries import SUMMARIES

ROOT = Path(sim.__file__).parents[1]
STUDY = 'function = "ishigami"\ndesign = { kind = "grid", levels = 2 }\n[vary]\nx1 = {}\n'


def said(capsys, *arguments):
    end = sim.cli.status([str(a) for a in arguments])
    return end, capsys.readouterr()


def test_every_measure_is_listed_with_what_closed_firms_count_as(capsys):
    end, shown = said(capsys, "measures")
    assert end == 0
    assert [line.split()[0] for line in shown.out.splitlines()[1:]] == list(SUMMARIES)
    assert "stays as at closing" in shown.out
    _, shown = said(capsys, "measures", "--weekly")
    assert [line.split()[0] for line in shown.out.splitlines()[1 : 1 + len(SERIES)]] == list(SERIES)


def test_shipped_studies_fit_the_schema_of_studies(capsys):
    _, shown = said(capsys, "schema", "--study")
    schema = json.loads(shown.out)
    jsonschema.Draft202012Validator.check_schema(schema)
    paths = sorted((ROOT / "experiments").glob("*.toml"))
    assert paths
    for path in paths:
        jsonschema.validate(tomllib.loads(path.read_text()), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"design": {"kind": "sobl"}, "vary": {"scarcity": {}}}, schema)


def test_a_study_and_a_scenario_taken_for_each_other_are_told_so(capsys, tmp_path):
    study, scenario = tmp_path / "study.toml", tmp_path / "firm.toml"
    study.write_text(STUDY)
    scenario.write_text('title = "mine"\nheadcount = 9\n')
    end, shown = said(capsys, "run", study)
    assert (end, len(shown.err.splitlines())) == (2, 1)
    assert "is a study, not a scenario" in shown.err
    end, shown = said(capsys, "sweep", scenario)
    assert (end, len(shown.err.splitlines())) == (2, 1)
    assert "is a scenario, not a study" in shown.err


@pytest.mark.parametrize("case", ["cash<1.2.3", "cash=1", "cash<", "<1", "cash<<1", "cash<1e", "cash<nan"])
def test_a_case_that_cannot_be_read_is_refused_before_the_folder_is(capsys, tmp_path, case):
    end, shown = said(capsys, "sensitivity", tmp_path, "--discover", case)
    assert end == 2
    assert "must be MEASURE<VALUE" in shown.err


def test_an_unknown_measure_lists_the_known_ones(capsys, tmp_path):
    path = tmp_path / "study.toml"
    path.write_text('measures = ["xyzzy"]\ndesign = "lhs"\n[vary]\nscarcity = {}\n')
    end, shown = said(capsys, "sweep", path)
    assert end == 2
    assert "total_thrust" in shown.err


def test_the_package_runs_as_a_module_and_bears_a_closed_output():
    done = subprocess.run([sys.executable, "-m", "sim", "measures"], capture_output=True, text=True, check=True)
    assert "survived" in done.stdout
    for command in ('"$0" -m sim measures >&-', '"$0" -m sim measures | head -n 1 >/dev/null'):
        done = subprocess.run(["sh", "-c", command, sys.executable], capture_output=True, text=True, check=False)
        assert "Traceback" not in done.stderr

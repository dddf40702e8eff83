"""What lies in ``results/sensitivity/`` is what the shipped studies come to: some runs of each are made again."""

import csv
import importlib.util
import re
from pathlib import Path

import numpy as np
import pytest

from sim.study.tasks import make_job
from sim.study.worker import work

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "results" / "sensitivity"


def script():
    spec = importlib.util.spec_from_file_location("sensitivity_script", ROOT / "experiments" / "sensitivity.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCRIPT = script()


def table(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def size(name):
    """Whether the committed results of a study are of modest size, as they say themselves."""
    return "modest size" in (RESULTS / name / "findings.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("plan", SCRIPT.PLANS, ids=lambda plan: plan.name)
def test_committed_runs_equal_runs_made_now(plan):
    study = SCRIPT.study_of(plan, size(plan.name))
    job = make_job(study)
    numbers = SCRIPT.checked(job.points, study.replicates)
    said = table(RESULTS / plan.name / "runs.csv")
    assert [int(row["replicate"]) * job.points + int(row["point"]) for row in said] == numbers
    outcome = work(job.spec, job.block_of(np.array(numbers)))
    assert not outcome.errors
    for i, name in enumerate(study.measures):
        told = np.array([float(row[name]) if row[name] else np.nan for row in said])
        assert told == pytest.approx(outcome.measures[:, i], rel=1e-5, abs=1e-9, nan_ok=True), name


def test_cells_of_a_committed_grid_equal_cells_made_now():
    plan = next(plan for plan in SCRIPT.PLANS if plan.name == "cascade_scarcity_clarity")
    study = SCRIPT.study_of(plan, size(plan.name))
    job = make_job(study)
    cells = table(RESULTS / plan.name / "cells.csv")
    assert len(cells) == job.points
    for point in (0, job.points // 2):
        made = work(job.spec, job.block_of(point + job.points * np.arange(study.replicates))).measures.mean(axis=0)
        for name in ("survived", "coherence"):
            assert float(cells[point][name]) == pytest.approx(made[study.measures.index(name)], rel=1e-5)


def test_every_figure_is_on_the_page_and_every_study_has_a_verdict():
    page = (RESULTS / "README.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([^)]+\.png)\)", page))
    assert linked == {str(path.relative_to(RESULTS)) for path in RESULTS.rglob("*.png")}
    for plan in SCRIPT.PLANS:
        assert SCRIPT.study_of(plan, True).title in page

"""A point run on a state that is written over is the same, bit for bit, as a scenario built and run for itself."""

import math
import time

import numpy as np
import pytest

from sim.measures.series import SERIES
from sim.measures.summaries import SUMMARIES
from sim.scenario.errors import ScenarioError
from sim.scenario.parameters import GROUPS, SCARCITY
from sim.simulate import Simulation, run
from sim.study.protocol import VersionError
from sim.study.runner import ROWS, Runner
from sim.study.study import study_from
from sim.study.tasks import make_job
from sim.study.worker import work

EVERYTHING = {
    "scarcity": {},
    "dummy": {},
    **{f"{g}.{n}": {} for g, part in GROUPS.items() for n in part.model_fields if f"{g}.{n}" not in SCARCITY},
}


def slowly(study, values, replicate):
    try:
        result = run(study.scenario.replace(values), study.seed, replicate)
    except ScenarioError as error:
        return np.full(len(study.measures), math.nan), f"ScenarioError: {error}"
    series = np.full((ROWS, study.weeks, len(SERIES)), math.nan)
    for j, name in enumerate(SERIES):
        series[0, : len(result.series[name]), j] = result.series[name]
    closed = np.full(ROWS, -1)
    closed[0] = -1 if result.closed is None else result.closed
    return [SUMMARIES[name].function(series, closed)[0] for name in study.measures], None


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "base": "bakery",
            "weeks": 60,
            "vary": {**EVERYTHING, "headcount": [12, 30, 17], "events.1.angle": {"low": 0, "high": 2}},
        },
        {
            "vary": {"mood.strain": {}, "founder.clarity": {}, "scarcity": {}},
            "constants": {
                "events": [{"kind": "set", "week": 5, "until": 9, "values": {"mood.strain": 2.0, "scarcity": 0.9}}]
            },
        },
        {"vary": {"work.automation": {}, "departments.sales.automation": {"low": 0, "high": 0.5}, "people.k_out": {}}},
    ],
    ids=["every parameter", "structure", "settings that revert", "own automation"],
)
def test_the_quick_way_and_the_slow_way_agree_bit_for_bit(more):
    data = {
        "weeks": 30,
        "design": {"kind": "lhs", "n": 24},
        "replicates": 2,
        "vary": EVERYTHING,
        "measures": [*SUMMARIES],
    }
    job = make_job(study_from({**data, **more}))
    runs = np.arange(0, job.runs, 2)
    outcome = work(job.spec, job.block_of(runs))
    assert len(outcome.errors) < len(runs)
    for row, number in enumerate(runs.tolist()):
        point = number % job.points
        values = {n: c.tolist()[point] for n, c in job.design.columns.items() if n != "dummy"}
        expected, refusal = slowly(job.study, values, number // job.points)
        assert outcome.errors.get(row) == refusal  # the owners of some points draw what they should keep
        assert np.array_equal(outcome.measures[row], expected, equal_nan=True), values


def test_a_point_does_not_depend_on_what_ran_before(small):
    job = make_job(small)
    runs = np.array([3, 40, 77, 3, 100])
    together = work(job.spec, job.block_of(runs)).measures
    alone = [Runner(job.spec).run(job.block_of(runs[i : i + 1])).measures[0] for i in range(len(runs))]
    assert np.array_equal(together, alone, equal_nan=True)


def test_points_share_their_luck(small):
    """The dummy goes nowhere, so that two points that differ in it alone are the same run."""
    study = study_from({"weeks": 13, "design": {"kind": "grid", "levels": 3}, "replicates": 4, "vary": {"dummy": {}}})
    job = make_job(study)
    cash = work(job.spec, job.block(0)).measures[:, -1].reshape(4, 3)
    assert (cash == cash[:, :1]).all()
    assert len(set(cash[:, 0])) == 4


def test_what_fails_is_told_with_the_reason_and_the_others_go_on():
    vary = {
        "headcount": {"low": 8, "high": 30},
        "departments.sales.headcount": {"kind": "integer", "low": 1, "high": 20},
    }
    study = study_from({"weeks": 5, "design": {"kind": "lhs", "n": 40}, "vary": vary})
    job = make_job(study)
    outcome = work(job.spec, job.block_of(np.arange(40)))
    posts, sales = (job.design.columns[name] for name in vary)
    assert set(outcome.errors) == set(np.flatnonzero(sales + 4 > posts).tolist()) != set()
    assert all("is too few" in text for text in outcome.errors.values())
    assert (np.isnan(outcome.measures).all(axis=1) == (sales + 4 > posts)).all()


def test_a_worker_with_other_code_refuses(known):
    job = make_job(known)
    from dataclasses import replace

    with pytest.raises(VersionError, match="version"):
        work(replace(job.spec, code="other"), job.block(0))


@pytest.mark.slow  # a time: it wants an idle machine
def test_the_sweep_adds_less_than_a_tenth_to_a_run_of_thirty_people():
    """In time of this process's processor, the best of some trials: others may be using the machine."""
    study = study_from({"design": {"kind": "lhs", "n": 32}, "vary": dict(list(EVERYTHING.items())[:12])})
    job = make_job(study)
    block = job.block_of(np.arange(32))
    lanes = [
        Simulation(study.scenario.replace({n: c.tolist()[i] for n, c in block.columns.items() if n != "dummy"}))
        for i in range(32)
    ]

    def alone():
        for lane in lanes:
            lane.run(0, 0)

    def swept():
        job.frame(block, work(job.spec, block))

    def seconds(action):
        start = time.process_time()
        action()
        return time.process_time() - start

    alone(), swept()
    trials = [(seconds(alone), seconds(swept)) for _ in range(8)]
    assert min(s for _, s in trials) < 1.1 * min(a for a, _ in trials)

"""Mesa's own tools work on a firm: batch_run, reporters, seeds."""

import mesa
import numpy as np
import pytest

import sim


@pytest.fixture(autouse=True)
def start_method():
    """Mesa's batch_run changes how processes start, for the whole process."""
    import multiprocessing

    before = multiprocessing.get_start_method(allow_none=True)
    yield
    multiprocessing.set_start_method(before, force=True)


def batch(parameters, **more):
    return mesa.batch_run(sim.Firm, {"weeks": 12, **parameters}, display_progress=False, **more)


def test_batch_run_gives_the_measures_of_the_engine_s_runs():
    scenario = sim.Scenario(weeks=12)
    rows = batch({"scenario": [scenario, scenario.replace({"founder.clarity": 0.9})]}, rng=[4, 9])
    assert [(row["seed"], row["scenario"].founder.clarity) for row in rows] == [(4, 0.7), (4, 0.9), (9, 0.7), (9, 0.9)]
    for row in rows:
        assert row["cash"] == sim.run(row["scenario"], seed=row["seed"]).series["cash"][-1]
        assert row["Step"] == 12


def test_batch_run_takes_names_and_keeps_every_week_when_asked():
    rows = batch({"scenario": ["bakery"]}, rng=[1], data_collection_period=1)
    assert [row["thrust"] for row in rows] == sim.run(sim.load("bakery"), seed=1, weeks=12).series["thrust"].tolist()


def test_mesa_s_reporters_are_collected_after_every_step():
    firm = sim.Firm(
        sim.Scenario(headcount=6, weeks=5),
        rng=3,
        model_reporters={"mine": lambda f: 2 * f.now["coherence"]},
        agent_reporters={"who": lambda a: type(a).__name__},
    )
    firm.run()
    frame = firm.datacollector.get_model_vars_dataframe()
    assert frame["mine"].tolist() == (2 * firm.series["coherence"]).tolist()
    assert (firm.datacollector.get_agent_vars_dataframe()["who"] == "Employee").any()
    assert np.array_equal(firm.series["cash"], sim.run(sim.Scenario(headcount=6, weeks=5), seed=3).series["cash"])


def test_a_seed_of_none_is_drawn_and_kept():
    one, two = (sim.Firm(sim.Scenario(headcount=5), seed=None) for _ in range(2))
    assert one.seed != two.seed

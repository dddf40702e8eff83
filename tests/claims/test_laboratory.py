import numpy as np

from sim.claims.ablations import ABLATIONS
from sim.claims.analyses.cascade import DEPARTMENT, WEEK, recovery, topple, turned, with_shock
from sim.claims.analyses.cascade import LAYERS as LAYERS
from sim.claims.laboratory import Lab
from sim.claims.people_lost import lost_people, lost_share
from sim.measures.per_run import first_true, level, survived


def test_shared_baselines_run_once():
    lab = Lab(quick=True)
    once = lab.run({}, 4)
    assert lab.runs == 4
    assert np.array_equal(lab.run({}, 3).series, once.series[:3])
    assert lab.runs == 4
    lab.run({}, 4, departments=True)
    assert lab.runs == 8


def test_overrides_go_over_what_a_claim_sets():
    lab = Lab()
    with lab.ablated(ABLATIONS["no moving market"]) as without:
        assert without.scenario({"market.turbulence": 0.1}).value("market.turbulence") == 0


def test_every_ablation_is_a_valid_scenario():
    for overrides in ABLATIONS.values():
        Lab().scenario(overrides)


def test_twins_are_identical_until_the_shock():
    lab = Lab(quick=True)
    shocked, twin = lab.run(with_shock(), 3), lab.run({}, 3)
    assert np.array_equal(shocked.series[:, :WEEK], twin.series[:, :WEEK])
    assert not np.array_equal(shocked.series[:, WEEK], twin.series[:, WEEK])


def test_nothing_topples_without_a_shock():
    twin = Lab(quick=True).run({}, 3)
    assert all(np.isnan(topple(twin, twin, layer)).all() for layer in LAYERS)
    assert np.array_equal(recovery(twin, twin), np.zeros(3))


def test_the_census_agrees_with_the_weekly_series():
    lab = Lab(quick=True)
    scenario = lab.scenario({"events": [turned()]})
    lost, there = lost_people(scenario, 3, 0, [60, 100])
    batch = lab.run({"events": [turned()]}, 3)
    alive = ~np.isnan(batch.of("misaligned")[:, 60])
    assert np.allclose(there.sum(axis=2)[alive, 0], batch.of("filled")[alive, 60])
    both = lost_share(lost, there)[alive, 0]
    off, gone = batch.of("misaligned")[alive, 60], batch.of("disengaged")[alive, 60]
    assert np.all(both >= np.maximum(off, gone) - 1e-12)
    assert np.all(both <= off + gone + 1e-12)
    assert lost_share(lost, there, without=DEPARTMENT).shape == (3, 2)


def test_outcomes_say_what_a_closed_firm_counts_as():
    batch = Lab(quick=True).run({"scarcity": 1.0, "events": [turned(angle=2.5, week=5)]}, 6)
    assert not survived(batch).all()
    closed = ~survived(batch)
    assert np.all(level(batch, "customers", closed=0.0)[closed] < level(batch, "customers")[closed])


def test_first_true_wants_as_many_in_a_row():
    beyond = np.array([[0, 1, 0, 1, 1, 1], [0, 0, 0, 0, 0, 1]], bool)
    assert first_true(beyond, 2).tolist()[0] == 3
    assert np.isnan(first_true(beyond, 2)[1])

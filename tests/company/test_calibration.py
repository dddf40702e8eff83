"""Calibration finds what is to be found, covers the truth as often as it says, and admits what it does not know."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

import sim.cli
from sim.company.calibration.abc import Sweep, calibrate, condition, design, history_of, runs_at
from sim.company.calibration.facts import Fact, doubts, read_facts
from sim.company.calibration.prior import prior_of
from sim.company.calibration.result import Fit, fit_of
from sim.company.calibration.stored import stored
from sim.company.client_folder import open_client
from sim.company.importing.import_log import CompanyError
from sim.scenario import Scenario
from sim.simulate import run_many
from tests.company.made import stored_example, table

FIRM = Scenario.model_validate({"headcount": 10})
NAMES = ("people.turnover", "founder.clarity", "work.rework")
WHAT = ("engagement", "turnover", "rework", "satisfaction", "alignment")
SD = np.array([0.04, 0.05, 0.03, 0.04, 0.04])


@cache
def swept():
    """One sweep of a small firm, of which many parts serve as companies whose truth is known."""
    prior = prior_of(FIRM, NAMES)
    unit = design(1100, len(NAMES), 1)
    return prior, unit, runs_at(history_of(FIRM), prior, unit, WHAT, 1)


def test_intervals_cover_the_truth_of_synthetic_companies_as_often_as_they_say():
    prior, unit, found = swept()
    generator = np.random.default_rng(5)
    companies = [i for i in range(920, 1100) if np.isfinite(found[i]).all()][:60]
    rest = Sweep(unit[:920], found[:920], np.ones(920))
    inside = []
    for i in companies:
        observed = found[i] + SD * generator.standard_normal(len(WHAT))
        facts = [Fact(n, float(v), float(s)) for n, v, s in zip(WHAT, observed, SD, strict=True)]
        sample = condition(rest, prior, facts, i).unit
        low, high = np.quantile(sample, (0.05, 0.95), axis=0)
        inside.append((low <= unit[i]) & (unit[i] <= high))
    cover = np.mean(inside)
    assert len(companies) >= 40
    assert 0.82 <= cover <= 0.97, np.mean(inside, axis=0)


def test_what_the_facts_show_is_found_and_the_rest_stays_open():
    # Leavers per week are turnover + quitting (1 - engagement): with both facts there is one answer.
    facts = [Fact("engagement", 0.85, 0.04), Fact("turnover", 0.40, 0.05)]
    truth = 0.40 / 52 - 0.02 * 0.15
    found = calibrate(Scenario.model_validate({"headcount": 100}), facts, points=400, names=NAMES)
    rows = {p["name"]: p for p in found.parameters()}
    assert rows["people.turnover"]["low"] < truth < rows["people.turnover"]["high"]
    assert rows["people.turnover"]["narrowed"] == max(r["narrowed"] for r in rows.values())
    assert rows["people.turnover"]["narrowed"] > 0.4
    assert "The data tell about people.turnover" in found.verdict()
    assert found.fit.fits


def test_in_a_firm_of_ten_luck_hides_what_a_firm_of_a_hundred_shows():
    facts = [Fact("engagement", 0.85, 0.04), Fact("turnover", 0.40, 0.05)]
    prior, unit, found = swept()
    columns = [WHAT.index(f.name) for f in facts]
    sample = condition(Sweep(unit, found[:, columns], np.ones(len(unit))), prior, facts, 1).unit
    assert sample[:, 0].std() > 0.6 * np.sqrt(1 / 3)


def test_facts_that_cannot_be_are_said_not_to_fit():
    prior, unit, found = swept()
    facts = [Fact("engagement", 0.02, 0.005), Fact("satisfaction", 0.99, 0.005), Fact("rework", 0.0, 0.002)]
    columns = [WHAT.index(f.name) for f in facts]
    posterior = condition(Sweep(unit, found[:, columns], np.ones(len(unit))), prior, facts, 1)
    assert posterior.widened > 5


def test_one_simulation_for_all_points_gives_what_separate_runs_give():
    prior = prior_of(FIRM)
    unit = design(3, len(prior.names), 2)
    firm = history_of(FIRM)
    together = runs_at(firm, prior, unit, WHAT, 4, first=7)
    from sim.company.calibration.facts import measured

    for i, values in enumerate(prior.values(unit)):
        alone = run_many(firm.replace(dict(zip(prior.names, values.tolist(), strict=True))), [7 + i], 4)
        np.testing.assert_array_equal(together[i], measured(alone, WHAT)[0])


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("happiness,0.5,0.1", r"f.csv:2: fact = 'happiness' is not a fact"),
        ("engagement,1.5,0.1", "from 0 to 1"),
        ("engagement,0.5,0", "how sure are you"),
        ("engagement,0.5,0.1\nengagement,0.5,0.1", "stands here twice"),
        ("", "holds no fact"),
    ],
)
def test_what_is_wrong_with_facts_is_told(tmp_path, rows, said):
    with pytest.raises(CompanyError, match=said):
        read_facts(table(tmp_path, "f.csv", f"fact,value,sd\n{rows}\n"))


def test_the_command_keeps_draws_that_whatif_uses(tmp_path, capsys):
    folder = stored_example(tmp_path / "client")
    facts = table(tmp_path, "f.csv", "fact;value;sd\nturnover;20 %;0,2\n")
    assert sim.cli.status(["calibrate", str(folder), "--facts", str(facts), "--points", "300"]) == 0
    assert "whatif and report use it" in capsys.readouterr().out
    kept = stored(open_client(folder))
    assert kept.used
    assert kept.summary["runs"] > 300
    assert len(kept.draws) == 200
    assert set(kept.draws[0]) == {p["name"] for p in kept.summary["parameters"]}
    assert sim.cli.status(["whatif", str(folder), "--set", "founder.cadence=2", "-n", "4"]) == 0
    said = capsys.readouterr()
    assert "calibrated sets" in said.err
    assert "the same calibrated settings" in said.out


def test_impossible_facts_do_not_fit_and_nothing_is_built_on_them(tmp_path, capsys):
    folder = stored_example(tmp_path / "client")
    rows = "fact,value,sd\nengagement,0.95,0.01\nturnover,1.5,0.02\nrework,0.6,0.02\nsatisfaction,0.99,0.01\n"
    assert (
        sim.cli.status(["calibrate", str(folder), "--facts", str(table(tmp_path, "f.csv", rows)), "--points", "300"])
        == 0
    )
    said = capsys.readouterr().out
    assert "does not fit this firm" in said
    assert "do not use it" in said
    kept = stored(open_client(folder))
    assert not kept.used
    assert kept.draws == []
    assert sim.cli.status(["whatif", str(folder), "--set", "founder.cadence=2", "-n", "4"]) == 0
    assert "not used: the model does not fit" in capsys.readouterr().err


def test_a_fact_that_anything_meets_tells_nothing():
    prior, unit, found = swept()
    facts = [Fact("engagement", 0.59, 10)]
    posterior = condition(Sweep(unit, found[:, :1], np.ones(len(unit))), prior, facts, 1)
    assert posterior.told < 0.01
    assert "tells nothing" in doubts(facts)[0]
    sure = condition(Sweep(unit, found[:, :1], np.ones(len(unit))), prior, [Fact("engagement", 0.59, 0.03)], 1)
    assert sure.told > 0.3


def test_being_open_alone_does_not_count_as_what_facts_tell():
    calibration = calibrate(FIRM, [Fact("engagement", 0.59, 10)], points=300, names=("scarcity", "founder.clarity"))
    assert not calibration.tells
    assert {p["says"] for p in calibration.parameters()} == {"the data do not tell"}
    assert "do not tell anything" in calibration.verdict()


def test_facts_that_tell_nothing_are_not_built_on(tmp_path, capsys):
    folder = stored_example(tmp_path / "client")
    facts = table(tmp_path, "f.csv", "fact,value,sd\nengagement,0.59,10\n")
    assert sim.cli.status(["calibrate", str(folder), "--facts", str(facts), "--points", "300"]) == 0
    said = capsys.readouterr()
    assert "tells nothing" in said.err
    assert "do not tell anything" in said.out
    assert "do not use it" in said.out
    assert not stored(open_client(folder)).used


def fit(**changes):
    fine = {
        "firms": 100,
        "closed": 10,
        "within": {"rework": 0.6},
        "all_within": 0.4,
        "distance": 1.1,
        "widened": 1.2,
        "plausible": 0.1,
    }
    return Fit(**(fine | changes))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"closed": 51}, "51 of 100 fitted firms had closed"),
        ({"within": {"rework": 0.6, "growth": 0.04}}, "only 4 % of the fitted firms come within 2 sd of growth"),
        ({"distance": 2.7}, "2.7 sd away"),
        ({"widened": 6.0}, "6.0 times as unsure"),
        ({"plausible": 0.0}, "no parameters in their plausible ranges"),
        ({"closed": 100, "within": {"rework": 0.0}, "distance": float("nan")}, "100 of 100 fitted firms had closed"),
    ],
)
def test_each_way_of_being_far_from_the_facts_is_said(changes, reason):
    found = fit(**changes)
    assert found.fits == (reason is None)
    assert reason is None or reason in "; ".join(found.reasons())


def test_distance_is_measured_in_the_facts_own_sd():
    prior, unit, found = swept()
    facts = (Fact("engagement", 0.8, 0.1), Fact("rework", 0.1, 0.05))
    posterior = condition(Sweep(unit, found[:, [0, 2]], np.ones(len(unit))), prior, facts, 1)
    predicted = np.array([[0.8, 0.1], [0.9, 0.15], [0.5, 0.1], [np.nan, np.nan]])
    got = fit_of(predicted, facts, posterior)
    assert (got.firms, got.closed) == (4, 1)
    assert got.within == {"engagement": pytest.approx(2 / 3), "rework": 1.0}
    assert got.all_within == pytest.approx(2 / 3)
    assert got.distance == pytest.approx(1.0)  # 0, 1 and 3 / sqrt(2) sd

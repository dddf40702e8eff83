"""Every replicate of an uncertain scenario is a firm of its own, and arms share firms."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim import Firm, Scenario, ScenarioError, load, loads, run, run_many
from sim.measures.series import SERIES
from sim.scenario.draws import Draws
from sim.simulate import Simulation
from sim.study.study import study_from
from sim.study.sweep import sweep
from sim.uncertain import certain, drawn, drawn_values, rank

ROWS = np.column_stack(
    [np.linspace(0.2, 0.9, 37), np.linspace(0.8, 0.1, 37) ** 2, np.arange(37) % 12 + 1, np.arange(37) % 9 + 8]
)
TABLE = Draws(
    columns=("founder.clarity", "market.crowding", "founder.cadence", "headcount"),
    rows=tuple(map(tuple, ROWS.tolist())),
)
POPULATION = Scenario(weeks=12).replace({"draws": TABLE, "people.turnover": {"mean": 0.01, "sd": 0.004}})


def firms(scenario: Scenario, name: str, count: int = 60) -> list[float]:
    return [float(drawn_values(scenario, 1, r)[name]) for r in range(count)]


def test_ranks_are_uniform_and_unlike_for_fields_firms_and_seeds() -> None:
    ranks = np.array([[rank(0, firm, name) for firm in range(2000)] for name in ("founder.clarity", "founder.voice")])
    assert 0 <= ranks.min() < ranks.max() < 1
    # Kolmogorov-Smirnov's distance stays below 1.63 / sqrt(n) in 99 of 100 samples.
    for row in np.sort(ranks, axis=1):
        assert np.abs(row - (np.arange(2000) + 0.5) / 2000).max() < 1.63 / 2000**0.5
    assert abs(np.corrcoef(ranks)[0, 1]) < 0.06
    assert rank(0, 1, "a") != rank(1, 1, "a")


def test_the_ranks_are_these() -> None:
    # Whoever changes them changes every population: they are the same in every version.
    assert [round(rank(0, firm, "founder.clarity"), 12) for firm in (0, 1, 12345)] == [
        0.552215872611, 0.488614424208, 0.956929174225,
    ]  # fmt: skip


def test_an_arm_that_sets_one_field_changes_that_field_alone() -> None:
    arm = POPULATION.replace({"people.turnover": 0.02})
    for replicate in range(20):
        base, other = drawn(POPULATION, 1, replicate), drawn(arm, 1, replicate)
        assert other.hash == base.replace({"people.turnover": 0.02}).hash
        assert other.hash != base.hash


def test_an_arm_that_sets_a_column_leaves_the_rest_of_the_row() -> None:
    arm = POPULATION.replace({"founder.clarity": 0.5})
    for replicate in range(20):
        assert drawn(arm, 1, replicate).hash == drawn(POPULATION, 1, replicate).replace({"founder.clarity": 0.5}).hash


def test_an_arm_with_another_distribution_leaves_every_firm_its_rank() -> None:
    before, after = (
        firms(POPULATION.replace({"people.turnover": form}), "people.turnover")
        for form in ({"mean": 0.01, "sd": 0.004}, {"low": 0.1, "high": 0.3})
    )
    assert np.array_equal(np.argsort(before), np.argsort(after))
    assert before != after


def test_times_and_plus_act_on_everybodys_own_value() -> None:
    half = POPULATION.replace({"founder.clarity": {"times": 0.5}, "people.turnover": {"plus": 0.1}})
    np.testing.assert_allclose(firms(half, "founder.clarity"), 0.5 * np.array(firms(POPULATION, "founder.clarity")))
    np.testing.assert_allclose(firms(half, "people.turnover"), 0.1 + np.array(firms(POPULATION, "people.turnover")))


def test_rows_of_a_table_stay_together_and_all_come() -> None:
    rows = {tuple(float(drawn_values(POPULATION, 1, r)[name]) for name in TABLE.columns) for r in range(400)}
    assert rows == {tuple(row) for row in ROWS.tolist()}


def test_what_is_given_wins_over_a_distribution_that_over_the_table_and_that_over_the_composite() -> None:
    table = Draws(columns=("work.slack", "money.margin"), rows=((0.33, 0.11),))
    scenario = Scenario().replace({"draws": table, "scarcity": {"low": 0.8, "high": 0.9}, "money.margin": "0.04..0.05"})
    firm = drawn(scenario, 0, 0)
    assert firm.work.slack == 0.33
    assert 0.04 <= firm.money.margin <= 0.05
    assert firm.scarcity is not None
    assert 0.8 <= firm.scarcity <= 0.9
    assert firm.money.reserve == Scenario(scarcity=firm.scarcity).money.reserve
    assert drawn(scenario.replace({"money.margin": 0.2}), 0, 0).money.margin == 0.2


def test_own_values_come_from_the_composite_where_nothing_else_gives_them() -> None:
    scenario = Scenario().replace(
        {"scarcity": "0.1..0.9", "money.margin": {"times": 2}, "money.buffer": {"times": 0.5}}
    )
    for replicate in range(5):
        firm = drawn(scenario, 0, replicate)
        composite = Scenario(scarcity=firm.scarcity)
        assert firm.money.margin == 2 * composite.money.margin
        assert firm.money.buffer == composite.money.buffer / 2
        assert firm.work.slack == composite.work.slack


def test_replicates_run_as_the_firms_that_they_are() -> None:
    batch = run_many(POPULATION, 8, seed=1)
    for replicate in range(8):
        alone = run(drawn(POPULATION, 1, replicate), 1, replicate)
        for name, series in alone.series.items():
            np.testing.assert_array_equal(batch[replicate].series[name], series)
        assert batch[replicate].drawn == drawn_values(POPULATION, 1, replicate)
        assert len(set(batch.drawn["headcount"])) > 1
    again = run_many(POPULATION, [3, 5], seed=1, workers=2)
    np.testing.assert_array_equal(again.series, batch.series[[3, 5]])


def test_a_mesa_firm_is_the_firm_of_its_replicate() -> None:
    firm = Firm(POPULATION, seed=1, replicate=3)
    assert len(list(firm.employees)) == drawn(POPULATION, 1, 3).posts


def test_lucks_give_every_firm_several_runs_with_luck_of_their_own() -> None:
    batch = run_many(POPULATION.replace({"lucks": 3}), 9, seed=1)
    clarity = batch.drawn["founder.clarity"].reshape(3, 3)
    assert np.all(clarity == clarity[:, :1])
    assert clarity[:, 0].tolist() == firms(POPULATION, "founder.clarity", 3)
    cash = batch.of("cash")[:, -1].reshape(3, 3)
    assert all(len(set(row)) == 3 for row in cash)


def test_what_varies_is_told_by_name() -> None:
    scenario = POPULATION.replace(
        {"founder.clarity": 0.5, "mood.strain": {"times": 2}, "founder.cadence": {"times": 2}}
    )
    assert set(scenario.varying) == {"people.turnover", "market.crowding", "founder.cadence", "headcount"}
    assert Scenario().varying == ()
    assert certain(POPULATION).hash == Scenario(weeks=12).hash


def test_values_that_contradict_each_other_name_the_replicate() -> None:
    scenario = Scenario().replace({"money.draw": 0.2, "money.reserve": {"values": [4, 12]}})
    wrong = next(r for r in range(20) if drawn_values(scenario, 0, r)["money.reserve"] == 4)
    message = rf"money.reserve = 4 must be at least money.safety, 8, .* \(drawn in replicate {wrong}\)"
    with pytest.raises(ScenarioError, match=message):
        drawn(scenario, 0, wrong)
    with pytest.raises(ScenarioError, match=message):
        run_many(scenario, [wrong])


def test_a_change_that_leads_a_firm_beyond_an_open_bound_is_refused_with_the_replicate() -> None:
    scenario = Scenario().replace({"founder.clarity": {"low": 0.3, "high": 0.9, "plus": -0.4}})
    wrong = next(r for r in range(20) if drawn_values(scenario, 0, r)["founder.clarity"] <= 0)
    with pytest.raises(ScenarioError, match=rf"must be greater than 0 \(drawn in replicate {wrong}\)"):
        run_many(scenario, [wrong], weeks=2)


def test_a_sweep_stands_on_an_uncertain_base(tmp_path: Path) -> None:
    study = study_from(
        {
            "base": "default",
            "weeks": 12,
            "replicates": 3,
            "seed": 1,
            "measures": ["cash"],
            "design": {"kind": "grid"},
            "vary": {"founder.voice": [0.2, 0.9]},
            "constants": {"founder.clarity": {"low": 0.3, "high": 0.9}, "headcount": {"low": 8, "high": 20}},
        }
    )
    assert study.scenario is not None
    assert study.scenario.is_uncertain
    sweep(study, tmp_path / "s")
    import pyarrow.parquet as pq

    rows = pq.read_table(tmp_path / "s" / "table.parquet").to_pylist()
    assert len(rows) == 6
    for row in rows:
        firm = drawn(study.scenario, 1, row["replicate"]).replace({"founder.voice": row["founder.voice"]})
        assert row["cash"] == run(firm, 1, row["replicate"]).series["cash"][-1]


def test_a_population_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.cli import status
    from sim.scenario.draws import write_csv

    monkeypatch.chdir(tmp_path)
    write_csv(TABLE, tmp_path / "draws.csv")
    Path("population.toml").write_text('extends = "default"\nweeks = 12\ndraws = "draws.csv"\n')
    assert status(["check", "population.toml"]) == 0
    command = ["run", "population.toml", "--replicates", "6", "--seed", "1", "--out", "out", "--no-figures"]
    assert status([*command, "--set", "founder.voice=0.3..0.7"]) == 0
    scenario = load("population.toml", {"founder.voice": "0.3..0.7"})
    import pandas as pd

    runs = pd.read_parquet("out/runs.parquet")
    for name in ("founder.clarity", "founder.voice", "headcount"):
        assert runs[name].tolist() == pytest.approx(firms(scenario, name, 6))


def test_a_run_says_what_a_scarcity_leaves_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.cli import status

    monkeypatch.chdir(tmp_path)
    words = ["run", "default", "-n", "1", "--weeks", "2", "--no-figures", "--set", "scarcity=0.8"]
    assert status([*words, "--out", "a"]) == 0
    assert "scarcity" not in capsys.readouterr().err
    assert status([*words, "--set", "money.margin=0.05", "--out", "b"]) == 0
    assert "Note: scarcity does not change money.margin" in capsys.readouterr().err


def test_text_of_a_stranger_may_hold_distributions_and_no_tables() -> None:
    assert loads("[founder]\nclarity = { low = 0.3, high = 0.7 }").is_uncertain
    with pytest.raises(ScenarioError, match="must not name a file"):
        loads("weeks = 3", overrides={"draws": "draws.csv"})


def test_a_simulation_draws_a_firm_for_every_replicate_and_keeps_what_it_was_given() -> None:
    simulation = Simulation(POPULATION)
    for arm in (
        {"founder.voice": 0.2},
        {"founder.clarity": {"times": 0.5}},
        {"people.turnover": 0.02, "headcount": 9},
        {},
    ):
        simulation.set(arm)
        expected = POPULATION.replace(arm)
        for replicate in (0, 5):
            series = np.full((POPULATION.weeks, len(SERIES)), np.nan)
            simulation.run(1, replicate, series)
            alone = run(drawn(expected, 1, replicate), 1, replicate)
            np.testing.assert_array_equal(series[: len(alone.to_frame())], alone.to_frame().to_numpy())

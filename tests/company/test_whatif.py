"""Paired differences, cases, and levers within a budget."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

import sim.cli
from sim.company.importing.import_log import CompanyError
from sim.company.whatif.cases import Bundle, make_case, read_cases
from sim.company.whatif.compare import difference, differences, many, outcomes
from sim.company.whatif.portfolio import search
from sim.company.whatif.whatif import Bench, best_bundle
from sim.scenario import Scenario, load
from sim.simulate import run_many
from tests.company.made import EXAMPLE, example, stored_example, table

SMALL = Scenario.model_validate({"headcount": 8, "weeks": 40})


def test_the_interval_covers_as_often_as_it_says():
    generator = np.random.default_rng(3)
    inside = 0
    for _ in range(400):
        base = generator.standard_normal(30)
        d = difference("cash", 26, base, base + 0.4 + generator.standard_normal(30))
        inside += d.low < 0.4 < d.high
    assert 0.92 < inside / 400 < 0.98


def test_rework_is_better_when_it_falls():
    base = np.full(10, 0.3)
    d = difference("rework", 26, base, base - 0.1)
    assert d.better == 1
    assert d.good == pytest.approx(0.1)
    assert difference("cash", 26, base, base).better == 0.5
    with pytest.raises(ValueError, match="must be equal"):
        difference("cash", 26, base, base[:5])


def test_a_case_without_a_change_differs_by_nothing():
    base, case = run_many(SMALL, 6), run_many(SMALL.replace({"founder.clarity": 0.7}), 6)
    assert all(d.mean == 0 and d.better == 0.5 for d in differences(base, case, (26, 40)))


def test_closed_firms_keep_the_cash_that_they_closed_with():
    batch = run_many(SMALL.replace({"events": [{"kind": "cash_cut", "week": 5, "weeks": 500}]}), 3)
    found = outcomes(batch, 26)
    assert (found["open"] == 0).all()
    assert (found["cash"] < -400).all()
    assert (found["customers"] == 0).all()
    assert np.isfinite(found["coherence"]).all()


def test_the_cost_of_a_measure_is_paid_in_its_runs():
    case = make_case({"name": "costly", "cost": 1.5, "cost_per_year": 0.8}, "here")
    base, runs = run_many(SMALL, 4), run_many(Bundle((case,)).scenario(SMALL), 4)
    assert case.total_cost(40) == pytest.approx(1.5 + 4 * 0.2)
    np.testing.assert_allclose(base.of("cash")[:, 0] - runs.of("cash")[:, 0], 1.7, atol=1e-9)


def test_drawn_values_are_those_of_the_scenario_and_whole_numbers_are_rounded():
    found = many(SMALL, 1, 0, [{"founder.clarity": 0.5, "scarcity": 0.3, "founder.cadence": 2.2}])
    slow = SMALL.replace({"founder.clarity": 0.5, "scarcity": 0.3, "founder.cadence": 2})
    np.testing.assert_array_equal(found.series, run_many(slow, 1).series)


def test_draws_give_each_pair_its_parameters_and_the_case_keeps_its_own():
    draws = [{"founder.clarity": 0.3}, {"founder.clarity": 0.9}]
    found = many(SMALL, 2, 0, draws)
    np.testing.assert_array_equal(found.series[1], run_many(SMALL.replace({"founder.clarity": 0.9}), [1]).series[0])
    held = many(SMALL, 2, 0, draws, frozenset({"founder.clarity"}))
    np.testing.assert_array_equal(held.series, run_many(SMALL, 2).series)


def test_the_examples_cases_apply_to_the_example():
    cases = read_cases(EXAMPLE / "cases.toml")
    assert len(cases) == 8
    for case in cases:
        Bundle((case,)).scenario(example().scenario)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cases = 3", r"must hold \[\[cases\]\]"),
        ("[[cases]]\nname = 'a'\ncost = -1", "case 1: cost must be"),
        ("[[cases]]\nname = 'a'\n[[cases]]\nname = 'a'", "appears twice"),
        ("[[cases]]\ncolour = 1", "colour"),
        ("[[cases]", "not valid TOML"),
    ],
)
def test_what_is_wrong_with_a_file_of_cases_is_told(tmp_path, text, said):
    with pytest.raises(CompanyError, match=said):
        read_cases(table(tmp_path, "c.toml", text))


def test_a_case_that_does_not_fit_the_firm_is_told():
    with pytest.raises(CompanyError, match=r"case 'x': .*did you mean 'clarity'"):
        Bundle((make_case({"name": "x", "set": {"founder.clarty": 1}}, "here"),)).scenario(SMALL)


def knapsack(seed):
    """Return the worth of combinations of 14 levers with interactions, their costs and a budget."""
    generator = np.random.default_rng(seed)
    n = 14
    main, costs = generator.normal(0.5, 1, n), generator.uniform(0.3, 2, n)
    pairs = np.triu(generator.normal(0, 0.5, (n, n)) * (generator.random((n, n)) < 0.3), 1)

    def worth(chosen):
        x = np.array([float(i in chosen) for i in range(n)])
        return float(main @ x + x @ pairs @ x)

    return worth, costs.tolist(), 5.0


def random_search(worth, costs, budget, runs, seed):
    """Combinations filled up in random order: what the search must beat."""
    generator = np.random.default_rng(seed)
    tried = {}
    while len(tried) < runs:
        chosen, left = set(), budget
        for i in generator.permutation(len(costs)).tolist():
            if costs[i] <= left and generator.random() < 0.7:
                chosen.add(i)
                left -= costs[i]
        if chosen:
            tried.setdefault(frozenset(chosen), worth(chosen))
    return sorted(tried.items(), key=lambda item: -item[1])


def test_the_search_beats_random_search_at_equal_runs():
    gains = []
    for seed in range(6):
        worth, costs, budget = knapsack(seed)
        ours, theirs = search(worth, costs, budget, runs=26), random_search(worth, costs, budget, runs=26, seed=seed)
        assert len(ours) <= 26
        assert all(sum(costs[i] for i in chosen) <= budget + 1e-6 for chosen, _ in ours)
        gains.append(ours[0][1] - theirs[0][1])
    mean, half = np.mean(gains), 1.96 * np.std(gains, ddof=1) / math.sqrt(len(gains))
    assert mean - half > 0, gains
    assert sum(g >= 0 for g in gains) >= 5


def test_levers_that_exclude_each_other_are_never_combined():
    found = search(lambda s: float(len(s)), [1, 1, 1], 9, apart=[(0, 1)], runs=20)
    assert found[0][0] in ({0, 2}, {1, 2})
    assert len(found) == 5  # everything that is allowed


def test_the_best_combination_is_judged_by_fresh_luck():
    cases = [
        make_case({"name": f"c{i}", "cost": 0.1, "set": {"founder.clarity": c}}, "") for i, c in enumerate((0.2, 0.95))
    ]
    cases.append(make_case({"name": "meet", "cost": 0.1, "set": {"founder.cadence": 2}}, ""))
    bench = Bench(SMALL, 10, 0)
    best = best_bundle(bench, cases, 0.25, "coherence", 6, 10)
    assert best is not None
    assert best.cost <= 0.25
    assert not {"c0", "c1"} <= set(best.parts)
    assert any(seed != 0 for _, seed in bench._bases)


def test_the_command_ranks_and_keeps(tmp_path, capsys):
    folder = stored_example(tmp_path / "client")
    status = sim.cli.status(
        ["whatif", str(folder), "--set", "founder.clarity=0.85", "--name", "Clearer vision", "-n", "6"]
    )
    shown = capsys.readouterr().out
    assert status == 0
    assert "Clearer vision" in shown
    assert "95 %" in shown
    assert sim.cli.status(["whatif", str(folder), "--set", "founder.cadence=2", "--name", "=Meet", "-n", "6"]) == 0
    kept = json.loads((folder / "whatif" / "whatif.json").read_text())
    assert [f["name"] for f in kept["found"]] == ["Clearer vision", "=Meet"]
    assert "'=Meet" in (folder / "whatif" / "whatif.csv").read_text()
    assert sim.cli.status(["whatif", str(folder), "--set", "founder.clarty=0.85", "-n", "6"]) == 2
    assert "did you mean" in capsys.readouterr().err


def test_scenarios_are_compared_with_the_first(tmp_path, capsys):
    (tmp_path / "a.toml").write_text("headcount = 8\nweeks = 30\n")
    (tmp_path / "b.toml").write_text("extends = 'a.toml'\n[founder]\nclarity = 0.95\n")
    out = tmp_path / "d.csv"
    status = sim.cli.status(["compare", str(tmp_path / "a.toml"), str(tmp_path / "b.toml"), "-n", "5", "-o", str(out)])
    assert status == 0
    assert "b  against  a" in capsys.readouterr().out
    assert out.read_text().count("\n") == 1 + 7 * 2
    assert load(tmp_path / "b.toml").founder.clarity == 0.95

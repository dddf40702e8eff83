"""Arms are run as stated: the same as by the way that everybody else takes, whatever the block, the thread or the look."""

import json

import numpy as np
import pytest

from sim.claims.arms import NAMES, Seats, luck_of, seating, settings_of, week_of, whole_scenario
from sim.claims.claim import entry_of, judge_family, load_module
from sim.claims.criteria import claim_ids, read_claim
from sim.claims.figure import claim_figure, forest_figure
from sim.claims.laboratory import Lab
from sim.claims.page import page, write_page
from sim.claims.trial import try_claim
from sim.simulate import run
from tests.claims.conftest import TINY

SERIES_ARMS = [
    ("C01", "turn"), ("C03", "one50"), ("C06", "scatter4"), ("C07", "home"), ("C10", "scarce_yes"), ("C11", "ali_auto_turned"),
    ("C12", "pocket"), ("C12", "thin"), ("C14", "slow"), ("C15", "fear"), ("C19", "mis"), ("C21", "promise"), ("C22", "corp_mis"),
    ("C24", "apart"), ("X12", "starts"), ("X15", "five15"), ("X16", "told_leaves"),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "arm"), SERIES_ARMS)
def test_an_arm_is_the_run_of_the_scenario_that_it_stands_for(lab, claim, arm):
    stated = read_claim(claim)
    kept = {}
    module = load_module(claim)

    def keep(block):
        kept["runs"] = block.arms[arm]
        return {}

    lab.gather(
        stated,
        [arm],
        3,
        lambda block: keep(block) or {"x": np.zeros(len(block))},
        formulas=getattr(module, "FORMULAS", {}),
    )
    firms = lab.population.firms(0, 3)
    roles = [(d.name, d.role) for d in lab.population.base.departments]
    seats = Seats(lab.population.base, stated.horizon)
    for i in range(3):
        own, luck = dict(zip(NAMES, firms.values[i].tolist(), strict=True)), luck_of(lab.seed, i, 5)
        week = week_of(stated, luck, own, lab.levels)
        seat, _ = seating(
            stated,
            stated.arms[arm],
            own,
            int(firms.headcount[i]),
            roles,
            luck,
            lab.levels,
            getattr(module, "FORMULAS", {}),
            {},
            week,
        )
        seats.take(seat)
        scenario = whole_scenario(lab.population.base.replace({"weeks": stated.horizon}), seat)
        whole = run(scenario, lab.seed, i)
        series = kept["runs"].series[i]
        for j, curve in enumerate(whole.series.values()):
            assert np.array_equal(series[: len(curve), j], curve, equal_nan=True)
        assert np.isnan(series[len(whole.series["thrust"]) :]).all()


def test_results_depend_neither_on_threads_nor_on_where_pairs_begin(lab):
    claim = read_claim("C01")

    def thrust(block):
        return {"thrust": block.arms["turn"].series[:, -1, 4], "lost": block.arms["turn"].observed[:, 60, 0]}

    alone = Lab(lab.population, lab.levels, lab.seed, 1).gather(claim, ["turn"], 40, thrust)
    crowd = Lab(lab.population, lab.levels, lab.seed, 2).gather(claim, ["turn"], 40, thrust)
    later = Lab(lab.population, lab.levels, lab.seed, 1).gather(claim, ["turn"], 5, thrust, first=35)
    for name in alone:
        assert np.array_equal(alone[name], crowd[name], equal_nan=True)
        assert np.array_equal(alone[name][35:], later[name], equal_nan=True)


def test_arms_of_a_shock_are_the_same_until_its_week(lab):
    claim = read_claim("C01")

    def differences(block):
        a, b = block.arms["none"].series, block.arms["turn"].series
        differs = (a != b) & ~(np.isnan(a) & np.isnan(b))
        return {"first": np.where(differs.any(axis=(1, 2)), differs.any(axis=2).argmax(axis=1), -1), "w": block.week}

    found = lab.gather(claim, ["none", "turn"], 24, differences)
    assert np.all((found["first"] == found["w"]) | (found["first"] == -1))
    assert np.all(found["w"] >= 52)
    assert len(set(found["w"].tolist())) > 3  # the week of the shock differs between pairs


def test_every_firm_can_have_several_lucks(lab):
    found = lab.gather(
        read_claim("C05"),
        ["told"],
        6,
        lambda b: {"size": b.firms.headcount.astype(float), "end": b.arms["told"].series[:, 0, 0]},
        lucks=3,
    )
    assert np.array_equal(found["size"], np.repeat(lab.population.firms(0, 2).headcount, 3))
    assert len(set(found["end"].tolist())) == 6


def test_packages_take_their_own_levels_and_later_settings_win(lab):
    claim = read_claim("C04")
    settings = settings_of(claim, {"uses": ["TOLD", "PAID"], "set": {"people.incentive": 0.2}})
    assert settings["founder.clarity"] == ("high", True)
    assert settings["people.goal_spread"] == ("high", False)
    assert settings["people.incentive"] == (0.2, False)
    assert settings_of(claim, {"uses": ["ALIGNED"]})["people.incentive"] == ("low", True)
    low, own = lab.levels.of("work.slack", "low"), lab.levels.of("work.slack", "low", package=True)
    assert low < own
    assert lab.levels.once_more().of("work.slack", "low") == pytest.approx(own)


def test_a_parameter_that_is_the_same_for_all_firms_takes_points_of_its_range(lab):
    assert "people.social" not in lab.levels.fitted
    assert lab.levels.of("people.social", "low") == pytest.approx(0.01 + 0.2 * 0.07)
    assert "founder.clarity" in lab.levels.fitted


@pytest.fixture(scope="module")
def entries(lab, tmp_path_factory):
    """Every claim, tried on four pairs."""
    found = []
    for identity in claim_ids():
        trial = try_claim(identity, load_module(identity), lab, TINY.claim)
        found.append(entry_of(trial, lab))
    judge_family(found)
    return found


def test_every_claim_runs_and_every_contrast_has_a_number(entries):
    for entry in entries:
        text = json.dumps(entry, allow_nan=False)
        assert json.loads(text) == entry
        assert entry["verdict"]
        assert {"id", "verdict", "headline", "core"} <= set(entry)
        assert entry["headline"]["n"] + entry["headline"]["dropped"] == 4
        for part in entry["core"]:
            assert "passes" in part
    assert [entry["id"] for entry in entries] == claim_ids()


def test_a_claim_tried_twice_gives_the_same_entry(lab, entries):
    again = entry_of(
        try_claim("C16", load_module("C16"), Lab(lab.population, lab.levels, lab.seed, 1), TINY.claim), lab
    )
    once = next(entry for entry in entries if entry["id"] == "C16")
    assert {k: again[k] for k in ("headline", "core", "nulls", "printed", "curves")} == {
        k: once[k] for k in ("headline", "core", "nulls", "printed", "curves")
    }


def test_the_page_has_a_row_and_a_section_for_each_claim(entries, tmp_path):
    text = page(entries)
    for entry in entries:
        assert f"| [{entry['id']}](#{entry['id'].lower()})" in text
        assert f"## {entry['id']} {entry['title']}: {entry['verdict']}" in text
    (tmp_path / "C01.json").write_text(json.dumps(entries[0]))
    assert write_page(tmp_path).read_text() == page([json.loads((tmp_path / "C01.json").read_text())])


def test_figures_are_the_same_bytes_each_time(entries, tmp_path):
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        claim_figure(entries[0], tmp_path / place / "C01")
        forest_figure(entries, tmp_path / place / "headlines")
    for name in ("C01.png", "C01.svg", "headlines.png"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()

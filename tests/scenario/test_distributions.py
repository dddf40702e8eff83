"""Distributions in the place of values: the four forms, what changes everybody's own value, and how layers put them together."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import scipy.stats

from sim.scenario import Scenario, ScenarioError, load, loads, resolved
from sim.scenario.distributions import Distribution, limits, span
from sim.scenario.draws import Draws, read_draws, write_csv
from sim.scenario.merge import plain
from sim.scenario.toml_write import scenario_text

RANKS = (np.arange(2000) + 0.5) / 2000


def values(name: str, **form: Any) -> np.ndarray[Any, np.dtype[np.float64]]:
    distribution = Distribution(**form)
    return np.array([float(distribution.at(u, 0.5, limits(name))) for u in RANKS])


def test_a_normal_is_truncated_to_the_bounds_and_not_clipped() -> None:
    drawn = values("founder.openness", mean=0.8, sd=0.3)
    exact = scipy.stats.truncnorm.ppf(RANKS, (0 - 0.8) / 0.3, (1 - 0.8) / 0.3, loc=0.8, scale=0.3)
    np.testing.assert_allclose(drawn, exact, rtol=1e-9, atol=1e-9)
    assert len(np.unique(drawn)) == len(drawn)  # clipping would pile firms up at 1


def test_the_ends_of_a_normal_lie_within_open_bounds() -> None:
    spread = Distribution(mean=0.5, sd=9)
    assert 0 < spread.at(0.0, 0, limits("founder.clarity")) < 1e-12
    assert spread.at(math.nextafter(1, 0), 0, limits("founder.clarity")) <= 1


def test_a_uniform_runs_from_low_to_high() -> None:
    drawn = values("founder.clarity", low=0.3, high=0.7)
    np.testing.assert_allclose(drawn, 0.3 + 0.4 * RANKS)


def test_whole_numbers_between_two_are_equally_likely_and_both_are_among_them() -> None:
    counts = np.unique(values("founder.cadence", low=2, high=5), return_counts=True)
    assert [c.tolist() for c in counts] == [[2, 3, 4, 5], [500] * 4]


def test_a_whole_number_is_the_floor_of_a_normal_within_its_bounds() -> None:
    drawn = values("founder.cadence", mean=2, sd=2)
    exact = np.floor(scipy.stats.truncnorm.ppf(RANKS, -0.5, math.inf, loc=2, scale=2))
    assert drawn.min() == 1
    np.testing.assert_array_equal(drawn, exact)


def test_values_are_taken_in_rising_order_so_that_another_distribution_keeps_ranks() -> None:
    assert np.unique(values("founder.cadence", values=(8, 2, 4)), return_counts=True)[1].tolist() == [667, 666, 667]
    assert np.all(np.diff(values("founder.cadence", values=(8, 2, 4))) >= 0)


def test_truth_is_drawn_by_its_values() -> None:
    assert values("people.hiring", values=(True, False, False, False)).mean() == pytest.approx(0.25)


def test_times_and_plus_act_on_the_own_value_and_stop_at_the_bounds() -> None:
    clarity = limits("founder.clarity")
    assert Distribution(times=0.5).at(0.1, 0.8, clarity) == 0.4
    assert Distribution(plus=0.1).at(0.1, 0.8, clarity) == pytest.approx(0.9)
    assert Distribution(times=2, plus=-0.1).at(0.1, 0.3, clarity) == pytest.approx(0.5)
    assert Distribution(plus=0.5).at(0.1, 0.8, clarity) == 1
    assert Distribution(times=0.5).at(0.1, 5, limits("founder.cadence")) == 2


@pytest.mark.parametrize(
    ("text", "ends"),
    [("0.3..0.7", (0.3, 0.7)), ("1..5", (1, 5)), (" -1 .. .5", (-1, 0.5)), ("1e-3..2.", (1e-3, 2))],
)
def test_a_span_on_the_command_line_is_a_uniform(text: str, ends: tuple[float, float]) -> None:
    assert span(text) == {"low": ends[0], "high": ends[1]}
    assert all(span(other) is None for other in ("0.3", "0.3...", "a..b", "1..2..3", ".."))


# -- in scenarios


def test_files_python_and_the_command_line_say_the_same() -> None:
    file = loads("[founder]\nclarity = { low = 0.3, high = 0.7 }")
    assert file.uncertain == {"founder.clarity": Distribution(low=0.3, high=0.7)}
    assert file.hash == Scenario().replace({"founder.clarity": {"low": 0.3, "high": 0.7}}).hash
    assert file.hash == load("default", {"founder.clarity": "0.3..0.7"}).hash
    assert file.hash == load("default", {"founder.clarity": "{ low = 0.3, high = 0.7 }"}).hash
    assert file.hash != Scenario().hash


def test_the_firm_in_the_middle_stands_in_for_the_others() -> None:
    scenario = loads(
        "scarcity = { low = 0.6, high = 0.8 }\nheadcount = { values = [10, 20, 60] }\n"
        "[founder]\nclarity = { mean = 0.5, sd = 0.1 }\n[money]\nreserve = { low = 4, high = 6 }\n[mood]\nstrain = { times = 0.5 }"
    )
    assert scenario.founder.clarity == pytest.approx(0.5)
    assert (scenario.scarcity, scenario.posts) == (pytest.approx(0.7), 20)
    assert scenario.work.slack == Scenario(scarcity=scenario.scarcity).work.slack
    assert (scenario.money.reserve, scenario.money.buffer) == (5, 5)
    assert scenario.mood.strain == Scenario().mood.strain / 2


def test_a_distribution_is_replaced_whole_and_taken_back_whole() -> None:
    base = loads("[founder]\nclarity = { mean = 0.5, sd = 0.1 }")
    assert base.replace({"founder.clarity": {"values": [0.2, 0.9]}}).uncertain == {
        "founder.clarity": Distribution(values=(0.2, 0.9))
    }
    assert base.replace({"founder.clarity": 0.4}).hash == Scenario().replace({"founder.clarity": 0.4}).hash
    assert base.replace({"founder.clarity": None}).hash == Scenario().hash
    assert base.replace({}) == base


def test_times_and_plus_of_a_later_layer_act_on_what_the_base_says() -> None:
    spread = loads("[founder]\nclarity = { mean = 0.5, sd = 0.1 }").replace({"founder.clarity": {"times": 0.5}})
    assert spread.uncertain == {"founder.clarity": Distribution(mean=0.5, sd=0.1, times=0.5)}
    twice = spread.replace({"founder.clarity": {"plus": 0.1}}).replace({"founder.clarity": {"times": 0.5}})
    assert twice.uncertain == {"founder.clarity": Distribution(mean=0.5, sd=0.1, times=0.25, plus=0.05)}
    number = loads('extends = "bakery"\n[founder]\nclarity = { times = 0.5 }')
    assert number.founder.clarity == load("bakery").founder.clarity / 2
    assert number.replace({"founder.clarity": {"plus": 0.1}}).founder.clarity == pytest.approx(
        load("bakery").founder.clarity / 2 + 0.1
    )


def test_extends_inherits_distributions_field_by_field(tmp_path: Path) -> None:
    (tmp_path / "base.toml").write_text(
        "[founder]\nclarity = { low = 0.3, high = 0.7 }\nvoice = { low = 0, high = 1 }\n"
    )
    (tmp_path / "child.toml").write_text('extends = "base.toml"\n[founder]\nvoice = 0.5\n')
    assert load(tmp_path / "child.toml").uncertain == {"founder.clarity": Distribution(low=0.3, high=0.7)}


def test_an_uncertain_scenario_survives_being_written(tmp_path: Path) -> None:
    scenario = loads(
        "headcount = { low = 10, high = 50 }\nscarcity = { low = 0.2, high = 0.8 }\nlucks = 3\n"
        "[founder]\nclarity = { mean = 0.5, sd = 0.1, times = 0.9 }\n[people]\nhiring = { values = [true, false] }"
    ).replace({"draws": Draws(columns=("mood.temper", "market.crowding"), rows=((0.1, 0.0), (0.2, 0.1)))})
    assert loads(scenario_text(scenario)).hash == scenario.hash
    assert Scenario.from_data(plain(scenario)) == scenario
    assert scenario.replace({}) == scenario


# -- tables of joint draws


def table(folder: Path) -> Draws:
    draws = Draws(
        columns=("founder.clarity", "founder.cadence", "people.hiring"),
        rows=((0.1 + 0.2, 4.0, 1.0), (0.5, 13.0, 0.0), (0.9, 1.0, 1.0)),
    )
    write_csv(draws, folder / "draws.csv")
    return draws


def test_csv_and_parquet_give_the_same_table(tmp_path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    draws = table(tmp_path)
    columns = dict(zip(draws.columns, zip(*draws.rows, strict=True), strict=True))
    pq.write_table(pa.table({**columns, "people.hiring": [True, False, True]}), tmp_path / "draws.parquet")
    for name in ("draws.csv", "draws.parquet"):
        assert read_draws(tmp_path / name).digest == draws.digest
    assert draws.row(0.0) == {"founder.clarity": 0.1 + 0.2, "founder.cadence": 4, "people.hiring": True}


def test_a_table_is_looked_for_beside_the_file_that_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "inner").mkdir()
    table(tmp_path / "inner")
    (tmp_path / "inner" / "base.toml").write_text('draws = "draws.csv"\n')
    (tmp_path / "child.toml").write_text('extends = "inner/base.toml"\n[founder]\nclarity = 0.4\n')
    monkeypatch.chdir(tmp_path)
    child = load("child.toml")
    assert child.draws is not None
    assert child.drawn_columns == ("founder.cadence", "people.hiring")
    assert load("default", {"draws": "inner/draws.csv"}).draws == child.draws


def test_of_a_table_and_what_is_given_the_later_layer_wins_and_in_one_layer_what_is_given(tmp_path: Path) -> None:
    draws = table(tmp_path)
    above = Scenario().replace({"founder.clarity": 0.4}).replace({"draws": draws})
    beside = Scenario().replace({"founder.clarity": 0.4, "draws": draws})
    below = Scenario().replace({"draws": draws}).replace({"founder.clarity": 0.4})
    assert "founder.clarity" in above.drawn_columns
    assert "founder.clarity" not in beside.drawn_columns
    assert beside.hash == below.hash


def test_check_says_what_is_drawn_and_what_wins(tmp_path: Path) -> None:
    text = resolved(
        Scenario().replace(
            {"draws": table(tmp_path), "founder.clarity": "0.3..0.7", "scarcity": 0.7, "money.margin": 0.05, "lucks": 2}
        )
    )
    assert "founder.clarity  uniform from 0.3 to 0.7" in text
    assert "3 joint draws of 3 parameters" in text
    assert "founder.clarity: given otherwise, which wins over the table" in text
    assert "every firm has 2 runs" in text
    assert "not for money.margin: what gives it otherwise wins over scarcity" in text


# -- what is wrong


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("clarity = { mean = 0.5, sf = 0.1 }", "founder.clarity.sf = 0.1 is not a field of a distribution; did you mean 'sd'?"),
        ("clarity = { mean = 0.5 }", "founder.clarity lacks sd; a distribution is {"),
        ("clarity = { mean = 1.5, sd = 1 }", "founder.clarity.mean = 1.5 the mean lies outside of the bounds: it must be at most 1"),
        ("clarity = { mean = 0.5, sd = 0 }", "founder.clarity.sd = 0 must be greater than 0"),
        ("clarity = { mean = 0.5, high = 1 }", "founder.clarity mixes high, mean; a distribution is {"),
        ("clarity = { low = 0, high = 1 }", "founder.clarity.low = 0 must be greater than 0"),
        ("clarity = { low = 0.7, high = 0.3 }", "founder.clarity.low = 0.7 must be below high, 0.3"),
        ("clarity = { values = [] }", "founder.clarity.values = [] must not be empty"),
        ("clarity = { values = [0.5, 2] }", "founder.clarity.values = 2 must be at most 1"),
        ("clarity = { times = 'half' }", 'founder.clarity.times = "half" must be a number'),
        ("clarity = { plus = -0.9 }", "founder.clarity comes to -0.2 in the firm in the middle: it must be greater than 0"),
        ("clarity = {}", "founder.clarity is an empty table; a distribution is {"),
        ("cadence = { low = 1.5, high = 3 }", "founder.cadence.low = 1.5 must be a whole number"),
        ("clarity = { values = [true, 0.5] }", "founder.clarity.values = true must be a number"),
        ("[people]\nhiring = { low = 0, high = 1 }", "people.hiring.low = 0 must be true or false; of these only values"),
        ("[uncertain]\n'founder.clarrity' = { times = 2 }", "is not a parameter; did you mean 'founder.clarity'?"),
    ],
)  # fmt: skip
def test_a_wrong_distribution_is_told_with_its_line(text: str, message: str) -> None:
    file = text if "[" in text[:1] else f"[founder]\n{text}"
    with pytest.raises(ScenarioError) as caught:
        loads(file)
    assert message in str(caught.value)
    assert str(caught.value).startswith("scenario.toml:2: ")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("scarcity = { low = -1, high = 0.5 }", "scarcity.low = -1 must be from 0 to 1"),
        ("headcount = { mean = 0, sd = 3 }", "headcount.mean = 0 the mean lies outside of the bounds"),
        ('draws = "draws.csv"', "must not name a file: this text is in no folder"),
    ],
)
def test_what_is_wrong_above_the_groups_is_told_too(text: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=r"scenario.toml:1: ") as caught:
        loads(text)
    assert message in str(caught.value)


def test_all_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(ScenarioError) as caught:
        loads("weeks = 0\n[founder]\nclarity = { mean = 2, sd = 1 }\nvoice = { low = 3 }\nagility = 4")
    assert [p.field for p in caught.value.problems] == [
        "weeks",
        "founder.clarity.mean",
        "founder.voice",
        "founder.agility",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("founder.clarrity\n0.5\n", "has a column 'founder.clarrity', which is not a parameter; did you mean 'founder.clarity'?"),
        ("founder.clarity,founder.voice\n0.5,0.5\n0.6,\n", "lacks founder.voice in row 2: draws have no missing values"),
        ("founder.clarity,founder.voice\n0.5,0.5\n0.6\n", "has 1 values in row 2 and 2 columns"),
        ("founder.clarity\n0.5\n0\n", "has founder.clarity = 0 in row 2: it must be at least"),
        ("founder.clarity\nhalf\n", "has founder.clarity = 'half' in row 1: it must be a number"),
        ("founder.clarity,founder.clarity\n1,1\n", "has two columns 'founder.clarity'"),
        ("founder.clarity\n", "holds no draws"),
        ("", "holds no draws"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_used_is_told_by_row_and_column(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "draws.csv").write_text(content)
    (tmp_path / "firm.toml").write_text('weeks = 5\ndraws = "draws.csv"\n')
    with pytest.raises(ScenarioError, match=r'firm.toml:2: draws = "draws.csv" ') as caught:
        load(tmp_path / "firm.toml")
    assert message in str(caught.value)


def test_a_table_that_is_not_there_or_no_table_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "draws.parquet").write_text("not parquet")
    for name, message in (("nothing.csv", "is not there"), ("draws.parquet", "is not a Parquet file")):
        with pytest.raises(ScenarioError, match=message):
            Scenario().replace({"draws": str(tmp_path / name)})

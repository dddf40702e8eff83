from dataclasses import replace

import numpy as np
import pytest

from sim.measures.summaries import LATE
from sim.report import table
from sim.report.run_data import gather, representative, view_weeks
from sim.report.summary import sentences, summary
from sim.scenario.model import Scenario
from tests.report.fake import made_up


@pytest.fixture(scope="module")
def batch():
    return made_up()


@pytest.fixture(scope="module")
def material(batch):
    return gather(batch)


def lived_part(batch, run, name):
    end = batch.closed[run] + 1 if batch.closed[run] >= 0 else batch.scenario.weeks
    return batch.of(name)[run, :end]


def test_table_numbers_equal_direct_computation(batch, material):
    runs = range(len(batch.closed))
    found = {cell.line.key: cell for cell in table.cells(material)}
    direct = {
        name: [lived_part(batch, r, name)[-LATE:].mean() for r in runs]
        for name in ("coherence", "thrust", "fit", "rework")
    }
    direct["retention"] = [1 - lived_part(batch, r, "churn")[-LATE:].mean() for r in runs]
    direct["retention_year"] = [kept**52 for kept in direct["retention"]]
    direct["cash"] = [lived_part(batch, r, "cash")[-1] for r in runs]
    direct["runway"] = [
        max(lived_part(batch, r, "cash")[-1], 0) / lived_part(batch, r, "costs")[-LATE:].mean() for r in runs
    ]
    direct["turnover"] = [
        52 * lived_part(batch, r, "leavers").sum() / lived_part(batch, r, "filled").sum() for r in runs
    ]
    for key, values in direct.items():
        cell = found[key]
        assert (cell.low, cell.median, cell.high) == pytest.approx(tuple(np.quantile(values, (0.1, 0.5, 0.9)))), key
        assert cell.n == len(values)
    closed = batch.closed[batch.closed >= 0]
    assert found["weeks_to_closing"].n == len(closed)
    assert found["weeks_to_closing"].median == np.median(closed + 1)


def test_survival_counts_firms_that_were_open_to_the_end(material):
    alive = table.survival(material)
    assert (alive.open, alive.runs, alive.share) == (17, 20, 0.85)
    assert alive.low < 0.85 < alive.high


def test_a_firm_that_lived_less_than_a_quarter_is_taken_whole():
    batch = made_up(Scenario(weeks=5), runs=3, closing=0)
    assert table.per_run(gather(batch))["thrust"] == pytest.approx(batch.of("thrust").mean(axis=1))


def test_table_says_none_where_no_firm_closed():
    text = table.plain(gather(made_up(runs=4, closing=0)))
    assert "100 %" in text
    line = next(line for line in text.splitlines() if line.startswith("Weeks until closing"))
    assert "none" in line
    assert "nan" not in text


def test_table_holds_when_every_firm_closed_in_the_first_week():
    batch = made_up(Scenario(weeks=1), runs=3, closing=3)
    assert "nan" not in table.plain(gather(batch))
    assert summary(gather(batch))


def test_the_representative_run_is_the_survivor_nearest_to_the_median_thrust(batch):
    late = batch.of("thrust")[:, -LATE:].mean(axis=1)
    chosen = representative(batch)
    alive = batch.closed < 0
    distance = np.abs(late - np.median(late[alive]))
    assert alive[chosen]
    assert distance[chosen] == np.min(distance[alive])


def test_the_representative_run_is_the_longest_lived_where_none_survived():
    batch = made_up(runs=3, closing=3)
    assert representative(batch) == np.argmax(batch.closed)
    early, late = view_weeks(gather(batch))
    assert early < late == batch.closed.max()


def test_a_change_is_called_a_change_only_where_nine_in_ten_runs_agree(material):
    fallen = material.series.copy()
    fallen[:, :, 0] = np.linspace(0.9, 0.3, material.weeks)
    text = " ".join(sentences(replace(material, series=fallen)))
    assert "Rowing together fell" in text
    fallen[::2, :, 0] = fallen[::2, ::-1, 0]
    assert "Rowing together has no clear course" in " ".join(sentences(replace(material, series=fallen)))


def test_summary_counts_what_it_says(material):
    text = summary(material)
    assert "17 of 20 simulated firms were still open after 156 weeks (85 %" in text
    assert "(fan.png)" in text
    assert "compass.png" not in text  # nobody was portrayed
    assert ".png" not in summary(material, figures=False)

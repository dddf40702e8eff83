import hashlib

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.report.parquet import write_departments, write_runs, write_series
from sim.report.run_data import gather
from sim.report.table import LINES, per_run
from tests.report.fake import made_up


@pytest.fixture(scope="module")
def batch():
    return made_up(runs=6)


def test_runs_have_a_row_each_with_the_tables_measures(batch, tmp_path):
    material = gather(batch)
    write_runs(material, tmp_path / "runs.parquet")
    rows = pq.read_table(tmp_path / "runs.parquet").to_pydict()
    assert rows["replicate"] == list(range(6))
    assert rows["seed"] == [7] * 6
    assert rows["survived"] == [c < 0 for c in batch.closed]
    assert rows["closed"] == [None if c < 0 else c for c in batch.closed]
    assert rows["coherence"] == list(per_run(material)["coherence"])
    keys = {line.key for line in LINES} - {"weeks_to_closing"}
    assert set(rows) == {"run", "replicate", "seed", "survived", "closed", "lived", *keys}


def test_series_have_no_rows_after_closing(batch, tmp_path):
    write_series(gather(batch), tmp_path / "series.parquet")
    rows = pq.read_table(tmp_path / "series.parquet")
    assert rows.column_names == ["run", "week", *SERIES]
    assert rows.num_rows == sum(c + 1 if c >= 0 else 156 for c in batch.closed)
    run, week = rows["run"].to_numpy(), rows["week"].to_numpy()
    for name in ("coherence", "cash"):
        assert np.array_equal(rows[name].to_numpy(), batch.of(name)[run, week])


def test_departments_have_rows_only_while_they_exist(batch, tmp_path):
    departments = batch.departments.copy()
    departments[:, :10, 4] = np.nan
    later = type(batch)(batch.scenario, batch.seed, batch.replicates, batch.closed, batch.series, departments)
    write_departments(gather(later), tmp_path / "departments.parquet")
    rows = pq.read_table(tmp_path / "departments.parquet").to_pydict()
    assert set(rows) == {"run", "week", "department", *DEPARTMENT_SERIES}
    assert min(w for w, d in zip(rows["week"], rows["department"], strict=True) if d == "sales") == 10


def test_the_same_findings_give_the_same_bytes(batch, tmp_path):
    digests = set()
    for _ in range(2):
        for write in (write_runs, write_series, write_departments):
            write(gather(batch), tmp_path / write.__name__)
        digests.add(hashlib.sha256(b"".join(p.read_bytes() for p in sorted(tmp_path.iterdir()))).hexdigest())
    assert len(digests) == 1

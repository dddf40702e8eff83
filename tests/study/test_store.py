import shutil
from dataclasses import replace

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from sim.output import version
from sim.study.description import SweepError, SweepRefused
from sim.study.store import holding
from sim.study.study import study_from
from sim.study.sweep import sweep
from sim.study.tasks import make_job
from tests.study.conftest import KNOWN, table_hash


@pytest.fixture
def done(known, tmp_path):
    """A finished sweep."""
    sweep(known, tmp_path / "s")
    return tmp_path / "s"


def refused(study, folder, **more):
    with pytest.raises(SweepRefused) as caught:
        sweep(study, folder, **{"resume": True, **more})
    return str(caught.value)


def test_a_sweep_is_not_written_over_unasked(known, done):
    assert "add --resume" in refused(known, done, resume=False)


def test_a_foreign_folder_is_refused_by_the_name_of_what_is_in_it(known, tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    assert "letter.txt" in refused(known, tmp_path)
    assert [p.name for p in tmp_path.iterdir() if p.name != ".lock"] == ["letter.txt"]


@pytest.mark.parametrize("length", [0, 3, 400, -1])
def test_a_torn_part_is_named_and_refused_and_run_again_when_moved_away(known, done, length):
    before = table_hash(done)
    part = done / "parts" / "part-000003.parquet"
    part.write_bytes(part.read_bytes()[:length])
    said = refused(known, done)
    assert str(part) in said
    assert "torn" in said
    part.unlink()
    sweep(known, done, resume=True)
    assert table_hash(done) == before


def test_numbers_that_changed_inside_a_part_are_found(known, done):
    part = done / "parts" / "part-000002.parquet"
    rows = pq.read_table(part, partitioning=None)
    place = rows.column_names.index("y")
    pq.write_table(rows.set_column(place, rows.schema.field(place), pc.negate(rows["y"])), part)
    assert f"{part} is torn" in refused(known, done)


@pytest.mark.parametrize("where", [0.1, 0.5, 0.9])
def test_a_bit_that_flipped_in_a_part_is_found_or_means_nothing(known, done, where):
    before = table_hash(done)
    part = done / "parts" / "part-000002.parquet"
    data = bytearray(part.read_bytes())
    data[int(where * len(data))] ^= 1
    part.write_bytes(data)
    try:
        sweep(known, done, resume=True)
    except SweepRefused as error:
        said = str(error)
    else:
        said = str(part) if table_hash(done) == before else "a flipped bit went unseen"
    assert str(part) in said


def test_a_part_of_another_sweep_is_named_and_refused(known, done, tmp_path):
    sweep(replace(known, seed=1), tmp_path / "other")
    shutil.copy(tmp_path / "other" / "parts" / "part-000000.parquet", done / "parts" / "part-000000.parquet")
    assert "part-000000.parquet belongs to another sweep" in refused(known, done)


def test_a_part_under_the_name_of_another_is_refused(known, done):
    shutil.copy(done / "parts" / "part-000000.parquet", done / "parts" / "part-000001.parquet")
    assert "part-000001.parquet belongs" in refused(known, done)


def test_a_stranger_among_the_parts_is_named_and_refused(known, done):
    (done / "parts" / "notes.txt").write_text("mine")
    assert "notes.txt is not a part" in refused(known, done)


def test_what_a_killed_process_left_half_written_is_cleared_away(known, done):
    before = table_hash(done)
    (done / "parts" / "part-000001.parquet").rename(done / "parts" / "part-000001.parquet.partial")
    sweep(known, done, resume=True)
    assert table_hash(done) == before
    assert not list(done.rglob("*.partial"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"replicates": 5}, "replicates was 4, is 5"),
        ({"seed": 3}, "seed was 0, is 3"),
        ({"noise": 0.7}, "noise was 0.5, is 0.7"),
        ({"design": {"kind": "sobol", "n": 128}}, "design.n was 64, is 128"),
        ({"vary": {"x1": {}, "x2": {"high": 1.0}, "x3": {}}}, "factors.x2.high was 3.14"),
    ],
)
def test_a_changed_study_is_not_gone_on_with(done, change, said):
    assert said in refused(study_from({**KNOWN, **change}), done)


def test_another_title_is_no_other_study(done):
    sweep(study_from({**KNOWN, "title": "better words"}), done, resume=True)


def test_points_of_a_file_that_changed_are_noticed(tmp_path):
    points = tmp_path / "p.csv"
    study = study_from({**KNOWN, "design": {"kind": "file", "path": "p.csv"}}, tmp_path)
    points.write_text("x1,x2,x3\n1,2,3\n0,0,0\n")
    sweep(study, tmp_path / "s")
    points.write_text("x1,x2,x3\n1,2,3\n0,0,1\n")
    assert "the points of the design" in refused(study, tmp_path / "s")


def test_other_code_is_not_gone_on_with(known, done, monkeypatch):
    for place in ("sim.study.tasks", "sim.study.description", "sim.study.worker"):
        monkeypatch.setattr(f"{place}.code_version", lambda: "9.9.9+other")
    said = refused(known, done)
    assert "another version of the code" in said
    assert version.code_version() in said


def test_two_sweeps_do_not_write_into_one_folder(known, tmp_path):
    with holding(tmp_path / "s", make_job(known), resume=False):
        assert "another sweep" in refused(known, tmp_path / "s")


def test_a_file_where_the_folder_should_be_is_one_sentence(known, tmp_path):
    (tmp_path / "s").write_text("a file")
    with pytest.raises(SweepError, match="cannot be written"):
        sweep(known, tmp_path / "s")


def test_a_sweep_whose_scenario_this_version_does_not_know_says_which_version_made_it(done, monkeypatch):
    from sim.scenario.errors import Problem, ScenarioError
    from sim.study import results

    def no_such_field(*_):
        raise ScenarioError([Problem(None, None, "founder.doubt", 0.5, "is not a field of founder")])

    made_by = version.package_version()
    monkeypatch.setattr(results, "from_content", no_such_field)
    monkeypatch.setattr(version, "package_version", lambda: "9.9")
    with pytest.raises(SweepRefused, match=rf"\(it was made by smb-coherence {made_by}, .* this is 9.9.*founder.doubt"):
        results.open_sweep(done)

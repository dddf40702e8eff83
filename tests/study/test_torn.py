"""A file of a sweep that is not as it was written is never believed, and what the message advises helps."""

import json
import random
import shutil

import numpy as np
import pytest

from sim.study.description import SweepRefused, TornError
from sim.study.results import open_sweep
from sim.study.study import study_from
from sim.study.sweep import sweep
from tests.study.conftest import KNOWN, table_hash

STUDY = {**KNOWN, "design": {"kind": "sobol", "n": 16}, "replicates": 2}
FILES = ("study.json", "design.parquet", "table.parquet", "manifest.json")


class Killed(BaseException):
    """Stands for the end of a process: nothing that would tidy up runs."""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    folder = tmp_path_factory.mktemp("finished") / "s"
    sweep(study_from(STUDY), folder)
    return folder


@pytest.fixture
def folder(finished, tmp_path):
    """A finished sweep to be spoiled."""
    return shutil.copytree(finished, tmp_path / "s")


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def emptied(path):
    path.write_bytes(b"")


def removed(path):
    path.unlink()


def flipped(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 3] ^= 4
    path.write_bytes(bytes(data))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("spoil", [cut, emptied, removed, flipped])
def test_no_reader_believes_a_spoiled_file_and_going_on_mends_it(folder, finished, name, spoil):
    spoil(folder / name)
    with pytest.raises(SweepRefused, match="--resume"):
        open_sweep(folder)
    assert sweep(study_from(STUDY), folder, resume=True).now == 0
    assert table_hash(folder) == table_hash(finished)
    assert open_sweep(folder).design.hash == open_sweep(finished).design.hash


def test_any_flipped_bit_of_a_result_is_noticed(folder):
    rng = random.Random(7)
    for _ in range(150):
        path = folder / rng.choice(FILES[:3])
        data = path.read_bytes()
        place = rng.randrange(len(data))
        path.write_bytes(data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :])
        with pytest.raises(SweepRefused):
            open_sweep(folder)
        path.write_bytes(data)
    open_sweep(folder)


def test_a_torn_design_is_never_certified(folder, finished):
    cut(folder / "design.parquet")
    (folder / "table.parquet").unlink()
    (folder / "manifest.json").unlink()
    sweep(study_from(STUDY), folder, resume=True)
    assert np.array_equal(open_sweep(folder).design.unit, open_sweep(finished).design.unit)


@pytest.mark.parametrize("spoil", [cut, emptied])
def test_a_torn_part_is_named_and_made_again_once_it_is_deleted(folder, finished, spoil):
    part = folder / "parts" / "part-000001.parquet"
    spoil(part)
    with pytest.raises(SweepRefused, match=r"part-000001\.parquet is torn.*delete it, then add --resume"):
        sweep(study_from(STUDY), folder, resume=True)
    part.unlink()
    assert sweep(study_from(STUDY), folder, resume=True).now > 0
    assert table_hash(folder) == table_hash(finished)


def test_a_flipped_bit_of_a_part_is_noticed_or_changes_no_number(folder, finished):
    rng, part, refusals = random.Random(3), folder / "parts" / "part-000001.parquet", 0
    data = part.read_bytes()
    for _ in range(40):
        place = rng.randrange(len(data))
        part.write_bytes(data[:place] + bytes([data[place] ^ 1 << rng.randrange(8)]) + data[place + 1 :])
        try:
            sweep(study_from(STUDY), folder, resume=True)
        except SweepRefused as refusal:
            refusals += "part-000001.parquet" in str(refusal)
        else:
            assert table_hash(folder) == table_hash(finished)
    assert refusals > 10


def test_a_key_that_was_changed_does_not_make_it_another_sweep(folder, finished):
    data = json.loads((folder / "study.json").read_text())
    (folder / "study.json").write_text(json.dumps({**data, "key": "0" * 16}))
    sweep(study_from(STUDY), folder, resume=True)
    assert table_hash(folder) == table_hash(finished)


def test_hidden_files_stop_no_resume(folder):
    for place in (folder, folder / "parts"):
        (place / ".DS_Store").write_bytes(b"x")
    (folder / "table.parquet").unlink()
    sweep(study_from(STUDY), folder, resume=True)
    open_sweep(folder)


def test_what_a_killed_sweep_had_begun_to_write_is_cleared(folder):
    litter = [folder / ".table.parquet.123.partial", folder / "parts" / ".part-000000.parquet.123.partial"]
    for path in litter:
        path.write_bytes(b"half")
    sweep(study_from(STUDY), folder, resume=True)
    assert not any(path.exists() for path in litter)


def test_a_sweep_killed_before_or_after_any_file_appears_goes_on(finished, tmp_path, monkeypatch):
    """Every file comes by one rename; the process may end just before each, and just after."""
    from pathlib import Path

    whole, study = Path.replace, study_from(STUDY)
    names, kills = [], 0
    for blow in range(100):
        folder = tmp_path / str(blow)
        count = 0

        def fatal(self, target, blow=blow):
            nonlocal count
            if count == blow and blow % 2 == 0:
                raise Killed
            count += 1
            if count == blow and blow % 2:
                whole(self, target)
                raise Killed
            names.append(Path(target).name)
            return whole(self, target)

        monkeypatch.setattr(Path, "replace", fatal)
        try:
            sweep(study, folder)
        except Killed:
            kills += 1
        else:
            break
        finally:
            monkeypatch.setattr(Path, "replace", whole)
        with pytest.raises(SweepRefused):
            open_sweep(folder)
        sweep(study, folder, resume=True)
        assert table_hash(folder) == table_hash(finished)
        open_sweep(folder)
    assert kills > 5
    assert {"study.json", "design.parquet", "table.parquet", "manifest.json"} <= set(names)


def test_a_torn_file_is_told_apart_from_a_sweep_that_goes_on(folder):
    (folder / "table.parquet").unlink()
    with pytest.raises(SweepRefused, match=r"is not finished: \d+ of \d+ parts") as caught:
        open_sweep(folder)
    assert not isinstance(caught.value, TornError)

import json

import pytest

from sim.output.files import MANIFEST, FolderError
from sim.output.folder import claim, write_manifest, writing


def fill(path, text="1"):
    with writing(path) as partial:
        (partial / "runs.parquet").write_text(text)
        write_manifest(partial, {"seed": 1})


def test_results_appear_whole_and_leave_nothing_beside_them(tmp_path):
    fill(tmp_path / "out" / "a")
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"a"}
    assert json.loads((tmp_path / "out" / "a" / MANIFEST).read_text())["files"] == ["runs.parquet"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, OSError])
def test_a_failure_leaves_nothing_half_written(tmp_path, error):
    def fail():
        with writing(tmp_path / "a") as partial:
            (partial / "runs.parquet").write_text("1")
            raise error

    with pytest.raises((error, FolderError)):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_failure_keeps_the_earlier_results(tmp_path):
    fill(tmp_path / "a", "earlier")

    def fail():
        with writing(tmp_path / "a") as partial:
            (partial / "runs.parquet").write_text("later")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert (tmp_path / "a" / "runs.parquet").read_text() == "earlier"
    assert len(list(tmp_path.iterdir())) == 1


def test_our_own_results_are_replaced(tmp_path):
    fill(tmp_path / "a", "earlier")
    fill(tmp_path / "a", "later")
    assert (tmp_path / "a" / "runs.parquet").read_text() == "later"
    assert len(list(tmp_path.iterdir())) == 1


def test_an_empty_folder_is_taken(tmp_path):
    (tmp_path / "a").mkdir()
    fill(tmp_path / "a")
    assert (tmp_path / "a" / MANIFEST).exists()


def test_a_foreign_folder_is_refused_and_untouched(tmp_path):
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(FolderError, match=r"letter\.txt"):
        fill(tmp_path)
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_what_somebody_put_beside_our_results_is_not_lost(tmp_path):
    fill(tmp_path / "a")
    (tmp_path / "a" / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match=r"notes\.txt"):
        claim(tmp_path / "a")


def test_a_foreign_manifest_makes_no_folder_ours(tmp_path):
    (tmp_path / MANIFEST).write_text('{"files": ["x"]}')
    with pytest.raises(FolderError):
        claim(tmp_path)


def test_a_file_in_the_way_is_refused(tmp_path):
    (tmp_path / "a").write_text("x")
    with pytest.raises(FolderError, match="is a file"):
        claim(tmp_path / "a")
    with pytest.raises(FolderError):
        fill(tmp_path / "a" / "b")

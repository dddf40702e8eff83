"""A file of ours is there whole or not at all."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from sim.output.files import FolderError, checksums, replacing, sha256, write_json, write_whole


def test_a_file_is_written_into_folders_that_were_not_there(tmp_path: Path) -> None:
    write_whole(tmp_path / "a" / "b.txt", "Zoë")
    assert (tmp_path / "a" / "b.txt").read_bytes() == "Zoë".encode()
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["b.txt"]


def test_a_failure_leaves_the_earlier_file_and_nothing_else(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "earlier")

    def interrupted() -> None:
        with replacing(tmp_path / "a.txt") as partial:
            partial.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "earlier")]


def test_a_file_that_is_there_is_kept_unless_it_may_be_overwritten(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", "earlier", overwrite=False)
    with pytest.raises(FolderError, match="exists"):
        write_whole(tmp_path / "a.txt", "later", overwrite=False)
    assert (tmp_path / "a.txt").read_text() == "earlier"
    write_whole(tmp_path / "a.txt", "later")
    assert (tmp_path / "a.txt").read_text() == "later"


def test_what_cannot_be_written_is_one_sentence_that_keeps_the_systems_reason(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(FolderError, match="cannot be written: Not a directory") as caught:
        write_whole(tmp_path / "file" / "a.txt", "")
    assert caught.value.errno == errno.ENOTDIR


def test_json_has_no_word_for_nan_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "a.json", {"x": float("nan")})
    assert list(tmp_path.iterdir()) == []


def test_checksums_are_those_of_the_standard_for_every_file_below(tmp_path: Path) -> None:
    write_whole(tmp_path / "b" / "c.txt", b"abc")
    # The example of FIPS 180-2, appendix B.1.
    known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert checksums(tmp_path) == {"b/c.txt": known}
    assert sha256(tmp_path / "b" / "c.txt") == known

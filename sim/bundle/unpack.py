"""Zip files that are the same bytes for the same content, checksums, and reading what a stranger packed."""

from __future__ import annotations

import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from sim.errors import CoherenceError
from sim.output.files import checksums, files_in, replacing, sha256

CHECKSUMS = "manifest-sha256.txt"
MOST_FILES = 10_000
MOST_BYTES = 4 * 1024**3
"""What a bundle may hold when unpacked."""
_DRIVE = re.compile(r"[A-Za-z]:")
_LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


class BundleError(CoherenceError, ValueError):
    """A result that cannot be packed, or a bundle that cannot be read; the message is one sentence for users."""


def write_checksums(folder: Path) -> None:
    """Write the checksums of all files of a folder into it, as BagIt does (RFC 8493, section 2.1.3)."""
    lines = [f"{digest}  {name}\n" for name, digest in checksums(folder).items() if name != CHECKSUMS]
    (folder / CHECKSUMS).write_text("".join(lines), encoding="utf-8")


def read_checksums(folder: Path) -> dict[str, str]:
    """Return what the checksums of a folder should be, by name.

    Raises
    ------
    BundleError
        If there are none, or they are not written as such.
    """
    try:
        lines = (folder / CHECKSUMS).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BundleError(f"{folder} is not a bundle: it has no {CHECKSUMS}") from None
    files: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        match = _LINE.fullmatch(line)
        if match is None:
            raise BundleError(f"{CHECKSUMS}, line {number}: must be a SHA-256 and a name")
        _check_name(match[2])
        files[match[2]] = match[1]
    return files


def changed_files(folder: Path) -> dict[str, str]:
    """Return the files that are not as they were packed, and what is wrong with each."""
    files = {}
    for name, digest in read_checksums(folder).items():
        path = folder / name
        if not path.is_file():
            files[name] = "is missing"
        elif not path.resolve().is_relative_to(folder.resolve()):
            files[name] = "is a link that leads out of the bundle"
        elif sha256(path) != digest:
            files[name] = "is not as it was packed (its checksum differs)"
    return files


def write_zip(folder: Path, path: Path) -> None:
    """Write a folder as a zip file, whole or not at all: names in order, one date for all, no owners."""
    with replacing(path) as partial, zipfile.ZipFile(partial, "w") as out:
        for name in files_in(folder):
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # or the bytes would depend on the system
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.file_size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source, out.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def unpack(path: Path, folder: Path) -> None:
    """Unpack a zip file into an empty folder, after all its members have been looked at.

    Raises
    ------
    BundleError
        If it is no zip file, is torn, or a member would be written elsewhere, is a link, or is too large: then nothing is
        written.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = list(_members(archive, path))
            for member in members:
                target = folder / member.filename
                target.parent.mkdir(parents=True, exist_ok=True)
                with archive.open(member) as source, target.open("xb") as out:
                    shutil.copyfileobj(source, out, 1 << 20)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise BundleError(f"{path} is torn or no zip file: {error}") from None
    except OSError as error:
        raise BundleError(f"{path} cannot be unpacked: {error.strerror or error}") from None


def _members(archive: zipfile.ZipFile, path: Path) -> Iterator[zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MOST_FILES:
        raise BundleError(f"{path} is refused: it holds {len(entries):,} files, more than {MOST_FILES:,}")
    if len({entry.filename for entry in entries}) < len(entries):
        raise BundleError(f"{path} is refused: it holds two files of one name")
    size = sum(entry.file_size for entry in entries)
    if size > MOST_BYTES:
        raise BundleError(
            f"{path} is refused: unpacked it would take {size / 1024**3:.1f} GiB, more than {MOST_BYTES // 1024**3}; "
            "unpack it yourself, if you trust it, and give the folder"
        )
    for entry in entries:
        _check_name(entry.filename, path)
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise BundleError(f"{path} is refused: {entry.filename} is a link")
        yield entry


def _check_name(name: str, path: Path | str = CHECKSUMS) -> None:
    parts = PurePosixPath(name).parts
    inside = parts and not name.startswith("/") and ".." not in parts and not _DRIVE.match(name)
    if not inside or "\\" in name or not name.isprintable():
        raise BundleError(f"{path} is refused: {name!r} would be written outside of the folder that it is unpacked to")

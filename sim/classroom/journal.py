"""What a class did, one line of JSON after the other, in a folder that the trainer chooses: only ever added to."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from sim.output.folder import now

FILE = "votes.jsonl"


class Journal:
    """A file of events.

    An event is one write to the end of the file, on the disk before `put` returns: it is there whole or not at all. A line
    that a power cut tore is left out when the file is read, and the next event begins on a line of its own.

    Parameters
    ----------
    folder
        Where the file is kept; made when the first event is written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def put(self, event: dict[str, Any]) -> dict[str, Any]:
        """Store an event, the time added, and return it as it was stored; OSError if the folder cannot be written."""
        stored = {"at": now(), **event}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            size = os.fstat(handle).st_size
            torn = size > 0 and _last_byte(handle, size) != b"\n"
            data = (("\n" if torn else "") + json.dumps(stored) + "\n").encode("ascii")
            if os.write(handle, data) != len(data):
                raise OSError(f"{self.path}: the disk is full")
            os.fsync(handle)
        finally:
            os.close(handle)
        return stored

    def read(self) -> list[dict[str, Any]]:
        """Return all events, oldest first."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return []
        found = []
        for line in data.split(b"\n"):  # not splitlines: it also splits at characters that people paste into questions
            try:
                event = json.loads(line)
            except ValueError:
                continue
            if isinstance(event, dict) and isinstance(event.get("kind"), str):
                found.append(event)
        return found


def _last_byte(handle: int, size: int) -> bytes:
    os.lseek(handle, size - 1, os.SEEK_SET)
    return os.read(handle, 1)

"""Ballots: what a class predicted, one line of JSON each, in a folder that the trainer chooses."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Self

from pydantic import Field, model_validator

from sim.output.folder import now
from sim.scenario.parameters import Part

FILE = "votes.jsonl"


class Ballot(Part):
    """A vote of a class.

    Attributes
    ----------
    lesson, question, options
        What was asked.
    counts
        Hands for each option.
    """

    lesson: str = Field(max_length=80)
    question: str = Field(max_length=500)
    options: tuple[str, ...] = Field(min_length=1, max_length=12)
    counts: tuple[int, ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if len(self.counts) != len(self.options):
            raise ValueError(f"counts has {len(self.counts)} entries, options has {len(self.options)}")
        if any(not 0 <= count <= 100_000 for count in self.counts) or any(len(o) > 300 for o in self.options):
            raise ValueError("counts must be from 0 to 100000, and options at most 300 characters long")
        return self


class BallotBox:
    """Where votes are kept.

    A vote is one write to the end of a file, which is all there or not there at all; a line that a power cut tore is left
    out when votes are read, and the next vote begins on a line of its own.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def put(self, ballot: Ballot) -> None:
        """Store a vote; OSError if the folder cannot be written."""
        line = json.dumps({"at": now(), **ballot.model_dump()}, ensure_ascii=False)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            size = os.fstat(handle).st_size
            torn = size > 0 and os.pread(handle, 1, size - 1) != b"\n"
            data = (("\n" if torn else "") + line + "\n").encode()
            if os.write(handle, data) != len(data):
                raise OSError(f"{self.path}: the disk is full")
            os.fsync(handle)
        finally:
            os.close(handle)

    def read(self) -> list[dict[str, object]]:
        """Return all votes, oldest first."""
        try:
            lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

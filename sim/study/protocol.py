"""Messages between a sweep and its workers: a study's `Spec`, `Block` after `Block` of runs, and an `Outcome` for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.errors import CoherenceError
from sim.study.factors import Column, Floats

if TYPE_CHECKING:
    from sim.scenario.model import Scenario


@dataclass(frozen=True)
class Spec:
    """What a worker must know of a study; small, and the same for all its blocks.

    Attributes
    ----------
    scenario : the base scenario, None where a function is studied
    weeks, seed, names, measures : as in the study
    function, noise : as in the study
    code : `code_version` of whoever asks
    """

    scenario: Scenario | None
    weeks: int
    seed: int
    names: tuple[str, ...]
    measures: tuple[str, ...]
    function: str
    noise: float
    code: str


@dataclass(frozen=True)
class Block:
    """Runs to be made: part number, and by run the point, the replicate and the values of all factors."""

    part: int
    points: NDArray[np.int64]
    replicates: NDArray[np.int64]
    columns: dict[str, Column]


@dataclass(frozen=True)
class Outcome:
    """What a block came to: measures (runs, measures), nan where there is none, and what went wrong, by run."""

    part: int
    measures: Floats
    errors: dict[int, str]


class VersionError(CoherenceError, RuntimeError):
    """A worker runs other code than whoever asks it."""

    exit_code = 1


class Stopped(CoherenceError):  # noqa: N818 - nothing went wrong
    """The sweep was stopped while a block was in hand."""

    exit_code = 130

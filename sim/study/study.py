"""A study: a base scenario, what varies, by which design, how often, and what is looked at."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from sim.scenario.merge import Layer
from sim.scenario.model import Scenario
from sim.scenario.scenario_file import read
from sim.study.factors import Factor
from sim.study.study_fields import DESIGNS, DesignChoice
from sim.study.study_file import parts_of


@dataclass(frozen=True)
class Study:
    """A study with everything in it: nothing is left to be looked up.

    Attributes
    ----------
    name, title
        As the file says.
    scenario
        The base with constants and weeks, None where a function is studied.
    function, noise
        Name in `sim.study.test_functions.FUNCTIONS`, and the standard deviation of what is added to it.
    factors
        What varies, in the order of the file.
    design
        How points are chosen.
    replicates, seed, measures
        Runs at each point; where chance starts; names in `sim.measures.summaries.SUMMARIES`, or ``y`` for a function.

    Examples
    --------
    >>> study = Study.of(vary={"founder.clarity": {}}, design={"kind": "grid", "levels": 3}, replicates=2)
    >>> study.names, study.replicates
    (('founder.clarity',), 2)
    """

    name: str
    title: str
    scenario: Scenario | None
    function: str | None
    noise: float
    factors: tuple[Factor, ...]
    design: DesignChoice
    replicates: int
    seed: int
    measures: tuple[str, ...]

    @classmethod
    def load(cls, path: str | Path) -> Self:
        """Return the study that a TOML file describes.

        Raises
        ------
        ScenarioError
            With everything that is wrong, each with file and line.
        """
        path = Path(path)
        return cls(**parts_of(read(path), path.parent, path.stem[:80]))

    @classmethod
    def of(cls, *, base: str | Scenario = "default", beside: str | Path = "", **fields: Any) -> Self:
        """Return the study that keywords describe, the same that a file has: `sim.study.study_fields.StudyFile`.

        Parameters
        ----------
        base
            The scenario itself, a shipped name, or a path.
        beside
            The folder that paths are relative to.
        fields
            ``vary``, ``design`` (a kind, or a table with one), ``replicates``, ``seed``, ``measures``, ``constants``, ...

        Raises
        ------
        ScenarioError
            With everything that is wrong.
        """
        data = {"base": base, **fields} if isinstance(base, str) and base != "default" else fields
        return cls(**parts_of(Layer(data), Path(beside), "study", base if isinstance(base, Scenario) else None))

    @property
    def names(self) -> tuple[str, ...]:
        """The factors' names."""
        return tuple(factor.name for factor in self.factors)

    @property
    def weeks(self) -> int:
        """Length of a run."""
        return 1 if self.scenario is None else self.scenario.weeks

    def content(self) -> dict[str, Any]:
        """Return all that results depend on, as plain data, except the points of a design from a file."""
        from sim.scenario.merge import plain

        return {
            "scenario": None if self.scenario is None else plain(self.scenario),
            "scenario_hash": None if self.scenario is None else self.scenario.hash,
            "function": self.function,
            "noise": self.noise,
            "factors": {factor.name: factor.model_dump(mode="json", exclude={"name"}) for factor in self.factors},
            "design": self.design.model_dump(mode="json"),
            "replicates": self.replicates,
            "seed": self.seed,
            "measures": list(self.measures),
        }

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content, first 16 hexadecimal digits."""
        text = json.dumps(self.content(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def load_study(path: str | Path) -> Study:
    """Return the study that a TOML file describes; see `Study.load`."""
    return Study.load(path)


def study_from(data: Mapping[str, Any], beside: Path | None = None, name: str = "study") -> Study:
    """Return the study that plain data describes, as a file would hold it; see `Study.of`."""
    return Study(**parts_of(Layer(dict(data)), beside or Path(), name))


def from_content(content: dict[str, Any], name: str, title: str) -> Study:
    """Return the study that `Study.content` came from."""
    data = content["scenario"]
    return Study(
        name=name,
        title=title,
        scenario=None if data is None else Scenario.from_data(data),
        function=content["function"],
        noise=content["noise"],
        factors=tuple(Factor(name=key, **_tuples(value)) for key, value in content["factors"].items()),
        design=DESIGNS[content["design"]["kind"]](**content["design"]),
        replicates=content["replicates"],
        seed=content["seed"],
        measures=tuple(content["measures"]),
    )


def _tuples(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "values": tuple(value["values"])}

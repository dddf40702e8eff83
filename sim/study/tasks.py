"""A study cut into parts: which runs there are, in which order, and what each part's worker is told.

Run i is replicate i // points at point i % points: every point's first replicate comes before any second one, so that a
sweep that is cut short is a fair sample. Parts are runs of equal length; their limits depend on the study alone.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.measures.series import Measure
from sim.measures.summaries import SUMMARIES
from sim.output.version import code_version
from sim.scenario.parameters import GROUPS
from sim.study.design import Design, make_design
from sim.study.study import Study

if TYPE_CHECKING:
    from sim.study.protocol import Block, Outcome, Spec

PERSON_WEEKS = 256 * 30 * 156
"""Work of one part: 256 runs of thirty people for three years take less than a second."""
MOST_ROWS, FEW_ROWS = 256, 16


@dataclass(frozen=True)
class Job:
    """A study with its points.

    Attributes
    ----------
    study, design
        What is run, and where.
    """

    study: Study
    design: Design

    @property
    def points(self) -> int:
        """Number of points."""
        return len(self.design)

    @property
    def runs(self) -> int:
        """Number of runs: points x replicates."""
        return self.points * self.study.replicates

    @cached_property
    def rows(self) -> int:
        """Runs in a part; the last one may have fewer."""
        posts = 1 if self.study.scenario is None else self.study.scenario.posts
        room = -(-PERSON_WEEKS // (posts * self.study.weeks))
        return max(1, min(MOST_ROWS, room, max(FEW_ROWS, -(-self.runs // 32))))

    @property
    def parts(self) -> int:
        """Number of parts."""
        return -(-self.runs // self.rows)

    def span(self, part: int) -> tuple[int, int]:
        """Return the first run of a part and the one after its last."""
        return part * self.rows, min((part + 1) * self.rows, self.runs)

    @cached_property
    def key(self) -> str:
        """SHA-256 of the resolved study, its points and the code, first 16 hexadecimal digits."""
        text = json.dumps([self.study.content(), self.design.hash, code_version()], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    @cached_property
    def spec(self) -> Spec:
        """What workers must know."""
        from sim.study.protocol import Spec

        study = self.study
        return Spec(
            scenario=study.scenario,
            weeks=study.weeks,
            seed=study.seed,
            names=study.names,
            measures=study.measures,
            function=study.function or "",
            noise=study.noise,
            code=code_version(),
        )

    def block(self, part: int) -> Block:
        """Return the runs of a part."""
        return self.block_of(np.arange(*self.span(part)), part)

    def block_of(self, runs: np.ndarray[Any, np.dtype[np.int64]], part: int = -1) -> Block:
        """Return some runs, by number."""
        from sim.study.protocol import Block

        points = runs % self.points
        columns = {name: column[points] for name, column in self.design.columns.items()}
        return Block(part, points, runs // self.points, columns)

    def frame(self, block: Block, outcome: Outcome) -> Any:
        """Return the rows of a part as a pyarrow table: `columns` says what stands in it."""
        import pyarrow as pa

        count = len(block.points)
        arrays: list[Any] = [
            block.points,
            block.replicates,
            np.full(count, self.study.seed, np.uint64),
            *block.columns.values(),
        ]
        arrays += [pa.array(m, mask=np.isnan(m)) for m in np.ascontiguousarray(outcome.measures.T)]
        arrays += [[outcome.errors.get(i) for i in range(count)]]
        return pa.table([pa.array(a, f.type) for a, f in zip(arrays, self.schema, strict=True)], schema=self.schema)

    @cached_property
    def schema(self) -> Any:
        """The columns of parts and of the table, as a pyarrow schema with units and meanings."""
        import pyarrow as pa

        types = {"f": pa.float64(), "i": pa.int64(), "b": pa.bool_(), "O": pa.string(), "U": pa.string()}
        fields = [("point", pa.int64()), ("replicate", pa.int64()), ("seed", pa.uint64())]
        fields += [(name, types[column.dtype.kind]) for name, column in self.design.columns.items()]
        fields += [(name, pa.float64()) for name in self.study.measures]
        fields += [("error", pa.string())]
        meanings = self.columns
        return pa.schema(
            [pa.field(n, t, metadata={"unit": meanings[n].unit, "meaning": meanings[n].meaning}) for n, t in fields]
        )

    @cached_property
    def columns(self) -> dict[str, Measure]:
        """Label, unit and meaning of every column of the table, in order."""
        found = {
            "point": Measure("Point", "number", "row of design.parquet, counted from 0"),
            "replicate": Measure("Replicate", "number", "which luck: the same at every point"),
            "seed": Measure("Seed", "number", "with the replicate it fixes a run's luck"),
        }
        for factor in self.study.factors:
            found[factor.name] = _meaning(factor.name)
        for name in self.study.measures:
            known = SUMMARIES.get(name)
            found[name] = (
                Measure(*known[:3]) if known else Measure("Value", "1", f"value of the function {self.study.function}")
            )
        found["error"] = Measure("Error", "text", "why the run failed; empty where it did not")
        return found


def _meaning(name: str) -> Measure:
    from sim.scenario.model import Scenario
    from sim.study.factors import DUMMY

    if name == DUMMY:
        return Measure("Dummy", "0 to 1", "goes nowhere: what an analysis finds for it is noise")
    group, _, key = name.partition(".")
    field = GROUPS[group].model_fields.get(key) if group in GROUPS else Scenario.model_fields.get(name)
    extra = field.json_schema_extra if field is not None and isinstance(field.json_schema_extra, dict) else {}
    return Measure(
        name, str(extra.get("unit", "")), (field.description or name) if field is not None else f"varied: {name}"
    )


def make_job(study: Study) -> Job:
    """Return a study with its points.

    Raises
    ------
    DesignError
        If the points cannot be made.
    """
    return Job(study, make_design(study))

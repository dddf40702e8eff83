"""The claims ledger: each claim is a short file under ``sim/claims``, tried and judged the same way.

A claim file states a `CLAIM` and defines two functions: ``headline(lab) -> Contrast``, the one contrast that carries the
claim, which is also made with each mechanism switched off; and ``study(lab) -> Findings``, the whole study.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.claims.ablations import ABLATIONS
from sim.claims.figure_spec import Picture, plain
from sim.claims.laboratory import Lab, Point
from sim.claims.verdict import Judgement, judge
from sim.measures.contrast import Contrast
from sim.output.version import package_version


@dataclass(frozen=True)
class Claim:
    """What is claimed, and how it will be judged; written before the run.

    Attributes
    ----------
    id, title
        Such as C01; the claim in one line.
    idea
        The idea in the source articles, and where it comes from in the literature.
    moved, watched, expected
        Factors moved, measures watched, what should come out.
    design
        Levels, pairs, lengths: what is run.
    criterion
        What must come out for "reproduced", with the smallest effects of interest and why these.
    remark
        Written after the run: why it came out so. Judging does not read it.
    """

    id: str
    title: str
    idea: str
    moved: str
    watched: str
    expected: str
    design: str
    criterion: str
    remark: str = ""


@dataclass(frozen=True)
class Findings:
    """What a study found.

    Attributes
    ----------
    core
        The contrasts that the criterion names; they decide. The first is the headline.
    plain
        What came out, in a sentence that an owner understands, with its numbers.
    picture
        The figure that carries the story.
    also
        Other contrasts worth reporting; they decide nothing.
    nulls
        Excess over null models; without it a claim is not reproduced.
    data
        Further numbers worth keeping, as plain data.
    """

    core: Sequence[Contrast]
    plain: str
    picture: Picture
    also: Sequence[Contrast] = ()
    nulls: Sequence[Contrast] = ()
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Entry:
    """A claim's entry in the ledger."""

    claim: Claim
    findings: Findings
    judgement: Judgement
    ablations: Mapping[str, Contrast]
    points: Mapping[str, Point]
    scenario: str
    seed: int
    quick: bool
    runs: int
    seconds: float

    @property
    def headline(self) -> Contrast:
        """The contrast that carries the claim."""
        return self.findings.core[0]

    @property
    def replicates(self) -> int:
        """Most replicates of any scenario in the study."""
        return max(p.replicates for p in self.points.values())

    @property
    def design(self) -> str:
        """Hash of all scenarios that were run, and of how often."""
        text = ";".join(f"{p.hash}:{p.replicates}" for p in sorted(self.points.values(), key=lambda p: p.hash))
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def as_data(self) -> dict[str, Any]:
        """Return the entry as plain data."""
        from sim.engine.compile import source_hash

        data: dict[str, Any] = plain(
            {
                "id": self.claim.id,
                "title": self.claim.title,
                "verdict": self.judgement.verdict,
                "conditional_on": self.judgement.on or None,
                "plain": self.findings.plain,
                "claim": {k: v for k, v in asdict(self.claim).items() if k not in ("id", "title")},
                "headline": of_contrast(self.headline),
                "core": [of_contrast(c) for c in self.findings.core],
                "nulls": [of_contrast(c) for c in self.findings.nulls],
                "also": [of_contrast(c) for c in self.findings.also],
                "ablations": {
                    name: {**of_contrast(c), "share_of_effect": share_of(c, self.headline)}
                    for name, c in self.ablations.items()
                },
                "carried_by": list(carriers(self)),
                "data": dict(self.findings.data),
                "seed": self.seed,
                "replicates": f"0 to {self.replicates - 1}",
                "runs": self.runs,
                "quick": self.quick,
                "scenario": self.scenario,
                "design": self.design,
                "points": [],
                "version": package_version(),
                "engine": source_hash(),
            }
        )
        # Not rounded: who changes the default firm like this has the scenario of this hash, to the last bit.
        data["points"] = [
            {"changes": _exact(p.changes), "hash": p.hash, "replicates": p.replicates} for p in self.points.values()
        ]
        return data


def _exact(changes: Mapping[str, object]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(dict(changes), default=lambda number: number.item(), allow_nan=False))
    return found


def of_contrast(contrast: Contrast) -> dict[str, Any]:
    """Return a contrast as plain data, with what it reads as."""
    return {**asdict(contrast), "reading": contrast.reading}


def share_of(ablated: Contrast, whole: Contrast) -> float:
    """Return how much of an effect is left; nan where there is none to begin with."""
    return ablated.effect / whole.effect if whole.effect and math.isfinite(whole.effect) else math.nan


def carriers(entry: Entry) -> tuple[str, ...]:
    """Return the mechanisms without which less than half of the headline effect is left, most important first."""
    sure = entry.headline.low > 0 or entry.headline.high < 0
    if not sure or entry.headline.expected not in ("rises", "falls"):
        return ()
    left = {name.removeprefix("no "): share_of(c, entry.headline) for name, c in entry.ablations.items()}
    return tuple(sorted((n for n, s in left.items() if s < 0.5), key=lambda n: left[n]))


def claim_files() -> dict[str, Path]:
    """Return the claim files by id, C01 first: all files of this package named ``c01_something.py``."""
    files = sorted(Path(__file__).parent.glob("c[0-9][0-9]_*.py"))
    return {path.name[:3].upper(): path for path in files}


def load_claim(path: Path) -> ModuleType:
    """Return the module of a claim.

    Raises
    ------
    ValueError
        If it does not state a `CLAIM` under its own id, or lacks ``headline`` or ``study``.
    """
    if path.parent == Path(__file__).parent:
        module = import_module(f"sim.claims.{path.stem}")
    else:  # a bundle's, which its reader has said to trust
        spec = spec_from_file_location(f"claim_{path.stem}", path)
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        spec.loader.exec_module(module)
    for name in ("CLAIM", "headline", "study"):
        if not hasattr(module, name):
            raise ValueError(f"{path} lacks {name}: a claim file states CLAIM, headline(lab) and study(lab)")
    if module.CLAIM.id != path.name[:3].upper():
        raise ValueError(f"{path} states claim {module.CLAIM.id}: its name must begin with that id")
    return module


def hold(module: ModuleType, lab: Lab, ablate: bool = True) -> Entry:
    """Try a claim and judge it.

    Parameters
    ----------
    module
        A claim file (see `load_claim`).
    lab
        Where it is run. Its quick design goes without ablations.
    ablate
        Whether the headline is made again with each mechanism switched off.
    """
    start, before = time.perf_counter(), lab.runs
    lab.fresh()
    findings: Findings = module.study(lab)
    points = dict(lab.points)
    ablations: dict[str, Contrast] = {}
    headline: Callable[[Lab], Contrast] = module.headline
    if ablate and not lab.quick:
        for name, overrides in ABLATIONS.items():
            with lab.ablated(overrides) as without:
                ablations[name] = headline(without)
    return Entry(
        module.CLAIM, findings, judge(findings.core, findings.nulls), ablations, points, lab.scenario().hash,
        lab.seed, lab.quick, lab.runs - before, time.perf_counter() - start,
    )  # fmt: skip

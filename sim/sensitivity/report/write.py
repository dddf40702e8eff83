"""All tables and figures that a finished sweep gives, in one folder."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from sim.sensitivity.analysis import ANY, Findings, analyse, methods
from sim.sensitivity.convergence import converge
from sim.sensitivity.replicates import stability as steadiness
from sim.sensitivity.report.convergence_figures import convergence, stability
from sim.sensitivity.report.index_figures import bars, pairs, plane
from sim.sensitivity.report.map_figures import heat, responses
from sim.sensitivity.report.tables import write_tables
from sim.sensitivity.sample import NotApplicable, Sample, read
from sim.study.results import SweepResults


def write_all(
    sweep: SweepResults,
    folder: Path,
    measures: Sequence[str] = (),
    chosen: Sequence[str] = (),
    figures: bool = True,
    without_holes: bool = False,
) -> tuple[list[Findings], list[str]]:
    """Write the tables and figures of some measures of a sweep into a folder; return findings, and what was passed over.

    Parameters
    ----------
    sweep, folder
        Where from and where to.
    measures, chosen
        Measures and methods; left out: all measures, and the methods that suit the design best.
    figures
        Whether to draw.
    without_holes
        Leave out points whose runs failed or have no value.

    Raises
    ------
    NotApplicable
        If runs failed, a measure that was asked for by name has holes or never varies, or the design does not allow a
        method. Where no measure was named, those without a value in some runs, or without variance, are passed over.
    """
    found: list[Findings] = []
    passed: list[str] = []
    names = measures or sweep.study.measures
    for name in names:
        try:
            sample = read(sweep, name, without_holes)
        except NotApplicable as error:
            if measures or sweep.failed:
                raise
            passed.append(str(error))
            continue
        fit = methods(sample)
        wanted = tuple(chosen) or (fit if fit[:1] == ANY[:1] else fit[:1])
        for method in wanted:
            try:
                found.append(analyse(sample, method))
            except NotApplicable:
                if chosen:
                    raise
        if not wanted and chosen:
            analyse(sample, chosen[0])
        if figures:
            _draw(sample, [f for f in found if f.source.measure == name], folder)
    if found:
        write_tables(found, folder)
    return found, passed


def _draw(sample: Sample, found: Sequence[Findings], folder: Path) -> None:
    name, kind = sample.measure, sample.sweep.study.design.kind
    for f in found:
        bars(f, folder / f"{name}-{f.method}")
        if f.method == "morris":
            plane(f, folder / f"{name}-plane")
        if f.second is not None:
            pairs(f, folder / f"{name}-{f.method}-pairs")
        with suppress(NotApplicable):
            convergence(replace(converge(sample, f.method), findings=f), folder / f"{name}-{f.method}-convergence")
    if sample.sweep.replicates >= 5:
        rows = sample.clusters.ravel()
        stability(sample, steadiness(sample.y[rows]), folder / f"{name}-replicates")
    if kind == "oat":
        responses(sample, folder / f"{name}-responses")
    names = sample.sweep.study.names
    if kind == "grid" and len(names) in (2, 3):
        heat(sample, names[0], names[1], folder / f"{name}-map", names[2] if len(names) == 3 else None)

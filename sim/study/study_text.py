"""A study as a file in which everything is said: ranges, values and base points that its author left to the defaults."""

from __future__ import annotations

from typing import Any

from sim.scenario.toml_write import toml
from sim.study.factors import Factor
from sim.study.study import Study
from sim.study.study_fields import FromFile


def written(study: Study, base: str = "", points: str = "") -> str:
    """Return a study as TOML.

    Parameters
    ----------
    study
        What to write.
    base
        Path of its scenario, with constants and weeks in it, relative to where the study will lie; of a function, nothing.
    points
        Path of its points likewise; needed where the design comes from a file.
    """
    design = study.design.model_dump(mode="json", exclude_none=True)
    if isinstance(study.design, FromFile):
        design["path"] = points
    data: dict[str, Any] = {"name": study.name}
    if study.title:
        data["title"] = study.title
    data |= {"base": base} if study.function is None else {"function": study.function, "noise": study.noise}
    data |= {"replicates": study.replicates, "seed": study.seed, "measures": list(study.measures)}
    data["design"] = design
    data["vary"] = {factor.name: _factor(factor) for factor in study.factors}
    return toml(data)


def _factor(factor: Factor) -> dict[str, Any]:
    data: dict[str, Any] = {"kind": factor.kind}
    if factor.kind in ("choice", "list"):
        data["values"] = list(factor.values)
    else:
        data |= {"low": factor.low, "high": factor.high}
    if factor.kind == "triangular":
        data["mode"] = factor.mode
    if factor.base is not None:
        data["at"] = factor.base
    data["role"] = factor.role
    if factor.group is not None:
        data["group"] = factor.group
    return data

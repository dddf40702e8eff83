"""The facilitator's guide: one printable page for each lesson, made from the lesson's file and the model's numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from sim.classroom.lessons import Lesson, curve_says, read_curve
from sim.classroom.levers import LEVERS
from sim.classroom.pages import page, policy_hash, style
from sim.measures.series import DEPARTMENT_SERIES, SERIES

SIGNS = {"holds": "yes", "opposite": "no: the opposite", "open": "open"}


def guide(lesson: Lesson, folder: Path, findings: Sequence[Mapping[str, Any]]) -> str:
    """Return the guide's page as HTML.

    Parameters
    ----------
    lesson, folder
        The lesson, and where its curve lies.
    findings
        What many firms say to its claims, as plain data; none: the table is left out.
    """
    labels = {name: measure.label for name, measure in {**SERIES, **DEPARTMENT_SERIES}.items()}
    levers = {lever.name: lever.label for lever in LEVERS}
    way = "" if lesson.puzzle is None else ", ".join(f"{levers[k]} {v:g}" for k, v in lesson.puzzle.solution.items())
    return page(
        "guide.html",
        lesson=lesson,
        findings=findings,
        style=Markup(style("guide.css")),
        signs=SIGNS,
        labels={**labels, "closed": "firms closed"},
        chain=[f"{SERIES[link.measure].label}: {link.up or link.down}" for link in lesson.why.links],
        says="" if lesson.experiment is None else curve_says(lesson.experiment, read_curve(folder, lesson.experiment)),
        way=way,
    )


def guide_policy() -> str:
    """Return the policy under which the guide is shown: its own style, and nothing else."""
    return f"default-src 'none'; style-src {policy_hash(style('guide.css'))}; frame-ancestors 'none'"

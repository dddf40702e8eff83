"""What a page knows from the start: levers, words for measures, lessons and scenarios."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.classroom.chain import EDGES
from sim.classroom.lessons import Lesson, curve_says, read_curve
from sim.classroom.levers import LEVERS
from sim.measures.series import SERIES
from sim.scenario import describe, scenario_names


def as_data(lesson: Lesson, folder: Path) -> dict[str, Any]:
    """Return a lesson as plain data for the page, its measured curve included and the puzzle's solution left out."""
    data = lesson.model_dump(mode="json")
    if lesson.experiment is not None:
        points = read_curve(folder, lesson.experiment)
        data["experiment"] |= {"points": points, "says": curve_says(lesson.experiment, points)}
    if lesson.puzzle is not None:
        del data["puzzle"]["solution"]
    return data


def catalogue(shelf: dict[str, tuple[Lesson, Path]], with_scenarios: bool = True) -> dict[str, Any]:
    """Return all that a page needs before it asks for a firm."""
    described = [describe(name) for name in scenario_names()] if with_scenarios else []
    names = scenario_names() if with_scenarios else []
    return {
        "levers": [lever._asdict() for lever in LEVERS],
        "measures": {name: measure._asdict() for name, measure in SERIES.items()},
        "edges": EDGES,
        "lessons": [as_data(lesson, folder) for lesson, folder in shelf.values()],
        "scenarios": [{"name": n, "title": d.title} for n, d in zip(names, described, strict=True)],
    }

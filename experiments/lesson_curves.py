"""What lessons show that was measured beforehand: experiments' curves, and the seeds of typical pairs.

    uv run python experiments/lesson_curves.py [--quick] [--check]

Curves: for each experiment of a lesson, the lever at `POINTS` positions in each condition; the difference of each measure
to the lowest position in pairs of firms with the same luck (mean over the weeks that the lesson names), with a 95 %
interval. Seeds: for each lesson the pair nearest to the median of 200 (`sim.classroom.lesson_check.typical_seed`); the
lesson's file is changed in place. ``--check`` writes nothing and says what each lesson claims and the model does not do.
"""

from __future__ import annotations

import argparse
import csv
import re
import sys

import numpy as np

from sim.classroom.lesson_check import faults, puzzle_faults, typical_seed
from sim.classroom.lesson_claims import Window, per_firm, run_pairs
from sim.classroom.lessons import FOLDER, Experiment, Lesson, shelf
from sim.measures.intervals import mean_interval
from sim.simulate import run_many

POINTS = 17
FIRMS = 400
SEED = 2024


def curve(lesson: Lesson, experiment: Experiment, firms: int) -> list[list[object]]:
    """Measure rows of a curve: measure, condition, x, mean, low, high, n."""
    rows: list[list[object]] = []
    ask = lesson.change.ask(lesson)
    places = np.linspace(experiment.lever.least, experiment.lever.most, POINTS).round(3)
    windows = [
        Window(measure=m, from_week=experiment.from_week, to_week=experiment.to_week) for m in experiment.measures
    ]
    for condition in experiment.conditions:
        base = None
        for x in places:
            values = {**ask.set, **condition.set, experiment.lever.name: float(x)}
            batch = run_many(ask.model_copy(update={"set": values}).build(), firms, SEED, with_departments=False)
            base = base or batch
            for window in windows:
                gap = per_firm(batch, window) - per_firm(base, window)
                numbers = mean_interval(gap) if batch is not base else (0.0, 0.0, 0.0)
                row = [f"{v + 0.0:.5f}" for v in numbers]
                rows.append([window.measure, condition.label, float(x), *row, int((~np.isnan(gap)).sum())])
    return rows


def write_curve(lesson: Lesson, experiment: Experiment) -> None:
    """Measure an experiment's curve and write it beside its lesson."""
    with (FOLDER / experiment.curve).open("w", encoding="utf-8", newline="") as stream:
        stream.write(
            f"# experiments/lesson_curves.py, lesson {lesson.key}, seed {SEED}: differences to the lowest position\n"
        )
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["measure", "condition", "x", "mean", "low", "high", "n"])
        writer.writerows(curve(lesson, experiment, FIRMS))


def main() -> int:
    """Measure, and write unless told to check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few firms, nothing written")
    parser.add_argument("--check", action="store_true", help="nothing written; status 1 if a lesson is not true")
    parser.add_argument("lessons", nargs="*", help="keys; all if none is given")
    options = parser.parse_args()
    wrong = 0
    for key, (lesson, _) in shelf().items():
        if options.lessons and key not in options.lessons:
            continue
        if lesson.experiment is not None and options.quick:
            curve(lesson, lesson.experiment, 4)
        elif lesson.experiment is not None and not options.check:
            write_curve(lesson, lesson.experiment)
        pairs = run_pairs(*lesson.firms, 20 if options.quick else 200)
        seed = typical_seed(lesson, pairs)
        print(f"{key}: seed {lesson.seed}, typical {seed}")
        if options.quick:
            continue
        if seed is not None and seed != lesson.seed and not options.check:
            path = FOLDER / f"{key}.toml"
            path.write_text(re.sub(r"(?m)^seed = \d+$", f"seed = {seed}", path.read_text(encoding="utf-8"), count=1))
            lesson = lesson.model_copy(update={"seed": seed})
        for said in (*faults(lesson, pairs), *puzzle_faults(lesson)):
            wrong += 1
            print(f"  {said}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())

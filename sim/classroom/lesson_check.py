"""Whether a lesson is true: its claims over many pairs, the pair on its page, the order of its chain, and a typical seed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.classroom.chain import EDGES, NEVER
from sim.classroom.lesson_claims import PAIRS, Pairs, findings, read, run_pairs, shows
from sim.classroom.lessons import Lesson, Puzzle
from sim.classroom.levers import standing_of
from sim.measures.intervals import wilson

NEW_FIRMS = 400
"""Firms of another seed on which a puzzle's solution must solve it."""
NEW_SEED = 4242


def evidence(lesson: Lesson, pairs: int = PAIRS) -> dict[str, Any]:
    """Return what a page shows as evidence: findings, and how large a difference must be to stand out from luck."""
    run = run_pairs(*lesson.firms, pairs)
    return {"findings": [found._asdict() for found in findings(run, lesson.claims)], "noise": run.noise}


def typical_seed(lesson: Lesson, pairs: Pairs) -> int | None:
    """Return the seed of the pair that the page shows, by rule; None if no pair shows what the lesson says.

    Of the pairs in which every claim that is to be shown can be seen, and the chain is told in order, it is the one
    nearest to the median pair: with the least sum, over the claims that compare, of |difference - median| in standard
    deviations of the difference.
    """
    shown = _shown(lesson, pairs)
    fit = np.array([not any(_wrong_in(lesson, pairs, i, shown)) for i in range(len(pairs.base))])
    if not fit.any():
        return None
    distance = np.zeros(len(fit))
    for claim in lesson.claims:
        if claim.expect in ("higher", "lower", "same") and claim.measure != "closed":
            gap = pairs.differences(claim)
            spread = float(np.nanstd(gap))
            if spread > 0:
                distance += np.nan_to_num(np.abs(gap - np.nanmedian(gap)) / spread, nan=10.0)
    return int(np.argmin(np.where(fit, distance, np.inf)))


def faults(lesson: Lesson, pairs: Pairs) -> list[str]:
    """Return everything that a lesson says and the model does not, in words; empty if it is true.

    Checked are: each claim over all pairs with its interval; on the pair of the lesson's seed each claim to be shown,
    each link of the chain in a direction for which the lesson has words, no effect before all its causes; and over all
    pairs that a link goes more often in that direction than in the other.
    """
    wrong = [
        f"claim {f.name} is {f.verdict}: {f.text} ({f.low} to {f.high})"
        for f in findings(pairs, lesson.claims)
        if f.verdict != "holds"
    ]
    if lesson.seed >= len(pairs.base):
        return [*wrong, f"seed {lesson.seed} must be below {len(pairs.base)}"]
    wrong += _wrong_in(lesson, pairs, lesson.seed, _shown(lesson, pairs))
    for link in lesson.why.links:
        weeks, up = pairs.first_weeks(link.measure)
        lit = weeks != NEVER
        if not lit.any():
            wrong.append(f"link {link.measure} lights up in no pair")
            continue
        for words, said in (("up", link.up), ("down", link.down)):
            other = link.down if words == "up" else link.up
            right = int((up[lit] if words == "up" else ~up[lit]).sum())
            if said and not other and wilson(right, int(lit.sum()))[0] <= 0.5:
                wrong.append(f"link {link.measure} goes {words} in {right} of {int(lit.sum())} pairs only")
    return wrong


def puzzle_start(lesson: Lesson, puzzle: Puzzle) -> dict[str, float]:
    """Return where the page's sliders stand before anybody has moved them: as in the firm, as far as they reach."""
    standing = standing_of((lesson.base if puzzle.boat == "base" else lesson.change).ask(lesson))
    given = {name: float(value) for name, value in puzzle.set.items()}
    return {s.name: min(max(given.get(s.name, standing[s.name]), s.least), s.most) for s in puzzle.levers}


def puzzle_faults(lesson: Lesson) -> list[str]:
    """Return what is wrong with a puzzle: solved from the start, or not by its solution on the firms of a try and new ones."""
    puzzle = lesson.puzzle
    if puzzle is None:
        return []
    wrong = []
    start = puzzle_start(lesson, puzzle)
    for name, values, firms, seed, wanted in (
        ("the start", start, 40, 1000, False),
        ("the solution", puzzle.solution, 40, 1000, True),
        ("the solution on new firms", puzzle.solution, NEW_FIRMS, NEW_SEED, True),
        ("the start on new firms", start, NEW_FIRMS, NEW_SEED, False),
    ):
        found = read(lesson.attempt(values), puzzle, firms, seed)
        if puzzle.reached(found.mean) != wanted:
            wrong.append(
                f"{name} {'does not solve' if wanted else 'solves'} it: {found.mean}, goal {puzzle.reach} {puzzle.goal}"
            )
    wrong += [
        f"the solution's {s.name} is beyond the slider"
        for s in puzzle.levers
        if not s.least <= puzzle.solution[s.name] <= s.most
    ]
    return wrong


def _shown(lesson: Lesson, pairs: Pairs) -> dict[str, NDArray[np.bool_]]:
    return {claim.name: shows(claim, pairs) for claim in lesson.claims}


def _wrong_in(lesson: Lesson, pairs: Pairs, i: int, shown: dict[str, NDArray[np.bool_]]) -> Iterator[str]:
    """Yield what one pair does not show."""
    for claim in lesson.claims:
        share = claim.measure == "closed" and claim.expect == "between"  # which no single pair can show
        if claim.shown and not share and not shown[claim.name][i]:
            yield f"the pair of seed {i} does not show: {claim.text}"
    first: dict[str, int] = {}
    for link in lesson.why.links:
        weeks, up = pairs.first_weeks(link.measure)
        if weeks[i] == NEVER:
            yield f"link {link.measure} does not light up with seed {i}"
        elif not (link.up if up[i] else link.down):
            yield f"link {link.measure} goes {'up' if up[i] else 'down'} with seed {i}, for which there are no words"
        else:
            first[link.measure] = int(weeks[i])
    for effect, week in first.items():
        causes = [first[a] for a, b in EDGES if b == effect and a in first]
        if effect not in lesson.why.starts and not any(cause <= week for cause in causes):
            yield f"link {effect} lights up in week {week} with seed {i}, before all its causes"

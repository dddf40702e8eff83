"""Do the claims survive if people talk one after the other, in an order drawn anew each week, and not all at once?

The order in which agents act is a choice of the modeller's, and results have hung on it before (Huberman & Glance 1993). The
headline contrast of every claim is made twice with the same luck: with the engine, where people talk all at once from last
week's beliefs, and with the plain Mesa model, where they talk in turn. Stated before the run: a claim survives
if both readings are the same, or if the effect in turn lies within the 95 % interval of the effect together. Run with
``uv run python experiments/talk_in_turn.py [--quick] [-j 2] [C01 ...]``.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.claims.claim import claim_files, load_claim, of_contrast
from sim.claims.figure_spec import plain
from sim.claims.laboratory import Lab
from sim.claims.people_lost import COS60, Floats, lost_share
from sim.measures.contrast import Contrast
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.scenario import Scenario
from sim.simulate import Batch, department_names

if TYPE_CHECKING:
    from sim.reference import ReferenceFirm

ROOT = Path(__file__).resolve().parents[1]
MOST_PEOPLE = 100
"""The plain model needs a tenth of a millisecond for each person and week; larger firms are not tried."""


class NotTriedError(Exception):
    """The plain model cannot make a contrast; the message says why."""


class Small(Lab):
    """A lab with the same few replicates for everything, and ends of grids only."""

    def __init__(self, replicates: int, workers: int) -> None:
        super().__init__(quick=True, workers=workers)
        self.replicates = replicates

    def n(self, full: int, quick: int) -> int:  # noqa: ARG002
        """Return the number of replicates, whatever is asked for."""
        return self.replicates


class Plain(Small):
    """A lab that runs the plain model, in which people may talk in turn."""

    def __init__(self, replicates: int, workers: int, talk: Literal["together", "in turn"] = "in turn") -> None:
        super().__init__(replicates, workers)
        self.talk: Literal["together", "in turn"] = talk
        self.plain_runs = 0
        self._made: dict[str, Batch] = {}

    def run(self, changes: Mapping[str, object] | None, n: int, departments: bool = False) -> Batch:
        """Return replicates of the plain model; it keeps no series of departments."""
        if departments:
            raise NotTriedError("it looks at series of departments, which the plain model does not keep")
        scenario = self.scenario(changes)
        if scenario.hash not in self._made:
            self._made[scenario.hash] = self._all(scenario, n, ())[0]
        return self._made[scenario.hash]

    def lost(
        self, changes: Mapping[str, object] | None, n: int, weeks: Sequence[int], without: int | None = None
    ) -> Floats:
        """Return the share of people lost outside a department, as `Lab.lost`."""
        return lost_share(*self._all(self.scenario(changes), n, sorted(set(weeks)))[1:], without)

    def _all(self, scenario: Scenario, n: int, weeks: Sequence[int]) -> tuple[Batch, Floats, Floats]:
        if scenario.posts > MOST_PEOPLE:
            raise NotTriedError(
                f"it needs firms of {scenario.posts} people; the plain model is for {MOST_PEOPLE} at most"
            )
        jobs = [(scenario, self.seed, replicate, tuple(weeks), self.talk) for replicate in range(n)]
        if self.workers == 1:
            done = [lived(job) for job in jobs]
        else:
            with ProcessPoolExecutor(self.workers, mp_context=get_context("spawn")) as pool:
                done = list(pool.map(lived, jobs))
        self.runs += n
        self.plain_runs += n
        names = department_names(scenario)
        closed, series, lost, there = (np.array(part) for part in zip(*done, strict=True))
        nothing = np.empty((n, 0, len(names), len(DEPARTMENT_SERIES)))
        return Batch(scenario, self.seed, np.arange(n), closed, series, nothing), lost, there


def lived(
    job: tuple[Scenario, int, int, tuple[int, ...], Literal["together", "in turn"]],
) -> tuple[int, Floats, Floats, Floats]:
    """Return of one run of the plain model: the week of closing or -1, series (weeks, measures), people lost and there (weeks, departments)."""
    from sim.reference import ReferenceFirm

    scenario, seed, replicate, weeks, talk = job
    count = len(department_names(scenario))
    lost, there = np.full((2, len(weeks), count), np.nan)

    class Watched(ReferenceFirm):
        def record(self) -> None:
            """Note the week, and who is lost in it."""
            super().record()
            if self.week in weeks:
                lost[weeks.index(self.week)], there[weeks.index(self.week)] = count_lost(self, count)

    firm = Watched(scenario, seed, replicate, talk=talk)
    while firm.closed is None and firm.week < scenario.weeks:
        firm.step()
    series = np.full((scenario.weeks, len(SERIES)), np.nan)
    for j, name in enumerate(SERIES):
        series[: len(firm.series[name]), j] = firm.series[name]
    return -1 if firm.closed is None else firm.closed, series, lost, there


def count_lost(firm: ReferenceFirm, departments: int) -> tuple[Floats, Floats]:
    """Return by department who is misaligned or disengaged, and who is at work, as `sim.claims.people_lost` counts them."""
    lost, there = np.zeros((2, departments))
    for person in firm.people_at_work:
        d = firm.departments.index(person.department)
        there[d] += 1
        off = person.rowing @ firm.founder.vision < COS60
        lost[d] += off or person.engagement <= firm.parameters.mood.threshold
    return lost, there


def survives(together: Contrast, in_turn: Contrast) -> bool:
    """Return whether a claim survives, by the criterion stated on top."""
    return together.reading == in_turn.reading or together.low <= in_turn.effect <= together.high


def tried(claim: str, path: Path, together: Small, in_turn: Plain) -> dict[str, Any]:
    """Return what a claim's headline says either way, as plain data."""
    module = load_claim(path)
    row: dict[str, Any] = {"id": claim, "title": module.CLAIM.title}
    try:
        there: Contrast = module.headline(in_turn)
    except NotTriedError as why:
        return row | {"not_tried": str(why)}
    if in_turn.runs != in_turn.plain_runs:
        return row | {"not_tried": "it steps the engine itself, and looks inside its runs"}
    here: Contrast = module.headline(together)
    found: dict[str, Any] = plain(
        {
            "survives": survives(here, there),
            "together": of_contrast(here) | {"says": str(here)},
            "in_turn": of_contrast(there) | {"says": str(there)},
        }
    )
    return row | found


def page(rows: Sequence[Mapping[str, Any]], replicates: int) -> str:
    """Return the table as a page."""
    done = [row for row in rows if "survives" in row]
    kept = sum(row["survives"] for row in done)
    lines = [
        "# Do the claims survive if people talk in turn?",
        "",
        f"{kept} of {len(done)} headline contrasts that could be tried do. People talk all at once from last week's beliefs "
        "(engine), or one after the other in an order drawn anew each week (the plain model of the tests), with the same luck: "
        f"replicates 0 to {replicates - 1} of seed 0, 95 % intervals as the claim's own. With so few replicates many readings "
        'are "not shown" either way; the table compares the two orders, the ledger has the verdicts. A contrast survives if '
        "both readings are the same, or if the effect in turn lies within the interval of the effect together; stated before the run.",
        "",
        "| claim | headline | together | in turn | survives |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        if "not_tried" in row:
            lines.append(f"| {row['id']} | {row['title']} | | | not tried: {row['not_tried']} |")
        else:
            a, b = row["together"], row["in_turn"]
            lines.append(
                f"| {row['id']} | {a['name']} | {a['says']} ({a['reading']}, n = {a['n']}) | {b['says']} ({b['reading']}, n = {b['n']}) "
                f"| {'yes' if row['survives'] else 'no'} |"
            )
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Try the claims asked for and write ``results/talk_in_turn``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", nargs="*", help="which claims; left out: all")
    parser.add_argument("--quick", action="store_true", help="6 replicates in place of 16")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="runs at the same time")
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "results" / "talk_in_turn")
    given = parser.parse_args(arguments)
    replicates = 6 if given.quick else 16
    files = claim_files()
    rows = []
    for claim in given.claims or files:
        start = time.perf_counter()
        rows.append(tried(claim, files[claim], Small(replicates, given.jobs), Plain(replicates, given.jobs)))
        said = rows[-1].get("not_tried") or ("survives" if rows[-1]["survives"] else "does not survive")
        print(f"{claim}  {said}  ({time.perf_counter() - start:.0f} s)", flush=True)
    given.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    (given.out / "contrasts.json").write_text(text, encoding="utf-8")
    (given.out / "README.md").write_text(page(rows, replicates), encoding="utf-8")


if __name__ == "__main__":
    main()

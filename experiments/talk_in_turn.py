"""Do the headlines survive if people talk one after the other, in an order drawn anew each week, and not all at once?

The order in which agents act is a choice of the modeller's, and results have hung on it before (Huberman & Glance 1993). The
headline of every claim is made twice with the same firms and the same luck: with the engine, where people talk all at once
from last week's beliefs, and with the plain Mesa model, where they talk in turn. Stated before the run: a headline survives if
the effect in turn lies within the 99 % interval of the effect together, or if both intervals lie on the same side of 0. Run with
``uv run python experiments/talk_in_turn.py [-n 12] [-j 2] [C01 ...]``.
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

from sim.claims.arms import Firm, whole_scenario
from sim.claims.claim import load_module, of_estimate, plain
from sim.claims.criteria import Claim, claim_ids, read_claim
from sim.claims.estimate import Estimate, mean_of
from sim.claims.figure import number
from sim.claims.laboratory import Block, Floats, Lab, Runs
from sim.claims.ledger import FULL, fitted_population, prepared_lab
from sim.claims.observe import OBSERVED, TENURES
from sim.claims.outcomes import FROM_SERIES, values_of
from sim.measures.series import DEPARTMENT_SERIES, SERIES
from sim.scenario import Scenario

if TYPE_CHECKING:
    from sim.reference import ReferenceFirm

Talk = Literal["together", "in turn"]
ROOT = Path(__file__).resolve().parents[1]
MOST_PEOPLE = 100
"""The plain model needs a tenth of a millisecond for each person and week; larger firms are not tried."""
KEPT = {*FROM_SERIES, "worth", "alive", "margin", "lost_outside"}
"""Outcomes for which the plain model keeps what they need."""
HALF = 0.5


def not_tried(claim: Claim) -> str:
    """Return why the plain model cannot make a claim's headline; nothing if it can."""
    head = claim.headline
    if head.outcome not in KEPT:
        return f"it looks at {head.outcome or head.measure}, which the plain model does not keep"
    sizes = [
        claim.arms[a].get("headcount") or claim.firms.get(claim.arms[a].get("firm", ""), {}).get("headcount", 0)
        for a in head.weights
    ]
    if max(sizes) > MOST_PEOPLE:
        return f"it needs firms of {max(sizes)} people; the plain model is for {MOST_PEOPLE} at most"
    return ""


def lived(job: tuple[Scenario, int, int, Talk]) -> tuple[int, Floats, Floats]:
    """Return of one run of the plain model: week of closing or -1, series (weeks, measures), lost and there (weeks, departments, 2)."""
    from sim.reference import ReferenceFirm

    scenario, seed, replicate, talk = job
    counts: list[Floats] = []

    class Watched(ReferenceFirm):
        def record(self) -> None:
            """Note the week, and who is lost in it."""
            super().record()
            if self.week >= 0:
                counts.append(count_lost(self))

    firm = Watched(scenario, seed, replicate, talk=talk)
    while firm.closed is None and firm.week < scenario.weeks:
        firm.step()
    series = np.full((scenario.weeks, len(SERIES)), np.nan)
    for j, name in enumerate(SERIES):
        series[: len(firm.series[name]), j] = firm.series[name]
    most = max(len(c) for c in counts)
    lost = np.zeros((scenario.weeks, most, 2))
    for week, count in enumerate(counts[-len(firm.series["thrust"]) :]):
        lost[week, : len(count)] = count
    return -1 if firm.closed is None else firm.closed, series, lost


def count_lost(firm: ReferenceFirm) -> Floats:
    """Return by department how many people are lost and how many are there, as `sim.claims.observe` counts them."""
    counts = np.zeros((len(firm.departments), 2))
    for person in firm.people_at_work:
        d = firm.departments.index(person.department)
        counts[d, 1] += 1
        off = person.rowing @ firm.founder.vision < HALF
        counts[d, 0] += off or person.engagement <= firm.parameters.mood.threshold
    return counts


def runs_of(done: Sequence[tuple[int, Floats, Floats]], firms: Sequence[Firm]) -> Runs:
    """Return runs of the plain model as the laboratory keeps them."""
    closed, series, counts = (np.array(part) for part in zip(*done, strict=True))
    shape = counts.shape[:3]
    nothing = np.full((*shape[:2], len(OBSERVED)), np.nan)
    departments = np.full((*shape, len(DEPARTMENT_SERIES)), np.nan)
    return Runs(closed, series, departments, nothing, counts, np.zeros((shape[0], TENURES, 2)), firms)


def made(claim: Claim, lab: Lab, pairs: int, workers: int, talk: Talk) -> Floats:
    """Return the headline of each pair, run by the plain model."""
    base = lab.population.base.replace({"weeks": claim.horizon})
    formulas = getattr(load_module(claim.id), "FORMULAS", {})
    arms, week = {}, np.zeros(0, np.int64)
    for name in claim.headline.weights:
        seats = lab.seatings(claim, name, range(pairs), formulas)
        jobs = [(whole_scenario(base, seat), lab.seed, i, talk) for i, (seat, _) in enumerate(seats)]
        week = np.array([firm.week for _, firm in seats])
        if workers == 1:
            done = [lived(job) for job in jobs]
        else:
            with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
                done = list(pool.map(lived, jobs))
        arms[name] = runs_of(done, [firm for _, firm in seats])
    firms = next(iter(arms.values())).firms
    names = [d.name for d in lab.population.base.departments]
    turned = np.array([min(int(firm.luck.turned * len(names)), len(names) - 1) for firm in firms])
    drawn = lab.population.firms(0, pairs)
    block = Block(np.arange(pairs), drawn, week, turned, claim.horizon, arms, lambda _: next(iter(arms.values())))
    return values_of(claim.headline, block)


def by_engine(claim: Claim, lab: Lab, pairs: int) -> Floats:
    """Return the headline of the same pairs, run by the engine, where people talk all at once."""
    formulas = getattr(load_module(claim.id), "FORMULAS", {})
    found = lab.gather(
        claim,
        list(claim.headline.weights),
        pairs,
        lambda b: {"headline": values_of(claim.headline, b)},
        formulas=formulas,
        first=0,
    )
    return found["headline"]


def survives(together: Estimate, in_turn: Estimate) -> bool:
    """Return whether a headline survives, by the criterion stated on top."""
    low, high = together.t
    same = (low > 0 and in_turn.t[0] > 0) or (high < 0 and in_turn.t[1] < 0)
    return same or low <= in_turn.effect <= high


def tried(identity: str, lab: Lab, pairs: int, workers: int) -> dict[str, Any]:
    """Return what a claim's headline says either way, as plain data."""
    claim = read_claim(identity)
    row: dict[str, Any] = {"id": identity, "title": claim.title, "says": claim.headline.says}
    why = not_tried(claim)
    if why:
        return row | {"not_tried": why}
    together = mean_of(by_engine(claim, lab, pairs))
    in_turn = mean_of(made(claim, lab, pairs, workers, "in turn"))
    found: dict[str, Any] = plain(
        {"survives": survives(together, in_turn), "together": of_estimate(together), "in_turn": of_estimate(in_turn)}
    )
    return row | found


def page(rows: Sequence[Mapping[str, Any]], pairs: int) -> str:
    """Return the table as a page."""
    done = [row for row in rows if "survives" in row]
    lines = [
        "# Do the claims survive if people talk in turn?",
        "",
        f"{sum(row['survives'] for row in done)} of {len(done)} headlines that could be tried do. People talk all at once from last week's "
        "beliefs (engine), or one after the other in an order drawn anew each week (the plain model), in the same firms with the same luck: "
        f"pairs 0 to {pairs - 1} of the ledger, 99 % t intervals. With so few pairs most intervals are wide; the table compares the two orders, the "
        "ledger has the verdicts. A headline survives if the effect in turn lies within the interval of the effect together, or if both intervals "
        "lie on the same side of 0; stated before the run.",
        "",
        "| claim | headline | together | in turn | survives |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        if "not_tried" in row:
            lines.append(f"| {row['id']} | {row['says']} | | | not tried: {row['not_tried']} |")
        else:
            both = [
                f"{number(e['effect'])} [{number(e['t'][0])}, {number(e['t'][1])}], n {e['n']}"
                for e in (row["together"], row["in_turn"])
            ]
            lines.append(
                f"| {row['id']} | {row['says']} | {both[0]} | {both[1]} | {'yes' if row['survives'] else 'no'} |"
            )
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Try the claims asked for and write ``results/talk_in_turn``."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("claims", nargs="*", help="which claims; left out: the 24 of the first family")
    parser.add_argument("-n", "--pairs", type=int, default=12, help="pairs for each claim")
    parser.add_argument("-j", "--jobs", type=int, default=2, help="runs at the same time")
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "results" / "talk_in_turn")
    given = parser.parse_args(arguments)
    lab = prepared_lab(fitted_population(0), FULL, 0, given.jobs)
    rows = []
    for identity in given.claims or [i for i in claim_ids() if i.startswith("C")]:
        start = time.perf_counter()
        rows.append(tried(identity, lab, given.pairs, given.jobs))
        said = rows[-1].get("not_tried") or ("survives" if rows[-1]["survives"] else "does not survive")
        print(f"{identity}  {said}  ({time.perf_counter() - start:.0f} s)", flush=True)
    given.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(rows, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
    (given.out / "contrasts.json").write_text(text, encoding="utf-8")
    (given.out / "README.md").write_text(page(rows, given.pairs), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Fit a population of small firms to what is measured about them, by history matching.

``uv run python experiments/facts/fit.py -j 2`` reruns the whole fit: waves of settings of the population (medians, spreads
and constants), each run with firms that keep their ranks and luck from setting to setting; an emulator for each fact; what
it rules out is not tried again. The settings that remain are run once more with fresh firms and fresh luck. Written are
``results/facts/fit.json`` (every setting that was tried and its facts), ``scenarios/births.csv`` and
``scenarios/population.csv`` (joint draws: firms of the settings that remain) and the parameters of the medoid firm.
``--without people.forgetting`` holds a mechanism off and says what is missed then.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from sim.facts.cohorts import Cohorts
from sim.facts.fitted import FITTED
from sim.facts.history_matching import badness, distance, fit, next_wave, plausible
from sim.facts.population import FIXED, SETTING, firms_of, ranks
from sim.facts.table import BIRTHS, write

Floats = NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[2]
TARGET = np.array([f.target for f in FITTED])
SD = np.array([f.sd for f in FITTED])
NAMES = list(SETTING)
FINAL_FIRMS = 300
FIRMS_EACH = 256
"""Firms of each remaining setting that the shipped table takes."""
MOST_SETTINGS = 24


def facts_at(u: Floats, firms: int, seed: int, first: int, off: Sequence[str]) -> Floats:
    """Return the fitted facts of a population at one setting, given as shares of the ranges."""
    setting = {name: float(SETTING[name].at(u[i])) for i, name in enumerate(NAMES)}
    table = firms_of(setting, ranks(firms, seed))
    for name in off:
        table[name] = np.zeros(firms)
    cohorts = Cohorts(table, seed, 1, first)
    return np.array([fact.measure(cohorts) for fact in FITTED])


def wave(us: Floats, firms: int, seed: int, first: int, off: Sequence[str], pool: ProcessPoolExecutor) -> Floats:
    """Return the facts at many settings, (settings, facts)."""
    jobs = [pool.submit(facts_at, u, firms, seed, first, tuple(off)) for u in us]
    return np.array([job.result() for job in jobs])


def search(
    waves: Sequence[tuple[int, int]], off: Sequence[str], pool: ProcessPoolExecutor, seed: int
) -> tuple[Floats, Floats, Floats]:
    """Return all settings that were tried, their facts and the number of firms each was run with."""
    rng = np.random.default_rng(seed)
    size, firms = waves[0]
    us = qmc.LatinHypercube(len(NAMES), rng=rng).random(size)
    facts, many = wave(us, firms, 1, 0, off, pool), np.full(size, float(firms))
    _tell(0, us, facts, many)
    for k, (size, firms) in enumerate(waves[1:], 1):
        z = distance(facts, TARGET, SD)
        near = np.exp(-0.5 * np.clip(badness(z), 0, 6))
        emulator = fit(us, facts, many * near)
        new = next_wave(emulator, us, badness(z), TARGET, SD, size, rng)
        us, facts = np.vstack([us, new]), np.vstack([facts, wave(new, firms, 1, 0, off, pool)])
        many = np.append(many, np.full(size, float(firms)))
        _tell(k, us, facts, many)
    return us, facts, many


def _tell(k: int, us: Floats, facts: Floats, many: Floats) -> None:
    z = distance(facts, TARGET, SD)
    best = int(np.argmin(badness(z)))
    kept = int((plausible(z) & (many >= 100)).sum())
    worst = [FITTED[i].id for i in np.argsort(-z[best])[:3]]
    print(
        f"wave {k}: {len(us)} settings, {kept} not ruled out; best: worst {z[best].max():.2f} sd, "
        f"{(z[best] <= 2).sum()} of {len(FITTED)} within 2 sd; worst facts {', '.join(worst)}",
        flush=True,
    )


def main() -> None:
    """Run the fit."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("-j", "--jobs", type=int, default=2)
    parser.add_argument("--quick", action="store_true", help="small waves, nothing shipped")
    parser.add_argument("--without", nargs="*", default=[], metavar="PARAMETER", help="hold these at 0")
    parser.add_argument("-o", "--out", type=Path, default=ROOT / "results" / "facts")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ship", action="store_true", help="only write the tables again, from results/facts/fit.json")
    given = parser.parse_args()
    if given.ship:
        ship(given.out / "fit.json", given.seed)
        return
    waves = [(60, 40), (40, 60)] if given.quick else [(400, 64), (200, 64), (200, 96), (200, 128), (150, 200)]
    start = time.perf_counter()
    with ProcessPoolExecutor(given.jobs, mp_context=get_context("spawn")) as pool:
        us, facts, _ = search(waves, given.without, pool, given.seed)
        z = distance(facts, TARGET, SD)
        order = np.argsort(badness(z))[: 10 if given.quick else 48]
        fresh = wave(us[order], 60 if given.quick else FINAL_FIRMS, 2, 100_000, given.without, pool)
    fresh_z = distance(fresh, TARGET, SD)
    rank = np.argsort(badness(fresh_z))
    kept = [int(i) for i in rank if plausible(fresh_z[i : i + 1])[0]][:MOST_SETTINGS] or [int(i) for i in rank[:8]]
    given.out.mkdir(parents=True, exist_ok=True)
    name = "fit.json" if not given.without else f"fit-without-{'-'.join(given.without)}.json"
    record = {
        "facts": [f.id for f in FITTED],
        "hyper": {n: [h.low, h.high] for n, h in SETTING.items()},
        "without": given.without,
        "waves": waves,
        "tried": len(us),
        "fresh_firms": FINAL_FIRMS,
        "kept": [
            {
                "setting": {n: float(f"{float(SETTING[n].at(us[order[i]][j])):.4g}") for j, n in enumerate(NAMES)},
                "z": [round(float(v), 2) for v in ((fresh[i] - TARGET) / SD)],
            }
            for i in kept
        ],
        "not_ruled_out": int(plausible(fresh_z).sum()),
        "minutes": round((time.perf_counter() - start) / 60, 1),
    }
    (given.out / name).write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    for fact, row in zip(FITTED, ((fresh[kept] - TARGET) / SD).T, strict=True):
        print(
            f"{fact.id:5} {fact.text:60} median z {np.nanmedian(row):+.2f}, from {np.nanmin(row):+.2f} to {np.nanmax(row):+.2f}"
        )
    if not given.quick and not given.without:
        ship(given.out / name, given.seed)
    print(f"{record['minutes']} minutes")


def ship(record: Path, seed: int) -> None:
    """Write the joint draws, firms of the settings that remain, and say which firm is the medoid."""
    settings = [kept["setting"] for kept in json.loads(record.read_text(encoding="utf-8"))["kept"]]
    tables = [firms_of(setting, ranks(FIRMS_EACH, seed + 1000 + k)) for k, setting in enumerate(settings)]
    firms = {name: np.concatenate([table[name] for table in tables]) for name in tables[0] if name not in FIXED}
    order = np.random.default_rng(seed).permutation(len(firms["headcount"]))
    firms = {name: values[order] for name, values in firms.items()}
    write(firms, ROOT / "scenarios" / BIRTHS)
    write(firms, ROOT / "scenarios" / "population.csv", leave_out=("money.buffer",))
    matrix = np.column_stack(list(firms.values()))
    spread = matrix.std(axis=0)
    scaled = (matrix - np.median(matrix, axis=0))[:, spread > 0] / spread[spread > 0]
    gaps = [float(np.abs(scaled - row).sum()) for row in scaled]
    medoid = int(np.argmin(gaps))
    print("medoid firm:", {name: float(f"{values[medoid]:.4g}") for name, values in firms.items()})


if __name__ == "__main__":
    main()

"""The whole ledger: levels first, then one claim after the other, each judged with its family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sim.claims.claim import entry_of, load_module, write_entry
from sim.claims.laboratory import Lab
from sim.claims.levels import Levels, levels_of, write_levels
from sim.claims.population import Population
from sim.claims.trial import QUICK, Size, try_claim
from sim.claims.unmoved import with_means

POPULATION = "population"
"""The scenario whose firms claims are tried on."""


@dataclass(frozen=True)
class Scale:
    """How large a ledger is: firms for percentiles, unmoved firms for means, and the size of each claim."""

    firms: int
    unmoved: int
    claim: Size


FULL = Scale(4096, 2000, Size())
SMALL = Scale(512, 64, QUICK)


def scale_of(quick: bool, budget: float) -> Scale:
    """Return the quick scale, or the full one with a budget of person-weeks for the pairs of each claim."""
    return SMALL if quick else replace(FULL, claim=replace(FULL.claim, budget=budget))


def fitted_population(seed: int) -> Population:
    """Return the population that was fitted to facts, as it is shipped."""
    from sim.claims.population import of_scenario
    from sim.scenario import load

    return of_scenario(load(POPULATION), seed)


def prepared_lab(population: Population, scale: Scale, seed: int = 0, workers: int = 1) -> Lab:
    """Return a lab with its table of levels and the means of unmoved firms."""
    lab = Lab(population, levels_of(population, scale.firms), seed, workers)
    levels: Levels = with_means(lab, scale.unmoved)
    return Lab(population, levels, seed, workers, runs=lab.runs)


def run_claims(
    ids: Sequence[str],
    lab: Lab,
    scale: Scale,
    place: Path,
    tell: Callable[[str, dict[str, Any]], None] | None = None,
) -> None:
    """Try claims, one after the other, and write each entry as soon as it is there.

    Parameters
    ----------
    ids
        Such as C01.
    lab
        See `prepared_lab`.
    scale
        How much is run.
    place
        Folder.
    tell
        Called with each claim's id and entry.
    """
    place.mkdir(parents=True, exist_ok=True)
    for identity in ids:
        trial = try_claim(identity, load_module(identity), lab, scale.claim)
        entry = entry_of(trial, lab)
        write_entry(entry, place)
        if tell is not None:
            tell(identity, entry)


def note_levels(lab: Lab, scale: Scale, place: Path) -> None:
    """Write the table of levels."""
    write_levels(lab.levels, place, {"firms": scale.firms, "runs": scale.unmoved, "seed": lab.seed})

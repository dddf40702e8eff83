"""Which parameters fit what was observed: approximate Bayesian computation on a sweep, narrowed by history matching.

1. Points of a Latin hypercube over the plausible ranges are run once each, with luck of their own.
2. A fast stand-in (`sim.company.calibration.emulator`) rules out where any fact is implausible, over three standard deviations of everything
   that is uncertain (Craig et al. 1997; Vernon et al. 2010); a second wave is run where nothing was ruled out.
3. Every run of both waves is weighed by how near its facts are to the observed ones, with the error of observing as the kernel:
   so the weights are exact (Wilkinson 2013), and a single run's luck is in them, as it is in the one firm that was observed. Where
   too few runs are near, the kernel is widened until they are enough, and a local regression corrects for that (Beaumont et al. 2002).
4. The model is run at the posterior with fresh luck: what it predicts is compared with what was observed.

No library for this is needed (pyabc brings a database and a scheduler): no run is rejected, and scipy's designs are here anyway.
What the data do not tell stays as wide as it was, and is said to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.company.calibration.emulator import fit
from sim.company.calibration.facts import Fact, measured
from sim.company.calibration.prior import WHOLE, Prior, prior_of
from sim.company.calibration.result import Calibration, Posterior
from sim.scenario import Scenario
from sim.simulate import run_points

Floats = NDArray[np.float64]
HISTORY = 104
"""Weeks that a firm is let run before it is compared: it is founded in agreement, and has come to be what it is."""
IMPLAUSIBLE = 3.0
SAMPLE = 40_000
ENOUGH = 60
"""Effective number of runs that must carry the posterior; below it the kernel is widened."""
WIDER = 1.15
DRAWS = 200


def history_of(scenario: Scenario) -> Scenario:
    """Return the firm as it was founded: without what a survey says of today, and without what is yet to happen."""
    departments = [d.model_copy(update={"belief": None, "engagement": None}) for d in scenario.departments]
    return scenario.model_copy(update={"departments": tuple(departments), "events": (), "weeks": HISTORY})


def runs_at(
    scenario: Scenario,
    prior: Prior,
    unit: Floats,
    facts: Sequence[str],
    seed: int,
    first: int = 0,
    progress: Callable[[int], None] | None = None,
) -> Floats:
    """Return the facts of one run at each point, (points, facts); run i has replicate number first + i."""
    points = [
        {name: round(v) if name in WHOLE else v for name, v in zip(prior.names, values, strict=True)}
        for values in prior.values(unit).tolist()
    ]
    return measured(run_points(scenario, points, seed, first, progress=progress), facts)


def design(points: int, dimensions: int, seed: int) -> Floats:
    """Return a Latin hypercube in [-1, 1], (points, dimensions)."""
    from scipy.stats import qmc

    return np.asarray(2 * qmc.LatinHypercube(dimensions, rng=seed).random(points) - 1)


@dataclass(frozen=True)
class Sweep:
    """Runs at points: where, what came of them (nan: closed), and how densely the prior was sampled there."""

    unit: Floats
    facts: Floats
    density: Floats


def condition(
    sweep: Sweep, prior: Prior, facts: Sequence[Fact], seed: int, draws: int = DRAWS, plausible: float = 1.0
) -> Posterior:
    """Return the posterior: a sweep's runs, weighed by how near their facts are to the observed ones."""
    open_ = np.isfinite(sweep.facts).all(axis=1)
    unit, seen, density = sweep.unit[open_], sweep.facts[open_], sweep.density[open_]
    observed, sd = np.array([f.value for f in facts]), np.array([f.sd for f in facts])
    off = (seen - observed) / sd
    widened = 1.0
    while True:
        log = -0.5 * (off**2).sum(axis=1) / widened**2
        weight = np.exp(log - log.max()) / density
        weight /= weight.sum()
        effective = float(1 / (weight**2).sum())
        if effective >= ENOUGH or widened > 50:
            break
        widened *= WIDER
    generator = np.random.default_rng(seed)
    # What merely staying open says, before any fact: a fact tells only what goes beyond that.
    alone = 1 / density
    alone /= alone.sum()
    middle = alone @ unit
    open_spread = np.sqrt(alone @ (unit - middle) ** 2)
    told_share = 1 - min(effective * float((alone**2).sum()), 1.0)
    if widened > 1:
        unit = _adjusted(unit, off, weight, widened)
    chosen = unit[generator.choice(len(unit), draws, p=weight)]
    mean = weight @ unit
    spread = np.sqrt((weight[:, None] * (unit - mean) ** 2).sum(axis=0))
    # Few runs carry the posterior: a kernel as wide as their gaps (Silverman's rule), shrunk so that the spread stays what it is.
    width = (4 / (unit.shape[1] + 2) / effective) ** (1 / (unit.shape[1] + 4))
    shrink = 1 / np.sqrt(1 + width**2)
    chosen = mean + shrink * (chosen - mean) + shrink * width * spread * generator.standard_normal(chosen.shape)
    chosen = np.where(np.abs(chosen) > 1, np.sign(chosen) * 2 - chosen, chosen)  # reflected at the ends of the prior
    return Posterior(prior, np.clip(chosen, -1, 1), plausible, effective, widened, open_spread, told_share)


def _adjusted(unit: Floats, off: Floats, weight: Floats, widened: float) -> Floats:
    """Move points along a local regression of parameters on facts, as if the kernel had been no wider than the error of observing.

    On a logit scale, so that nothing leaves the prior.
    """
    ends = np.clip((unit + 1) / 2, 1e-4, 1 - 1e-4)
    logit = np.log(ends / (1 - ends))
    x = np.hstack([np.ones((len(off), 1)), off])
    gram = x.T @ (weight[:, None] * x) + 1e-6 * np.eye(x.shape[1])
    slope = np.linalg.solve(gram, x.T @ (weight[:, None] * logit))[1:]
    moved = logit - (1 - 1 / widened) * off @ slope
    return np.asarray(2 / (1 + np.exp(-np.clip(moved, -12, 12))) - 1)


def calibrate(
    scenario: Scenario,
    facts: Sequence[Fact],
    points: int = 2000,
    seed: int = 0,
    names: Sequence[str] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Calibration:
    """Return the plausible region of a scenario's uncertain parameters.

    Parameters
    ----------
    scenario
        The firm as imported.
    facts
        What was observed of it.
    points
        Runs of the first wave, and of the second at most.
    names
        Parameters taken for uncertain; left out: those that usually are and that matter here.

    Raises
    ------
    ValueError
        If too few simulated firms stay open.
    """
    firm, prior = history_of(scenario), prior_of(scenario, names)
    what = [f.name for f in facts]
    observed, sd = np.array([f.value for f in facts]), np.array([f.sd for f in facts])
    unit = design(points, len(prior.names), seed)
    found = runs_at(firm, prior, unit, what, seed, 0, progress)
    emulator = fit(unit, found)
    sample = np.random.default_rng(seed + 1).uniform(-1, 1, (SAMPLE, len(prior.names)))
    left = emulator.implausibility(sample, observed, sd).max(axis=1) < IMPLAUSIBLE
    share = float(left.mean())
    wave = sample[left][:points]
    if len(wave) >= 100:
        more = runs_at(firm, prior, wave, what, seed, points, progress)
        # Each point could have come from either wave: its density is that of the mixture (the prior's is 1).
        inside = emulator.implausibility(unit, observed, sd).max(axis=1) < IMPLAUSIBLE
        first = points / (points + len(wave))
        there = np.concatenate([inside, np.ones(len(wave), np.bool_)])
        sweep = Sweep(np.vstack([unit, wave]), np.vstack([found, more]), first + (1 - first) / share * there)
    else:
        sweep = Sweep(unit, found, np.ones(points))
    posterior = condition(sweep, prior, facts, seed, plausible=share)
    predicted = runs_at(firm, prior, posterior.unit, what, seed, 10 * points, progress)
    return Calibration(tuple(facts), posterior, predicted, len(sweep.unit) + len(posterior.unit), seed, HISTORY)

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

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.company.calibration.emulator import fit
from sim.company.calibration.facts import Fact, measured
from sim.scenario import Scenario
from sim.scenario.parameters import GROUPS
from sim.simulate import run_points

Floats = NDArray[np.float64]
HISTORY = 104
"""Weeks that a firm is let run before it is compared: it is founded in agreement, and has come to be what it is."""
CANDIDATES = (
    "scarcity", "founder.clarity", "people.incentive", "people.social", "people.turnover", "people.quitting", "work.rework", "mood.strain",
    "market.rivals",
)  # fmt: skip
RANGES = {"scarcity": (0.0, 0.9), "people.turnover": (0.0, 0.012), "people.quitting": (0.0, 0.06)}
"""Ranges where the parameter has none of its own, or the firm could not live at its end (assumed)."""
IMPLAUSIBLE = 3.0
SAMPLE = 40_000
ENOUGH = 60
"""Effective number of runs that must carry the posterior; below it the kernel is widened."""
WIDER = 1.15
MOST_WIDENED = 5.0
"""How much wider than the error of observing the kernel may be before we say that the model cannot give the facts."""
DRAWS = 200
TELLS, HINTS = 0.5, 0.2
"""Shares by which the posterior must be narrower than the prior before we say that the data tell, or hint."""


WHOLE = frozenset(
    f"{g}.{f}" for g, part in GROUPS.items() for f, info in part.model_fields.items() if info.annotation is int
)
"""Parameters that are whole numbers."""


@dataclass(frozen=True)
class Prior:
    """What is uncertain, and between which values (uniform)."""

    names: tuple[str, ...]
    low: Floats
    high: Floats

    def values(self, unit: Floats) -> Floats:
        """Return values of points in [-1, 1]."""
        return self.low + (unit + 1) / 2 * (self.high - self.low)

    def unit(self, values: Floats) -> Floats:
        """Return points in [-1, 1] of values."""
        return 2 * (values - self.low) / (self.high - self.low) - 1


def prior_of(scenario: Scenario, names: Sequence[str] | None = None) -> Prior:
    """Return the prior over parameters that matter in a scenario: uniform over their plausible ranges."""
    if names is None:
        own = all(d.incentive is not None for d in scenario.departments)
        names = [n for n in CANDIDATES if not (own and n == "people.incentive")]
    low, high = [], []
    for name in names:
        ends = RANGES.get(name) or _plausible(name)
        low.append(ends[0])
        high.append(ends[1])
    return Prior(tuple(names), np.array(low, np.float64), np.array(high, np.float64))


def _plausible(name: str) -> tuple[float, float]:
    group, field = name.split(".")
    extra: Any = GROUPS[group].model_fields[field].json_schema_extra
    low, high = extra["range"]
    return float(low), float(high)


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


@dataclass(frozen=True)
class Posterior:
    """What is left of the prior.

    Attributes
    ----------
    unit : (draws, parameters)
        A sample in [-1, 1].
    plausible
        Share of the prior that is not ruled out.
    effective
        Effective number of runs that carry it.
    widened
        How many times wider than the error of observing the kernel had to be.
    """

    prior: Prior
    unit: Floats
    plausible: float
    effective: float
    widened: float

    @property
    def values(self) -> Floats:
        """Sampled parameters, (draws, parameters)."""
        return self.prior.values(self.unit)


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
    return Posterior(prior, np.clip(chosen, -1, 1), plausible, effective, widened)


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


@dataclass(frozen=True)
class Calibration:
    """The outcome of a calibration; see `plain` for what is kept."""

    facts: tuple[Fact, ...]
    posterior: Posterior
    predicted: Floats
    runs: int
    seed: int

    def parameters(self) -> list[dict[str, Any]]:
        """Return prior against posterior, a row for each parameter."""
        rows = []
        values, prior = self.posterior.values, self.posterior.prior
        for i, name in enumerate(prior.names):
            width = float((prior.high[i] - prior.low[i]) / np.sqrt(12))
            told = max(0.0, 1 - float(values[:, i].std()) / width)
            low, middle, high = np.quantile(values[:, i], (0.05, 0.5, 0.95)).tolist()
            says = "the data tell" if told >= TELLS else "the data hint" if told >= HINTS else "the data do not tell"
            rows.append({
                "name": name, "prior_low": float(prior.low[i]), "prior_high": float(prior.high[i]), "low": low, "median": middle, "high": high,
                "narrowed": round(told, 3), "says": says,
            })  # fmt: skip
        return rows

    def checks(self) -> list[dict[str, Any]]:
        """Return the posterior predictive check, a row for each fact: does the firm look like one of those predicted?"""
        rows = []
        generator = np.random.default_rng(self.seed)
        for i, fact in enumerate(self.facts):
            values = self.predicted[:, i]
            values = values[np.isfinite(values)]
            seen = values + fact.sd * generator.standard_normal(values.size)
            low, middle, high = np.quantile(seen, (0.025, 0.5, 0.975)).tolist() if values.size else (np.nan,) * 3
            rows.append({
                "name": fact.name, "observed": fact.value, "sd": fact.sd, "source": fact.source, "low": low, "median": middle, "high": high,
                "n": int(values.size), "fits": bool(values.size and low <= fact.value <= high),
            })  # fmt: skip
        return rows

    def together(self) -> list[tuple[str, str, float]]:
        """Return pairs of parameters of which only the combination is known: correlation beyond 0.4 in the posterior."""
        names = self.posterior.prior.names
        if len(names) < 2:
            return []
        matrix: Floats = np.asarray(np.corrcoef(self.posterior.unit.T), dtype=np.float64).reshape(
            len(names), len(names)
        )
        pairs = [(names[i], names[j], float(matrix[i, j])) for i in range(len(names)) for j in range(i)]
        return sorted((p for p in pairs if abs(p[2]) > 0.4), key=lambda p: -abs(p[2]))[:5]

    def verdict(self) -> str:
        """Return what came of it, in words."""
        far = [c["name"] for c in self.checks() if not c["fits"]]
        told = [p["name"] for p in self.parameters() if p["says"] == "the data tell"]
        hinted = [p["name"] for p in self.parameters() if p["says"] == "the data hint"]
        if not self.usable:
            return "No parameters in their plausible ranges give these facts together: this calibration is not used. Are the facts, and how sure they are, right?"
        text = f"{100 * self.posterior.plausible:.0f} % of the prior is not ruled out."
        if told:
            text += f" The data tell about {', '.join(told)}."
        if hinted:
            text += f" They hint at {', '.join(hinted)}."
        if not told and not hinted:
            text += " The data do not tell any parameter well: what-ifs stay as uncertain as the prior."
        if len(told) + len(hinted) < len(self.posterior.prior.names) and (told or hinted):
            text += " About the others they do not tell."
        if far:
            text += f" The fitted model does not reproduce {', '.join(far)}."
        return text

    @property
    def usable(self) -> bool:
        """Whether anything near the facts was found at all."""
        return self.posterior.widened <= MOST_WIDENED and self.posterior.plausible > 0

    def plain(self) -> dict[str, Any]:
        """Return plain data, without the draws."""
        return {
            "verdict": self.verdict(), "usable": self.usable, "widened": self.posterior.widened, "plausible": self.posterior.plausible, "effective": self.posterior.effective, "runs": self.runs,
            "seed": self.seed, "history": HISTORY, "parameters": self.parameters(), "checks": self.checks(), "together": self.together(),
        }  # fmt: skip


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
    return Calibration(tuple(facts), posterior, predicted, len(sweep.unit) + len(posterior.unit), seed)


def files(calibration: Calibration, scenario: Scenario) -> dict[str, str | bytes]:
    """Return what is kept: a summary and the draws."""
    import io

    stream = io.StringIO(newline="")
    out = csv.writer(stream)
    out.writerow(calibration.posterior.prior.names)
    out.writerows([[f"{v:.6g}" for v in row] for row in calibration.posterior.values.tolist()])
    summary = {"base": scenario.hash, **calibration.plain()}
    return {
        "calibration.json": json.dumps(summary, indent=1, ensure_ascii=False) + "\n",
        "draws.csv": stream.getvalue(),
    }


def stored(folder: Path) -> dict[str, Any] | None:
    """Return the calibration kept in a client folder, or None."""
    try:
        found = json.loads((folder / "calibration" / "calibration.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def stored_draws(folder: Path, most: int = DRAWS) -> list[dict[str, float]]:
    """Return the draws kept in a client folder; none where it was not calibrated or nothing fitted."""
    summary = stored(folder)
    if summary is None or not summary["usable"]:
        return []
    with (folder / "calibration" / "draws.csv").open(encoding="utf-8", newline="") as stream:
        return [{name: float(v) for name, v in row.items()} for row in csv.DictReader(stream)][:most]

"""Which parameters fit what was observed: history matching on a sweep, then the posterior of a fast stand-in.

1. Points of a Latin hypercube over the plausible ranges are run once each, with luck of their own.
2. A stand-in (`sim.company.emulator`) is fitted; points at which any fact is implausible (over three standard deviations) are ruled
   out (Craig et al. 1997; Vernon et al. 2010), and a second wave is run where they are not.
3. The stand-in, fitted anew to what is left, weighs a large sample of the prior; the posterior is drawn from it.
4. The model itself is run at the posterior: what it predicts is compared with what was observed.

No library for approximate Bayesian computation is needed (pyabc draws in a database and a distributed scheduler): the sweep's
runs are all used, none is rejected, and scipy's designs are here anyway. What is not known stays as wide as it was.
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

from sim.company.emulator import Emulator, fit
from sim.company.facts import Fact, measured
from sim.company.paired import with_values
from sim.run import run_many
from sim.scenario import Scenario
from sim.scenario.parameters import GROUPS

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
DRAWS = 200
TELLS, HINTS = 0.5, 0.2
"""Shares by which the posterior must be narrower than the prior before we say that the data tell, or hint."""


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
        if name in RANGES:
            ends = RANGES[name]
        else:
            group, field = name.split(".")
            extra = GROUPS[group].model_fields[field].json_schema_extra
            ends = tuple(extra["range"])  # type: ignore[index, call-overload, assignment]
        low.append(ends[0])
        high.append(ends[1])
    return Prior(tuple(names), np.array(low, np.float64), np.array(high, np.float64))


def history_of(scenario: Scenario) -> Scenario:
    """Return the firm as it was founded: without what a survey says of today, and without what is yet to happen."""
    departments = [d.model_copy(update={"belief": None, "engagement": None}) for d in scenario.departments]
    return scenario.model_copy(update={"departments": tuple(departments), "events": (), "weeks": HISTORY})


def runs_at(
    scenario: Scenario, prior: Prior, unit: Floats, facts: Sequence[str], seed: int, first: int = 0, progress: Callable[[int], None] | None = None
) -> Floats:
    """Return the facts of one run at each point, (points, facts)."""
    found = np.empty((len(unit), len(facts)))
    for i, values in enumerate(prior.values(unit)):
        changed = with_values(scenario, dict(zip(prior.names, values.tolist(), strict=True)))
        found[i] = measured(run_many(changed, [first + i], seed, with_departments=False), facts)[0]
        if progress is not None:
            progress(1)
    return found


def design(points: int, dimensions: int, seed: int) -> Floats:
    """Return a Latin hypercube in [-1, 1], (points, dimensions)."""
    from scipy.stats import qmc

    return np.asarray(2 * qmc.LatinHypercube(dimensions, rng=seed).random(points) - 1)


@dataclass(frozen=True)
class Posterior:
    """What is left of the prior: a sample, how much of the prior was not ruled out, and the effective size of the sample."""

    prior: Prior
    unit: Floats
    plausible: float
    effective: float
    nearest: Floats

    @property
    def values(self) -> Floats:
        """Sampled parameters, (draws, parameters)."""
        return self.prior.values(self.unit)


def condition(emulator: Emulator, prior: Prior, facts: Sequence[Fact], seed: int, draws: int = DRAWS) -> Posterior:
    """Return the posterior under a stand-in, by weighing a sample of the prior.

    `nearest` is the least implausibility of each fact where all facts are as plausible as can be together.
    """
    generator = np.random.default_rng(seed)
    unit = generator.uniform(-1, 1, (SAMPLE, len(prior.names)))
    observed, sd = np.array([f.value for f in facts]), np.array([f.sd for f in facts])
    out = emulator.implausibility(unit, observed, sd)
    worst = out.max(axis=1)
    log = emulator.log_likelihood(unit, observed, sd)
    weight = np.exp(log - log.max())
    weight /= weight.sum()
    # Systematic resampling, then a jitter as wide as the sample's own gaps: no draw stands twice.
    places = (np.arange(draws) + generator.random()) / draws
    chosen = unit[np.minimum(np.searchsorted(weight.cumsum(), places), SAMPLE - 1)]
    spread = np.sqrt(np.maximum(((unit - weight @ unit) ** 2 * weight[:, None]).sum(axis=0), 1e-12))
    effective = float(1 / (weight**2).sum())
    jitter = spread * min(effective, draws) ** (-1 / (len(prior.names) + 4)) * 0.3
    chosen = np.clip(chosen + jitter * generator.standard_normal(chosen.shape), -1, 1)
    generator.shuffle(chosen)
    return Posterior(prior, chosen, float((worst < IMPLAUSIBLE).mean()), effective, out[np.argmin(worst)])


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
                "n": int(values.size), "fits": bool(values.size and low <= fact.value <= high), "implausibility": float(self.posterior.nearest[i]),
            })  # fmt: skip
        return rows

    def together(self) -> list[tuple[str, str, float]]:
        """Return pairs of parameters of which only the combination is known: correlation beyond 0.4 in the posterior."""
        names = self.posterior.prior.names
        if len(names) < 2:
            return []
        matrix = np.corrcoef(self.posterior.unit.T)
        pairs = [(names[i], names[j], float(matrix[i, j])) for i in range(len(names)) for j in range(i)]
        return sorted((p for p in pairs if abs(p[2]) > 0.4), key=lambda p: -abs(p[2]))[:5]

    def verdict(self) -> str:
        """Return what came of it, in words."""
        far = [c["name"] for c in self.checks() if not c["fits"]]
        told = [p["name"] for p in self.parameters() if p["says"] == "the data tell"]
        if self.posterior.plausible < 1e-4:
            worst = max(self.checks(), key=lambda c: c["implausibility"])
            return f"No parameters in their plausible ranges give these facts together; the farthest off is {worst['name']}. Do not use this calibration."
        text = f"{100 * self.posterior.plausible:.0f} % of the prior is not ruled out. "
        text += f"The data tell about {', '.join(told)}." if told else "The data do not tell any parameter well: what-ifs stay as uncertain as the prior."
        if far:
            text += f" The fitted model does not reproduce {', '.join(far)}."
        return text

    def plain(self) -> dict[str, Any]:
        """Return plain data, without the draws."""
        return {
            "verdict": self.verdict(), "plausible": self.posterior.plausible, "effective": self.posterior.effective, "runs": self.runs,
            "seed": self.seed, "history": HISTORY, "parameters": self.parameters(), "checks": self.checks(), "together": self.together(),
        }  # fmt: skip


def calibrate(
    scenario: Scenario, facts: Sequence[Fact], points: int = 1200, seed: int = 0, names: Sequence[str] | None = None, progress: Callable[[int], None] | None = None
) -> Calibration:
    """Return the plausible region of a scenario's uncertain parameters.

    Parameters
    ----------
    scenario
        The firm as imported.
    facts
        What was observed of it.
    points
        Runs of the first wave; the second has half as many.
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
    # The second wave goes where the first one has ruled nothing out.
    many = np.random.default_rng(seed + 1).uniform(-1, 1, (SAMPLE, len(prior.names)))
    left = emulator.implausibility(many, observed, sd).max(axis=1) < IMPLAUSIBLE
    wave = many[left][: points // 2]
    if len(wave) >= points // 4 and left.mean() < 0.9:
        more = runs_at(firm, prior, wave, what, seed, points, progress)
        near = emulator.implausibility(unit, observed, sd).max(axis=1) < IMPLAUSIBLE + 1
        both, seen = np.vstack([unit[near], wave]), np.vstack([found[near], more])
        try:
            emulator = fit(both, seen)
        except ValueError:
            wave = wave[:0]
    elif progress is not None:
        progress(points // 2)
    posterior = condition(emulator, prior, facts, seed)
    predicted = runs_at(firm, prior, posterior.unit, what, seed, 10 * points, progress)
    return Calibration(tuple(facts), posterior, predicted, points + len(wave) + len(posterior.unit), seed)


def files(calibration: Calibration, scenario: Scenario) -> dict[str, str | bytes]:
    """Return what is kept: a summary and the draws."""
    import io

    stream = io.StringIO(newline="")
    out = csv.writer(stream)
    out.writerow(calibration.posterior.prior.names)
    out.writerows([[f"{v:.6g}" for v in row] for row in calibration.posterior.values.tolist()])
    summary = {"base": scenario.hash, **calibration.plain()}
    return {"calibration.json": json.dumps(summary, indent=1, ensure_ascii=False) + "\n", "draws.csv": stream.getvalue()}


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
    if summary is None or summary["plausible"] < 1e-4:
        return []
    with (folder / "calibration" / "draws.csv").open(encoding="utf-8", newline="") as stream:
        return [{name: float(v) for name, v in row.items()} for row in csv.DictReader(stream)][:most]

"""What came of a calibration: how far the fitted firms are from the facts, and what the facts tell of the parameters."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.company.calibration.facts import Fact
from sim.company.calibration.prior import Prior

Floats = NDArray[np.float64]
TELLS, HINTS = 0.5, 0.2
"""Shares by which facts must narrow a parameter, beyond what staying open does, before we say that they tell it or hint at it."""
SAYS_ANYTHING = 0.1
"""Share of the simulated firms that facts must rule out, in effect, before we say that they tell anything at all."""
NEAR = 2.0
"""Standard deviations of observing within which a fitted firm meets a fact."""
MET = 0.2
"""Least share of the fitted firms that must meet a fact: a single firm's luck may be several times the error of observing."""
FAR = 2.0
"""Most that half of the fitted firms may be away from the facts: root mean square over facts, in standard deviations."""
MOST_CLOSED = 0.5
"""Most of the fitted firms that may have closed: the client's has not."""
MOST_WIDENED = 5.0
"""How much wider than the error of observing the kernel may be."""


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
    open_spread : (parameters,)
        Standard deviation, in units of [-1, 1], over simulated firms that stay open, before any fact.
    told
        Share by which the facts reduce the effective number of open firms: 0 where all firms agree with them.
    """

    prior: Prior
    unit: Floats
    plausible: float
    effective: float
    widened: float
    open_spread: Floats
    told: float

    @property
    def values(self) -> Floats:
        """Sampled parameters, (draws, parameters)."""
        return self.prior.values(self.unit)


@dataclass(frozen=True)
class Fit:
    """How far fitted firms, run again with fresh luck, are from the facts.

    Attributes
    ----------
    firms, closed
        Fitted firms, and how many of them had closed by the time of the facts.
    within
        Fact -> share of the open ones that come within two standard deviations of it.
    all_within
        Share of the open ones that meet all facts at once.
    distance
        Half of the open ones are nearer than this: root mean square over facts, in standard deviations; nan where none is open.
    widened, plausible
        As in `Posterior`.
    """

    firms: int
    closed: int
    within: dict[str, float]
    all_within: float
    distance: float
    widened: float
    plausible: float

    @property
    def missed(self) -> list[str]:
        """Facts that too few of the fitted firms meet."""
        return [name for name, share in self.within.items() if share < MET]

    @property
    def fits(self) -> bool:
        """Whether anything may be built on it."""
        return not self.reasons()

    def reasons(self) -> list[str]:
        """Return why it does not fit; nothing where it does."""
        found = []
        if self.plausible <= 0:
            found.append("no parameters in their plausible ranges give these facts together")
        if self.closed > MOST_CLOSED * self.firms:
            found.append(f"{self.closed} of {self.firms} fitted firms had closed, and this one has not")
        found += [
            f"only {100 * self.within[name]:.0f} % of the fitted firms come within {NEAR:g} sd of {name}"
            for name in self.missed
        ]
        if not self.distance <= FAR:
            found.append(f"half of the fitted firms are more than {self.distance:.1f} sd away from the facts")
        if self.widened > MOST_WIDENED:
            found.append(f"the facts had to be taken as {self.widened:.1f} times as unsure as they are")
        return found

    def sentence(self) -> str:
        """Return the fit in numbers."""
        if self.closed == self.firms:
            return f"All {self.firms} fitted firms had closed by the time of the facts."
        each = ", ".join(f"{name} {100 * share:.0f} %" for name, share in self.within.items())
        wider = (
            f" To find enough of them, the facts had to be taken as {self.widened:.1f} times as unsure as they are."
            if self.widened > 1
            else ""
        )
        return (
            f"Of {self.firms} fitted firms, run with fresh luck, {self.closed} had closed; of those open, these come within {NEAR:g} sd: {each}; "
            f"all facts at once {100 * self.all_within:.0f} %. Half of them are within {self.distance:.1f} sd (root mean square over facts).{wider}"
        )


def fit_of(predicted: Floats, facts: tuple[Fact, ...], posterior: Posterior) -> Fit:
    """Compare predictions, (firms, facts) with nan where a firm closed, with the facts."""
    observed, sd = np.array([f.value for f in facts]), np.array([f.sd for f in facts])
    open_ = np.isfinite(predicted).all(axis=1)
    off = np.abs(predicted[open_] - observed) / sd
    near = off <= NEAR
    some = bool(open_.any())
    return Fit(
        firms=len(predicted),
        closed=int((~open_).sum()),
        within={f.name: float(near[:, i].mean()) if some else 0.0 for i, f in enumerate(facts)},
        all_within=float(near.all(axis=1).mean()) if some else 0.0,
        distance=float(np.median(np.sqrt((off**2).mean(axis=1)))) if some else float("nan"),
        widened=posterior.widened,
        plausible=posterior.plausible,
    )


@dataclass(frozen=True)
class Calibration:
    """The outcome of a calibration; see `plain` for what is kept."""

    facts: tuple[Fact, ...]
    posterior: Posterior
    predicted: Floats
    runs: int
    seed: int
    history: int

    @property
    def fit(self) -> Fit:
        """How far the fitted firms are from the facts."""
        return fit_of(self.predicted, self.facts, self.posterior)

    @property
    def tells(self) -> bool:
        """Whether the facts tell anything: rule out, in effect, more than a few of the firms that stay open."""
        return self.posterior.told >= SAYS_ANYTHING

    def parameters(self) -> list[dict[str, Any]]:
        """Return prior against posterior, a row for each parameter."""
        rows = []
        values, prior = self.posterior.values, self.posterior.prior
        for i, name in enumerate(prior.names):
            before = float(self.posterior.open_spread[i])
            told = max(0.0, 1 - float(self.posterior.unit[:, i].std()) / before) if self.tells and before > 0 else 0.0
            low, middle, high = np.quantile(values[:, i], (0.05, 0.5, 0.95)).tolist()
            says = "the data tell" if told >= TELLS else "the data hint" if told >= HINTS else "the data do not tell"
            rows.append({
                "name": name, "prior_low": float(prior.low[i]), "prior_high": float(prior.high[i]), "low": low, "median": middle, "high": high,
                "narrowed": round(told, 3), "says": says,
            })  # fmt: skip
        return rows

    def checks(self) -> list[dict[str, Any]]:
        """Return the facts against the fitted firms that are open, a row for each fact; no numbers where none is open."""
        rows = []
        fit = self.fit
        for i, fact in enumerate(self.facts):
            values = self.predicted[:, i]
            values = values[np.isfinite(values)]
            low, middle, high = np.quantile(values, (0.025, 0.5, 0.975)).tolist() if values.size else (None,) * 3
            rows.append({
                "name": fact.name, "observed": fact.value, "sd": fact.sd, "source": fact.source, "low": low, "median": middle, "high": high,
                "n": int(values.size), "within": fit.within[fact.name], "met": fact.name not in fit.missed,
            })  # fmt: skip
        return rows

    def together(self) -> list[tuple[str, str, float]]:
        """Return pairs of parameters of which only the combination is known: correlation beyond 0.4 in the posterior."""
        names = self.posterior.prior.names
        if len(names) < 2 or not self.tells:
            return []
        matrix: Floats = np.asarray(np.corrcoef(self.posterior.unit.T), np.float64)
        pairs = [(names[i], names[j], float(matrix[i, j])) for i in range(len(names)) for j in range(i)]
        return sorted((p for p in pairs if abs(p[2]) > 0.4), key=lambda p: -abs(p[2]))[:5]

    def verdict(self) -> str:
        """Return what came of it, in words."""
        fit = self.fit
        if not fit.fits:
            return f"The model does not fit this firm: {'; '.join(fit.reasons())}. This calibration is not used for anything. Are the facts, and how sure they are, right?"
        if not self.tells:
            return (
                "These facts do not tell anything: they are so unsure that nearly every simulated firm that stays open agrees with them. "
                "This calibration is not used for anything: the model's typical settings stay."
            )
        told = [p["name"] for p in self.parameters() if p["says"] == "the data tell"]
        hinted = [p["name"] for p in self.parameters() if p["says"] == "the data hint"]
        text = f"The model fits this firm. {fit.sentence()}"
        if told:
            text += f" The data tell about {', '.join(told)}."
        if hinted:
            text += f" They hint at {', '.join(hinted)}." if told else f" The data hint at {', '.join(hinted)}."
        if not told and not hinted:
            text += " The data do not tell any single parameter: what-ifs stay as uncertain as the prior."
        elif len(told) + len(hinted) < len(self.posterior.prior.names):
            text += " About the others they do not tell."
        return text

    def plain(self) -> dict[str, Any]:
        """Return plain data, without the draws."""
        fit = self.fit
        return {
            "verdict": self.verdict(), "fits": fit.fits, "tells": self.tells, "reasons": fit.reasons(), "fit": _finite(asdict(fit)),
            "effective": self.posterior.effective, "runs": self.runs, "seed": self.seed, "history": self.history,
            "parameters": self.parameters(), "checks": self.checks(), "together": self.together(),
        }  # fmt: skip


def _finite(data: dict[str, Any]) -> dict[str, Any]:
    return {k: None if isinstance(v, float) and not np.isfinite(v) else v for k, v in data.items()}

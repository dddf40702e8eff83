"""A population of small firms: how parameters differ between firms, and what the fit may move.

A *setting* says what a population is like (medians, means, spreads, and constants that all firms share). A firm's
parameters follow from the setting and from ranks of its own: two settings move the same firms, so that differences
between settings are not those between draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri
from scipy.stats import qmc

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Hyper:
    """Something that the fit may move.

    Attributes
    ----------
    low, high
        Its range: where FACTS.md has evidence, that of the evidence.
    meaning, source
        What it is; where the range comes from.
    log
        Whether the range is searched on a logarithmic scale.
    """

    low: float
    high: float
    meaning: str
    source: str
    log: bool = False

    def at(self, u: Floats) -> Floats:
        """Return values at shares u of the range."""
        if self.log:
            return np.asarray(self.low * (self.high / self.low) ** u)
        return np.asarray(self.low + (self.high - self.low) * u)


SETTING: dict[str, Hyper] = {
    "persuasion": Hyper(0.05, 0.3, "share of the way that one telling moves a belief", "FACTS 15 (b)", log=True),
    "unframing": Hyper(0.002, 0.2, "1 - frame: how fast a misreading passes", "assumed", log=True),
    "clarity": Hyper(0.4, 0.85, "mean clarity of founders", "FACTS 15, a population to start from"),
    "relay": Hyper(0.6, 0.95, "fidelity of what is passed on", "FACTS 12"),
    "social": Hyper(0.01, 0.08, "talk among colleagues", "FACTS 15 (b)", log=True),
    "forgetting": Hyper(0.008, 0.03, "forgetting in a week", "FACTS 15 (b)", log=True),
    "mood": Hyper(0.01, 0.1, "speed of engagement", "FACTS 15 (b)", log=True),
    "morale": Hyper(0.75, 1.15, "what engagement is without strain", "assumed: fixed with the threshold"),
    "temper": Hyper(0.05, 0.3, "spread of people's own moods", "FACTS 3"),
    "climate": Hyper(0.0, 0.2, "spread of departments' own moods", "FACTS 3"),
    "strain": Hyper(0.3, 1.5, "what conflict, rework and overload do to engagement", "MODEL"),
    "rework": Hyper(0.2, 1.2, "work done twice at full misfit", "FACTS 7"),
    "rework_cost": Hyper(0.0, 1.0, "material and overtime of work done twice", "assumed"),
    "reserve": Hyper(2.5, 9.0, "median reserve that owners leave in the firm, weeks of cost", "FACTS 2", log=True),
    "draw": Hyper(0.02, 0.5, "share of the cash above the reserve that owners take in a week", "assumed", log=True),
    "credit": Hyper(0.0, 8.0, "most credit, weeks of cost, of firms that have some", "FACTS 2: amount assumed"),
    "rivals": Hyper(0.45, 0.8, "the experience that rivals offer: firms of this population, more or less", "MODEL"),
    "margin": Hyper(-0.02, 0.2, "mean margin of a firm that customers like as its rivals", "FACTS 2"),
    "margin_sd": Hyper(0.01, 0.09, "spread of that margin between firms", "FACTS 2"),
    "buffer": Hyper(1.5, 10.0, "median cash at birth, weeks of cost", "FACTS 2", log=True),
    "demand_noise": Hyper(0.05, 0.6, "spread of the log of demand", "FACTS 2, 8", log=True),
    "slack": Hyper(0.05, 0.45, "median slack of capacity", "FACTS 15 (a) K17"),
    "turnover": Hyper(0.003, 0.009, "median share of people who leave in a week", "FACTS 15 (b)", log=True),
}
"""What the fit may move, with its range."""

FIXED: dict[str, float] = {
    "people.filling": 0.154,
    "market.demand_memory": 0.95,
    "mood.drift": 0.0,
    "people.autonomy_memory": 0.97,
    "review.relapse": 0.012,
    "money.memory": 0.05,
    "market.norm_speed": 0.006,
    "work.reconfigure": 0.01,
    "people.onboarding": 0.3,
}
"""Constants that evidence fixes without the fit (FACTS 15 (b)); what is not named keeps its default."""

VARYING = (
    "headcount", "clarity", "cadence", "agility", "incentive", "goal_spread", "turnover", "churn", "turbulence", "voice",
    "margin", "slack", "reserve", "credit", "buffer",
)  # fmt: skip
"""In what firms differ, in the order of their ranks."""
CADENCES = np.array([2.0, 4.0, 8.0, 13.0, 26.0])
HAS_CREDIT = 0.6
"""Share of firms with a line of credit or an owner who puts money in (FACTS 2: 62 to 76 % used own funds in need)."""


def ranks(firms: int, seed: int) -> Floats:
    """Return each firm's ranks, (firms, varying), spread evenly (scrambled Sobol' points)."""
    power = int(np.ceil(np.log2(max(firms, 2))))
    return np.asarray(qmc.Sobol(len(VARYING), rng=np.random.default_rng(seed)).random_base2(power)[:firms])


def firms_of(setting: Mapping[str, float], u: Floats) -> dict[str, Floats]:
    """Return the parameters of firms, name -> (firms,), from a setting and the firms' ranks.

    ``money.buffer`` is the cash at birth; firms with a past begin with their reserve.
    """
    rank = {name: np.clip(u[:, i], 1e-9, 1 - 1e-9) for i, name in enumerate(VARYING)}
    n = len(u)
    s = dict(setting)
    reserve = _lognormal(rank["reserve"], s["reserve"], 0.6, 1.0, 40.0)
    credit = np.where(
        rank["credit"] < 1 - HAS_CREDIT, 0.0, s["credit"] * (rank["credit"] - 1 + HAS_CREDIT) / HAS_CREDIT
    )
    given = {
        "headcount": np.floor(10.0 * 5.0 ** rank["headcount"] + 0.5),
        "founder.clarity": _beta(rank["clarity"], s["clarity"], 0.15),
        "founder.cadence": CADENCES[np.minimum((rank["cadence"] * len(CADENCES)).astype(int), len(CADENCES) - 1)],
        "founder.agility": 0.05 + 0.45 * rank["agility"],
        "founder.voice": _beta(rank["voice"], 0.5, 0.2),
        "founder.frame": np.full(n, 1 - s["unframing"]),
        "people.incentive": 0.1 + 0.5 * rank["incentive"],
        "people.goal_spread": 0.3 + 0.9 * rank["goal_spread"],
        "people.turnover": _lognormal(rank["turnover"], s["turnover"], 0.4, 0.0, 0.05),
        "people.persuasion": np.full(n, s["persuasion"]),
        "people.relay": np.full(n, s["relay"]),
        "people.social": np.full(n, s["social"]),
        "people.forgetting": np.full(n, s["forgetting"]),
        "market.turbulence": _lognormal(rank["turbulence"], 0.06, 0.5, 0.0, 0.3),
        "market.rivals": np.full(n, s["rivals"]),
        "market.demand_noise": np.full(n, s["demand_noise"]),
        "mood.mood": np.full(n, s["mood"]),
        "mood.morale": np.full(n, s["morale"]),
        "mood.temper": np.full(n, s["temper"]),
        "mood.climate": np.full(n, s["climate"]),
        "mood.strain": np.full(n, s["strain"]),
        "work.rework": np.full(n, s["rework"]),
        "work.rework_cost": np.full(n, s["rework_cost"]),
        "work.slack": s["slack"] * (0.4 + 1.2 * rank["slack"]),
        "money.churn": _lognormal(rank["churn"], 0.006, 0.6, 0.0, 0.05),
        "money.margin": np.clip(s["margin"] + s["margin_sd"] * ndtri(rank["margin"]), -0.3, 0.4),
        "money.reserve": reserve,
        "money.safety": np.minimum(8.0, reserve),
        "money.draw": np.full(n, s["draw"]),
        "money.credit": credit,
        "money.buffer": _lognormal(rank["buffer"], s["buffer"], 0.8, 0.2, 60.0),
    }
    return {name: np.full(n, value) for name, value in FIXED.items()} | given


def _lognormal(u: Floats, median: float, log_sd: float, low: float, high: float) -> Floats:
    return np.asarray(np.clip(median * np.exp(log_sd * ndtri(u)), low, high))


def _beta(u: Floats, mean: float, sd: float) -> Floats:
    size = mean * (1 - mean) / sd**2 - 1
    return np.asarray(np.clip(betaincinv(mean * size, (1 - mean) * size, u), 0.02, 1.0))

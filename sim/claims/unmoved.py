"""Firms in which nothing is moved: their means, of which smallest effects are shares, and what they add to a project."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.claims.criteria import Contrast, Window, linear, parse_claim
from sim.claims.laboratory import Block, Floats, Lab
from sim.claims.levels import Levels
from sim.claims.observe import OBSERVED
from sim.claims.outcomes import values_of

PLANNED, WEEKS = 1_000_000, 26
CRITERIA = f"""
id = "unmoved"
title = "Nothing is moved"
claim = "None."
articles = []
[arms]
unmoved = {{}}
project = {{ events = [{{ kind = "initiative", over = ["promise", "deliver"], share = 0.2, planned = {PLANNED}, deadline = 104 }}] }}
[headline]
value = "unmoved"
outcome = "thrust"
policy = "z"
pairs = 500
sd = 0.1
"""
MEANS = {
    "thrust": ("thrust", "z", "52..155"),
    "satisfaction": ("satisfaction", "z", "52..155"),
    "churn": ("churn", "c", "52..155"),
    "customers": ("customers", "z", "155"),
    "newcomers": ("newcomers", "z", "w..w+25"),
    "throughput": ("throughput", "z", "0..155"),
}
"""Outcome, policy and weeks of the means that deltas are shares of, as the claims take them."""
ALSO = {
    "alive at 155": ("alive", "s", "155"),
    "cog": ("cog", "c", "52..155"),
    "beh": ("beh", "c", "52..155"),
    "fit": ("fit", "c", "52..155"),
    "coherence": ("coherence", "c", "52..155"),
    "rework": ("rework", "c", "52..155"),
    "lost": ("lost", "c", "52..155"),
    "worth at 155": ("worth", "f", "155"),
}
"""Printed with the levels, for whoever wants to know where these firms stand."""


def with_means(lab: Lab, firms: int) -> Levels:
    """Return the lab's levels with the means of unmoved firms, and the plan of initiatives."""
    claim = parse_claim(CRITERIA)
    contrasts = {name: _contrast(*how) for name, how in (MEANS | ALSO).items()}

    def extract(block: Block) -> dict[str, Floats]:
        found = {name: values_of(c, block) for name, c in contrasts.items()}
        runs = block.arms["project"]
        end = np.minimum(block.week + WEEKS - 1, block.horizon - 1)
        progress = runs.observed[np.arange(len(block)), end, OBSERVED.index("progress")]
        # The effort was PLANNED weeks of the plan supposed so far, for as many posts: what is done is the plan times this.
        found["plan"] = lab.levels.plan * progress * PLANNED / WEEKS
        return found

    found = lab.gather(claim, ["unmoved", "project"], firms, extract)
    means = {name: float(np.nanmean(found[name])) for name in contrasts}
    return replace(lab.levels, means=means, plan=float(np.nanmedian(found["plan"])))


def _contrast(outcome: str, policy: str, weeks: str) -> Contrast:
    return Contrast("mean", "", linear("unmoved"), outcome=outcome, policy=policy, window=Window.read(weeks))

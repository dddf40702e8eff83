"""The market: where customers want to go, what rivals do, and how demand fares; phase 1 of the week."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engine import streams
from sim.reference.directions import Vector, unit

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


class Market:
    """What the firm rows towards, and among whom.

    Attributes
    ----------
    direction
        m, where customers want to go.
    norm
        c, what rivals do.
    demand
        delta, luck in demand: a stationary first-order autoregression with variance 1.
    """

    def __init__(self, direction: Vector, demand: float) -> None:
        self.direction = direction.copy()
        self.norm = direction.copy()
        self.demand = demand


def market_drifts(firm: ReferenceFirm) -> None:
    """Let the market drift, and the industry norm after it: random walks on the sphere."""
    p, market = firm.parameters.market, firm.market
    root = math.sqrt(firm.dimensions - 1)
    if p.turbulence > 0:
        eta = firm.draws(streams.DRIFT).standard_normal(firm.dimensions) / root
        market.direction = unit(market.direction + p.turbulence * eta)
    norm = market.norm
    if p.norm_speed > 0:
        norm = norm + p.norm_speed * (market.direction - market.norm)
    if p.norm_drift > 0:
        norm = norm + p.norm_drift * firm.draws(streams.NORM).standard_normal(firm.dimensions) / root
    if p.norm_speed > 0 or p.norm_drift > 0:
        market.norm = unit(norm)

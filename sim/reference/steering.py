"""Steering: how the founder's vision moves, how it is told and how rewards follow it; phases 2 to 4 of the week."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engine import streams
from sim.reference.directions import carried_on, noise_to_signal, unit

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


def founder_steers(firm: ReferenceFirm) -> None:
    """Let the founder read the market, look at what rivals do, and steer.

    z = (1 - imitation)(m + trend_noise eps) + imitation c.
    """
    p, market = firm.parameters, firm.market
    reading = market.direction
    if p.market.trend_noise > 0:
        eps = firm.draws(streams.TREND).standard_normal(firm.dimensions) / math.sqrt(firm.dimensions)
        reading = reading + p.market.trend_noise * eps
    if p.founder.imitation > 0:
        reading = (1 - p.founder.imitation) * reading + p.founder.imitation * market.norm
    firm.founder.steer(reading, p)


def review_and_relapse(firm: ReferenceFirm) -> None:
    """Let leadership look at last week's coherence and perhaps correct rewards; rewards relapse every week."""
    p, vision = firm.parameters.review, firm.founder.vision
    if p.review_every > 0 and firm.week % p.review_every == 0 and not firm.in_first_week:
        firm.meetings += 1
        reading = firm.coherence
        if p.monitoring < 1:
            reading += (1 - p.monitoring) * firm.draws(streams.MONITOR).standard_normal()
        if reading < p.review_target:
            firm.meetings += 2
            if p.review_strength > 0:
                for d in firm.departments:
                    d.goal = unit(d.goal + p.review_strength * (vision - d.goal))
    if p.relapse > 0:
        for d in firm.departments:
            d.goal = unit(d.goal + p.relapse * (d.functional_goal - d.goal))


def vision_is_broadcast(firm: ReferenceFirm) -> None:
    """Let each head hear the vision, more or less clearly, through the head's own frame.

    Managers read strategy through the glasses of their function (Dearborn & Simon 1958; Dougherty 1992): what they
    misread they go on misreading. Frames move every week, whether anything is told or not.
    """
    p = firm.parameters
    innovations = firm.draws(streams.BROADCAST).standard_normal((len(firm.departments), firm.dimensions))
    for d in firm.departments:
        d.frame = carried_on(d.frame, p.founder.frame, innovations[d.index])
    firm.broadcast = firm.week % p.founder.cadence == 0
    if not firm.broadcast:
        return
    firm.meetings += 1
    if p.people.persuasion > 0:
        ratio = noise_to_signal(p.founder.clarity)
        for d in firm.departments:
            heard = d.what_the_head_hears(firm.founder.vision, ratio)
            d.understanding = d.understanding + p.people.persuasion * (heard - d.understanding)

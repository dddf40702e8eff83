"""Talking and rowing: how beliefs move, where people row, and what their results say; phases 5 to 7 of the week."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine import streams
from sim.reference.directions import carried_on, dot, length_of, mean_direction
from sim.reference.founder import Reports

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


def people_talk(firm: ReferenceFirm) -> None:
    """Let people talk, all at once, from last week's beliefs (or one after the other, see `ReferenceFirm.talk`)."""
    innovations = firm.draws(streams.RELAY).standard_normal((len(firm.employees), firm.dimensions))
    for e in firm.employees:
        e.frame = carried_on(e.frame, firm.parameters.founder.frame, innovations[e.post])
    people = firm.filled()
    if firm.talk == "in turn":
        for i in np.random.default_rng([*firm.luck, firm.calendar]).permutation(len(people)):
            people[i].belief = people[i].belief_after_talk(firm.broadcast)
        return
    beliefs = [e.belief_after_talk(firm.broadcast) for e in people]
    for person, belief in zip(people, beliefs, strict=True):
        person.belief = belief


def people_row(firm: ReferenceFirm) -> None:
    """Let people row; coherence is the length of the mean of their directions.

    It is the order parameter of Kuramoto and Vicsek models: 1 when all row alike, about 1/sqrt(n) at random.
    """
    noise = firm.draws(streams.DEVIATION).standard_normal((len(firm.employees), firm.dimensions))
    for person in firm.employees:
        person.deviate(noise[person.post])
        person.rowing = np.zeros(firm.dimensions)
        if person.filled:
            person.row()
    people = firm.filled()
    firm.coherence = length_of(mean_direction([1.0] * len(people), [e.rowing for e in people])) if people else 0.0


def results_speak(firm: ReferenceFirm) -> None:
    """Let those who are attentive and dare report a result; the founder hears of it next week.

    Employee i reports with probability voice_d att_i a result y_i = x_i.m + outcome_noise N(0, 1).
    """
    noise, market = firm.parameters.market.outcome_noise, firm.market.direction
    dares = firm.draws(streams.VOICE).random(len(firm.employees))
    luck = firm.draws(streams.OUTCOME).standard_normal(len(firm.employees))
    reporters = [e for e in firm.filled() if dares[e.post] < e.department.voice * e.attention]
    firm.reports = len(reporters)
    firm.founder.reports = None
    if firm.reports >= 2:
        directions = [e.rowing for e in reporters]
        results = [dot(e.rowing, market) + noise * luck[e.post] for e in reporters]
        firm.founder.reports = Reports(directions, results, noise, market)

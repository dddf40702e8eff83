"""Mood: how people feel, who leaves, who comes, and when a post opens; phase 12 of the week."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.engine import streams
from sim.reference.directions import unit
from sim.reference.employee import Employee
from sim.reference.ties import tie_newcomers

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm


def people_feel(firm: ReferenceFirm) -> None:
    """Let people feel, all at once; moods spread among colleagues."""
    firm.people_at_work = firm.filled()
    feelings = [e.engagement_after_feeling() for e in firm.people_at_work]
    for person, engagement in zip(firm.people_at_work, feelings, strict=True):
        person.engagement = engagement


def people_leave_and_come(firm: ReferenceFirm) -> None:
    """Let some leave, note the week, and let posts that were vacant before be filled by newcomers."""
    p = firm.parameters.people
    vacant = [e for e in firm.employees if not e.filled]
    for person in firm.people_at_work:
        if person.weeks_worked is not None:
            person.weeks_worked += 1
    leave = firm.draws(streams.LEAVE).random(len(firm.employees))
    leavers = [e for e in firm.people_at_work if leave[e.post] < p.turnover + p.quitting * (1 - e.engagement)]
    firm.leavers = len(leavers)
    if not firm.in_the_past:
        firm.record()
    for person in leavers:
        person.filled = False

    fill = firm.draws(streams.FILL).random(len(firm.employees))
    tempers = firm.draws(streams.NEWCOMER_TEMPER).standard_normal(len(firm.employees))
    for post in vacant:
        if fill[post.post] < p.filling * (1 - firm.stress):
            somebody_fills(firm, post, temper=tempers[post.post])


def somebody_fills(firm: ReferenceFirm, post: Employee, temper: float) -> None:
    """Fill a vacant post with a newcomer: fresh preference, frame and temper, half a vision by onboarding."""
    onboarding = firm.parameters.people.onboarding
    post.preference = unit(firm.draws(streams.NEWCOMER, post.post).standard_normal(firm.dimensions))
    post.belief = onboarding * firm.founder.vision + (1 - onboarding) * post.preference
    post.frame = firm.draws(streams.NEWCOMER_FRAME, post.post).standard_normal(firm.dimensions)
    post.temper = temper
    post.engagement = 0.9
    post.filled = True
    post.weeks_worked = 0


def post_opens(firm: ReferenceFirm) -> None:
    """Open a vacant post in the most loaded department after 8 weeks in a row of full books and cash."""
    p = firm.parameters
    enough = 2 * p.money.safety
    if p.money.draw > 0:  # else owners would draw the cash that hiring waits for
        enough = min(enough, p.money.reserve)
    full = firm.customers >= 0.95 * firm.limit and firm.cash > enough
    firm.full_weeks = firm.full_weeks + 1 if p.people.hiring and full else 0
    if firm.full_weeks < 8:
        return
    firm.full_weeks = 0
    pressure = [d.load / d.capacity if d.capacity > 0 else math.inf for d in firm.departments]
    department = firm.departments[pressure.index(max(pressure))]
    nobody = np.zeros(firm.dimensions)
    opened = firm.new_post(department, belief=nobody, preference=nobody, filled=False)
    tie_newcomers(firm, opened.post)

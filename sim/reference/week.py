"""The week: its phases in their order, and what stands still while the firm lives its past."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.reference.customers import customers_decide
from sim.reference.happenings import events_act
from sim.reference.market import market_drifts
from sim.reference.money import money_moves, stress_at
from sim.reference.mood import people_feel, people_leave_and_come, post_opens
from sim.reference.rowing import people_row, people_talk, results_speak
from sim.reference.steering import founder_steers, review_and_relapse, vision_is_broadcast
from sim.reference.work import opportunities_come, work_is_delivered

if TYPE_CHECKING:
    from sim.reference.firm import ReferenceFirm

type Phase = Callable[[ReferenceFirm], None]

WEEK: tuple[Phase, ...] = (
    events_act,
    market_drifts,  # 1
    founder_steers,  # 2
    review_and_relapse,  # 3
    vision_is_broadcast,  # 4
    people_talk,  # 5
    people_row,  # 6
    results_speak,  # 7
    opportunities_come,  # 8
    work_is_delivered,  # 9
    customers_decide,  # 10
    money_moves,  # 11
    people_feel,  # 12
    people_leave_and_come,
    post_opens,
)
"""The phases of a week in the order in which they act, with their numbers in the specification."""

NOT_IN_THE_PAST: tuple[Phase, ...] = (events_act, market_drifts, opportunities_come, post_opens)
"""Before week 0 the market stands still, nothing happens and no post opens."""


def live_a_week(firm: ReferenceFirm) -> None:
    """Live one week, phase by phase."""
    firm.other = 0.0
    firm.meetings = 0
    for phase in WEEK:
        if not (firm.in_the_past and phase in NOT_IN_THE_PAST):
            phase(firm)
    if firm.in_the_past:
        as_at_the_founding(firm)
    firm.week += 1
    firm.in_first_week = False
    if firm.week == 0:
        firm.stress = stress_at(firm.cash, firm.parameters)


def as_at_the_founding(firm: ReferenceFirm) -> None:
    """Set cash, customers, backlog, overload and finished work back to what they were; all else lives on."""
    firm.cash = firm.parameters.money.buffer
    firm.customers = 1.0
    firm.owners_part = 0.0
    for d in firm.departments:
        d.backlog = d.overload = d.finished = 0.0

"""The week: everything that happens, in order. ``python -m sim.rules.week`` prints it."""

from __future__ import annotations

from sim.engine.compile import compiled
from sim.engine.vectors import Floats
from sim.rules.events import events_strike
from sim.rules.founder import founder_steers, leadership_reviews, results_speak, vision_is_broadcast
from sim.rules.founding import hire
from sim.rules.market import market_drifts
from sim.rules.money import customers_decide, money_moves
from sim.rules.people import people_come_and_go, people_feel, people_row, people_talk
from sim.rules.record_measures import describe_departments, stock_is_taken
from sim.rules.work import opportunities_come_up, work_is_delivered
from sim.state import Box

PHASES = (
    events_strike,
    market_drifts,
    founder_steers,
    leadership_reviews,
    vision_is_broadcast,
    people_talk,
    people_row,
    results_speak,
    opportunities_come_up,
    work_is_delivered,
    customers_decide,
    money_moves,
    people_feel,
    stock_is_taken,
    people_come_and_go,
    hire,
)
"""The phases of a week in order; `live` spells out the same order for the compiler, and a test compares the two."""


@compiled
def live(s: Box, weeks: int, first: int, last: int, series: Floats, departments: Floats) -> int:
    """Live a number of weeks, or part of one; return the week that comes next.

    Parameters
    ----------
    s
        The firm.
    weeks
        How many weeks at most; a firm that closes lives no more.
    first, last
        The phases first, ..., last - 1 of `PHASES`. Only with the last phase does a week end.
    series : (weeks or more, measures)
        Row t receives week t's measures. An empty array records nothing.
    departments : (weeks or more, departments, measures)
        Likewise for the departments.
    """
    f = s.firm[0]
    for _ in range(weeks):
        if f.closed >= 0 and f.closed < f.week:
            break
        if first <= 0 < last:
            events_strike(s)
        if first <= 1 < last:
            market_drifts(s)
        if first <= 2 < last:
            founder_steers(s)
        if first <= 3 < last:
            leadership_reviews(s)
        if first <= 4 < last:
            vision_is_broadcast(s)
        if first <= 5 < last:
            people_talk(s)
        if first <= 6 < last:
            people_row(s)
        if first <= 7 < last:
            results_speak(s)
        if first <= 8 < last:
            opportunities_come_up(s)
        if first <= 9 < last:
            work_is_delivered(s)
        if first <= 10 < last:
            customers_decide(s)
        if first <= 11 < last:
            money_moves(s)
        if first <= 12 < last:
            people_feel(s)
        if first <= 13 < last:
            stock_is_taken(s)
        if first <= 13 < last and len(departments) > 0:
            describe_departments(s, departments[f.week])
        if first <= 14 < last:
            people_come_and_go(s)
        if first <= 15 < last:
            hire(s)
        if last >= 16:
            if len(series) > 0:
                for j in range(len(s.now_values)):
                    series[f.week, j] = s.now_values[j]
            f.week += 1
    return int(f.week)


def story() -> str:
    """Return the order of the week: each phase with the first line of what it says about itself."""
    lines = []
    for number, phase in enumerate(PHASES):
        first = (phase.__doc__ or "").strip().splitlines()[0]
        lines.append(f"{number:2d}  {phase.__name__:22s} {first}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(story())

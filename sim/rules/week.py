"""The week: everything that happens, in order. ``python -m sim.rules.week`` prints it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numba
from numba.core.dispatcher import Dispatcher

from sim.engine.compile import PLAIN, compiled
from sim.engine.vectors import clear
from sim.rules.events import events_strike
from sim.rules.founder import founder_steers, leadership_reviews, results_speak, vision_is_broadcast
from sim.rules.founding import hire, money_as_founded
from sim.rules.market import market_drifts
from sim.rules.money import customers_decide, money_moves
from sim.rules.people import people_come_and_go, people_feel, people_row, people_talk
from sim.rules.record_measures import describe_departments, record_measures
from sim.rules.work import opportunities_come_up, work_is_delivered
from sim.state import State

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
    record_measures,
    people_come_and_go,
    hire,
)
"""The phases of a week, in order."""


WEEK = """
def live(s, weeks, first, last, series, departments):
    '''Live a number of weeks, or part of one; return the week that comes next.

    Parameters
    ----------
    s : State
        The firm.
    weeks : int
        How many weeks at most; a firm that closes lives no more.
    first, last : int
        The phases first, ..., last - 1 of `PHASES`. Only with the last phase does a week end.
    series : (weeks or more, measures)
        Row t receives week t's measures. An empty array records nothing.
    departments : (weeks or more, departments, measures)
        Likewise for the departments.
    '''
    f = s.firm[0]
    for _ in range(weeks):
        if f.closed >= 0 and f.closed < f.week:
            break
        {phases}
        if last >= {count}:
            if len(series) > 0:
                for j in range(len(s.now_values)):
                    series[f.week, j] = s.now_values[j]
            if f.week < 0:
                forget_money(s)
            f.week += 1
    return int(f.week)
"""
"""How a week is lived, around its phases: `make_live` writes one line for each."""
PHASE = """
        if first <= {number} < last:
            {name}(s)"""
DESCRIBED = """
        if first <= {number} < last and len(departments) > 0:
            describe_departments(s, departments[f.week])"""


def make_live(
    phases: Sequence[Sequence[Callable[..., Any]]], compiler: Callable[..., Any] = compiled
) -> Callable[..., int]:
    """Return the function that lives weeks of the given phases, each one or more rules, compiled.

    The compiler must see each phase by name (a loop over functions of different kinds is beyond it), so the text of the
    function is written from the list of phases, here and only here.
    """
    lines: list[str] = []
    inside: dict[str, Any] = {
        "__name__": __name__,
        "describe_departments": describe_departments,
        "forget_money": forget_money,
    }
    for number, rules in enumerate(phases):
        for place, rule in enumerate(rules):
            name = f"{rule.__name__}_{number}_{place}"
            inside[name] = rule
            lines.append(PHASE.format(number=number, name=name))
            if rule is record_measures:
                lines.append(DESCRIBED.format(number=number))
    text = WEEK.format(phases="".join(lines).strip(), count=len(phases))
    # Under this file's name the compiler's cache knows where the function comes from.
    exec(compile(text, __file__, "exec"), inside)
    written: Callable[..., int] = compiler(inside["live"])
    return written


def week_with(rules: Sequence[tuple[str, str, Callable[..., Any]]]) -> Callable[..., int]:
    """Return a `live` with rules of one's own among the model's; it is compiled anew in each process.

    Parameters
    ----------
    rules
        Each as ("before" or "after", name of a phase of `PHASES`, function of the state). A rule that stands at the end of the
        week goes before "hire". The phases keep their numbers for who lives a week in parts: a rule goes with its phase.

    Raises
    ------
    ValueError
        If a rule stands elsewhere.
    """
    before: dict[str, list[Callable[..., Any]]] = {phase.__name__: [] for phase in PHASES}
    after: dict[str, list[Callable[..., Any]]] = {name: [] for name in before}
    for where, name, rule in rules:
        if where not in ("before", "after") or name not in before:
            raise ValueError(f'a rule stands "before" or "after" one of {", ".join(before)}, not {where!r} {name!r}')
        if not isinstance(rule, Dispatcher) and not PLAIN:
            rule = numba.njit(nogil=True, error_model="numpy")(rule)
        (before if where == "before" else after)[name].append(rule)
    phases = [[*before[p.__name__], p, *after[p.__name__]] for p in PHASES]
    if sum(map(len, phases)) == len(PHASES):
        return live
    return make_live(phases, compiler=lambda f: f if PLAIN else numba.njit(nogil=True, error_model="numpy")(f))


@compiled
def forget_money(s: State) -> None:
    """End a week of the past: cash, customers, backlog, overload and finished work are what they were at the founding."""
    departments, f = s.departments, s.firm[0]
    f.week += 1  # stress is that of the week to come: what the buffer says, once the past is over
    money_as_founded(s)
    f.week -= 1
    s.now[0].overload = 0.0
    for amounts in (departments.backlog, departments.overload, departments.finished):
        clear(amounts)


live = make_live([[phase] for phase in PHASES])


def story() -> str:
    """Return the order of the week: each phase with the first line of what it says about itself."""
    lines = []
    for number, phase in enumerate(PHASES):
        first = (phase.__doc__ or "").strip().splitlines()[0]
        lines.append(f"{number:2d}  {phase.__name__:22s} {first}")
    return "\n".join(lines)


if __name__ == "__main__":
    print(story())

"""The arrays: what they are called, what they hold, and their shapes."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.streams import Luck
from sim.measures.series import SERIES
from sim.scenario.events import (
    Automation,
    CashCut,
    DemandDrop,
    DepartmentTurned,
    FounderLeaves,
    Goals,
    Initiative,
    MarketTurns,
    Merger,
    PeopleTurned,
    Pocket,
)
from sim.scenario.parameters import parameter_names

Floats = NDArray[np.float64]

PARAMETERS = np.dtype([(name.split(".")[1], np.float64) for name in parameter_names()])
"""The typed record in which parameters travel; whole numbers and switches are floats too, so that one view sets any."""

NOW = np.dtype([(name, np.float64) for name in SERIES])
"""What is recorded at the end of a week; customers, satisfaction, cash and stress live here."""

FIRM = np.dtype(
    [
        (name, np.int64)
        for name in (
            "week",  # the week that runs, or the next one; below 0 in the past
            "first_week",  # the first that the firm lives
            "closed",  # week of closing, -1 while the firm lives
            "posts",  # open posts
            "departments",  # departments that exist
            "founder_gone",
            "broadcast",  # whether the vision is broadcast this week
            "meetings",  # meetings of this week
            "reporters",  # how many results were reported last week
            "exact",  # whether they were reported without noise
            "stale",  # whether frames were not kept up because nobody keeps one (see `sim.rules.frames`)
            "full_weeks",  # weeks in a row in which books were full and cash ample
            "next_event",
            "next_change",
            "initiatives",  # how many run
            "overflow",  # whether ties found no room: an error
        )
    ]
)
"""Counts and switches of the firm that no series shows."""

(
    MARKET_TURNS,
    DEPARTMENT_TURNED,
    PEOPLE_TURNED,
    CASH_CUT,
    DEMAND_DROP,
    AUTOMATION,
    FOUNDER_LEAVES,
    MERGER,
    INITIATIVE,
    POCKET,
    GOALS,
) = range(11)
"""Kinds of events as compiled code knows them; settings of parameters travel apart, as changes."""

KINDS = {
    MarketTurns: MARKET_TURNS,
    DepartmentTurned: DEPARTMENT_TURNED,
    PeopleTurned: PEOPLE_TURNED,
    CashCut: CASH_CUT,
    DemandDrop: DEMAND_DROP,
    Automation: AUTOMATION,
    FounderLeaves: FOUNDER_LEAVES,
    Merger: MERGER,
    Initiative: INITIATIVE,
    Pocket: POCKET,
    Goals: GOALS,
}

EVENT = np.dtype(
    [
        (name, np.int64)
        for name in ("week", "kind", "rank", "department", "people", "first", "brought", "matrix", "deadline")
    ]
    + [(name, np.float64) for name in ("amount", "angle", "effort", "gain", "cost")]
)
"""An event: `rank` among those of its kind in its week; a merger's people start at `first` of ``Plan.joiners``, bring
`brought` departments and the dependency matrix number `matrix`; new goals start at `first` of ``Plan.new_goals``; `amount` is
a share, weeks of cash, customers or a pocket's autonomy, `gain` what an initiative adds or a pocket's voice (nan: as before)."""

CHANGE = np.dtype([("week", np.int64), ("field", np.int64), ("department", np.int64), ("value", np.float64)])
"""A parameter takes a value, or a department's autonomy (field 0) or voice (1), where `department` is not -1."""

ROLES = {"support": 0, "promise": 1, "deliver": 2}
HIRING_WEEKS = 8
"""Weeks of full books and ample cash in a row after which one post opens."""


class Plan(NamedTuple):
    """What the scenario fixes; compiled code only reads it.

    Attributes
    ----------
    values : parameters at the founding, in the order of `PARAMETERS`
    headcount : (K,) posts at the founding or at the merger
    role : (K,) see `ROLES`
    goal : (K, D) given goals, zero where the goal is drawn
    incentive : (K,) own local incentive, nan where the firm's holds
    automation : (K,) automated share at the start
    belief : (K, D) what people believe in at the founding, zero where it is the vision
    engagement : (K,) at the founding, nan where moods say it
    autonomy, voice : (K,) own autonomy and voice, nan where the firm's hold
    dependencies : (1 + mergers, K, K) before and after each merger
    founders : [departments, posts] at the founding
    listener, speaker, weight : explicit ties, empty where they are drawn
    drawn : [1] if ties are drawn, [0] if explicit
    joiners : (people merged in,) their departments
    events : (E,) record of `EVENT`; targets : (E, K) whose work or goal it is
    new_goals : (goals set by events, D)
    spin_up : [weeks lived before week 0]
    changes : record of `CHANGE`
    """

    values: Floats
    headcount: NDArray[np.int64]
    role: NDArray[np.int64]
    goal: Floats
    incentive: Floats
    automation: Floats
    belief: Floats
    engagement: Floats
    autonomy: Floats
    voice: Floats
    dependencies: Floats
    founders: NDArray[np.int64]
    listener: NDArray[np.int64]
    speaker: NDArray[np.int64]
    weight: Floats
    drawn: NDArray[np.int64]
    joiners: NDArray[np.int64]
    events: NDArray[np.void]
    targets: NDArray[np.bool_]
    new_goals: Floats
    spin_up: NDArray[np.int64]
    changes: NDArray[np.void]


class People(NamedTuple):
    """Everybody, by post. Posts 0 ... firm.posts - 1 are open.

    Attributes
    ----------
    filled : (n,) whether somebody holds the post
    newcomer : (n,) whether the holder came to fill a vacant post
    occupant : (n,) how many people have held it before
    since : (n,) the holder's first week
    department : (n,)
    belief, preference, deviation, frame, rowing, next_belief : (n, D)
        `frame` is what the holder misreads, of about length sqrt(D).
    engagement, temper, attention, output, result, order : (n,)
        `output` is the share of full work that the holder does; `result` is what was reported, nan for nothing; `order` is
        room for sorting.
    draws : (n D,) room for a week's draws
    """

    filled: NDArray[np.bool_]
    newcomer: NDArray[np.bool_]
    occupant: NDArray[np.int64]
    since: NDArray[np.int64]
    department: NDArray[np.int32]
    belief: Floats
    preference: Floats
    deviation: Floats
    frame: Floats
    rowing: Floats
    next_belief: Floats
    engagement: Floats
    temper: Floats
    attention: Floats
    output: Floats
    result: Floats
    order: Floats
    draws: Floats


class Departments(NamedTuple):
    """The departments; ``firm.departments`` of them exist.

    Attributes
    ----------
    posts, founding_posts, role : (K,)
    since : (K,) the first week of each
    goal, functional_goal, understanding, frame, automation_direction, practice, people_direction, delivered, side_direction,
    head : (K, D)
        `frame` is what the head misreads; `practice` is the mean of what people row, the last one where all posts are vacant;
        `people_direction` adds side business.
    automation, incentive, autonomy, voice, climate, local_weight, scatter, speaks, free, rework, misfit, capacity, load, done, finished,
    backlog, overload, boost, clear, spread : (K,)
        `autonomy` and `voice` are nan where the firm's hold, `scatter` and `speaks` are what then holds; `head`, `clear`
        and `spread` are the direction of `understanding`, its length and the noise that relaying adds; `free` is the share of
        talk that stress leaves, `boost` what initiatives made of capacity, `finished` all work done so far.
    draws : (K D,) room for a week's draws
    side_weeks : (K,) weeks of side business left
    dependencies : (K, K)
    """

    posts: NDArray[np.int64]
    founding_posts: NDArray[np.int64]
    role: NDArray[np.int64]
    since: NDArray[np.int64]
    goal: Floats
    functional_goal: Floats
    understanding: Floats
    frame: Floats
    automation_direction: Floats
    practice: Floats
    people_direction: Floats
    delivered: Floats
    side_direction: Floats
    automation: Floats
    incentive: Floats
    autonomy: Floats
    voice: Floats
    climate: Floats
    local_weight: Floats
    scatter: Floats
    speaks: Floats
    free: Floats
    rework: Floats
    misfit: Floats
    capacity: Floats
    load: Floats
    done: Floats
    finished: Floats
    backlog: Floats
    overload: Floats
    boost: Floats
    head: Floats
    clear: Floats
    spread: Floats
    draws: Floats
    side_weeks: NDArray[np.int64]
    dependencies: Floats


class Ties(NamedTuple):
    """Who listens to whom: post i to ``speaker[start[i]:start[i + 1]]``.

    Attributes
    ----------
    start : (n + 1,); speaker, weight : (ties,)
    roster : (n,) posts by department; roster_start : (K + 1,); rank : (n,) a post's place in its department
    picks : (n,) room for picking
    """

    start: NDArray[np.int64]
    speaker: NDArray[np.uint32]
    weight: Floats
    roster: NDArray[np.int64]
    roster_start: NDArray[np.int64]
    rank: NDArray[np.int64]
    picks: NDArray[np.int64]


class State(NamedTuple):
    """The firm as it is.

    Attributes
    ----------
    axes : tuple of D zeros: compiled code knows its length
    plan, luck
        What is fixed; the streams of chance.
    params, values : parameters as a record, and the same memory as an array
    now, now_values : what a week records, as a record, and the same memory as an array
    firm, firm_counts : (1,) record of `FIRM`, and the same memory as an array
    market, norm, vision, founding_vision : (D,)
    uncertainty : (D, D)
        The covariance of the founder's belief about the market, whose mean is the vision.
    spread_of_reports, effect_of_reports : (D, D), (D,)
        Last week's reports: sums over them of (x - mean x)(x - mean x)^T and (x - mean x)(y - mean y), over the variance of
        their noise where they had any.
    reported_market : (D,) where the market was then
    demand : (1,) luck with orders, a standard normal
    people, departments, ties
        See `People`, `Departments`, `Ties`.
    progress : (E,) of initiatives; running : (E,) 0 not begun, 1 running, 2 succeeded, 3 failed
    scratch : (10, D); matrix, other_matrix : (D, D)
    """

    axes: tuple[int, ...]
    plan: Plan
    luck: Luck
    params: NDArray[np.void]
    values: Floats
    now: NDArray[np.void]
    now_values: Floats
    firm: NDArray[np.void]
    firm_counts: NDArray[np.int64]
    market: Floats
    norm: Floats
    vision: Floats
    founding_vision: Floats
    uncertainty: Floats
    spread_of_reports: Floats
    effect_of_reports: Floats
    reported_market: Floats
    demand: Floats
    people: People
    departments: Departments
    ties: Ties
    progress: Floats
    running: NDArray[np.int64]
    scratch: Floats
    matrix: Floats
    other_matrix: Floats

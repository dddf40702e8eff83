"""What exists: a plan that a scenario fixes, and a state, both plain arrays.

Inside compiled code a State is a box (see `sim.state.box`): rules are annotated ``s: State`` and take one, and a box has the
fields of the State that it was made from and shares its arrays. Nowhere else does the difference matter.

Arrays are allocated once at their full capacity (posts that hiring may open and mergers may bring included) and are
never rebound: whoever holds a view on one sees the firm as it is. Shapes use n for the capacity of posts, K for that of
departments, D for the number of axes, E for the number of events.
"""

from sim.state.allocate import capacity, make_state, recording
from sim.state.arrays import (
    AUTOMATION,
    CASH_CUT,
    CHANGE,
    DEMAND_DROP,
    DEPARTMENT_TURNED,
    EVENT,
    FIRM,
    FOUNDER_LEAVES,
    GOALS,
    HIRING_WEEKS,
    INITIATIVE,
    KINDS,
    MARKET_TURNS,
    MERGER,
    NOW,
    PARAMETERS,
    PEOPLE_TURNED,
    POCKET,
    ROLES,
    Departments,
    Floats,
    People,
    Plan,
    State,
    Ties,
)
from sim.state.box import Box, boxed
from sim.state.plan import changes, default_dependencies, make_plan

__all__ = [
    "AUTOMATION",
    "CASH_CUT",
    "CHANGE",
    "DEMAND_DROP",
    "DEPARTMENT_TURNED",
    "EVENT",
    "FIRM",
    "FOUNDER_LEAVES",
    "GOALS",
    "HIRING_WEEKS",
    "INITIATIVE",
    "KINDS",
    "MARKET_TURNS",
    "MERGER",
    "NOW",
    "PARAMETERS",
    "PEOPLE_TURNED",
    "POCKET",
    "ROLES",
    "Box",
    "Departments",
    "Floats",
    "People",
    "Plan",
    "State",
    "Ties",
    "boxed",
    "capacity",
    "changes",
    "default_dependencies",
    "make_plan",
    "make_state",
    "recording",
]

"""Agents as live, writable views on the engine's arrays: employees, departments, the founder.

They hold no numbers of their own: they read and write the engine's arrays, which are never rebound. An employee is a person:
when somebody leaves, their agent is removed, and who fills the post is a new agent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mesa
import numpy as np
from mesa.agentset import AgentSet
from numpy.typing import NDArray

from sim.state import ROLES, Floats

if TYPE_CHECKING:
    from sim.agents.firm import Firm

_ROLE_NAMES = {number: name for name, number in ROLES.items()}


def _view(part: str, name: str, meaning: str, writable: bool = True) -> Any:
    """Return a property that reads and writes row `row` of one of the engine's arrays."""

    def read(agent: Any) -> Any:
        return getattr(getattr(agent.model.state, part), name)[agent.row]

    def write(agent: Any, value: Any) -> None:
        getattr(getattr(agent.model.state, part), name)[agent.row] = value

    return property(read, write if writable else None, doc=meaning)


def _own(name: str, firms: str, meaning: str) -> Any:
    """Return a property of departments: their own value where they have one, else the firm's parameter."""

    def read(agent: Any) -> float:
        own = float(getattr(agent.model.state.departments, name)[agent.row])
        return float(agent.model.parameter(firms)) if np.isnan(own) else own

    def write(agent: Any, value: float) -> None:
        getattr(agent.model.state.departments, name)[agent.row] = value

    return property(read, write, doc=f"{meaning}: its own, or the firm's where it has none.")


class Employee(mesa.Agent):
    """A person in a post.

    Directions are arrays of shape (D,) that share the engine's memory: writing into them changes the firm.

    Raises
    ------
    LookupError
        When read or written after the person has left.
    """

    model: Firm
    belief = _view("people", "belief", "What the person believes in; the length, at most 1, is conviction.")
    preference = _view("people", "preference", "Where the person would go without anybody's word.")
    deviation = _view("people", "deviation", "Personal deviation, of about length sqrt(D).")
    frame = _view(
        "people", "frame", "What the person misreads, of about length sqrt(D); kept up where founder.frame > 0."
    )
    rowing = _view("people", "rowing", "The direction rowed in, last week's outside the week.")
    engagement = _view("people", "engagement", "Engagement in [0, 1].")
    temper = _view("people", "temper", "How cheerful the person is, a standard normal over people.")
    newcomer = _view("people", "newcomer", "Whether the person came to fill a vacant post.", False)
    attention = _view("people", "attention", "Attention in [0, 1] when people last felt; it follows engagement.", False)

    def __init__(self, model: Firm, post: int) -> None:
        super().__init__(model)
        self.post = post
        self._nth = int(model.state.people.occupant[post])

    @property
    def gone(self) -> bool:
        """Whether the person has left the firm."""
        people = self.model.state.people
        return not people.filled[self.post] or int(people.occupant[self.post]) != self._nth

    @property
    def row(self) -> int:
        """The post, as a row of the engine's arrays."""
        if self.gone:
            raise LookupError(f"employee {self.unique_id} has left the firm; ask firm.employees for who is there")
        return self.post

    @property
    def department(self) -> Department:
        """The department of the person's post."""
        self.model.meet()
        return self.model.department_list[int(self.model.state.people.department[self.row])]

    @property
    def colleagues(self) -> AgentSet[Employee]:
        """The people whom this one listens to (vacant posts are left out)."""
        ties, row = self.model.state.ties, self.row
        speakers = ties.speaker[ties.start[row] : ties.start[row + 1]]
        return self.model.holders(speakers.tolist())

    def remove(self) -> None:
        """Leave the firm; the post falls vacant. Mesa's way to take an agent out of a model."""
        if not self.gone:
            self.model.state.people.filled[self.post] = False
        super().remove()

    @property
    def tenure(self) -> int:
        """Weeks that the person has worked in the firm."""
        return max(0, self.model.week - int(self.model.state.people.since[self.row]))

    @property
    def disengaged(self) -> bool:
        """Whether at least half of the attention is gone."""
        return bool(self.engagement <= self.model.parameter("mood.threshold"))

    @property
    def alignment(self) -> float:
        """Cosine of the direction rowed in with the vision."""
        return float(self.rowing @ self.model.state.vision)


class Department(mesa.Agent):
    """A department: its goal, what its head understands, its work."""

    model: Firm
    goal = _view("departments", "goal", "What its people are rewarded for, a unit vector.")
    functional_goal = _view("departments", "functional_goal", "The goal to which rewards relapse, a unit vector.")
    understanding = _view("departments", "understanding", "What its head understands of the vision; short is vague.")
    frame = _view(
        "departments", "frame", "What its head misreads, of about length sqrt(D); kept up where founder.frame > 0."
    )
    climate = _view(
        "departments", "climate", "How cheerful its people are together, a standard normal over departments."
    )
    automation = _view("departments", "automation", "Automated share of its work.")
    automation_direction = _view("departments", "automation_direction", "The direction its machines work in.")
    delivered = _view("departments", "delivered", "What it delivered last, people and machines together.")
    backlog = _view("departments", "backlog", "Work waiting, in person-weeks.")
    overload = _view("departments", "overload", "q/(2+q) for the backlog q in weeks of initial work.")
    rework = _view("departments", "rework", "Share of work done again.")
    capacity = _view("departments", "capacity", "Work it could do last week, in person-weeks.")
    posts = _view("departments", "posts", "Its posts, filled or vacant.")

    def __init__(self, model: Firm, row: int, name: str) -> None:
        super().__init__(model)
        self.row = row
        self.name = name

    @property
    def role(self) -> str:
        """Promise, deliver or support."""
        return _ROLE_NAMES[int(self.model.state.departments.role[self.row])]

    @property
    def members(self) -> AgentSet[Employee]:
        """The people in it now."""
        state = self.model.state
        return self.model.holders(np.flatnonzero(state.people.filled & (state.people.department == self.row)).tolist())

    incentive = _own("incentive", "people.incentive", "Weight of its goal in what its people do")
    autonomy = _own("autonomy", "people.autonomy", "Size of its people's personal deviations")
    voice = _own("voice", "founder.voice", "Probability that its attentive people report a result")

    @property
    def alignment(self) -> float:
        """Cosine of what it delivers with the vision."""
        length = float(np.linalg.norm(self.delivered))
        return float(self.delivered @ self.model.state.vision) / length if length > 0 else 0.0


class Founder(mesa.Agent):
    """The founder: believes that the market lies where the vision points, more or less surely."""

    model: Firm

    @property
    def vision(self) -> Floats:
        """Where the founder points, a unit vector; writable."""
        return self.model.state.vision

    @vision.setter
    def vision(self, value: NDArray[np.float64]) -> None:
        self.model.state.vision[:] = value

    @property
    def founding_vision(self) -> Floats:
        """Where the founder pointed at first; writable."""
        return self.model.state.founding_vision

    @property
    def uncertainty(self) -> Floats:
        """Covariance of the founder's belief about the market, (D, D); writable."""
        return self.model.state.uncertainty

    @uncertainty.setter
    def uncertainty(self, value: NDArray[np.float64]) -> None:
        self.model.state.uncertainty[:] = value

    @property
    def error(self) -> float:
        """How far the founder supposes the vision to be from the market, in radians (root mean square)."""
        return float(np.sqrt(np.trace(self.model.state.uncertainty)))

    @property
    def gone(self) -> bool:
        """Whether the founder has left."""
        return bool(self.model.state.firm["founder_gone"][0])

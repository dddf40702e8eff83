"""A state as a numba structref: compiled code takes one pointer instead of unpacking ninety arrays at each call.

No data is copied: a box has the fields of the `State` that it was made from and shares its arrays. Its parts (plan, people,
departments, ...) are structrefs too, so that what compiled code loads at a time stays small, which halves the time that
compiling takes. With NUMBA_DISABLE_JIT=1 a state stays as it is, but for records whose fields Python reads by name.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
from numba import typeof, types
from numba.experimental import structref
from numpy.typing import NDArray

from sim.engine.compile import PLAIN, compiled
from sim.engine.streams import Luck
from sim.state.arrays import Departments, People, Plan, State, Ties

if TYPE_CHECKING or PLAIN:  # to who reads types, a box is what it was made from
    Box = State
    _PlanBox, _LuckBox, _PeopleBox, _DepartmentsBox, _TiesBox = Plan, Luck, People, Departments, Ties
else:

    def _box(name: str, fields: tuple[str, ...]) -> type:
        """Return a proxy, the class of a box as Python sees it, and tell numba how its instances are made and kept."""

        def preprocess_fields(_: object, given: Any) -> Any:
            return tuple((field, types.unliteral(kind)) for field, kind in given)

        proxy = type(name, (structref.StructRefProxy,), {"__module__": __name__})

        def named(self: Any, given: Any) -> None:
            """Go by a short name: the full one, of all fields' types, would stand in each symbol of compiled code."""
            types.StructRef.__init__(self, given)
            self.name = f"{name}{hashlib.sha256(self.name.encode()).hexdigest()[:16]}"

        inside = {"preprocess_fields": preprocess_fields, "__init__": named, "__module__": __name__}
        kind = structref.register(type(f"{name}Type", (types.StructRef,), inside))
        globals()[kind.__name__] = kind  # numba's cache finds types by their module and name
        structref.define_constructor(proxy, kind, fields)
        structref.define_boxing(kind, proxy)
        return proxy

    Box = _box("Box", State._fields)
    _PlanBox = _box("_PlanBox", Plan._fields)
    _LuckBox = _box("_LuckBox", Luck._fields)
    _PeopleBox = _box("_PeopleBox", People._fields)
    _DepartmentsBox = _box("_DepartmentsBox", Departments._fields)
    _TiesBox = _box("_TiesBox", Ties._fields)

_BOXES: dict[type, type] = {
    State: Box, Plan: _PlanBox, Luck: _LuckBox, People: _PeopleBox, Departments: _DepartmentsBox, Ties: _TiesBox,
}  # fmt: skip


@compiled
def _boxed(axes: Any, plan: Any, luck: Any, before: Any, people: Any, departments: Any, ties: Any, after: Any) -> Box:
    first = (axes, _PlanBox(*plan), _LuckBox(*luck))
    return Box(*(first + before + (_PeopleBox(*people), _DepartmentsBox(*departments), _TiesBox(*ties)) + after))


class _Record:
    """A record whose fields plain Python reads and writes by name, as compiled code does."""

    __slots__ = ("_records", "_row")

    def __init__(self, records: NDArray[np.void], row: int) -> None:
        object.__setattr__(self, "_records", records)
        object.__setattr__(self, "_row", row)

    def __getattr__(self, name: str) -> Any:
        return self._records[name][self._row]

    def __setattr__(self, name: str, value: Any) -> None:
        self._records[name][self._row] = value


class _Records:
    """An array of records for plain Python (NumPy's own records take ``p.squeeze`` for a method)."""

    def __init__(self, records: NDArray[np.void]) -> None:
        self._records = records

    def __len__(self) -> int:
        return len(self._records)

    def __getitem__(self, row: int) -> _Record:
        return _Record(self._records, row)


def box_type(value: State | Plan | Luck | People | Departments | Ties) -> Any:
    """Return numba's type of the box that a state, or a part of it, would be put in."""
    fields = [(f, box_type(v) if type(v) in _BOXES else typeof(v)) for f, v in value._asdict().items()]  # type: ignore[no-untyped-call]
    return globals()[f"{_BOXES[type(value)].__name__}Type"](fields)


def boxed(state: State) -> Box:
    """Put a state in a box for compiled code; both share their arrays."""
    if PLAIN:
        records: dict[str, Any] = {name: _Records(getattr(state, name)) for name in ("params", "now", "firm")}
        plan: dict[str, Any] = {name: _Records(getattr(state.plan, name)) for name in ("events", "changes")}
        return state._replace(plan=state.plan._replace(**plan), **records)
    # numba knows plain tuples of arrays at a glance; of a named tuple it looks at every field in Python, for milliseconds.
    fields, people, ties = tuple(state), State._fields.index("people"), State._fields.index("ties")
    return _boxed(
        state.axes,
        tuple(state.plan),
        state.luck,
        fields[State._fields.index("luck") + 1 : people],
        tuple(state.people),
        tuple(state.departments),
        tuple(state.ties),
        fields[ties + 1 :],
    )

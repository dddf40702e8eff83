"""Frames: what heads and people misread, and whether they go on misreading it.

Managers read strategy through the glasses of their function (Dearborn & Simon 1958; Dougherty 1992). Every week, broadcast or
not, zeta <- frame zeta + sqrt(1-frame^2) N(0, I). At frame 0 this is fresh noise each week, so nothing is kept up; should
frames be switched on in mid-run, last week's noise is looked up first, and luck is shared all the same.
"""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.streams import BROADCAST, RELAY, normals
from sim.engine.vectors import Floats
from sim.state import State


@compiled
def head_frames_move(s: State, needed: bool) -> Floats:
    """Move what heads misread by a week; return it, D numbers a department, which are set if `needed` or frame > 0."""
    f, size, departments = s.firm[0], s.firm[0].departments * len(s.axes), s.departments
    frame, fresh, kept = s.params[0].frame, departments.draws, departments.frame.reshape(-1)
    if frame == 0.0:
        if needed:
            normals(s.luck, BROADCAST, f.week, 0, fresh, size)
        return fresh
    if f.stale == 1 and f.week > f.first_week:
        normals(s.luck, BROADCAST, f.week - 1, 0, fresh, size)
        for n in range(size):
            if departments.since[n // len(s.axes)] < f.week:
                kept[n] = fresh[n]
    if frame < 1.0:
        normals(s.luck, BROADCAST, f.week, 0, fresh, size)
        new = math.sqrt(1.0 - frame * frame)
        for n in range(size):
            kept[n] = frame * kept[n] + new * fresh[n]
    return kept


@compiled
def frames_move(s: State, needed: bool) -> Floats:
    """Move what people misread by a week; return it, D numbers a post, which are set if `needed` or frame > 0."""
    f, size, people = s.firm[0], s.firm[0].posts * len(s.axes), s.people
    frame, fresh, kept = s.params[0].frame, people.draws, people.frame.reshape(-1)
    if frame == 0.0:
        f.stale = 1
        if needed:
            normals(s.luck, RELAY, f.week, 0, fresh, size)
        return fresh
    if f.stale == 1 and f.week > f.first_week:
        normals(s.luck, RELAY, f.week - 1, 0, fresh, size)
        for n in range(size):
            if people.since[n // len(s.axes)] < f.week:
                kept[n] = fresh[n]
    f.stale = 0
    if frame < 1.0:
        normals(s.luck, RELAY, f.week, 0, fresh, size)
        new = math.sqrt(1.0 - frame * frame)
        for n in range(size):
            kept[n] = frame * kept[n] + new * fresh[n]
    return kept

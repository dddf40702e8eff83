"""The market: where customers want to go, and what rivals do."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.streams import DRIFT, NORM, normals
from sim.engine.vectors import make_unit
from sim.state import State


@compiled
def market_drifts(s: State) -> None:
    """Let the market wander, and the industry norm follow it and wander too; in the past they stand still.

    m <- unit(m + turbulence eta); c <- unit(c + norm_speed (m - c) + norm_drift eta), eta = N(0, I)/sqrt(D-1).
    """
    p, axes, week, z = s.params[0], s.axes, s.firm[0].week, s.scratch[0]
    if week < 0:
        return
    scale = 1.0 / math.sqrt(len(axes) - 1.0)
    if p.turbulence > 0.0:
        normals(s.luck, DRIFT, week, 0, z, len(axes))
        for k in range(len(axes)):
            s.market[k] += p.turbulence * scale * z[k]
        make_unit(s.market, axes)
    if p.norm_speed == 0.0 and p.norm_drift == 0.0:
        return
    if p.norm_speed > 0.0:
        for k in range(len(axes)):
            s.norm[k] += p.norm_speed * (s.market[k] - s.norm[k])
    if p.norm_drift > 0.0:
        normals(s.luck, NORM, week, 0, z, len(axes))
        for k in range(len(axes)):
            s.norm[k] += p.norm_drift * scale * z[k]
    make_unit(s.norm, axes)

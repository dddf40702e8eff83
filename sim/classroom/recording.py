"""A run as a page sees it: every week of a `Firm`, packed small enough to send at once.

A whole run is a few hundred kilobytes and takes a few hundredths of a second, so that a page gets all weeks at once, and
playing, going back and scrubbing need no server. The class sees no week before it is played.

Directions have many dimensions, and a screen has two. An angle on the screen is the true angle between a direction and
where customers want to go; only its side, left or right, is a choice: that of the component along the direction in which
this firm's people differ most. A side changes only when the component does so clearly, lest people at the middle flicker.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.agents.firm import Firm
from sim.classroom.levers import LEVERS, positions
from sim.measures.series import SERIES
from sim.scenario import Scenario
from sim.state import Floats

VACANT = 255
FLIP = 0.3
"""A side changes when the component along the sideways axis is this share of all that is not along the market."""
DEPARTMENT_BYTES = (
    "goal",
    "heading",
    "overload",
    "rework",
    "engagement",
    "alignment",
    "automation",
    "posts",
    "machine",
)
PERSON_BYTES = ("angle", "rowing", "belief", "engagement")


def film(scenario: Scenario, seed: int, replicate: int, side: Sequence[float] | None = None) -> dict[str, Any]:
    """Step a firm to its end and return all its weeks as plain data for a page.

    With a ``side``, that of another firm, sides are chosen as there: two firms with one past then look alike in it.

    Bytes: angles are 128 + 127 angle/pi; cosines 127 (1 + cosine); shares 254 share. `VACANT` in a person's engagement
    stands for an empty seat. Series are exact: float64, little-endian, (weeks, measures).
    """
    firm = Firm(scenario, seed, replicate)
    state, people, departments = firm.state, firm.state.people, firm.state.departments
    rows: dict[str, list[Any]] = {name: [] for name in _RECORDED}
    occupants = people.occupant.copy()
    while firm.alive:
        firm.step()
        rows["levers"].append(positions(firm))
        rowing = people.rowing.copy()
        new = people.occupant != occupants
        if new.any():  # they have not rowed yet: shown where they believe they should
            rowing[new] = people.belief[new]
            occupants[:] = people.occupant
        rows["people"].append(rowing)
        rows["belief"].append(people.belief.copy())
        rows["engagement"].append(np.where(people.filled, people.engagement, np.nan))
        rows["market"].append(state.market.copy())
        rows["vision"].append(state.vision.copy())
        rows["goal"].append(departments.goal.copy())
        rows["delivered"].append(departments.delivered.copy())
        rows["automation"].append(departments.automation.copy())
        rows["machine"].append(departments.automation_direction.copy())
        rows["posts"].append(departments.posts.copy())
        rows["broadcast"].append(int(state.firm["broadcast"][0]))
    weeks = firm.week
    drawn = {name: np.asarray(values) for name, values in rows.items()}
    return {
        "name": scenario.name,
        "title": scenario.title or scenario.name,
        "story": scenario.story,
        "hash": scenario.hash,
        "seed": seed,
        "replicate": replicate,
        "weeks": weeks,
        "horizon": firm.weeks,
        "closed": firm.closed,
        "safety": firm.parameter("money.safety"),
        "axes": list(scenario.axes),
        "departments": [{"name": n, "role": d.role} for n, d in zip(firm._names, firm.department_list, strict=False)],
        "measures": list(SERIES),
        "series": _packed(np.column_stack(list(firm.series.values())).astype("<f8")),
        "levers": _packed(drawn["levers"].astype("<f4")),
        "broadcast": _packed(drawn["broadcast"].astype(np.uint8)),
        "events": [
            {"week": e.week, "kind": e.kind, "label": e.label or e.kind.replace("_", " ")} for e in scenario.events
        ],
        "posts": len(people.filled),
        "department_of": people.department.tolist(),
        "links": _links(firm),
        **_drawn(firm, drawn, side),
    }


_RECORDED = (
    "people", "belief", "engagement", "market", "vision", "goal", "delivered", "automation", "machine", "posts", "broadcast",
    "levers",
)  # fmt: skip


def _drawn(firm: Firm, rows: dict[str, Floats], given: Sequence[float] | None) -> dict[str, Any]:
    market, vision = rows["market"], rows["vision"]
    filled = ~np.isnan(rows["engagement"])
    side = _sideways(rows["people"], market, filled)
    if given is not None and len(given) == len(side) and 0.5 < float(np.linalg.norm(given)) < 2:
        side = np.asarray(given, float)
    angle = _angles(rows["people"], market, side)
    person = np.stack(
        [
            _angle_byte(angle),
            _cosine_byte(_cosine(rows["people"], vision)),
            _cosine_byte(_cosine(rows["belief"], vision)),
            np.where(filled, np.round(254 * np.nan_to_num(rows["engagement"])), VACANT).astype(np.uint8),
        ],
        axis=-1,
    )
    measured = firm.department_series  # alignment, rework, overload, engagement
    department = np.stack(
        [
            _angle_byte(_angles(rows["goal"], market, side)),
            _angle_byte(_angles(rows["delivered"], market, side)),
            _share_byte(measured[:, :, 2]),
            _share_byte(measured[:, :, 1]),
            _share_byte(measured[:, :, 3]),
            _cosine_byte(np.nan_to_num(measured[:, :, 0])),
            _share_byte(rows["automation"]),
            np.minimum(rows["posts"], 255).astype(np.uint8),
            _angle_byte(_angles(rows["machine"], market, side)),
        ],
        axis=-1,
    )
    needles = np.column_stack(
        [
            _angles(vision[:, None, :], market, side)[:, 0],
            _angles(np.broadcast_to(firm.state.founding_vision, vision.shape)[:, None, :], market, side)[:, 0],
            _angles(_mean(rows["people"], filled)[:, None, :], market, side)[:, 0],
        ]
    )
    return {
        "side": side.tolist(),
        "people": _packed(person),
        "work": _packed(department),
        "needles": _packed(needles.astype("<f4")),
    }


def _mean(rows: Floats, filled: NDArray[np.bool_]) -> Floats:
    counts = np.maximum(1, filled.sum(axis=1))[:, None]
    mean: Floats = (rows * filled[:, :, None]).sum(axis=1) / counts
    return mean


def _sideways(rows: Floats, market: Floats, filled: NDArray[np.bool_]) -> Floats:
    """Return the direction in which people differ most among those at right angles to the market, (D,)."""
    across = rows - np.einsum("tnd,td->tn", rows, market)[:, :, None] * market[:, None, :]
    flat = across[filled]
    values, vectors = np.linalg.eigh(flat.T @ flat / max(1, len(flat)))
    axis: Floats = vectors[:, int(np.argmax(values))]
    # A sign that does not depend on the solver: the largest component is positive.
    return axis * (1.0 if axis[int(np.argmax(np.abs(axis)))] > 0 else -1.0)


def _angles(rows: Floats, market: Floats, side: Floats) -> Floats:
    """Return signed angles with the market, (weeks, rows)."""
    along = np.einsum("tnd,td->tn", rows, market)
    length = np.sqrt(np.einsum("tnd,tnd->tn", rows, rows))
    cosine = np.divide(along, length, out=np.ones_like(along), where=length > 1e-12)
    axis = side - (market @ side)[:, None] * market
    axis /= np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-12)
    across = np.sqrt(np.maximum(length**2 - along**2, 1e-18))
    share = np.einsum("tnd,td->tn", rows, axis) / across
    signs = np.empty_like(share)
    current = np.where(share[0] < 0, -1.0, 1.0)
    for week, shares in enumerate(share):
        clear = np.abs(shares) > FLIP
        current = np.where(clear, np.sign(shares), current)
        signs[week] = current
    found: Floats = signs * np.arccos(np.clip(cosine, -1.0, 1.0))
    return found


def _cosine(rows: Floats, with_: Floats) -> Floats:
    length = np.maximum(np.linalg.norm(rows, axis=2), 1e-12)
    found: Floats = np.einsum("tnd,td->tn", rows, with_) / length
    return found


def _angle_byte(angle: Floats) -> NDArray[np.uint8]:
    return np.round(128 + 127 * angle / np.pi).astype(np.uint8)


def _cosine_byte(cosine: Floats) -> NDArray[np.uint8]:
    return np.round(127 * (1 + np.clip(cosine, -1, 1))).astype(np.uint8)


def _share_byte(share: Floats) -> NDArray[np.uint8]:
    return np.round(254 * np.clip(np.nan_to_num(share), 0, 1)).astype(np.uint8)


def _links(firm: Firm) -> list[int]:
    """Return talk links as listener, speaker, listener, speaker, ..."""
    ties, posts = firm.state.ties, int(firm.state.firm["posts"][0])
    listeners = np.repeat(np.arange(posts), np.diff(ties.start[: posts + 1]))
    speakers = ties.speaker[: len(listeners)].astype(np.int64)
    found: list[int] = np.column_stack([listeners, speakers]).ravel().tolist()
    return found


def _packed(array: NDArray[Any]) -> str:
    return base64.b64encode(np.ascontiguousarray(array).tobytes()).decode("ascii")


__all__ = ["DEPARTMENT_BYTES", "LEVERS", "PERSON_BYTES", "VACANT", "film"]

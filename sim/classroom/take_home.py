"""The take-home file: one page that opens from the disk, without a server and without network."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from markupsafe import Markup

from sim.classroom.catalogue import catalogue
from sim.classroom.lessons import Lesson
from sim.classroom.levers import standing_of
from sim.classroom.pages import bundle, data_block, page, policy_hash, style
from sim.classroom.recording import film
from sim.classroom.request import Ask
from sim.classroom.work_queue import GoneError
from sim.measures.intervals import quantiles
from sim.simulate import Batch, run_many
from sim.state import Floats

FIRMS = 30
"""Firms behind each point of the lattice."""
POINTS = {1: 17, 2: 9, 3: 5}
"""Positions of each slider, by how many sliders there are."""
EVERY = 4
"""Weeks between two that are kept."""
NOBODY = 255
MOST_BYTES = 5_000_000


def take_home(
    lesson: Lesson,
    folder: Path,
    findings: Mapping[str, Any],
    steered: Ask | None = None,
    grid: dict[str, Any] | None = None,
) -> str:
    """Return the page as text.

    Parameters
    ----------
    lesson, folder
        The lesson, and where its curve lies.
    findings
        What many firms say to its claims (`sim.classroom.lesson_check.evidence`).
    steered
        The firm that the class steered; it is shown beside the lesson's.
    grid
        What `lattice` returned for this lesson.
    """
    base, change = lesson.base.ask(lesson), lesson.change.ask(lesson)
    changed = film(change.build(), change.seed, change.replicate)
    side = changed["side"]
    runs = {"base": film(base.build(), base.seed, base.replicate, side), "change": changed}
    if steered is not None and steered.build().hash != change.build().hash:
        runs["class"] = film(steered.build(), steered.seed, steered.replicate, side)
    home = {
        "catalogue": catalogue({lesson.key: (lesson, folder)}, with_scenarios=False),
        "runs": runs,
        "findings": dict(findings),
        "lattice": grid,
    }
    return _page(lesson.title, home)


def lattice(
    lesson: Lesson,
    firms: int = FIRMS,
    points: Mapping[int, int] = MappingProxyType(POINTS),
    dropped: Callable[[], bool] = lambda: False,
) -> dict[str, Any] | None:
    """Run the changed firm on a lattice of slider positions; None if the lesson names no sliders for it.

    Bands are bytes, (measures, weeks, 3 quantiles: 10, 50, 90 %), scaled to each measure's limits; `NOBODY` where fewer
    than a tenth of the firms live. All points and the base share their luck.

    Parameters
    ----------
    lesson
        The lesson; its sliders span the lattice.
    firms
        Firms at each point.
    points
        Positions of each slider, by how many sliders there are.
    dropped
        Asked between points whether nobody wants the lattice any longer; GoneError then.
    """
    if not lesson.lattice:
        return None
    change = lesson.change.ask(lesson)
    scenario = change.build()
    start = standing_of(change)
    count = points[len(lesson.lattice)]
    names, choices, starts = [], [], []
    for slider in lesson.lattice:
        values = [round(float(v), 6) for v in np.linspace(slider.least, slider.most, count)]
        if slider.name == "founder.cadence":
            values = [float(round(v)) for v in values]
        names.append(slider.name)
        choices.append(values)
        starts.append(int(np.argmin([abs(v - start[slider.name]) for v in values])))
    measures = list(lesson.watch)
    weeks = list(range(0, scenario.weeks, EVERY))
    bands, closed = [], []
    for point in itertools.product(*choices):
        if dropped():
            raise GoneError
        batch = run_many(_moved(change, dict(zip(names, point, strict=True))).build(), firms, 1000)
        bands.append(_quantiles(batch, measures, weeks))
        closed.append(float((batch.closed >= 0).mean()))
    base = run_many(lesson.base.ask(lesson).build(), firms, 1000)
    bands.append(_quantiles(base, measures, weeks))
    everything = np.array(bands)
    limits = [
        [min(0.0, float(np.nanmin(everything[:, m]))), max(1.0, float(np.nanmax(everything[:, m])))]
        for m in range(len(measures))
    ]
    packed = [_packed(b, limits) for b in bands]
    return {
        "sliders": [{"name": n, "values": v, "start": s} for n, v, s in zip(names, choices, starts, strict=True)],
        "measures": measures,
        "weeks": weeks,
        "limits": limits,
        "firms": firms,
        "points": [{"bands": b, "closed": c} for b, c in zip(packed, closed, strict=False)],
        "base": packed[-1],
        "base_closed": float((base.closed >= 0).mean()),
    }


def _moved(ask: Ask, values: dict[str, float]) -> Ask:
    events = ask.events
    if "automation" in values:
        events = (*events, {"kind": "automation", "week": 0, "share": values.pop("automation")})
    return ask.model_copy(update={"set": {**ask.set, **values}, "events": events})


def _quantiles(batch: Batch, measures: Sequence[str], weeks: Sequence[int]) -> Floats:
    found = np.full((len(measures), len(weeks), 3), np.nan)
    for m, name in enumerate(measures):
        values = batch.of(name)[:, list(weeks)]
        found[m] = quantiles(values, (0.1, 0.5, 0.9)).T
        found[m, np.mean(~np.isnan(values), axis=0) < 0.1] = np.nan
    return found


def _packed(bands: Floats, limits: Sequence[Sequence[float]]) -> str:
    low, high = (np.array([pair[i] for pair in limits])[:, None, None] for i in (0, 1))
    scaled = np.round(254 * np.clip((bands - low) / (high - low), 0, 1))
    return base64.b64encode(np.where(np.isnan(bands), NOBODY, scaled).astype(np.uint8).tobytes()).decode("ascii")


def _page(title: str, home: dict[str, Any]) -> str:
    script, sheet = bundle(), style("classroom.css")
    policy = (
        f"default-src 'none'; script-src {policy_hash(script)}; style-src {policy_hash(sheet)}; img-src data: blob:"
    )
    return page(
        "take_home.html",
        title=title,
        policy=policy,
        style=Markup(sheet),
        script=Markup(script),
        home=data_block(home),
    )

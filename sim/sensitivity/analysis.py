"""From a measure of a sweep to findings: one function per method, chosen by the design."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.sensitivity import given_data as given
from sim.sensitivity.bootstrap import DRAWS, HALVES, halves, interval, weights
from sim.sensitivity.morris import elementary_effects, luck_floor, morris
from sim.sensitivity.ranking import Verdict, judge, screen
from sim.sensitivity.replicates import VarianceShares, enough, luck
from sim.sensitivity.sample import NotApplicable, Sample, Source, read
from sim.sensitivity.sobol import complete, sobol
from sim.study.factors import DUMMY
from sim.study.results import SweepResults, open_sweep
from sim.study.study_fields import Fast, Grid, Sobol

if TYPE_CHECKING:
    import pandas as pd

    from sim.study.sweep import Swept

Floats = NDArray[np.float64]

CROSSED = "95 % Bayesian bootstrap over base points and replicates"
LUCK_ONLY = "95 % Bayesian bootstrap over replicates"
JACKKNIFE = "95 % delete-half jackknife over points, replicates reweighted"
NO_INTERVAL = "no intervals: fewer than 3 replicates"
TOTAL, FIRST, SECOND = "total index", "first-order index", "second-order index"
HALVES_OF_THE_DESIGN = "second-order index (mean of both halves of the design, where SALib's estimator takes one)"
FEW_VALUES = 20
"""Outcomes that take fewer values have no density to speak of."""


@dataclass(frozen=True)
class Index:
    """An index of every factor (factors,): values, 95 % interval (nan where there is none), and the draws behind it."""

    name: str
    label: str
    values: Floats
    low: Floats
    high: Floats
    draws: Floats


@dataclass(frozen=True)
class Findings:
    """What an analysis of one measure by one method came to.

    Attributes
    ----------
    method, source
        What was done, and on what.
    names
        Factors or groups.
    unit, size
        What the design is counted in (``N``, ``trajectories`` or ``points``), and how many there are.
    indices
        The first is the one that ranks factors.
    second
        Second-order index of each pair (factors, factors), nan on the diagonal, or None; with it its interval.
    floor
        What noise alone would show for the ranking index (factors,), or None; `floor_from` says where it is from.
    luck, replicates_needed
        Where the variance of single runs comes from; replicates that bring luck below 5 % of the variance of means.
    interval
        Kind of interval.
    verdict
        Whether the ranking is settled.
    """

    method: str
    source: Source
    names: tuple[str, ...]
    unit: str
    size: int
    indices: tuple[Index, ...]
    second: Index | None
    floor: Floats | None
    floor_from: str
    luck: VarianceShares | None
    replicates_needed: int | None
    interval: str
    verdict: Verdict

    def index(self, name: str) -> Index:
        """Return an index by name."""
        return next(index for index in self.indices if index.name == name)

    def to_frame(self) -> pd.DataFrame:
        """Return the indices as a tidy data frame: a row per factor and index, with value, low and high."""
        import pandas as pd

        rows = [
            (name, index.name, float(index.values[i]), float(index.low[i]), float(index.high[i]))
            for index in self.indices
            for i, name in enumerate(self.names)
        ]
        return pd.DataFrame(rows, columns=["factor", "index", "value", "low", "high"])


def analyse(
    sample: Sample | SweepResults | Swept | str | Path,
    method: str | None = None,
    draws: int | None = None,
    *,
    measure: str | None = None,
    without_holes: bool = False,
) -> Findings:
    """Return what a method finds in a measure of a sweep.

    Parameters
    ----------
    sample
        A measure of a sweep, or the sweep: its folder, or what `sim.sweep` or `sim.study.results.open_sweep` returned.
    method
        One of `methods`; left out: the first of them.
    draws
        Draws of the bootstrap; left out: 1000, or 200 where every draw is an analysis of its own.
    measure, without_holes
        Of a sweep: which measure, as in `sim.sensitivity.read`; may be left out where the study has one.

    Raises
    ------
    NotApplicable
        If the design does not allow the method, or a sweep of many measures is given without one.
    """
    if not isinstance(sample, Sample):
        sample = _measured(sample, measure, without_holes)
    fit = methods(sample)
    if method is None and fit:
        method = fit[0]
    if method not in fit:
        kind = sample.sweep.study.design.kind
        allowed = f"allows {', '.join(fit)}" if fit else "shows response curves, but allows no indices"
        raise NotApplicable(f"a {kind} design {allowed}{f', not {method}' if method else ''}")
    return METHODS[method](sample, draws)


def _measured(sweep: SweepResults | Swept | str | Path, measure: str | None, without_holes: bool) -> Sample:
    if not isinstance(sweep, SweepResults):
        sweep = open_sweep(sweep if isinstance(sweep, str | Path) else sweep.folder)
    if measure is None and len(sweep.study.measures) > 1:
        raise NotApplicable(f"which measure? {sweep.folder} holds {', '.join(sweep.study.measures)}")
    return read(sweep, sweep.study.measures[0] if measure is None else measure, without_holes)


def methods(sample: Sample) -> tuple[str, ...]:
    """Return the methods that a sample's design allows, the usual one first."""
    return FITS[sample.sweep.study.design.kind]


def _morris(sample: Sample, draws: int | None) -> Findings:
    rows = sample.clusters
    effects = elementary_effects(sample.sweep.design.unit[rows], sample.y[rows], sample.members)
    t, _, r = effects.shape
    w, v = weights(t, r, draws or DRAWS, sample.sweep.study.seed)
    here = morris(effects, np.full(t, 1 / t), np.ones(r))
    all_draws = [morris(effects, *pair) for pair in zip(w, v, strict=True)]
    found = (
        _index("mu_star", "mean size of the effect (mu*)", here.mu_star, np.array([d.mu_star for d in all_draws])),
        _index("mu", "mean effect (mu)", here.mu, np.array([d.mu for d in all_draws])),
        _index("sigma", "spread of the effect (sigma)", here.sigma, np.array([d.sigma for d in all_draws])),
    )
    floor = luck_floor(effects, np.full((1, t), 1 / t))[0] if r > 1 else None
    floors = luck_floor(effects, w) if r > 1 else None
    words = "mean size of what luck alone does to an effect, by its spread over replicates"
    scale = float(here.mu_star.max())
    return _findings(
        "morris", sample, sample.groups, "trajectories", t, found, None, floor, words, CROSSED, (w, v), scale, floors
    )


def _sobol(sample: Sample, draws: int | None) -> Findings:
    design = sample.sweep.study.design
    assert isinstance(design, Sobol)
    rows, names = sample.clusters, sample.groups
    y, k = sample.y[rows], len(names)
    n, _, r = y.shape
    w, v = weights(n, r, draws or DRAWS, sample.sweep.study.seed)
    here, drawn = sobol(y, k, np.full((1, n), 1 / n), np.ones((1, r))), sobol(y, k, w, v)
    found = (_index("ST", TOTAL, here.total[0], drawn.total), _index("S1", FIRST, here.first[0], drawn.first))
    second = None
    if here.second is not None and drawn.second is not None:
        second = _index("S2", HALVES_OF_THE_DESIGN, here.second[0], drawn.second)
    floor, words, floors = _dummy(sample, names, found[0])
    return _findings("sobol", sample, names, "N", n, found, second, floor, words, CROSSED, (w, v), 1.0, floors)


def _anova(sample: Sample, draws: int | None) -> Findings:
    design = sample.sweep.study.design
    assert isinstance(design, Grid)
    names = sample.sweep.study.names
    shape = [len(factor.levels(design.levels)) for factor in sample.sweep.study.factors]
    y, r = sample.y.reshape(*shape, -1), sample.y.shape[1]
    w, v = weights(len(sample.y), r, draws or DRAWS, sample.sweep.study.seed)
    here, drawn = complete(y, np.ones((1, r))), complete(y, v if r > 2 else v[:0])
    assert here.second is not None
    assert drawn.second is not None
    found = (_index("ST", TOTAL, here.total[0], drawn.total), _index("S1", FIRST, here.first[0], drawn.first))
    second = _index("S2", SECOND, here.second[0], drawn.second)
    floor, words, floors = _dummy(sample, names, found[0])
    note = LUCK_ONLY + "; the grid is whole" if r > 2 else NO_INTERVAL
    return _findings("anova", sample, names, "replicates", r, found, second, floor, words, note, (w, v), 1.0, floors)


def _fast(sample: Sample, draws: int | None) -> Findings:
    design, names = sample.sweep.study.design, sample.sweep.study.names
    assert isinstance(design, Fast)
    y, r = sample.y.reshape(len(names), design.n, -1), sample.y.shape[1]
    first, total = given.fast(y, np.ones(r), design.harmonics)
    w, v = weights(len(sample.y), r, draws or DRAWS, sample.sweep.study.seed)
    all_draws = np.array([given.fast(y, pair, design.harmonics) for pair in v] if r > 2 else []).reshape(
        -1, 2, len(names)
    )
    found = (_index("ST", TOTAL, total, all_draws[:, 1]), _index("S1", FIRST, first, all_draws[:, 0]))
    floor, words, floors = _dummy(sample, names, found[0])
    note = f"{LUCK_ONLY if r > 2 else NO_INTERVAL}; what the curves miss is not in them"
    return _findings("fast", sample, names, "replicates", r, found, None, floor, words, note, (w, v), 1.0, floors)


def _given(
    method: str, name: str, label: str, estimate: Callable[[Floats, Floats], Floats]
) -> Callable[[Sample, int | None], Findings]:
    def analysis(sample: Sample, draws: int | None) -> Findings:
        seed, names = sample.sweep.study.seed, sample.sweep.study.names
        rows = sample.independent.ravel()
        unit, y = sample.sweep.design.unit[rows], sample.y[rows]
        n, r = y.shape
        mean = y.mean(axis=1)
        values = len(np.unique(mean))
        if method == "delta" and values < FEW_VALUES:
            raise NotApplicable(
                f"{sample.measure} takes {values} values only, too few for the densities of delta: use pawn"
            )
        # A dummy that costs no run stands beside the factors: what it earns is chance.
        unit = np.column_stack([unit, given.phantom(n, seed)])
        here = estimate(unit, mean)
        inside, v = halves(n, r, draws or HALVES, seed)
        half = np.array([estimate(unit[rows], y[rows] @ (u / u.sum())) for rows, u in zip(inside, v, strict=True)])
        scatter = here + half - half.mean(axis=0)
        found = (_index(name, label, here[:-1], scatter[:, :-1]),)
        floor = np.full(len(names), np.quantile(scatter[:, -1], 0.975))
        words = "upper end of the interval of a factor that nothing depends on (points shuffled)"
        w, v = weights(n, r, draws or HALVES, seed)
        floors = np.repeat(scatter[:, -1:], len(names), axis=1)
        return _findings(method, sample, names, "points", n, found, None, floor, words, JACKKNIFE, (w, v), 1.0, floors)

    return analysis


METHODS: dict[str, Callable[[Sample, int | None], Findings]] = {
    "morris": _morris,
    "sobol": _sobol,
    "fast": _fast,
    "rbd_fast": _given("rbd_fast", "S1", "first-order index (RBD-FAST)", given.rbd_fast),
    "delta": _given("delta", "delta", "delta: shift of the whole density", given.delta),
    "pawn": _given("pawn", "KS", "PAWN: median shift of the distribution", given.pawn),
    "anova": _anova,
}
"""Methods by name."""
ANY = ("rbd_fast", "delta", "pawn")
FITS: dict[str, tuple[str, ...]] = {
    "morris": ("morris",),
    "sobol": ("sobol", *ANY),
    "fast": ("fast",),
    "lhs": ANY,
    "file": ANY,
    "grid": ("anova",),
    "oat": (),
}
"""Methods that each design allows."""


def _index(name: str, label: str, values: Floats | None, draws: Floats) -> Index:
    assert values is not None
    low, high = interval(draws)
    return Index(name, label, values, low, high, draws)


def _dummy(sample: Sample, names: tuple[str, ...], ranked: Index) -> tuple[Floats | None, str, Floats | None]:
    """Return what the study's own dummy shows, in words, and draw by draw: noise, where points do not share their luck."""
    if DUMMY not in names:
        return None, "the study has no factor called dummy", None
    upper = float(ranked.high[names.index(DUMMY)])
    if sample.sweep.study.function is None and sample.sweep.study.design.kind == "sobol":
        words = "luck is shared by all points, so a dummy shows exactly 0 and the noise floor is 0 by design"
    else:
        words = "upper end of the dummy's interval"
    draws = ranked.draws[:, [names.index(DUMMY)]]
    return np.full(len(names), upper), words, np.repeat(draws, len(names), axis=1)


def _findings(
    method: str,
    sample: Sample,
    names: tuple[str, ...],
    unit: str,
    size: int,
    indices: tuple[Index, ...],
    second: Index | None,
    floor: Floats | None,
    floor_from: str,
    kind: str,
    crossed: tuple[Floats, Floats],
    scale: float,
    floors: Floats | None,
) -> Findings:
    rows = sample.independent
    y = sample.y[rows]
    w, v = (part[:HALVES] for part in crossed)
    w = np.repeat(w, y.shape[1], axis=1) if w.shape[1] == len(rows) and y.shape[1] > 1 else w
    flat = y.reshape(-1, y.shape[2])
    ranked = indices[0]
    judged = screen if method == "morris" else judge
    verdict = judged(names, ranked.values, ranked.draws, size, unit, scale, floors)
    return Findings(
        method=method,
        source=sample.source,
        names=names,
        unit=unit,
        size=size,
        indices=indices,
        second=second,
        floor=floor,
        floor_from=floor_from,
        luck=luck(flat, (w, v)),
        replicates_needed=enough(flat),
        interval=kind,
        verdict=verdict,
    )

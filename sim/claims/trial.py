"""A claim is tried: pairs are run, contrasts made, the mechanism switched off, levels and horizons changed, and it is judged."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.claims.criteria import Claim, Contrast, read_claim, rules
from sim.claims.curves import mean_curves, weekly_curve
from sim.claims.estimate import Estimate, mean_of, pairs_needed, ratio_of
from sim.claims.laboratory import Block, Lab
from sim.claims.measure import Given, Measure, Said
from sim.claims.outcomes import values_of
from sim.claims.verdict import Judged, Mechanism, mechanism_of, support_delta

Floats = NDArray[np.float64]
FRESH = 1_000_000
"""Firms from this number on serve the share of firms that show a headline."""


@dataclass(frozen=True)
class Size:
    """How much is run.

    Attributes
    ----------
    first
        Pairs after which n is set, from their standard deviation.
    budget
        Person-weeks that a claim may take for its pairs; what is beyond is capped, and said.
    again
        Pairs for other levels and another horizon; 0 leaves both out.
    firms, seeds
        For the share of firms that show it; 0 leaves it out.
    """

    first: int = 500
    budget: float = 1e8
    again: int = 500
    firms: int = 100
    seeds: int = 10
    fixed: int | None = None
    """So many pairs, whatever their spread: for tests."""


QUICK = Size(first=24, budget=0.0, again=0, firms=0, seeds=0, fixed=24)


@dataclass
class Trial:
    """All that came out of a claim, before Holm: the word needs the whole family.

    Attributes
    ----------
    headline, supports, nulls, checks
        Judged contrasts; nulls and checks decide nothing.
    ablated, left, mechanism
        The headline without the mechanism, how much of it is left, and what that says.
    printed
        Lines beside the claim: other policy, levels, horizons, thirds, measures of its own.
    share
        Share of firms that show it, with mean and between-firm spread.
    wanted, pairs, redrawn
        Pairs that the spread asked for, that were run, and that closed before their event (others took their place).
    curves
        Arm -> weekly means of the headline's outcome with the half-width of their 95 % intervals.
    """

    claim: Claim
    headline: Judged
    supports: dict[str, list[Judged]]
    nulls: list[Judged]
    checks: list[Judged]
    ablated: Judged | None = None
    left: Estimate | None = None
    mechanism: Mechanism | str = ""
    printed: list[Said] = field(default_factory=list)
    share: dict[str, Any] = field(default_factory=dict)
    wanted: int = 0
    pairs: int = 0
    redrawn: int = 0
    curves: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    quick: bool = False
    budget: float = 0.0
    runs: int = 0
    seconds: float = 0.0
    guess: str = ""


def try_claim(
    identity: str, module: ModuleType, lab: Lab, size: Size | None = None, claim: Claim | None = None
) -> Trial:
    """Try a claim.

    Parameters
    ----------
    identity
        Such as C01.
    module
        The claim's own file, with `MEASURES` and `FORMULAS` where it has some.
    lab
        Where it is run.
    size
        How much is run.
    claim
        Criteria other than those of this package (a bundle's).
    """
    start, before, how = time.perf_counter(), lab.runs, size or Size()
    return _Trying(claim or read_claim(identity), module, lab, how).all(start, before)


class _Trying:
    def __init__(self, claim: Claim, module: ModuleType, lab: Lab, size: Size) -> None:
        self.claim, self.lab, self.size = claim, lab, size
        self.measures: Mapping[str, Measure] = getattr(module, "MEASURES", {})
        self.formulas = getattr(module, "FORMULAS", {})
        self.means = lab.levels.means
        self.delta = claim.headline.delta.value(self.means) if claim.headline.delta else 0.0
        self.clusters = np.zeros(0, np.int64)
        self.headline_values = np.zeros(0)

    def all(self, start: float, before: int) -> Trial:
        """Do everything in its order; n is set before anything but a spread is looked at."""
        claim, head = self.claim, self.claim.headline
        main = [c for c in claim.contrasts() if not c.settings]
        first = self.size.fixed or self.size.first
        values = self.values(main, first, curves=True)
        curves = {name: values.pop(name) for name in list(values) if name.startswith("curve ")}
        wanted, pairs, note = self.pairs(values["headline"])
        if pairs > first:
            more = self.values(main, pairs - first, first=self.lab.first + first)
            values = {name: np.concatenate([its, more[name]]) for name, its in values.items()}
        self.clusters = self.lab.population.firms(self.lab.first, pairs).origin
        self.headline_values = values["headline"][:, 0]
        judged = {c.name: self.judged(c, values) for c in main if c.weights or c.measure}
        trial = Trial(
            claim,
            judged["headline"],
            {name: [judged[c.name] for c in parts] for name, parts in claim.supports.items()},
            [judged[c.name] for c in claim.nulls if c.name in judged],
            [judged[c.name] for c in claim.checks if c.name in judged],
            wanted=wanted,
            pairs=pairs,
            redrawn=int(values["redrawn"].sum()) if "redrawn" in values else 0,
            seed=self.lab.seed,
            guess=note,
        )
        for c in claim.nulls:
            if c.settings:
                trial.nulls.append(self.without(c, c.settings, {}, pairs))
        self.ablate(trial, pairs)
        self.measured_lines(trial, values)
        trial.printed += self.other_policy(head, values) + self.thirds(values, pairs)
        if self.size.again:
            trial.printed += self.again(head)
            trial.printed += self.as_printed()
        if self.size.firms:
            trial.share = self.share(head)
        trial.curves = mean_curves(claim, self.arms_of([head]), curves)
        trial.quick, trial.budget = self.size.fixed is not None, self.size.budget
        trial.runs, trial.seconds = self.lab.runs - before, time.perf_counter() - start
        return trial

    def pairs(self, first: Floats) -> tuple[int, int, str]:
        """Return how many pairs the spread of the first ones asks for, how many are run, and a note on it.

        Of the first pairs only the standard deviation is looked at.
        """
        count = len(first)
        if self.size.fixed is not None:
            return count, count, ""
        measure = self.measure_of(self.claim.headline)
        its = first[:, 0] if measure is None else measure.spread(first)
        kept = its[~np.isnan(its)]
        sd, share = float(np.std(kept, ddof=1)), len(kept) / count
        wanted = pairs_needed(sd, self.delta)
        most = int(self.size.budget / max(1.0, self.weight()))
        asked = math.ceil(wanted / max(share, 0.05))
        pairs = min(asked, max(count, most))
        note = f"sd {sd:.3g} after {count} pairs asks for {wanted} pairs with a value"
        if asked > pairs:
            note += f"; the budget of the ledger allows {pairs} in all"
        return wanted, pairs, note

    def weight(self) -> float:
        """Return the person-weeks of a pair with all its arms, and the headline's once more for the ablation."""
        base, claim = self.lab.population.base, self.claim
        weeks = claim.horizon + int(getattr(base, "spin_up", 0))
        size = float(np.mean(self.lab.population.firms(0, 256).headcount))
        arms = [*self.arms_of(claim.contrasts()), *self.arms_of([claim.headline])]
        preset = [claim.firms.get(claim.arms[a].get("firm", ""), {}).get("headcount") for a in arms]
        own = [claim.arms[a].get("headcount") for a in arms]
        return weeks * sum(float(p or o or size) for p, o in zip(preset, own, strict=True))

    def arms_of(self, contrasts: Sequence[Contrast]) -> list[str]:
        """Return the arms that contrasts need, in the order of the criteria."""
        used = {a for c in contrasts for a in (self.measure_of(c).arms if self.measure_of(c) else c.weights)}  # type: ignore[union-attr]
        return [name for name in self.claim.arms if name in used]

    def measure_of(self, contrast: Contrast) -> Measure | None:
        """Return the measure that a contrast names, if it is none of arms."""
        return self.measures[contrast.measure.split(":")[0]] if contrast.measure else None

    def values(self, contrasts: Sequence[Contrast], pairs: int, **how: Any) -> dict[str, Floats]:
        """Return for each contrast (pairs, 3): its value, with last values carried forward, with the other policy.

        Measures of the claim's own have columns of their own, by name; ``redrawn`` says which pairs closed before an event
        at which nothing had differed yet.
        """
        made = [c for c in contrasts if c.weights or c.measure]
        own = {c.measure.split(":")[0]: self.measure_of(c) for c in made if c.measure}
        given = Given(self.claim, self.lab, self.formulas, how.get("over", {}), pairs)
        prepared = {name: m.prepare(given) for name, m in own.items() if m is not None}
        shown = self.arms_of([self.claim.headline]) if how.pop("curves", False) else []

        def extract(block: Block) -> dict[str, Floats]:
            found: dict[str, Floats] = {}
            for c in made:
                if c.weights:
                    found[c.name] = _of_contrast(c, block, self.identical(c))
            for name, measure in own.items():
                assert measure is not None
                found[f"measure {name}"] = np.asarray(measure.take(block, prepared[name]), float)
            head = self.claim.headline
            if head.weights and self.identical(head) and set(head.weights) <= set(block.arms):
                found["redrawn"] = _closed_before(block, head).astype(float)
            for arm in shown:
                found[f"curve {arm}"] = weekly_curve(self.claim, shown, block, arm)
            return found

        found = self.lab.gather(self.claim, self.arms_of(made), pairs, extract, formulas=self.formulas, **how)
        for c in made:
            if c.measure:
                found[c.name] = found[f"measure {c.measure.split(':')[0]}"]
        return found

    def identical(self, contrast: Contrast) -> bool:
        """Return whether all arms of a contrast are the same until w."""
        arms = [{k: v for k, v in self.claim.arms[a].items() if k != "events"} for a in contrast.weights]
        return len(arms) > 1 and all(arm == arms[0] for arm in arms)

    def judged(self, contrast: Contrast, values: Mapping[str, Floats]) -> Judged:
        """Return a contrast with its estimate."""
        its = values[contrast.name]
        clusters = self.lab.population.firms(self.lab.first, len(its)).origin
        head = self.claim.headline
        delta = self.delta if contrast is head else support_delta(contrast, head, self.delta, self.means)
        measure = self.measure_of(contrast)
        if measure is not None:
            part = contrast.measure.partition(":")[2].strip()
            return Judged(contrast, measure.estimate(its, clusters, part), delta)
        carried = float(np.nanmean(its[:, 1])) if contrast.policy == "c" and np.isfinite(its[:, 1]).any() else math.nan
        return Judged(contrast, mean_of(its[:, 0], clusters), delta, carried)

    def without(self, contrast: Contrast, over: Mapping[str, Any], instead: Mapping[str, str], pairs: int) -> Judged:
        """Return a contrast made again with settings over all its arms, or with other arms in their place."""
        swapped = replace(contrast, weights={instead.get(a, a): w for a, w in contrast.weights.items()})
        levels = {k: self.level(k, v) for k, v in over.items()}
        return self.judged(swapped, self.values([swapped], pairs, over=levels))

    def level(self, name: str, given: Any) -> Any:
        """Return a setting with its level as a number."""
        return self.lab.levels.of(name, given) if isinstance(given, str) else given

    def ablate(self, trial: Trial, pairs: int) -> None:
        """Make the headline again with the mechanism switched off."""
        ablation, head = self.claim.ablation, self.claim.headline
        if ablation is None or self.size.fixed is not None:
            return
        if ablation.measure:
            swapped = replace(head, measure=ablation.measure)
        else:
            swapped = replace(head, weights={ablation.arms.get(a, a): w for a, w in head.weights.items()})
        over = {k: self.level(k, v) for k, v in ablation.settings.items()}
        if len(swapped.weights) == 1:  # arms that became the same cancel
            return
        values = self.values([swapped], pairs, over=over)
        trial.ablated = self.judged(swapped, values)
        full = self.values([swapped], pairs)[head.name][:, 0] if ablation.measure else self.headline_values
        both = values[head.name][:, 0], full
        missing = np.isnan(both[0]) | np.isnan(both[1])
        left, whole = (np.where(missing, np.nan, values) for values in both)
        trial.left = ratio_of(left, whole, self.clusters)
        trial.mechanism = mechanism_of(trial.left)

    def measured_lines(self, trial: Trial, values: Mapping[str, Floats]) -> None:
        """Add what the claim's own measures print."""
        for name, measure in self.measures.items():
            key = f"measure {name}"
            if measure.lines is not None and key in values:
                trial.printed += measure.lines(values[key], self.clusters)

    def other_policy(self, head: Contrast, values: Mapping[str, Floats]) -> list[Said]:
        """Return [c] beside [z], and the other way round."""
        if head.policy not in ("c", "z") or head.measure:
            return []
        other = {"c": "z", "z": "c"}[head.policy]
        return [Said(f"headline with closed firms by [{other}]", mean_of(values["headline"][:, 2], self.clusters))]

    def thirds(self, values: Mapping[str, Floats], pairs: int) -> list[Said]:
        """Return the headline by thirds of the firms' turbulence, runway and headcount."""
        firms = self.lab.population.firms(self.lab.first, pairs)
        measure = self.measure_of(self.claim.headline)
        by = {
            "turbulence": firms.of("market.turbulence"),
            "runway": firms.of("money.buffer") + firms.of("money.credit"),
            "headcount": firms.headcount.astype(float),
        }
        found = []
        for name, x in by.items():
            if np.ptp(x) == 0:
                continue
            rank = np.digitize(x, np.quantile(x, [1 / 3, 2 / 3]))
            for third, word in enumerate(("low", "middle", "high")):
                its, clusters = values["headline"][rank == third], self.clusters[rank == third]
                estimate = measure.estimate(its, clusters, "") if measure else mean_of(its[:, 0], clusters)
                found.append(Said(f"headline, {word} third of {name}", estimate))
        return found

    def again(self, head: Contrast) -> list[Said]:
        """Return the headline with levels 25/75 and over other horizons."""
        count, found = self.size.again, []
        levels = self.lab.levels.once_more()
        estimate = self.estimated(head, self.values([head], count, levels=levels))
        found.append(Said("headline with levels 25/75", estimate))
        for weeks in rules()["levels"]["also_weeks"]:
            moved = replace(head, window=head.window.moved_to_end(self.claim.horizon, weeks))
            if moved.window != head.window and weeks != self.claim.horizon:
                found.append(
                    Said(
                        f"headline, horizon {weeks}", self.estimated(moved, self.values([moved], count, horizon=weeks))
                    )
                )
        return found

    def estimated(self, contrast: Contrast, values: Mapping[str, Floats]) -> Estimate:
        """Return a contrast's estimate."""
        return self.judged(contrast, values).estimate

    def as_printed(self) -> list[Said]:
        """Return contrasts that the criteria want printed, which decide nothing."""
        found: list[Said] = []
        for c in self.claim.printed:
            if c.measure:
                measure = self.measures[c.measure]
                values = self.values([c], min(self.size.again, measure.most))[c.name]
                clusters = self.lab.population.firms(self.lab.first, len(values)).origin
                found += (
                    measure.lines(values, clusters)
                    if measure.lines
                    else [Said(c.says, measure.estimate(values, clusters, ""))]
                )
                continue
            over = {k: self.level(k, v) for k, v in c.settings.items()}
            values_of_c = self.values([c], self.size.again, over=over, horizon=c.horizon)
            found.append(Said(c.says, self.estimated(c, values_of_c)))
        return found

    def share(self, head: Contrast) -> dict[str, Any]:
        """Return the share of firms that show the headline: mean over seeds on the expected side."""
        firms, seeds = self.size.firms, self.size.seeds
        values = self.values([head], firms * seeds, first=FRESH * seeds, lucks=seeds)["headline"][:, 0]
        with np.errstate(invalid="ignore"):
            each = values.reshape(firms, seeds)
            count = (~np.isnan(each)).sum(axis=1)
            means = np.where(count > 0, np.nansum(each, axis=1) / np.maximum(count, 1), np.nan)
            spread = np.nansum((each - means[:, None]) ** 2, axis=1) / np.maximum(count - 1, 1)
        kept = ~np.isnan(means)
        side = 1.0 if head.expected == "+" else -1.0
        within = float(np.mean(spread[kept] / np.maximum(count[kept], 1)))
        between = max(0.0, float(np.var(means[kept], ddof=1)) - within)
        return {
            "firms": int(kept.sum()),
            "seeds": seeds,
            "mean": float(means[kept].mean()),
            "between_firm_sd": math.sqrt(between),
            "expected_side": float(np.mean(side * means[kept] > 0)),
        }


def _of_contrast(contrast: Contrast, block: Block, identical: bool) -> Floats:
    """Return (pairs, 3): the value, carried forward, by the other policy; nan for pairs that are drawn anew."""
    found = np.full((len(block), 3), np.nan)
    found[:, 0] = values_of(contrast, block)
    if contrast.policy == "c":
        found[:, 1] = values_of(contrast, block, carried=True)
    if contrast.policy in ("c", "z") and contrast.outcome not in ("alive", "success", "over_plan", "margin"):
        found[:, 2] = values_of(contrast, block, policy={"c": "z", "z": "c"}[contrast.policy])
    if identical:
        found[_closed_before(block, contrast)] = np.nan
    return found


def _closed_before(block: Block, contrast: Contrast) -> NDArray[np.bool_]:
    """Return which pairs closed before w, in an arm of a contrast whose arms are the same until then."""
    closed = block.arms[next(iter(contrast.weights))].closed
    return (closed >= 0) & (closed < block.week)

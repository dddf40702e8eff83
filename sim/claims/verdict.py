"""Does a claim hold? From estimates to words, by rules that were fixed before any run and know nothing of the claim."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from sim.claims.criteria import Contrast, rules
from sim.claims.estimate import Estimate

Word = Literal["reproduced", "headline holds", "no effect", "opposite", "not shown"]
Mechanism = Literal["by its mechanism", "by another", "open"]
TWO_SIDED = ("+", "-")


@dataclass(frozen=True)
class Judged:
    """A contrast with its estimate and the smallest effect that it is judged by."""

    contrast: Contrast
    estimate: Estimate
    delta: float
    carried: float = math.nan
    """With policy [c]: the effect with last values carried forward, whose sign must be the same."""

    @property
    def same_sign(self) -> bool:
        """Whether the effect keeps its sign when closed firms keep their last values."""
        return math.isnan(self.carried) or self.carried * self.estimate.effect > 0

    @property
    def passes(self) -> bool:
        """Whether a support holds: its intervals on the expected side, its point at least its delta."""
        fits = stands(self.contrast.expected, self.estimate, self.delta)
        return fits and (self.same_sign or self.contrast.expected not in TWO_SIDED)


@dataclass(frozen=True)
class Verdict:
    """A claim's word, with the supports that failed and the suffixes."""

    word: Word
    failed: Sequence[str]
    p: float
    mechanism: Mechanism | Literal[""]

    def __str__(self) -> str:
        """Return the word with its suffix."""
        held = self.word in ("reproduced", "headline holds", "opposite")
        return f"{self.word}, {self.mechanism}" if held and self.mechanism else self.word


def stands(expected: str, estimate: Estimate, delta: float) -> bool:
    """Return whether an estimate is what is expected of it, by both of its intervals.

    Parameters
    ----------
    expected
        ``+`` or ``-``: intervals beyond 0, point at least delta away. ``equal``: the 98 % interval within delta.
        ``not below`` or ``not above``: its end not beyond delta.
    """
    both = (estimate.t, estimate.bootstrap)
    if any(math.isnan(end) for interval in both for end in interval):
        return False
    match expected:
        case "+":
            return all(low > 0 for low, _ in both) and estimate.effect >= delta
        case "-":
            return all(high < 0 for _, high in both) and estimate.effect <= -delta
        case "equal":
            return estimate.equal[0] > -delta and estimate.equal[1] < delta
        case "not below":
            return estimate.equal[0] > -delta
        case "not above":
            return estimate.equal[1] < delta
    raise ValueError(f"{expected!r} is nothing that can be expected")


def headline_word(
    expected: str, estimate: Estimate, delta: float, p: float
) -> Literal["passes", "opposite", "no effect", "not shown"]:
    """Return what a headline says, given its p value after Holm; the two intervals must lead to the same word."""
    words = {_word(expected, estimate.effect, interval, delta, p) for interval in (estimate.t, estimate.bootstrap)}
    return words.pop() if len(words) == 1 else "not shown"


def _word(
    expected: str, effect: float, interval: tuple[float, float], delta: float, p: float
) -> Literal["passes", "opposite", "no effect", "not shown"]:
    low, high = interval
    if math.isnan(low) or math.isnan(high):
        return "not shown"
    if -delta < low and high < delta:
        return "no effect"
    sure = p < rules()["family"]["alpha"]
    if sure and low > 0 and effect >= delta:
        return "passes" if expected == "+" else "opposite"
    if sure and high < 0 and effect <= -delta:
        return "passes" if expected == "-" else "opposite"
    return "not shown"


def verdict_of(
    headline: Judged, p: float, supports: Mapping[str, Sequence[Judged]], mechanism: Mechanism | Literal[""]
) -> Verdict:
    """Return a claim's verdict.

    Parameters
    ----------
    headline
        The one contrast that carries the claim.
    p
        Of the headline, after Holm over its family.
    supports
        By name; each holds if all of its parts do.
    mechanism
        What the ablation says; it never changes the word.
    """
    said = headline_word(headline.contrast.expected, headline.estimate, headline.delta, p)
    failed = [name for name, parts in supports.items() if not all(part.passes for part in parts)]
    if said in ("passes", "opposite") and not headline.same_sign:
        said = "not shown"
    if said == "passes":
        return Verdict("headline holds" if failed else "reproduced", failed, p, mechanism)
    return Verdict(said, failed, p, mechanism)


def mechanism_of(ratio: Estimate) -> Mechanism:
    """Return whether an effect goes through the mechanism that was switched off: less than half of it is left, surely or not."""
    half = rules()["words"]["mechanism_ratio"]
    low, high = ratio.bootstrap
    if high < half:
        return "by its mechanism"
    return "by another" if low > half else "open"


def support_delta(support: Contrast, headline: Contrast, headline_delta: float, means: Mapping[str, float]) -> float:
    """Return the smallest effect of a support: its own, half of the headline's for the same outcome, or none (the sign)."""
    if support.delta is not None:
        return support.delta.value(means)
    if support.sign_only or not support.outcome or support.outcome != headline.outcome:
        return 0.0
    return headline_delta / 2

"""Does a claim hold? From contrasts to one of four verdicts, by rules that know nothing of the claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sim.measures.contrast import Contrast

Verdict = Literal["reproduced", "reversed", "no effect", "conditional"]


@dataclass(frozen=True)
class Judgement:
    """A verdict and, where it is conditional, on what.

    Attributes
    ----------
    verdict
        One of four.
    on
        For "conditional": what holds and what does not. For the others, what else should be known.
    """

    verdict: Verdict
    on: str = ""


def judge(core: Sequence[Contrast], nulls: Sequence[Contrast] = ()) -> Judgement:
    """Return the verdict on a claim.

    Reproduced: all core contrasts read as expected, and all null models are beaten. Reversed: none reads as expected and at
    least one is reversed. No effect: none is as expected and none is reversed. Conditional: some hold and others do
    not, or all hold but a null model does as well.

    Parameters
    ----------
    core
        The contrasts that the claim's criterion names.
    nulls
        Excess over null models.

    Raises
    ------
    ValueError
        Without any core contrast.
    """
    if not core:
        raise ValueError("a claim needs at least one core contrast")
    held = [c for c in core if c.reading == "as expected"]
    against = [c for c in core if c.reading == "reversed"]
    silent = [c for c in core if c.reading in ("no effect", "not shown")]
    unbeaten = [c for c in nulls if c.reading != "as expected"]
    if not held:
        if not against:
            return Judgement("no effect")
        return Judgement("reversed", _said(("not shown: ", silent)))
    if len(held) == len(core) and not unbeaten:
        return Judgement("reproduced")
    return Judgement(
        "conditional",
        _said(
            ("holds: ", held),
            ("reversed: ", against),
            ("not shown, or too small: ", silent),
            ("no more than the null model: ", unbeaten),
        ),
    )


def _said(*groups: tuple[str, Sequence[Contrast]]) -> str:
    return "; ".join(word + ", ".join(_where(c) for c in group) for word, group in groups if group)


def _where(contrast: Contrast) -> str:
    return f"{contrast.name} ({contrast.where})" if contrast.where else contrast.name

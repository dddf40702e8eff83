"""What a survey's single questions show, by group: means that may be published, and none of fewer than five answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.company.importing.privacy import LEAST, softened


@dataclass(frozen=True)
class ItemResult:
    """A question with its means from 0 to 1, high for much of what its scale measures (reversed questions are turned round).

    Attributes
    ----------
    n, mean
        Answers, and their mean over the company.
    groups
        Group -> mean; empty where any group has fewer than five answers, since what is left out would follow from the whole.
    """

    item: str
    construct: str
    text: str
    n: int
    mean: float
    groups: dict[str, float]


def item_results(
    answers: NDArray[np.float64],
    items: Sequence[tuple[str, str, str]],
    departments: Sequence[str],
    groups: Mapping[str, str] | None,
) -> list[ItemResult]:
    """Sum up questions that five people or more have answered.

    Parameters
    ----------
    answers : (people, items)
        Scored from 0 to 1; nan where there is none.
    items
        Name, construct and text of each.
    departments
        Of each person.
    groups
        Department -> group under which it is shown.
    """
    found = []
    group_of = np.array([groups[d] for d in departments]) if groups else np.array([""] * len(departments))
    for (name, construct, text), column in zip(items, answers.T, strict=True):
        there = np.isfinite(column)
        if there.sum() < LEAST:
            continue
        counts = {g: int((there & (group_of == g)).sum()) for g in dict.fromkeys(group_of.tolist())}
        shown = groups is not None and all(n >= LEAST for n in counts.values())
        means = {g: softened(float(column[there & (group_of == g)].mean())) for g in counts} if shown else {}
        found.append(ItemResult(name, construct, text, int(there.sum()), softened(float(column[there].mean())), means))
    return found

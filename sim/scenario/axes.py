"""Directions by name: axes, their poles, and weights on them."""

from __future__ import annotations

from collections.abc import Mapping


def pole(axes: tuple[str, ...], key: str) -> tuple[int, int]:
    """Return (axis, sign) of an axis' full name or of one of its poles; KeyError if there is none."""
    for i, axis in enumerate(axes):
        first, _, second = (part.strip() for part in axis.partition(" - "))
        if key in (axis, first):
            return i, 1
        if key == second:
            return i, -1
    raise KeyError(key)


def summed(axes: tuple[str, ...], weights: Mapping[str, float]) -> list[float]:
    """Return weights on named axes or poles as a vector of any length; KeyError if there is no such pole.

    Examples
    --------
    >>> summed(("premium - cheap", "careful - fast"), {"cheap": 1, "careful": 0.5})
    [-1.0, 0.5]
    """
    vector = [0.0] * len(axes)
    for key, weight in weights.items():
        axis, sign = pole(axes, key)
        vector[axis] += sign * weight
    return vector


def poles(axes: tuple[str, ...]) -> list[str]:
    """Return the names by which a goal may name a direction."""
    return [part.strip() for axis in axes for part in axis.split(" - ")]

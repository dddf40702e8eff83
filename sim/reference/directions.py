"""Directions: plain vectors in the space of trade-offs, and what the specification does with them."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


def dot(a: Vector, b: Vector) -> float:
    """Return the inner product a.b: the cosine of two unit vectors."""
    return float(a @ b)


def length_of(v: Vector) -> float:
    """Return |v|."""
    return math.sqrt(v @ v)


def unit(v: Vector) -> Vector:
    """Return v/|v|; a zero vector stays."""
    length = length_of(v)
    return v / length if length > 0 else np.zeros_like(v)


def turned(v: Vector, angle: float, z: Vector) -> Vector:
    """Return the unit vector v turned by an angle towards z; exactly v where the angle is 0."""
    if angle == 0:
        return v.copy()
    return math.cos(angle) * v + math.sin(angle) * unit(z - (z @ v) * v)


def misfit(a: Vector, b: Vector) -> float:
    """Return (1 - a.b)/2: 0 for directions that agree, 1 for opposed ones."""
    return (1 - dot(a, b)) / 2


def mean_direction(weights: list[float], directions: list[Vector]) -> Vector:
    """Return the weighted mean of directions; at least one weight is above 0."""
    total = sum((w * x for w, x in zip(weights, directions, strict=True)), np.zeros_like(directions[0]))
    mean: Vector = total / sum(weights)
    return mean


def carried_on[T: (float, Vector)](value: T, memory: float, noise: T) -> T:
    """Return memory x + sqrt(1 - memory^2) noise: a first-order autoregression that keeps the variance 1."""
    if memory == 0:
        return noise
    return memory * value + math.sqrt(1 - memory**2) * noise


def clamp(x: float) -> float:
    """Limit a number to [0, 1]."""
    return min(1.0, max(0.0, x))


def noise_to_signal(fidelity: float) -> float:
    """Return nu(q) = (1-q)/q."""
    return (1 - fidelity) / fidelity

"""Directions in the space of trade-offs: small compiled functions on rows of arrays.

`axes` is a tuple of D zeros: its length is known to the compiler, which unrolls the loops over it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim.engine.compile import PLAIN, compiled

Floats = NDArray[np.float64]
Axes = tuple[int, ...]


def _vector(axes: Axes) -> Floats:
    """Return a vector of D numbers, not yet set, that lasts as long as the call which asked for it."""
    return np.zeros(len(axes))


def _on_the_stack(_: Any, axes: Any) -> Any:
    """Tell numba how: room on the stack rather than an array of NumPy's, so that short vectors live in registers."""
    kind = types.Array(types.float64, 1, "C")

    def generate(context: Any, builder: Any, *_: Any) -> Any:
        row = context.get_value_type(types.UniTuple(types.float64, len(axes)))  # type: ignore[no-untyped-call]
        room = cgutils.alloca_once(builder, row)  # type: ignore[no-untyped-call]
        array = context.make_array(kind)(context, builder)
        context.populate_array(
            array,
            data=builder.bitcast(room, array.data.type),
            shape=[context.get_constant(types.intp, len(axes))],
            strides=[context.get_constant(types.intp, 8)],
            itemsize=context.get_constant(types.intp, 8),
            meminfo=None,
        )
        return array._getvalue()

    return kind(axes), generate


_compiled_vector: Any = intrinsic(_on_the_stack)
vector: Callable[[Axes], Floats] = _vector if PLAIN else _compiled_vector


@compiled
def dot(a: Floats, b: Floats, axes: Axes) -> float:
    """Return the inner product of two vectors."""
    total = 0.0
    for k in range(len(axes)):
        total += a[k] * b[k]
    return total


@compiled
def length(a: Floats, axes: Axes) -> float:
    """Return the Euclidean length of a vector."""
    return math.sqrt(dot(a, a, axes))


@compiled
def make_unit(a: Floats, axes: Axes) -> None:
    """Scale a vector to length 1, in place; a zero vector stays."""
    size = length(a, axes)
    if size > 0.0:
        scale = 1.0 / size
        for k in range(len(axes)):
            a[k] *= scale


@compiled
def row_length(a: Floats, i: int, axes: Axes) -> float:
    """Return the length of row i. (Rows by number spare hot loops the views that slices make.)"""
    total = 0.0
    for k in range(len(axes)):
        total += a[i, k] * a[i, k]
    return math.sqrt(total)


@compiled
def make_row_unit(a: Floats, i: int, axes: Axes) -> None:
    """Scale row i to length 1, in place; a zero row stays."""
    size = row_length(a, i, axes)
    if size > 0.0:
        scale = 1.0 / size
        for k in range(len(axes)):
            a[i, k] *= scale


@compiled
def row_dot(a: Floats, i: int, b: Floats, j: int, axes: Axes) -> float:
    """Return the inner product of row i of one array and row j of another."""
    total = 0.0
    for k in range(len(axes)):
        total += a[i, k] * b[j, k]
    return total


@compiled
def row_dot_vector(a: Floats, i: int, b: Floats, axes: Axes) -> float:
    """Return the inner product of row i of an array and a vector."""
    total = 0.0
    for k in range(len(axes)):
        total += a[i, k] * b[k]
    return total


@compiled
def put(out: Floats, a: Floats, axes: Axes) -> None:
    """Copy a vector."""
    for k in range(len(axes)):
        out[k] = a[k]


@compiled
def clear(out: NDArray[np.generic]) -> None:
    """Set a one-dimensional array to zero."""
    for i in range(len(out)):
        out[i] = 0


@compiled
def turn(a: Floats, angle: float, z: Floats, axes: Axes) -> None:
    """Turn a unit vector by an angle towards z, in place: cos(angle) a + sin(angle) unit(z - (z.a) a)."""
    if angle == 0.0:
        return
    along = dot(z, a, axes)
    size = 0.0
    for k in range(len(axes)):
        size += (z[k] - along * a[k]) ** 2
    size = math.sqrt(size)
    for k in range(len(axes)):
        across = (z[k] - along * a[k]) / size if size > 0.0 else 0.0
        a[k] = math.cos(angle) * a[k] + math.sin(angle) * across


@compiled
def clamp(value: float) -> float:
    """Limit a number to [0, 1]."""
    return min(1.0, max(0.0, value))


@compiled
def noise_ratio(fidelity: float) -> float:
    """Return nu(q) = (1-q)/q, the ratio of noise to signal at a fidelity q in (0, 1]."""
    return (1.0 - fidelity) / fidelity

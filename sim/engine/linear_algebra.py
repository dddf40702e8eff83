"""Small dense linear algebra in compiled code: D x D matrices, D the number of trade-off axes.

numba's ``numpy.linalg`` would call LAPACK through SciPy, whose import takes longer than a thousand weeks of a small firm.
"""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.vectors import Axes, Floats


@compiled
def invert_positive(a: Floats, axes: Axes) -> None:
    """Invert a symmetric positive definite matrix in place (Cholesky; only its lower half is read)."""
    for k in range(len(axes)):
        for j in range(k + 1):
            total = a[k, j]
            for h in range(j):
                total -= a[k, h] * a[j, h]
            a[k, j] = math.sqrt(total) if k == j else total / a[j, j]
    # The inverse of the triangle, in its place.
    for k in range(len(axes)):
        a[k, k] = 1.0 / a[k, k]
        for j in range(k):
            total = 0.0
            for h in range(j, k):
                total -= a[k, h] * a[h, j]
            a[k, j] = total * a[k, k]
    # Its transpose times itself.
    for j in range(len(axes)):
        for k in range(j, len(axes)):
            total = 0.0
            for h in range(k, len(axes)):
                total += a[h, j] * a[h, k]
            a[j, k] = total
    for j in range(len(axes)):
        for k in range(j):
            a[j, k] = a[k, j]


@compiled
def invert_corner(a: Floats, size: int) -> None:
    """Invert the first `size` rows and columns of a symmetric positive definite matrix in place (Gauss and Jordan)."""
    for pivot in range(size):
        scale = 1.0 / a[pivot, pivot]
        a[pivot, pivot] = 1.0
        for k in range(size):
            a[pivot, k] *= scale
        for j in range(size):
            if j != pivot:
                factor = a[j, pivot]
                a[j, pivot] = 0.0
                for k in range(size):
                    a[j, k] -= factor * a[pivot, k]


@compiled
def split_space(a: Floats, basis: Floats, axes: Axes) -> int:
    """Write an orthonormal basis of all space whose first rows span a symmetric matrix's columns; return how many.

    Gram-Schmidt with pivots: the longest column left is taken each time. `a` is used up.
    """
    count, largest = 0, 0.0
    for k in range(len(axes)):
        largest = max(largest, _length(a, k, axes))
    for _ in range(len(axes)):
        pivot, size = 0, 0.0
        for k in range(len(axes)):
            if _length(a, k, axes) > size:
                pivot, size = k, _length(a, k, axes)
        # Below this a column is rounding error of the ones already taken.
        if size <= 1e-11 * largest or size < 1e-24:
            break
        _take(a, pivot, size, basis, count, axes)
        count += 1
    rank = count
    for k in range(len(axes)):
        for j in range(len(axes)):
            a[k, j] = 1.0 if j == k else 0.0
    for _ in range(2):  # once more removes what rounding left along the vectors taken
        for taken in range(rank):
            _remove(a, basis, taken, axes)
    for _ in range(len(axes) - rank):
        pivot, size = 0, 0.0
        for k in range(len(axes)):
            if _length(a, k, axes) > size:
                pivot, size = k, _length(a, k, axes)
        _take(a, pivot, size, basis, count, axes)
        count += 1
    return rank


@compiled
def _length(a: Floats, i: int, axes: Axes) -> float:
    total = 0.0
    for k in range(len(axes)):
        total += a[i, k] * a[i, k]
    return math.sqrt(total)


@compiled
def _take(a: Floats, pivot: int, size: float, basis: Floats, count: int, axes: Axes) -> None:
    """Make a row the next vector of the basis, and take it out of all rows."""
    for k in range(len(axes)):
        basis[count, k] = a[pivot, k] / size
    _remove(a, basis, count, axes)


@compiled
def _remove(a: Floats, basis: Floats, taken: int, axes: Axes) -> None:
    """Take out of all rows what lies along one vector of the basis."""
    for j in range(len(axes)):
        along = 0.0
        for k in range(len(axes)):
            along += basis[taken, k] * a[j, k]
        for k in range(len(axes)):
            a[j, k] -= along * basis[taken, k]

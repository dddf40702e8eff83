"""Telling firms that will close from those that will not: logistic regression and the area under its curve."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
RIDGE = 1e-3
STEPS = 30


def fitted(x: Floats, label: Floats) -> Floats:
    """Return constant and weights of a logistic regression, by Newton's method with a small ridge.

    Parameters
    ----------
    x : (rows, features)
        Standardised.
    label : (rows,)
        0 or 1.
    """
    design = np.column_stack([np.ones(len(x)), x])
    weights = np.zeros(design.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        gradient = design.T @ (label - p) - RIDGE * weights
        curvature = (design * (p * (1 - p))[:, None]).T @ design + RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curvature, gradient)
        weights = weights + step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def auc(score: Floats, label: Floats) -> float:
    """Return how often a row with label 1 scores higher than one with label 0 (ties count half); nan without both.

    Examples
    --------
    >>> auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([0, 0, 1, 1]))
    0.75
    """
    positive = int((label > 0).sum())
    negative = len(label) - positive
    if positive == 0 or negative == 0:
        return math.nan
    _, index, counts = np.unique(score, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[index]
    return float((ranks[label > 0].sum() - positive * (positive + 1) / 2) / (positive * negative))

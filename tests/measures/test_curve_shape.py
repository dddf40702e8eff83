import numpy as np
import pytest

from sim.measures.curve_shape import hump, slope, top, top_moves

XS = [0.0, 0.1, 0.25, 0.4, 0.6, 1.0]


def curves(peak, runs=200, noise=0.5, seed=0):
    luck = np.random.default_rng(seed).normal(0, noise, (runs, 1))
    own = np.random.default_rng(seed + 1).normal(0, 0.05, (runs, len(XS)))
    return -((np.array(XS) - peak) ** 2) + luck + own


def test_top_finds_the_vertex_of_a_parabola_on_uneven_levels():
    assert top(XS, -((np.array(XS) - 0.33) ** 2)) == pytest.approx(0.33)


def test_top_is_an_end_where_the_curve_only_rises():
    assert top(XS, XS) == 1.0


def test_a_hump_beats_both_ends_and_a_slope_does_not():
    left, right = hump("x", XS, curves(0.4), 0.01)
    assert left.reading == right.reading == "as expected"
    rising = np.array(XS) + np.random.default_rng(3).normal(0, 0.1, (100, 6))
    assert hump("x", XS, rising, 0.01)[1].reading == "reversed"


def test_a_moved_top_is_seen():
    moved = top_moves("x", XS, curves(0.5, seed=5), curves(0.3, seed=5), 0.05)
    assert moved.effect == pytest.approx(0.2, abs=0.03)
    assert moved.reading == "as expected"


def test_slope_of_a_power_law():
    assert slope([1, 2, 4, 8], [3.0 * x**-1.5 for x in (1, 2, 4, 8)]) == pytest.approx(-1.5)
    assert np.isnan(slope([1, 2], [1, 0]))

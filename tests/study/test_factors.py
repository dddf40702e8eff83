import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.study.factors import Factor


def factor(kind, low=0.0, high=1.0, values=(), mode=0.5, **more):
    if values:
        low, high = 0.0, len(values) - 1.0
    return Factor(name="x", kind=kind, low=low, high=high, mode=mode, values=values, **more)


def values_at(f, *unit):
    return f.column(f.codes(np.array(unit))).tolist()


def test_whole_numbers_cut_the_unit_interval_into_equal_closed_pieces():
    f = factor("integer", 3, 6)
    assert values_at(f, 0, 0.2499, 0.25, 0.5, 0.75, 0.9999, 1.0) == [3, 3, 4, 5, 6, 6, 6]
    many = f.codes(np.linspace(0, 1, 40_000, endpoint=False))
    assert np.unique(many, return_counts=True)[1].tolist() == [10_000] * 4


def test_categories_are_equally_probable_and_keep_their_type():
    f = factor("choice", values=("promise", "deliver", "support"))
    assert values_at(f, 0, 1 / 3, 0.67, 1.0) == ["promise", "deliver", "support", "support"]
    switch = factor("choice", values=(False, True))
    assert values_at(switch, 0, 1 / 3, 2 / 3, 1) == [False, False, True, True]
    assert switch.column(switch.codes(np.array([0.0]))).dtype == bool


def test_every_morris_step_of_half_the_levels_moves_a_switch():
    switch = factor("choice", values=(False, True))
    for start in (0, 1 / 3):
        assert values_at(switch, start) != values_at(switch, start + 2 / 3)


def test_triangular_values_have_the_mean_and_mode_of_their_distribution():
    f = factor("triangular", 2, 10, mode=3)
    values = f.codes((np.arange(100_000) + 0.5) / 100_000)
    assert values.mean() == pytest.approx((2 + 10 + 3) / 3, abs=1e-3)
    assert np.histogram(values, 80)[0].argmax() in (9, 10)
    assert values_at(f, 0, 1) == [2, 10]


def test_triangular_with_its_mode_at_an_end_is_no_division_by_zero():
    for mode in (2, 10):
        f = factor("triangular", 2, 10, mode=mode)
        assert values_at(f, 0, 1) == [2, 10]
        assert np.isfinite(f.coordinates(np.array([2.0, 5.0, 10.0]))).all()


@given(st.floats(0, 1), st.sampled_from(["uniform", "triangular"]), st.floats(-1e6, 1e6), st.floats(1e-3, 1e6))
def test_values_stay_between_the_ends_and_go_back_to_their_coordinates(u, kind, low, width):
    f = factor(kind, low, low + width, mode=low + 0.3 * width)
    value = f.codes(np.array([u]))
    assert f.low <= value[0] <= f.high
    assert f.coordinates(value)[0] == pytest.approx(u, abs=1e-3)


@given(st.floats(0, 1), st.integers(-50, 50), st.integers(1, 60))
def test_whole_numbers_go_back_to_the_middle_of_their_piece(u, low, width):
    f = factor("integer", low, low + width)
    value = f.column(f.codes(np.array([u])))
    assert low <= value[0] <= low + width
    assert f.column(f.codes(f.coordinates(value)))[0] == value[0]


def test_levels_run_from_end_to_end_without_repeats():
    assert factor("uniform", 0, 1).levels(5).tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert factor("integer", 1, 3).levels(9).tolist() == [1, 2, 3]
    assert factor("list", values=(1, 5, 2)).levels(2).tolist() == [1, 5, 2]


def test_texts_get_numbers_for_analysis():
    f = factor("choice", values=("a", "b"))
    assert f.numbers(np.array(["b", "a", "c"], dtype=object)).tolist()[:2] == [1, 0]
    assert np.isnan(f.numbers(np.array(["c"], dtype=object)))

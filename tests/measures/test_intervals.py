import numpy as np
import pytest

from sim.measures.intervals import mean_interval, newcombe, paired_shares, quantiles, wilson


def test_quantiles_leave_absent_values_out_as_numpy_does():
    rng = np.random.default_rng(1)
    values = rng.normal(size=(17, 40))
    values[rng.random(values.shape) < 0.3] = np.nan
    levels = (0.0, 0.1, 0.25, 0.5, 0.9, 1.0)
    assert np.allclose(quantiles(values, levels), np.nanquantile(values, levels, axis=0), rtol=1e-14)


def test_quantiles_over_nobody_are_absent():
    assert np.isnan(quantiles(np.full((3, 2), np.nan), (0.5,))).all()


def test_survival_interval_agrees_with_published_values():
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3
    for successes, trials, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert wilson(successes, trials) == pytest.approx((low, high), abs=5e-5)


def test_survival_interval_is_the_same_from_both_sides():
    low, high = wilson(7, 50)
    assert wilson(43, 50) == pytest.approx((1 - high, 1 - low))
    assert wilson(50, 50)[1] == 1.0


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (3, 2), (-1, 5)])
def test_an_impossible_share_is_refused(successes, trials):
    with pytest.raises(ValueError, match="successes"):
        wilson(successes, trials)


def test_newcombe_s_interval_of_two_shares_is_that_of_his_table():
    # Newcombe 1998, table II (a): 56/70 less 48/80, method 10.
    difference, low, high = newcombe((48, 80), (56, 70))
    assert difference == pytest.approx(0.2)
    assert (low, high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_intervals_of_differences_of_shares_stay_within_minus_one_and_one():
    assert newcombe((0, 3), (3, 3))[1:] == pytest.approx((0.2059, 1.0), abs=1e-3)
    for gained, lost in ((4, 0), (0, 4), (0, 0)):
        _, low, high = paired_shares(gained, lost, 4)
        assert -1 <= low < high <= 1


def test_student_s_interval_leaves_absent_values_out_and_has_no_ends_without_two():
    mean, low, high = mean_interval([[1.0, 5.0], [3.0, np.nan], [np.nan, np.nan]])
    assert mean.tolist() == [2, 5]
    assert high[0] - mean[0] == pytest.approx(12.7062, rel=1e-4)
    assert np.isnan([low[1], high[1]]).all()

import numpy as np
import pytest

from sim.measures.intervals import quantiles, wilson


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

import math

import numpy as np
import pytest

from sim.measures.contrast import Contrast, bootstrap, paired, shares


def known(effect, low, high, expected="rises", smallest=0.1):
    return Contrast("x", effect, low, high, 50, smallest, expected)


def test_paired_gives_student_s_interval_of_the_differences():
    contrast = paired("x", [2.0, 4.0, 6.0, 8.0, np.nan], [1.0, 2.0, 3.0, 4.0, 5.0], 0.1)
    # Differences 1, 2, 3, 4: mean 2.5, sd 1.29099, t(3) = 3.18245.
    assert contrast.n == 4
    assert contrast.effect == pytest.approx(2.5)
    assert contrast.high - contrast.effect == pytest.approx(3.18245 * 1.290994 / 2, rel=1e-5)
    assert contrast.size == pytest.approx(2.5 / 1.290994, rel=1e-5)


def test_pairing_removes_shared_luck():
    luck = np.random.default_rng(1).normal(size=200) * 100
    assert paired("x", luck + 1, luck, 0.5).reading == "as expected"


def test_shares_keep_a_width_where_all_pairs_agree():
    contrast = shares("x", [True] * 50, [True] * 50, 0.05)
    assert contrast.effect == 0
    assert contrast.low < 0 < contrast.high
    assert contrast.high < 0.1


def test_shares_agree_with_bonett_and_price():
    treated = [True] * 30 + [False] * 70
    base = [True] * 20 + [False] * 10 + [True] * 10 + [False] * 60
    contrast = shares("x", treated, base, 0.05)
    up, down = 11 / 102, 11 / 102
    half = 1.959964 * math.sqrt((up + down) / 102)
    assert (contrast.low, contrast.high) == pytest.approx((-half, half), rel=1e-6)


def test_bootstrap_is_repeatable_and_covers_a_known_mean():
    values = np.random.default_rng(2).normal(3, 1, 300)
    once, again = (bootstrap("x", lambda v: float(v.mean()), (values,), 0.1) for _ in range(2))
    assert once == again
    assert once.low < 3 < once.high
    assert once.high - once.low == pytest.approx(2 * 1.96 / math.sqrt(300), rel=0.25)


@pytest.mark.parametrize(
    ("contrast", "reading"),
    [
        (known(0.5, 0.4, 0.6), "as expected"),
        (known(-0.5, -0.6, -0.4), "reversed"),
        (known(-0.5, -0.6, -0.4, "falls"), "as expected"),
        (known(0.01, -0.02, 0.04), "no effect"),
        (known(0.05, 0.01, 0.2), "not shown"),
        (known(0.01, -0.02, 0.04, "same"), "as expected"),
        (known(0.5, 0.4, 0.6, "same"), "reversed"),
        (known(0.5, 0.4, 0.6, "not worse"), "as expected"),
        (known(-0.5, -0.6, -0.4, "not worse"), "reversed"),
        (known(-0.01, -0.05, 0.03, "not better"), "as expected"),
        (known(math.nan, math.nan, math.nan), "not shown"),
    ],
)
def test_a_contrast_reads_by_its_interval_and_the_smallest_effect(contrast, reading):
    assert contrast.reading == reading

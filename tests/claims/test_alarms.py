"""Alarms: as many false ones as stated, raised when known, and worth the weeks before the trouble."""

import numpy as np

from sim.claims.analyses.early_warning import LASTING, alarm, strayed, threshold, warning


def test_as_many_quiet_firms_raise_an_alarm_as_stated():
    quiet = np.random.default_rng(0).normal(size=(1000, 60)).cumsum(axis=1)
    away = strayed(quiet, 5, 20)
    raised = ~np.isnan(alarm(away, threshold(away, 0.1)))
    assert raised.mean() == 0.1


def test_an_alarm_is_raised_when_the_weeks_in_a_row_are_over_and_not_after_closing():
    away = np.zeros((3, 20))
    away[0, 5:] = 1
    away[1, 5 : 5 + LASTING - 1] = 1
    away[2, 5:] = np.nan
    assert alarm(away, 0.5)[0] == 5 + LASTING - 1
    assert np.isnan(alarm(away, 0.5)[1:]).all()


def test_a_late_alarm_is_no_warning():
    given = warning([3.0, 12.0, np.nan, 3.0], [10.0, 10.0, 10.0, np.nan])
    assert np.array_equal(given, [7.0, 0.0, 0.0, np.nan], equal_nan=True)

"""Early warnings warn of closing where that can be learnt, and bankrupt firms never count as false alarms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.company.report.warning_signs import SIGNALS, outcome_to_warn_of, warnings_of

RUNS = 200


def firms(share_closed):
    """Closing weeks and cash of firms whose rework is high before they close; cash of closed firms is what they closed with."""
    closing = np.arange(RUNS) % 100 < 100 * share_closed
    closed = np.where(closing, 60 + np.arange(RUNS) % 7, -1)
    cash = np.where(closing, -0.1, 5.0 + np.arange(RUNS) % 13)
    signals = {name: np.random.default_rng(3).random((RUNS, 40)) for name in SIGNALS}
    signals["rework"] = np.where(closing, 0.4, 0.1)[:, None] + 0.01 * signals["rework"]
    return closed, signals, cash


@pytest.mark.parametrize(
    ("share", "what"), [(0.05, "cash"), (0.1, "closing"), (0.5, "closing"), (0.9, "closing"), (0.97, "cash")]
)
def test_closing_is_predicted_where_10_to_90_percent_close(share, what):
    closed, _, cash = firms(share)
    named, bad = outcome_to_warn_of(closed, cash)
    assert named == what
    if what == "closing":
        assert (bad == (closed >= 0)).all()
    else:
        assert bad.sum() == RUNS / 4


def test_a_firm_that_closed_is_never_in_the_better_three_quarters_while_an_open_one_is_in_the_worst():
    closed, _, cash = firms(0.05)
    cash = np.where(closed >= 0, 100.0, cash)  # closed rich: still the worst
    _, bad = outcome_to_warn_of(closed, cash)
    assert bad[closed >= 0].all()


def test_a_signal_that_tells_catches_bankrupt_firms_without_false_alarms():
    found = warnings_of(*firms(0.5))
    best = found.signs[0]
    assert (found.of, found.open, found.bad) == ("closing", RUNS, 100)
    assert best.signal == "rework"
    assert best.high_is_bad
    assert 0.1 < best.threshold <= 0.42
    assert best.caught[0] >= 0.95
    assert best.false_alarms[0] == 0.0
    assert best.use == "strong"
    assert all(0 <= low <= share <= high <= 1 for s in found.signs for share, low, high in (s.caught, s.false_alarms))


def test_noise_is_not_shown_to_work():
    found = warnings_of(*firms(0.5))
    noise = [s for s in found.signs if s.signal != "rework"]
    assert len(noise) == len(SIGNALS) - 1
    assert sum(s.use == "not shown to work" for s in noise) >= len(noise) - 1


def test_firms_that_closed_before_the_signals_were_read_are_left_out():
    closed, signals, cash = firms(0.5)
    closed[:20] = 5
    assert warnings_of(closed, signals, cash).open == RUNS - 20
    assert warnings_of(np.full(RUNS, 5), signals, cash).signs == ()

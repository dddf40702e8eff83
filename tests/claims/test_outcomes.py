"""Closed firms count as the criteria say, and worth puts back what owners took and forwent."""

from types import SimpleNamespace

import numpy as np
import pytest

from sim.claims.criteria import Contrast, Window, linear, parse_claim, text_of
from sim.claims.laboratory import Block, Runs
from sim.claims.outcomes import values_of, weekly, worth
from sim.measures.series import SERIES

WEEKS = 40
NAMES = list(SERIES)


def runs(closed: int = -1, values: dict[str, float] | None = None, **series) -> Runs:
    """Return one run of one firm with some series and the rest zero, nan after closing."""
    table = np.zeros((1, WEEKS, len(NAMES)))
    for name, curve in series.items():
        table[0, :, NAMES.index(name)] = curve
    if closed >= 0:
        table[0, closed + 1 :] = np.nan
    own = {"money.draw": 0.0, "money.reserve": 4.0, "money.thrift": 0.0, "money.safety": 4.0, "money.credit": 0.0,
           "money.buffer": 4.0, "money.fixed_costs": 0.3, "people.leaver_cost": 0.0, "work.rework_cost": 0.0,
           "work.reference_rework": 0.06} | (values or {})  # fmt: skip
    firm = SimpleNamespace(values=own, headcount=20)
    empty = np.zeros((1, WEEKS, 5, 2))
    return Runs(np.array([closed]), table, empty, empty[:, :, 0], empty, np.zeros((1, 104, 2)), [firm])


def block(**arms: Runs) -> Block:
    return Block(np.array([0]), None, np.array([10]), np.array([0]), WEEKS, arms, None)


def value(
    arms: Block, policy: str, expression: str = "b - a", outcome: str = "thrust", weeks: str = "0..39", **how
) -> float:
    contrast = Contrast("x", "", linear(expression), outcome=outcome, policy=policy, window=Window.read(weeks))
    return float(values_of(contrast, arms, **how)[0])


def test_policies_for_closed_firms_differ_as_stated():
    arms = block(a=runs(thrust=0.5), b=runs(closed=19, thrust=0.9))
    assert value(arms, "z") == pytest.approx(0.9 * 20 / 40 - 0.5)  # weeks after closing count 0
    assert value(arms, "c") == pytest.approx(0.4)  # weeks in which both live
    assert value(arms, "c", carried=True) == pytest.approx(0.4)
    assert value(arms, "s", outcome="alive", weeks="39") == -1.0
    assert value(arms, "s", outcome="alive", weeks="10") == 0.0


def test_a_pair_that_lives_together_for_less_than_13_weeks_is_dropped():
    assert np.isnan(value(block(a=runs(thrust=0.5), b=runs(closed=11, thrust=0.9)), "c"))
    assert value(block(a=runs(thrust=0.5), b=runs(closed=12, thrust=0.9)), "c") == pytest.approx(0.4)


def test_worth_stays_as_it_was_at_closing():
    falling = np.linspace(4, 0, WEEKS)
    arms = block(a=runs(cash=np.full(WEEKS, 4.0)), b=runs(closed=19, cash=falling))
    assert value(arms, "f", outcome="worth", weeks="39") == pytest.approx(falling[19] - 4.0)


def test_worth_does_not_depend_on_what_owners_take_or_forgo():
    rng = np.random.default_rng(1)
    revenue, costs = rng.uniform(0.6, 1.6, WEEKS), np.full(WEEKS, 1.0)
    own = {"money.draw": 0.2, "money.thrift": 0.1}
    cash, stress, seen = np.empty(WEEKS), np.empty(WEEKS), np.empty(WEEKS)
    now, before = 4.0, 0.0
    for week in range(WEEKS):
        seen[week] = costs[week] * (1 - own["money.thrift"] * before)
        now += revenue[week] - seen[week]
        now -= own["money.draw"] * max(0.0, now - 4.0)
        before = min(max(1 - now / 4.0, 0.0), 1.0)
        cash[week], stress[week] = now, before
    firm = runs(values=own, cash=cash, stress=stress, costs=seen, revenue=revenue)
    assert worth(firm)[0] == pytest.approx(4.0 + np.cumsum(revenue - costs))


def test_people_lost_outside_leave_out_the_turned_department_and_far_ones_its_main_customer():
    firm = runs(thrust=0.5)
    firm.counts[0, :, :, 1] = 10.0
    firm.counts[0, :, 0, 0] = 10.0  # all lost where it began
    firm.counts[0, :, 1, 0] = 4.0  # who builds on it most
    firm.counts[0, :, 3, 0] = 2.0
    assert weekly(firm, "lost_outside", np.array([0]))[0, 0] == pytest.approx(6 / 40)
    assert weekly(firm, "lost_far", np.array([0]))[0, 0] == pytest.approx(2 / 30)


def test_windows_are_counted_from_the_event_where_they_say_so():
    assert Window.read("w..w+51").at(60, 156) == (60, 112)
    assert Window.read("155").at(60, 156) == (155, 156)
    assert Window.read("w+27..155").moved_to_end(156, 260).at(60, 260) == (87, 260)
    assert Window.read("w..w+51").moved_to_end(156, 260) == Window.read("w..w+51")
    with pytest.raises(ValueError, match="no window"):
        Window.read("from 3 on")


def test_contrasts_are_linear_in_arms():
    assert linear("(a - b) - 2*(c - b) / 4") == {"a": 1.0, "b": -0.5, "c": -0.5}
    for wrong in ("a*b", "a + 1", "max(a, b)"):
        with pytest.raises(ValueError, match=r"linear|adds a number|multiplies"):
            linear(wrong)


def test_the_slope_of_synergy_is_zero_for_equal_gains_and_positive_for_growing_ones():
    weights = parse_claim(text_of("C21")).supports["a"][0].weights
    steps = ["neither", "first1", "first2", "first3", "first4", "first5"]

    def slope(levels):
        return sum(weights[name] * level for name, level in zip(steps, levels, strict=True))

    assert slope(np.arange(6.0)) == pytest.approx(0.0)
    assert slope(np.cumsum([0, 1, 2, 3, 4, 5])) == pytest.approx(1.0)

"""Which mechanism carries a claim? Each mechanism has an exact off-switch; here they are by name."""

from __future__ import annotations

from collections.abc import Mapping

ABLATIONS: dict[str, Mapping[str, object]] = {
    "no incentives": {"people.incentive": 0.0, "money.rigidity": 0.0},
    "no network": {"people.social": 0.0, "mood.contagion": 0.0},
    "no moving market": {"market.turbulence": 0.0},
    "no money feedback": {"money.safety": 1e-6},
    "no hand-off rework": {"work.rework": 0.0},
    "no strain": {"mood.strain": 0.0},
}
"""Name -> overrides that go over everything that a claim sets.

Without incentives nobody's local goal weighs, under stress neither. Without a network nobody hears or catches the mood of
colleagues. Without money feedback a firm can still run out of cash, but nobody feels it before: stress begins where cash
ends. The last two are the other two legs of the cascade.
"""

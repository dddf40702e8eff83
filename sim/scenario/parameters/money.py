"""Parameters of money."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from sim.scenario.parameters.declare import Part, parameter


class Money(Part):
    """What keeps the firm alive, and what the lack of it does."""

    buffer: float = parameter(
        12.0,
        "cash at the start; left out: the reserve",
        "weeks of initial cost",
        "[0, 1e6]",
        (1, 23),
        "assumed; the median small firm holds 27 days (JPMorgan Chase Institute 2016): the scarce end",
    )
    reserve: float = parameter(
        12.0,
        "cash above which owners draw money out; a buffer left out is the reserve",
        "weeks of initial cost",
        "[0, 1e6]",
        (2, 13),
        "fitted to the cash that living firms hold, 27 days in the median (JPMorgan Chase Institute 2016)",
    )
    draw: float = parameter(
        0.0,
        "share of the cash above the reserve that owners draw in a week",
        "share per week",
        "[0, 1]",
        (0, 0.5),
        "fitted: cash does not pile up with age (JPMorgan Chase Institute 2016)",
    )
    thrift: float = parameter(
        0.0,
        "share of the costs that owners forgo when money stress is complete (their own pay)",
        "share of costs",
        "[0, 1]",
        (0, 0.1),
        "assumed; in need 62 to 76 % of owners use their own funds (Fed Small Business Credit Survey 2016, 2020)",
    )
    credit: float = parameter(
        0.0,
        "debt that owners and banks bear before the firm closes",
        "weeks of initial cost",
        "[0, 1e6]",
        (0, 8),
        "assumed, differs between firms; owners' funds and debt in need (Fed Small Business Credit Survey 2020)",
    )
    margin: float = parameter(
        0.08, "margin of a firm that customers like as much as its rivals", "share of revenue", "[-10, 1)", (0.03, 0.13)
    )
    fixed_costs: float = parameter(
        0.3, "share of the initial weekly cost that does not depend on people", "share", "[0, 1]", (0.1, 0.5)
    )
    safety: float = parameter(8.0, "cash at which stress begins", "weeks of initial cost", "(0, 1e6]", (4, 13))
    rigidity: float = parameter(
        0.8,
        "how far stress makes people retreat to their own targets (above 0) or the centre take over (below 0)",
        "share of what is left",
        "[-1, 1]",
        (-0.5, 1),
        "assumed; threat-rigidity (Staw, Sandelands & Dutton 1981)",
    )
    squeeze: float = parameter(0.8, "talk that stress and overload squeeze out", "share", "[0, 1]", (0, 1))
    churn: float = parameter(
        0.02,
        "customers lost by a firm that customers like as much as its rivals",
        "share per week",
        "[0, 0.5]",
        (0.005, 0.05),
    )
    memory: float = parameter(
        0.2, "weight of this week's experience in remembered satisfaction", "share per week", "[0, 1]", (0.05, 0.5)
    )
    gap_cost: float = parameter(
        0.05, "customers lost when what is delivered opposes what was promised", "share per week", "[0, 1]", (0, 0.2)
    )

    @model_validator(mode="after")
    def _buffer_left_out(self) -> Self:
        if "buffer" not in self.model_fields_set:
            object.__setattr__(self, "buffer", self.reserve)
        return self

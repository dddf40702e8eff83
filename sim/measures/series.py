"""The catalogue of what is recorded each week: names, units and meanings, in the order of the engine's columns."""

from __future__ import annotations

from typing import NamedTuple


class Measure(NamedTuple):
    """A measure: its plain-words label, unit and meaning."""

    label: str
    unit: str
    meaning: str


SERIES: dict[str, Measure] = {
    "coherence": Measure("Rowing together", "0 to 1", "length of the mean of the directions that people row in"),
    "cognitive": Measure("Belief in the vision", "-1 to 1", "mean cosine of people's beliefs with the vision"),
    "behavioural": Measure(
        "Acting on the vision", "-1 to 1", "mean cosine of the directions people row in with the vision"
    ),
    "between": Measure("Departments agree", "-1 to 1", "mean cosine between what two departments deliver"),
    "thrust": Measure("Thrust", "-1 to 1", "what is left of the delivered direction along the market's"),
    "fit": Measure("Vision fits the market", "-1 to 1", "cosine of the vision with the market's direction"),
    "delivered": Measure("Delivering as one", "0 to 1", "length of the mean of the departments' delivered directions"),
    "rework": Measure("Rework", "share of work", "work done again after misfitting hand-offs, mean over posts"),
    "overload": Measure("Worst overload", "0 to 1", "q/(2+q) for the backlog q of the worst department, in weeks"),
    "satisfaction": Measure("Customer satisfaction", "0 to 1", "experience that customers remember"),
    "churn": Measure("Customers lost", "share per week", "share of the customers who leave in a week"),
    "orders": Measure("Orders", "initial customer bases", "what customers order this week, luck included"),
    "newcomers": Measure("Customers won", "initial customer bases per week", "customers who come in a week"),
    "gap": Measure("Promise-delivery gap", "0 to 1", "misfit between what is promised and what is delivered"),
    "attraction": Measure("Attraction", "0 to 1", "what newcomers see of the firm"),
    "customers": Measure("Customers", "initial customer bases", "customers at the end of the week"),
    "use": Measure("Use of capacity", "share", "work done over capacity, mean over departments"),
    "throughput": Measure("Work paid", "initial weeks of work", "work that the last department has finished"),
    "revenue": Measure("Revenue", "weeks of initial cost", "earned in the week"),
    "costs": Measure(
        "Costs",
        "weeks of initial cost",
        "people, fixed costs, automation, leavers and rework, less pay that owners forgo",
    ),
    "forgone": Measure("Pay forgone", "weeks of initial cost", "costs that owners spare the firm under stress"),
    "other": Measure(
        "Other cash", "weeks of initial cost", "payoffs of side business less cash cuts, initiatives and owners' draw"
    ),
    "drawn": Measure("Owners' draw", "weeks of initial cost", "cash that owners take out in the week"),
    "cash": Measure("Cash", "weeks of initial cost", "at the end of the week"),
    "worth": Measure(
        "Worth",
        "weeks of initial cost",
        "cash at the start and all results since, as if owners forwent and drew nothing",
    ),
    "stress": Measure("Money stress", "0 to 1", "how far cash is below what feels safe"),
    "engagement": Measure("Engagement", "0 to 1", "mean over people"),
    "engagement_sd": Measure("Spread of engagement", "0 to 1", "standard deviation over people"),
    "engagement_icc": Measure(
        "Engagement by department", "-1 to 1", "ICC(1): share of its variance that lies between departments"
    ),
    "belief_icc": Measure(
        "Belief by department", "-1 to 1", "ICC(1) of directions believed in: share of variance between departments"
    ),
    "knowing": Measure("Knowing the vision", "share of people", "people who believe within 60 degrees of the vision"),
    "heads_knowing": Measure(
        "Heads who know the vision", "share of departments", "heads who understand it within 45 degrees"
    ),
    "lost": Measure(
        "Lost people", "share of people", "people who are disengaged or row more than 60 degrees off the vision"
    ),
    "disengaged": Measure(
        "Disengaged people", "share of people", "people who have lost at least half of their attention"
    ),
    "misaligned": Measure("Misaligned people", "share of people", "people who row more than 60 degrees off the vision"),
    "leavers": Measure("Leavers", "people per week", "people who leave in the week"),
    "filled": Measure("People", "people", "filled posts"),
    "posts": Measure("Posts", "people", "open posts, filled or vacant"),
    "reports": Measure("Results reported", "people", "people who report a result in the week"),
}
"""The weekly series of a run, in the order of the engine's columns."""

DEPARTMENT_SERIES: dict[str, Measure] = {
    "alignment": Measure("Alignment", "-1 to 1", "cosine of what the department delivers with the vision"),
    "rework": Measure("Rework", "share of work", "work that the department does again"),
    "overload": Measure("Overload", "0 to 1", "q/(2+q) for the department's backlog q in weeks"),
    "engagement": Measure("Engagement", "0 to 1", "mean over the department's people"),
    "people": Measure("People", "people", "filled posts of the department"),
    "lost": Measure("Lost people", "share of people", "disengaged or rowing more than 60 degrees off the vision"),
    "belief": Measure("Belief in the vision", "-1 to 1", "mean cosine of the people's beliefs with the vision"),
}
"""The weekly series of each department, in the order of the engine's columns."""

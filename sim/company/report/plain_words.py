"""Plain words for what the model calls by dotted names, and a glossary of the report's own words."""

from __future__ import annotations

import re

SHORT = {
    "scarcity": "scarcity of money and slack",
    "founder.clarity": "clarity of the vision",
    "people.incentive": "weight of own targets",
    "people.social": "talk among colleagues",
    "people.turnover": "people leaving anyway (per week)",
    "people.quitting": "disengaged people leaving (per week)",
    "work.rework": "rework from misfits",
    "mood.strain": "strain from conflict and rework",
    "market.rivals": "what rivals offer",
}

GLOSSARY = {
    "95 % interval": "If everything were simulated anew many times, such intervals would hold the model's true value in 95 of 100 cases. It says how much luck is in a number, not whether the model is right.",
    "Alpha": "Cronbach's alpha: how far the questions of a scale go together, 1 at most. From 0.7 on, they are usually taken to measure one thing.",
    "Area under the ROC curve": "How well a sign tells firms that end badly from the others: 0.5 is no better than chance, 1 is perfect. It is the chance that of one firm of each kind the sign is worse in the one that ends badly.",
    "Calibration": "A search for settings of the model with which simulated firms show the facts observed in this one. Where no settings do, the model does not fit and the calibration is not used.",
    "Cash, in weeks": "Money in the bank, in weeks of the firm's total cost at the start: 4 means that all bills of four weeks could be paid.",
    "Conflict of goals": "From 0 to 1: 0 means that two departments are paid for the same direction, 0.5 for directions that have nothing to do with each other, 1 for opposite ones.",
    "Department alignment": "From -1 to 1: how far what a department delivers points along the vision.",
    "E-I index": "Ties between departments less ties inside departments, over all ties: -1 if all are inside, 1 if all are between.",
    "Engagement": "From 0 to 1: how much of themselves people put into the work; in the survey, the mean of its questions on engagement.",
    "Overload": "From 0 to 1: how far a department is behind with its work; 0.5 stands for a backlog of two weeks.",
    "Pair": "Two simulated firms that share all their luck and differ only in a measure. So their difference is the measure's doing.",
    "Rework": "Share of the work that is done a second time, because what came from another department did not fit.",
    "Rowing together": "From 0 to 1: how far people's work points in one direction, whichever that is.",
    "Scarcity": "From 0 to 1: how little money, spare time and margin a firm has, taken together.",
    "sd": "Standard deviation: how unsure a fact is, or how much people or firms differ. About two of three lie within one sd of the middle, 19 of 20 within two.",
    "Shortest path": "The fewest people through whom word can pass from one person to another.",
    "Simulated firm": "One run of the model from the client's starting point, with luck of its own (who leaves, which customers come, what is misheard).",
    "Tie": "One person listens to another, as the file of links says.",
    "Typical firm": "The model's default values. They describe no firm in particular, and not this one.",
    "Vision": "The direction in which the founder wants to go, as the first of the trade-offs says it.",
}
"""The report's words, in the order of the alphabet: each is explained here and nowhere else."""


def plain_name(parameter: str) -> str:
    """Return a parameter's meaning in a few words."""
    from sim.scenario.parameters import GROUPS

    if parameter in SHORT:
        return SHORT[parameter]
    group, _, field = parameter.partition(".")
    meaning = str(GROUPS[group].model_fields[field].description)
    return meaning.split(" (")[0].split(";")[0].split(":")[0]


def parameter_words(text: str) -> str:
    """Return a text in which parameters' dotted names, and scarcity, are replaced by their plain names."""
    from sim.scenario.parameters import parameter_names

    names = sorted([*parameter_names(), "scarcity"], key=lambda n: -len(n))
    pattern = r"(?<![\w.])(" + "|".join(map(re.escape, names)) + r")(?![\w.]*\w)(?! of money)"
    return re.sub(pattern, lambda m: plain_name(m[0]), text)


def source_of(parameter: str) -> str:
    """Return where a parameter's default comes from."""
    from sim.scenario.parameters import GROUPS

    if parameter == "scarcity":
        return "composite of slack, buffer and margin, assumed"
    group, _, field = parameter.partition(".")
    extra = GROUPS[group].model_fields[field].json_schema_extra
    return str(extra["source"]) if isinstance(extra, dict) else "assumed"


def listed(names: list[str]) -> str:
    """Return names as a list in a sentence."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def counted(n: int, one: str, more: str) -> str:
    """Return a number with its noun."""
    return f"{n:,} {one if n == 1 else more}"


def signed(value: float, digits: int = 2) -> str:
    """Return a number with its sign, a true minus included."""
    return minus(f"{value:+.{digits}f}")


def minus(text: str) -> str:
    """Return a written number with the minus sign that print has."""
    return re.sub(r"(?<![\w\N{EN DASH}])-(?=[\d.])", "\N{MINUS SIGN}", text)


def percent(share: float) -> str:
    """Return a share as a percentage; what is neither nothing nor everything is never written as 0 or 100 %."""
    if 0 < share < 0.005:
        return "less than 1 %"
    if 0.995 < share < 1:
        return "more than 99 %"
    return f"{100 * share:.0f} %"

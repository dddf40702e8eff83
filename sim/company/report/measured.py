"""What is measured of the firm, before anything is simulated: goals, ties, chart, survey."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from sim.company.report.finding import Finding
from sim.company.report.plain_words import counted, listed, percent, signed
from sim.measures.intervals import wilson

MATTERS = 0.1
"""Conflict of goals below which two departments count as paid for the same."""
RIGHT_ANGLE = 0.5
GOOD_ALPHA = 0.7
"""Cronbach's alpha from which questions count as measuring one thing (Nunnally 1978)."""
PAIRS_NAMED = 4
MINUS = "\N{MINUS SIGN}"


def goals(conflict: dict[str, dict[str, float]]) -> Finding:
    """Say which departments' goals differ most; all that tie are named."""
    pairs = [(v, one, other) for one, row in conflict.items() for other, v in row.items() if one < other]
    if not pairs:
        return Finding(
            "goals",
            "not known",
            "What two departments or more are paid for was not said.",
            headline="What departments are paid for is not known",
        )
    most = max(v for v, _, _ in pairs)
    top = [f"{one} and {other}" for v, one, other in sorted(pairs, key=lambda p: p[1:]) if v == most]
    named = "; ".join(top[:PAIRS_NAMED]) + (f"; and {len(top) - PAIRS_NAMED} others" if len(top) > PAIRS_NAMED else "")
    whom = f"The highest conflict of goals is {most:.2f}, " + (
        f"between {named}" if len(top) == 1 else f"shared by {len(top)} of {len(pairs)} pairs: {named}"
    )
    scale = " (0 is the same direction, 0.5 at right angles, 1 opposite)."
    if most < MATTERS:
        rule, headline = "alike", "Departments are paid for much the same"
    elif most < RIGHT_ANGLE:
        rule, headline = "differ", "Departments are paid for partly different directions"
    else:
        rule, headline = "apart", "Departments are paid for directions that have nothing in common, or clash"
    if rule != "alike" and len(top) == 1:
        headline = f"{top[0]} are paid for {'partly different directions' if rule == 'differ' else 'directions that have nothing in common, or clash'}"
    return Finding("goals", rule, whom + scale, most, len(pairs), "pairs of departments", headline=headline)


def silo(network: dict[str, Any], departments: int) -> Finding | None:
    """Say whether ties stay inside departments more than departments' sizes alone give; None with one department."""
    if departments < 2 or not network["ties"]:
        return None
    inside, alone = (1 - network["silo"]) / 2, (1 - network["silo_expected"]) / 2
    low, high = (1 - network["silo_high"]) / 2, (1 - network["silo_low"]) / 2
    if inside > high:
        rule, headline, words = (
            "more inside",
            "Departments talk among themselves more than their sizes explain",
            "more than",
        )
    elif inside < low:
        rule, headline, words = (
            "less inside",
            "People talk across departments more than departments' sizes explain",
            "less than",
        )
    else:
        rule, headline, words = (
            "as by size",
            "Ties run across departments about as their sizes alone would give",
            "about what",
        )
    return Finding(
        "silo", rule,
        f"{percent(inside)} of {network['ties']:,} ties stay inside a department, {words} departments' sizes alone give: with people dealt out to them at random it would be "
        f"{percent(alone)} (95 % of cases: {percent(low)} to {percent(high)}). As an E-I index: {signed(network['silo'])} against {signed(network['silo_expected'])}.",
        inside, network["ties"], "ties", low, high, headline,
    )  # fmt: skip


def brokers(network: dict[str, Any]) -> Finding:
    """Say how few people stand on half of the shortest paths."""
    few, share = network["brokers"], network["broker_share"]
    if not few:
        return Finding(
            "brokers",
            "none",
            "Nobody stands between others: whoever is connected has a direct tie.",
            0.0,
            network["people"],
            "people",
        )
    about = "about (estimated from a sample of the people) " if network["sampled"] else ""
    return Finding(
        "brokers", "estimated" if network["sampled"] else "exact",
        f"{counted(few, 'person stands', 'people stand')} on {about}{percent(share)} of the shortest paths between people who have no direct tie; that is {percent(network['brokered'])} of the people. "
        "Who they are is not shown, on purpose.",
        share, network["people"], "people",
    )  # fmt: skip


def formal(network: dict[str, Any]) -> Finding | None:
    """Say whether people listen to their boss, and how much of the talk follows the chart."""
    found = network["formal"]
    if found is None:
        return None
    share = found["to_boss"] / found["people"]
    low, high = wilson(found["to_boss"], found["people"])
    rule = "most" if low > 0.5 else "few" if high < 0.5 else "about half"
    headline = {
        "most": "Most people listen to their boss",
        "few": "Fewer than half listen to their boss",
        "about half": "About half listen to their boss",
    }[rule]
    along = found["along"] / found["ties"]
    return Finding(
        "formal and informal", rule,
        f"{found['to_boss']} of {found['people']} people whose boss is in the network say that they listen to the boss ({percent(share)}; 95 % interval {percent(low)} to {percent(high)}); "
        f"{found['from_boss']} are listened to by the boss. {percent(along)} of all ties follow the chart, {percent(found['peers'] / found['ties'])} join two people of one boss, the others cross it.",
        share, found["people"], "people", low, high, headline,
    )  # fmt: skip


def fragile(network: dict[str, Any]) -> Finding:
    """Say whether the loss of one person would cut off others."""
    cut = network["cut_people"]
    if not cut:
        return Finding(
            "single points of failure",
            "none",
            "Nobody is a single point of failure: whoever leaves, the others stay connected.",
            0,
            network["people"],
            "people",
        )
    return Finding(
        "single points of failure", "some",
        f"{counted(cut, 'person is a single point', 'people are single points')} of failure: the loss of one would cut off up to {counted(network['cut_off'], 'other', 'others')}.",
        cut, network["people"], "people",
    )  # fmt: skip


def reach(network: dict[str, Any]) -> Finding | None:
    """Say how far the founder's voice goes."""
    if not network["reach"]:
        return None
    steps = [f"{percent(network['reach'][0])} of the people at first hand"]
    for share, words in zip(network["reach"][1:], ("within two steps", "within three steps"), strict=True):
        if network["reach"][len(steps) - 1] < 1:
            steps.append(f"{percent(share)} {words}")
    never = network["unreached"]
    rest = f"; {percent(never)} are never reached" if never else ""
    return Finding(
        "founder's voice", "everybody" if not never else "not everybody",
        f"Through who listens to whom, the founder's voice reaches {listed(steps)}{rest}.",
        network["reach"][0], network["people"], "people",
    )  # fmt: skip


def chart(layout: dict[str, Any]) -> Finding | None:
    """Say how wide and deep the chart is."""
    if layout["span"] is None:
        return None
    return Finding(
        "chart", "managers",
        f"Half of the managers have {layout['span']:g} direct reports or more (the most is {layout['span_most']}); the chart has {counted(layout['layers'], 'layer', 'layers')}.",
        layout["span"], layout["layers"], "layers",
    )  # fmt: skip


def isolated(network: dict[str, Any]) -> Finding | None:
    """Say how many people have no tie."""
    alone = network["isolated"]
    if not alone:
        return None
    return Finding(
        "isolated",
        "some",
        f"{counted(alone, 'person has', 'people have')} no tie at all.",
        alone,
        network["people"],
        "people",
    )


def network_findings(network: dict[str, Any], departments: int) -> Iterator[Finding]:
    """Yield what ties and chart say."""
    for found in (
        silo(network, departments),
        formal(network),
        brokers(network),
        fragile(network),
        reach(network),
        chart(network),
        isolated(network),
    ):
        if found is not None:
            yield found


def response(survey: dict[str, Any]) -> Finding:
    """Say how many answered."""
    answered, asked = survey["answered"], survey["asked"]
    if not survey["groups"]:
        return Finding(
            "response",
            "too few",
            f"{counted(answered, 'person', 'people')} answered: too few to show anything (five are needed).",
            math.nan,
            answered,
            "answers",
        )
    share = answered / asked if asked else math.nan
    rule = "half or more" if share >= 0.5 else "fewer than half"
    words = "" if rule == "half or more" else " Fewer than half answered: those who did not may think otherwise."
    return Finding(
        "response", rule, f"{answered} of {asked} people answered ({percent(share)}).{words}", share, asked, "people"
    )


def priorities(survey: dict[str, Any]) -> Finding | None:
    """Say how many know the first priority."""
    if not survey["groups"] or "knowledge" not in survey["overall"]:
        return None
    share, n = survey["overall"]["knowledge"], survey["answered"]
    low, high = wilson(round(share * n), n)
    rule = "most" if low > 0.5 else "fewer than half" if high < 0.5 else "about half"
    headline = {
        "most": "Most answers name the priorities rightly",
        "fewer than half": "Fewer than half of the answers name the priorities rightly",
        "about half": "",
    }[rule]
    return Finding(
        "knowledge of priorities", rule,
        f"{percent(share)} of the answers to the questions on priorities are right (95 % interval {percent(low)} to {percent(high)}, were other people like these asked). For comparison: in 124 large firms 28 % of "
        "executives and middle managers could name three of their firm's priorities (Sull, Sull & Yoder 2018).",
        share, n, "people", low, high, headline,
    )  # fmt: skip


def reliable(survey: dict[str, Any]) -> Finding | None:
    """Say which scales hang together badly."""
    weak = [r for r in survey["reliability"] if r["low"] < GOOD_ALPHA]
    if not survey["reliability"]:
        return None
    n = min(r["n"] for r in survey["reliability"])
    if not weak:
        return Finding(
            "reliability",
            "all good",
            f"The questions of every scale hang together (alpha's interval lies above {GOOD_ALPHA}).",
            n=n,
            of="answers",
        )
    names = listed([r["construct"] for r in weak])
    return Finding("reliability", "some unsure", f"Read {names} with care: whether {'its' if len(weak) == 1 else 'their'} questions measure one thing is not sure (alpha's interval reaches below {GOOD_ALPHA}).", n=n, of="answers")  # fmt: skip


def survey_findings(survey: dict[str, Any]) -> Iterator[Finding]:
    """Yield what the survey says."""
    yield response(survey)
    for found in (priorities(survey), reliable(survey) if survey["groups"] else None):
        if found is not None:
            yield found


def import_words(found: dict[str, Any]) -> Iterator[str]:
    """Yield what the import says of the company before any simulation."""
    layout = found["chart"]
    yield (
        f"{found['title']}: {counted(found['posts'], 'post', 'posts')} in {counted(len(found['departments']), 'department', 'departments')}, "
        f"{counted(layout['layers'], 'layer', 'layers')}."
    )
    if found["network"]:
        yield from (f.sentence for f in network_findings(found["network"], len(found["departments"])))
    if len(found["conflict"]) > 1:
        yield goals(found["conflict"]).sentence
    if found["survey"]:
        yield from (f.sentence for f in survey_findings(found["survey"]))

"""What an import found, in a few plain sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sim.company.importing.company import Company, content


def told(company: Company) -> list[str]:
    """Return what the command says of the company before any simulation."""
    return list(_told(content(company, b"")))


def _told(found: dict[str, Any]) -> Iterator[str]:
    chart = found["chart"]
    yield (
        f"{found['title']}: {found['posts']} posts in {len(found['departments'])} departments, {chart['layers']} layers"
        + (f", {chart['span']:g} direct reports per manager (median)." if chart["span"] is not None else ".")
    )
    network = found["network"]
    if network:
        yield from network_words(network)
    worst = worst_pair(found["conflict"])
    if worst and worst[2] >= 0.05:
        one, other, value = worst
        yield f"Goals differ most between {one} and {other}: conflict {value:.2f} (0 the same, 0.5 at right angles, 1 opposed)."
    survey = found["survey"]
    if survey:
        yield from survey_words(survey)


def network_words(network: dict[str, Any]) -> Iterator[str]:
    """Yield what the network analysis says."""
    yield (
        f"Silos: E-I index {network['silo']:+.2f} (-1 all ties inside departments, +1 all outside; "
        f"{network['silo_expected']:+.2f} if ties ignored departments)."
    )
    few = network["brokers"]
    yield (
        f"Brokers: half of all shortest paths run through {few} {'person' if few == 1 else 'people'} ({100 * network['brokered']:.0f} % of the posts); "
        f"{network['cut_people']} {'is a single point' if network['cut_people'] == 1 else 'are single points'} of failure"
        + (f", whose loss would cut off up to {network['cut_off']} people." if network["cut_people"] else ".")
    )
    if network["reach"]:
        one, two, three = (100 * r for r in network["reach"])
        yield f"The founder's voice reaches {one:.0f} % of the people at first hand, {two:.0f} % in two steps, {three:.0f} % in three."


def survey_words(survey: dict[str, Any]) -> Iterator[str]:
    """Yield what the survey says."""
    if not survey["groups"]:
        yield f"Survey: {survey['answered']} answered, too few to show anything (five are needed)."
        return
    means = ", ".join(f"{name} {mean:.2f}" for name, mean in survey["overall"].items())
    yield f"Survey: {survey['answered']} of {survey['asked']} answered; on a scale from 0 to 1: {means}."
    weak = [r for r in survey["reliability"] if r["alpha"] < 0.7]
    if weak:
        said = ", ".join(f"{r['construct']} ({r['alpha']:.2f})" for r in weak)
        yield f"Reliability: Cronbach's alpha is below 0.7 for {said}: read these with care."


def worst_pair(conflict: dict[str, dict[str, float]]) -> tuple[str, str, float] | None:
    """Return the two departments whose goals differ most."""
    pairs = [(value, one, other) for one, row in conflict.items() for other, value in row.items() if one < other]
    if not pairs:
        return None
    value, one, other = max(pairs)
    return one, other, value

"""What the results say, in plain words; every number in them is computed here from the results."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sim.measures.outcomes import OUTCOMES, interval, written
from sim.report.table import survival

if TYPE_CHECKING:
    from sim.company.report.content import Dossier
    from sim.company.whatif.whatif import Found


def findings(d: Dossier) -> list[tuple[str, str]]:
    """Return three findings as (headline, words): where the firm is heading, what pulls it apart, what helps most."""
    return [_fate(d), _cause(d), _lever(d)]


def _fate(d: Dossier) -> tuple[str, str]:
    alive = survival(d.material)
    share = 100 * alive.share
    cash = d.long["cash"]
    if share >= 90:
        head = "As it is, the firm is likely to last"
    elif share >= 50:
        head = "As it is, the firm is at risk"
    else:
        head = "As it is, the firm is in danger"
    engaged = d.short["engagement"][0]
    words = (
        f"{alive.open} of {alive.runs} simulated firms like this one are still open after {d.weeks[-1]} weeks ({share:.0f} %; "
        f"95 % interval {100 * alive.low:.0f} to {100 * alive.high:.0f} %). Mean cash then is {written(cash[0], 'cash')} weeks of cost "
        f"(80 % of firms: {written(cash[1], 'cash')} to {written(cash[2], 'cash')}); engagement after {d.weeks[0]} weeks is {engaged:.2f} on a scale from 0 to 1."
    )
    return head, words


def _cause(d: Dossier) -> tuple[str, str]:
    found = d.client
    worst = worst_conflict(found["conflict"])
    network = found["network"]
    survey = found["survey"]
    parts = []
    head = "What pulls it apart is not in the data that came"
    if worst and worst[2] >= 0.1:
        one, other, value = worst
        head = f"{one} and {other} are paid to row in different directions"
        parts.append(
            f"The conflict of their goals is {value:.2f} (0 the same, 0.5 at right angles, 1 opposed), the highest of all pairs of departments."
        )
    if network:
        inside = (1 - network["silo"]) / 2
        parts.append(
            f"{100 * inside:.0f} % of all ties stay inside a department (E-I index {_signed(network['silo'])}; {_signed(network['silo_expected'])} if ties ignored departments)."
        )
        if not worst or worst[2] < 0.1:
            head = (
                "Departments talk mostly among themselves" if inside > 0.6 else "Departments talk across their borders"
            )
    if survey and survey["groups"] and "clarity" in survey["overall"]:
        parts.append(
            f"Clarity of what matters is {survey['overall']['clarity']:.2f} of 1 in the survey ({survey['answered']} of {survey['asked']} answered)."
        )
    if not parts:
        parts.append("With departments' goals, links or a survey, the import would say more.")
    return head, " ".join(parts)


def _signed(value: float) -> str:
    return f"{value:+.2f}".replace("-", "\N{MINUS SIGN}")


def worst_conflict(conflict: dict[str, dict[str, float]]) -> tuple[str, str, float] | None:
    """Return the two departments whose goals differ most."""
    pairs = [(value, one, other) for one, row in conflict.items() for other, value in row.items() if one < other]
    if not pairs:
        return None
    value, one, other = max(pairs)
    return one, other, value


def _lever(d: Dossier) -> tuple[str, str]:
    long = d.weeks[-1]
    name = OUTCOMES[d.outcome].label.lower()
    if d.whatif:
        best = max(d.whatif, key=lambda f: f.at(d.outcome, long).good)
        x = best.at(d.outcome, long)
        if x.clear and x.good > 0:
            head = f"Of {len(d.whatif)} measures tried alone, \u201c{best.name}\u201d buys most"
        else:
            head = f"None of the {len(d.whatif)} measures tried alone clearly helps"
        words = f"{best.name}: {_measured(best, d)}"
        if d.best is not None and set(d.best.parts) != {best.name}:
            words += f" Within {d.whatif_facts['budget']:g} weeks of cost, the best combination found is {d.best.name}: {_measured(d.best, d)}"
        return head, words
    bar = d.tornado[0]
    words = (
        f"Moving it alone from {bar.low_value:.3g} to {bar.high_value:.3g} changes {name} after {long} weeks from {written(bar.low.mean, d.outcome, True)} to "
        f"{written(bar.high.mean, d.outcome, True)} ({OUTCOMES[d.outcome].unit}) against the base. No measures were tried yet: coherence whatif does."
    )
    return f"What matters most is {plain_name(bar.name)}", words


def _measured(f: Found, d: Dossier) -> str:
    long = d.weeks[-1]
    x = f.at(d.outcome, long)
    unit = OUTCOMES[d.outcome].unit
    said = (
        f"{OUTCOMES[d.outcome].label.lower()} after {long} weeks {written(x.mean, d.outcome, True)} ({unit}; 95 % interval "
        f"{interval(x.low, x.high, d.outcome)}, n = {x.n} pairs), better than the base in {100 * x.better:.0f} % of them, for {f.cost:.1f} weeks of cost."
    )
    short = f.at(d.outcome, d.weeks[0])
    if len(d.weeks) > 1 and short.good * x.good < 0 and short.clear and x.clear:
        said += f" Beware: after {d.weeks[0]} weeks it is the other way round, {written(short.mean, d.outcome, True)}."
    return said


SHORT = {
    "scarcity": "scarcity of money and slack",
    "founder.clarity": "clarity of the vision",
    "people.incentive": "weight of own targets",
    "people.social": "talk among colleagues",
    "people.turnover": "people leaving anyway",
    "people.quitting": "disengaged people leaving",
    "work.rework": "rework from misfits",
    "mood.strain": "strain from conflict and rework",
    "market.rivals": "what rivals offer",
}


def plain_name(parameter: str) -> str:
    """Return a parameter's meaning in a few words."""
    from sim.scenario.parameters import GROUPS

    if parameter in SHORT:
        return SHORT[parameter]
    group, _, field = parameter.partition(".")
    meaning = str(GROUPS[group].model_fields[field].description)
    return meaning.split(" (")[0].split(";")[0].split(":")[0]


def source_of(parameter: str) -> str:
    """Return where a parameter's default comes from."""
    from sim.scenario.parameters import GROUPS

    if parameter == "scarcity":
        return "composite of slack, buffer and margin, assumed"
    group, _, field = parameter.partition(".")
    extra = GROUPS[group].model_fields[field].json_schema_extra
    return str(extra["source"]) if isinstance(extra, dict) else "assumed"


def kpis(d: Dossier) -> list[list[str]]:
    """Return the table of outcomes: the base at both horizons, and what the best case or combination changes."""
    case = chosen(d)
    rows = []
    for name, outcome in OUTCOMES.items():
        row = [f"{outcome.label} ({outcome.unit})"]
        for band, weeks in zip((d.short, d.long), (d.weeks[0], d.weeks[-1]), strict=True):
            mean, low, high = band[name]
            spread = "" if name == "open" else f" ({written(low, name)} to {written(high, name)})"
            row.append(written(mean, name) + spread)
            if case is not None:
                x = case.at(name, weeks)
                row.append(f"{written(x.mean, name, True)} ({interval(x.low, x.high, name)})")
        rows.append(row)
    return rows


def chosen(d: Dossier) -> Found | None:
    """Return the case that the table shows: the best combination, else the best case, else none."""
    if d.best is not None:
        return d.best
    return max(d.whatif, key=lambda f: f.at(d.outcome, d.weeks[-1]).good, default=None)


def assumptions(d: Dossier) -> list[list[str]]:
    """Return what the numbers rest on: parameter, value, where it comes from."""
    from sim.scenario import Scenario
    from sim.scenario.parameters import parameter_names

    default = Scenario()
    rows: list[list[str]] = []
    fitted = {p["name"]: p for p in d.calibration["parameters"]} if d.calibration else {}
    for name in [*fitted, *parameter_names()]:
        value = d.scenario.value(name)
        if name in fitted and not any(r[0].startswith(name) for r in rows):
            p = fitted[name]
            rows.append([name, f"{p['median']:.2g} ({p['low']:.2g} to {p['high']:.2g})", f"calibrated; {p['says']}"])
        elif name not in fitted and value != default.value(name):
            rows.append([name, f"{value:g}", "set from the import (see below)"])
    for bar in d.tornado:
        if bar.name not in {r[0] for r in rows}:
            rows.append([bar.name, f"{d.scenario.value(bar.name):g}", f"default; {source_of(bar.name)}"])
    return rows


def network_words(network: dict[str, Any]) -> Iterator[str]:
    """Yield what the network says."""
    yield (
        f"E-I index {_signed(network['silo'])} (\N{MINUS SIGN}1: all ties inside departments, +1: all outside); "
        f"{_signed(network['silo_expected'])} would be expected if ties ignored departments."
    )
    few = network["brokers"]
    yield (
        f"Half of all shortest paths run through {few} {'person' if few == 1 else 'people'} ({100 * network['brokered']:.0f} % of the posts)"
        + (" (estimated from a sample)" if network["sampled"] else "") + ". Who they are is not shown, on purpose."
    )  # fmt: skip
    cut = network["cut_people"]
    if cut:
        yield f"{cut} {'person is a single point' if cut == 1 else 'people are single points'} of failure: the loss of one would cut off up to {network['cut_off']} others."
    else:
        yield "Nobody is a single point of failure: whoever leaves, the others stay connected."
    if network["reach"]:
        one, two, three = (100 * r for r in network["reach"])
        yield f"The founder's voice reaches {one:.0f} % of the people at first hand, {two:.0f} % within two steps, {three:.0f} % within three; {100 * network['unreached']:.0f} % are never reached."
    if network["isolated"]:
        yield f"{network['isolated']} {'person has' if network['isolated'] == 1 else 'people have'} no tie at all."
    if network["span"] is not None:
        yield f"Managers have {network['span']:g} direct reports (median; the most is {network['span_most']}) in {network['layers']} layers."

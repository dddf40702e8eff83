"""The report's tables, as rows of text: the page shows them, and the tables file holds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.company.report.finding import Table
from sim.company.report.measured import GOOD_ALPHA
from sim.company.report.plain_words import minus, percent, plain_name, source_of
from sim.company.report.what_helps import ranking_of, verdict
from sim.measures.outcomes import OUTCOMES, interval, written

if TYPE_CHECKING:
    from sim.company.report.content import Content
    from sim.company.report.warning_signs import Warnings
    from sim.company.whatif.whatif import Found


def numbers(c: Content) -> Table:
    """Return outcomes of the firm as it is, and what one case changes: the best combination, else the measure with the highest mean."""
    case: Found | None = None
    if c.kept is not None:
        case = c.kept.best or next(f for f in c.kept.found if f.name == ranking_of(c.kept).order[0])
    head = ["Outcome"]
    for w in c.weeks:
        head += [f"As it is, after {w} weeks", *(["Change"] if case else [])]
    rows = []
    for name, outcome in OUTCOMES.items():
        row = [f"{outcome.label} ({outcome.unit})"]
        for w in c.weeks:
            values = c.values[w][name]
            if name == "open":
                row.append(percent(float(values.mean())))
            else:
                low, middle, high = np.quantile(values, (0.1, 0.5, 0.9)).tolist()
                row.append(f"{written(middle, name)} ({written(low, name)} to {written(high, name)})")
            if case:
                x = case.at(name, w)
                row.append(f"{written(x.mean, name, True)} ({interval(x.low, x.high, name)})")
        rows.append(row)
    caption = f"The middle one of {len(c.batch)} simulated firms; in brackets the middle 80 % of them. Closed firms are counted: with the cash they closed with, no customers, and the last quarter of a year that they lived."
    if case:
        caption += f" Change: \N{LEFT DOUBLE QUOTATION MARK}{case.name}\N{RIGHT DOUBLE QUOTATION MARK} against the base, means of {case.differences[0].n} pairs and their 95 % intervals."
    return Table("Numbers", caption, head, rows)


def measures(c: Content) -> tuple[Table, list[Found]]:
    """Return the measures that were tried alone, the highest mean first, and their order."""
    assert c.kept is not None
    kept = c.kept
    ranking = ranking_of(kept)
    by_name = {f.name: f for f in kept.found}
    order = [by_name[name] for name in ranking.order]
    label = OUTCOMES[kept.outcome].label.lower()
    head = ["Measure", "What it is", "Cost (weeks)"]
    for w in c.weeks:
        head += [f"Change of {label} after {w} weeks", "Beats the base"]
    rows = []
    for f in order:
        row = [f.name, f.about, f"{f.cost:.1f}"]
        for w in c.weeks:
            x = f.at(kept.outcome, w)
            row += [
                f"{written(x.mean, kept.outcome, True)} ({interval(x.low, x.high, kept.outcome)})",
                percent(x.better),
            ]
        rows.append([*row, verdict(ranking, f.name)])
    caption = (
        "Each measure alone, the highest mean first. Costs are in weeks of the firm's cost over the whole time and are paid in the runs. Intervals: 95 %. "
        "Verdict: 99 % sure for all measures together."
    )
    return Table("Measures", caption, [*head, "Verdict"], rows, (1, len(head))), order


def goals(client: dict[str, Any]) -> Table:
    """Return what departments are asked and paid for."""
    rows = []
    for name, goal in client["goals"].items():
        values = [goal["paid_against_vision"], goal["asked_against_paid"]]
        rows.append(
            [name, _weights(goal["asked"]), _weights(goal["paid"]), *("" if v is None else f"{v:.2f}" for v in values)]
        )
    return Table("Goals", "Conflict: 0 the same direction, 0.5 at right angles, 1 opposite.", ["Department", "Asked for", "Paid for", "Paid against vision", "Asked against paid"], rows, (1, 2))  # fmt: skip


def _weights(weights: Mapping[str, float] | None) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in weights.items()) if weights else "not said"


def tie_matrix(network: dict[str, Any]) -> tuple[list[str], NDArray[np.float64], list[list[int]]]:
    """Return groups, the share of possible ties between them, and the ties."""
    sizes: dict[str, int] = network["group_sizes"]
    names = sorted(sizes, key=lambda g: (-sizes[g], g))
    counts = [[int(network["between"].get(a, {}).get(b, 0)) for b in names] for a in names]
    possible = np.array([[sizes[a] * (sizes[b] - (a == b)) for b in names] for a in names])
    return names, np.minimum(np.array(counts) / np.maximum(possible, 1), 1.0), counts


def ties(network: dict[str, Any]) -> Table:
    """Return ties inside and between groups."""
    names, _, counts = tie_matrix(network)
    rows = [[name, f"{network['group_sizes'][name]}", f"{sum(row)}", f"{row[i]}", percent(row[i] / sum(row)) if sum(row) else ""] for i, (name, row) in enumerate(zip(names, counts, strict=True))]  # fmt: skip
    return Table(
        "Ties",
        "Ties of those who listen, group by group.",
        ["Group", "People", "Ties", "Inside the group", "Share inside"],
        rows,
    )


def survey(found: dict[str, Any]) -> Iterator[Table]:
    """Yield means, response and questions by group, and reliability."""
    names: list[str] = found["constructs"]
    rows = []
    for group, means in found["means"].items():
        asked, answered = found["asked_of"].get(group), found["answered_of"].get(group, found["respondents"][group])
        rate = f"{answered} of {asked} ({percent(answered / asked)})" if asked else str(answered)
        rows.append([group, rate, *(f"{means[n]:.2f}" for n in names)])
    rate = (
        f"{found['answered']} of {found['asked']} ({percent(found['answered'] / found['asked'])})"
        if found["asked"]
        else str(found["answered"])
    )
    rows.append(["All", rate, *(f"{found['overall'][n]:.2f}" for n in names)])
    rows.append(["Spread between people (sd)", "", *(f"{found['spread'][n]:.2f}" for n in names)])
    yield Table("Survey", "Means on a scale from 0 to 1. Groups with fewer than five answers are merged; means are kept between 0.05 and 0.95 and spreads at 0.10 or more, so that nobody's answer follows from them.", ["Group", "Answered", *(n.capitalize() for n in names)], rows)  # fmt: skip
    if found["items"]:
        groups = list(found["means"])
        rows = []
        for item in found["items"]:
            words = item["text"] or item["item"]
            cells = [f"{item['groups'][g]:.2f}" if g in item["groups"] else "\N{EN DASH}" for g in groups]
            rows.append([words, item["construct"], str(item["n"]), f"{item['mean']:.2f}", *cells])
        yield Table("Questions", "Single questions on a scale from 0 to 1; high is much of what the scale measures, so reversed questions are turned round. \N{EN DASH}: a group has fewer than five answers.", ["Question", "Scale", "Answers", "All", *groups], rows, (1,))  # fmt: skip
    if found["reliability"]:
        rows = []
        for r in found["reliability"]:
            rows.append([r["construct"], str(r["items"]), str(r["n"]), minus(f"{r['alpha']:.2f}"), minus(f"{r['low']:.2f} to {r['high']:.2f}"), "good enough" if r["low"] >= GOOD_ALPHA else "read with care"])  # fmt: skip
        yield Table("Reliability", f"Alpha with its 95 % interval; where it reaches below {GOOD_ALPHA}, whether the questions measure one thing is not sure.", ["Scale", "Questions", "Answers", "Alpha", "Interval", "Use"], rows, (5,))  # fmt: skip


def warnings(found: Warnings, labels: Mapping[str, str]) -> Table:
    """Return the early warning signs."""
    rows = []
    for s in found.signs:
        value = percent(s.threshold) if s.signal == "rework" else minus(f"{s.threshold:.2f}")
        rows.append([
            labels[s.signal], f"{'above' if s.high_is_bad else 'below'} {value}", _share(s.caught), _share(s.false_alarms),
            f"{s.area:.2f} ({s.low:.2f} to {s.high:.2f})", s.use,
        ])  # fmt: skip
    bad = "firms that closed later" if found.of == "closing" else "firms in the worst quarter"
    return Table(
        "Early warnings", f"Caught: share of the {bad} that gave the signal; false alarms: share of the others that did. All with 95 % intervals; the use follows from the lower end of the area's.",
        ["Signal", "Warn when", "Caught", "False alarms", "Area under the ROC curve", "Use"], rows, (1, 5),
    )  # fmt: skip


def _share(found: tuple[float, float, float]) -> str:
    share, low, high = found
    return f"{percent(share)} ({percent(low)} to {percent(high)})"


def checks(summary: dict[str, Any]) -> Table:
    """Return facts against fitted firms."""
    rows = []
    for c in summary["checks"]:
        seen = "all closed" if c["median"] is None else minus(f"{c['median']:.2f} ({c['low']:.2f} to {c['high']:.2f})")
        rows.append(
            [
                c["name"],
                minus(f"{c['observed']:g} ± {c['sd']:g}"),
                seen,
                percent(c["within"]),
                "yes" if c["met"] else "no",
                c["source"],
            ]
        )
    return Table("Facts", "Facts as observed (± one standard deviation) against fitted firms that are open: the middle one and 95 % of them. Met: at least 20 % of them come within 2 sd.", ["Fact", "Observed", "Fitted firms", "Within 2 sd", "Met", "Source"], rows, (5,))  # fmt: skip


def settings(summary: dict[str, Any]) -> Table:
    """Return settings before and after calibration."""
    rows = []
    for p in summary["parameters"]:
        rows.append(
            [
                plain_name(p["name"]),
                f"{p['prior_low']:g} to {p['prior_high']:g}",
                f"{p['median']:.2g} ({p['low']:.2g} to {p['high']:.2g})",
                percent(p["narrowed"]),
                p["says"],
            ]
        )
    return Table("Settings", f"Settings before and after: plausible range, then the middle value and 90 % of those that fit ({summary['runs']} runs, seed {summary['seed']}). Narrower: beyond what staying open alone does.", ["Setting", "Before", "After", "Narrower by", "What the data say"], rows, (4,))  # fmt: skip


def assumptions(c: Content) -> Table:
    """Return what the numbers rest on: setting, value, where it comes from."""
    from sim.scenario import Scenario
    from sim.scenario.parameters import parameter_names

    default = Scenario()
    rows: list[list[str]] = []
    fitted = (
        {p["name"]: p for p in c.calibration.summary["parameters"]}
        if c.calibration is not None and c.calibration.used
        else {}
    )
    for name, p in fitted.items():
        rows.append(
            [plain_name(name), f"{p['median']:.2g} ({p['low']:.2g} to {p['high']:.2g})", f"calibrated; {p['says']}"]
        )
    done = set(fitted)
    for name in parameter_names():
        value = c.scenario.value(name)
        if name not in done and value != default.value(name):
            rows.append([plain_name(name), f"{value:g}", "set in the scenario"])
            done.add(name)
    for bar in c.tornado:
        if bar.name not in done:
            rows.append(
                [
                    plain_name(bar.name),
                    f"{c.scenario.value(bar.name):g}",
                    f"the model's typical value; {source_of(bar.name)}",
                ]
            )
    return Table("Basis", "Settings that differ from the model's typical ones, were calibrated, or may matter. All others are the typical ones.", ["Setting", "Value", "Where it comes from"], rows, (2,))  # fmt: skip

"""The report's page, part by part."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.company.report import figures, html
from sim.company.report.findings import assumptions, chosen, findings, kpis, network_words, plain_name
from sim.measures.outcomes import OUTCOMES, interval, written
from sim.measures.series import SERIES
from sim.report.table import survival

if TYPE_CHECKING:
    from sim.company.report.content import Dossier

LIMITS = (
    "The model explores mechanisms: it shows how goals, talk, workload, money and mood act on each other. It does not forecast what this firm will do.",
    "Bands and intervals show what luck does to firms like this one, and, where it was calibrated, what is not known of its parameters. They do not show that the model may be wrong.",
    "Effects are those of the model's rules. Before money is spent, try a measure on a small scale and look at the early warnings.",
    "Pseudonymous is not anonymous: whoever knows the firm may recognise people by department, manager and ties. Handle the client folder as personal data.",
    "Groups of fewer than five people are merged, and no individual score is shown or kept.",
)
Network = tuple[Sequence[int], Sequence[str], Sequence[tuple[int, int]]]


def report(d: Dossier, network: Network | None, written_on: str) -> str:
    """Return the whole page.

    Parameters
    ----------
    d
        The results.
    network
        Groups of people, groups' names and ties for the picture.
    written_on
        The date.
    """
    title = str(d.client["title"])
    body = [f"<h1>{html.text(title)}: rowing in one direction</h1>", html.paragraph(_lead(d, written_on), "lead")]
    body += [
        *_findings(d),
        *_numbers(d),
        *_course(d),
        *_measures(d),
        *_company(d, network),
        *_tornado(d),
        *_warnings(d),
        *_calibrated(d),
        *_basis(d),
    ]
    body.append(f"<footer>{html.text(_foot(d))}</footer>")
    return html.page(f"{title}: strategic coherence report", body)


def _lead(d: Dossier, written_on: str) -> str:
    return (
        f"Strategic coherence report, {written_on}. {d.client['posts']} posts in {len(d.client['departments'])} departments; "
        f"{d.material.runs} simulated firms over {d.weeks[-1]} weeks. It explores mechanisms and does not forecast."
    )


def _findings(d: Dossier) -> Iterator[str]:
    yield "<h2>Three findings</h2>"
    items = "".join(f"<li><strong>{html.text(head)}</strong> {html.text(words)}</li>" for head, words in findings(d))
    yield f"<ol class='findings'>{items}</ol>"


def _numbers(d: Dossier) -> Iterator[str]:
    case = chosen(d)
    yield "<h2>The numbers</h2>"
    head = ["Outcome"]
    for w in dict.fromkeys((d.weeks[0], d.weeks[-1])):
        head.append(f"As it is, after {w} weeks")
        if case is not None:
            head.append("Change")
    caption = f"Means over {d.material.runs} firms; in brackets the middle 80 % of them."
    if case is not None:
        caption += f" Change: \u201c{case.name}\u201d against the base, means of {case.differences[0].n} pairs with the same luck and their 95 % interval."
    yield html.table(caption, head, kpis(d))


def _course(d: Dossier) -> Iterator[str]:
    from sim.report.cascade import cascade
    from sim.report.fan import fan

    alive = survival(d.material)
    yield "<h2>Where it is heading</h2>"
    with tempfile.TemporaryDirectory() as folder:
        png, _ = fan(d.material, Path(folder) / "fan")
        cash = d.long["cash"]
        alt = (
            f"Fan charts week by week: coherence, beliefs, thrust, rework, engagement, satisfaction, customers, cash and the share of firms open, which ends at "
            f"{100 * alive.share:.0f} percent; cash ends at {cash[0]:.1f} weeks on average."
        )
        yield html.picture(
            png.read_bytes(),
            alt,
            "Each panel shows all simulated firms that are open in a week: the middle one, half of them, 80 % of them.",
        )
        yield "<h3>Department by department</h3>"
        png, _ = cascade(d.material, Path(folder) / "cascade")
        names = ", ".join(d.material.department_names)
        yield html.picture(
            png.read_bytes(),
            f"Heat maps of alignment, rework, overload and engagement by week for {names}.",
            "Simulated departments, not measured ones: dark is trouble.",
        )


def _measures(d: Dossier) -> Iterator[str]:
    yield "<h2>What would help</h2>"
    if not d.whatif:
        yield html.paragraph("No measures were tried. coherence whatif with a file of cases fills this part.")
        return
    order = sorted(d.whatif, key=lambda f: -f.at(d.outcome, d.weeks[-1]).good)
    shown = [*([d.best] if d.best else []), *order]
    facts = d.whatif_facts
    label = OUTCOMES[d.outcome].label.lower()
    best = shown[0].at(d.outcome, d.weeks[-1])
    alt = f"Differences to the base in {label} for {len(shown)} measures with 95 percent intervals; the first is {shown[0].name} with {best.mean:+.2f} after {d.weeks[-1]} weeks."
    yield html.drawing(
        figures.ranking(shown, d.outcome, d.weeks),
        alt,
        f"Differences to the base over {facts['runs']} pairs of firms with the same luck, with 95 % intervals (paired t, seed {facts['seed']}).",
    )
    rows = []
    for f in order:
        row = [f.name, f.about, f"{f.cost:.1f}"]
        for w in d.weeks:
            x = f.at(d.outcome, w)
            row += [
                f"{written(x.mean, d.outcome, True)} ({interval(x.low, x.high, d.outcome)})",
                f"{100 * x.better:.0f} %",
            ]
        x = f.at(d.outcome, d.weeks[-1])
        row.append("helps" if x.clear and x.good > 0 else "harms" if x.clear and x.good < 0 else "not clear")
        rows.append(row)
    head = ["Measure", "What it is", "Cost (weeks)"]
    for w in d.weeks:
        head += [f"Change of {label} after {w} weeks", "Beats the base"]
    yield html.table(
        "Each measure alone, the most helpful first. Costs are in weeks of the firm's cost over the whole time and are paid in the runs.",
        [*head, "Verdict"],
        rows,
        (1, len(head)),
    )
    if d.best is not None:
        x = d.best.at(d.outcome, d.weeks[-1])
        yield html.paragraph(
            f"Within a budget of {facts['budget']:g} weeks of cost, {facts['tries']} combinations were tried. The best, {d.best.name}, was run again with fresh luck: "
            f"{written(x.mean, d.outcome, True)} ({interval(x.low, x.high, d.outcome)}) for {d.best.cost:.1f} weeks of cost."
        )


def _company(d: Dossier, network: Network | None) -> Iterator[str]:
    found = d.client
    yield "<h2>The firm as it is</h2>"
    yield html.paragraph(
        "This part is measured, not simulated: it comes from the people, links, goals and survey that were imported."
    )
    if found["conflict"]:
        yield "<h3>What departments are paid for</h3>"
        rows = []
        for name, goal in found["goals"].items():
            values = [goal["paid_against_vision"], goal["asked_against_paid"]]
            rows.append(
                [
                    name,
                    _weights(goal["asked"]),
                    _weights(goal["paid"]),
                    *("" if v is None else f"{v:.2f}" for v in values),
                ]
            )
        head = ["Department", "Asked for", "Paid for", "Paid against vision", "Asked against paid"]
        yield html.table("Conflict: 0 the same direction, 0.5 at right angles, 1 opposed.", head, rows, (1, 2))
        worst = max((v, a, b) for a, row in found["conflict"].items() for b, v in row.items())
        yield html.drawing(
            figures.conflict(found["conflict"]),
            f"Conflict of goals between departments; the highest is {worst[0]:.2f} between {worst[1]} and {worst[2]}.",
            "Conflict of what departments are paid for, pair by pair.",
        )
    if found["network"]:
        yield "<h3>Who listens to whom</h3>"
        if network is not None:
            yield html.drawing(
                figures.network(*network),
                f"Network of {len(network[0])} people in {len(network[1])} groups; {len(network[2])} ties.",
                "A dot is a person, a line a tie; orange ties cross groups. Groups of fewer than five are shown together.",
            )
        yield html.bullets(list(network_words(found["network"])))
    if found["survey"]:
        yield from _survey(found["survey"])


def _weights(weights: dict[str, float] | None) -> str:
    return ", ".join(f"{name} {value:g}" for name, value in weights.items()) if weights else "not said"


def _survey(survey: dict[str, object]) -> Iterator[str]:
    yield "<h3>What people say</h3>"
    if not survey["groups"]:
        yield html.paragraph(f"{survey['answered']} people answered: too few to show anything (five are needed).")
        return
    names: list[str] = survey["constructs"]  # type: ignore[assignment]
    means: dict[str, dict[str, float]] = survey["means"]  # type: ignore[assignment]
    counts: dict[str, int] = survey["respondents"]  # type: ignore[assignment]
    overall: dict[str, float] = survey["overall"]  # type: ignore[assignment]
    rows = [[group, str(counts[group]), *(f"{means[group][n]:.2f}" for n in names)] for group in means]
    rows.append(["All", str(survey["answered"]), *(f"{overall[n]:.2f}" for n in names)])
    yield html.table(
        "Means on a scale from 0 to 1; groups with fewer than five answers are merged.",
        ["Group", "Answers", *names],
        rows,
    )
    rel: list[dict[str, object]] = survey["reliability"]  # type: ignore[assignment]
    rows = [
        [
            str(r["construct"]),
            str(r["items"]),
            str(r["n"]),
            f"{r['alpha']:.2f}",
            f"{r['low']:.2f} to {r['high']:.2f}",
            "good enough" if float(str(r["alpha"])) >= 0.7 else "read with care",
        ]
        for r in rel
    ]
    yield html.table(
        "Reliability: Cronbach's alpha (Feldt's 95 % interval); below 0.7 the items do not measure one thing well.",
        ["Scale", "Items", "Answers", "Alpha", "Interval", ""],
        rows,
        (5,),
    )
    if "knowledge" in overall:
        yield html.paragraph(
            f"Knowledge check: {100 * overall['knowledge']:.0f} % of the answers name the priority rightly (in 124 large firms 28 % of managers could name three; Sull 2018)."
        )


def _tornado(d: Dossier) -> Iterator[str]:
    yield "<h2>What matters most</h2>"
    bar = d.tornado[0]
    n = bar.low.n
    spread = "its calibrated 80 % range" if d.calibration else "the middle 80 % of its plausible range"
    alt = f"Tornado of {len(d.tornado)} parameters; the widest is {plain_name(bar.name)}: {bar.low.mean:+.2f} at {bar.low_value:.3g}, {bar.high.mean:+.2f} at {bar.high_value:.3g}."
    labels = [plain_name(b.name) for b in d.tornado]
    yield html.drawing(
        figures.tornado(d.tornado, labels, d.outcome),
        alt,
        f"Each parameter alone is moved to the ends of {spread}; means over {n} pairs of firms with the same luck.",
    )


def _warnings(d: Dossier) -> Iterator[str]:
    yield "<h2>Early warnings</h2>"
    if not d.warnings:
        yield html.paragraph("Too few firms are open after half a year to learn a threshold from.")
        return
    yield html.paragraph(
        "Signals read over the second quarter of a year (weeks 13 to 25), and the threshold beyond which a firm like this one tends to end in the worst quarter of all by cash. "
        "Thresholds were set on one half of the firms and judged on the other."
    )
    rows = []
    for w in d.warnings:
        value = f"{100 * w.threshold:.0f} %" if w.signal == "rework" else f"{w.threshold:.2f}"
        use = "strong" if w.area >= 0.8 else "fair" if w.area >= 0.65 else "weak"
        rows.append(
            [
                SERIES[w.signal].label,
                f"{'above' if w.high_is_bad else 'below'} {value}",
                f"{100 * w.caught:.0f} %",
                f"{100 * w.false:.0f} %",
                f"{w.area:.2f}",
                use,
            ]
        )
    yield html.table(
        "Caught: share of firms in the worst quarter that gave the signal; false alarms: share of the others that did. Area: 0.5 is no better than chance, 1 is perfect.",
        ["Signal", "Warn when", "Caught", "False alarms", "Area under curve", "Use"],
        rows,
        (1, 5),
    )


def _calibrated(d: Dossier) -> Iterator[str]:
    fit = d.calibration
    if fit is None:
        return
    yield "<h2>How well the model fits this firm</h2>"
    yield html.paragraph(
        _in_words(fit), "box" if not fit["usable"] or not all(c["fits"] for c in fit["checks"]) else ""
    )
    rows = [
        [
            c["name"],
            f"{c['observed']:g} ± {c['sd']:g}",
            f"{c['median']:.2f} ({c['low']:.2f} to {c['high']:.2f})" if math.isfinite(c["median"]) else "none",
            "yes" if c["fits"] else "no",
            c["source"],
        ]
        for c in fit["checks"]
    ]
    yield html.table(
        "Observed facts against what the fitted model predicts (95 % of predictions).",
        ["Fact", "Observed", "Predicted", "Fits", "Source"],
        rows,
        (4,),
    )
    rows = [
        [
            plain_name(p["name"]),
            f"{p['prior_low']:g} to {p['prior_high']:g}",
            f"{p['median']:.2g} ({p['low']:.2g} to {p['high']:.2g})",
            f"{100 * p['narrowed']:.0f} %",
            p["says"],
        ]
        for p in fit["parameters"]
    ]
    yield html.table(
        f"Before and after: uniform priors, posterior medians with 90 % intervals ({fit['runs']} runs, seed {fit['seed']}).",
        ["Parameter", "Prior", "Posterior", "Narrower by", ""],
        rows,
        (4,),
    )
    if fit["together"]:
        pairs = "; ".join(f"{plain_name(a)} with {plain_name(b)} ({r:+.2f})" for a, b, r in fit["together"])
        yield html.paragraph(f"Known only together (correlation in what is left): {pairs}.")


def _in_words(fit: dict[str, Any]) -> str:
    words = str(fit["verdict"])
    for p in fit["parameters"]:
        words = words.replace(p["name"], plain_name(p["name"]))
    return words


def _basis(d: Dossier) -> Iterator[str]:
    yield "<h2>What this rests on</h2>"
    yield html.table(
        "Parameters that differ from the default, were calibrated, or may matter. All others are at the model's defaults.",
        ["Parameter", "Value", "Where it comes from"],
        assumptions(d),
        (2,),
    )
    yield html.bullets([str(a) for a in d.client["assumptions"]])
    yield "<h2>Limits</h2>"
    yield html.bullets(LIMITS)


def _foot(d: Dossier) -> str:
    m = d.material
    return (
        f"smb-coherence {m.version}; scenario {m.hash}; n = {m.runs} runs, seed {m.seed}"
        + (f"; {d.whatif_facts['draws']} calibrated draws in the what-ifs" if d.whatif_facts.get("draws") else "")
        + "."
    )

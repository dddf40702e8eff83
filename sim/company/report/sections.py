"""The report part by part: which findings, tables and figures stand where."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.company.report import figures, measured, network_figure, tables
from sim.company.report.finding import Finding, Picture, Section, Table
from sim.company.report.fit_words import fit_findings
from sim.company.report.outlook import levels, shown_until, survival, whose_firm
from sim.company.report.plain_words import parameter_words, percent, plain_name
from sim.company.report.tornado import tornado_finding
from sim.company.report.warning_signs import warning_findings
from sim.company.report.what_helps import measure_findings
from sim.measures.outcomes import OUTCOMES
from sim.measures.series import SERIES

if TYPE_CHECKING:
    from sim.company.report.content import Content

LIMITS = (
    "The model explores mechanisms: it shows how goals, talk, workload, money and mood act on each other. It does not forecast what this firm will do.",
    "Bands and intervals show what luck does to firms of the model and, where it was calibrated, what is not known of its settings. They do not show that the model may be wrong.",
    "Effects are those of the model's rules. Before money is spent, try a measure on a small scale and look at the early warnings.",
    "Pseudonymous is not anonymous: whoever knows the firm may recognise people by department, manager and ties. Handle the client folder as personal data.",
    "Groups of fewer than five people are merged, and no individual score is shown or kept.",
)


def headlines(c: Content) -> list[Finding]:
    """Return three findings: where the firm is heading, what pulls it apart, what helps most."""
    return [survival(c.batch.closed, c.weeks[-1], c.whose), cause(c.client), lever(c)]


def cause(client: dict[str, Any]) -> Finding:
    """Return what stands out among what was measured: goals that differ, else silos, else the chart, else the survey."""
    found = []
    if len(client["conflict"]) > 1:
        found.append(measured.goals(client["conflict"]))
    if client["network"]:
        found.extend(measured.network_findings(client["network"], len(client["departments"])))
    if client["survey"]:
        found.extend(measured.survey_findings(client["survey"]))
    striking = {
        ("goals", "differ"),
        ("goals", "apart"),
        ("silo", "more inside"),
        ("formal and informal", "few"),
        ("knowledge of priorities", "fewer than half"),
    }
    for finding in found:
        if (finding.topic, finding.rule) in striking:
            return finding
    if found and any(f.headline for f in found):
        rest = next(f for f in found if f.headline)
        return Finding(
            "cause",
            "nothing stands out",
            rest.sentence,
            rest.value,
            rest.n,
            rest.of,
            rest.low,
            rest.high,
            "Nothing that was measured stands out",
        )
    return Finding(
        "cause",
        "not measured",
        "With departments' goals, ties or a survey the import would say more.",
        headline="What pulls it apart is not in the data that came",
    )


def lever(c: Content) -> Finding:
    """Return what helps most, or, where no measure was tried, what matters most."""
    if c.kept is not None:
        return measure_findings(c.kept, c.weeks)[0]
    return tornado_finding(c.tornado, c.outcome)


def differ_in(c: Content) -> Finding:
    """Say in what the simulated firms differ."""
    runs = len(c.batch)
    if c.scenario.is_uncertain:
        return Finding(
            "firms differ in",
            "luck and scenario",
            f"The {runs} simulated firms differ in their luck and in what the scenario leaves uncertain{' and was calibrated' if c.calibrated else ''}.",
            n=runs,
            of="simulated firms",
        )
    if c.calibrated:
        return Finding(
            "firms differ in",
            "luck and settings",
            f"The {runs} simulated firms differ in their luck and in the calibrated settings, which are not known exactly.",
            n=runs,
            of="simulated firms",
        )
    return Finding(
        "firms differ in",
        "luck",
        f"The {runs} simulated firms differ in nothing but their luck.",
        n=runs,
        of="simulated firms",
    )


def sections(c: Content) -> list[Section]:
    """Return all parts of the report, without glossary."""
    return [
        _numbers(c),
        _heading(c),
        _measures(c),
        _company(c),
        _matters(c),
        _warnings(c),
        *([_fit(c)] if c.calibration is not None else []),
        _basis(c),
        Section("Limits", "limits", parts=list(LIMITS)),
    ]


def _numbers(c: Content) -> Section:
    return Section("The numbers", "numbers", parts=[whose_firm(c.whose), differ_in(c), *c.dropped, tables.numbers(c)])


def _heading(c: Content) -> Section:
    closed, weeks = c.batch.closed, c.batch.series.shape[1]
    upto = shown_until(closed, weeks)
    alive = survival(closed, weeks, c.whose)
    parts: list[Any] = [alive, *levels(c.values[c.weeks[-1]], c.weeks[-1], ("cash", "engagement"))]
    parts.append(Picture(
        figures.course(c.batch, upto),
        f"Week by week: the share of firms open, which ends at {percent(alive.value)}; cash, customers, engagement, rowing together and rework, with the middle 50 and 80 percent of the firms.",
        "Lines: the middle one of the firms; bands: half of them, 80 % of them. Closed firms keep the cash that they closed with and have no customers; what only open firms have is drawn while at least 90 % are open. Scales are fixed, but for cash and customers.",
    ))  # fmt: skip
    if upto > 0:
        names = ", ".join(c.batch.department_names[:12])
        parts.append(Picture(
            figures.departments(c.batch, upto),
            f"Heat maps of alignment, rework, overload and engagement by week for {names}{' and more' if len(c.batch.department_names) > 12 else ''}.",
            f"Simulated departments, not measured ones: means over firms{' while at least 90 % of them are open' if upto < weeks else ''}; dark is trouble. Scales are fixed, so that reports can be compared.",
        ))  # fmt: skip
    return Section("Where it is heading", "heading", parts=parts)


def _measures(c: Content) -> Section:
    section = Section("What would help", "measures")
    if c.kept is None:
        section.parts = ["No measures were tried. coherence whatif with a file of cases fills this part."]
        return section
    kept = c.kept
    table, order = tables.measures(c)
    shown = [*order, *([kept.best] if kept.best else [])]
    names = [f.name if f is not kept.best else f"Best within budget: {len(f.parts)} together" for f in shown]
    luck = "the same luck and the same calibrated settings" if kept.draws else "the same luck"
    section.parts = [
        *measure_findings(kept, c.weeks),
        Picture(
            figures.ranking(shown, names, kept.outcome, c.weeks),
            f"Differences to the base in {OUTCOMES[kept.outcome].label.lower()} for {len(shown)} measures with 95 percent intervals; the highest mean has {order[0].name}.",
            f"Differences to the base over {kept.runs} pairs of firms with {luck}; 95 % intervals (seed {kept.seed}).",
        ),
        table,
    ]
    return section


def _company(c: Content) -> Section:
    client = c.client
    section = Section(
        "The firm as it is",
        "company",
        "This part is measured, not simulated: it comes from the people, links, goals and survey that were imported.",
    )
    section.parts = list(_measured_parts(c, client))
    if len(section.parts) == 0:
        section.parts = ["Only people and departments were imported."]
    return section


def _measured_parts(c: Content, client: dict[str, Any]) -> Iterator[Finding | Table | Picture | str]:
    if client["goals"]:
        yield tables.goals(client)
    if len(client["conflict"]) > 1:
        yield measured.goals(client["conflict"])
        names = list(client["conflict"])
        values = np.array([[client["conflict"][a].get(b, 0.0) for b in names] for a in names])
        yield Picture(
            figures.matrix(names, values, [[f"{v:.2f}" for v in row] for row in values], "conflict of goals"),
            "Conflict of goals between departments, pair by pair.",
            "Conflict of what departments are paid for, pair by pair, always on the scale from 0 to 1.",
        )
    network = client["network"]
    if network:
        yield from measured.network_findings(network, len(client["departments"]))
        if c.network is not None:
            groups, names, ties = c.network
            yield Picture(
                network_figure.network(groups, names, ties),
                f"Network of {len(groups)} people in {len(names)} groups with {len(ties)} ties.",
                network_figure.caption(len(groups), len(names), len(ties)),
            )
        if len(network["group_sizes"]) > 1:
            names, density, counts = tables.tie_matrix(network)
            yield Picture(
                figures.matrix(
                    names,
                    density,
                    [[f"{v:,}" if v else "" for v in row] for row in counts],
                    "share of possible ties",
                    "listened to",
                    "listening",
                ),
                f"Ties between {len(names)} groups: rows listen to columns.",
                "Ties from those who listen (rows) to those listened to (columns). Colour: share of the ties that are possible; number: ties.",
            )
            yield tables.ties(network)
    survey = client["survey"]
    if survey:
        yield from measured.survey_findings(survey)
        if survey["groups"]:
            yield from tables.survey(survey)


def _matters(c: Content) -> Section:
    spread = "the middle 80 % of its calibrated values" if c.calibrated else "the middle 80 % of its plausible range"
    first = c.tornado[0]
    return Section("What matters most", "matters", parts=[
        tornado_finding(c.tornado, c.outcome),
        Picture(
            figures.tornado(c.tornado, [plain_name(b.name) for b in c.tornado], c.outcome),
            f"Tornado of {len(c.tornado)} settings; the widest is {plain_name(first.name)}: {first.low.mean:+.2f} at {first.low_value:.3g}, {first.high.mean:+.2f} at {first.high_value:.3g}.",
            f"Each setting alone is moved to the ends of {spread}; means and 95 % intervals over {first.low.n} pairs of firms with the same luck.",
        ),
    ])  # fmt: skip


def _warnings(c: Content) -> Section:
    labels = {name: SERIES[name].label for name in SERIES}
    parts: list[Any] = list(warning_findings(c.warnings, labels))
    if c.warnings.signs:
        parts.append(tables.warnings(c.warnings, labels))
    return Section(
        "Early warnings",
        "warnings",
        "Signals are read over the second quarter of a year (weeks 13 to 25). Thresholds were set on one half of the firms and judged on the other.",
        parts,
    )


def _fit(c: Content) -> Section:
    assert c.calibration is not None
    summary = c.calibration.summary
    parts: list[Any] = [*fit_findings(summary), tables.checks(summary)]
    if c.calibration.used:
        parts.append(tables.settings(summary))
    return Section("How well the model fits this firm", "fit", parts=parts)


def _basis(c: Content) -> Section:
    return Section(
        "What this rests on",
        "basis",
        parts=[tables.assumptions(c), *(parameter_words(str(a)) for a in c.client["assumptions"])],
    )

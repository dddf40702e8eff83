"""C20: the whispers come first; rework, silos and overruns warn before the money does."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from sim.claims.analyses.cascade import WEEK, with_shock
from sim.claims.analyses.early_warning import alarm, strayed, threshold, warning
from sim.claims.claim import Claim, Findings
from sim.claims.figure_spec import Bars, Curves, Line, Picture
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast, Floats, mean_interval, paired, shares
from sim.measures.per_run import average, first_week
from sim.simulate import Batch

CLAIM = Claim(
    id="C20",
    title="The whispers come first: rework, silos and overruns warn before the money does",
    idea="Weak signals precede a crisis (Ansoff 1975); what customers and processes feel leads what accounts show (Kaplan & Norton 1992; Ittner & Larcker 1998), and failing firms show "
    "long before they fail (Hambrick & D'Aveni 1988).",
    moved="operations turned by a right angle at week 52, or not",
    watched="rework, agreement between departments (silos) and the worst department's overload (overruns), each an alarm against the firm's own past; weeks by which it precedes cash "
    "stress (cash below 4 weeks of cost: the median small firm holds 27 days, JPMorgan Chase Institute 2016); hits and false alarms",
    expected="all three warn, and before the flow of cash, watched in the same way, does",
    design="600 pairs; an alarm is raised when an indicator is beyond a limit for 4 weeks in a row, against its mean in weeks 26 to 51; limits are set on unturned firms with even replicates so that "
    "10 % of them raise an alarm in two years, and everything else is measured in odd replicates that come under cash stress after the turn; what counts as warning by chance: the alarm "
    "of the unturned twin; no alarm, or a later one: a warning of 0 weeks",
    criterion="each of rework, silos and overload warns 4 weeks or more before cash stress, beyond the twin's alarms (a month: time to act before wages are due), and at least 0.3 more of the stressed firms are warned "
    "than by the twin's alarms; each warns 1 week or more before the flow of cash does under the same rule",
    remark="All three warn long before the money is gone, and in all stressed firms, but overruns are no earlier than the flow of cash: a backlog is work that is not paid yet, and overload alarms 1.6 weeks later. "
    "Rework and silos alarm in the fourth week after the turn, as soon as the rule allows, 27 weeks before the flow of cash at the same price in false alarms; engagement and churn follow closely (65 and 62 weeks), satisfaction is as late as the money. "
    "Half of the stressed firms take 76 weeks or more to come under 4 weeks of cash, so the lead is long because the fall is slow and the turn sudden. Without local rewards, rework or strain no firm comes under stress.",
)
PAST = 26
STRESS = 4.0
ALLOWED = 0.1


class Sign(NamedTuple):
    """An indicator: its name for owners, its series, and whether trouble is a rise."""

    name: str
    series: str
    sign: int


WHISPERS = (Sign("rework", "rework", 1), Sign("silos", "between", -1), Sign("overruns", "overload", 1))
MONEY = Sign("cash flow", "flow", -1)
OTHERS = (
    Sign("engagement", "engagement", -1),
    Sign("satisfaction", "satisfaction", -1),
    Sign("churn", "churn", 1),
    Sign("customers", "customers", -1),
)


def away(batch: Batch, sign: Sign) -> Floats:
    """Return by how much an indicator is worse than in the firm's own past, from the week of the turn on."""
    series = batch.of("revenue") - batch.of("costs") if sign.series == "flow" else batch.of(sign.series)
    return sign.sign * strayed(series, PAST, WEEK)


class Firms:
    """Turned firms and their twins; limits from even replicates, outcomes of odd ones that come under cash stress."""

    def __init__(self, lab: Lab) -> None:
        n = lab.n(600, 100)
        self.turned, self.twin = lab.run(with_shock(), n), lab.run({}, n)
        self.stress = first_week(self.turned, "cash", STRESS, above=False, first=WEEK) - WEEK
        self.used = (np.arange(n) % 2 == 1) & ~np.isnan(self.stress)
        self.trouble = self.stress[self.used]

    def alarms(self, sign: Sign, allowed: float = ALLOWED) -> tuple[Floats, Floats]:
        """Return the weeks of the alarms of stressed firms and of their twins."""
        quiet = away(self.twin, sign)
        limit = threshold(quiet[::2], allowed)
        return alarm(away(self.turned, sign)[self.used], limit), alarm(quiet[self.used], limit)

    def warnings(self, sign: Sign, allowed: float = ALLOWED) -> tuple[Floats, Floats]:
        """Return the weeks of warning before cash stress, and those by chance."""
        raised, chance = self.alarms(sign, allowed)
        return warning(raised, self.trouble), warning(chance, self.trouble)

    def false_alarms(self, sign: Sign) -> float:
        """Return the share of unturned firms with odd replicates that raise an alarm in two years."""
        quiet = away(self.twin, sign)
        return float((~np.isnan(alarm(quiet[1::2], threshold(quiet[::2], ALLOWED)))).mean())


def warned(firms: Firms, sign: Sign) -> Contrast:
    return paired(f"warning by {sign.name} before cash stress", *firms.warnings(sign), 4.0, unit="weeks")


def headline(lab: Lab) -> Contrast:
    return warned(Firms(lab), WHISPERS[0])


def study(lab: Lab) -> Findings:
    firms = Firms(lab)
    given = {s.name: firms.warnings(s) for s in (*WHISPERS, MONEY, *OTHERS)}
    core = [warned(firms, s) for s in WHISPERS]
    for s in WHISPERS:
        core.append(shares(f"firms warned by {s.name}", given[s.name][0] > 0, given[s.name][1] > 0, 0.3))
    nulls = [
        paired(f"warning by {s.name} against that by cash flow", given[s.name][0], given[MONEY.name][0], 1.0, unit="weeks")
        for s in WHISPERS
    ]  # fmt: skip
    also = [warned(firms, s) for s in (MONEY, *OTHERS)]
    ahead = list(range(0, 102, 2))
    raised = {s.name: firms.trouble - firms.alarms(s)[0] for s in (*WHISPERS, MONEY)}
    with np.errstate(invalid="ignore"):
        known = [Line(k, [-a for a in ahead], [float(np.mean(v >= a)) for a in ahead]) for k, v in raised.items()]
    allowed: tuple[float, ...] = lab.either((0.02, 0.05, 0.1, 0.2, 0.3, 0.5), (0.05, 0.2))
    price = [
        Line.of(s.name, allowed, np.column_stack([firms.warnings(s, a)[0] for a in allowed])) for s in (*WHISPERS, MONEY)
    ]  # fmt: skip
    rows = {k: mean_interval(v[0][:, None]) for k, v in given.items()}
    mean, low, high = ([float(r[i][0]) for r in rows.values()] for i in range(3))
    stressed = float(np.mean(~np.isnan(firms.stress)))
    means = {k: average(v[0]) for k, v in given.items()}
    hits = {k: float(np.mean(v[0] > 0)) for k, v in given.items()}
    return Findings(
        core,
        f"In firms that come under cash stress after a department turned, rework warns {means['rework']:.0f} weeks before, silos {means['silos']:.0f} and overruns {means['overruns']:.0f}, in {100 * hits['rework']:.0f}, "
        f"{100 * hits['silos']:.0f} and {100 * hits['overruns']:.0f} % of them; the weekly flow of cash, watched alike, {means['cash flow']:.0f} weeks before in {100 * hits['cash flow']:.0f} %.",
        Picture(
            "One department turns away. Every indicator is watched against the firm's own past, at the same price: 10 % of the firms to which nothing happens raise an alarm within two years.",
            (
                Curves("Who has warned by then", "weeks from cash stress", "share of stressed firms", known, y_limits=(-0.02, 1.04)),
                Bars("Warning given", "weeks before cash stress", list(rows), mean, low, high),
                Curves("Warning and false alarms", "false alarms: share of unturned firms", "weeks of warning", price, zero=True),
            ),
            note=f"Cash stress: cash below 4 weeks of cost; {100 * stressed:.0f} % of the turned firms come under it within two years. No alarm before it counts as 0 weeks. Lines of rework and silos coincide where both warn in the first weeks after the turn.",
            columns=3,
        ),
        also,
        nulls,
        data={"share stressed": stressed, "weeks from the turn to cash stress, median": float(np.nanmedian(firms.stress)), "weeks from the turn to the alarm, median": {k: float(np.nanmedian(firms.trouble - v)) for k, v in raised.items()}, "warning": means, "warned": hits,
              "warned by chance": {k: float(np.mean(v[1] > 0)) for k, v in given.items()}, "false alarms in new firms": {s.name: firms.false_alarms(s) for s in (*WHISPERS, MONEY, *OTHERS)}},
    )  # fmt: skip

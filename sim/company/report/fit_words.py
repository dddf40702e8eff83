"""How far the model is from the client's facts, in words."""

from __future__ import annotations

import math
from typing import Any

from sim.company.report.finding import Finding
from sim.company.report.plain_words import counted, listed, parameter_words, plain_name, signed


def fit_findings(summary: dict[str, Any]) -> list[Finding]:
    """Say whether the model fits, how far it is off, and what the facts tell of its settings.

    Parameters
    ----------
    summary
        A kept calibration, as `sim.company.calibration.result.Calibration.plain` gives it.
    """
    fit = summary["fit"]
    distance = fit["distance"] if fit["distance"] is not None else math.nan
    if not summary["fits"]:
        words = f"The model does not fit this firm: {'; '.join(summary['reasons'])}. Nothing in this report rests on the calibration."
        return [
            Finding(
                "fit",
                "does not fit",
                words,
                distance,
                fit["firms"],
                "fitted firms",
                headline="The model does not fit this firm",
            ),
            _numbers(fit, distance),
        ]
    if not summary["tells"]:
        words = "The facts do not tell anything: they are so unsure that nearly every simulated firm that stays open agrees with them. Nothing in this report rests on the calibration: the model's typical settings stay."
        return [
            Finding(
                "fit",
                "tells nothing",
                words,
                distance,
                fit["firms"],
                "fitted firms",
                headline="The facts do not tell anything",
            ),
            _numbers(fit, distance),
        ]
    found = [
        Finding(
            "fit",
            "fits",
            "What is simulated here uses settings with which simulated firms show this firm's facts.",
            distance,
            fit["firms"],
            "fitted firms",
            headline="The model fits this firm",
        ),
        _numbers(fit, distance),
        _told(summary),
    ]
    if summary["together"]:
        pairs = "; ".join(f"{plain_name(a)} with {plain_name(b)} ({signed(r)})" for a, b, r in summary["together"])
        found.append(
            Finding(
                "known together",
                "some pairs",
                f"Known only together (correlation in what is left): {pairs}.",
                summary["together"][0][2],
                summary["runs"],
                "runs",
            )
        )
    return found


def _numbers(fit: dict[str, Any], distance: float) -> Finding:
    if fit["closed"] == fit["firms"]:
        return Finding(
            "distance from the facts",
            "all closed",
            f"All {fit['firms']} fitted firms had closed by the time of the facts.",
            n=fit["firms"],
            of="fitted firms",
        )
    each = ", ".join(f"{name} {100 * share:.0f} %" for name, share in fit["within"].items())
    wider = (
        f" To find enough of them, the facts had to be taken as {fit['widened']:.1f} times as unsure as they are."
        if fit["widened"] > 1
        else ""
    )
    return Finding(
        "distance from the facts", "some open",
        f"Of {counted(fit['firms'], 'fitted firm', 'fitted firms')}, run anew with fresh luck, {fit['closed']} had closed by the time of the facts. Of the open ones, so many come within 2 sd of what was "
        f"observed: {each}; of all facts at once {100 * fit['all_within']:.0f} %. Half of them are within {distance:.1f} sd of the facts (root mean square).{wider}",
        distance, fit["firms"], "fitted firms",
    )  # fmt: skip


def _told(summary: dict[str, Any]) -> Finding:
    told = [plain_name(p["name"]) for p in summary["parameters"] if p["says"] == "the data tell"]
    hinted = [plain_name(p["name"]) for p in summary["parameters"] if p["says"] == "the data hint"]
    most = max(p["narrowed"] for p in summary["parameters"])
    parts = []
    if told:
        parts.append(f"The facts tell about {listed(told)}.")
    if hinted:
        parts.append(f"They hint at {listed(hinted)}.")
    rule = "tell" if told else "hint" if hinted else "no single setting"
    rest = len(summary["parameters"]) - len(told) - len(hinted)
    if rule == "no single setting":
        parts.append("The facts do not tell any single setting.")
    elif rest:
        parts.append(f"About the {counted(rest, 'other', 'others')} they do not tell.")
    return Finding("what the facts tell", rule, parameter_words(" ".join(parts)), most, summary["runs"], "runs")

"""The facilitator's guide: one printable page for each lesson, made from the lesson's file and the model's numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from sim.classroom.lessons import Lesson
from sim.classroom.levers import LEVERS
from sim.measures.series import DEPARTMENT_SERIES, SERIES

_SIGNS = {"holds": "✓", "opposite": "✗ (opposite)", "open": "? (open)"}
_STYLE = """
@page { size: A4; margin: 11mm 12mm; }
body { font: 9.1pt/1.3 "DejaVu Sans", system-ui, sans-serif; color: #13222b; max-width: 186mm; margin: 0 auto; }
h1 { font-size: 16pt; margin: 0 0 1mm; } h2 { font-size: 10pt; margin: 2.2mm 0 .6mm; color: #00568f; }
p, ul, ol { margin: 0 0 1mm; } ul, ol { padding-left: 5mm; } li { margin: 0 0 .3mm; }
table { border-collapse: collapse; width: 100%; font-size: 8.3pt; }
td, th { border-bottom: .2mm solid #c3ced4; text-align: left; padding: .5mm 1.5mm .5mm 0; vertical-align: top; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 0 7mm; } .soft { color: #50626d; }
"""


def guide(lesson: Lesson, findings: Sequence[Mapping[str, Any]]) -> str:
    """Return the guide's page as HTML; all texts are escaped."""
    parts = [
        f"<h1>{escape(lesson.title)}</h1>",
        f'<p class="soft">{lesson.guide.minutes} minutes. {escape(lesson.summary)}</p>',
        f"<p><b>Goal.</b> {escape(lesson.guide.goal)}</p>",
        '<div class="columns"><div>',
        _list("Before the class", lesson.guide.before),
        "<h2>How it goes</h2><ol>",
        "<li><b>Story.</b> Read it aloud; ask who knows such a firm.</li>",
        f"<li><b>Vote.</b> {escape(lesson.vote.question)}{_options(lesson)}</li>",
        f"<li><b>Run.</b> {escape(lesson.base.name)} (base) beside {escape(lesson.change.name)}, same luck"
        f"{f', apart from week {lesson.cause_week}' if lesson.cause_week else ''}. Pause where something starts.</li>",
        "<li><b>Why.</b> Before the click on “reveal”: let the class draw the chain.</li>",
        "<li><b>Talk</b>, then the task.</li></ol>",
        _list("Point at, while it runs", lesson.notice),
        _list("Watch out", lesson.guide.watch_out),
        "</div><div>",
        _list("The chain", (f"{SERIES[name].label}: {text}" for name, text in lesson.why.links.items())),
        _list("Ask", lesson.debrief.ask),
        _list("Take home", lesson.debrief.points),
        "</div></div>",
        _numbers(findings),
        _tasks(lesson),
        '<p class="soft">Keys: space plays and pauses, arrows step, r back to the founding, n new luck, p presentation, '
        "d dark or light.</p>",
    ]
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Guide: {escape(lesson.title)}</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}</body></html>"
    )


def _list(title: str, entries: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(entry)}</li>" for entry in entries)
    return f"<h2>{title}</h2><ul>{items}</ul>" if items else ""


def _options(lesson: Lesson) -> str:
    said = (
        f"<li>{escape(option)}{' <b>← what the model does</b>' if i == lesson.vote.answer else ''}</li>"
        for i, option in enumerate(lesson.vote.options, 1)
    )
    return f"<ul>{''.join(said)}</ul>"


def _numbers(findings: Sequence[Mapping[str, Any]]) -> str:
    if not findings:
        return ""
    rows = []
    for f in findings:
        share = f["measure"] == "closed"
        label = "firms closed" if share else {**SERIES, **DEPARTMENT_SERIES}[f["measure"]].label
        v = [_number(f[k], share) for k in ("base", "change", "difference", "low", "high")]
        rows.append(
            f"<tr><td>{_SIGNS[f['verdict']]}</td><td>{escape(f['text'])}</td><td>{label}</td><td>{v[0]} → {v[1]}</td>"
            f"<td>{v[2]} ({v[3]} to {v[4]})</td><td>{f['pairs']} of {f['of']}</td></tr>"
        )
    head = "<tr><th></th><th>Statement</th><th>Measure</th><th>Base → change</th><th>Difference (95 %)</th><th>Pairs</th></tr>"
    return f"<h2>What many firms say</h2><table>{head}{''.join(rows)}</table>"


def _tasks(lesson: Lesson) -> str:
    text = ""
    if lesson.experiment is not None:
        text += (
            f"<h2>Try</h2><p>{escape(lesson.experiment.text)} <b>The curve:</b> {escape(lesson.experiment.says)}</p>"
        )
    if lesson.puzzle is not None:
        labels = {lever.name: lever.label for lever in LEVERS}
        way = ", ".join(f"{labels[k]} {v:g}" for k, v in lesson.puzzle.solution.items())
        text += f"<h2>Puzzle</h2><p>{escape(lesson.puzzle.text)} <b>One way:</b> {escape(way)}.</p>"
    return text


def _number(value: float | None, share: bool) -> str:
    if value is None:
        return "–"
    return f"{100 * value:.0f} %" if share else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")

"""A class's results on one page, and how they compare with those of earlier classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from sim.classroom.lessons import Lesson
from sim.classroom.pages import page, policy_hash, style
from sim.measures.intervals import wilson


def by_class(events: Sequence[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the events of each class, the oldest class first."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for event in events:
        if event["kind"] == "class":
            found.append((str(event["class"]), []))
        elif found:
            found[-1][1].append(event)
    return found


def votes_of(events: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return a class's closed votes by lesson; a vote closed again replaces the earlier count."""
    return {event["lesson"]: event for event in events if event["kind"] == "close"}


def earlier(events: Sequence[dict[str, Any]], lesson: str, today: str) -> dict[str, Any]:
    """Return how earlier classes voted on the same question.

    Returns
    -------
    dict
        ``classes`` (how many), ``people``, ``right`` (how many chose what the model does), and the 95 % interval of the
        share, ``low`` and ``high`` (Wilson), None without earlier votes. Votes on another question or other options than
        the newest are left out.
    """
    closed = [(name, votes_of(kept).get(lesson)) for name, kept in by_class(events)]
    votes = [(name, vote) for name, vote in closed if vote is not None and sum(vote["counts"])]
    if not votes:
        return {"classes": 0, "people": 0, "right": 0, "low": None, "high": None}
    newest = votes[-1][1]
    same = [
        vote
        for name, vote in votes
        if name != today and (vote["question"], vote["options"]) == (newest["question"], newest["options"])
    ]
    people = sum(sum(vote["counts"]) for vote in same)
    right = sum(vote["counts"][vote["answer"] - 1] for vote in same)
    low, high = wilson(right, people) if people else (None, None)
    return {"classes": len(same), "people": people, "right": right, "low": low, "high": high}


def class_report(events: Sequence[dict[str, Any]], lessons: dict[str, Lesson]) -> str:
    """Return the newest class's page as HTML.

    Parameters
    ----------
    events
        The journal's.
    lessons
        By key, for their titles.
    """
    classes = by_class(events)
    name, kept = classes[-1] if classes else ("no class yet", [])
    votes = []
    for key, vote in votes_of(kept).items():
        total = sum(vote["counts"])
        rows = [
            {"option": option, "count": count, "share": count / total if total else None, "right": i == vote["answer"]}
            for i, (option, count) in enumerate(zip(vote["options"], vote["counts"], strict=True), 1)
        ]
        title = lessons[key].title if key in lessons else key
        before = earlier(events, key, name)
        votes.append({"title": title, "question": vote["question"], "rows": rows, "total": total, "earlier": before})
    boards = {event["lesson"]: event["board"] for event in kept if event["kind"] == "board"}
    return page(
        "class_report.html",
        name=name,
        votes=votes,
        rounds=[event["result"] for event in kept if event["kind"] == "crew_round"],
        boards=[
            {"title": lessons[key].title if key in lessons else key, "rows": rows, "puzzle": _task(lessons, key)}
            for key, rows in boards.items()
        ],
        style=Markup(style("guide.css")),
    )


def _task(lessons: dict[str, Lesson], key: str) -> dict[str, Any] | None:
    puzzle = lessons[key].puzzle if key in lessons else None
    if puzzle is None:
        return None
    return {"text": puzzle.text, "goal": puzzle.goal, "reach": puzzle.reach, "share": puzzle.measure == "closed"}


def report_policy() -> str:
    """Return the policy under which the page is shown: its own style, and nothing else."""
    return f"default-src 'none'; style-src {policy_hash(style('guide.css'))}; frame-ancestors 'none'"

"""Lessons: files that a trainer can write, and what is wrong with them in plain words."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, ValidationError, model_validator

from sim.classroom.chain import LINKS
from sim.classroom.lesson_claims import Claim, Window
from sim.classroom.levers import LEVERS
from sim.classroom.request import Ask
from sim.errors import CoherenceError
from sim.measures.series import SERIES
from sim.scenario import Scenario
from sim.scenario.errors import nearest, phrase
from sim.scenario.parameters import Part

FOLDER = Path(__file__).parent / "lessons"
MOST_BYTES = 256 * 1024
Text = str


class LessonError(CoherenceError, ValueError):
    """A lesson file that cannot be used; each line of the message names the file, the field and what is wrong."""


class Boat(Part):
    """One of the two firms: its name on the water, and what it is."""

    name: str = Field(min_length=1, max_length=60)
    scenario: str = Field(default="default", max_length=80)
    set: dict[str, float | bool] = Field(default={})
    events: tuple[dict[str, Any], ...] = ()

    def ask(self, lesson: Lesson) -> Ask:
        """Return the question that a page asks for this boat."""
        return Ask(scenario=self.scenario, set=self.set, events=self.events, seed=lesson.seed, weeks=lesson.weeks)


class Vote(Part):
    """What the class predicts before the run."""

    question: str = Field(min_length=1, max_length=500)
    options: tuple[str, ...] = Field(min_length=2, max_length=6)
    answer: int = Field(ge=1, description="number of the option that the model bears out, counted from 1")
    because: tuple[str, ...] = Field(min_length=1, description="names of the claims that bear it out")

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if self.answer > len(self.options):
            raise ValueError(f"answer {self.answer} must be the number of an option, 1 to {len(self.options)}")
        return self


class Link(Part):
    """A link of the chain, and what to say when it lights up in the direction that the pair on the page shows."""

    measure: str
    up: str = Field(default="", max_length=300)
    down: str = Field(default="", max_length=300)

    @model_validator(mode="after")
    def _known(self) -> Self:
        if self.measure not in LINKS:
            raise ValueError(f"measure {self.measure!r} is not a link of the chain{nearest(self.measure, list(LINKS))}")
        if not self.up and not self.down:
            raise ValueError("up or down must say what happens")
        return self


class Said(Part):
    """A sentence of the explanation: tied to the claims that it tells, or marked as general prose."""

    text: str = Field(min_length=1, max_length=500)
    claims: tuple[str, ...] = ()
    general: bool = False

    @model_validator(mode="after")
    def _tied(self) -> Self:
        if bool(self.claims) == self.general:
            raise ValueError("claims must name what it tells, or general must be true: one of the two")
        return self


class Why(Part):
    """The explanation: where the cause acts first, the links of the chain, and what to say about them."""

    starts: tuple[str, ...] = Field(min_length=1, description="links on which the cause acts directly")
    links: tuple[Link, ...] = Field(min_length=2)
    said: tuple[Said, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Self:
        told = [link.measure for link in self.links]
        for name in self.starts:
            if name not in told:
                raise ValueError(f"starts: {name!r} is not among the links: {', '.join(told)}")
        return self


class Debrief(Part):
    """What to ask, and what to take home."""

    ask: tuple[str, ...] = Field(min_length=1)
    points: tuple[str, ...] = Field(min_length=1)


class Slider(Part):
    """A lever that a puzzle lets the class move, and how far."""

    name: str
    least: float
    most: float

    @model_validator(mode="after")
    def _known(self) -> Self:
        names = [lever.name for lever in LEVERS]
        if self.name not in names:
            raise ValueError(f"name {self.name!r} is not a lever{nearest(self.name, names)}")
        if self.least >= self.most:
            raise ValueError(f"least {self.least} must be below most {self.most}")
        return self


class Puzzle(Window):
    """A task: bring a measure to a goal with some levers only."""

    text: str
    goal: float
    set: dict[str, float | bool] = Field(default={}, description="what holds from the founding on in this task")
    reach: str = Field(default="at least", pattern="^at (least|most)$")
    boat: str = Field(default="change", pattern="^(base|change)$")
    levers: tuple[Slider, ...] = Field(min_length=1, max_length=4)
    solution: dict[str, float] = Field(description="one way, for the facilitator")
    hint: str = ""

    def reached(self, mean: float | None) -> bool:
        """Return whether a measured mean reaches the goal."""
        return mean is not None and (mean >= self.goal if self.reach == "at least" else mean <= self.goal)


class Condition(Part):
    """Circumstances under which an experiment is made."""

    label: str
    set: dict[str, float | bool]


class Experiment(Part):
    """A lever that the class turns by hand, and the curve measured beforehand: differences to its lowest position."""

    text: str
    lever: Slider
    measures: tuple[str, ...] = Field(min_length=1, max_length=3)
    from_week: int = Field(default=0, ge=0, le=520)
    to_week: int = Field(default=520, ge=1, le=521)
    conditions: tuple[Condition, ...] = Field(min_length=1, max_length=4)
    curve: str = Field(description="a .csv file beside the lesson: measure, condition, x, mean, low, high, n")

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.measures:
            if name not in SERIES:
                raise ValueError(f"measures: {name!r} is not a measure{nearest(name, list(SERIES))}")
        return self


class Guide(Part):
    """What the facilitator should know beforehand."""

    minutes: int = Field(ge=1, le=600)
    goal: str
    before: tuple[str, ...] = ()
    watch_out: tuple[str, ...] = ()


class Lesson(Part):
    """A guided lesson."""

    key: str = ""
    title: str = Field(min_length=1, max_length=80)
    order: int = 100
    summary: str = Field(max_length=300)
    story: tuple[Text, ...] = Field(min_length=1)
    weeks: int = Field(default=156, ge=10, le=520)
    seed: int = Field(default=1, ge=0, lt=2**53)
    base: Boat
    change: Boat
    cause_week: int = Field(default=0, ge=0, description="when the two begin to differ")
    watch: tuple[str, ...] = Field(default=("coherence", "thrust", "engagement", "cash"), min_length=1, max_length=6)
    notice: tuple[str, ...] = Field(default=(), description="what to point at during the run")
    vote: Vote
    claims: tuple[Claim, ...] = Field(min_length=1, max_length=8)
    why: Why
    debrief: Debrief
    puzzle: Puzzle | None = None
    experiment: Experiment | None = None
    lattice: tuple[Slider, ...] = Field(default=(), max_length=3, description="sliders of the take-home file")
    guide: Guide

    @model_validator(mode="after")
    def _known(self) -> Self:
        for name in self.watch:
            if name not in SERIES:
                raise ValueError(f"watch: {name!r} is not a measure{nearest(name, list(SERIES))}")
        names = [claim.name for claim in self.claims]
        for name in (*self.vote.because, *(name for said in self.why.said for name in said.claims)):
            if name not in names:
                raise ValueError(f"there is no claim {name!r}{nearest(name, names)}")
        return self

    def attempt(self, values: Mapping[str, float]) -> Scenario:
        """Return the puzzle's firm with levers at given values; ValueError without a puzzle."""
        if self.puzzle is None:
            raise ValueError(f"{self.key} has no puzzle")
        ask = (self.base if self.puzzle.boat == "base" else self.change).ask(self)
        moved = {k: v for k, v in values.items() if k != "automation"}
        events = ask.events
        if "automation" in values:
            events = (*events, {"kind": "automation", "week": 0, "share": values["automation"]})
        return ask.model_copy(update={"set": {**ask.set, **self.puzzle.set, **moved}, "events": events}).build()

    @property
    def firms(self) -> tuple[Scenario, Scenario]:
        """The base and the changed firm."""
        return self.base.ask(self).build(), self.change.ask(self).build()


def read_lesson(path: Path) -> Lesson:
    """Read a lesson file and try its firms.

    Raises
    ------
    LessonError
        With everything that is wrong.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise LessonError(f"{path.name}: is larger than {MOST_BYTES // 1024} KiB")
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise LessonError(f"{path.name}: cannot be read: {error}") from None
    try:
        lesson = Lesson.model_validate({**data, "key": path.stem})
    except ValidationError as error:
        raise LessonError("\n".join(_said(path.name, error))) from None
    for name, boat in (("base", lesson.base), ("change", lesson.change)):
        try:
            boat.ask(lesson).build()
        except ValueError as error:
            raise LessonError(f"{path.name}: {name}: {error}") from None
    if lesson.experiment is not None:
        read_curve(path.parent, lesson.experiment)
    return lesson


def read_curve(folder: Path, experiment: Experiment) -> list[dict[str, Any]]:
    """Return an experiment's measured curve: measure, condition, x, mean, low, high, n."""
    path = folder / Path(experiment.curve).name
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
        return [
            {"measure": r["measure"], "condition": r["condition"], "n": int(r["n"])}
            | {k: float(r[k]) for k in ("x", "mean", "low", "high")}
            for r in rows
        ]
    except (OSError, KeyError, ValueError, TypeError) as error:
        raise LessonError(f"{path.name}: is not a measured curve: {error}") from None


def curve_says(experiment: Experiment, points: list[dict[str, Any]]) -> str:
    """Return in words where each condition's curve is highest, from its numbers."""
    least, sentences = experiment.lever.least, []
    for condition in experiment.conditions:
        for measure in experiment.measures:
            rows = [p for p in points if (p["condition"], p["measure"]) == (condition.label, measure)]
            best = max(rows, key=lambda p: float(p["mean"]))
            label = SERIES[measure].label
            if best["x"] == least or best["low"] <= 0:
                worst = min(rows, key=lambda p: float(p["mean"]))
                more = f"down to {_signed(worst)} at {worst['x']:g}" if worst["high"] < 0 else "no difference found"
                sentences.append(f"{condition.label}, {label}: nothing measured beats {least:g} ({more})")
            else:
                sentences.append(
                    f"{condition.label}, {label}: best of those measured is {best['x']:g}, {_signed(best)}"
                )
    firms = points[0]["n"] if points else 0
    return f"Against {least:g}, up to {firms} pairs a point. {'; '.join(sentences)}."


def _signed(point: dict[str, Any]) -> str:
    numbers = (f"{point[key]:+.3g}".replace("-", "−") for key in ("mean", "low", "high"))
    return "{} (95 % interval {} to {})".format(*numbers)


def shelf(more: Iterable[Path] = ()) -> dict[str, tuple[Lesson, Path]]:
    """Return the lessons by key, in order, each with its folder: those shipped, and those in further folders.

    A trainer's lesson of the same name takes the place of a shipped one.

    Raises
    ------
    LessonError
        If one of them cannot be used, or a folder is not there.
    """
    found: dict[str, tuple[Lesson, Path]] = {}
    for folder in (FOLDER, *more):
        if not folder.is_dir():
            raise LessonError(f"{folder} is not a folder of lessons")
        for path in sorted(folder.glob("*.toml")):
            found[path.stem] = read_lesson(path), folder
    return dict(sorted(found.items(), key=lambda item: (item[1][0].order, item[0])))


def _said(file: str, error: ValidationError) -> Iterable[str]:
    for e in error.errors(include_url=False):
        place = ".".join(str(part + 1 if isinstance(part, int) else part) for part in e["loc"])
        if e["type"] == "missing":
            yield f"{file}: {place} is missing"
        elif e["type"] == "extra_forbidden":
            yield f"{file}: {place} is not a field of a lesson{nearest(str(e['loc'][-1]), list(Lesson.model_fields))}"
        elif e["type"] == "value_error":
            yield f"{file}: {place + ': ' if place else ''}{e['msg'].removeprefix('Value error, ')}"
        else:
            yield f"{file}: {place} {phrase(e)}"

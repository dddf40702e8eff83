"""The criteria as data: one file a claim in ``criteria/``, fixed before any run, read into plain objects.

A contrast is a linear expression of arms, such as ``"(told_fast - told_slow) - (untold_fast - untold_slow)"``; what is no
linear expression is a measure: a function of that name in the claim's own file.
"""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "criteria"
FIRST_SHOCK = 52
"""No event of a claim comes before this week; the week itself is drawn within a cadence after it."""


@dataclass(frozen=True)
class Window:
    """Weeks from `first` to `last`, the last one included; each is counted from week 0 or from w, the week of the event."""

    first: int
    last: int
    first_from_w: bool = False
    last_from_w: bool = False

    @classmethod
    def read(cls, text: str) -> Window:
        """Return the window of a text such as ``52..155``, ``w..w+51`` or ``155``.

        Examples
        --------
        >>> Window.read("w+1..w+52")
        Window(first=1, last=52, first_from_w=True, last_from_w=True)
        """
        ends = text.split("..")
        if len(ends) > 2 or not all(re.fullmatch(r"(w([+-]\d+)?|\d+)", end) for end in ends):
            raise ValueError(f"{text!r} is no window of weeks: write 52..155, w..w+51 or 155")
        weeks = [int(end.removeprefix("w") or 0) for end in ends]
        from_w = [end.startswith("w") for end in ends]
        return cls(weeks[0], weeks[-1], from_w[0], from_w[-1])

    def at(self, w: int, horizon: int) -> tuple[int, int]:
        """Return the first week and the week after the last one, for an event in week w, within the run."""
        first = self.first + (w if self.first_from_w else 0)
        last = self.last + (w if self.last_from_w else 0)
        return max(0, first), min(last + 1, horizon)

    def moved_to_end(self, was: int, now: int) -> Window:
        """Return the window for runs of another length: what ended with the run goes on doing so."""
        if self.last_from_w or self.last != was - 1:
            return self
        first = now - 1 if self.first == self.last else self.first
        return Window(min(first, now - 1), now - 1, self.first_from_w, False)


@dataclass(frozen=True)
class Delta:
    """The smallest effect of interest: a number, or a share of what an unmoved firm has on average."""

    amount: float
    of: str = ""

    @classmethod
    def read(cls, given: Any) -> Delta | None:
        """Return a delta from data: a number, a table with ``share`` and ``of``, or nothing."""
        if given is None:
            return None
        if isinstance(given, Mapping):
            return cls(float(given["share"]), str(given["of"]))
        return cls(float(given))

    def value(self, means: Mapping[str, float]) -> float:
        """Return it as a number, given the unmoved population's means."""
        return self.amount * abs(means[self.of]) if self.of else self.amount


@dataclass(frozen=True)
class Contrast:
    """One number for each pair, and what the claim expects of its mean.

    Attributes
    ----------
    name
        Such as ``headline``, ``a``, or ``a.2`` for the second part of a support that has several.
    says
        In plain words.
    weights
        Arm -> weight of a linear expression; empty where `measure` is a function of the claim's file.
    outcome, policy, window
        What is taken of each arm; see ``rules.toml``.
    expected
        ``+``, ``-``, ``equal`` (within delta), ``not below`` or ``not above`` (one-sided, beyond delta), or nothing.
    delta, sign_only
        Smallest effect; whether the sign alone counts.
    settings
        Parameters set in all its arms, on top of what they set.
    horizon
        Weeks of its runs.
    """

    name: str
    says: str
    weights: Mapping[str, float] = field(default_factory=dict)
    value: str = ""
    outcome: str = ""
    policy: str = ""
    window: Window = Window(52, 155)
    expected: str = ""
    delta: Delta | None = None
    sign_only: bool = False
    measure: str = ""
    unit: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    horizon: int = 156
    instead: str = ""
    beyond: str = ""
    """Of a null model: the side on which something is left that it does not explain."""


@dataclass(frozen=True)
class Ablation:
    """How the claim's mechanism is switched off in all arms of the headline."""

    says: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    arms: Mapping[str, str] = field(default_factory=dict)
    measure: str = ""


@dataclass(frozen=True)
class Claim:
    """What is claimed, and by what it will be judged."""

    id: str
    title: str
    claim: str
    articles: Sequence[str]
    family: str
    horizon: int
    arms: Mapping[str, Mapping[str, Any]]
    common: Mapping[str, Any]
    firms: Mapping[str, Mapping[str, Any]]
    headline: Contrast
    guessed_sd: Delta
    pairs: int
    because: str
    outside: str
    supports: Mapping[str, Sequence[Contrast]]
    support_says: Mapping[str, str]
    nulls: Sequence[Contrast]
    ablation: Ablation | None
    checks: Sequence[Contrast]
    printed: Sequence[Contrast]
    opposite: str
    source: Mapping[str, Any]

    def contrasts(self) -> list[Contrast]:
        """Return every contrast that is made with the full number of pairs."""
        return [self.headline, *(c for parts in self.supports.values() for c in parts), *self.nulls, *self.checks]


@cache
def rules() -> dict[str, Any]:
    """Return the rules of the ledger, as data."""
    return tomllib.loads((FOLDER / "rules.toml").read_text(encoding="utf-8"))


def claim_ids() -> list[str]:
    """Return the ids of all claims, C01 first, the extra ones last."""
    return sorted(path.stem for path in FOLDER.glob("[CX]*.toml"))


def file_of(identity: str) -> Path:
    """Return the file with a claim's criteria."""
    return FOLDER / f"{identity}.toml"


def text_of(identity: str) -> str:
    """Return a claim's criteria as they are written."""
    return file_of(identity).read_text(encoding="utf-8")


def criteria_hash(identity: str) -> str:
    """Return a hash of a claim's criteria, by which a verdict says what it was judged by."""
    return hashlib.sha256(text_of(identity).encode()).hexdigest()[:16]


def read_claim(identity: str) -> Claim:
    """Return a claim's criteria."""
    return parse_claim(text_of(identity))


def parse_claim(text: str) -> Claim:
    """Return the criteria that a text in TOML states."""
    data = tomllib.loads(text)
    horizon = int(data.get("horizon", 156))
    head = data["headline"]
    supports = {s["id"]: _parts(s["id"], s, horizon) for s in data.get("supports", ())}
    ablation = data.get("ablation")
    return Claim(
        id=data["id"],
        title=data["title"],
        claim=data["claim"],
        articles=tuple(data["articles"]),
        family=data.get("family", "main"),
        horizon=horizon,
        arms=data["arms"],
        common=data.get("common", {}),
        firms=data.get("firms", {}),
        headline=_contrast("headline", head, horizon),
        guessed_sd=Delta.read(head["sd"]) or Delta(0.0),
        pairs=int(head["pairs"]),
        because=head.get("because", ""),
        outside=head.get("outside", ""),
        supports=supports,
        support_says={s["id"]: s["says"] for s in data.get("supports", ())},
        nulls=[c for n in data.get("nulls", ()) for c in _parts(n["id"], _null(n, head), horizon)],
        ablation=Ablation(
            ablation["says"], ablation.get("set", {}), ablation.get("arms", {}), ablation.get("measure", "")
        )
        if ablation
        else None,
        checks=[_contrast(name, {"says": name, **c}, horizon) for name, c in data.get("checks", {}).items()],
        printed=[_contrast(name, c, horizon) for name, c in data.get("printed", {}).items()],
        opposite=data.get("opposite", {}).get("says", ""),
        source=data,
    )


def _null(null: Mapping[str, Any], head: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a null model's contrast: with settings alone it is the headline's, with these in all arms."""
    if "set" in null and "value" not in null:
        return {**{k: head[k] for k in ("value", "outcome", "policy", "weeks") if k in head}, **null}
    return null


def _parts(name: str, data: Mapping[str, Any], horizon: int) -> list[Contrast]:
    """Return the contrasts of which a support consists, all of which must hold."""
    if "both" in data:
        rest = {k: v for k, v in data.items() if k != "both"}
        each = [{**rest, **part} for part in data["both"]]
    elif "outcomes" in data:
        each = [{**data, "outcome": outcome} for outcome in data["outcomes"]]
    elif "measures" in data:
        each = [{**data, "measure": measure} for measure in data["measures"]]
    elif "each" in data:
        each = [{**data, "measure": f"{data['measure']}: {step}", "says": step} for step in data["each"]]
    else:
        each = [dict(data)]
    names = [name] if len(each) == 1 else [f"{name}.{i}" for i in range(1, len(each) + 1)]
    return [_contrast(n, part, horizon) for n, part in zip(names, each, strict=True)]


def _contrast(name: str, data: Mapping[str, Any], horizon: int) -> Contrast:
    weeks = data.get("weeks") or ("52..155" if horizon == 156 else f"52..{horizon - 1}")
    value = str(data.get("value", ""))
    return Contrast(
        name=name,
        says=data.get("says", ""),
        weights=linear(value) if value else {},
        value=value,
        outcome=data.get("outcome", ""),
        policy=data.get("policy", ""),
        window=Window.read(weeks),
        expected=data.get("expected", ""),
        delta=Delta.read(data.get("delta")),
        sign_only=bool(data.get("sign_only", False)),
        measure=data.get("measure", ""),
        unit=data.get("unit", ""),
        settings=data.get("set", {}),
        horizon=int(data.get("horizon", horizon)),
        instead=data.get("instead", ""),
        beyond=data.get("beyond", ""),
    )


def linear(expression: str) -> dict[str, float]:
    """Return the weights of a linear expression of names.

    Examples
    --------
    >>> linear("10*(none - one) - 2*none")
    {'none': 8.0, 'one': -10.0}
    """
    weights, constant = _linear(ast.parse(expression, mode="eval").body, expression)
    if constant:
        raise ValueError(f"{expression!r} adds a number to what is measured: only differences and multiples of arms")
    return weights


def _linear(node: ast.expr, whole: str) -> tuple[dict[str, float], float]:
    match node:
        case ast.Name(id=name):
            return {name: 1.0}, 0.0
        case ast.Constant(value=int() | float() as number):
            return {}, float(number)
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return _times(_linear(inner, whole), -1.0)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as op, right=right):
            (a, x), (b, y) = _linear(left, whole), _linear(right, whole)
            sign = 1.0 if isinstance(op, ast.Add) else -1.0
            return {k: a.get(k, 0.0) + sign * b.get(k, 0.0) for k in [*a, *(k for k in b if k not in a)]}, x + sign * y
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            (a, x), (b, y) = _linear(left, whole), _linear(right, whole)
            if a and b:
                raise ValueError(f"{whole!r} multiplies arms: it must be linear")
            return _times((b, y), x) if not a else _times((a, x), y)
        case ast.BinOp(left=left, op=ast.Div(), right=ast.Constant(value=int() | float() as number)):
            return _times(_linear(left, whole), 1.0 / number)
    raise ValueError(f"{whole!r} is no linear expression of arms")


def _times(term: tuple[dict[str, float], float], factor: float) -> tuple[dict[str, float], float]:
    return {k: factor * v for k, v in term[0].items()}, factor * term[1]

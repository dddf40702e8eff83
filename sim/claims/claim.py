"""The ledger: each claim's entry as plain data, and the words of the whole family."""

from __future__ import annotations

import hashlib
import json
import math
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from sim.claims.criteria import Contrast, claim_ids, criteria_hash
from sim.claims.estimate import Estimate, holm
from sim.claims.laboratory import Lab
from sim.claims.measure import Said
from sim.claims.trial import Trial
from sim.claims.verdict import TWO_SIDED, Judged, headline_word
from sim.output.files import write_whole
from sim.output.version import package_version

FAMILIES = {"main": "C", "extra": "X"}
SUFFIXED = ("reproduced", "headline holds", "opposite")


@cache
def module_files() -> dict[str, Path]:
    """Return the claims' own files by id; a claim whose contrasts are all differences of arms may do without."""
    return {path.name[:3].upper(): path for path in sorted(Path(__file__).parent.glob("[cx][0-9][0-9]_*.py"))}


def load_module(identity: str) -> ModuleType:
    """Return a claim's own file as a module; an empty one where it has none."""
    path = module_files().get(identity)
    return import_module(f"sim.claims.{path.stem}") if path else ModuleType(identity)


def module_at(path: Path) -> ModuleType:
    """Return a claim's own file that lies elsewhere (a bundle's, which its reader has said to trust) as a module."""
    if path.name in {known.name for known in module_files().values()}:
        own = Path(__file__).parent / path.name
        if own.read_bytes() == path.read_bytes():
            return import_module(f"sim.claims.{own.stem}")
    spec = spec_from_file_location(f"claim_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def model1() -> dict[str, Any]:
    """Return the verdicts of version 0.1.0, by id."""
    return tomllib.loads((Path(__file__).parent / "model1.toml").read_text(encoding="utf-8"))


def entry_of(trial: Trial, lab: Lab) -> dict[str, Any]:
    """Return a trial as the ledger keeps it; its word waits for the family (`judge_family`)."""
    from sim.engine.compile import source_hash

    claim = trial.claim
    data = {
        "id": claim.id,
        "title": claim.title,
        "verdict": "",
        "word": "",
        "mechanism": trial.mechanism,
        "failed": [name for name, parts in trial.supports.items() if not all(part.passes for part in parts)],
        "p_holm": None,
        "family": claim.family,
        "claim": {
            "says": claim.claim,
            "articles": list(claim.articles),
            "criteria": criteria_hash(claim.id),
            "because": claim.because,
            "outside": claim.outside,
            "opposite": claim.opposite,
        },
        "headline": of_judged(trial.headline),
        "core": [
            {**of_judged(part), "support": name, "support_says": claim.support_says[name]}
            for name, parts in trial.supports.items()
            for part in parts
        ],
        "nulls": [{**of_judged(null), "reading": null_word(null)} for null in trial.nulls],
        "checks": [of_judged(check) for check in trial.checks],
        "ablation": _of_ablation(trial),
        "printed": [of_said(said) for said in trial.printed],
        "share_of_firms": trial.share or None,
        "pairs": {"wanted": trial.wanted, "run": trial.pairs, "redrawn": trial.redrawn, "note": trial.guess},
        "curves": trial.curves,
        "model1": model1().get(claim.id),
        "seed": trial.seed,
        "quick": trial.quick,
        "budget": trial.budget,
        "runs": trial.runs,
        "population": population_hash(lab),
        "version": package_version(),
        "engine": source_hash(),
    }
    plain_data: dict[str, Any] = plain(data)
    return plain_data


def _of_ablation(trial: Trial) -> dict[str, Any] | None:
    ablation = trial.claim.ablation
    if ablation is None or trial.ablated is None or trial.left is None:
        return {"says": ablation.says, "effect": None, "mechanism": ""} if ablation else None
    return {
        **of_judged(trial.ablated),
        "says": ablation.says,
        "left": of_estimate(trial.left),
        "mechanism": trial.mechanism,
    }


def of_judged(judged: Judged) -> dict[str, Any]:
    """Return a judged contrast as plain data."""
    contrast = judged.contrast
    return {
        "name": contrast.name,
        "says": contrast.says,
        "value": contrast.value or contrast.measure,
        "outcome": contrast.outcome,
        "policy": contrast.policy,
        "weeks": _weeks(contrast),
        "unit": contrast.unit,
        "expected": contrast.expected,
        "delta": judged.delta,
        **of_estimate(judged.estimate),
        "carried": judged.carried,
        "passes": judged.passes if contrast.expected else None,
    }


def of_estimate(estimate: Estimate) -> dict[str, Any]:
    """Return an estimate as plain data; ``low`` and ``high`` are the wider ends of its two 99 % intervals."""
    ends = (estimate.t, estimate.bootstrap)
    return {
        "effect": estimate.effect,
        "low": min(end[0] for end in ends),
        "high": max(end[1] for end in ends),
        "t": list(estimate.t),
        "bootstrap": list(estimate.bootstrap),
        "equal": list(estimate.equal),
        "sd": estimate.sd,
        "n": estimate.n,
        "dropped": estimate.dropped,
        "clusters": estimate.clusters,
        "p": estimate.p,
    }


def of_said(said: Said) -> dict[str, Any]:
    """Return a printed line as plain data."""
    return {"says": said.says, "unit": said.unit, **of_estimate(said.estimate)}


def null_word(null: Judged) -> str:
    """Return what a null model's comparison says: something is left beyond it, nothing is, or that is open."""
    if not null.contrast.beyond:
        return ""
    sign = 1.0 if null.contrast.beyond == "+" else -1.0
    ends = [sign * end for interval in (null.estimate.t, null.estimate.bootstrap) for end in interval]
    if any(math.isnan(end) for end in ends):
        return "open"
    return "beyond the null" if min(ends) > 0 else "not beyond the null" if max(ends) < 0 else "open"


def _weeks(contrast: Contrast) -> str:
    if not contrast.outcome:
        return ""
    window = contrast.window

    def end(week: int, from_w: bool) -> str:
        return str(week) if not from_w else "w" if week == 0 else f"w{week:+d}"

    first, last = end(window.first, window.first_from_w), end(window.last, window.last_from_w)
    return first if first == last else f"{first}..{last}"


def judge_family(entries: Sequence[dict[str, Any]]) -> None:
    """Give every entry its word: Holm over the whole family, whose claims that are not there count as shown nowhere (p 1)."""
    for family, letter in FAMILIES.items():
        its = [entry for entry in entries if entry["family"] == family]
        absent = [i for i in claim_ids() if i[0] == letter and i not in {entry["id"] for entry in its}]
        given = [math.nan if entry["headline"]["p"] is None else entry["headline"]["p"] for entry in its]
        for entry, p in zip(its, holm([*given, *(1.0 for _ in absent)]), strict=False):
            entry["p_holm"] = float(f"{p:.6g}")
            entry["word"] = word_of(entry)
            suffixed = entry["word"] in SUFFIXED and entry["mechanism"]
            entry["verdict"] = f"{entry['word']}, {entry['mechanism']}" if suffixed else entry["word"]


def word_of(entry: Mapping[str, Any]) -> str:
    """Return a claim's word from its entry and its p value after Holm."""
    head = entry["headline"]
    if any(end is None for end in (*head["t"], *head["bootstrap"])):
        return "not shown"
    estimate = Estimate(
        head["effect"], head["sd"] or math.nan, head["n"], head["dropped"], head["clusters"], tuple(head["t"]),
        tuple(head["bootstrap"]), tuple(head["equal"]), head["p"] or 0.0,
    )  # fmt: skip
    said = headline_word(head["expected"], estimate, head["delta"], entry["p_holm"])
    carried = head["carried"]
    turns = carried is not None and carried * head["effect"] <= 0
    if said in ("passes", "opposite") and turns and head["expected"] in TWO_SIDED:
        return "not shown"
    if said == "passes":
        return "headline holds" if entry["failed"] else "reproduced"
    return said


def read_entries(place: Path) -> list[dict[str, Any]]:
    """Return the entries that a folder holds, C01 first."""
    return [
        json.loads((place / f"{i}.json").read_text(encoding="utf-8"))
        for i in claim_ids()
        if (place / f"{i}.json").exists()
    ]


def write_entry(entry: Mapping[str, Any], place: Path) -> None:
    """Write an entry, whole or not at all."""
    write_whole(place / f"{entry['id']}.json", json.dumps(entry, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def population_hash(lab: Lab) -> str:
    """Return a hash of the population that a lab draws from, of its levels and its deltas."""
    firms = lab.population.firms(0, 256)
    text = json.dumps(
        [lab.population.base.hash, lab.levels.points, dict(lab.levels.means), lab.levels.plan], sort_keys=True
    )
    digest = hashlib.sha256(text.encode())
    for array in (firms.values, firms.headcount, firms.origin):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def plain(value: Any) -> Any:
    """Return data as JSON takes it: numbers rounded to six digits, what is not finite as None."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(f"{value:.6g}") if np.isfinite(value) else None
    return value

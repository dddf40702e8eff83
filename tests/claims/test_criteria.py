"""The criteria, as data: complete, and naming only what exists."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sim.claims

FOLDER = Path(sim.claims.__file__).parent / "criteria"
FILES = sorted(FOLDER.glob("[CX]*.toml"))
RULES = tomllib.loads((FOLDER / "rules.toml").read_text(encoding="utf-8"))
OTHER_SERIES = {"gap", "other", "misdirected", "reports", "stress", "pairwise", "over_plan"}


def read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def contrasts(part: Any) -> Iterator[dict[str, Any]]:
    if isinstance(part, list):
        for each in part:
            yield from contrasts(each)
    elif isinstance(part, dict):
        if "value" in part:
            yield part
        for each in part.values():
            yield from contrasts(each)


def test_every_claim_of_the_ledger_and_six_extra_ones_have_criteria() -> None:
    names = [path.stem for path in FILES]
    assert names == [f"C{i:02d}" for i in range(1, 25)] + ["X04", "X09", "X12", "X13", "X15", "X16"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_claims_criteria_are_complete_and_name_only_its_own_arms(path: Path) -> None:
    claim = read(path)
    assert claim["id"] == path.stem
    assert {"says", "expected", "delta", "pairs", "sd"} <= set(claim["headline"])
    assert claim["headline"]["pairs"] >= RULES["pairs"]["least"]
    if path.stem.startswith("C"):
        assert claim["supports"]
        assert claim["nulls"]
        assert claim["ablation"]
        assert claim["opposite"]
    for contrast in contrasts({k: v for k, v in claim.items() if k != "arms"}):
        used = set(re.findall(r"[a-z]\w*", contrast["value"]))
        assert used <= set(claim["arms"]), contrast
        for outcome in contrast.get("outcomes", [contrast.get("outcome")]):
            assert outcome in RULES["outcomes"] or outcome in OTHER_SERIES, contrast
        assert contrast["policy"] in RULES["closed_firms"]
    for arm in claim["arms"].values():
        known = set(RULES["packages"]) | set(RULES["joined"])
        assert set(arm.get("uses", ())) <= known

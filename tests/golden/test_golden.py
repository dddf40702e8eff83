"""No number moves unnoticed."""

from __future__ import annotations

import json

import pytest

from tests.golden.renew import FILE, SCENARIOS, SEED, SERIES, numbers

GOLDEN = json.loads(FILE.read_text(encoding="utf-8"))
MOVED = "numbers moved: if they should, run `uv run python tests/golden/renew.py` and say in CHANGELOG.md why"


def test_the_file_is_of_these_scenarios_and_this_seed() -> None:
    assert GOLDEN["seed"] == SEED
    assert tuple(GOLDEN["scenarios"]) == SCENARIOS, MOVED


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_number_moves_unnoticed(name: str) -> None:
    # Not to the bit: another processor may add in another order. What luck decides shows far above this tolerance.
    golden, now = GOLDEN["scenarios"][name], numbers(name)
    assert (now["closed"], now["weeks"]) == (golden["closed"], golden["weeks"]), MOVED
    for series in SERIES:
        assert now[series]["at"] == pytest.approx(golden[series]["at"], rel=1e-12, abs=1e-12), f"{series}: {MOVED}"
        assert now[series]["sum"] == pytest.approx(golden[series]["sum"], rel=1e-12, abs=1e-12), f"{series}: {MOVED}"

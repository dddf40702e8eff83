"""Golden numbers: what shipped scenarios gave when somebody last looked, and the program that renews them.

``uv run python tests/golden/renew.py`` writes them anew. Whoever does so says in CHANGELOG.md why the numbers moved.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from sim import load, run

FILE = Path(__file__).parent / "numbers.json"
SCENARIOS = ("default", "bakery", "bakery-aligned", "franchise", "manufacturer", "startup", "travel-agency")
"""Steady firms, a department turned, a merger, machines rolled out, markets that turn."""
SERIES = ("coherence", "cognitive", "thrust", "rework", "satisfaction", "customers", "cash", "engagement", "filled")
SEED = 7


def numbers(name: str) -> dict[str, Any]:
    """Return the golden numbers of a scenario: when it closed, and series at a few weeks and summed up."""
    result = run(load(name), seed=SEED)
    lived = len(result.series["cash"])
    weeks = sorted({0, 1, lived // 4, lived // 2, 3 * lived // 4, lived - 1})
    found: dict[str, Any] = {"closed": result.closed, "weeks": weeks}
    for series in SERIES:
        values = result.series[series].tolist()
        found[series] = {"at": [values[week] for week in weeks], "sum": math.fsum(values)}
    return found


def main() -> None:
    """Write the numbers, at full precision: Python writes floats so that they are read back to the bit."""
    content = {"seed": SEED, "scenarios": {name: numbers(name) for name in SCENARIOS}}
    FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    print(f"Wrote {FILE.name}. Say in CHANGELOG.md why the numbers moved.")


if __name__ == "__main__":
    main()

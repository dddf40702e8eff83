"""How much dissent is best in a still and in a turning market? Writes the curve that the classroom's lesson shows.

    uv run python experiments/lesson_curves.py [--quick]

Design: the firm of the lesson *managed misalignment* (the founder learns from results only, all are paid alike), the room
for dissent from 0 to 0.8 rad, turbulence 0 and 0.12 rad a week; and the model's default firm with the same two markets.
All points share their luck. Measured: mean thrust of a firm over weeks 52 to 156, mean over firms with a 95 % interval.
"""

from __future__ import annotations

import argparse
import csv
import sys
from pathlib import Path

from sim import load
from sim.classroom.lesson_claims import Window, read
from sim.classroom.lessons import FOLDER

AUTONOMY = [round(0.05 * k, 2) for k in range(17)]
MARKETS = {"still": 0.0, "turning": 0.12}
FIRMS = {
    "managed-misalignment.csv": {"founder.openness": 1.0, "people.incentive": 0.0},
    "managed-misalignment-default-firm.csv": {},
}
SEED = 2024
WINDOW = Window(measure="thrust", from_week=52, to_week=156)


def measure(changes: dict[str, float], firms: int) -> list[list[object]]:
    """Return rows of the curve: condition, x, mean, low, high, n."""
    rows: list[list[object]] = []
    for label, turbulence in MARKETS.items():
        for autonomy in AUTONOMY:
            scenario = load("default", {**changes, "market.turbulence": turbulence, "people.autonomy": autonomy})
            found = read(scenario, WINDOW, firms, SEED)
            rows.append([label, autonomy, *(f"{v:.5f}" for v in found[:3] if v is not None), firms])
        best = max((r for r in rows if r[0] == label), key=lambda r: float(str(r[2])))
        print(f"  {label}: best {best[1]} with thrust {best[2]} ({best[3]} to {best[4]})")
    return rows


def main() -> int:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="few firms, nothing written")
    quick = parser.parse_args().quick
    firms = 10 if quick else 400
    for name, changes in FIRMS.items():
        print(name)
        rows = measure(changes, firms)
        if quick:
            continue
        with (Path(FOLDER) / name).open("w", encoding="utf-8", newline="") as stream:
            stream.write(
                f"# experiments/lesson_curves.py, seed {SEED}: default firm with {changes}; thrust over weeks 52 to 156\n"
            )
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(["condition", "x", "mean", "low", "high", "n"])
            writer.writerows(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())

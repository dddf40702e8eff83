"""The what-ifs that a client folder keeps, and whether they are of today's firm."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sim.company.client_folder import Client
from sim.company.importing.privacy import harmless
from sim.company.provenance import changed
from sim.company.whatif.compare import Difference
from sim.company.whatif.whatif import Found

WHATIF, SUMMARY, TABLE, PAIRS = "whatif", "whatif.json", "whatif.csv", "pairs.csv"


@dataclass(frozen=True)
class Kept:
    """What-ifs of one base.

    Attributes
    ----------
    inputs
        What they rest on, see `sim.company.provenance.inputs_of`.
    outcome
        What measures are ranked by.
    draws
        Calibrated sets of parameters that the pairs had; 0 where they were not calibrated.
    budget, tries, best
        Of the search for a combination; None where there was none or nothing helped.
    """

    inputs: dict[str, str]
    outcome: str
    seed: int
    runs: int
    draws: int
    found: tuple[Found, ...]
    budget: float | None = None
    tries: int = 0
    best: Found | None = None

    def with_earlier(self, earlier: Kept | None) -> Kept:
        """Return these together with earlier ones, where they are of the same base, luck and draws; else these alone."""
        if earlier is None or (earlier.inputs, earlier.seed, earlier.runs) != (self.inputs, self.seed, self.runs):
            return self
        names = {f.name for f in self.found}
        both = (*(f for f in earlier.found if f.name not in names), *self.found)
        if self.budget is not None:
            return replace(self, found=both)
        return replace(self, found=both, budget=earlier.budget, tries=earlier.tries, best=earlier.best)


def files(kept: Kept) -> dict[str, str | bytes]:
    """Return the files that hold what-ifs: everything, a table of differences, and the pairs one by one."""
    data = asdict(kept)
    shown = [*kept.found, *([kept.best] if kept.best else [])]
    for entry in [*data["found"], *([data["best"]] if data["best"] else [])]:
        del entry["pairs"]
    pairs = io.StringIO(newline="")
    out = csv.writer(pairs)
    names = list(shown[0].pairs)
    out.writerow(["number", "case", "pair", *names])
    for number, f in enumerate(shown):
        for pair, values in enumerate(zip(*(f.pairs[name] for name in names), strict=True)):
            out.writerow([number, harmless(f.name), pair, *(f"{v:.6g}" for v in values)])
    return {
        SUMMARY: json.dumps(data, indent=1, ensure_ascii=False) + "\n",
        TABLE: table_text(shown, kept.seed),
        PAIRS: pairs.getvalue(),
    }


def stored(client: Client, inputs: Mapping[str, str]) -> tuple[Kept | None, str]:
    """Return the what-ifs in a client folder, where they rest on these inputs, else None and what has changed since."""
    folder = client.folder / WHATIF
    try:
        data = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        stale = changed(data["inputs"], inputs)
        if stale:
            return None, stale
        pairs: dict[int, dict[str, list[float]]] = {}
        with (folder / PAIRS).open(encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                of = pairs.setdefault(int(row["number"]), {})
                for name, value in list(row.items())[3:]:
                    of.setdefault(name, []).append(float(value))
        found = tuple(_found(entry, pairs[i]) for i, entry in enumerate(data["found"]))
        best = _found(data["best"], pairs[len(found)]) if data["best"] else None
        return Kept(**{**data, "found": found, "best": best}), ""
    except FileNotFoundError:
        return None, ""
    except (OSError, ValueError, KeyError, TypeError):
        return None, "another version wrote them"


def _found(data: dict[str, Any], pairs: dict[str, list[float]]) -> Found:
    return Found(
        data["name"],
        data["about"],
        data["cost"],
        tuple(data["parts"]),
        tuple(Difference(**d) for d in data["differences"]),
        {name: tuple(values) for name, values in pairs.items()},
    )


def table_text(found: Sequence[Found], seed: int) -> str:
    """Return all differences as CSV."""
    stream = io.StringIO(newline="")
    out = csv.writer(stream)
    head = ["case", "cost_weeks", "outcome", "weeks", "base", "case_mean", "difference", "low95", "high95"]
    out.writerow([*head, "chance_better", "pairs", "seed"])
    for f in found:
        for d in f.differences:
            row = [f.name, f.cost, d.outcome, d.weeks, d.base, d.case, d.mean, d.low, d.high, d.better, d.n, seed]
            out.writerow([harmless(cell) for cell in row])
    return stream.getvalue()

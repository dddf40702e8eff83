"""README counts the ledger's verdicts as they are."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_readme_counts_the_verdicts_of_the_ledger() -> None:
    files = sorted((ROOT / "results" / "claims").glob("C[0-9][0-9].json"))
    verdicts = Counter(json.loads(f.read_text(encoding="utf-8"))["verdict"].partition(",")[0] for f in files)
    assert sum(verdicts.values()) == 24
    text = " ".join((ROOT / "README.md").read_text(encoding="utf-8").split())
    told = re.search(
        r"(\d+) reproduced, (\d+) whose headline holds .*?, (\d+) without effect, (\d+) not shown, (\d+) opposite", text
    )
    assert told
    names = ("reproduced", "headline holds", "no effect", "not shown", "opposite")
    assert [int(n) for n in told.groups()] == [verdicts[n] for n in names]

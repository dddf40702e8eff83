import hashlib
from pathlib import Path

import pytest

from sim.study.study import study_from

SMALL = {
    "name": "small",
    "weeks": 13,
    "constants": {"headcount": 6},
    "design": {"kind": "sobol", "n": 8},
    "replicates": 3,
    "seed": 0,
    "measures": ["survived", "coherence", "cash"],
    "vary": {"scarcity": {}, "founder": {"clarity": {}, "cadence": {}}, "dummy": {}},
}
KNOWN = {
    "name": "known",
    "function": "ishigami",
    "noise": 0.5,
    "design": {"kind": "sobol", "n": 64},
    "replicates": 4,
    "vary": {"x1": {}, "x2": {}, "x3": {}},
}


@pytest.fixture(scope="session")
def small():
    """A study of small firms: 240 runs."""
    return study_from(SMALL)


@pytest.fixture(scope="session")
def known():
    """A study of a function, for what needs no firms: 2048 runs."""
    return study_from(KNOWN)


def table_hash(folder):
    return hashlib.sha256((Path(folder) / "table.parquet").read_bytes()).hexdigest()

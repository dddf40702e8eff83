"""The quick set: every claim with a reduced design, verdict directions only."""

import json
from pathlib import Path

import pytest

from sim.claims.claim import claim_files, hold, load_claim
from sim.claims.laboratory import Lab
from sim.measures.contrast import Contrast
from sim.scenario import Scenario

FILES = claim_files()
RESULTS = Path(__file__).parents[2] / "results" / "claims"


@pytest.fixture(scope="module")
def lab():
    return Lab(quick=True, workers=2)


def test_claim_files_are_found_by_name():
    assert list(FILES) == sorted(FILES)
    assert "C01" in FILES


@pytest.mark.parametrize("claim", FILES)
def test_a_claim_states_everything_before_it_runs(claim):
    stated = load_claim(FILES[claim]).CLAIM
    for field in ("title", "idea", "moved", "watched", "expected", "design", "criterion"):
        assert len(getattr(stated, field)) > 5, field
    assert not stated.criterion.endswith(".")


@pytest.mark.parametrize("claim", FILES)
def test_the_quick_design_points_where_the_full_one_does(claim, lab):
    entry = hold(load_claim(FILES[claim]), lab)
    assert all(isinstance(c, Contrast) for c in entry.findings.core)
    json.dumps(entry.as_data(), allow_nan=False)
    data = json.loads((RESULTS / f"{claim}.json").read_text(encoding="utf-8"))  # what `coherence claims` wrote
    head, clear = data["headline"], ("as expected", "reversed")
    if head["reading"] in clear and entry.headline.reading in clear:
        assert entry.headline.reading == head["reading"]
    # Small designs may see less than the full one, never the contrary.
    assert {entry.judgement.verdict, data["verdict"]} != {"reproduced", "reversed"}


def test_one_claim_tried_twice_gives_the_same_entry():
    module = load_claim(FILES["C01"])
    once, again = (hold(module, Lab(quick=True, workers=w)).as_data() for w in (1, 2))
    assert once == again
    for point in once["points"]:  # what is written down leads to the scenario that was run, to the last bit
        assert Scenario().replace(point["changes"]).hash == point["hash"]

import json
import types

import numpy as np
import pytest

import sim.cli
from sim.claims.claim import Claim, Findings, hold
from sim.claims.figure import claim_figure
from sim.claims.figure_spec import Bars, Curves, Forest, Heat, Histogram, Line, Picture, Travel
from sim.claims.laboratory import Lab
from sim.claims.page import page, write_page
from sim.measures.contrast import paired
from sim.measures.per_run import level

CLAIM = Claim("C99", "A clear vision aligns", "idea", "clarity", "belief", "rises", "two levels", "rises by 0.05")


def headline(lab):
    a, b = (level(lab.run({"founder.clarity": c, "weeks": 20}, 4), "cognitive") for c in (0.9, 0.3))
    return paired("belief", a, b, 0.05)


def study(lab):
    first = headline(lab)
    grid = np.linspace(0, 1, 12).reshape(3, 4)
    panels = (
        Travel("On its way", ("a", "b", "c"), 1, list(range(-1, 10)), np.ones((2, 3, 11)).tolist(), ("Rework", "Mood"), np.eye(3).tolist()),
        Curves("Curves", "x", "y", [Line.of("one", [1, 2, 4], np.random.default_rng(1).random((5, 3))), Line("law", [1, 2, 4], [1, 2, 3], role="null")],
               marks=[(2, "here")], log_x=True, zero=True),
        Heat("Map", "x", "y", range(4), range(3), grid.tolist(), "value", contour=0.5),
        Bars("Bars", "x", ("a", "b"), (1, 2), (0, 1), (2, 3)),
        Forest("Forest", [first]),
        Histogram("Sizes", "x", [0.0, 0.5, 1.0]),
    )  # fmt: skip
    return Findings([first], "Belief rises.", Picture("What it says.", panels, note="A note."))


@pytest.fixture(scope="module")
def entry():
    return hold(types.SimpleNamespace(CLAIM=CLAIM, headline=headline, study=study), Lab())


def test_an_entry_tells_effect_interval_seeds_and_what_carries_it(entry):
    data = json.loads(json.dumps(entry.as_data(), allow_nan=False))
    assert data["verdict"] == "reproduced"
    assert data["headline"]["n"] == 4
    assert data["seed"] == 0
    assert data["replicates"] == "0 to 3"
    assert set(data["ablations"]) >= {"no incentives", "no network", "no moving market", "no money feedback"}
    assert len(data["scenario"]) == len(data["design"]) == 16
    assert {p["replicates"] for p in data["points"]} == {4}


def test_figures_are_the_same_bytes_each_time(entry, tmp_path):
    for place in ("one", "two"):
        (tmp_path / place).mkdir()
        claim_figure(entry, tmp_path / place / "C99")
    for name in ("C99.png", "C99.svg"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    text = (tmp_path / "one" / "C99.svg").read_text()
    assert "REPRODUCED" in text
    assert "seed 0" in text
    assert entry.scenario in text


def test_the_page_has_a_row_and_a_section_for_each_claim(entry, tmp_path):
    (tmp_path / "C99.json").write_text(json.dumps(entry.as_data()))
    text = write_page(tmp_path).read_text()
    assert text == page([json.loads(json.dumps(entry.as_data()))])
    assert "| [C99](#c99) | A clear vision aligns | 🟢 reproduced, 1 of 1 |" in text
    assert "Criterion, fixed before the run: rises by 0.05" in text
    assert "| no network |" in text


def test_an_unknown_claim_is_refused_in_one_sentence(capsys):
    assert sim.cli.status(["claims", "C77"]) == 2
    assert "C77 is not a claim: choose from C01" in capsys.readouterr().err

"""The gallery of pairs: every story and its twin, with numbers that come from the runs."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

from experiments import gallery
from sim import load, run_many, scenario_names
from sim.report.boat import Benches, boats
from sim.report.pair import findings, sentence
from sim.simulate import Snapshot

RESULTS = Path(__file__).parents[2] / "results" / "gallery"
PAIR, FIRMS = "subscription-box", 6


def snapshot(people: list[list[float]], market: list[float], vision: list[float], engagement: float = 1.0) -> Snapshot:
    rows, nobody = np.array(people), np.zeros((1, 3))
    return Snapshot(
        5, np.array(market), np.array(market), np.array(vision), nobody, nobody, rows,
        np.zeros(len(rows), np.int32), np.full(len(rows), engagement), rows, nobody, np.arange(len(rows)),
        np.zeros(len(rows), np.int64), np.zeros(len(rows), np.bool_), np.zeros((3, 3)),
    )  # fmt: skip


def test_forward_is_where_customers_want_to_go_and_colour_is_the_vision() -> None:
    market, across = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
    one = snapshot([market, across, [-1.0, 0.0, 0.0]], market, across)
    two = snapshot([[math.sqrt(0.5), -math.sqrt(0.5), 0.0]], market, market, engagement=0.4)
    boat, twin = boats([one, two])
    assert boat.angle == pytest.approx([0, math.pi / 2, math.pi])
    assert boat.along == pytest.approx([0, 1, 0], abs=1e-12)
    assert boat.vision == pytest.approx(math.pi / 2)
    assert twin.angle == pytest.approx([-math.pi / 4])  # the same side for both boats
    assert twin.given_up.all()
    assert not boat.given_up.any()


@pytest.mark.parametrize("counts", [[1], [3, 5, 2, 2], [0, 7, 0, 90], [50] * 8])
def test_everybody_has_a_seat_of_their_own_inside_the_hull(counts: list[int]) -> None:
    benches = Benches(counts, 1.7, 3.0)
    seats = np.vstack([benches.seats(d, n) for d, n in enumerate(counts) if n])
    assert len(seats) == sum(counts)
    assert ((seats > 0) & (seats < [1.7, 3.0])).all()
    apart = np.linalg.norm(seats[:, None] - seats[None], axis=2) + 10 * np.eye(len(seats))
    assert apart.min() > 0.9 * benches.size


def test_all_stories_and_no_twins_are_in_the_gallery() -> None:
    names = gallery.stories()
    assert len(names) == 16
    assert {*names, *(f"{name}-aligned" for name in names), "default", "population", "births"} == {*scenario_names()}


@pytest.mark.parametrize("name", gallery.stories())
def test_the_cause_is_one_sentence_of_the_file(name: str) -> None:
    said = gallery.cause(name)
    assert said.startswith("The one cause: ")
    assert said.endswith(".")
    assert ". " not in said


def test_the_sentence_holds_the_numbers_of_the_runs() -> None:
    pair = gallery.pair_of(PAIR, FIRMS)
    story, twin = (run_many(load(name), FIRMS, gallery.SEED) for name in (PAIR, f"{PAIR}-aligned"))
    means = []
    for batch in (story, twin):
        runs = [batch[i] for i in range(FIRMS)]
        means.append([np.mean([run.series["coherence"][-13:].mean() for run in runs]),
                      np.mean([run.series["cash"][-1] for run in runs])])  # fmt: skip
    said = sentence(pair).replace("\N{MINUS SIGN}", "-")
    assert f"In the story {np.sum(story.closed < 0)} of {FIRMS} firms are still open" in said
    assert f"in the twin {np.sum(twin.closed < 0)} of {FIRMS} (" in said
    assert f"rowing together is {means[0][0]:.2f} against {means[1][0]:.2f} (" in said
    assert f"cash is {means[0][1]:.1f} against {means[1][1]:.1f} weeks of cost (" in said
    together = findings(pair)[1].contrast
    assert together.effect == pytest.approx(means[0][0] - means[1][0])
    assert f"({together.effect:+.2f}, 95 % interval {together.low:+.2f} to {together.high:+.2f})" in said


def test_a_pair_of_equals_is_said_to_be_one() -> None:
    pair = gallery.pair_of(PAIR, FIRMS)
    said = sentence(pair._replace(story=pair.twin))
    assert said.startswith("Nothing that is shown here differs clearly: ")
    assert said.count("no difference in any pair") == 3


def test_the_gallery_is_made_whole_and_the_same_to_the_last_byte(tmp_path: Path) -> None:
    for place in ("one", "two"):
        gallery.main([PAIR], FIRMS, tmp_path / place)
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / place).iterdir()} for place in ("one", "two"))
    assert one == two
    assert one.keys() == {"README.md", f"{PAIR}.png"}
    page = one["README.md"].decode()
    assert f"({PAIR}.png)" in page
    assert gallery.cause(PAIR) in page
    assert sentence(gallery.pair_of(PAIR, FIRMS)) in page


def test_the_gallery_in_the_repository_is_whole_small_and_of_todays_rules() -> None:
    page = (RESULTS / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"\]\(([\w-]+\.png)\)", page)
    assert pictures == [f"{name}.png" for name in gallery.stories()]
    assert sum(path.stat().st_size for path in RESULTS.iterdir()) < 3_000_000
    for name in gallery.stories():
        assert (RESULTS / f"{name}.png").is_file()
        assert gallery.cause(name) in page
    again = "the rules have changed: run experiments/gallery.py"
    assert sentence(gallery.pair_of(PAIR, gallery.FIRMS)) in page, again

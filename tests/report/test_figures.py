import hashlib
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from sim.report.background_drawing import DrawingError, DrawingRoom, draw
from sim.report.cascade import cascade
from sim.report.compass import compass, main_axes
from sim.report.fan import fan
from sim.report.run_data import View, gather, view, view_weeks
from sim.report.style import badges, round_ticks, week_ticks
from sim.scenario.model import Scenario
from tests.report.fake import made_up, snapshots

EVENTS = (
    {"kind": "market_turns", "week": 40, "angle": 1.0},
    {"kind": "set", "week": 60, "until": 80, "values": {"founder.clarity": 0.4}},
    {"kind": "cash_cut", "week": 110, "weeks": 4, "label": "Oven <broken> & mended"},
)


def material_of(batch):
    material = gather(batch)
    seen = snapshots(batch.scenario, batch.seed, int(material.portrait), view_weeks(material))
    return replace(material, views=tuple(view(s) for s in seen))


@pytest.fixture(scope="module")
def material():
    return material_of(made_up(Scenario(name="bakery", title="A bakery", events=EVENTS), runs=12))


def digest(folder):
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def words(path):
    return " ".join("".join(e.itertext()) for e in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.parametrize("figure", [fan, cascade, compass])
def test_a_figure_says_in_text_what_it_rests_on(figure, material, tmp_path):
    png, svg = figure(material, tmp_path / "figure.of.mine")
    assert png.read_bytes().startswith(b"\x89PNG")
    text = words(svg).replace("\N{NO-BREAK SPACE}", " ")
    for part in (
        "A bakery",
        "n = 12 runs",
        "seed 7",
        "replicates 0 to 11",
        material.hash,
        f"smb-coherence {material.version}",
    ):
        assert part in text
    if figure is not compass:
        assert "week 60 to 80: clarity = 0.4" in text
        assert "Oven <broken> & mended" in text


def test_figures_are_the_same_to_the_byte_in_this_process_and_in_another(material, tmp_path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    draw(material, here)
    with DrawingRoom() as room:
        room.draw(material, there)
        room.wait()
    assert len(digest(here)) == 6
    assert digest(here) == digest(there)
    assert b"<dc:date>" not in (here / "fan.svg").read_bytes()


def test_a_figure_that_cannot_be_drawn_is_an_error_that_says_why(material, tmp_path):
    with DrawingRoom() as room:
        room.draw(material, tmp_path / "nowhere")
        with pytest.raises(DrawingError, match="No such file"):
            room.wait()


def test_a_drawing_room_that_is_left_early_is_gone():
    with DrawingRoom() as room:
        process = room._process
    assert process.returncode is not None


@pytest.mark.parametrize(
    ("scenario", "runs", "closing"),
    [
        (Scenario(weeks=1), 1, 0),
        (Scenario(weeks=2), 3, 3),
        (Scenario(weeks=30), 4, 4),
        (Scenario(axes=("a - b", "c - d"), weeks=20), 2, 0),
        (
            Scenario(
                headcount=60, departments=[{"name": f"a department with the number {i}"} for i in range(30)], weeks=30
            ),
            2,
            0,
        ),
        (
            Scenario(
                title="long words " * 18,
                weeks=800,
                events=[{"kind": "cash_cut", "week": w, "weeks": 1} for w in range(40)],
            ),
            2,
            1,
        ),
    ],
)
def test_figures_hold_in_extreme_cases(scenario, runs, closing, tmp_path):
    draw(material_of(made_up(scenario, runs=runs, closing=closing)), tmp_path)
    assert len(list(tmp_path.iterdir())) == 6


def test_the_compass_takes_the_axes_that_carry_most_and_the_first_of_equals():
    def only(*rows):
        rows = np.array(rows, float)
        return (View(0, rows[0], rows[0], rows[:1], rows, np.zeros(len(rows), int)),)

    assert main_axes(only([0, 0.6, 0, 0.8])) == ((1, 3), pytest.approx(1))
    assert main_axes(only([0.5, 0.5, 0.5, 0.5])) == ((0, 1), pytest.approx(0.5))
    with pytest.raises(ValueError, match="views"):
        compass(gather(made_up(runs=4)), None)


def test_figures_stop_where_fewer_than_a_tenth_of_the_firms_live():
    batch = made_up(Scenario(weeks=40), runs=30, closing=28)
    material = gather(batch)
    living = [np.sum((batch.closed < 0) | (batch.closed >= week)) for week in range(40)]
    assert list(material.telling) == [n >= 3 for n in living]


def test_ticks_are_round_and_few():
    assert week_ticks(156) == [0, 26, 52, 78, 104, 130, 156]
    assert len(week_ticks(5200)) <= 7
    rng = np.random.default_rng(3)
    spans = [
        (0, 1),
        (0, 0.07),
        (-3, 41),
        (0, 1e6),
        (-1, 1),
        *zip(-rng.exponential(9, 500), rng.exponential(9, 500), strict=True),
    ]
    for low, high in spans:
        ticks = round_ticks(low, high)
        assert ticks[0] <= low
        assert ticks[-1] >= high
        assert 2 <= len(ticks) <= 6


def test_badges_of_neighbouring_events_are_joined(material):
    assert badges(material.marks, 0.02) == [(40, "1"), (60, "2"), (110, "3")]
    assert badges(material.marks, 0.01) == [(40, "1–2"), (110, "3")]

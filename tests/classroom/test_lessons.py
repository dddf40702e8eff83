import json
import re

import pytest

from sim.classroom.lesson_check import evidence, faults, puzzle_faults, typical_seed
from sim.classroom.lesson_claims import Window, contrast, run_pairs
from sim.classroom.lessons import FOLDER, LessonError, read_curve, read_lesson, shelf
from sim.classroom.take_home import MOST_BYTES, lattice, take_home
from sim.classroom.trainer_guide import guide
from sim.classroom.work_queue import GoneError

KEYS = sorted(path.stem for path in FOLDER.glob("*.toml"))
QUICK = ("bakery", "managed-misalignment")
"""The lessons that are checked each time; CI checks the others as well."""


def test_there_are_the_six_lessons(shelf):
    assert {"bakery", "silo-drift", "frantic-agility", "automation-paradox", "spiral", "managed-misalignment"} <= set(
        shelf
    )


@pytest.mark.parametrize("key", [key if key in QUICK else pytest.param(key, marks=pytest.mark.slow) for key in KEYS])
def test_a_lesson_says_what_the_model_does(shelf, key):
    """Claims over 200 pairs, the pair on the page, the vote's answer, the chain and its order, and the rule for the seed."""
    lesson, _ = shelf[key]
    pairs = run_pairs(*lesson.firms)
    assert faults(lesson, pairs) == []
    assert lesson.seed == typical_seed(lesson, pairs)


@pytest.mark.slow
@pytest.mark.parametrize("key", KEYS)
def test_a_puzzle_is_not_solved_from_the_start_and_its_solution_solves_it_on_new_firms(shelf, key):
    assert puzzle_faults(shelf[key][0]) == []


def test_a_lesson_that_says_the_opposite_is_found_out(shelf):
    lesson, _ = shelf["bakery"]
    pairs = run_pairs(*lesson.firms, 30)
    claims = [
        claim.model_copy(update={"expect": "lower"}) if claim.name == "closes" else claim for claim in lesson.claims
    ]
    wrong = lesson.model_copy(update={"claims": tuple(claims), "seed": 0})
    assert any(said.startswith("claim closes is opposite") for said in faults(wrong, pairs))
    assert typical_seed(wrong, pairs) is None
    turned = [
        link.model_copy(update={"up": link.down, "down": ""}) if link.measure == "behavioural" else link
        for link in lesson.why.links
    ]
    why = lesson.why.model_copy(update={"links": tuple(turned)})
    assert any("no words" in said for said in faults(lesson.model_copy(update={"why": why, "seed": 0}), pairs))


def curve_points(shelf):
    """Return (lesson, experiment, condition, row) for the middle point of every measured curve."""
    for lesson, folder in shelf.values():
        if lesson.experiment is not None:
            rows = read_curve(folder, lesson.experiment)
            middle = sorted({row["x"] for row in rows})[8]
            for condition in lesson.experiment.conditions:
                for row in rows:
                    if (row["condition"], row["x"]) == (condition.label, middle):
                        yield lesson, lesson.experiment, condition, row


def test_the_measured_curve_belongs_to_the_firms_of_the_lesson(shelf):
    """Points measured again, with fewer firms and other luck, agree within both intervals."""
    points = list(curve_points(shelf))
    assert len(points) == 4
    for lesson, experiment, condition, row in points:
        ask = lesson.change.ask(lesson)
        firms = [
            ask.model_copy(update={"set": {**ask.set, **condition.set, experiment.lever.name: x}}).build()
            for x in (row["x"], experiment.lever.least)
        ]
        window = Window(measure=row["measure"], from_week=experiment.from_week, to_week=experiment.to_week)
        found = contrast(*firms, window, 60, 5)
        assert found.low <= row["high"], row
        assert row["low"] <= found.high, row


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('title = "The bakery"', 'titel = "x"'), "title is missing"),
        (("answer = 3", "answer = 9"), "answer 9 must be the number of an option"),
        (('measure = "satisfaction"', 'measure = "satisfction"'), "is not one of"),
        (('scenario = "bakery-aligned"', 'scenario = "bakry-aligned"'), "there is no scenario"),
        (('"people.incentive", least', '"people.incentiv", least'), "did you mean 'people.incentive'"),
        (("weeks = 156", 'weeks = "many"'), "must be a whole number"),
        (("[base]", "[[base]"), "cannot be read"),
    ],
)
def test_a_bad_lesson_is_refused_in_plain_words(tmp_path, change, said):
    text = (FOLDER / "bakery.toml").read_text()
    assert change[0] in text
    (tmp_path / "mine.toml").write_text(text.replace(*change, 1))
    with pytest.raises(LessonError, match=re.escape(said)):
        read_lesson(tmp_path / "mine.toml")


def test_a_trainers_lesson_joins_the_shelf(tmp_path):
    text = (
        (FOLDER / "spiral.toml")
        .read_text()
        .replace('title = "The spiral"', 'title = "Ours"')
        .replace("order = 5", "order = 0")
    )
    (tmp_path / "ours.toml").write_text(text)
    found = shelf([tmp_path])
    assert next(iter(found)) == "ours"
    with pytest.raises(LessonError, match="not a folder"):
        shelf([tmp_path / "nowhere"])


def test_nothing_in_a_lesson_can_run_in_guide_or_take_home_file(tmp_path):
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    text = (FOLDER / "bakery.toml").read_text().replace('title = "The bakery"', f'title = "{evil}"')
    text = re.sub(r"\[\[lattice\]\]\n(.+\n){3}", "", text)
    (tmp_path / "evil.toml").write_text(text)
    lesson = read_lesson(tmp_path / "evil.toml")
    said = evidence(lesson, pairs=4)
    said["findings"] = [{**finding, "text": evil} for finding in said["findings"]]
    for page in (guide(lesson, tmp_path, said["findings"]), take_home(lesson, tmp_path, said)):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert page.count("<script") == page.count("</script>") == 2


def test_a_take_home_file_is_small_and_asks_for_nothing(shelf):
    lesson, folder = shelf["spiral"]
    page = take_home(lesson, folder, {"findings": [], "noise": {}}, grid=lattice(lesson, 2))
    assert len(page.encode()) < MOST_BYTES
    assert not re.search(r"""(src|href)=["']?(https?:|//)""", page)
    assert "unsafe" not in page
    home = json.loads(re.search(r'id="home">(.*)</script>', page)[1])
    assert len(home["lattice"]["points"]) == 81
    assert "solution" not in home["catalogue"]["lessons"][0]["puzzle"]


def test_a_lattice_that_nobody_waits_for_is_given_up(shelf):
    asked = []
    with pytest.raises(GoneError):
        lattice(shelf["spiral"][0], 2, dropped=lambda: asked.append(1) or len(asked) > 3)
    assert len(asked) == 4

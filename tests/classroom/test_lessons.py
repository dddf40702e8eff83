import json
import re

import pytest

from sim.classroom.lesson_claims import judge, read
from sim.classroom.lessons import FOLDER, LessonError, read_lesson, shelf
from sim.classroom.take_home import MOST_BYTES, take_home
from sim.classroom.trainer_guide import guide

KEYS = sorted(path.stem for path in FOLDER.glob("*.toml"))


def test_there_are_the_six_lessons(shelf):
    assert {"bakery", "silo-drift", "frantic-agility", "automation-paradox", "spiral", "managed-misalignment"} <= set(
        shelf
    )


@pytest.mark.parametrize("key", KEYS)
def test_every_statement_of_a_lesson_holds_in_the_model(shelf, key):
    lesson, _ = shelf[key]
    for finding in judge(*lesson.firms, lesson.claims, pairs=100):
        assert finding.verdict == "holds", finding


@pytest.mark.parametrize("key", [k for k in KEYS if k != "managed-misalignment"])
def test_a_puzzle_is_not_solved_from_the_start_and_its_solution_solves_it(shelf, key):
    lesson, _ = shelf[key]
    puzzle = lesson.puzzle
    values = [read(lesson.attempt(v), puzzle).mean for v in ({}, puzzle.solution)]
    solved = [v >= puzzle.goal if puzzle.reach == "at least" else v <= puzzle.goal for v in values]
    assert solved == [False, True], values
    for slider in puzzle.levers:
        assert slider.least <= puzzle.solution[slider.name] <= slider.most


def test_the_measured_curve_is_what_the_lesson_says(shelf):
    from sim.classroom.lessons import read_curve

    lesson, folder = shelf["managed-misalignment"]
    rows = read_curve(folder, lesson.experiment)
    best = {c: max((r for r in rows if r["condition"] == c), key=lambda r: r["mean"]) for c in ("still", "turning")}
    assert best["still"]["x"] == 0
    assert best["turning"]["x"] == 0.45
    by_the_book = next(r for r in rows if r["condition"] == "turning" and r["x"] == 0)
    assert by_the_book["high"] < best["turning"]["low"]
    assert "0.45 rad" in lesson.experiment.says


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
    findings = [{**f._asdict(), "text": evil} for f in judge(*lesson.firms, lesson.claims, pairs=4)]
    for page in (guide(lesson, findings), take_home(lesson, tmp_path, findings)):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert page.count("<script>") == page.count("</script>") == 2


def test_a_take_home_file_is_small_and_asks_for_nothing(shelf):
    lesson, folder = shelf["spiral"]
    page = take_home(lesson, folder, [])
    assert len(page.encode()) < MOST_BYTES
    assert not re.search(r"""(src|href)=["']?(https?:|//)""", page)
    home = json.loads(re.search(r"window.COHERENCE_HOME = (.*);</script>", page)[1])
    assert home["runs"]["change"]["closed"] is None or home["runs"]["change"]["closed"] > 26
    assert len(home["lattice"]["points"]) == 36
    assert "solution" not in home["catalogue"]["lessons"][0]["puzzle"]

import sim.cli
from sim.classroom.lessons import FOLDER


def cli(capsys, *arguments):
    status = sim.cli.status(arguments)
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_guides_are_written_one_page_for_each_lesson(capsys, tmp_path, monkeypatch):
    from sim.classroom import lesson_check

    many = lesson_check.evidence
    monkeypatch.setattr(lesson_check, "evidence", lambda lesson: many(lesson, 3))
    status, _, err = cli(capsys, "teach", "--guides", str(tmp_path / "guides"))
    assert status == 0, err
    assert {p.stem for p in (tmp_path / "guides").iterdir()} == {p.stem for p in FOLDER.glob("*.toml")}


def test_a_bad_lesson_ends_the_command_before_anything_is_opened(capsys, tmp_path):
    (tmp_path / "mine.toml").write_text("title = 3\n")
    status, _, err = cli(capsys, "teach", "--lessons", str(tmp_path))
    assert status == 2
    assert "mine.toml: title must be text in quotes" in err


def test_a_saved_class_run_gives_the_same_numbers_on_the_command_line(capsys, tmp_path):
    import numpy as np
    import pyarrow.parquet as pq

    from sim.classroom.recording import film
    from sim.classroom.request import Ask
    from sim.classroom.writing import as_toml
    from tests.classroom.test_recording import series

    move = {"kind": "set", "week": 30, "values": {"people.incentive": 0.7}, "label": "the class"}
    ask = Ask(scenario="bakery", seed=8, events=(move,))
    path = tmp_path / "classroom.toml"
    path.write_text(as_toml(ask.build(), ask.seed, ask.replicate))
    status, _, err = cli(
        capsys, "run", str(path), "--seed", "8", "-n", "1", "--no-figures", "--out", str(tmp_path / "out")
    )
    assert status == 0, err
    frame = pq.read_table(tmp_path / "out" / "runs.parquet").to_pandas()
    shown = film(ask.build(), 8, 0)
    closed = frame.filter(like="clos").iloc[0].to_list()
    assert shown["closed"] in closed
    stored = pq.read_table(tmp_path / "out" / "series.parquet").to_pandas()
    np.testing.assert_array_equal(stored["cash"].to_numpy(), series(shown)["cash"])

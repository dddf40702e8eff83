import numpy as np
import pytest

from sim.study.design import make_design, number_of_points
from sim.study.points_file import DesignError
from sim.study.study import study_from
from sim.study.tasks import make_job
from sim.study.worker import work

FACTORS = {"scarcity": {}, "founder": {"clarity": {}, "cadence": {}}, "people.hiring": {}, "dummy": {}}
DESIGNS = ["oat", {"kind": "grid", "levels": 3}, "lhs", "morris", {"kind": "sobol", "n": 16}, "fast"]


def study(design, seed=0, vary=FACTORS, **more):
    return study_from({"design": design, "seed": seed, "vary": vary, **more})


@pytest.mark.parametrize("design", DESIGNS, ids=lambda d: d if isinstance(d, str) else d["kind"])
def test_a_design_is_a_function_of_the_study_even_at_seed_0(design):
    first, second = make_design(study(design)), make_design(study(design))
    assert first.hash == second.hash
    assert np.array_equal(first.unit, second.unit)
    assert number_of_points(study(design)) in (None, len(first))
    assert 0 <= first.unit.min() <= first.unit.max() <= 1
    assert first.numbers.shape == first.unit.shape
    assert first.columns["founder.cadence"].dtype == np.int64
    assert first.columns["people.hiring"].dtype == bool


@pytest.mark.parametrize("design", ["lhs", "morris", {"kind": "sobol", "n": 16}, "fast"], ids=str)
def test_another_seed_is_another_draw(design):
    assert make_design(study(design, 0)).hash != make_design(study(design, 1)).hash


def test_a_grid_is_every_combination():
    d = make_design(study({"kind": "grid", "levels": 3}, vary={"scarcity": {}, "founder.clarity": [0.5, 0.9]}))
    assert list(zip(*(c.tolist() for c in d.columns.values()), strict=True)) == [
        (s, c) for s in (0.0, 0.5, 1.0) for c in (0.5, 0.9)
    ]


def test_one_at_a_time_moves_one_at_a_time_from_the_base():
    d = make_design(study({"kind": "oat", "levels": 5}))
    base = {"scarcity": 0.5, "founder.clarity": 0.7, "founder.cadence": 4, "people.hiring": False, "dummy": 0.5}
    assert d.moved[0] == ""
    for i in range(len(d)):
        off = [name for name, column in d.columns.items() if column[i] != base[name]]
        assert off == ([d.moved[i]] if d.moved[i] else [])
    assert set(d.moved) == {"", *base}


def test_a_hypercube_meets_every_piece_once():
    d = make_design(study({"kind": "lhs", "n": 50}))
    assert all(sorted(np.floor(50 * d.unit[:, i])) == list(range(50)) for i in range(5))


def test_groups_move_together():
    vary = {"scarcity": {"group": "money"}, "money.safety": {"group": "money"}, "founder.clarity": {}}
    d = make_design(study({"kind": "morris", "trajectories": 6}, vary=vary))
    assert len(d) == 6 * 3
    assert d.problem["groups"] == ["money", "money", "founder.clarity"]
    steps = np.diff(d.unit.reshape(6, 3, 3), axis=1) != 0
    assert all(
        (row == [True, True, False]).all() or (row == [False, False, True]).all() for row in steps.reshape(-1, 3)
    )
    assert len(make_design(study({"kind": "sobol", "n": 8}, vary=vary))) == 8 * (2 * 2 + 2)


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_points_come_from_a_table(tmp_path, ending):
    import pyarrow as pa
    import pyarrow.csv
    import pyarrow.parquet

    rows = pa.table({"scarcity": [0.1, 0.7], "founder.cadence": [3, 9], "other": ["a", "b"]})
    if ending == "csv":
        pyarrow.csv.write_csv(rows, tmp_path / "p.csv")
    else:
        pyarrow.parquet.write_table(rows, tmp_path / "p.parquet")
    s = study_from(
        {"design": {"kind": "file", "path": f"p.{ending}"}, "vary": {"scarcity": {}, "founder.cadence": {}}}, tmp_path
    )
    d = make_design(s)
    assert d.columns["scarcity"].tolist() == [0.1, 0.7]
    assert d.columns["founder.cadence"].tolist() == [3, 9]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("founder.agility\n0.3\n", "no column 'scarcity'"),
        ("scarcity\nlow\n", 'row 1: scarcity = "low" must be a number'),
        ("scarcity,x\n0.3,1\n,2\n", "row 2: scarcity is missing"),
        ("scarcity\n", "no rows"),
        ("scarcity\n0.3\n1.5\n", "row 2: scarcity = 1.5 must be at most 1"),
        ("scarcity\n0.3\nnan\n", "row 2: scarcity is missing"),
        ("scarcity,scarcity\n0.3,1\n", "more than one column"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(tmp_path, text, said):
    (tmp_path / "p.csv").write_text(text)
    with pytest.raises(DesignError, match=said):
        make_design(study_from({"design": {"kind": "file", "path": "p.csv"}, "vary": {"scarcity": {}}}, tmp_path))


def test_of_many_points_the_bad_ones_are_found_whatever_stands_between(tmp_path):
    """Of more different values than are asked about one by one, those out of bounds are named all the same."""
    values = np.linspace(0.2, 0.9, 3000)
    values[[7, 1500, 2999]] = 1.5, -0.25, 1e9
    (tmp_path / "p.csv").write_text("founder.clarity\n" + "\n".join(map(str, values)) + "\n")
    with pytest.raises(DesignError) as caught:
        make_design(
            study_from({"design": {"kind": "file", "path": "p.csv"}, "vary": {"founder.clarity": {}}}, tmp_path)
        )
    assert str(caught.value).splitlines() == [
        f"{tmp_path / 'p.csv'}, row 8: founder.clarity = 1.5 must be at most 1",
        f"{tmp_path / 'p.csv'}, row 1501: founder.clarity = -0.25 must be greater than 0",
        f"{tmp_path / 'p.csv'}, row 3000: founder.clarity = 1000000000 must be at most 1",
    ]


def test_one_bad_point_spoils_itself_alone(tmp_path):
    """A value that its field allows, but not beside the others of its row."""
    (tmp_path / "p.csv").write_text("money.reserve,money.draw\n9,0.1\n5,0.1\n5,0\n")
    given = {"design": {"kind": "file", "path": "p.csv"}, "weeks": 5, "constants": {"headcount": 8}}
    job = make_job(study_from({**given, "vary": {"money.reserve": {}, "money.draw": {}}}, tmp_path))
    outcome = work(job.spec, job.block(0))
    assert set(outcome.errors) == {1}
    assert "money.safety" in outcome.errors[1]


def test_too_many_points_are_refused_before_they_are_made():
    with pytest.raises(DesignError, match="more than"):
        make_design(
            study({"kind": "grid", "levels": 1000}, vary={"scarcity": {}, "founder.clarity": {}, "mood.strain": {}})
        )

import pytest

from sim.sensitivity import NotApplicable, read
from sim.sensitivity.report.map_figures import heat, phases, responses
from sim.sensitivity.report.write import write_all
from sim.study.results import open_sweep
from sim.study.study import study_from
from sim.study.sweep import sweep
from tests.report.test_figures import words


def swept(folder, design, factors=3, function="ishigami", **more):
    vary = {f"x{i + 1}": {"at": 0.5} for i in range(factors)}
    sweep(study_from({"function": function, "design": design, "vary": vary, "noise": 0.5, **more}), folder)
    return open_sweep(folder)


def test_grids_become_maps_and_phases(tmp_path):
    sample = read(swept(tmp_path / "s", {"kind": "grid", "levels": 5}, replicates=3), "y")
    files = [*heat(sample, "x1", "x2", tmp_path / "two"), *heat(sample, "x2", "x1", tmp_path / "three", "x3")]
    files += phases(sample, sample, "x1", "x2", tmp_path / "phases")
    for file in files:
        if file.suffix == ".svg":
            text = words(file)
            for part in ("n = 375 runs", "grid design", "seed 0", "replicates 0 to 2", "smb-coherence"):
                assert part in text
    assert "x3 = 3.1" in words(tmp_path / "three.svg")
    with pytest.raises(NotApplicable, match="does not vary"):
        heat(sample, "x1", "x9", tmp_path / "no")


def test_one_at_a_time_becomes_curves(tmp_path):
    sample = read(swept(tmp_path / "s", {"kind": "oat", "levels": 5}, replicates=6), "y")
    responses(sample, tmp_path / "curves")
    assert "One factor at a time" in words(tmp_path / "curves.svg")
    assert "95 % Student" in words(tmp_path / "curves.svg")


def test_a_screening_becomes_a_plane(tmp_path):
    done = swept(tmp_path / "s", {"kind": "morris", "trajectories": 8}, 20, "morris", replicates=2)
    (tmp_path / "out").mkdir()
    found, passed = write_all(done, tmp_path / "out")
    assert passed == []
    assert found[0].method == "morris"
    text = words(tmp_path / "out" / "y-plane.svg")
    assert "Morris" in text
    assert "n = 336 runs" in text

"""The notebook runs from its first cell to its last; it needs no kernel, as it is plain Python."""

import json
from pathlib import Path

import matplotlib as mpl

NOTEBOOK = Path(__file__).resolve().parents[1] / "experiments" / "sweep_to_figure.ipynb"


def test_the_notebook_goes_from_sweep_to_figure(capsys, monkeypatch):
    monkeypatch.setattr("matplotlib.pyplot.show", lambda: None)
    mpl.use("agg")
    notebook = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    names = {"__name__": "__main__"}
    for number, cell in enumerate(notebook["cells"]):
        if cell["cell_type"] == "code":
            assert cell["outputs"] == []  # no stale output is kept
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    said = capsys.readouterr().out
    assert "N = 32 is small" in said
    assert "768 runs, 0 failed" in said
    assert "Intervals: 95 % Bayesian bootstrap over base points and replicates." in said
    assert names["png"].stat().st_size > 10_000
    assert (names["folder"] / "own.png").stat().st_size > 5_000

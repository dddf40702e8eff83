"""Runs: a scenario and luck in, results out."""

from sim.simulate.batch import Batch, Result, department_names
from sim.simulate.run import run, run_many, run_points
from sim.simulate.simulation import NOTHING, Simulation
from sim.simulate.snapshots import PHASES_BEFORE_LEAVING, Snapshot, snapshots

__all__ = [
    "NOTHING",
    "PHASES_BEFORE_LEAVING",
    "Batch",
    "Result",
    "Simulation",
    "Snapshot",
    "department_names",
    "run",
    "run_many",
    "run_points",
    "snapshots",
]

"""A scenario as the text of a file, so that what a class played can be run again on the command line."""

from __future__ import annotations

from sim.scenario import Scenario
from sim.scenario.merge import plain
from sim.scenario.toml_write import toml


def as_toml(scenario: Scenario, seed: int, replicate: int) -> str:
    """Return a scenario file that reads back as the same scenario; its first lines say with which luck it was played."""
    return (
        "# Played in the classroom. The same numbers on the command line:\n"
        f"#   coherence run FILE.toml --seed {seed} --replicates {replicate + 1}\n"
        f"# This firm is replicate {replicate} of seed {seed}.\n\n"
        f"{toml(plain(scenario))}"
    )

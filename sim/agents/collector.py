"""Weeks that a firm has lived as Mesa's DataCollector would hold them."""

from __future__ import annotations

from collections.abc import Mapping

from mesa.datacollection import DataCollector

from sim.state import Floats


def recorded(series: Mapping[str, Floats], weeks: int) -> DataCollector:
    """Return a collector that holds the measures of all weeks lived, without having collected anything.

    Mesa's batch_run reads a collector's steps from where it keeps them itself; a test runs it.
    """
    record = DataCollector({name: name for name in series})
    record.model_vars = {name: values.tolist() for name, values in series.items()}
    record._collection_steps = list(range(1, weeks + 1))
    return record

"""Scenarios: what can vary, what can happen, and the files that say so."""

from sim.scenario.description import resolved
from sim.scenario.errors import Problem, ScenarioError
from sim.scenario.events import Department, Event
from sim.scenario.model import Scenario
from sim.scenario.scenario_file import Description, describe, load, loads, scenario_names
from sim.scenario.schema import json_schema
from sim.scenario.template import template

__all__ = [
    "Department",
    "Description",
    "Event",
    "Problem",
    "Scenario",
    "ScenarioError",
    "describe",
    "json_schema",
    "load",
    "loads",
    "resolved",
    "scenario_names",
    "template",
]

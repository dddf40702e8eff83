"""Files to fill in: one of each kind, with an invented row or two."""

from __future__ import annotations

from importlib import resources

NAMES = ("people.csv", "links.csv", "departments.csv", "survey.csv", "items.csv", "facts.csv", "cases.toml")


def text(name: str) -> str:
    """Return the content of a template."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


TEMPLATES: dict[str, str] = {name: text(name) for name in NAMES}
"""File name -> content."""

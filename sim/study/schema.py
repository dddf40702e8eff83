"""The JSON schema of study files, from which editors complete and check them."""

from __future__ import annotations

from typing import Any

from sim.measures.summaries import SUMMARIES
from sim.study.factors import Vary
from sim.study.study_fields import DESIGNS, StudyFile


def study_schema() -> dict[str, Any]:
    """Return the JSON schema (2020-12) of study files.

    Examples
    --------
    >>> sorted(study_schema()["required"])
    ['design', 'vary']
    """
    schema = StudyFile.model_json_schema(mode="validation")
    definitions = schema.setdefault("$defs", {})
    definitions["Vary"] = Vary.model_json_schema(mode="validation")
    factor = {
        "anyOf": [
            {"$ref": "#/$defs/Vary"},
            {"type": "array", "minItems": 1, "description": "the values of a choice or a list"},
            # Names with dots may be nested tables.
            {"type": "object", "additionalProperties": {"$ref": "#/$defs/Factor"}},
        ]
    }
    definitions["Factor"] = factor
    properties = schema["properties"]
    properties["vary"]["additionalProperties"] = {"$ref": "#/$defs/Factor"}
    # A design of default size is its kind alone.
    properties["design"] = {
        "description": properties["design"]["description"],
        "anyOf": [{"enum": list(DESIGNS)}, {k: v for k, v in properties["design"].items() if k != "description"}],
    }
    names = {"enum": [*SUMMARIES, "y"]}
    properties["measures"] = {
        "type": "array", "minItems": 1, "items": names, "description": properties["measures"]["description"],
    }  # fmt: skip
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Study", **_untitled(schema)}


def _untitled(value: Any) -> Any:
    """Leave out pydantic's titles, which repeat the names."""
    if isinstance(value, dict):
        return {k: _untitled(v) for k, v in value.items() if not (k == "title" and isinstance(v, str))}
    return [_untitled(v) for v in value] if isinstance(value, list) else value

"""How a parameter is declared: default, meaning, unit, bounds, plausible range and source in one place."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

ASSUMED = "assumed"


class Part(BaseModel):
    """A frozen piece of a scenario that forbids keys it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def parameter(
    default: float | bool,
    meaning: str,
    unit: str,
    bounds: str,
    plausible: tuple[float, float],
    source: str = ASSUMED,
) -> Any:
    """Declare a parameter: default, meaning, unit, hard bounds as an interval such as ``"(0, 1]"``, range, source."""
    low, high = (side.strip() for side in bounds[1:-1].split(","))
    limits: dict[str, Any] = {}
    if low != "-inf":
        limits["ge" if bounds[0] == "[" else "gt"] = float(low)
    if high != "inf":
        limits["le" if bounds[-1] == "]" else "lt"] = float(high)
    extra: dict[str, Any] = {"unit": unit, "range": list(plausible), "source": source}
    if isinstance(default, bool):
        return Field(default, description=meaning, json_schema_extra=extra)
    return Field(default, description=meaning, json_schema_extra=extra, **limits)

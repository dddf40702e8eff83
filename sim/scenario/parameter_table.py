"""The table of parameters in MODEL.md, written from the declarations. ``python -m sim.scenario.parameter_table`` renews it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sim.scenario.parameters import GROUPS

PAGE = Path(__file__).parent.parent / "MODEL.md"
START, END = "<!-- parameters -->\n", "<!-- end of parameters -->\n"


def table() -> str:
    """Return all parameters as a Markdown table: name, default, bounds, range, unit, meaning, source."""
    lines = [
        "| parameter | default | bounds | range | unit | meaning | source |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for group, part in GROUPS.items():
        for name, field in part.model_fields.items():
            extra: dict[str, Any] = field.json_schema_extra  # type: ignore[assignment]
            low, high = extra["range"]
            span = "true or false" if isinstance(field.default, bool) else f"{low:g} to {high:g}"
            default = str(field.default).lower() if isinstance(field.default, bool) else f"{field.default:g}"
            lines.append(
                f"| {group}.{name} | {default} | {_bounds(field.metadata)} | {span} | {extra['unit']} | "
                f"{field.description} | {extra['source']} |"
            )
    return "\n".join(lines) + "\n"


def _bounds(metadata: list[Any]) -> str:
    low = next((f"[{m.ge:g}" for m in metadata if hasattr(m, "ge")), None)
    low = low or next((f"({m.gt:g}" for m in metadata if hasattr(m, "gt")), "(-inf")
    high = next((f"{m.le:g}]" for m in metadata if hasattr(m, "le")), None)
    high = high or next((f"{m.lt:g})" for m in metadata if hasattr(m, "lt")), "inf)")
    return "true, false" if (low, high) == ("(-inf", "inf)") else f"{low}, {high}"


def with_table(page: str) -> str:
    """Return the page with its table renewed."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n{table()}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8")), encoding="utf-8")

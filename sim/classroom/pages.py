"""Pages from templates, and the page's modules put together in one script for the file that is taken home."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
TEMPLATES = Path(__file__).parent / "templates"
_IMPORT = re.compile(r"^import\s+(?:\{[^}]*\}\s+from\s+)?\"\./([\w-]+\.js)\";\n", re.MULTILINE)
_NAME = re.compile(
    r"^export (?:async )?(?:const|let|function|class) (\w+)|^(?:const|let|function|class) (\w+)", re.MULTILINE
)


@cache
def environment() -> Environment:
    """Return the templates' environment: everything is escaped, and a name that is not given is an error."""
    found = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["figure"] = figure
    return found


def page(template: str, **values: Any) -> str:
    """Return a page.

    Parameters
    ----------
    template
        A file in the folder of templates.
    values
        What the template names; text is escaped.
    """
    return environment().get_template(template).render(**values)


def figure(value: float | None, share: bool = False) -> str:
    """Return a number as text: two decimals, or a percentage; a dash for none."""
    if value is None:
        return "–"
    return f"{100 * value:.0f} %" if share else f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def data_block(data: Any) -> Markup:
    """Return data as JSON that nothing in it can end or turn into markup, for a script element that is not run."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def policy_hash(text: str) -> str:
    """Return the source expression by which a policy allows one inline script or style and no other."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def style(name: str) -> str:
    """Return a style sheet of ours."""
    return (STATIC / name).read_text(encoding="utf-8")


@cache
def bundle(start: str = "start.js") -> str:
    """Return a module and all that it imports as one script.

    Modules come before those that import them, without their import lines and the word export; so a name may stand at the
    top of one module only.

    Raises
    ------
    ValueError
        If two modules use one name at the top, or import each other in a circle.
    """
    order: list[str] = []

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError(f"modules import each other in a circle: {' -> '.join((*path, name))}")
        if name in order:
            return
        for other in _IMPORT.findall((STATIC / name).read_text(encoding="utf-8")):
            visit(other, (*path, name))
        order.append(name)

    visit(start, ())
    owner: dict[str, str] = {}
    parts = []
    for name in order:
        text = (STATIC / name).read_text(encoding="utf-8")
        for found in _NAME.finditer(text):
            word = found[1] or found[2]
            if word in owner:
                raise ValueError(f"{word} stands at the top of {owner[word]} and of {name}")
            owner[word] = name
        text = re.sub(r"^export ", "", _IMPORT.sub("", text), flags=re.MULTILINE)
        parts.append(f"// {name}\n{text.strip()}\n")
    return "\n".join(parts)

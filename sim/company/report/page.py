"""The report as one page that needs nothing else: templates filled in, everything that comes in escaped."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.company.importing.import_log import CompanyError
from sim.company.report.finding import Finding, Picture, Section, Table
from sim.company.report.plain_words import GLOSSARY, counted
from sim.company.report.sections import headlines, sections
from sim.output.version import package_version

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

    from sim.company.report.content import Content

TEMPLATES = Path(__file__).parent / "templates"
KINDS = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".svg": "image/svg+xml",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
MOST_LOGO = 1024 * 1024


def page(content: Content, written_on: str, consultant: str = "", logo: str = "") -> str:
    """Return the whole page.

    Parameters
    ----------
    content
        The results.
    written_on
        The date.
    consultant, logo
        Who wrote it, and a picture as `logo_data` gives it.
    """
    return rendered(content, headlines(content), sections(content), written_on, consultant, logo)


def rendered(
    content: Content,
    first: Sequence[Finding],
    parts: Sequence[Section],
    written_on: str,
    consultant: str = "",
    logo: str = "",
) -> str:
    """Return the page of findings and sections that are made already."""
    title = str(content.client["title"])
    by = f" by {consultant}" if consultant else ""
    lead = (
        f"Strategic coherence report{by}, {written_on}. {counted(content.client['posts'], 'post', 'posts')} in "
        f"{counted(len(content.client['departments']), 'department', 'departments')}; {len(content.batch)} simulated firms over {content.weeks[-1]} weeks. It explores mechanisms and does not forecast."
    )
    from markupsafe import Markup

    return _environment().get_template("report.html.j2").render(
        title=title, lead=_shown(lead), consultant=consultant, logo=logo, headlines=first, sections=parts, glossary=GLOSSARY, foot=_foot(content),
        css=Markup((TEMPLATES / "report.css").read_text(encoding="utf-8")),  # our own file, not input
    )  # fmt: skip


def logo_data(path: Path) -> str:
    """Return a picture as a data URI.

    Raises
    ------
    CompanyError
        If it is no picture that browsers show, or larger than 1 MiB.
    """
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise CompanyError(f"--logo {path} must end in {', '.join(KINDS)}.")
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CompanyError(f"--logo {path} cannot be read: {error.strerror}.") from None
    if len(raw) > MOST_LOGO:
        raise CompanyError(f"--logo {path} is larger than 1 MiB.")
    return f"data:{kind};base64,{base64.b64encode(raw).decode('ascii')}"


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, finalize=_shown)
    made.filters |= {"grouped": _grouped, "together": _together, "picture": _picture}
    return made


def _shown(value: Any) -> Any:
    """Return a value without characters that cannot be shown; they become spaces."""
    from markupsafe import Markup

    if isinstance(value, Finding):
        value = value.sentence
    if isinstance(value, str) and not isinstance(value, Markup):
        return "".join(c if c.isprintable() else " " for c in value)
    return value


def _grouped(parts: Sequence[Any]) -> list[tuple[str, list[Any]]]:
    """Return parts in runs of one kind: sentences, tables or pictures; what is always true is a note."""
    told = [Finding("note", "always", part) if isinstance(part, str) else part for part in parts]
    kinds = {Picture: "pictures", Table: "tables"}
    return [(kind, list(group)) for kind, group in groupby(told, lambda p: kinds.get(type(p), "sentences"))]


def _together(cell: str) -> str:
    """Return a cell that breaks before its bracket only."""
    before, bracket, after = cell.partition(" (")
    parts = [part.replace(" ", "\N{NO-BREAK SPACE}") for part in (before, f"({after}" if bracket else "")]
    return " ".join(filter(None, parts))


def _picture(picture: Picture) -> Markup:
    """Return a drawing with its words for those who do not see it. The drawing is matplotlib's, which escapes what it writes."""
    from markupsafe import Markup, escape

    head, rest = picture.svg.split(">", 1)
    return Markup(f"{head} role='img' aria-label='{escape(_shown(picture.alt))}'>{rest}")


def _foot(content: Content) -> str:
    batch = content.batch
    return (
        f"smb-coherence {package_version()}; scenario {content.scenario.hash}; n = {len(batch)} runs, seed {batch.seed}"
        + (
            f"; {len(content.calibration.draws)} calibrated sets of settings"
            if content.calibration and content.calibrated
            else ""
        )
        + "."
    )

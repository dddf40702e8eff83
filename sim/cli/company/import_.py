"""``coherence import``: a client folder from a company's own exports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.terminal import Refused, note


def import_company(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="people.csv [links.csv] [departments.csv] [survey.csv items.csv], in this order; - leaves one out."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder to write; it must not hold anything else.")
    ] = None,
    pseudonymise: Annotated[
        bool,
        typer.Option("--pseudonymise/--keep-ids", help="Replace all person ids, or keep those that are mere numbers."),
    ] = True,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="FILE", help="Where the key of the pseudonyms is, or shall be.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="What reports call the firm.")] = "The firm",
    axes: Annotated[
        str | None,
        typer.Option(
            "--axes",
            help='Trade-offs such as "premium - cheap; careful - fast"; the vision is the first pole of the first.',
        ),
    ] = None,
    founder: Annotated[
        str | None, typer.Option("--founder", help="Who founded the firm, as the people file writes it.")
    ] = None,
    template: Annotated[
        Path | None, typer.Option("--template", metavar="DIR", help="Write files to fill in, and stop.")
    ] = None,
) -> None:
    """Make a client folder from exports of people, links, departments and a survey."""
    if template is not None:
        _templates(template)
        return
    if not files or out is None:
        raise Refused(
            "import needs people.csv and -o DIR (see: coherence import --help; --template DIR writes files to fill in)."
        )
    if len(files) > 5:
        raise Refused("import takes at most five files: people, links, departments, survey, items.")
    given = [None if str(f) == "-" else f for f in files] + [None] * (5 - len(files))
    if given[0] is None:
        raise Refused("import needs a people file.")
    from sim.company.client_folder import store
    from sim.company.importing import privacy
    from sim.company.importing.company import Sources, read
    from sim.company.importing.import_log import CompanyError
    from sim.output.files import FolderError
    from sim.output.folder import claim
    from sim.output.version import package_version
    from sim.scenario.model import AXES

    try:
        claim(out)
        secret, place, fresh = _key(key, out)
        trade_offs = tuple(a.strip() for a in axes.split(";")) if axes else AXES
        company = read(
            Sources(given[0], *given[1:]), secret, name, _checked(trade_offs), founder, keep_ids=not pseudonymise
        )
        for line in company.notes.lines(shown=True):
            note(line)
        if fresh:
            privacy.write_key(secret, place)
        try:
            store(company, out, secret, package_version())
        except BaseException:
            if fresh:
                place.unlink(missing_ok=True)
            raise
    except (CompanyError, FolderError) as error:
        raise Refused(str(error)) from None
    from sim.company.report.words import told

    typer.echo("\n".join(told(company)))
    typer.echo(f"\nWrote {out}. The key of the pseudonyms is in {place}: keep it apart from the results, or delete it.")
    typer.echo(
        f"Next: coherence run {out / 'scenario.toml'}, coherence whatif {out}, coherence report {out} -o report.html"
    )


def _key(given: Path | None, out: Path) -> tuple[bytes, Path, bool]:
    from sim.company.importing import privacy

    if given is None:
        secret = privacy.new_key()
        place = privacy.key_folder() / f"{privacy.fingerprint(secret)}.key"
    else:
        place = given
        secret = privacy.read_key(given) if given.exists() else privacy.new_key()
    if place.resolve().is_relative_to(out.resolve()):
        raise Refused(f"--key {place} lies in the folder that is handed on: the key must be kept outside of it.")
    return secret, place, not place.exists()


def _checked(axes: tuple[str, ...]) -> tuple[str, ...]:
    from sim.scenario import Scenario

    try:
        return Scenario.model_validate({"axes": axes}).axes
    except ValueError:
        raise Refused(
            '--axes must be at least two trade-offs such as "premium - cheap; careful - fast", each pole once.'
        ) from None


def _templates(folder: Path) -> None:
    from sim.company.importing.templates import TEMPLATES

    taken = [name for name in TEMPLATES if (folder / name).exists()]
    if taken:
        raise Refused(f"{folder / taken[0]} exists: choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in TEMPLATES.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}.") from None
    typer.echo(
        f"Wrote {', '.join(TEMPLATES)} into {folder}. Fill them in, then: coherence import people.csv links.csv -o client"
    )

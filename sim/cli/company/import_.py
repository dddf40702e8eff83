"""``coherence import``: a client folder from a company's own exports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.terminal import Refused, note

if TYPE_CHECKING:
    from sim.company.client_folder import Earlier
    from sim.company.importing.mapping import Mapping

_FILE = {"metavar": "FILE"}


def import_company(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Exports in any order: people, ties, departments, survey, items, known by what they hold; or a workbook with them all."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="DIR", help="Folder to write; it must not hold anything else.")
    ] = None,
    people: Annotated[Path | None, typer.Option("--people", help="The file of people.", **_FILE)] = None,
    links: Annotated[Path | None, typer.Option("--links", help="The file of ties.", **_FILE)] = None,
    departments: Annotated[Path | None, typer.Option("--departments", help="The file of departments.", **_FILE)] = None,
    survey: Annotated[Path | None, typer.Option("--survey", help="The file of answers.", **_FILE)] = None,
    items: Annotated[Path | None, typer.Option("--items", help="The file of questions.", **_FILE)] = None,
    columns: Annotated[
        list[str] | None,
        typer.Option("--map", metavar="FIELD=HEADING", help='Which column is what, such as person_id="Pers.No.".'),
    ] = None,
    sheet: Annotated[
        list[str] | None,
        typer.Option("--sheet", metavar="[KIND=]NAME", help="Sheet of a workbook: of people, or links=NAME."),
    ] = None,
    encoding: Annotated[
        str | None, typer.Option("--encoding", help="Encoding of the text files, such as cp1252 or mac_roman.")
    ] = None,
    direction: Annotated[
        str | None, typer.Option("--direction", help="Who listens: source-listens, target-listens or both.")
    ] = None,
    undirected: Annotated[bool, typer.Option("--undirected", help="Ties have no direction: both listen.")] = False,
    relation: Annotated[
        list[str] | None,
        typer.Option("--relation", help="The kind of ties that means listening, of several in one file."),
    ] = None,
    date: Annotated[str | None, typer.Option("--date", help="Ties of one date: latest, all, or the date.")] = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="Corrections of an earlier import (mapping.toml).", **_FILE)
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Import again from scratch: all results go.")] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Import again: key, corrections, and results that are still true stay.")
    ] = False,
    pseudonymise: Annotated[
        bool,
        typer.Option("--pseudonymise/--keep-ids", help="Replace all person ids, or keep those that are digits alone."),
    ] = True,
    key: Annotated[
        Path | None, typer.Option("--key", help="Where the key of the pseudonyms is, or shall be.", **_FILE)
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
    questionnaire: Annotated[
        Path | None,
        typer.Option(
            "--questionnaire",
            metavar="DIR",
            help="Write a questionnaire and an e-mail to the client in four languages, and stop.",
        ),
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Explain every column, construct, goal word and role, and stop.")
    ] = False,
) -> None:
    """Make a client folder from exports of people, ties, departments and a survey."""
    if explain:
        from sim.company.importing.data_dictionary import text

        typer.echo(text(), nl=False)
        return
    if template is not None or questionnaire is not None:
        _kits(template, questionnaire)
        return
    given = {"people": people, "links": links, "departments": departments, "survey": survey, "items": items}
    others = tuple(f for f in files or () if str(f) != "-")
    if (not others and people is None) or out is None:
        raise Refused(
            "import needs files and -o DIR (see: coherence import --help; --template DIR writes files to fill in, "
            "--explain says what each column means)."
        )
    if undirected and direction not in (None, "both"):
        raise Refused("--undirected and --direction contradict each other: give one of them.")
    if replace and keep:
        raise Refused("--replace and --keep contradict each other: give one of them.")
    from sim.company.client_folder import earlier_import, store
    from sim.company.importing import privacy
    from sim.company.importing.company import Sources
    from sim.company.importing.import_log import CompanyError
    from sim.company.importing.mapping import Mapping as Corrections
    from sim.company.importing.mapping import read_mapping
    from sim.company.importing.reading import read
    from sim.output.files import FolderError
    from sim.output.folder import claim
    from sim.output.version import package_version
    from sim.scenario.model import AXES

    try:
        claim(out)
        before = _again(out, earlier_import(out), replace, keep)
        corrections = read_mapping(mapping) if mapping is not None else before.mapping if before else Corrections()
        _corrected(corrections, columns or [], sheet or [], "both" if undirected else direction, relation or [], date)
        secret, place, fresh = _key(key, out, before)
        trade_offs = tuple(a.strip() for a in axes.split(";")) if axes else AXES
        company = read(
            Sources(**given, others=others), secret, name, _checked(trade_offs), founder, keep_ids=not pseudonymise,
            mapping=corrections, encoding=encoding,
        )  # fmt: skip
        for line in company.notes.lines(shown=True):
            note(line)
        if fresh:
            privacy.write_key(secret, place)
        try:
            kept, dropped = store(company, out, secret, package_version(), before)
        except BaseException:
            if fresh:
                place.unlink(missing_ok=True)
            raise
    except (CompanyError, FolderError) as error:
        raise Refused(str(error)) from None
    from sim.company.importing.company import content, understood
    from sim.company.report.measured import import_words

    typer.echo("\n".join(import_words(content(company, b""))))
    typer.echo("\n" + "\n".join(map(str, understood(company))))
    if kept:
        typer.echo(f"\nThe firm is the same as before: {' and '.join(kept)} still hold.")
    if dropped:
        typer.echo(
            f"\nThe firm has changed: {' and '.join(dropped)} did not hold any more and were removed; make them again."
        )
    typer.echo(f"\nWrote {out}. The key of the pseudonyms is in {place}: keep it apart from the results, or delete it.")
    typer.echo(
        f"Next: coherence run {out / 'scenario.toml'}, coherence whatif {out}, coherence report {out} -o report.html"
    )


def _again(out: Path, before: Earlier | None, replace: bool, keep: bool) -> Earlier | None:
    """Return the earlier import that is to be kept, None where there is none or it is to be replaced."""
    if before is None or replace:
        return None
    if keep:
        return before
    question = f"{out} holds an earlier import"
    if before.results:
        question += f" with {' and '.join(before.results)}"
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise Refused(
            f"{question}: say --keep (key, corrections, and results that are still true stay) or --replace (all goes)."
        )
    answer = typer.prompt(
        f"{question}. Keep what is still true, replace all, or stop? [keep/replace/stop]", default="stop", err=True
    )
    if answer.strip().lower() in ("keep", "k"):
        return before
    if answer.strip().lower() in ("replace", "r"):
        return None
    raise Refused("Nothing was written.")


def _corrected(
    mapping: Mapping,
    columns: list[str],
    sheets: list[str],
    direction: str | None,
    relations: list[str],
    date: str | None,
) -> None:
    """Take the corrections of the command line into those that are kept."""
    from sim.company.importing.import_log import refuse
    from sim.company.importing.mapping import DIRECTIONS, KINDS
    from sim.scenario.errors import nearest

    for text in columns:
        mapping.map(text)
    for text in sheets:
        kind, sign, sheet = text.partition("=")
        if sign and kind in KINDS:
            mapping.of(kind).sheet = sheet
        else:
            mapping.of("people").sheet = text
    if direction is not None:
        if direction not in DIRECTIONS:
            raise refuse(
                "--direction", f"is not one of {', '.join(DIRECTIONS)}{nearest(direction, DIRECTIONS)}", value=direction
            )
        mapping.direction = direction
    if relations:
        mapping.relations = tuple(relations)
    if date is not None:
        mapping.date = date


def _key(given: Path | None, out: Path, before: Earlier | None) -> tuple[bytes, Path, bool]:
    from sim.company.importing import privacy

    if given is not None:
        place = given
        secret = privacy.read_key(given) if given.exists() else privacy.new_key()
    else:
        place = privacy.key_folder() / f"{before.key}.key" if before else Path()
        if before and place.is_file():
            secret = privacy.read_key(place)
        else:
            if before:
                note(
                    "The key of the earlier import is not in its place: people get new pseudonyms (--key FILE names it)."
                )
            secret = privacy.new_key()
            place = privacy.key_folder() / f"{privacy.fingerprint(secret)}.key"
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


def _kits(template: Path | None, questionnaire: Path | None) -> None:
    from sim.company.importing.questionnaire import kit
    from sim.company.importing.templates import TEMPLATES

    if template is not None:
        _write_kit(template, TEMPLATES)
        typer.echo(
            "Fill them in, then: coherence import people.csv links.csv departments.csv survey.csv items.csv -o client "
            "(facts.csv is for calibrate, cases.toml for whatif)."
        )
    if questionnaire is not None:
        _write_kit(questionnaire, kit())
        typer.echo(
            "Print a questionnaire, or copy its statements into a survey tool; the items file of its language scores the answers."
        )


def _write_kit(folder: Path, texts: dict[str, str]) -> None:
    taken = [name for name in texts if (folder / name).exists()]
    if taken:
        raise Refused(f"{folder / taken[0]} exists: choose another folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise Refused(f"{folder} cannot be written: {error.strerror}.") from None
    typer.echo(f"Wrote {', '.join(texts)} into {folder}.")

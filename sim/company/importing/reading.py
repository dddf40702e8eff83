"""From a company's exports to what is known of it: recognise the files, read them, sum up, pseudonymise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sim.company.importing import privacy
from sim.company.importing.columns import PERSONAL, TABLES, candidates, guess, plain
from sim.company.importing.company import SCENARIO, Company, Sources, Understood, understood
from sim.company.importing.goals import read_goals
from sim.company.importing.import_log import CompanyError, Notes, refuse
from sim.company.importing.link_files import read_links
from sim.company.importing.mapping import KINDS, Mapping
from sim.company.importing.network import Network, analyse
from sim.company.importing.people import read_people
from sim.company.importing.questionnaire import own_items
from sim.company.importing.recognise import Recognised, recognise
from sim.company.importing.scenario_draft import department_names, draft, scenario_text
from sim.company.importing.staff import Staff
from sim.company.importing.survey import Survey
from sim.company.importing.survey_answers import read_survey
from sim.company.importing.survey_items import read_items
from sim.company.importing.tables import Table
from sim.scenario import ScenarioError, loads
from sim.scenario.model import AXES


@dataclass
class ColumnSeen:
    """A column of a file as it was understood.

    Attributes
    ----------
    heading, field
        What the file calls it, and what it is taken for; None where it is not used.
    may_be
        Fields that it could be as well.
    filled
        Share of the first rows in which it says something.
    examples
        Up to three cells, to be shown on this machine only; empty for what is personal and never used.
    """

    heading: str
    field: str | None
    may_be: list[str]
    filled: float
    examples: list[str]


@dataclass
class FileSeen:
    """A file, or a sheet of it, as it was understood."""

    file: str
    sheet: str
    kind: str
    made: str
    rows: int
    columns: list[ColumnSeen]


@dataclass
class Preview:
    """What an import would make of some files, for somebody to look at and to correct.

    Attributes
    ----------
    files
        Each file that is used.
    lines
        The five lines that matter; empty where the import would be refused.
    notes
        All that was guessed or left out, with values: for this machine only.
    problems
        Why the import would be refused; empty where it would work.
    departments
        Department as in the file -> name, role, people; empty where it would be refused.
    """

    files: list[FileSeen]
    lines: list[Understood]
    notes: list[str]
    problems: list[str]
    departments: dict[str, dict[str, object]] = field(default_factory=dict)


def read(
    sources: Sources | Sequence[Path],
    key: bytes,
    title: str = "The firm",
    axes: Sequence[str] = AXES,
    founder: str | None = None,
    keep_ids: bool = False,
    mapping: Mapping | None = None,
    encoding: str | None = None,
    today: date | None = None,
) -> Company:
    """Read a company.

    Parameters
    ----------
    sources
        Its files: in any order, known by what they hold, or named one by one.
    key
        For the pseudonyms.
    title
        What reports call it.
    axes
        The trade-offs; the vision is the first pole of the first.
    founder
        Who founded it, as written in the people file; left out: found by place in the chart.
    keep_ids
        Keep person ids that are digits alone, instead of pseudonyms.
    mapping
        Corrections: headings, sheets, direction of ties, roles and names of departments.
    encoding
        Of the text files, where it is known.
    today
        Whoever leaves after this day still works here; left out: the day of the computer.

    Raises
    ------
    CompanyError
        With what is wrong; then nothing was made.

    Examples
    --------
    >>> company = read([Path("staff.xlsx"), Path("ties.csv")], privacy.new_key())  # doctest: +SKIP
    """
    notes, mapping = Notes(), mapping or Mapping()
    found = _recognised(sources, mapping, notes, encoding)
    return _read(found, key, title, tuple(axes), founder, keep_ids, mapping, notes, today)


def preview(
    sources: Sources | Sequence[Path],
    mapping: Mapping | None = None,
    axes: Sequence[str] = AXES,
    founder: str | None = None,
    encoding: str | None = None,
    today: date | None = None,
) -> Preview:
    """Return what an import would make of some files; nothing is written, and nothing is raised for what the files hold.

    Examples
    --------
    >>> seen = preview([Path("staff.xlsx")])  # doctest: +SKIP
    >>> seen.problems  # doctest: +SKIP
    []
    """
    notes, mapping = Notes(), mapping or Mapping()
    try:
        found = _recognised(sources, mapping, notes, encoding)
    except CompanyError as error:
        return Preview([], [], notes.lines(shown=True), str(error).splitlines())
    files = [
        _seen(kind, source.table, mapping) for kind, source in found.sources.items() if source.table is not None
    ] + [FileSeen(s.path.name, "", kind, "a graph", 0, []) for kind, s in found.sources.items() if s.table is None]
    try:
        company = _read(found, bytes(32), "The firm", tuple(axes), founder, False, mapping, notes, today)
    except CompanyError as error:
        return Preview(files, [], notes.lines(shown=True), str(error).splitlines())
    departments: dict[str, dict[str, object]] = {}
    role = {str(d["name"]): d["role"] for d in company.draft.departments}
    for name, people in company.staff.departments.items():
        label = company.names[name]
        departments[name] = {
            "name": label,
            "role": role[label],
            "people": people,
            "guessed": label in company.draft.guessed_roles,
        }
    return Preview(files, understood(company), notes.lines(shown=True), [], departments)


def _recognised(sources: Sources | Sequence[Path], mapping: Mapping, notes: Notes, encoding: str | None) -> Recognised:
    if isinstance(sources, Sources):
        given = {kind: path for kind in KINDS if (path := getattr(sources, kind)) is not None}
        return recognise(sources.others, given, mapping, notes, encoding)
    return recognise(list(sources), {}, mapping, notes, encoding)


def _seen(kind: str, table: Table, mapping: Mapping) -> FileSeen:
    aliases = TABLES[kind]
    found = guess(table.header, aliases, mapping.of(kind).columns)
    options = candidates(table.header, aliases)
    rows = table.top(200)
    columns = []
    for c, heading in enumerate(table.header):
        cells = [row.cells[c] for row in rows]
        there = [cell for cell in cells if cell]
        personal = PERSONAL.search(plain(heading)) is not None
        columns.append(
            ColumnSeen(
                heading,
                next((f for f, column in found.items() if column == c), None),
                [f for f, places in options.items() if c in places],
                len(there) / len(cells) if cells else 0.0,
                [] if personal else list(dict.fromkeys(there))[:3],
            )
        )
    return FileSeen(table.file, table.sheet.name, kind, table.made, sum(1 for _ in table.rows()), columns)


def _read(
    found: Recognised,
    key: bytes,
    title: str,
    axes: tuple[str, ...],
    founder: str | None,
    keep_ids: bool,
    mapping: Mapping,
    notes: Notes,
    today: date | None,
) -> Company:
    sources = found.sources
    people = sources["people"]
    staff = read_people(people.readable, notes, founder, mapping.of("people"), today)
    _known_founder(staff, key, founder, mapping)
    heard: set[str] = set()
    links = read_links(sources["links"].readable, staff, notes, heard, mapping) if "links" in sources else None
    goals = {}
    if "departments" in sources:
        goals = read_goals(
            sources["departments"].readable, list(staff.departments), axes, notes, mapping.of("departments")
        )
    survey = _survey(found, staff, notes, heard, mapping)
    codes = {text for text in heard if privacy.is_code(text)}
    secrets = privacy.Names({*staff.personal, *(heard - codes)}, {*staff.ids, *codes})
    if secrets.within(title):
        raise refuse("--name", "holds somebody's name: choose another title", value=title)
    names = department_names(staff, secrets, notes, people.path.name, mapping)
    ids = _ids(staff, key, keep_ids)
    _rename(survey, names)
    network = analyse(staff, links) if links is not None else None
    if network is not None:
        _rename_network(network, names)
    made = draft(title, axes, staff, names, ids, links, goals, survey, notes, mapping)
    made.assumptions = [secrets.hidden(text) for text in made.assumptions]
    text = scenario_text(made)
    try:
        scenario = loads(text, file=SCENARIO)
    except ScenarioError as error:
        raise CompanyError(f"These files make no firm that can be simulated: {error}") from None
    kept = _kept(found, mapping, secrets)
    if founder is not None:
        kept.founder = privacy.pseudonyms([staff.people[staff.founder].key.lower()], key)[0]
    return Company(staff, links, goals, survey, network, names, ids, made, text, scenario, notes, secrets, kept)


def _survey(found: Recognised, staff: Staff, notes: Notes, heard: set[str], mapping: Mapping) -> Survey | None:
    sources = found.sources
    if "survey" not in sources:
        if "items" in sources:
            raise refuse(
                sources["items"].path.name,
                "declares questions, but there are no answers: give the survey as well (--survey FILE)",
            )
        return None
    answers = sources["survey"].readable
    if "items" in sources:
        items = read_items(sources["items"].readable, notes, mapping.of("items"))
    else:
        items = own_items()
        notes.guessed(
            sources["survey"].path.name,
            "items",
            "no items file was given: those of the ready questionnaire are looked for",
        )
    try:
        return read_survey(answers, items, staff, notes, heard, mapping.of("survey"))
    except CompanyError as error:
        if "items" in sources:
            raise
        raise CompanyError(
            *error.notes,
            "A survey other than the ready questionnaire needs its items file (item, construct, low, high, reversed): "
            "coherence import --template DIR writes one to fill in.",
        ) from None


def _known_founder(staff: Staff, key: bytes, founder: str | None, mapping: Mapping) -> None:
    """Find the founder whom an earlier import was told, by pseudonym."""
    if founder is None and mapping.founder:
        words = privacy.pseudonyms([p.key.lower() for p in staff.people], key)
        if mapping.founder in words:
            staff.founder = words.index(mapping.founder)


def _kept(found: Recognised, mapping: Mapping, secrets: privacy.Names) -> Mapping:
    """Return the corrections as they are written: with every heading that was used, and nothing that names somebody."""
    out = mapping.copy()
    for kind, source in found.sources.items():
        table = source.table
        if table is None:
            continue
        entry = out.of(kind)
        if table.sheet.name and entry.sheet is None and found.left_over.get(table.file):
            entry.sheet = table.sheet.name
        entry.columns = {f: h for f, h in entry.columns.items() if not secrets.within(h)}
        entry.sheet = entry.sheet if entry.sheet and not secrets.within(entry.sheet) else None
    out.roles = {d: r for d, r in out.roles.items() if not secrets.within(d)}
    out.names = {d: n for d, n in out.names.items() if not secrets.within(d) and not secrets.within(n)}
    return out


def _ids(staff: Staff, key: bytes, keep: bool) -> list[str]:
    ids = privacy.pseudonyms([p.key.lower() for p in staff.people], key)
    if keep:
        for i, person in enumerate(staff.people):
            if person.key.isascii() and person.key.isdigit() and len(person.key) <= 20:
                ids[i] = person.key
    return ids


def _renamed(group: str, names: dict[str, str]) -> str:
    return names.get(group) or " + ".join(names.get(part, part) for part in group.split(" + "))


def _rename(survey: Survey | None, names: dict[str, str]) -> None:
    """Call groups as the scenario calls its departments."""
    if survey is None or survey.groups is None:
        return
    survey.groups = {d: _renamed(g, names) for d, g in survey.groups.items()}
    survey.respondents = {_renamed(g, names): n for g, n in survey.respondents.items()}
    survey.means = {_renamed(g, names): m for g, m in survey.means.items()}
    survey.asked_of = {_renamed(g, names): n for g, n in survey.asked_of.items()}
    survey.answered_of = {_renamed(g, names): n for g, n in survey.answered_of.items()}
    for item in survey.items:
        item.groups.update({_renamed(g, names): item.groups.pop(g) for g in list(item.groups)})


def _rename_network(network: Network, names: dict[str, str]) -> None:
    network.group_silo = {_renamed(g, names): v for g, v in network.group_silo.items()}
    network.broker_groups = {_renamed(g, names): v for g, v in network.broker_groups.items()}
    network.group_sizes = {_renamed(g, names): n for g, n in network.group_sizes.items()}
    network.between = {
        _renamed(g, names): {_renamed(h, names): v for h, v in row.items()} for g, row in network.between.items()
    }

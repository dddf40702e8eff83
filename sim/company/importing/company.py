"""An imported company: what is known of it, and what of that may be kept."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from sim.company.importing import privacy
from sim.company.importing.goals import Goals, conflict, vision
from sim.company.importing.import_log import Notes
from sim.company.importing.links import Links
from sim.company.importing.mapping import Mapping
from sim.company.importing.network import Network, chart
from sim.company.importing.scenario_draft import Draft
from sim.company.importing.staff import Staff
from sim.company.importing.survey import Survey
from sim.company.known_names import marks
from sim.scenario import Scenario

SCENARIO, PEOPLE, LINKS, COMPANY, LOG = "scenario.toml", "people.csv", "links.csv", "company.json", "import-log.md"


@dataclass
class Sources:
    """The files of an import, named one by one; people are needed; `others` are known by what they hold."""

    people: Path | None = None
    links: Path | None = None
    departments: Path | None = None
    survey: Path | None = None
    items: Path | None = None
    others: tuple[Path, ...] = ()


@dataclass
class Company:
    """An imported company, before it is written."""

    staff: Staff
    links: Links | None
    goals: dict[str, Goals]
    survey: Survey | None
    network: Network | None
    names: dict[str, str]
    ids: list[str]
    draft: Draft
    text: str
    scenario: Scenario
    notes: Notes
    secrets: privacy.Names
    mapping: Mapping = field(default_factory=Mapping)


@dataclass(frozen=True)
class Understood:
    """One of the lines that matter: what it is about, what it says, and whether it is likely to be wrong."""

    about: str
    text: str
    loud: bool

    def __str__(self) -> str:
        """Return the line, marked where it needs attention."""
        return f"{'ATTENTION: ' if self.loud else ''}{self.about}: {self.text}"


def understood(company: Company) -> list[Understood]:
    """Return the five lines that matter: managers found, departments found, answers read, ties both ways, roles."""
    return [_managers(company), _departments(company), _answers(company), _ties(company), _roles(company)]


def _managers(company: Company) -> Understood:
    staff = company.staff
    without = sum(1 for p in staff.people if p.manager < 0) - (staff.founder >= 0)
    text = f"{staff.managers_found} of {staff.managers_named} named were found among {len(staff.people)} people"
    if without:
        text += (
            f"; {without} {'has' if without == 1 else 'have'} none besides the founder"
            if staff.founder >= 0
            else f"; {without} have none"
        )
    if staff.founder < 0:
        text += "; no founder was found (--founder ID)"
    flat = staff.managers_found * 2 < len(staff.people) - 1
    return Understood("Managers", text, flat or 2 * staff.managers_found < staff.managers_named or staff.founder < 0)


def _departments(company: Company) -> Understood:
    staff = company.staff
    posts = len(company.draft.order)
    text = f"{len(company.draft.departments)} found; given for {staff.departments_given} of {posts} people"
    many = len(company.draft.departments) > max(0.5 * posts, 12)
    if many:
        text += "; that is one for fewer than two people: is the column right?"
    return Understood("Departments", text, 2 * staff.departments_given < posts or many)


def _answers(company: Company) -> Understood:
    survey = company.survey
    if survey is None:
        return Understood("Answers", "no survey was given", False)
    text = f"{survey.read:,} of {survey.cells:,} read; {survey.answered} of {survey.asked} people answered"
    if survey.groups is None:
        text += ", too few to show anything (five are needed)"
    return Understood(
        "Answers", text, 2 * survey.read < survey.cells or 2 * survey.answered < survey.asked or survey.groups is None
    )


def _ties(company: Company) -> Understood:
    links = company.links
    if links is None:
        return Understood("Ties", "none were given: the model draws them", False)
    share = round(100 * links.mutual)
    text = f"{links.read:,} of {links.given:,} read, {len(links):,} different; {share} % go both ways"
    return Understood("Ties", text, 2 * links.read < links.given or links.suspicious)


def _roles(company: Company) -> Understood:
    by_role: dict[str, list[str]] = {}
    for entry in company.draft.departments:
        by_role.setdefault(str(entry["role"]), []).append(str(entry["name"]))
    said = []
    for role in ("promise", "deliver", "support"):
        names = by_role.get(role, [])
        more = f" and {len(names) - 4} more" if len(names) > 4 else ""
        said.append(f"{role}: {', '.join(names[:4])}{more}" if names else f"{role}: none")
    guessed = company.draft.guessed_roles
    text = "; ".join(said) + (
        f" ({len(guessed)} guessed: look at them, departments.csv says better)" if guessed else ""
    )
    lonely = len(company.draft.departments) > 1 and ("promise" not in by_role or "deliver" not in by_role)
    return Understood("Roles", text, lonely)


def content(company: Company, key: bytes) -> dict[str, Any]:
    """Return what is known of the company, by groups, as plain data."""
    staff, axes = company.staff, company.draft.axes
    goals = {company.names[d]: g for d, g in company.goals.items()}
    paid = {d: g.paid or g.asked for d, g in goals.items()}
    conflicts = {
        d: {e: round(conflict(axes, one, other), 2) for e, other in paid.items() if other}
        for d, one in paid.items()
        if one
    }
    span, most, layers = chart(staff)
    return {
        "title": company.draft.title,
        "axes": list(axes),
        "posts": len(company.draft.order),
        "founder": staff.founder >= 0,
        "departments": company.draft.departments,
        "chart": {"span": span, "span_most": most, "layers": layers},
        "left_in_a_year": staff.left_in_a_year,
        "goals": {
            d: {
                "asked": g.asked,
                "paid": g.paid,
                "asked_against_paid": round(conflict(axes, g.asked, g.paid), 2) if g.asked and g.paid else None,
                "paid_against_vision": round(conflict(axes, vision(axes), w), 2) if (w := g.paid or g.asked) else None,
            }
            for d, g in goals.items()
        },
        "conflict": conflicts,
        "network": company.network.plain() if company.network else None,
        "survey": _survey(company.survey, company.secrets),
        "assumptions": [company.secrets.hidden(text) for text in company.draft.assumptions],
        "understood": [
            {"about": s.about, "text": company.secrets.hidden(s.text), "loud": s.loud} for s in understood(company)
        ],
        "key": privacy.fingerprint(key),
        "name_marks": marks(company.secrets.words, key) if key else [],
    }


def _survey(survey: Survey | None, secrets: privacy.Names) -> dict[str, Any] | None:
    if survey is None:
        return None
    return {
        "asked": survey.asked,
        "answered": survey.answered,
        "groups": survey.groups and sorted(set(survey.groups.values())),
        "respondents": survey.respondents,
        "means": survey.means,
        "overall": survey.overall,
        "spread": survey.spread,
        "reliability": [asdict(r) for r in survey.reliability],
        "constructs": survey.constructs,
        "asked_of": survey.asked_of,
        "answered_of": survey.answered_of,
        "items": [asdict(r) | {"item": secrets.hidden(r.item), "text": secrets.hidden(r.text)} for r in survey.items],
    }

"""Which column is what: the headings that HR, org-chart and network tools write, and our names for them.

Sources of the aliases: the import pages of Organimi (ID, Boss ID, Manager ID, Role Title), BambooHR and tools that read its
exports (PersonID, SupervisorID, Reporting to, Employee #), Microsoft Viva Insights (PersonId, ManagerId, Organization, HireDate;
TieOrigin_PersonId, PrimaryCollaborator_PersonId), Gephi and Polinode (Source, Target, Weight, Type).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sim.company.importing.import_log import Notes

Aliases = Mapping[str, Sequence[str]]

PEOPLE: Aliases = {
    "person_id": (
        "personid",
        "employeeid",
        "employee",
        "employeenumber",
        "employeeno",
        "empid",
        "eeid",
        "uniqueid",
        "memberid",
        "workerid",
        "staffid",
        "userid",
        "personnelnumber",
        "personalnummer",
        "mitarbeiternummer",
        "mitarbeiterid",
        "id",
    ),
    "email": ("email", "emailaddress", "workemail", "businessemail", "userprincipalname", "upn", "mail"),
    "first_name": ("firstname", "givenname", "preferredname", "vorname", "preferredfirstname"),
    "last_name": ("lastname", "surname", "familyname", "nachname"),
    "name": ("name", "fullname", "displayname", "employeename", "personname", "mitarbeiter", "label"),
    "manager_id": (
        "managerid",
        "supervisorid",
        "bossid",
        "parentid",
        "reportstoid",
        "reportingtoid",
        "manageremployeeid",
        "supervisoreid",
        "superiorid",
        "linemanagerid",
        "vorgesetzterid",
        "manageremail",
        "supervisoremail",
        "managerupn",
        "reportsto",
        "reportingto",
        "manager",
        "supervisor",
        "linemanager",
        "managername",
        "supervisorname",
        "boss",
        "parent",
        "vorgesetzter",
    ),
    "department": (
        "department",
        "departmentname",
        "dept",
        "abteilung",
        "team",
        "teamname",
        "organization",
        "organisation",
        "orgunit",
        "unit",
        "division",
        "businessunit",
        "bereich",
        "functiontype",
        "function",
        "group",
    ),
    "job_title": ("jobtitle", "title", "roletitle", "role", "position", "positiontitle", "leveldesignation", "stelle"),
    "fte": (
        "fte",
        "fteratio",
        "ftepercent",
        "percentfte",
        "workingtime",
        "workload",
        "allocation",
        "allocationpct",
        "stellenanteil",
    ),
    "hire_date": (
        "hiredate",
        "originalhiredate",
        "startdate",
        "dateofjoining",
        "joindate",
        "joiningdate",
        "joined",
        "eintritt",
        "eintrittsdatum",
    ),
    "leave_date": (
        "terminationdate",
        "leavedate",
        "leavingdate",
        "enddate",
        "lastday",
        "exitdate",
        "austritt",
        "austrittsdatum",
    ),
    "status": ("status", "employmentstatus", "employeestatus", "workerstatus"),
}
PERSONAL = re.compile(
    r"birth|dob$|geburt|gender|^sex$|ethnic|nationality|salary|^pay|payrate|compens|^base|wage|gehalt|bonus|address|street|city|zip|postal|"
    r"phone|mobile|iban|bank|ssn|socialsecurity|tax|religion|marital|photo|note|comment|remark|bemerkung|freetext|disab|health"
)
"""Headings of what is personal and never used, whatever it holds."""
LINKS: Aliases = {
    "source": (
        "source",
        "from",
        "sourceid",
        "fromid",
        "ego",
        "tieoriginpersonid",
        "tieorigin",
        "primarycollaboratorpersonid",
        "primarycollaboratorid",
        "respondent",
        "respondentid",
        "listener",
        "node1",
        "sender",
        "personid",
        "id1",
        "von",
        "quelle",
    ),
    "target": (
        "target",
        "to",
        "targetid",
        "toid",
        "alter",
        "tiedestinationpersonid",
        "tiedestination",
        "secondarycollaboratorpersonid",
        "secondarycollaboratorid",
        "nominee",
        "nomineeid",
        "speaker",
        "node2",
        "receiver",
        "recipient",
        "collaboratorid",
        "id2",
        "nach",
        "ziel",
    ),
    "weight": (
        "weight",
        "strength",
        "value",
        "strongtiescore",
        "collaborationhours",
        "hours",
        "meetinghours",
        "frequency",
        "count",
        "gewicht",
    ),
    "type": ("type", "edgetype", "directed"),
}
COLLABORATION = {"tieoriginpersonid", "primarycollaboratorpersonid", "primarycollaboratorid", "tieorigin"}
"""Sources of ties that are shared work, and so go both ways."""
DEPARTMENTS: Aliases = {
    "department": PEOPLE["department"] + ("name",),  # type: ignore[operator]
    "role": ("role", "part"),
    "asked_for": ("askedfor", "asked", "mission", "mandate", "objective", "objectives", "strategy", "auftrag"),
    "paid_for": (
        "paidfor",
        "paid",
        "goal",
        "goals",
        "kpi",
        "kpis",
        "target",
        "targets",
        "rewardedfor",
        "bonusfor",
        "incentivised",
        "incentivized",
        "ziele",
    ),
    "incentive": ("incentive", "variablepay", "variableshare", "bonusshare", "localincentive"),
    "automation": ("automation", "automated", "automatedshare"),
}
SURVEY: Aliases = {
    "person_id": PEOPLE["person_id"] + ("respondent", "respondentid"),  # type: ignore[operator]
    "email": PEOPLE["email"],
    "name": PEOPLE["name"],
    "department": PEOPLE["department"],
    "item": ("item", "itemid", "question", "questionid", "frage"),
    "answer": ("answer", "response", "value", "score", "rating", "antwort"),
}
ITEMS: Aliases = {
    "item": ("item", "itemid", "question", "questionid", "id", "code", "frage"),
    "construct": ("construct", "scale", "dimension", "factor", "measures", "topic"),
    "low": ("low", "min", "minimum", "scalemin", "from", "von"),
    "high": ("high", "max", "maximum", "scalemax", "to", "bis"),
    "reversed": ("reversed", "reverse", "reversecoded", "negative", "umgepolt"),
    "key": ("key", "correct", "correctanswer", "solution"),
    "text": ("text", "wording", "questiontext", "itemtext", "label", "wortlaut"),
}
FACTS: Aliases = {
    "fact": ("fact", "name", "measure", "kpi", "observed"),
    "value": ("value", "observedvalue", "mean", "level"),
    "sd": ("sd", "uncertainty", "stderr", "se", "error", "plusminus"),
    "source": ("source", "from", "note"),
}


def plain(heading: str) -> str:
    """Return a heading in small letters and digits alone, without accents."""
    text = unicodedata.normalize("NFKD", heading[:200]).lower().replace("ß", "ss")
    return "".join(c for c in text if c.isascii() and c.isalnum())


def guess(header: Sequence[str], aliases: Aliases) -> dict[str, int]:
    """Return field -> column; of several candidates the one whose alias stands first."""
    names = [plain(cell) for cell in header]
    found: dict[str, int] = {}
    for field, words in aliases.items():
        place = next(
            (names.index(word) for word in words if word in names and names.index(word) not in found.values()), None
        )
        if place is not None:
            found[field] = place
    return found


def tell(file: str, header: Sequence[str], found: Mapping[str, int], notes: Notes, made: str) -> None:
    """Note how a table was read: its columns, and those that are not used."""
    said = ", ".join(f"{header[column]} -> {field}" for field, column in found.items())
    notes.guessed(file, "read as", f"{made}; columns: {said}")
    for column, heading in enumerate(header):
        if column not in found.values() and heading:
            personal = PERSONAL.search(plain(heading)) is not None
            notes.add(
                "left out", file, None, f"column {column + 1}", heading,
                "is personal and is never used" if personal else "has a heading that is not known, so it is not used",
            )  # fmt: skip


def number(text: str) -> float | None:
    """Return a number written with a decimal point or comma, or as a percentage; None where it is none."""
    text = text.strip().replace("\u00a0", "").replace("\u202f", "")
    percent = text.endswith("%")
    text = text.rstrip("% ").replace("'", "")
    if "," in text and "." in text:
        text = text.replace(",", "") if text.rfind(".") > text.rfind(",") else text.replace(".", "").replace(",", ".")
    else:
        text = text.replace(",", ".")
    if len(text) > 40 or not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", text):
        return None
    value = float(text)
    if value in (float("inf"), float("-inf")):
        return None
    return value / 100 if percent else value


_DATES = (
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%m/%d/%Y",
    "%d/%m/%Y",
    "%Y/%m/%d",
    "%d-%b-%Y",
    "%d %b %Y",
    "%b %d, %Y",
    "%Y%m%d",
    "%m/%d/%y",
)


def day(text: str) -> date | None:
    """Return a date in one of the usual notations, or None; where day and month are both possible, the month comes first."""
    text = text.strip()[:30]
    if len(text) > 10 and text[10] in "T ":
        text = text[:10]
    for form in _DATES:
        try:
            found = datetime.strptime(text, form).date()
        except ValueError:
            continue
        return found if 1900 <= found.year <= 2200 else None
    return None


def truth(text: str) -> bool:
    """Return whether a cell says yes."""
    return plain(text) in {"1", "yes", "y", "true", "t", "x", "r", "reversed", "reverse", "ja", "j", "wahr"}

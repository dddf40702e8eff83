"""People as HR systems export them: ids in disguise, headings of many systems, leavers, snapshots, titles and totals."""

from __future__ import annotations

from datetime import date

import pytest

from sim.company.importing.company import understood
from sim.company.importing.identity import Directory
from sim.company.importing.import_log import CompanyError
from sim.company.importing.mapping import Mapping
from sim.company.importing.org_chart import is_founders_title
from sim.company.importing.person_columns import left_by_status
from sim.company.importing.roles import role_of
from sim.company.importing.values import day, day_first, missing, number, yes_or_no
from tests.company.made import CHART, STAFF, imported, loud, managers, said

ROWS = [line.split(",") for line in STAFF.splitlines()]


def with_managers(change):
    """Return the staff with manager ids written another way."""
    return "\n".join(",".join([*r[:4], change(r[4]) if r[4] and i else r[4], *r[5:]]) for i, r in enumerate(ROWS))


def with_ids(change):
    return "\n".join(",".join([change(r[0]) if i else r[0], *r[1:]]) for i, r in enumerate(ROWS))


def name_of(key):
    return next((r[1] for r in ROWS if r[0] == key), "")


@pytest.mark.parametrize(
    "text",
    [
        with_managers(lambda m: f"{m}.0"),
        with_managers(lambda m: f"00{m}"),
        with_managers(lambda m: f" {m} "),
        with_managers(name_of),
        with_managers(lambda m: name_of(m).upper()),
        with_managers(lambda m: '"' + ", ".join(reversed(name_of(m).split())) + '"'),
        with_managers(lambda m: name_of(m).replace(" ", " B. ")),
        with_managers(lambda m: f"{name_of(m)} ({m})"),
        with_managers(lambda m: f"{m} - {name_of(m)}"),
        with_managers(lambda m: f"Dr. {name_of(m)}"),
    ],
)  # fmt: skip
def test_managers_are_found_in_the_usual_disguises(tmp_path, text):
    company = imported(tmp_path, {"p.csv": text})
    assert managers(company) == CHART
    assert company.staff.managers_found == 11
    assert not loud(company)


def test_ids_with_zeros_mean_those_without_and_the_other_way_round(tmp_path):
    company = imported(tmp_path, {"p.csv": with_ids(lambda i: f"00{i}"), "l.csv": "Source,Target\n102,103\n103,102\n"})
    assert {k.lstrip("0"): m and m.lstrip("0") for k, m in managers(company).items()} == CHART
    assert "without leading zeros" in said(company)
    assert len(company.links) == 2


def test_a_form_that_means_two_people_finds_nobody():
    directory = Directory()
    directory.fill([("007", ()), ("07", ()), ("9", ("Ada North",)), ("10", ("Ada B. North",))])
    assert directory.find("007") == 0
    assert directory.find("7") == -2
    assert directory.find("Ada B. North") == 3
    assert directory.find("North, Ada B.") == 3


def test_managers_under_foreign_ids_are_found_by_the_other_column(tmp_path):
    lines = [[*ROWS[0][:4], "ManagerName", "ManagerID"]] + [
        [*r[:4], name_of(r[4]), "7" if r[4] else ""] for r in ROWS[1:]
    ]
    company = imported(tmp_path, {"p.csv": "\n".join(",".join(r) for r in lines)})
    assert managers(company) == CHART
    assert "'ManagerName' is taken for manager_id, since 11 of its cells" in said(company)


def test_lost_managers_are_loud(tmp_path):
    company = imported(tmp_path, {"p.csv": with_managers(lambda m: f"X{m}Y")})
    assert any("0 of 11 managers were found" in line for line in loud(company))
    line = understood(company)[0]
    assert line.about == "Managers"
    assert line.loud
    assert "0 of 11" in line.text


def test_a_mark_for_managers_is_no_manager(tmp_path):
    text = "id,name,department,Manager\n" + "\n".join(f"{i},N{i} M,Sales,{int(i < 3)}" for i in range(1, 9))
    company = imported(tmp_path, {"p.csv": text})
    assert set(managers(company).values()) == {None}
    assert "holds only yes and no" in said(company)
    assert understood(company)[0].loud


def test_a_first_person_who_is_everybodys_manager_is_no_mark(tmp_path):
    company = imported(tmp_path, {"p.csv": "id,department,manager\n1,Top,\n2,Sales,1\n3,Sales,1\n4,Shop,1\n"})
    assert managers(company) == {"1": None, "2": "1", "3": "1", "4": "1"}


@pytest.mark.parametrize(
    "header",
    [
        "Employee ID,Worker,Supervisory Organization,Business Title,Worker's Manager,X,Hire Date,Worker Status",
        "Person ID External,Display Name,Department,Position Title,Manager User ID,FTE,Hire Date,Employee Status",
        "Associate ID,Payroll Name,Home Department Description,Job Title Description,Reports To Associate ID,FTE,Hire Date,Position Status",
        "Employee #,Employee Name,Department,Job Title,Reporting to,FTE,Hire Date,Employment Status",
        "Employee Number,Full Name,Department,Title,Manager Employee Number,FTE,Start Date,Employment Status",
        "Personalnummer,Vollständiger Name,Abteilung,Stelle,Vorgesetzter (Personalnummer),Stellenanteil,Eintrittsdatum,Status",
        "Pers.-Nr.,Mitarbeiter,Kostenstelle,Tätigkeit,Führungskraft,Beschäftigungsgrad,Eintritt,Beschäftigungsstatus",
        "Matricule,Nom complet,Service,Poste,Responsable hiérarchique,ETP,Date d'entrée,Statut",
        "ID empleado,Nombre completo,Departamento,Puesto,Jefe inmediato,Jornada,Fecha de ingreso,Estado",
        "Employee: ID,Employee: Name,Job: Department,Job: Job Title,Job: Manager ID,Job: FTE,Job: Hire Date,Job: Status",
        "Object ID,Display name,Department,Job title,Manager,X,Employee hire date,Status",
    ],
)
def test_headings_of_usual_systems_are_known(tmp_path, header):
    company = imported(tmp_path, {"p.csv": "\n".join([header, *STAFF.splitlines()[1:]])})
    assert managers(company) == CHART
    assert company.staff.departments == {"Sales": 5, "Workshop": 6}
    assert company.staff.people[1].hired == date(2012, 6, 15)
    assert not loud(company)


def test_google_and_entra_people_are_known_by_addresses(tmp_path):
    def mail(key):
        return name_of(key).lower().replace(" ", ".") + "@x.example" if key else ""

    head = "Email Address [Required],First Name [Required],Last Name [Required],Department,Employee Title,Manager Email,accountEnabled"
    lines = [
        f"{mail(r[0])},{r[1].replace(' ', ',')},{r[2]},{r[3]},{mail(r[4])},{'False' if r[0] == '112' else 'True'}"
        for r in ROWS[1:]
    ]
    company = imported(tmp_path, {"p.csv": "\n".join([head, *lines])})
    assert managers(company) == {mail(k): mail(m) or None for k, m in CHART.items() if k != "112"}


@pytest.mark.parametrize(("one", "two"), [("Nom", "Prénom"), ("Apellidos", "Nombre"), ("Name", "Vorname")])
def test_a_name_beside_a_first_or_last_name_is_the_other(tmp_path, one, two):
    head = f"ID,{one},{two},Department,Manager"
    lines = [f"{r[0]},{r[1].split()[1]},{r[1].split()[0]},{r[2]},{name_of(r[4])}" for r in ROWS[1:]]
    assert managers(imported(tmp_path, {"p.csv": "\n".join([head, *lines])})) == CHART


def test_a_heading_that_nobody_knows_can_be_named(tmp_path):
    text = STAFF.replace("Employee ID", "Zz").replace("Manager ID", "Qq").replace("Name,", "Nn,")
    with pytest.raises(CompanyError, match=r'--map person_id="HEADING".*Zz'):
        imported(tmp_path, {"people.csv": text})
    mapping = Mapping()
    mapping.map("person_id=Zz")
    mapping.map('people.manager_id="Qq"')
    assert managers(imported(tmp_path, {"people.csv": text}, mapping=mapping)) == CHART
    with pytest.raises(CompanyError, match="did you mean 'person_id'"):
        mapping.map("person_di=Zz")
    wrong = Mapping()
    wrong.map("people.person_id=Zy")
    with pytest.raises(CompanyError, match="is not a heading of this table"):
        imported(tmp_path, {"people.csv": text}, mapping=wrong)


@pytest.mark.parametrize(
    ("status", "left"),
    [
        ("Active", False), ("Aktiv", False), ("On leave", False), ("Maternity leave", False), ("Notice period", False),
        ("Resigned (serving notice until 31 Dec)", False), ("Elternzeit", False), ("Baja médica", False), ("Probation", False), ("", False),
        ("inaktiv", True), ("Inactive", True), ("Terminated", True), ("Retired", True), ("Leaver", True), ("Left company", True),
        ("Voluntarily Terminated", True), ("Terminated for Cause", True), ("ausgeschieden", True), ("Licencié", True), ("Baja", True),
        ("Former employee", True), ("nicht aktiv", True), ("0", False),
    ],
)  # fmt: skip
def test_status_words_say_who_has_left(status, left):
    assert left_by_status(status) is left


@pytest.mark.parametrize(
    ("head", "gone", "here"),
    [
        ("Attrition", "Yes", "No"),
        ("Termd", "1", "0"),
        ("Active", "No", "Yes"),
        ("Is Active", "0", "1"),
        ("Account Enabled", "false", "true"),
    ],
)
def test_flags_say_who_has_left(tmp_path, head, gone, here):
    lines = [",".join([*r[:7], gone if r[0] in ("111", "112") else here]) for r in ROWS[1:]]
    company = imported(tmp_path, {"p.csv": "\n".join([",".join([*ROWS[0][:7], head]), *lines])})
    assert [p.key for p in company.staff.people][-1] == "110"


def test_leaving_dates_ahead_and_dates_for_none_mean_here(tmp_path):
    ends = [
        "",
        "2027-12-31",
        "2099-12-31",
        "31.12.9999",
        "1900-01-01",
        "2026-06-30",
        "2026-01-15",
        "2020-05-05",
        *[""] * 4,
    ]
    lines = [",".join([*r[:7], e]) for r, e in zip(ROWS[1:], ends, strict=True)]
    company = imported(tmp_path, {"p.csv": "\n".join([",".join([*ROWS[0][:7], "End Date"]), *lines])})
    assert {p.key for p in company.staff.people} == {r[0] for r in ROWS[1:]} - {"106", "107", "108"}
    assert company.staff.left_in_a_year == 2
    assert "lies ahead, so the person still works here" in said(company)
    assert "stands for none" in said(company)


def test_days_and_months_are_decided_by_the_column():
    assert day_first(["03/04/2021", "25/12/2024"]) is True
    assert day_first(["03/04/2021", "12/25/2024"]) is False
    assert day_first(["03/04/2021"]) is None
    assert day("03/04/2021", True) == date(2021, 4, 3)
    assert day("03/04/2021", False) == date(2021, 3, 4)
    assert day("03.04.2021") == date(2021, 4, 3)
    assert [
        day(t)
        for t in ("2021-04-03T00:00:00", "3. April 2021", "3 avril 2021", "3 de abril de 2021", "Apr 3, 2021", "44289")
    ] == [date(2021, 4, 3)] * 6
    assert [day(t) for t in ("soon", "31/02/2021", "2099-12-31", "12", "")] == [None] * 5


def test_the_order_of_day_and_month_is_said(tmp_path):
    dates = ["03/04/2021", "13/02/2021", *["01/10/2025"] * 10]
    lines = [",".join([*r[:6], d]) for r, d in zip(ROWS[1:], dates, strict=True)]
    company = imported(tmp_path, {"p.csv": "\n".join([",".join(ROWS[0][:7]), *lines])})
    assert company.staff.people[0].hired == date(2021, 4, 3)
    assert "are read day first" in said(company)


def test_snapshots_keep_the_latest_and_whoever_is_missing_has_left(tmp_path):
    weeks = ["2026-05-01", "2026-05-08", "2026-05-15"]
    lines = [
        f"{i},{w},{'Service' if w == weeks[2] else 'Sales'},{1 if i > 1 else ''}"
        for i in range(1, 9)
        for w in weeks
        if (i, w) != (8, weeks[2])
    ]
    company = imported(tmp_path, {"p.csv": "\n".join(["PersonId,MetricDate,Organization,ManagerId", *lines])})
    assert company.staff.departments == {"Service": 6}
    assert company.staff.left_in_a_year == 1
    assert "3 dates of the same people" in said(company)
    assert len(company.notes.kept) < 10


def test_people_of_one_name_without_ids_are_kept_apart(tmp_path):
    text = "\n".join(
        ",".join((r[1] if r[0] not in ("103", "108") else "Ada North", r[2], name_of(r[4]))) for r in ROWS[1:]
    )
    company = imported(tmp_path, {"p.csv": "Name,Department,Manager\n" + text})
    assert len(company.staff.people) == 12
    assert company.staff.founder == 0
    assert "ask for ids" in said(company)


@pytest.mark.parametrize(
    "word",
    ["NA", "N/A", "-", "(blank)", "None", "null", "k.A.", "#N/A", "Sin dato", "non renseigné", "?", "not assigned"],
)
def test_departments_called_nothing_are_missing(tmp_path, word):
    assert missing(word)
    company = imported(tmp_path, {"p.csv": STAFF.replace("103,Cy Pine,Sales", f"103,Cy Pine,{word}")})
    assert company.staff.departments == {"Sales": 5, "Workshop": 6}


def test_a_column_of_no_departments_is_loud(tmp_path):
    company = imported(tmp_path, {"p.csv": STAFF.replace("Sales", "N/A").replace("Workshop", "-")})
    assert understood(company)[1].loud
    assert any("department is given for 0 of 11" in line for line in loud(company))


@pytest.mark.parametrize(
    "tail",
    ["Total,,,,,,,", "Grand total: 12,,,,,,,", ",,,,,,,\nSumme,,,,,8.05,,", "Anzahl: 12,,,,,,,", "Page 1 of 1,,,,,,,"],
)
def test_totals_are_no_people(tmp_path, tail):
    assert managers(imported(tmp_path, {"p.csv": STAFF + tail + "\n"})) == CHART


def test_headings_again_are_no_people(tmp_path):
    lines = STAFF.splitlines()
    company = imported(tmp_path, {"p.csv": "\n".join([*lines[:6], lines[0], *lines[6:], lines[0]])})
    assert managers(company) == CHART
    assert "repeats the heading; 2 times in all" in said(company)


@pytest.mark.parametrize(
    "title",
    [
        "Staff list as of 1 January 2026\n\n",
        "Staff list,,,,,,,\n,,,,,,,\n",
        "Report: Staff\nRun by: HR\nDate: 1.1.2026\n\n",
    ],
)
def test_titles_above_the_heading_are_skipped(tmp_path, title):
    company = imported(tmp_path, {"p.csv": title + STAFF})
    assert managers(company) == CHART
    assert "as a title" in said(company)


def test_whoever_has_everybody_below_leads_and_titles_only_decide_between_equals(tmp_path):
    text = STAFF.replace("Managing Director", "Geschäftsleitung").replace("Head of Sales,101", "Assistant to the CEO,")
    company = imported(tmp_path, {"p.csv": text})
    assert company.staff.people[company.staff.founder].key == "101"
    assert not is_founders_title("Assistant to the CEO")
    assert not is_founders_title("Stellvertretender Geschäftsführer")
    assert all(
        map(
            is_founders_title,
            ("CEO", "Founder and managing director", "Geschäftsführerin", "Directrice générale", "Gerente general"),
        )
    )
    flat = "id,title,department\n1,Clerk,Sales\n2,Owner,Sales\n3,Fitter,Shop floor\n"
    assert imported(tmp_path, {"p.csv": flat}).staff.founder == 1
    unclear = imported(tmp_path, {"p.csv": flat.replace("Owner", "Clerk")})
    assert unclear.staff.founder == -1
    assert any("--founder" in line for line in loud(unclear))


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Workshop", "deliver"), ("Shop floor", "deliver"), ("Shop", "promise"), ("Accounting", "support"), ("Accounts payable", "support"),
        ("Sales", "promise"), ("Key Account Management", "promise"), ("Customer Service", "deliver"), ("Business Development", "promise"),
        ("Software Development", "deliver"), ("Vertriebsinnendienst", "promise"), ("Kundendienst", "deliver"), ("Human Resources", "support"),
        ("IT/IS", "support"), ("Production       ", "deliver"), ("Ventas", "promise"), ("Comptabilité", "support"), ("Marketplace", "support"),
        ("Executive Office", "support"), ("Wholesale team", "support"), ("Service après-vente", "deliver"),
    ],
)  # fmt: skip
def test_roles_follow_whole_words(name, role):
    assert role_of(name)[0] == role


def test_titles_say_what_a_departments_name_does_not(tmp_path):
    assert role_of("Alpha", ["Sales rep", "Sales rep", "Clerk"]) == ("promise", "titles of its people")
    assert role_of("Alpha", ["Boss"]) == ("support", "default")
    company = imported(
        tmp_path, {"p.csv": STAFF.replace("Sales,Account manager", "Blue,Sales rep").replace("Sales", "Blue", 1)}
    )
    assert "roles guessed:" in said(company)
    mapping = Mapping(roles={"Workshop": "support"}, names={"Workshop": "The works"})
    corrected = imported(tmp_path, {"p.csv": STAFF}, mapping=mapping)
    assert [(d["name"], d["role"]) for d in corrected.draft.departments] == [
        ("Sales", "promise"),
        ("The works", "support"),
    ]
    assert understood(corrected)[4].loud  # nobody delivers


def test_working_time_in_hours_is_a_share_of_the_usual_week(tmp_path):
    text = "\n".join(
        [
            STAFF.splitlines()[0].replace("FTE", "Weekly Hours"),
            *[",".join([*r[:5], "20" if r[0] == "112" else "38.5", *r[6:]]) for r in ROWS[1:]],
        ]
    )
    people = imported(tmp_path, {"p.csv": text}).staff.people
    assert people[0].fte == 1
    assert people[-1].fte == pytest.approx(20 / 38.5)


def test_what_cells_say():
    assert [yes_or_no(t) for t in ("1", "1.0", "yes", "Nein", "oui", "x", "2", "")] == [
        True,
        True,
        True,
        False,
        True,
        True,
        None,
        None,
    ]
    assert number("١٢") is None
    assert not missing("Sales")

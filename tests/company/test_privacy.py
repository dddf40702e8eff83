"""Nobody is named, nobody's score is shown, and small groups stay together."""

from __future__ import annotations

import csv
import json
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.company.client_folder import forget, open_client, store
from sim.company.importing.company import Sources
from sim.company.importing.import_log import CompanyError
from sim.company.importing.mapping import Mapping
from sim.company.importing.privacy import Names, fingerprint, harmless, merged_groups, pseudonyms, softened
from sim.company.importing.reading import read
from sim.company.importing.survey import reliability, summed_up
from tests.company.made import KEY, STAFF, example, imported, input_names, stored_example, table


def test_no_input_name_stands_in_any_file(tmp_path):
    folder = stored_example(tmp_path / "client")
    names = {n.lower() for n in input_names()}
    for path in folder.rglob("*"):
        text = path.read_bytes().decode().lower()
        assert not [n for n in names if n in text], path


def test_a_department_called_after_somebody_is_renamed(tmp_path):
    text = "id,first name,last name,manager id,department\n1,Zora,Quell,,\n2,Ib,Amse,1,Team Zora\n3,Ul,Ose,1,=cmd()|x\n"
    company = read(Sources(table(tmp_path, "p.csv", text)), KEY)
    assert set(company.names.values()) == {"department 1", "cmd()|x"}
    store(company, tmp_path / "c", KEY, "0")
    for path in (tmp_path / "c").iterdir():
        assert "zora" not in path.read_text().lower()


def test_a_title_that_names_somebody_is_refused(tmp_path):
    text = "id,name,manager id,department\n1,Zora Quell,,\n2,Ib Amse,1,Shop\n"
    with pytest.raises(CompanyError, match="holds somebody's name"):
        read(Sources(table(tmp_path, "p.csv", text)), KEY, "Quell & Sons")


def test_pseudonyms_need_the_key():
    names = [f"person {i}" for i in range(2000)]
    one, same, other = pseudonyms(names, KEY), pseudonyms(names, KEY), pseudonyms(names, bytes(32))
    assert one == same
    assert len(set(one)) == len(names)
    assert not set(one) & set(other)
    assert fingerprint(KEY) not in KEY.hex()


@given(st.dictionaries(st.sampled_from("abcdefghij"), st.integers(0, 12), min_size=1))
def test_no_union_and_no_difference_of_groups_is_under_five(counts):
    groups = merged_groups(counts)
    if groups is None:
        assert sum(counts.values()) < 5
        return
    sizes: dict[str, int] = {}
    for name, group in groups.items():
        sizes[group] = sizes.get(group, 0) + counts[name]
    assert sum(sizes.values()) == sum(counts.values())
    whole = sum(sizes.values())
    for k in range(1, len(sizes) + 1):
        for chosen in combinations(sizes.values(), k):
            assert sum(chosen) >= 5
            assert whole - sum(chosen) == 0 or whole - sum(chosen) >= 5


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.lists(st.one_of(st.none(), st.floats(0, 1)), min_size=4, max_size=4)),
        max_size=40,
    )
)
def test_survey_groups_are_never_under_five_whatever_is_missing(rows):
    answers = np.array([[np.nan if x is None else x for x in row] for _, row in rows]).reshape(-1, 4)
    survey = summed_up(answers, ["belief", "belief", "engagement", "voice"], [d for d, _ in rows])
    assert all(n >= 5 for n in survey.respondents.values())
    assert set(survey.means) == set(survey.respondents)
    for means in survey.means.values():
        assert all(0.05 <= m <= 0.95 for m in means.values())
    if survey.groups is not None:
        assert set(survey.groups.values()) == set(survey.means)


def test_a_unanimous_group_does_not_give_everybodys_answer_away():
    assert softened(1.0) == 0.95
    assert softened(0.0) == 0.05


def test_small_departments_of_the_example_are_shown_together(tmp_path):
    company = json.loads((stored_example(tmp_path / "c") / "company.json").read_text())
    assert "Design" not in company["survey"]["means"]
    assert "unassigned" not in company["survey"]["means"]
    assert all(n >= 5 for n in company["survey"]["respondents"].values())
    assert "Design" not in company["network"]["between"]


def test_alpha_is_that_of_the_textbook():
    generator = np.random.default_rng(1)
    true = generator.standard_normal((4000, 1))
    answers = true + generator.standard_normal((4000, 4))
    found = reliability("belief", answers)
    assert found.alpha == pytest.approx(4 * 0.5 / (1 + 3 * 0.5), abs=0.02)  # Spearman-Brown of items correlated 0.5
    assert found.low < found.alpha < found.high
    assert reliability("belief", answers[:4]) is None


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1"])
def test_no_spreadsheet_executes_a_cell(cell):
    assert harmless(cell).startswith("'")
    assert harmless(-1.5) == "-1.5"
    assert harmless("plain") == "plain"


def test_every_csv_is_harmless(tmp_path):
    folder = stored_example(tmp_path / "c")
    for path in folder.glob("*.csv"):
        for row in csv.reader(path.read_text().splitlines()):
            assert all(harmless(cell) == cell for cell in row)


def test_names_are_found_as_words_only():
    names = Names(["Frank Salesman", "a.b@c.example"])
    assert names.within("Frank's team")
    assert not names.within("Sales")
    assert names.within("a.b@c.example")
    assert names.hidden("ask Frank") == "ask [name]"


def test_forget_removes_only_what_coherence_wrote(tmp_path):
    folder = stored_example(tmp_path / "c")
    (folder / "mine.txt").write_text("x")
    with pytest.raises(CompanyError, match=r"mine.txt"):
        forget(folder)
    (folder / "mine.txt").unlink()
    other = tmp_path / "other.key"
    other.write_text("00" * 32)
    with pytest.raises(CompanyError, match="another client"):
        forget(folder, other)
    removed, reports = forget(folder)
    assert not folder.exists()
    assert removed == [str(folder)]
    assert reports == []
    with pytest.raises(CompanyError, match="not a client folder"):
        open_client(folder)
    assert example().scenario.posts == 22


def test_codes_and_single_common_words_are_no_names(tmp_path):
    codes = "id,dept,manager\n101,100,\n102,104,101\n103,104,102\n104,104,102\n105,109,101\n109,109,105\n"
    assert imported(tmp_path, {"p.csv": codes}).names == {"104": "104", "109": "109"}
    prefixed = (
        STAFF.replace("\n1", "\nSALES-1")
        .replace(",101,", ",SALES-101,")
        .replace(",102,", ",SALES-102,")
        .replace(",107,", ",SALES-107,")
    )
    company = imported(tmp_path, {"p.csv": prefixed.replace("Ada North", "Ada Market")})
    assert company.names == {"Sales": "Sales", "Workshop": "Workshop"}
    named = imported(tmp_path, {"p.csv": STAFF.replace("Workshop", "Team Gus")})
    assert named.names["Team Gus"] == "department 2"


def test_keep_ids_keeps_digits_alone(tmp_path):
    logins = {line.split(",")[0]: line.split(",")[1].lower().replace(" ", "") + "1" for line in STAFF.splitlines()[1:]}
    text = STAFF
    for number, login in logins.items():
        text = text.replace(f"\n{number},", f"\n{login},").replace(f",{number},", f",{login},")
    company = imported(tmp_path, {"p.csv": text}, keep_ids=True)
    assert not set(company.ids) & set(logins.values())
    assert all(login in company.secrets.whole for login in logins.values())
    store(company, tmp_path / "c", KEY, "0")
    for path in (tmp_path / "c").iterdir():
        assert not [login for login in logins.values() if login in path.read_text()]
    assert imported(tmp_path, {"p.csv": STAFF}, keep_ids=True).ids == [
        line.split(",")[0] for line in STAFF.splitlines()[1:]
    ]
    assert not set(imported(tmp_path, {"p.csv": STAFF.replace("\n10", "\nE10")}, keep_ids=True).ids) & {"E101", "E102"}


def test_headings_and_items_called_after_people_are_masked_and_not_refused(tmp_path):
    items = "item,construct,low,high\nBen Oak listens,engagement,1,5\nQ2,engagement,1,5\n"
    survey = "Employee ID,Ben Oak listens,Q2,Ask Cy Pine\n" + "\n".join(f"{i},3,{i % 5 + 1},x" for i in range(102, 113))
    company = imported(tmp_path, {"p.csv": STAFF, "s.csv": survey, "i.csv": items})
    assert company.survey.answered == 11
    store(company, tmp_path / "c", KEY, "0")
    for path in (tmp_path / "c").iterdir():
        text = path.read_text().lower()
        assert "ben oak" not in text
        assert "cy pine" not in text
    assert "[name]" in (tmp_path / "c" / "import-log.md").read_text()


def test_people_called_like_our_own_words_do_no_harm(tmp_path):
    text = (
        STAFF.replace("Ada North", "Import Log")
        .replace("Ben Oak", "Read As")
        .replace("Cy Pine", "Li Xu")
        .replace("Di Quill", "Team Lead")
    )
    store(imported(tmp_path, {"p.csv": text.replace("Sales", "Read As")}), tmp_path / "c", KEY, "0")
    for path in (tmp_path / "c").iterdir():
        assert not [n for n in ("import log", "read as", "li xu") if n in path.read_text().lower()]
    assert open_client(tmp_path / "c").scenario.departments[0].name == "department 1"


def test_a_mapping_keeps_no_heading_and_no_sheet_called_after_people(tmp_path):
    mapping = Mapping(roles={"Team Gus": "deliver"}, names={"Sales": "Ben Oak's"})
    mapping.map("people.department=Where Ben Oak works")
    company = imported(tmp_path, {"p.csv": STAFF.replace("Department", "Where Ben Oak works")}, mapping=mapping)
    assert company.mapping.of("people").columns == {}
    assert company.mapping.roles == {}
    assert company.mapping.names == {}


def test_a_unanimous_company_gives_no_answer_away(tmp_path):
    items = "item,construct,low,high\nE1,engagement,1,5\nE2,engagement,1,5\n"
    survey = "Employee ID,E1,E2\n" + "\n".join(f"{i},5,5" for i in range(102, 113))
    found = imported(tmp_path, {"p.csv": STAFF, "s.csv": survey, "i.csv": items}).survey
    assert found.overall == {"engagement": 0.95}
    assert found.spread["engagement"] > 0
    assert all(item.mean == 0.95 for item in found.items)

"""Answers as survey tools write them: in words, with second headings, by wording; items with one scale value or own labels."""

from __future__ import annotations

import csv
import io

import pytest

from sim.company.importing.answer_scales import led_number, own_scale, scale_of
from sim.company.importing.company import understood
from sim.company.importing.import_log import CompanyError
from sim.company.importing.questionnaire import items_csv, kit, questions
from sim.company.importing.vocabulary import parts, plain, table
from tests.company.made import STAFF, imported, loud, said

ITEMS = """item,construct,low,high,reversed,text
Q1,engagement,1,5,,I am glad to work here
Q2,engagement,1,5,,I give more than I must
Q3,engagement,1,5,yes,I often think of leaving
Q4,clarity,1,5,,I know what matters most
Q5,clarity,1,5,,Messages are consistent
"""
ANSWERS = {
    102: "25131", 103: "44442", 104: "14144", 105: "51432", 106: "51311", 107: "15142", 108: "41524", 109: "45232",
    110: "24314", 111: "51231", 112: "35452",
}  # fmt: skip
"""Person -> answers to the five items."""
MEANS = {"engagement": 0.57, "clarity": 0.41}
TEXTS = [row["text"] for row in csv.DictReader(io.StringIO(ITEMS))]


def wide(head, cell=str, first=str, above=(), before=()):
    """Return the answers as a wide table: heading, further headings, one row a person."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerows([*above, head])
    writer.writerows(before)
    for person, answers in ANSWERS.items():
        writer.writerow([*([""] * (len(head) - 6)), first(person), *(cell(a) for a in answers)])
    return out.getvalue()


def read(tmp_path, survey, items=ITEMS, **options):
    return imported(tmp_path, {"answers.csv": survey, "p.csv": STAFF, "questions.csv": items}, **options)


QS = ["Q1", "Q2", "Q3", "Q4", "Q5"]


def test_numbers_are_scored(tmp_path):
    company = read(tmp_path, wide(["Employee ID", *QS]))
    assert company.survey.overall == MEANS
    assert (company.survey.read, company.survey.cells) == (55, 55)
    assert understood(company)[2].text == "55 of 55 read; 11 of 11 people answered"


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_answers_in_words_are_the_same_as_numbers(tmp_path, language):
    words = {
        r["position"]: parts(r[language])
        for r in table("answer_scales")
        if (r["family"], r["points"]) == ("agreement", "5")
    }
    for choice in (0, 1):
        company = read(tmp_path, wide(["Employee ID", *QS], lambda a, n=choice: words[a][n].capitalize()))
        assert company.survey.overall == MEANS
        assert company.survey.read == 55


@pytest.mark.parametrize("form", ["{} ({})", "{1}. {0}", "{} = {}", "{} - {}"])
def test_labels_beside_numbers_do_no_harm(tmp_path, form):
    ends = {"1": "not at all", "5": "fully"}
    if form.startswith("{1}"):
        company = read(tmp_path, wide(["Employee ID", *QS], lambda a: f"{a} {ends.get(a, '')}".strip()))
    else:
        company = read(tmp_path, wide(["Employee ID", *QS], lambda a: form.format(a, ends[a]) if a in ends else a))
    assert company.survey.overall == MEANS


def test_every_scale_of_every_language_is_one_row_of_steps():
    for row in table("answer_scales"):
        for language in ("en", "de", "fr", "es"):
            words = parts(row[language])
            assert words
            share = scale_of([words[0]], int(row["points"]), {})
            assert plain(words[0]) in share
    seven = scale_of(["somewhat agree", "agree", "strongly agree"], 7, {})
    assert [round(seven[plain(w)] * 6) for w in ("somewhat agree", "agree", "strongly agree")] == [4, 5, 6]
    assert scale_of(["agree"], 4, {})["agree"] == pytest.approx(2 / 3)
    assert [led_number(t) for t in ("5 (fully)", "agree (4)", "3 - neutral", "7", "none")] == [5, 4, 3, 7, None]


def test_own_labels_stand_in_the_items_file(tmp_path):
    labels = "item,construct,low,high,labels,text,reversed\n" + "".join(
        f'{q},{"engagement" if i < 3 else "clarity"},1,5,"bah=1|meh=2|so=3|oh=4|wow=5",,{"yes" if i == 2 else ""}\n'
        for i, q in enumerate(QS)
    )
    words = {"1": "Bah", "2": "meh", "3": "so", "4": "oh", "5": "WOW"}
    assert read(tmp_path, wide(["Employee ID", *QS], words.get), labels).survey.overall == MEANS
    assert own_scale("low|middle|high", None, None) == {"low": 0, "middle": 0.5, "high": 1}
    with pytest.raises(
        CompanyError, match=r"cannot be read on the scales of the items file: give their values in a column \"labels\""
    ):
        read(tmp_path, wide(["Employee ID", *QS], words.get))


def test_an_item_with_many_unreadable_answers_is_not_used_and_loud(tmp_path):
    text = (
        wide(["Employee ID", *QS])
        .replace("103,4,", "103,gloop,")
        .replace("104,1,", "104,gloop,")
        .replace("105,5,", "105,9,")
    )
    company = read(tmp_path, text)
    assert any("Q1" in line and "3 of its 11 answers could not be read" in line for line in loud(company))
    assert "'gloop'" in said(company)
    assert [r.item for r in company.survey.items] == ["Q2", "Q3", "Q4", "Q5"]
    one = read(tmp_path, wide(["Employee ID", *QS]).replace("103,4,", "103,9,"))
    assert not loud(one)
    assert "Q1 = '9' is not from 1 to 5" in said(one)


def test_heads_of_qualtrics(tmp_path):
    head = ["StartDate", "EndDate", "Status", "Employee ID", *QS]
    second = ["Start Date", "End Date", "Response Type", "Employee ID", *TEXTS]
    third = [f'{{"ImportId":"{c}"}}' for c in head]
    company = read(tmp_path, wide(head, before=[second, third]))
    assert company.survey.overall == MEANS
    assert "2 more rows hold headings" in said(company)
    by_text = read(
        tmp_path,
        wide(["StartDate", "EndDate", "Status", "Employee ID", *[f"QID{i}" for i in range(5)]], before=[second, third]),
    )
    assert by_text.survey.overall == MEANS


def test_heads_of_surveymonkey(tmp_path):
    head = ["Respondent ID", "Collector ID", "Start Date", "Employee ID", "How much do you agree?", "", "", "", ""]
    for labels in (QS, TEXTS):
        company = read(tmp_path, wide(head, before=[["", "", "", "Open-Ended Response", *labels]]))
        assert company.survey.overall == MEANS


@pytest.mark.parametrize(
    "form", ["{t}", "Q{i}. {t}", "{i}) {t}", "How much do you agree? [{t}]", "{t} ", "Block 1 - {t}"]
)
def test_heads_of_google_and_microsoft_forms_are_found_by_the_wording(tmp_path, form):
    head = ["Timestamp", "Email Address", *[form.format(i=i + 1, t=t) for i, t in enumerate(TEXTS)]]
    company = read(tmp_path, wide(head, first=lambda p: f"{p}@x.example"))
    assert company.survey.overall == MEANS
    assert company.survey.answered == 11


def test_long_answers_may_name_items_by_wording(tmp_path):
    rows = [
        f"{person},{text},{answer}"
        for person, answers in ANSWERS.items()
        for text, answer in zip(TEXTS, answers, strict=True)
    ]
    assert read(tmp_path, "\n".join(["person_id,question,answer", *rows])).survey.overall == MEANS


def test_people_who_answered_are_found_by_name(tmp_path):
    names = dict(line.split(",")[:2] for line in STAFF.splitlines()[1:])
    company = read(tmp_path, wide(["Name", *QS], first=lambda p: ", ".join(reversed(names[str(p)].split()))))
    assert company.survey.answered == 11


@pytest.mark.parametrize(
    ("items", "why"),
    [
        (
            "item,construct,scale\nQ1,engagement,often\n",
            "declares no item that can be used: in 1 rows the item has no scale",
        ),
        ("item,construct,low,high\nQ1,mood,1,5\n", "is not one of belief, incentive, engagement"),
        ("item,construct,low,high\nQ1,engagement,5,1\n", "low and high must be numbers, low the smaller"),
        ("item,construct,low,high\nK1,knowledge,,\n", "checks knowledge but has no key"),
        ("item,low,high\nQ1,1,5\n", "has no column 'construct'; its headings are 'item'"),
        ("item,construct,low,high\nZ1,engagement,1,5\n", "is neither long .* nor wide"),
    ],
)
def test_items_are_refused_for_a_true_reason(tmp_path, items, why):
    from sim.company.importing.company import Sources
    from sim.company.importing.reading import read as read_company
    from tests.company.made import KEY
    from tests.company.made import table as file

    paths = [file(tmp_path, f"{n}.csv", t) for n, t in (("p", STAFF), ("a", wide(["Employee ID", *QS])), ("i", items))]
    with pytest.raises(CompanyError, match=why) as error:
        read_company(Sources(paths[0], None, None, paths[1], paths[2]), KEY)
    assert "report" not in str(error.value)


def test_one_column_of_scales_is_enough(tmp_path):
    for scale in ("1-5", "1 to 5", "1 bis 5", "5"):
        items = "item,construct,scale\n" + "".join(f"{q},engagement,{scale}\n" for q in QS)
        assert read(tmp_path, wide(["Employee ID", *QS]), items).survey.constructs == ["engagement"]


def test_too_few_answers_are_loud(tmp_path):
    text = "\n".join(wide(["Employee ID", *QS]).splitlines()[:4])
    company = read(tmp_path, text)
    assert understood(company)[2].loud
    assert any("3 of 11 people answered" in line for line in loud(company))


@pytest.mark.parametrize("language", ["en", "de", "fr", "es"])
def test_the_ready_questionnaire_needs_no_items_file(tmp_path, language):
    asked = [q for q in questions() if q["construct"] != "knowledge"]
    for head in ([q["item"] for q in asked], [q[language] for q in asked]):
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(["Zeitstempel", "Employee ID", *head])
        writer.writerows([["", p, *(a[i % 5] for i in range(len(asked)))] for p, a in ANSWERS.items()])
        survey = imported(tmp_path, {"x.csv": STAFF, "y.csv": out.getvalue()}).survey
        assert survey.constructs == ["belief", "incentive", "engagement", "clarity", "voice"]
        assert survey.answered == 11
    own = items_csv(language).replace("PRI1,knowledge,,,,", "PRI1,knowledge,,,,first|second")
    named = imported(tmp_path, {"x.csv": STAFF, "y.csv": out.getvalue(), "z.csv": own})
    assert named.survey.means == survey.means


def test_the_kit_is_whole_in_four_languages():
    files = kit()
    assert len(files) == 12
    for language in ("en", "de", "fr", "es"):
        page = files[f"questionnaire-{language}.html"]
        assert page.count('class="box"') == 5 * 14
        assert all(q[language].split("'")[0].split('"')[0] in page for q in questions())
        assert "{{" not in page
        mail = files[f"e-mail-{language}.txt"]
        assert len(mail.split()) > 150
        assert [mail.count(f"\n{n}. ") for n in (1, 2, 3, 4)] == [1, 1, 1, 1]

"""Every usual make of file, in any order, known by what it holds."""

from __future__ import annotations

import base64
import doctest
import importlib
import io
import json
import zlib

import pandas as pd
import pytest

from sim.company.importing.encodings import implausible
from sim.company.importing.formats import kind_of, sheets
from sim.company.importing.import_log import CompanyError
from sim.company.importing.mapping import Mapping
from tests.company.made import CHART, STAFF, imported, loud, managers, said, ties

LINKS = "From,To\n102,101\n103,102\n"
OLD_EXCEL = (
    "c-rk)Pe>F|82`PQUH4D!x@&8ofh<B+<|Vp#(W%g+gJO9oBB(LP2-n?Z+lw8_vONYt5F`-@Ub<La`a=bE>kt@q2%=!Oj-G;o4!YC#zM0Wo^WZ{B"
    "#rqBKd*A#1y>I6InR)YOAzqw)&{D!0^gu`14xz3>Ca8qGMhv94ZOM9dkczGFPazbffvof6Y2<Z4j-edy5;WZRy(9{Jrg9Ql3}(_+auacob1;R>"
    "p_{0{ZIVRM%vm)uJ;QV>(|c_BjOl)sTw~fzwncFQ3&vnamphA(Yi+EHLdJc>J|9@J7fpC2XYr-$!m;(^K<=EG`a2b^zIx1o#;xB<TRAgTM1lrz"
    "4&Uu0@XcGPFOo{WxpD!L|EQJ+){)=Pe83d!(>%coh~T3xHGT}|&9Sj1bP)@X5w-w*6WLT|(z23=d&9thnKsW_Ij7NUWzAfE!b<1Ke%MS|=fiTZ"
    "=CvKGTH6tx^YuhW(ZGD1XMT)!@1?t6-wuon8K+n>#rwIl>+g_>!p3FkLC#Uu_?XI!JJ@3n(<>ZxJM%3}6Lc3;w+}VB%%N$vxyssh>SrJ0ow2im"
    "-$i_3@yO%W!WUyV@$>zq3yJyn#w^<CEi_90@|s4c=oB-zB%T;vE!-XA6Vv8jc8j1Eb91-dS6c&?5oR{d)M?45BUW0P`>dq5VC|~+MJ>#-IBp8Z"
    "LR%C6xtmiQGs3eI99iSYx*J(v$4_U!JHqpJ{PY#S9<31%WpLX2RuP7Rf`WpAf`WpALNx?`*E(PEK0bOl=Y)X!UuT(0S^XyYZ*deEy7F`|?L(UC"
    "942d;Kil9JUM#UeAMbym#4+kUhjEN>9^*C7UpiBX%KO={W9;`Wp<4Sd*OKQS?*AveM$(r"
)
"""A workbook of Excel 97, compressed: Employee ID, Manager ID, Department; 101 leads 102, and 102 leads 103 in Sales."""


def frame(text: str) -> pd.DataFrame:
    return pd.read_csv(io.StringIO(text), dtype=object, keep_default_na=False)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "parquet", "json", "jsonl", "wrapped.json", "tsv", "xls"])
def test_a_table_is_read_whatever_its_make_and_name(tmp_path, kind):
    path, data = tmp_path / f"export.{kind}", frame(STAFF)
    if kind == "xlsx":
        data.to_excel(path, index=False)
    elif kind == "ods":
        data.to_excel(path, index=False, engine="odf")
    elif kind == "parquet":
        data.to_parquet(path)
    elif kind == "wrapped.json":
        path.write_text(json.dumps({"report": {"title": "x", "rows": data.to_dict("records")}}))
    elif kind in ("json", "jsonl"):
        data.to_json(path, orient="records", lines=kind == "jsonl")
    else:  # tab-separated text, as some systems name .xls
        path.write_text(STAFF.replace(",", "\t"))
    company = imported(tmp_path, {path.name: path.read_bytes()})
    assert managers(company) == CHART


def test_a_workbook_of_the_old_kind_is_read(tmp_path):
    raw = zlib.decompress(base64.b85decode(OLD_EXCEL))
    company = imported(tmp_path, {"staff.xls": raw})
    assert managers(company) == {"101": None, "102": "101", "103": "102"}


def test_numbers_and_dates_of_a_workbook_are_ids_and_dates(tmp_path):
    data = frame(STAFF)
    data["Employee ID"] = data["Employee ID"].astype(float)
    data["Manager ID"] = pd.to_numeric(data["Manager ID"])
    data["Hire Date"] = pd.to_datetime(data["Hire Date"])
    data.to_excel(tmp_path / "a.xlsx", index=False, startrow=3)
    company = imported(tmp_path, {"a.xlsx": (tmp_path / "a.xlsx").read_bytes()})
    assert managers(company) == CHART
    assert company.staff.people[0].hired is not None
    assert "(line 5)" in said(company)  # of the founder, below three empty rows and the heading


def workbook(folder):
    with pd.ExcelWriter(folder / "book.xlsx") as book:
        pd.DataFrame({"Readme": ["Do not edit", "Export of our HR system"]}).to_excel(
            book, sheet_name="Read me", index=False
        )
        frame(STAFF).to_excel(book, sheet_name="Staff 2026", index=False)
        frame(STAFF.replace("Sales", "Shop")).to_excel(book, sheet_name="Staff 2025", index=False)
        frame(LINKS).to_excel(book, sheet_name="Who talks", index=False)
    return {"book.xlsx": (folder / "book.xlsx").read_bytes()}


def test_the_right_sheets_of_a_workbook_are_found_and_named(tmp_path):
    company = imported(tmp_path, workbook(tmp_path))
    assert managers(company) == CHART
    assert set(ties(company)) == {("102", "101"), ("103", "102")}
    assert "people: 'Staff 2026', links: 'Who talks'; not read are" in said(company)
    other = imported(tmp_path, workbook(tmp_path), mapping=Mapping())
    assert other.staff.departments == {"Sales": 5, "Workshop": 6}
    mapping = Mapping()
    mapping.of("people").sheet = "staff 2025"
    chosen = imported(tmp_path, workbook(tmp_path), mapping=mapping)
    assert chosen.staff.departments == {"Shop": 5, "Workshop": 6}
    assert chosen.mapping.of("people").sheet == "staff 2025"


def test_a_wrong_dimension_of_a_sheet_does_no_harm(tmp_path):
    import zipfile

    frame(STAFF).to_excel(tmp_path / "a.xlsx", index=False)
    out = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name)
            if name.endswith("sheet1.xml"):
                assert b'<dimension ref="A1:H13"' in data
                data = data.replace(b'<dimension ref="A1:H13"', b'<dimension ref="A1"')
            after.writestr(name, data)
    assert managers(imported(tmp_path, {"b.xlsx": out.getvalue()})) == CHART


def test_files_come_in_any_order(tmp_path):
    survey = "Employee ID,Q1,Q2\n" + "\n".join(f"{i},4,5" for i in range(102, 113))
    items = "item,construct,low,high\nQ1,engagement,1,5\nQ2,engagement,1,5\n"
    departments = "Department,Paid for\nSales,broad 1\n"
    files = {"a.csv": survey, "b.csv": LINKS, "c.csv": departments, "d.csv": STAFF, "e.csv": items}
    one = imported(tmp_path, files)
    other = imported(tmp_path, dict(reversed(files.items())))
    for company in (one, other):
        assert managers(company) == CHART
        assert len(company.links) == 2
        assert company.survey.answered == 11
        assert company.goals["Sales"].paid == {"broad": 1.0}
    assert one.text == other.text


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"a.csv": STAFF, "b.csv": STAFF}, "b.csv: and a.csv both look like people: say which is which with --people"),
        ({"a.csv": LINKS}, "hold no table of people.*a.csv is taken for links"),
        ({"a.csv": STAFF, "b.csv": "x,y,z\n1,2,3\n"}, "b.csv:1: is not known as people, links.*its headings are 'x'"),
        ({"a.csv": STAFF, "b.csv": "fact,value,sd\nturnover,0.1,0.05\n"}, "is a table of facts, which coherence calibrate takes"),
        ({"a.csv": STAFF, "b.csv": "item,construct,low,high\nQ1,belief,1,5\n"}, "b.csv: declares questions, but there are no answers"),
        ({"a.csv": STAFF, "b.csv": "Employee ID,Q1,Q2\n101,1,2\n"}, "needs its items file"),
        ({"a.xlsx": b"PK\x03\x04 not really"}, "is not a workbook that can be read"),
        ({"a.xlsx": b"no workbook at all"}, "is not a workbook that can be read"),
        ({"a.xls": b"\xd0\xcf\x11\xe0" + b"\0" * 600}, "is not a workbook that can be read"),
        ({"a.xls": b"<html><table><tr><td>ID"}, "is a web page under another name"),
        ({"a.json": b'{"a": 1'}, "is not JSON"),
        ({"a.json": b'{"a": 1}'}, "holds no list of records"),
        ({"a.parquet": b"PAR1 not really"}, "is not a Parquet file"),
        ({"a.csv": "id,department\n1,Sales\n"}, "holds one person only"),
    ],
)  # fmt: skip
def test_every_refusal_gives_its_reason(tmp_path, files, why):
    with pytest.raises(CompanyError, match=why) as error:
        imported(tmp_path, files)
    assert "report this" not in str(error.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "mac_roman", "cp850"]
)
def test_umlauts_survive_every_usual_encoding(tmp_path, encoding):
    text = STAFF.replace("Workshop", "Qualitätssicherung für Österreich").replace("Sales", "Geschäftsführung")
    company = imported(tmp_path, {"p.csv": text.encode(encoding)})
    assert set(company.names) == {"Qualitätssicherung für Österreich", "Geschäftsführung"}
    assert any("look at the umlauts" in line for line in loud(company)) == (encoding in ("mac_roman", "cp850"))


def test_an_encoding_can_be_said(tmp_path):
    text = STAFF.replace("Workshop", "Bjørk šport")
    company = imported(tmp_path, {"p.csv": text.encode("cp1250", "replace")}, encoding="cp1250")
    assert "Bj?rk šport" in company.names
    with pytest.raises(CompanyError, match="is not an encoding"):
        imported(tmp_path, {"p.csv": STAFF}, encoding="klingon")


def test_letters_that_were_broken_before_are_told(tmp_path):
    broken = "Geschäftsführung".encode().decode("cp1252")
    assert implausible("Geschäftsführung Ñandú façade Łódź Škoda Ærø") is None
    assert implausible(broken) is not None
    company = imported(tmp_path, {"p.csv": STAFF.replace("Workshop", broken)})
    assert any("broken letters" in line for line in loud(company))


@pytest.mark.parametrize(
    "text",
    [
        "sep=;\n" + STAFF.replace(",", ";"),
        STAFF.replace(",", "|"),
        '"' + STAFF.replace(",", '","').replace("\n", '"\n"')[:-1],
    ],
)
def test_delimiters_are_found(tmp_path, text):
    assert managers(imported(tmp_path, {"p.csv": text})) == CHART


def test_kinds_are_known_by_their_first_bytes(tmp_path):
    for raw, kind in (
        (b"PAR1", "parquet"),
        (b"[{", "json"),
        (b"a,b", "text"),
        (b"<gexf>", "graph"),
        (b"\xd0\xcf\x11\xe0", "xls"),
    ):
        (tmp_path / "x").write_bytes(raw)
        assert kind_of(tmp_path / "x") == kind
    with pytest.raises(CompanyError, match="is a folder"):
        kind_of(tmp_path)
    (tmp_path / "x").write_bytes(b"<gexf>")
    with pytest.raises(CompanyError, match="is a graph, not a table"):
        sheets(tmp_path / "x")


@pytest.mark.parametrize("name", ["identity", "org_chart", "roles", "answer_scales", "survey_items"])
def test_examples_in_the_text_run(name):
    done = doctest.testmod(importlib.import_module(f"sim.company.importing.{name}"))
    assert done.attempted > 0
    assert done.failed == 0

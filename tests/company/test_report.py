"""The report: self-contained, escaped, accessible, its numbers computed, and it opens in a browser."""

from __future__ import annotations

import html
import json
import math
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import openpyxl
import pytest

import sim.cli
from sim.company.client_folder import open_client, store
from sim.company.importing.company import Sources
from sim.company.importing.reading import read
from sim.company.report.content import make_content
from sim.company.report.page import page
from sim.company.report.plain_words import GLOSSARY
from sim.company.report.sections import headlines, sections
from tests.company.made import EXAMPLE, KEY, PEOPLE, input_names, stored_example, table


class Reader(HTMLParser):
    """Collects tags with their attributes, and the words."""

    def __init__(self):
        super().__init__()
        self.tags, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A client with what-ifs, its report and the tables."""
    folder = stored_example(tmp_path_factory.mktemp("report") / "client")
    cases = str(EXAMPLE / "cases.toml")
    assert sim.cli.status(["whatif", str(folder), "--cases", cases, "--budget", "1", "--search", "3", "-n", "10"]) == 0
    logo = folder.parent / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    command = ["report", str(folder), "-o", str(folder.parent / "r.html"), "-n", "44", "--consultant", "Okapi & Sons"]
    assert sim.cli.status([*command, "--logo", str(logo), "--tables", str(folder.parent / "r.xlsx")]) == 0
    page = (folder.parent / "r.html").read_text()
    reader = Reader()
    reader.feed(page)
    return folder, page, reader


def test_the_page_asks_for_nothing(made):
    _, page, reader = made
    for tag, attributes in reader.tags:
        assert tag not in ("script", "link", "iframe", "object", "form")
        for name in ("src", "href", "action", "data"):
            assert attributes.get(name, "data:").startswith(("data:", "#"))
    assert not re.search(r"url\((?!#)", page)
    assert "default-src 'none'" in page


def test_all_parts_are_there_and_accessible(made):
    _, _, reader = made
    words = " ".join(" ".join(reader.words).split())
    for part in (
        "Three findings",
        "The numbers",
        "Where it is heading",
        "What would help",
        "The firm as it is",
        "What matters most",
        "Early warnings",
        "What this rests on",
        "Limits",
        "Contents",
        "Words",
        "by Okapi & Sons",
    ):
        assert part in words
    assert "does not forecast" in words
    assert "Pseudonymous is not anonymous" in words
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("h1") == 1
    for tag, attributes in reader.tags:
        if tag == "img":
            assert len(attributes["alt"]) > 10
        if tag == "svg":
            assert attributes["role"] == "img"
            assert len(attributes["aria-label"]) > 20
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
        if tag == "html":
            assert attributes["lang"] == "en"
    assert tags.count("table") == tags.count("caption")


def test_colours_of_words_have_contrast():
    from sim.company.report.page import TEMPLATES

    css = (TEMPLATES / "report.css").read_text()

    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for name in ("ink", "soft", "blue", "orange", "green"):
        colour = re.search(rf"--{name}: (#\w+)", css)[1]
        for ground in ("#ffffff", "#f3f6f8"):
            one, other = sorted((light(colour), light(ground)))
            assert (other + 0.05) / (one + 0.05) >= 4.5, name


def test_no_input_name_stands_in_the_report(made):
    text = re.sub(
        r"base64,[A-Za-z0-9+/=]+", "", made[1]
    )  # pictures are checked where they are drawn: they hold no names
    assert not [n for n in input_names() if n.lower() in text.lower()]


def test_no_input_name_stands_in_anything_that_was_kept(made):
    folder, _, _ = made
    for path in (p for p in folder.rglob("*") if p.is_file()):
        text_ = path.read_bytes().decode().lower()
        assert not [n for n in input_names() if n.lower() in text_], path


@pytest.fixture(scope="module")
def content(made):
    return make_content(open_client(made[0]), 44, 0)


def test_every_finding_with_a_number_stands_in_the_page_and_in_the_tables_file(made, content):
    folder, page, _ = made
    shown = html.unescape(page)
    parts = sections(content)
    all_ = [*headlines(content), *(f for s in parts for f in s.findings)]
    assert len(all_) > 20
    for finding in all_:
        assert finding.sentence in shown
    book = openpyxl.load_workbook(folder.parent / "r.xlsx")
    rows = list(book["Findings"].iter_rows(min_row=3, values_only=True))
    assert [row[4] for row in rows] == [f.sentence for f in all_]
    for row, finding in zip(rows, all_, strict=True):
        assert row[5] == (None if math.isnan(finding.value) else pytest.approx(finding.value))
    assert {t.name for s in parts for t in s.tables} <= set(book.sheetnames)


def test_numbers_in_the_findings_are_those_of_the_results(content):
    alive = int((content.batch.closed < 0).sum())
    first, _, third = headlines(content)
    assert f"{alive} of 44 simulated firms" in first.sentence
    assert third.n == 10
    assert "10 pairs" in third.headline + third.sentence


def test_words_are_explained_once_and_in_order():
    assert list(GLOSSARY) == sorted(GLOSSARY, key=str.lower)


def test_what_comes_in_is_escaped(made, content):
    content = replace(
        content,
        client=content.client | {"title": "<script>alert('x')</script>", "assumptions": ["<img src=x onerror=y>"]},
    )
    names = {d: f"<b>{d}" for d in content.client["goals"]}
    goals = {names[d]: g for d, g in content.client["goals"].items()}
    conflict = {names[a]: {names[b]: v for b, v in row.items()} for a, row in content.client["conflict"].items()}
    text = page(replace(content, client=content.client | {"goals": goals, "conflict": conflict}), "2026-01-01", "<i>me")
    for bad in ("<script", "<img src=x", "<b>", "<i>"):
        assert bad not in text


def kept(folder):
    return make_content(open_client(folder), 8, 0)


def test_results_of_another_firm_are_dropped_and_it_is_said(tmp_path):
    folder = stored_example(tmp_path / "client")
    assert sim.cli.status(["whatif", str(folder), "--set", "founder.cadence=2", "-n", "4"]) == 0
    assert kept(folder).kept is not None
    scenario = folder / "scenario.toml"
    scenario.write_text(scenario.read_text().replace("weeks = 156", "weeks = 80"))
    found = kept(folder)
    assert found.kept is None
    assert "scenario.toml was changed" in found.dropped[0]
    assert found.dropped[0] in html.unescape(page(found, "2026-01-01"))


def test_measures_tried_before_a_calibration_are_not_mixed_with_it(tmp_path):
    folder = stored_example(tmp_path / "client")
    assert sim.cli.status(["whatif", str(folder), "--set", "founder.cadence=2", "-n", "4"]) == 0
    facts = table(tmp_path, "f.csv", "fact,value,sd\nturnover,0.2,0.2\n")
    assert sim.cli.status(["calibrate", str(folder), "--facts", str(facts), "--points", "300"]) == 0
    found = kept(folder)
    assert found.calibrated
    assert found.kept is None
    assert "calibrated" in found.dropped[0]
    assert sim.cli.status(["whatif", str(folder), "--set", "founder.cadence=2", "-n", "4"]) == 0
    assert kept(folder).kept.draws == 200
    company = json.loads((folder / "company.json").read_text())
    (folder / "company.json").write_text(json.dumps(company | {"title": "Another"}))
    found = kept(folder)
    assert (found.kept, found.calibration) == (None, None)
    assert all("imported again" in sentence for sentence in found.dropped)


def test_a_calibration_that_does_not_fit_is_said_and_used_nowhere(tmp_path):
    folder = stored_example(tmp_path / "client")
    facts = table(tmp_path, "f.csv", "fact,value,sd\nengagement,0.95,0.01\nturnover,1.5,0.02\nrework,0.6,0.02\n")
    assert sim.cli.status(["calibrate", str(folder), "--facts", str(facts), "--points", "300"]) == 0
    found = kept(folder)
    assert not found.calibrated
    text = html.unescape(re.sub(r"<[^>]+>", " ", page(found, "2026-01-01")))
    assert "The model does not fit this firm" in text
    for used in ("its calibrated values", "calibrated;", "were calibrated to", "calibrated sets"):
        assert used not in text
    plain = make_content(open_client(stored_example(tmp_path / "other")), 8, 0)
    np.testing.assert_array_equal(found.batch.closed, plain.batch.closed)


def test_without_goals_and_survey_the_report_describes_the_typical_firm(tmp_path):
    people = table(tmp_path, "p.csv", PEOPLE)
    store(read(Sources(people), KEY), tmp_path / "c", KEY, "0")
    found = kept(tmp_path / "c")
    assert found.whose.typical
    text = html.unescape(page(found, "2026-01-01"))
    assert "typical firm with this firm's chart, and not this firm" in text
    assert "silo" not in headlines(found)[1].sentence.lower()


def test_one_department_gives_a_report_without_silos(tmp_path):
    rows = "".join(f"{i},1,Ops\n" for i in range(2, 16))
    people = table(tmp_path, "p.csv", f"id,manager id,department\n1,,\n{rows}")
    links = table(tmp_path, "l.csv", "source,target\n" + "".join(f"{i},{i % 14 + 2}\n" for i in range(2, 16)))
    store(read(Sources(people, links), KEY), tmp_path / "c", KEY, "0")
    found = kept(tmp_path / "c")
    text = page(found, "2026-01-01")
    assert "stay inside a department" not in text
    assert "E-I index" not in text.partition('id="words"')[0]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_it_opens_in_a_browser_and_prints_on_a4(made, tmp_path):
    folder, _, _ = made
    from sim.company.report.pdf import FLAGS, to_pdf

    path = folder.parent / "r.html"
    shot = tmp_path / "shot.png"
    command = [
        "chromium",
        *FLAGS,
        f"--user-data-dir={tmp_path}/p",
        f"--screenshot={shot}",
        "--window-size=1280,2000",
        path.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert shot.stat().st_size > 50_000
    to_pdf(path, tmp_path / "r.pdf")
    raw = (tmp_path / "r.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    width, height = map(float, re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", raw).groups())
    assert (round(width), round(height)) == (595, 842)

"""The report: self-contained, escaped, accessible, its numbers computed, and it opens in a browser."""

from __future__ import annotations

import re
import shutil
import subprocess
from html.parser import HTMLParser

import pytest

import sim.cli
from sim.company.client_folder import open_client
from sim.company.report.content import make_dossier
from sim.company.report.findings import findings
from sim.company.report.html import text
from sim.company.report.network_data import network_of
from sim.company.report.page import report
from tests.company.made import EXAMPLE, input_names, stored_example


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
    """A client with what-ifs and its report."""
    folder = stored_example(tmp_path_factory.mktemp("report") / "client")
    assert (
        sim.cli.status(
            [
                "whatif",
                str(folder),
                "--cases",
                str(EXAMPLE / "cases.toml"),
                "--budget",
                "1",
                "--search",
                "3",
                "-n",
                "10",
            ]
        )
        == 0
    )
    assert sim.cli.status(["report", str(folder), "-o", str(folder.parent / "r.html"), "-n", "44"]) == 0
    page = (folder.parent / "r.html").read_text()
    reader = Reader()
    reader.feed(page)
    return folder, page, reader


def test_the_page_asks_for_nothing(made):
    _, page, reader = made
    for tag, attributes in reader.tags:
        assert tag not in ("script", "link", "iframe", "object", "form")
        for name in ("src", "href", "action", "data"):
            assert attributes.get(name, "data:").startswith("data:")
    assert "url(" not in page
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
    ):
        assert part in words
    assert "does not forecast" in words
    assert "Pseudonymous is not anonymous" in words
    tags = [tag for tag, _ in reader.tags]
    assert tags.count("h1") == 1
    for tag, attributes in reader.tags:
        if tag == "img":
            assert len(attributes["alt"]) > 20
        if tag == "svg":
            assert attributes["role"] == "img"
            assert len(attributes["aria-label"]) > 20
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
        if tag == "html":
            assert attributes["lang"] == "en"
    assert tags.count("table") == tags.count("caption")


def test_colours_of_words_have_contrast():
    from sim.company.report.html import CSS

    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    for name in ("ink", "soft", "blue", "orange", "green"):
        colour = re.search(rf"--{name}: (#\w+)", CSS)[1]
        for ground in ("#ffffff", "#f3f6f8"):
            one, other = sorted((light(colour), light(ground)))
            assert (other + 0.05) / (one + 0.05) >= 4.5, name


def test_no_input_name_stands_in_the_report(made):
    page = re.sub(
        r"base64,[A-Za-z0-9+/=]+", "", made[1]
    )  # pictures are checked where they are drawn: they hold no names
    assert not [n for n in input_names() if n.lower() in page.lower()]


def test_no_input_name_stands_in_anything_that_was_kept(made):
    folder, _, _ = made
    for path in (p for p in folder.rglob("*") if p.is_file()):
        text_ = path.read_bytes().decode().lower()
        assert not [n for n in input_names() if n.lower() in text_], path


def test_numbers_in_the_findings_are_those_of_the_results(made):
    folder, page, _ = made
    dossier = make_dossier(open_client(folder), 44, 0, 1)
    alive = int((dossier.material.closed < 0).sum())
    _, words = findings(dossier)[0]
    assert f"{alive} of 44 simulated firms" in words
    assert text(words) in page
    best = max(dossier.whatif, key=lambda f: f.at("cash", 156).good)
    assert best.name in findings(dossier)[2][0] or "None of" in findings(dossier)[2][0]
    assert page.count("<li><strong>") == 3


def test_what_comes_in_is_escaped(made):
    folder, _, _ = made
    dossier = make_dossier(open_client(folder), 8, 0, 1)
    dossier.client["title"] = "<script>alert('x')</script>"
    dossier.client["assumptions"] = ["<img src=x onerror=y>"]
    page = report(dossier, network_of(folder), "2026-01-01")
    assert "<script" not in page
    assert "<img src=x" not in page


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs chromium")
def test_it_opens_in_a_browser_and_prints_on_a4(made, tmp_path):
    folder, _, _ = made
    from sim.company.report.pdf import FLAGS, to_pdf

    page = folder.parent / "r.html"
    shot = tmp_path / "shot.png"
    command = [
        "chromium",
        *FLAGS,
        f"--user-data-dir={tmp_path}/p",
        f"--screenshot={shot}",
        "--window-size=1280,2000",
        page.as_uri(),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    assert shot.stat().st_size > 50_000
    to_pdf(page, tmp_path / "r.pdf")
    raw = (tmp_path / "r.pdf").read_bytes()
    assert raw.startswith(b"%PDF")
    width, height = map(float, re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", raw).groups())
    assert (round(width), round(height)) == (595, 842)

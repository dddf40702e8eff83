"""The front end's files: modules by name, short lines, one global, no markup from text; pages that escape."""

import gzip
import re

import pytest

from sim.classroom.pages import STATIC, TEMPLATES, bundle, data_block, page

MODULES = sorted(STATIC.glob("*.js"))


@pytest.mark.parametrize("path", [*MODULES, *STATIC.glob("*.css"), *TEMPLATES.glob("*.html")], ids=lambda p: p.name)
def test_lines_are_short_and_files_are_of_a_size_to_be_read(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert max(map(len, lines)) <= 120
    assert len(lines) <= (410 if path.suffix == ".js" else 800)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.name)
def test_nothing_becomes_markup_or_code_and_nothing_global(path):
    text = path.read_text(encoding="utf-8")
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|setAttribute\(.style", text
    )
    assert re.findall(r"window\.(\w+) = ", text) == (["Coherence"] if path.name == "start.js" else [])
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[a-z]", text)


def test_the_bundle_holds_each_module_once_and_no_imports():
    script = bundle()
    names = re.findall(r"^// (\w+\.js)$", script, re.MULTILINE)
    assert len(names) == len(set(names)) > 20
    assert not re.search(r"^(import|export) ", script, re.MULTILINE)
    assert "</script" not in script
    assert "<!--" not in script


def test_the_phones_page_is_small_on_the_way():
    """Five KB for all of it: page, style and scripts as they travel."""
    files = [STATIC / "phone.js", STATIC / "phone.css", STATIC / "dom.js"]
    sent = sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) + len(page("phone.html"))
    assert sent < 5 * 1024


def test_data_cannot_end_the_script_that_it_stands_in():
    block = data_block({"title": "</script><!--<script>&"})
    assert not set("<>&") & set(block)


def test_a_name_that_a_template_needs_is_not_left_out():
    from jinja2 import UndefinedError

    with pytest.raises(UndefinedError):
        page("class_report.html")

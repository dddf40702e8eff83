"""A ready questionnaire in four languages, printable, with its scale and scoring, and an e-mail that asks for the right exports."""

from __future__ import annotations

import csv
import io
from functools import cache
from importlib import resources
from typing import Any

from sim.company.importing.answer_scales import LANGUAGES
from sim.company.importing.survey_items import Item
from sim.company.importing.vocabulary import plain

_FOLDER = "sim.company.importing.templates"


def _text(name: str) -> str:
    return resources.files(_FOLDER).joinpath(name).read_text(encoding="utf-8")


@cache
def questions() -> tuple[dict[str, str], ...]:
    """Return the questions: item, construct, reversed, and the wording in each language."""
    return tuple(csv.DictReader(_text("questionnaire.csv").splitlines()))


@cache
def own_items() -> dict[str, Item]:
    """Return the items of the ready questionnaire by plain name; its answers need no items file, but for the open question."""
    return {
        plain(q["item"]): Item(
            q["item"], q["construct"], 1, 5, q["reversed"] == "yes", (), q["en"], {}, tuple(q[x] for x in LANGUAGES[1:])
        )
        for q in questions()
        if q["construct"] != "knowledge"
    }


def items_csv(language: str) -> str:
    """Return the items file of the questionnaire; the right answers of the open question are to be filled in."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["item", "construct", "low", "high", "reversed", "key", "text"])
    for q in questions():
        ends = ("", "") if q["construct"] == "knowledge" else (1, 5)
        writer.writerow([q["item"], q["construct"], *ends, q["reversed"], "", q[language]])
    return out.getvalue()


def questionnaire_html(language: str) -> str:
    """Return the questionnaire as a page to print."""
    import jinja2

    word = {row["key"]: row[language] for row in csv.DictReader(_text("questionnaire_words.csv").splitlines())}
    rows: list[dict[str, Any]] = [q | {"text": q[language]} for q in questions()]
    page = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined).from_string(
        _text("questionnaire.html")
    )
    return page.render(
        language=language,
        word=word,
        labels=[word[f"l{i}"] for i in range(1, 6)],
        closed=[q for q in rows if q["construct"] != "knowledge"],
        open=[q for q in rows if q["construct"] == "knowledge"],
    )


def email(language: str) -> str:
    """Return the e-mail to the client that asks for the exports."""
    return _text(f"email/{language}.txt")


def kit() -> dict[str, str]:
    """Return all files of the kit by name: questionnaires and items in each language, e-mails."""
    out = {}
    for language in LANGUAGES:
        out[f"questionnaire-{language}.html"] = questionnaire_html(language)
        out[f"items-{language}.csv"] = items_csv(language)
        out[f"e-mail-{language}.txt"] = email(language)
    return out

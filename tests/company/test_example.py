"""The shipped example tells one story: its facts are those of its own survey and people, and the model fits it."""

from __future__ import annotations

import pytest

from sim.company.calibration.abc import calibrate
from sim.company.calibration.facts import read_facts
from tests.company.made import EXAMPLE, example


@pytest.fixture(scope="module")
def facts():
    return {f.name: f for f in read_facts(EXAMPLE / "facts.csv")}


def test_its_engagement_is_that_of_its_survey(facts):
    survey = example().survey
    assert facts["engagement"].value == pytest.approx(survey.overall["engagement"], abs=0.006)
    assert f"{survey.answered} of {survey.asked} people" in facts["engagement"].source


def test_its_leavers_are_those_of_its_people_file(facts):
    company = example()
    assert facts["turnover"].value == pytest.approx(company.staff.left_in_a_year / len(company.ids[1:]), abs=0.006)
    assert f"{company.staff.left_in_a_year} leavers in {company.scenario.posts} posts" in facts["turnover"].source


def test_the_model_fits_it(facts):
    found = calibrate(example().scenario, list(facts.values()), points=800)
    assert found.fit.fits, found.verdict()
    assert found.tells

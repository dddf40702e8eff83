"""The page that documents the model stays in step with the declarations."""

from sim.rules.week import PHASES
from sim.scenario.parameter_table import PAGE, with_table


def test_the_table_of_parameters_in_the_model_page_is_the_declared_one():
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_table(page), "renew it with `python -m sim.scenario.parameter_table`"


def test_the_model_page_tells_the_phases_in_the_order_of_the_week():
    page = PAGE.read_text(encoding="utf-8")
    schedule = page[page.index("## 3 Process") : page.index("## 4 Design")].replace("\n", " ")
    spoken = {
        "record_measures": "measures are recorded",
        "hire": "posts open",
        "people_come_and_go": "people come and go",
    }
    places = [schedule.index(spoken.get(p.__name__, p.__name__.replace("_", " "))) for p in PHASES]
    assert places == sorted(places)

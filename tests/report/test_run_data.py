import pickle

import numpy as np
import pytest

from sim.report.run_data import caption, gather
from sim.scenario.model import Scenario
from tests.report.fake import made_up


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ({"kind": "market_turns", "angle": 1.5708}, "market turns by 90°"),
        ({"kind": "department_turned", "department": "sales", "angle": 0.7854}, "sales turned by 45°"),
        ({"kind": "people_turned", "people": 3, "angle": 3.1416}, "3 people turned by 180°"),
        ({"kind": "cash_cut", "weeks": 4}, "cash cut by 4 weeks of cost"),
        ({"kind": "demand_drop", "share": 0.25}, "25 % of customers lost"),
        ({"kind": "automation", "share": 0.6, "departments": ["sales"]}, "60 % automated in sales"),
        ({"kind": "set", "values": {"founder.clarity": 0.4, "scarcity": 0.7}}, "clarity = 0.4, scarcity = 0.7"),
        ({"kind": "founder_leaves"}, "founder leaves"),
        ({"kind": "merger", "people": 12, "angle": 1}, "12 people merged in"),
        ({"kind": "initiative", "effort": 9, "share": 0.1, "deadline": 8}, "initiative"),
        ({"kind": "founder_leaves", "label": "She sells"}, "She sells"),
    ],
)
def test_an_event_without_a_label_is_named_by_kind_and_size(event, words):
    scenario = Scenario.model_validate({"events": [{"week": 3, **event}]})
    assert caption(scenario.events[0]) == words


def test_events_are_marked_in_order_of_time():
    events = [{"kind": "cash_cut", "week": w, "weeks": 1} for w in (30, 10, 20)]
    assert [m.week for m in gather(made_up(Scenario.model_validate({"events": events}), runs=4)).marks] == [10, 20, 30]


def test_material_travels_to_another_process_without_the_scenario():
    material = gather(made_up(runs=4))
    sent = pickle.dumps(material)
    assert b"sim.scenario" not in sent
    back = pickle.loads(sent)
    assert np.array_equal(back.series, material.series, equal_nan=True)
    assert back.axes[0] == ("premium", "cheap")

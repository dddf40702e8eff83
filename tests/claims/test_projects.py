"""When a project is done, told from its planned effort."""

import numpy as np

from sim.claims.analyses.projects import weeks_to_do
from sim.scenario import Scenario

CALM = {
    "people.goal_spread": 0, "people.autonomy": 0, "people.turnover": 0, "market.turbulence": 0, "work.meeting_cost": 0,
    "founder.clarity": 1, "market.trend_noise": 0, "founder.openness": 0, "people.relay": 1, "weeks": 60,
}  # fmt: skip


def project(effort: float, deadline: int, **more: float) -> Scenario:
    event = {"kind": "initiative", "week": 10, "effort": effort, "share": 0.1, "deadline": deadline}
    return Scenario().replace({**CALM, **more, "events": [event]})


def test_an_aligned_firm_takes_the_weeks_that_were_planned():
    # 30 people give a tenth of their time: 3 person-weeks a week.
    assert np.array_equal(weeks_to_do(project(29.9, 30), 3, 0), [10, 10, 10])


def test_a_project_is_not_done_after_its_deadline_nor_after_closing():
    assert np.isnan(weeks_to_do(project(29.9, 9), 2, 0)).all()
    assert np.isnan(weeks_to_do(project(29.9, 30, **{"money.buffer": 0.5, "money.margin": -3.0}), 2, 0)).all()


def test_a_late_deadline_tells_the_success_at_an_earlier_one():
    late, soon = (weeks_to_do(Scenario().replace({"events": [
        {"kind": "initiative", "week": 10, "effort": 70, "share": 0.1, "deadline": d}]}), 20, 0) for d in (80, 28))  # fmt: skip
    assert np.array_equal(late <= 28, ~np.isnan(soon))
    assert np.array_equal(late[late <= 28], soon[late <= 28])

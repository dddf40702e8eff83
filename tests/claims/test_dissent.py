import numpy as np
import pytest

from sim.claims.analyses.dissent import AROUND, as_autonomy, best_by_law, best_measured, learner
from sim.claims.laboratory import Lab


def test_the_law_has_its_exponents():
    base = best_by_law(0.02, 1, 50)
    assert best_by_law(0.16, 1, 50) / base == pytest.approx(8 ** (2 / 3))
    assert best_by_law(0.02, 8, 50) / base == pytest.approx(8 ** (2 / 3))
    assert best_by_law(0.02, 1, 400) / base == pytest.approx(1 / 2)


def test_the_best_of_a_curve_that_obeys_the_law_is_found():
    turbulence, noise, people = 0.03, 1.5, 40
    v = best_by_law(turbulence, noise, people) * AROUND
    q = turbulence**2 / 4
    loss = np.tile(2 * (v + np.sqrt(q * noise**2 / (people * v))), (3, 1))
    assert best_measured(turbulence, noise, people, loss) == pytest.approx(best_by_law(turbulence, noise, people))


def test_the_learner_is_a_valid_firm_with_the_dissent_asked_for():
    scenario = Lab().scenario(learner(0.01, 0.02, 1.0, 20, 52))
    assert scenario.value("people.autonomy") == pytest.approx(as_autonomy(0.01)) == pytest.approx(0.2)
    assert scenario.posts == 20

import pytest

from sim.claims.laboratory import Lab
from sim.claims.ledger import Scale, prepared_lab
from sim.claims.trial import Size
from tests.claims.firms import population

TINY = Scale(128, 16, Size(first=4, budget=0.0, again=2, firms=0, seeds=0, fixed=4))


@pytest.fixture(scope="session")
def lab() -> Lab:
    """A lab with the made-up population and its levels."""
    return prepared_lab(population(), TINY, seed=0, workers=2)

"""Who listens to whom: the draws behind the talk links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.streams import TIES

if TYPE_CHECKING:
    from sim.reference.employee import Employee
    from sim.reference.firm import ReferenceFirm


def pick(generator: np.random.Generator, count: int, total: int) -> list[int]:
    """Pick distinct numbers out of 0 ... total-1 by Floyd's algorithm, one uniform number each."""
    picked: list[int] = []
    for j in range(total - min(count, total), total):
        candidate = int(generator.random() * (j + 1))
        picked.append(j if candidate in picked else candidate)
    return picked


def drawn_colleagues(firm: ReferenceFirm, listener: Employee) -> list[Employee]:
    """Draw those to whom a post listens: k_in in its department, then Poisson(k_out) elsewhere."""
    generator = firm.draws(TIES, listener.post)
    p = firm.parameters
    elsewhere = int(generator.poisson(p.people.k_out)) if p.people.k_out > 0 else 0
    inside = [e for e in firm.employees if e.department is listener.department and e is not listener]
    outside = [e for e in firm.employees if e.department is not listener.department]
    outside.sort(key=lambda e: (e.department.index, e.post))
    near = [inside[rank] for rank in pick(generator, p.people.k_in, len(inside))]
    far = [outside[rank] for rank in pick(generator, elsewhere, len(outside))]
    return near + far


def tie_newcomers(firm: ReferenceFirm, first_new_post: int) -> None:
    """Tie the posts from `first_new_post` on; posts that were there before listen back to who listens to them."""
    for newcomer in firm.employees[first_new_post:]:
        for colleague in drawn_colleagues(firm, newcomer):
            newcomer.listens_to.append((colleague, 1.0))
            if colleague.post < first_new_post:
                colleague.listens_to.append((newcomer, 1.0))

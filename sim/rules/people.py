"""People: they talk, row, feel, leave and come."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.streams import DEVIATION, FILL, LEAVE, NEWCOMER, RELAY, seat
from sim.engine.vectors import (
    clamp,
    clear,
    draw_normals,
    length,
    make_row_unit,
    make_unit,
    noise_ratio,
    row_dot,
    row_length,
)
from sim.state import State


@compiled
def attend(s: State) -> None:
    """Set everybody's attention from their engagement: 1 for the engaged, 0 for the lost and for vacant posts."""
    people = s.people
    p = s.params[0]
    for i in range(s.firm[0].posts):
        people.attention[i] = (
            clamp((people.engagement[i] - p.threshold + p.ramp) / (2.0 * p.ramp)) if people.filled[i] else 0.0
        )


@compiled
def layers(posts: int, span: int) -> int:
    """Return the least L >= 1 with span^L >= posts."""
    count, reach = 1, span
    while reach < posts:
        count += 1
        reach *= span
    return count


@compiled
def people_talk(s: State) -> None:
    """Let everybody listen to colleagues and to the broadcast, all at once; the inattentive drift to their own preference.

    b_i <- b_i + att_i [social free_d (colleagues' mean b - b_i) + persuasion free_d (what is relayed - b_i)]
    + (1-att_i) drift (p_i - b_i); free_d = 1 - squeeze min(1, max(stress, overload_d)) (Friedkin & Johnsen 1990, with attention).
    """
    departments, people, ties = s.departments, s.people, s.ties
    p, f, axes, posts = s.params[0], s.firm[0], s.axes, s.firm[0].posts
    # Names for arrays spare the inner loops a look into the box at every step.
    belief, heard, preference, filled = people.belief, people.next_belief, people.preference, people.filled
    start, speaker, weight, mean = ties.start, ties.speaker, ties.weight, s.scratch[0]
    attend(s)
    relayed = f.broadcast == 1 and p.persuasion > 0.0
    if p.social == 0.0 and p.drift == 0.0 and not relayed:
        return
    for d in range(f.departments):
        departments.free[d] = 1.0 - p.squeeze * min(1.0, max(s.now[0].stress, departments.overload[d]))
    for i in range(posts):
        if not filled[i]:
            continue
        attention = people.attention[i]
        for k in range(len(axes)):
            heard[i, k] = belief[i, k]
        if p.social > 0.0 and attention > 0.0:
            total = 0.0
            clear(mean)
            for t in range(start[i], start[i + 1]):
                j = speaker[t]
                if filled[j]:
                    total += weight[t]
                    for k in range(len(axes)):
                        mean[k] += weight[t] * belief[j, k]
            if total > 0.0:
                pull = attention * p.social * departments.free[people.department[i]]
                for k in range(len(axes)):
                    heard[i, k] += pull * (mean[k] / total - belief[i, k])
        if p.drift > 0.0 and attention < 1.0:
            for k in range(len(axes)):
                heard[i, k] += (1.0 - attention) * p.drift * (preference[i, k] - belief[i, k])
    if relayed:
        _relay(s)
    for i in range(posts):
        if filled[i]:
            size = row_length(heard, i, axes)
            scale = 1.0 / size if size > 1.0 else 1.0
            for k in range(len(axes)):
                belief[i, k] = heard[i, k] * scale


@compiled
def _relay(s: State) -> None:
    """Pass on what heads understood, layer by layer: |h| unit(unit(h) + nu(relay) sqrt(layers) eps)."""
    people, departments = s.people, s.departments
    p, f, axes = s.params[0], s.firm[0], s.axes
    belief, next_belief, filled, department = people.belief, people.next_belief, people.filled, people.department
    relayed, head = s.scratch[0], departments.head
    noise = noise_ratio(p.relay) / math.sqrt(float(len(axes)))
    for d in range(f.departments):
        for k in range(len(axes)):
            head[d, k] = departments.understanding[d, k]
        make_row_unit(head, d, axes)
        departments.spread[d] = noise * math.sqrt(float(layers(departments.posts[d], int(p.span))))
        departments.clear[d] = row_length(departments.understanding, d, axes)
    generator = seat(s.luck, RELAY, f.week, 0)
    for i in range(f.posts):
        if noise > 0.0:
            draw_normals(generator, relayed, axes)
        if not filled[i]:
            continue
        d = department[i]
        if noise > 0.0:
            for k in range(len(axes)):
                relayed[k] = head[d, k] + departments.spread[d] * relayed[k]
            make_unit(relayed, axes)
        else:
            for k in range(len(axes)):
                relayed[k] = head[d, k]
        pull = people.attention[i] * p.persuasion * departments.free[d]
        for k in range(len(axes)):
            next_belief[i, k] += pull * (departments.clear[d] * relayed[k] - belief[i, k])


@compiled
def people_row(s: State) -> None:
    """Let everybody row between belief and local goal, with a personal deviation.

    x_i = unit(unit((1-omega) unit(b_i) + omega g_d) + autonomy xi_i/sqrt(D-1)). Stress moves the local weight omega up to
    people's own targets (rigidity > 0; Staw, Sandelands & Dutton 1981) or down to the centre (rigidity < 0).
    """
    departments, people = s.departments, s.people
    p, f, axes, stress = s.params[0], s.firm[0], s.axes, s.now[0].stress
    for d in range(f.departments):
        incentive = p.incentive if math.isnan(departments.incentive[d]) else departments.incentive[d]
        if p.rigidity >= 0.0:
            departments.local_weight[d] = incentive + (1.0 - incentive) * p.rigidity * stress
        else:
            departments.local_weight[d] = incentive * (1.0 + p.rigidity * stress)
    total = s.scratch[0]
    clear(total)
    there = 0
    belief, x, deviation, goal = people.belief, people.rowing, people.deviation, departments.goal
    filled, department = people.filled, people.department
    generator = seat(s.luck, DEVIATION, f.week, 0)
    lasting, fresh = p.autonomy_memory, math.sqrt(1.0 - p.autonomy_memory**2)
    scale = p.autonomy / math.sqrt(len(axes) - 1.0)
    for i in range(f.posts):
        # Deviations go on in vacant posts and while autonomy is 0: luck is shared with a run in which it is not.
        for k in range(len(axes)):
            deviation[i, k] = lasting * deviation[i, k] + fresh * generator.standard_normal()
        if not filled[i]:
            continue
        d = department[i]
        omega = departments.local_weight[d]
        for k in range(len(axes)):
            x[i, k] = belief[i, k]
        make_row_unit(x, i, axes)
        if omega > 0.0:
            for k in range(len(axes)):
                x[i, k] = (1.0 - omega) * x[i, k] + omega * goal[d, k]
            make_row_unit(x, i, axes)
        if p.autonomy > 0.0:
            for k in range(len(axes)):
                x[i, k] += scale * deviation[i, k]
            make_row_unit(x, i, axes)
        there += 1
        for k in range(len(axes)):
            total[k] += x[i, k]
    s.now[0].filled = float(there)
    s.now[0].coherence = length(total, axes) / there if there > 0 else 0.0


@compiled
def people_feel(s: State) -> None:
    """Move everybody's engagement to its target, all at once.

    Target = clamp(1 - strain (conflict + rework + overload/2) - contagion (colleagues' mean of 1 - attention)),
    conflict = omega (1 - unit(b).g)/2.
    """
    departments, people, ties = s.departments, s.people, s.ties
    p, axes = s.params[0], s.axes
    filled, attention, engagement, department = people.filled, people.attention, people.engagement, people.department
    start, speaker, weight = ties.start, ties.speaker, ties.weight
    attend(s)
    for i in range(s.firm[0].posts):
        if not filled[i]:
            continue
        target = 1.0
        if p.strain > 0.0:
            d = department[i]
            conflict = 0.0
            if departments.local_weight[d] > 0.0:
                size = row_length(people.belief, i, axes)
                along = row_dot(people.belief, i, departments.goal, d, axes) / size if size > 0.0 else 0.0
                conflict = departments.local_weight[d] * (1.0 - along) / 2.0
            target -= p.strain * (conflict + departments.rework[d] + departments.overload[d] / 2.0)
        if p.contagion > 0.0:
            total = lost = 0.0
            for t in range(start[i], start[i + 1]):
                j = speaker[t]
                if filled[j]:
                    total += weight[t]
                    lost += weight[t] * (1.0 - attention[j])
            if total > 0.0:
                target -= p.contagion * lost / total
        engagement[i] += p.mood * (clamp(target) - engagement[i])


@compiled
def people_come_and_go(s: State) -> None:
    """Let people leave, more of them when disengaged, and fill posts that were vacant before, fewer under stress."""
    people = s.people
    p, f, axes, posts = s.params[0], s.firm[0], s.axes, s.firm[0].posts
    filled, engagement, order = people.filled, people.engagement, people.order
    leavers = 0
    # Filling is drawn first, because only posts that were vacant when the step began can be filled.
    chance = 0.25 * (1.0 - s.now[0].stress)
    generator = seat(s.luck, FILL, f.week, 0)
    for i in range(posts):
        order[i] = 1.0 if generator.random() < chance and not filled[i] else 0.0
    generator = seat(s.luck, LEAVE, f.week, 0)
    for i in range(posts):
        if generator.random() < p.turnover + p.quitting * (1.0 - engagement[i]) and filled[i]:
            filled[i] = False
            leavers += 1
    for i in range(posts):
        if order[i] == 0.0:
            continue
        filled[i] = True
        people.occupant[i] += 1
        engagement[i] = 0.9
        own = people.preference[i]
        draw_normals(seat(s.luck, NEWCOMER, f.week, i), own, axes)
        make_unit(own, axes)
        for k in range(len(axes)):
            people.belief[i, k] = p.onboarding * s.vision[k] + (1.0 - p.onboarding) * own[k]
            people.rowing[i, k] = 0.0
    s.now[0].leavers = float(leavers)

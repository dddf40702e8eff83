"""People: they talk, row, feel, leave and come."""

from __future__ import annotations

import math

from sim.chance import DEVIATION, FILL, LEAVE, NEWCOMER, RELAY, seat
from sim.compiled import compiled
from sim.directions import clamp, clear, dot, draw_normals, length, make_unit, noise_ratio
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
    attend(s)
    for d in range(f.departments):
        departments.free[d] = 1.0 - p.squeeze * min(1.0, max(s.now[0].stress, departments.overload[d]))
    mean = s.scratch[0]
    for i in range(posts):
        if not people.filled[i]:
            continue
        attention = people.attention[i]
        for k in range(len(axes)):
            people.next_belief[i, k] = people.belief[i, k]
        if p.social > 0.0 and attention > 0.0:
            total = 0.0
            for k in range(len(axes)):
                mean[k] = 0.0
            for t in range(ties.start[i], ties.start[i + 1]):
                j = ties.speaker[t]
                if people.filled[j]:
                    total += ties.weight[t]
                    for k in range(len(axes)):
                        mean[k] += ties.weight[t] * people.belief[j, k]
            if total > 0.0:
                pull = attention * p.social * departments.free[people.department[i]]
                for k in range(len(axes)):
                    people.next_belief[i, k] += pull * (mean[k] / total - people.belief[i, k])
        if p.drift > 0.0 and attention < 1.0:
            for k in range(len(axes)):
                people.next_belief[i, k] += (1.0 - attention) * p.drift * (people.preference[i, k] - people.belief[i, k])
    if f.broadcast == 1 and p.persuasion > 0.0:
        _relay(s)
    for i in range(posts):
        if people.filled[i]:
            size = length(people.next_belief[i], axes)
            for k in range(len(axes)):
                people.belief[i, k] = people.next_belief[i, k] / size if size > 1.0 else people.next_belief[i, k]


@compiled
def _relay(s: State) -> None:
    """Pass on what heads understood, layer by layer: |h| unit(unit(h) + nu(relay) sqrt(layers) eps)."""
    people, departments = s.people, s.departments
    p, f, axes = s.params[0], s.firm[0], s.axes
    heard, head = s.scratch[0], s.scratch[1]
    noise = noise_ratio(p.relay) / math.sqrt(float(len(axes)))
    generator = seat(s.luck, RELAY, f.week, 0)
    for i in range(f.posts):
        if noise > 0.0:
            draw_normals(generator, heard, axes)
        if not people.filled[i]:
            continue
        d = people.department[i]
        for k in range(len(axes)):
            head[k] = departments.understanding[d, k]
        clear = length(head, axes)
        make_unit(head, axes)
        if noise > 0.0:
            spread = noise * math.sqrt(float(layers(departments.posts[d], int(p.span))))
            for k in range(len(axes)):
                head[k] += spread * heard[k]
            make_unit(head, axes)
        pull = people.attention[i] * p.persuasion * departments.free[d]
        for k in range(len(axes)):
            people.next_belief[i, k] += pull * (clear * head[k] - people.belief[i, k])


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
    filled = 0
    generator = seat(s.luck, DEVIATION, f.week, 0)
    lasting, fresh = p.autonomy_memory, math.sqrt(1.0 - p.autonomy_memory**2)
    scale = p.autonomy / math.sqrt(len(axes) - 1.0)
    for i in range(f.posts):
        # Deviations go on in vacant posts and while autonomy is 0: luck is shared with a run in which it is not.
        for k in range(len(axes)):
            people.deviation[i, k] = lasting * people.deviation[i, k] + fresh * generator.standard_normal()
        if not people.filled[i]:
            continue
        d = people.department[i]
        omega = departments.local_weight[d]
        for k in range(len(axes)):
            people.rowing[i, k] = people.belief[i, k]
        make_unit(people.rowing[i], axes)
        if omega > 0.0:
            for k in range(len(axes)):
                people.rowing[i, k] = (1.0 - omega) * people.rowing[i, k] + omega * departments.goal[d, k]
            make_unit(people.rowing[i], axes)
        if p.autonomy > 0.0:
            for k in range(len(axes)):
                people.rowing[i, k] += scale * people.deviation[i, k]
            make_unit(people.rowing[i], axes)
        filled += 1
        for k in range(len(axes)):
            total[k] += people.rowing[i, k]
    s.now[0].filled = float(filled)
    s.now[0].coherence = length(total, axes) / filled if filled > 0 else 0.0


@compiled
def people_feel(s: State) -> None:
    """Move everybody's engagement to its target, all at once.

    Target = clamp(1 - strain (conflict + rework + overload/2) - contagion (colleagues' mean of 1 - attention)),
    conflict = omega (1 - unit(b).g)/2.
    """
    people, departments, ties = s.people, s.departments, s.ties
    p, axes = s.params[0], s.axes
    attend(s)
    for i in range(s.firm[0].posts):
        if not people.filled[i]:
            continue
        target = 1.0
        if p.strain > 0.0:
            d = people.department[i]
            conflict = 0.0
            if departments.local_weight[d] > 0.0:
                size = length(people.belief[i], axes)
                along = dot(people.belief[i], departments.goal[d], axes) / size if size > 0.0 else 0.0
                conflict = departments.local_weight[d] * (1.0 - along) / 2.0
            target -= p.strain * (conflict + departments.rework[d] + departments.overload[d] / 2.0)
        if p.contagion > 0.0:
            total = lost = 0.0
            for t in range(ties.start[i], ties.start[i + 1]):
                j = ties.speaker[t]
                if people.filled[j]:
                    total += ties.weight[t]
                    lost += ties.weight[t] * (1.0 - people.attention[j])
            if total > 0.0:
                target -= p.contagion * lost / total
        people.engagement[i] += p.mood * (clamp(target) - people.engagement[i])


@compiled
def people_come_and_go(s: State) -> None:
    """Let people leave, more of them when disengaged, and fill posts that were vacant before, fewer under stress."""
    people = s.people
    p, f, axes, posts = s.params[0], s.firm[0], s.axes, s.firm[0].posts
    leavers = 0
    # Filling is drawn first, because only posts that were vacant when the step began can be filled.
    generator = seat(s.luck, FILL, f.week, 0)
    for i in range(posts):
        people.order[i] = 1.0 if generator.random() < 0.25 * (1.0 - s.now[0].stress) and not people.filled[i] else 0.0
    generator = seat(s.luck, LEAVE, f.week, 0)
    for i in range(posts):
        if generator.random() < p.turnover + p.quitting * (1.0 - people.engagement[i]) and people.filled[i]:
            people.filled[i] = False
            leavers += 1
    for i in range(posts):
        if people.order[i] == 0.0:
            continue
        people.filled[i] = True
        people.occupant[i] += 1
        people.engagement[i] = 0.9
        own = people.preference[i]
        draw_normals(seat(s.luck, NEWCOMER, f.week, i), own, axes)
        make_unit(own, axes)
        for k in range(len(axes)):
            people.belief[i, k] = p.onboarding * s.vision[k] + (1.0 - p.onboarding) * own[k]
            people.rowing[i, k] = 0.0
    s.now[0].leavers = float(leavers)

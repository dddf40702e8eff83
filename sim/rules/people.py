"""People: they talk, row, feel, leave and come."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.streams import (
    DEVIATION,
    FILL,
    LEAVE,
    NEWCOMER,
    NEWCOMER_FRAME,
    NEWCOMER_TEMPER,
    normals,
    uniforms,
)
from sim.engine.vectors import clamp, clear, length, make_row_unit, make_unit, noise_ratio, row_dot, row_length, vector
from sim.rules.frames import frames_move
from sim.state import State


@compiled
def attend(s: State) -> None:
    """Set everybody's attention from their engagement: 1 for the engaged, 0 for the lost and for vacant posts."""
    attention, engagement, filled = s.people.attention, s.people.engagement, s.people.filled
    threshold, ramp = s.params[0].threshold, s.params[0].ramp
    for i in range(s.firm[0].posts):
        attention[i] = clamp((engagement[i] - threshold + ramp) / (2.0 * ramp)) if filled[i] else 0.0


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
    """Let everybody listen to colleagues and, in a broadcast week, to what is relayed, all at once; and forget.

    b_i <- b_i + att_i [social free_d (colleagues' mean b - b_i) + persuasion free_d (what is relayed - b_i)]
    + (forgetting + (1-att_i) drift) (p_i - b_i); free_d = 1 - squeeze min(1, max(stress, overload_d)) (Friedkin & Johnsen 1990,
    with attention); what is not used halves in 28 to 56 weeks (Tatel & Ackerman).
    """
    departments, people, ties = s.departments, s.people, s.ties
    p, f, axes, posts = s.params[0], s.firm[0], s.axes, s.firm[0].posts
    # Names for arrays and numbers spare the inner loops a look into the state at every step.
    belief, heard, preference, filled = people.belief, people.next_belief, people.preference, people.filled
    start, speaker, weight, mean = ties.start, ties.speaker, ties.weight, vector(axes)
    attentive, department, free = people.attention, people.department, departments.free
    social, drift, forgetting = p.social, p.drift, p.forgetting
    attend(s)
    relayed = f.broadcast == 1 and p.persuasion > 0.0
    misread = frames_move(s, relayed and p.relay < 1.0)
    if social == 0.0 and drift == 0.0 and forgetting == 0.0 and not relayed:
        return
    for d in range(f.departments):
        free[d] = 1.0 - p.squeeze * min(1.0, max(s.now[0].stress, departments.overload[d]))
    if relayed:
        _speak(s)
    head, clear_words, spread = departments.head, departments.clear, departments.spread
    noisy, persuasion = p.relay < 1.0, p.persuasion
    words, own = vector(axes), vector(axes)
    for i in range(posts):
        if not filled[i]:
            continue
        attention, d = attentive[i], department[i]
        for k in range(len(axes)):
            own[k] = belief[i, k]
            heard[i, k] = own[k]
        if social > 0.0 and attention > 0.0:
            total = 0.0
            clear(mean)
            for t in range(start[i], start[i + 1]):
                j = speaker[t]
                if filled[j]:
                    total += weight[t]
                    for k in range(len(axes)):
                        mean[k] += weight[t] * belief[j, k]
            if total > 0.0:
                pull = attention * social * free[d]
                for k in range(len(axes)):
                    heard[i, k] += pull * (mean[k] / total - own[k])
        if relayed:
            for k in range(len(axes)):
                words[k] = head[d, k]
            if noisy:
                for k in range(len(axes)):
                    words[k] += spread[d] * misread[i * len(axes) + k]
                make_unit(words, axes)
            pull = attention * persuasion * free[d]
            for k in range(len(axes)):
                heard[i, k] += pull * (clear_words[d] * words[k] - own[k])
        if drift > 0.0 and attention < 1.0:
            for k in range(len(axes)):
                heard[i, k] += (1.0 - attention) * drift * (preference[i, k] - own[k])
        if forgetting > 0.0:
            for k in range(len(axes)):
                heard[i, k] += forgetting * (preference[i, k] - own[k])
    for i in range(posts):
        if filled[i]:
            size = row_length(heard, i, axes)
            scale = 1.0 / size if size > 1.0 else 1.0
            for k in range(len(axes)):
                belief[i, k] = heard[i, k] * scale


@compiled
def _speak(s: State) -> None:
    """Have heads pass on what they understood, layer by layer: |h| unit(unit(h) + nu(relay) sqrt(layers) zeta_i/sqrt(D))."""
    departments = s.departments
    p, f, axes = s.params[0], s.firm[0], s.axes
    noise = noise_ratio(p.relay) / math.sqrt(float(len(axes)))
    for d in range(f.departments):
        for k in range(len(axes)):
            departments.head[d, k] = departments.understanding[d, k]
        make_row_unit(departments.head, d, axes)
        departments.spread[d] = noise * math.sqrt(float(layers(departments.posts[d], int(p.span))))
        departments.clear[d] = row_length(departments.understanding, d, axes)


@compiled
def people_row(s: State) -> None:
    """Let everybody row between belief and local goal, with a personal deviation.

    x_i = unit(unit((1-omega) unit(b_i) + omega g_d) + autonomy xi_i/sqrt(D-1)). Stress moves the local weight omega up to
    people's own targets (rigidity > 0; Staw, Sandelands & Dutton 1981) or down to the centre (rigidity < 0).
    """
    departments, people = s.departments, s.people
    p, f, axes, stress = s.params[0], s.firm[0], s.axes, s.now[0].stress
    local_weight, scatter = departments.local_weight, departments.scatter
    for d in range(f.departments):
        incentive = p.incentive if math.isnan(departments.incentive[d]) else departments.incentive[d]
        if p.rigidity >= 0.0:
            local_weight[d] = incentive + (1.0 - incentive) * p.rigidity * stress
        else:
            local_weight[d] = incentive * (1.0 + p.rigidity * stress)
        autonomy = p.autonomy if math.isnan(departments.autonomy[d]) else departments.autonomy[d]
        scatter[d] = autonomy / math.sqrt(len(axes) - 1.0)
    total, y = vector(axes), vector(axes)
    clear(total)
    there = 0
    belief, x, deviation, goal = people.belief, people.rowing, people.deviation, departments.goal
    filled, department, draws = people.filled, people.department, people.draws
    normals(s.luck, DEVIATION, f.week, 0, draws, f.posts * len(axes))
    lasting, fresh = p.autonomy_memory, math.sqrt(1.0 - p.autonomy_memory**2)
    for i in range(f.posts):
        # Deviations go on in vacant posts and while autonomy is 0: luck is shared with a run in which it is not.
        for k in range(len(axes)):
            deviation[i, k] = lasting * deviation[i, k] + fresh * draws[i * len(axes) + k]
        if not filled[i]:
            continue
        d = department[i]
        omega = local_weight[d]
        for k in range(len(axes)):
            y[k] = belief[i, k]
        make_unit(y, axes)
        if omega > 0.0:
            for k in range(len(axes)):
                y[k] = (1.0 - omega) * y[k] + omega * goal[d, k]
            make_unit(y, axes)
        if scatter[d] > 0.0:
            for k in range(len(axes)):
                y[k] += scatter[d] * deviation[i, k]
            make_unit(y, axes)
        there += 1
        for k in range(len(axes)):
            x[i, k] = y[k]
            total[k] += y[k]
    s.now[0].filled = float(there)
    s.now[0].coherence = length(total, axes) / there if there > 0 else 0.0


@compiled
def people_feel(s: State) -> None:
    """Move everybody's engagement to its target, all at once.

    Target = clamp(morale + temper tau_i + climate kappa_d - strain (conflict + rework + overload/2) - contagion (colleagues' mean
    of 1 - attention)), conflict = omega (1 - unit(b).g)/2. A cheerful person has a reserve: only the whole sum is limited.
    """
    departments, people, ties = s.departments, s.people, s.ties
    p, axes = s.params[0], s.axes
    filled, attention, engagement, department = people.filled, people.attention, people.engagement, people.department
    start, speaker, weight, belief, goal = ties.start, ties.speaker, ties.weight, people.belief, departments.goal
    local_weight, rework, overload = departments.local_weight, departments.rework, departments.overload
    morale, temper, climate, tempers, climates = p.morale, p.temper, p.climate, people.temper, departments.climate
    strain, contagion, mood = p.strain, p.contagion, p.mood
    attend(s)
    for i in range(s.firm[0].posts):
        if not filled[i]:
            continue
        d = department[i]
        target = morale
        if temper > 0.0:
            target += temper * tempers[i]
        if climate > 0.0:
            target += climate * climates[d]
        if strain > 0.0:
            conflict = 0.0
            if local_weight[d] > 0.0:
                size = row_length(belief, i, axes)
                along = row_dot(belief, i, goal, d, axes) / size if size > 0.0 else 0.0
                conflict = local_weight[d] * (1.0 - along) / 2.0
            target -= strain * (conflict + rework[d] + overload[d] / 2.0)
        if contagion > 0.0:
            total = lost = 0.0
            for t in range(start[i], start[i + 1]):
                j = speaker[t]
                if filled[j]:
                    total += weight[t]
                    lost += weight[t] * (1.0 - attention[j])
            if total > 0.0:
                target -= contagion * lost / total
        engagement[i] += mood * (clamp(target) - engagement[i])


@compiled
def people_come_and_go(s: State) -> None:
    """Let people leave, more of them when disengaged, and fill posts that were vacant before, fewer under stress."""
    people = s.people
    p, f, posts = s.params[0], s.firm[0], s.firm[0].posts
    filled, engagement, who, draws = people.filled, people.engagement, s.ties.picks, people.draws
    leavers = newcomers = vacant = 0
    for i in range(posts):
        vacant += not filled[i]
    # Filling is drawn first, because only posts that were vacant when the step began can be filled.
    chance = p.filling * (1.0 - s.now[0].stress)
    if vacant > 0:
        uniforms(s.luck, FILL, f.week, 0, draws, posts)
        for i in range(posts):
            if draws[i] < chance and not filled[i]:
                who[newcomers] = i
                newcomers += 1
    uniforms(s.luck, LEAVE, f.week, 0, draws, posts)
    turnover, quitting = p.turnover, p.quitting
    for i in range(posts):
        if draws[i] < turnover + quitting * (1.0 - engagement[i]) and filled[i]:
            filled[i] = False
            leavers += 1
    s.now[0].leavers = float(leavers)
    if newcomers > 0:
        normals(s.luck, NEWCOMER_TEMPER, f.week, 0, draws, who[newcomers - 1] + 1)
        for n in range(newcomers):
            people.temper[who[n]] = draws[who[n]]
            _start_work(s, who[n])


@compiled
def _start_work(s: State, i: int) -> None:
    """Fill a vacant post with somebody who has an own preference and takes a part of the vision over on arrival."""
    people, p, f, axes = s.people, s.params[0], s.firm[0], s.axes
    people.filled[i] = people.newcomer[i] = True
    people.occupant[i] += 1
    people.since[i] = f.week + 1
    people.engagement[i] = 0.9
    own = people.preference[i]
    normals(s.luck, NEWCOMER, f.week, i, own, len(axes))
    make_unit(own, axes)
    normals(s.luck, NEWCOMER_FRAME, f.week, i, people.frame[i], len(axes))
    for k in range(len(axes)):
        people.belief[i, k] = p.onboarding * s.vision[k] + (1.0 - p.onboarding) * own[k]
        people.rowing[i, k] = 0.0

"""The founder: learns where the market lies, reviews the firm, tells the vision, and hears results."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.linear_algebra import invert_corner, invert_positive, split_space
from sim.engine.streams import MONITOR, OUTCOME, TREND, VOICE, normals, select_stream, uniforms
from sim.engine.vectors import Floats, clear, make_unit, noise_ratio, put, vector
from sim.rules.frames import head_frames_move
from sim.state import State


@compiled
def gain(agility: float) -> float:
    """Return g = 104^-(1-agility): how much of a reading a founder without conviction takes over in a week."""
    return math.pow(104.0, -(1.0 - agility))


@compiled
def whole_gain(agility: float, conviction: float) -> float:
    """Return K in (0, 1] with K^2/(1-K) = (1+k) g^2/(1-g), k = conviction/(1-conviction): the gain on all that is heard."""
    g = gain(agility)
    if g == 1.0:
        return 1.0
    # The positive root of K^2 + a K - a = 0, in the form that loses no digits.
    a = g * g / ((1.0 - g) * (1.0 - conviction))
    return 2.0 * a / (a + math.sqrt(a * a + 4.0 * a))


@compiled
def first_uncertainty(s: State) -> None:
    """Set the founder's uncertainty to what the own reading alone keeps up: P = r K/(1+k) I, r = trend_noise^2/D."""
    p, axes = s.params[0], s.axes
    size = 0.0
    if p.conviction < 1.0:
        size = p.trend_noise**2 / len(axes) * whole_gain(p.agility, p.conviction) * (1.0 - p.conviction)
    for k in range(len(axes)):
        for j in range(len(axes)):
            s.uncertainty[k, j] = size if k == j else 0.0


@compiled
def founder_steers(s: State) -> None:
    """Learn where the market lies from the own reading, the founding vision and last week's results: Bayes' rule on N(V, P).

    P <- P + q I; L = P^-1 + (1+k)/r I + openness R; V <- unit(L^-1 (P^-1 V + z/r + k V0/r + openness e)); P <- L^-1.
    z = (1-imitation)(m + trend_noise eps) + imitation c; r = trend_noise^2/D; q = r g^2/(1-g); k = conviction/(1-conviction).
    R and e come from the reports (see `results_speak`): this is a Kalman filter (Kalman 1960) whose steady gain is g.
    """
    p, f, axes = s.params[0], s.firm[0], s.axes
    if f.founder_gone == 1:
        return
    if p.conviction == 1.0:
        put(s.vision, s.founding_vision, axes)
        _be_certain(s)
        return
    reading = vector(axes)
    _read_the_trend(s, reading)
    if p.trend_noise == 0.0:
        move = whole_gain(p.agility, p.conviction)
        for k in range(len(axes)):
            aim = (1.0 - p.conviction) * reading[k] + p.conviction * s.founding_vision[k]
            s.vision[k] += move * (aim - s.vision[k])
        make_unit(s.vision, axes)
        _be_certain(s)
        return
    _learn(s, reading)


@compiled
def _be_certain(s: State) -> None:
    for k in range(len(s.axes)):
        clear(s.uncertainty[k])


@compiled
def _read_the_trend(s: State, reading: Floats) -> None:
    """Write the founder's own reading of the market, z."""
    p, axes = s.params[0], s.axes
    put(reading, s.market, axes)
    if p.trend_noise > 0.0 and p.imitation < 1.0:
        normals(s.luck, TREND, s.firm[0].week, 0, s.scratch[1], len(axes))
        for k in range(len(axes)):
            reading[k] += p.trend_noise * s.scratch[1, k] / math.sqrt(float(len(axes)))
    if p.imitation > 0.0:
        for k in range(len(axes)):
            reading[k] = (1.0 - p.imitation) * reading[k] + p.imitation * s.norm[k]


@compiled
def _learn(s: State, reading: Floats) -> None:
    """Update the founder's belief N(V, P) by a reading and, where the founder is open, by last week's reports."""
    p, f, axes = s.params[0], s.firm[0], s.axes
    precision, uncertainty, vision, step = s.matrix, s.uncertainty, s.vision, vector(axes)
    r = p.trend_noise**2 / len(axes)
    k_own = p.conviction / (1.0 - p.conviction)
    g = gain(p.agility)
    forgets = g == 1.0  # nothing of last week's belief is left
    if not forgets:
        drift = r * g * g / (1.0 - g)
        for k in range(len(axes)):
            uncertainty[k, k] += drift
            for j in range(k + 1):
                precision[k, j] = uncertainty[k, j]
        invert_positive(precision, axes)
    else:
        for k in range(len(axes)):
            clear(precision[k])
    for k in range(len(axes)):
        precision[k, k] += (1.0 + k_own) / r
    # The step from V: L^-1 times what the evidence says beyond V. Where nothing is remembered V drops out by itself.
    for k in range(len(axes)):
        step[k] = (reading[k] - vision[k]) / r + k_own * (s.founding_vision[k] - vision[k]) / r
    if p.openness > 0.0 and f.reporters >= 2:
        if f.exact == 1:
            _learn_exactly(s, step)
            return
        spread, effect = s.spread_of_reports, s.effect_of_reports
        for k in range(len(axes)):
            expected = 0.0
            for j in range(len(axes)):
                expected += spread[k, j] * vision[j]
                precision[k, j] += p.openness * spread[k, j]
            step[k] += p.openness * (effect[k] - expected)
    invert_positive(precision, axes)
    moved = vector(axes)
    for k in range(len(axes)):
        moved[k] = vision[k]
        for j in range(len(axes)):
            moved[k] += precision[k, j] * step[j]
            uncertainty[k, j] = precision[k, j]
    put(vision, moved, axes)
    make_unit(vision, axes)


@compiled
def _learn_exactly(s: State, step: Floats) -> None:
    """Take the limit of reports without noise: the market of their week along the span S of the dissent, belief on the rest N.

    V <- unit(S S^T m + N y), (N^T L1 N) y = N^T L1 (V1 - S S^T m), P <- N (N^T L1 N)^-1 N^T; L1 and V1 without reports.
    """
    axes, precision, basis, uncertainty = s.axes, s.matrix, s.other_matrix, s.uncertainty
    known, rest, market = vector(axes), vector(axes), s.reported_market
    rank = split_space(s.spread_of_reports, basis, axes)
    free = len(axes) - rank
    for k in range(len(axes)):
        known[k] = 0.0
    for i in range(rank):
        along = 0.0
        for k in range(len(axes)):
            along += basis[i, k] * market[k]
        for k in range(len(axes)):
            known[k] += along * basis[i, k]
    # L1 (V1 - known) = step + L1 (V - known), as V1 = V + L1^-1 step.
    for k in range(len(axes)):
        rest[k] = step[k]
        for j in range(len(axes)):
            rest[k] += precision[k, j] * (s.vision[j] - known[j])
    inside = s.spread_of_reports  # split_space has used it up: room for N^T L1 N
    for i in range(free):
        for h in range(free):
            total = 0.0
            for k in range(len(axes)):
                for j in range(len(axes)):
                    total += basis[rank + i, k] * precision[k, j] * basis[rank + h, j]
            inside[i, h] = total
    invert_corner(inside, free)
    put(s.vision, known, axes)
    for k in range(len(axes)):
        clear(uncertainty[k])
    for i in range(free):
        y = 0.0
        for h in range(free):
            along = 0.0
            for k in range(len(axes)):
                along += basis[rank + h, k] * rest[k]
            y += inside[i, h] * along
        for k in range(len(axes)):
            s.vision[k] += y * basis[rank + i, k]
            for j in range(len(axes)):
                for h in range(free):
                    uncertainty[k, j] += basis[rank + i, k] * inside[i, h] * basis[rank + h, j]
    make_unit(s.vision, axes)


@compiled
def leadership_reviews(s: State) -> None:
    """Hold a review when one is due, and move goals to the vision if coherence reads too low; then let rewards relapse.

    A review costs one meeting, one that acts two more. g <- unit(g + strength (V - g)); g <- unit(g + relapse (g0 - g)).
    """
    departments = s.departments
    p, f, axes = s.params[0], s.firm[0], s.axes
    every = int(p.review_every)
    f.meetings = 0
    # In the first week there is no last week to read.
    if every > 0 and f.week > f.first_week and f.week % every == 0:
        f.meetings += 1
        reading = s.now[0].coherence
        if p.monitoring < 1.0:
            reading += (1.0 - p.monitoring) * select_stream(s.luck, MONITOR, f.week, 0).standard_normal()
        if reading < p.review_target:
            f.meetings += 2
            if p.review_strength > 0.0:
                for d in range(f.departments):
                    for k in range(len(axes)):
                        departments.goal[d, k] += p.review_strength * (s.vision[k] - departments.goal[d, k])
                    make_unit(departments.goal[d], axes)
    if p.relapse > 0.0:
        for d in range(f.departments):
            for k in range(len(axes)):
                departments.goal[d, k] += p.relapse * (departments.functional_goal[d, k] - departments.goal[d, k])
            make_unit(departments.goal[d], axes)


@compiled
def vision_is_broadcast(s: State) -> None:
    """Tell heads of department the vision, in weeks 0, cadence, 2 cadence, ...; what they hear moves their understanding.

    A head hears unit(V + nu(clarity) zeta_d/sqrt(D)), nu(q) = (1-q)/q, zeta_d what the head misreads (see `sim.rules.frames`);
    conflicting messages make the understanding short: vague.
    """
    departments = s.departments
    p, f, axes = s.params[0], s.firm[0], s.axes
    f.broadcast = 1 if f.week % int(p.cadence) == 0 else 0
    heard = vector(axes)
    noise = noise_ratio(p.clarity) / math.sqrt(float(len(axes)))
    misread = head_frames_move(s, f.broadcast == 1 and p.persuasion > 0.0 and noise > 0.0)
    if f.broadcast == 0:
        return
    f.meetings += 1
    if p.persuasion == 0.0:
        return
    for d in range(f.departments):
        for k in range(len(axes)):
            heard[k] = s.vision[k]
        if noise > 0.0:
            for k in range(len(axes)):
                heard[k] += noise * misread[d * len(axes) + k]
            make_unit(heard, axes)
        for k in range(len(axes)):
            departments.understanding[d, k] += p.persuasion * (heard[k] - departments.understanding[d, k])


@compiled
def results_speak(s: State) -> None:
    """Collect the results y = x.m + noise that people report, as the founder will need them (least squares' normal equations).

    Sums over the reports of (x - mean x)(x - mean x)^T and (x - mean x)(y - mean y), both over outcome_noise^2. No dissent,
    no information.
    """
    people, departments = s.people, s.departments
    p, f, axes, posts = s.params[0], s.firm[0], s.axes, s.firm[0].posts
    rowing, market, result, filled, attention = people.rowing, s.market, people.result, people.filled, people.attention
    department, draws, spread, effect = people.department, people.draws, s.spread_of_reports, s.effect_of_reports
    f.reporters = 0
    s.now[0].reports = 0.0
    loudest, voice = 0.0, departments.speaks
    for d in range(f.departments):
        voice[d] = p.voice if math.isnan(departments.voice[d]) else departments.voice[d]
        loudest = max(loudest, voice[d])
    if loudest == 0.0:
        return
    reporters, who = 0, s.ties.picks
    uniforms(s.luck, VOICE, f.week, 0, draws, posts)
    for i in range(posts):
        # A missing report is marked by nan. Who reports is listed without a branch, which nobody could predict.
        result[i] = math.nan
        who[reporters] = i
        reporters += (draws[i] < voice[department[i]] * attention[i]) & filled[i]
    s.now[0].reports = float(reporters)
    f.reporters = reporters
    if reporters < 2:
        return
    mean_x, off, y_and_x, m = vector(axes), vector(axes), vector(axes), vector(axes)
    put(m, market, axes)
    clear(mean_x)
    clear(y_and_x)
    mean_y = 0.0
    size = p.outcome_noise
    if size > 0.0:
        normals(s.luck, OUTCOME, f.week, 0, draws, posts)
    for n in range(reporters):
        i = who[n]
        y = size * draws[i] if size > 0.0 else 0.0
        for k in range(len(axes)):
            y += rowing[i, k] * m[k]
            mean_x[k] += rowing[i, k]
        result[i] = y
        mean_y += y
    mean_y /= reporters
    for k in range(len(axes)):
        mean_x[k] /= reporters
        clear(spread[k])
    for n in range(reporters):
        i = who[n]
        beyond = result[i] - mean_y
        for k in range(len(axes)):
            off[k] = rowing[i, k] - mean_x[k]
        for k in range(len(axes)):
            y_and_x[k] += off[k] * beyond
            for j in range(k + 1):
                spread[k, j] += off[k] * off[j]
    weight = 1.0 / size**2 if size > 0.0 else 1.0
    f.exact = 0 if size > 0.0 else 1
    for k in range(len(axes)):
        effect[k] = weight * y_and_x[k]
        for j in range(k + 1):
            spread[k, j] *= weight
            spread[j, k] = spread[k, j]
    put(s.reported_market, market, axes)

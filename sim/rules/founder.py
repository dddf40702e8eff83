"""The founder: steers the vision, reviews the firm, tells the vision, and listens to results."""

from __future__ import annotations

import math

from sim.engine.compile import compiled
from sim.engine.streams import BROADCAST, MONITOR, OUTCOME, TREND, VOICE, seat
from sim.engine.vectors import clear, draw_normals, length, make_unit, noise_ratio, put
from sim.state import State


@compiled
def founder_steers(s: State) -> None:
    """Move the vision towards what the founder reads in the market and in last week's results.

    z = (1-imitation)(m + trend_noise eps) + imitation c; r = (1-openness) z + openness w;
    V <- unit(V + gain [(1-conviction) r + conviction V0 - V]), gain = 104^-(1-agility), eps = N(0, I)/sqrt(D).
    """
    p, f, axes = s.params[0], s.firm[0], s.axes
    if f.founder_gone == 1:
        return
    reading, z = s.scratch[0], s.scratch[1]
    put(reading, s.market, axes)
    if p.trend_noise > 0.0 and p.imitation < 1.0:
        draw_normals(seat(s.luck, TREND, f.week, 0), z, axes)
        for k in range(len(axes)):
            reading[k] += p.trend_noise * z[k] / math.sqrt(float(len(axes)))
    if p.imitation > 0.0:
        for k in range(len(axes)):
            reading[k] = (1.0 - p.imitation) * reading[k] + p.imitation * s.norm[k]
    if p.openness > 0.0 and f.has_evidence == 1:
        for k in range(len(axes)):
            reading[k] = (1.0 - p.openness) * reading[k] + p.openness * s.evidence[k]
    gain = 104.0 ** -(1.0 - p.agility)
    for k in range(len(axes)):
        aim = (1.0 - p.conviction) * reading[k] + p.conviction * s.founding_vision[k]
        s.vision[k] += gain * (aim - s.vision[k])
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
    if every > 0 and f.week > 0 and f.week % every == 0:
        f.meetings += 1
        reading = s.now[0].coherence
        if p.monitoring < 1.0:
            reading += (1.0 - p.monitoring) * seat(s.luck, MONITOR, f.week, 0).standard_normal()
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

    A head hears unit(V + nu(clarity) eps), nu(q) = (1-q)/q; conflicting messages make the understanding short: vague.
    """
    departments = s.departments
    p, f, axes, heard = s.params[0], s.firm[0], s.axes, s.scratch[0]
    f.broadcast = 1 if f.week % int(p.cadence) == 0 else 0
    if f.broadcast == 0:
        return
    f.meetings += 1
    if p.persuasion == 0.0:
        return
    noise = noise_ratio(p.clarity) / math.sqrt(float(len(axes)))
    generator = seat(s.luck, BROADCAST, f.week, 0)
    for d in range(f.departments):
        if noise > 0.0:
            draw_normals(generator, heard, axes)
            for k in range(len(axes)):
                heard[k] = s.vision[k] + noise * heard[k]
            make_unit(heard, axes)
        else:
            put(heard, s.vision, axes)
        for k in range(len(axes)):
            departments.understanding[d, k] += p.persuasion * (heard[k] - departments.understanding[d, k])


@compiled
def results_speak(s: State) -> None:
    """Collect the results that people report and learn from them where the market lies.

    Bayesian linear regression of results y = x.m + noise on directions x, prior N(V, doubt^2 I):
    (Sigma + lambda I) w = G + lambda V, lambda = outcome_noise^2/(n doubt^2), Sigma and G with 1/n. No dissent, no information.
    """
    people = s.people
    p, f, axes, posts = s.params[0], s.firm[0], s.axes, s.firm[0].posts
    rowing, market, result, filled = people.rowing, s.market, people.result, people.filled
    f.has_evidence = 0
    s.now[0].reports = 0.0
    if p.voice == 0.0:
        return
    reporters = 0
    generator = seat(s.luck, VOICE, f.week, 0)
    for i in range(posts):
        # A missing report is marked by nan.
        result[i] = math.nan
        if generator.random() < p.voice * people.attention[i] and filled[i]:
            result[i] = 0.0
            reporters += 1
    s.now[0].reports = float(reporters)
    if reporters < 2:
        return
    mean_x, effect = s.scratch[0], s.scratch[1]
    clear(mean_x)
    clear(effect)
    mean_y = 0.0
    generator = seat(s.luck, OUTCOME, f.week, 0)
    for i in range(posts):
        noise = p.outcome_noise * generator.standard_normal() if p.outcome_noise > 0.0 else 0.0
        if not math.isnan(result[i]):
            y = noise
            for k in range(len(axes)):
                y += rowing[i, k] * market[k]
                mean_x[k] += rowing[i, k]
            result[i] = y
            mean_y += y
    mean_y /= reporters
    for k in range(len(axes)):
        mean_x[k] /= reporters
    for k in range(len(axes)):
        clear(s.matrix[k])
    for i in range(posts):
        if not math.isnan(result[i]):
            for k in range(len(axes)):
                off = rowing[i, k] - mean_x[k]
                effect[k] += off * (result[i] - mean_y)
                for j in range(k + 1):
                    s.matrix[k, j] += off * (rowing[i, j] - mean_x[j])
    ridge = p.outcome_noise**2 / (reporters * p.doubt**2)
    for k in range(len(axes)):
        effect[k] = effect[k] / reporters
        for j in range(k + 1):
            s.matrix[k, j] /= reporters
            s.matrix[j, k] = s.matrix[k, j]
    if ridge > 0.0:
        _posterior(s, ridge)
    else:
        _exact_evidence(s)
    f.has_evidence = 1


@compiled
def _posterior(s: State, ridge: float) -> None:
    """Solve (Sigma + ridge I) w = G + ridge V by Cholesky's method, in place."""
    axes, a, b, w = s.axes, s.matrix, s.scratch[1], s.evidence
    for k in range(len(axes)):
        b[k] += ridge * s.vision[k]
        a[k, k] += ridge
    for k in range(len(axes)):
        for j in range(k + 1):
            total = a[k, j]
            for h in range(j):
                total -= a[k, h] * a[j, h]
            a[k, j] = math.sqrt(total) if k == j else total / a[j, j]
    for k in range(len(axes)):
        total = b[k]
        for h in range(k):
            total -= a[k, h] * w[h]
        w[k] = total / a[k, k]
    for back in range(len(axes)):
        k = len(axes) - 1 - back
        total = w[k]
        for h in range(k + 1, len(axes)):
            total -= a[h, k] * w[h]
        w[k] = total / a[k, k]


@compiled
def _exact_evidence(s: State) -> None:
    """Take the limit without noise: w = V + P (m - V), P the projection on the span of the dissent.

    The span is that of the columns of Sigma; the longest column left is taken each time (Gram-Schmidt with pivots).
    """
    axes, a, rest = s.axes, s.matrix, s.scratch[0]
    largest = 0.0
    for k in range(len(axes)):
        rest[k] = s.market[k] - s.vision[k]
        s.evidence[k] = s.vision[k]
        largest = max(largest, length(a[k], axes))
    for _ in range(len(axes)):
        pivot, size = 0, 0.0
        for k in range(len(axes)):
            if length(a[k], axes) > size:
                pivot, size = k, length(a[k], axes)
        # Below this a column is rounding error of the ones already taken.
        if size <= 1e-11 * largest or size < 1e-24:
            return
        q = s.scratch[2]
        for k in range(len(axes)):
            q[k] = a[pivot, k] / size
        along = 0.0
        for k in range(len(axes)):
            along += q[k] * rest[k]
        for k in range(len(axes)):
            s.evidence[k] += along * q[k]
            rest[k] -= along * q[k]
        for j in range(len(axes)):
            overlap = 0.0
            for k in range(len(axes)):
                overlap += q[k] * a[j, k]
            for k in range(len(axes)):
                a[j, k] -= overlap * q[k]

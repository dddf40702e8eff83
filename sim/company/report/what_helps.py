"""Which measure helps, in words that follow from the comparisons."""

from __future__ import annotations

from sim.company.report.finding import Finding
from sim.company.report.plain_words import counted, listed
from sim.company.whatif.ranking import FEW, Ranking, rank
from sim.company.whatif.stored import Kept
from sim.company.whatif.whatif import Found
from sim.measures.outcomes import OUTCOMES, interval, written

NAMED = 6
"""Measures that a sentence names; of more it gives the number."""


def ranking_of(kept: Kept) -> Ranking:
    """Rank the measures that were tried alone."""
    return rank({f.name: f.gains(kept.outcome) for f in kept.found})


def measure_findings(kept: Kept, weeks: tuple[int, ...]) -> list[Finding]:
    """Say which measure buys most, or which cannot be told apart; how many pairs would tell; and what a budget buys."""
    ranking = ranking_of(kept)
    by_name = {f.name: f for f in kept.found}
    out = [_first(ranking, by_name, kept.outcome, weeks)]
    needed = _pairs_needed(ranking, by_name, kept.outcome)
    if needed is not None:
        out.append(needed)
    if kept.budget is not None:
        out.append(budget_finding(kept, weeks))
    return out


def _quoted(names: list[str]) -> str:
    shown = [f"\N{LEFT DOUBLE QUOTATION MARK}{n}\N{RIGHT DOUBLE QUOTATION MARK}" for n in names]
    return listed(shown) if len(shown) <= NAMED else f"{', '.join(shown[:NAMED])} and {len(shown) - NAMED} more"


def measured_words(f: Found, outcome: str, weeks: tuple[int, ...]) -> str:
    """Return what a measure or a combination changes, for how much."""
    x = f.at(outcome, weeks[-1])
    text = (
        f"{OUTCOMES[outcome].label.lower()} after {weeks[-1]} weeks {written(x.mean, outcome, True)} ({OUTCOMES[outcome].unit}; 95 % interval "
        f"{interval(x.low, x.high, outcome)}, n = {x.n} pairs), better than the base in {100 * x.better:.0f} % of them, for {f.cost:.1f} weeks of cost."
    )
    short = f.at(outcome, weeks[0])
    if len(weeks) > 1 and short.good * x.good < 0 and short.clear and x.clear:
        text += f" Beware: after {weeks[0]} weeks it is the other way round, {written(short.mean, outcome, True)}."
    return text


def _first(ranking: Ranking, by_name: dict[str, Found], outcome: str, weeks: tuple[int, ...]) -> Finding:
    first = by_name[ranking.order[0]]
    x = first.at(outcome, weeks[-1])
    low, high = (x.low, x.high) if OUTCOMES[outcome].more else (-x.high, -x.low)
    count = len(ranking.order)
    label = OUTCOMES[outcome].label.lower()
    numbers = f"{_quoted([first.name])}: {measured_words(first, outcome, weeks)}"

    def finding(rule: str, headline: str, words: str) -> Finding:
        return Finding("what helps", rule, words, x.good, ranking.n, "pairs", low, high, headline)

    if count == 1:
        if first.name in ranking.helpful:
            return finding("helps", f"{_quoted([first.name])} helps", numbers)
        if first.name in ranking.harmful:
            return finding("harms", f"{_quoted([first.name])} harms", numbers)
        return finding("not clear", f"Whether {_quoted([first.name])} helps is not clear", numbers)
    if not ranking.helpful:
        return finding(
            "none helps", f"None of the {count} measures is shown to help {label}", f"The highest mean has {numbers}"
        )
    if ranking.best is not None:
        return finding(
            "one buys most", f"Of {count} measures tried alone, {_quoted([ranking.best])} buys most", numbers
        )
    if ranking.n < FEW:
        return finding(
            "too few pairs", f"{counted(len(ranking.helpful), 'measure helps', 'measures help')}; which buys most, {ranking.n} pairs do not tell",
            f"Shown to help: {_quoted(ranking.helpful)}. {numbers}",
        )  # fmt: skip
    tied = ranking.tied
    words = f"Over {ranking.n} pairs these may each be the best: {_quoted(tied)}. The highest mean has {numbers}"
    return finding("tied", f"The first {len(tied)} of {count} measures cannot be told apart", words)


def _pairs_needed(ranking: Ranking, by_name: dict[str, Found], outcome: str) -> Finding | None:
    near = ranking.nearest
    if near is None or not ranking.helpful:
        return None
    sign = 1 if OUTCOMES[outcome].more else -1
    low, high = sorted((sign * near.low, sign * near.high))
    said = f"{_quoted([near.first])} less {_quoted([near.second])} is {written(sign * near.mean, outcome, True)} (interval {interval(low, high, outcome)}; 99 %, shared out over {len(by_name) - 1} comparisons; n = {near.n} pairs)"
    if ranking.best is not None:
        return Finding(
            "first against next",
            "told apart",
            f"Against the measure that comes nearest: {said}.",
            near.mean,
            near.n,
            "pairs",
            near.low,
            near.high,
        )
    if near.n < FEW:
        more = f"At least {FEW} pairs are needed before a measure is called the best; there were {near.n}."
    elif near.needed is None:
        more = "The two do not differ at all in these pairs."
    elif near.needed > 20 * near.n:
        more = f"To tell them apart would take more than {20 * near.n:,} pairs: for practical purposes they are equal."
    else:
        digits = 10 ** max(len(str(near.needed)) - 2, 0)
        needed = -(-near.needed // digits) * digits  # two digits: it is no more than an estimate
        more = f"To tell them apart would take about {needed:,} pairs (--replicates {needed}); there were {near.n}."
    return Finding(
        "first against next",
        "not told apart",
        f"{said[0].upper()}{said[1:]}. {more}",
        near.mean,
        near.n,
        "pairs",
        near.low,
        near.high,
    )


def budget_finding(kept: Kept, weeks: tuple[int, ...]) -> Finding:
    """Say what the best combination within a budget does, judged by fresh luck."""
    budget, best, outcome = kept.budget or 0.0, kept.best, kept.outcome
    if best is None:
        return Finding(
            "budget",
            "nothing helps",
            f"No combination within {budget:g} weeks of cost did better than the base in {kept.tries} tries.",
            n=kept.runs,
            of="pairs",
        )
    x = best.at(outcome, weeks[-1])
    low, high = (x.low, x.high) if OUTCOMES[outcome].more else (-x.high, -x.low)
    rule = "helps" if low > 0 else "not shown"
    words = "The best combination found" if rule == "helps" else "No combination is shown to help; the best found"
    return Finding(
        "budget", rule,
        f"{words} within {budget:g} weeks of cost ({kept.tries} tried, then run anew with fresh luck) is {_quoted(list(best.parts))}: {measured_words(best, outcome, weeks)} Others may do as well.",
        x.good, x.n, "pairs", low, high,
    )  # fmt: skip


def verdict(ranking: Ranking, name: str) -> str:
    """Return one word on a measure."""
    return "helps" if name in ranking.helpful else "harms" if name in ranking.harmful else "not clear"

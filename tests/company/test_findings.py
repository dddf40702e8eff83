"""What the report says follows from its numbers: each rule of each finding, from made-up numbers that it must tell apart."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest

from sim.company.report.finding import Finding
from sim.company.report.fit_words import fit_findings
from sim.company.report.measured import (
    brokers,
    chart,
    formal,
    fragile,
    goals,
    isolated,
    priorities,
    reach,
    reliable,
    response,
    silo,
)
from sim.company.report.outlook import Whose, level, shown_until, survival, whose_firm
from sim.company.report.sections import cause, differ_in
from sim.company.report.tornado import Bar, tornado_finding
from sim.company.report.warning_signs import Sign, Warnings, warning_findings
from sim.company.report.what_helps import budget_finding, measure_findings
from sim.company.whatif.compare import difference
from sim.company.whatif.stored import Kept
from sim.company.whatif.whatif import Found
from sim.scenario import loads

KNOWN = Whose(5, goals=True, survey=True, links=True, calibrated=False)
BARE = Whose(5, goals=False, survey=False, links=False, calibrated=False)
NETWORK = {
    "people": 40, "ties": 200, "silo": -0.6, "silo_expected": 0.5, "silo_low": 0.4, "silo_high": 0.6, "brokers": 3, "brokered": 0.075,
    "broker_share": 0.52, "cut_people": 0, "cut_off": 0, "reach": [0.2, 0.9, 1.0], "unreached": 0.0, "isolated": 2, "sampled": False, "span": 5.0, "span_most": 9, "layers": 3,
    "formal": {"people": 39, "to_boss": 35, "from_boss": 12, "ties": 200, "along": 47, "peers": 60},
}  # fmt: skip
SURVEY = {
    "answered": 30, "asked": 40, "groups": ["A"], "overall": {"knowledge": 0.2},
    "reliability": [{"construct": "belief", "n": 30, "low": 0.75}, {"construct": "voice", "n": 28, "low": 0.4}],
}  # fmt: skip
FIT = {
    "firms": 200,
    "closed": 20,
    "within": {"rework": 0.7},
    "all_within": 0.7,
    "distance": 1.1,
    "widened": 1.0,
    "plausible": 0.3,
}
SETTING = {"name": "founder.clarity", "says": "the data tell", "narrowed": 0.6}
SUMMARY = {"fits": True, "tells": True, "reasons": [], "fit": FIT, "parameters": [SETTING], "together": [], "runs": 900}
SIGN = Sign("rework", True, 0.2, (0.8, 0.6, 0.9), (0.1, 0.05, 0.2), 0.9, 0.82, 0.97, 80)


def closed(open_, runs):
    return np.where(np.arange(runs) < open_, -1, 30)


def found(name, gains, base=0.0, cost=1.0):
    """A measure with these gains in cash, pair by pair."""
    gains = np.asarray(gains, float)
    at = difference("cash", 52, np.full(len(gains), base), base + gains)
    return Found(name, "", cost, (name,), (at,), {"cash": tuple(gains)})


def kept(*measures, **changes):
    runs = measures[0].differences[0].n
    return Kept(**({"inputs": {}, "outcome": "cash", "seed": 0, "runs": runs, "draws": 0, "found": measures} | changes))


def spread(mean, n=200, sd=1.0, seed=0):
    x = np.random.default_rng(seed).standard_normal(n)
    return mean + sd * (x - x.mean()) / x.std(ddof=1)


def bar(name, swing):
    swing = np.asarray(swing, float)
    zero = np.zeros(len(swing))
    return Bar(name, 0.1, 0.9, difference("cash", 52, zero, zero), difference("cash", 52, zero, swing), swing)


CASES = [
    # what was found, the rule that must apply, words that must and must not stand in headline and sentence
    (lambda: survival(closed(200, 200), 156, KNOWN), "likely to last", ["200 of 200", "98 % to 100 %"], ["danger"]),
    (lambda: survival(closed(190, 200), 156, KNOWN), "likely to last", ["likely to last"], ["risk"]),
    (lambda: survival(closed(183, 200), 156, KNOWN), "at risk or better", ["do not tell"], ["in danger"]),
    (lambda: survival(closed(150, 200), 156, KNOWN), "at risk", ["at risk", "75 %"], ["danger", "last"]),
    (lambda: survival(closed(105, 200), 156, KNOWN), "at risk or worse", ["at risk or in danger"], []),
    (lambda: survival(closed(40, 200), 156, KNOWN), "in danger", ["in danger", "20 %"], ["at risk"]),
    (lambda: survival(closed(3, 4), 156, KNOWN), "not told", ["do not tell"], ["is at risk", "in danger"]),
    (lambda: survival(closed(40, 200), 156, BARE), "in danger", ["a typical firm with this chart"], ["the simulated firm"]),
    (lambda: whose_firm(BARE), "typical", ["typical firm", "not this firm", "Goals and a survey"], ["calibrated"]),
    (lambda: whose_firm(KNOWN), "partly known", ["ties, goals and survey", "not fitted"], ["Without"]),
    (lambda: whose_firm(Whose(5, True, False, False, True)), "calibrated", ["Without a survey", "were calibrated"], ["typical ones"]),
    (lambda: level("cash", np.arange(11.0), 0.0, 52), "all open", ["5.0 weeks of cost", "1.0 to 9.0"], ["closed"]),
    (lambda: level("cash", np.arange(11.0), 0.1, 52), "closed firms counted", ["with what they closed with"], []),
    (lambda: level("engagement", np.full(5, 0.5), 0.1, 52), "closed firms counted", ["last quarter of a year"], []),
    (lambda: goals({}), "not known", ["not said"], []),
    (lambda: goals({"A": {"B": 0.04}, "B": {"A": 0.04}}), "alike", ["much the same"], ["different"]),
    (lambda: goals({"A": {"B": 0.3, "C": 0.1}, "B": {"C": 0.2}, "C": {}}), "differ", ["between A and B", "A and B are paid"], ["shared"]),
    (lambda: goals({"A": {"B": 0.3, "C": 0.3}, "B": {"C": 0.2}, "C": {}}), "differ", ["shared by 2 of 3 pairs: A and B; A and C"], ["A and B are paid"]),
    (lambda: goals({"A": {"B": 0.7}, "B": {}}), "apart", ["nothing in common"], []),
    (lambda: silo(NETWORK, 5), "more inside", ["80 %", "25 %", "more than"], ["less than"]),
    (lambda: silo(NETWORK | {"silo": 0.9}, 5), "less inside", ["less than"], ["among themselves"]),
    (lambda: silo(NETWORK | {"silo": 0.5}, 5), "as by size", ["about as their sizes alone"], ["among themselves"]),
    (lambda: brokers(NETWORK), "exact", ["3 people stand", "52 %"], ["estimated"]),
    (lambda: brokers(NETWORK | {"sampled": True}), "estimated", ["estimated from a sample"], []),
    (lambda: brokers(NETWORK | {"brokers": 0}), "none", ["Nobody stands between"], []),
    (lambda: formal(NETWORK), "most", ["35 of 39", "Most people listen"], []),
    (lambda: formal(NETWORK | {"formal": NETWORK["formal"] | {"to_boss": 20}}), "about half", ["About half"], ["Most", "Fewer"]),
    (lambda: formal(NETWORK | {"formal": NETWORK["formal"] | {"to_boss": 5}}), "few", ["Fewer than half"], ["Most"]),
    (lambda: fragile(NETWORK), "none", ["Nobody is a single point"], []),
    (lambda: fragile(NETWORK | {"cut_people": 1, "cut_off": 7}), "some", ["1 person is", "7 others"], []),
    (lambda: reach(NETWORK), "everybody", ["20 % of the people at first hand", "100 % within three"], ["never"]),
    (lambda: reach(NETWORK | {"reach": [0.2, 1.0, 1.0]}), "everybody", ["100 % within two"], ["three"]),
    (lambda: reach(NETWORK | {"reach": [0.2, 0.5, 0.6], "unreached": 0.3}), "not everybody", ["30 % are never"], ["everybody"]),
    (lambda: chart({"span": 4.5, "span_most": 9, "layers": 3}), "managers", ["4.5", "9", "3 layers"], []),
    (lambda: isolated(NETWORK), "some", ["2 people have no tie"], []),
    (lambda: response(SURVEY), "half or more", ["30 of 40", "75 %"], ["Fewer"]),
    (lambda: response(SURVEY | {"answered": 12}), "fewer than half", ["may think otherwise"], []),
    (lambda: response(SURVEY | {"answered": 3, "groups": None}), "too few", ["too few to show"], []),
    (lambda: priorities(SURVEY), "fewer than half", ["20 %", "Fewer than half"], []),
    (lambda: priorities(SURVEY | {"overall": {"knowledge": 0.45}}), "about half", ["45 %"], ["Most", "Fewer"]),
    (lambda: priorities(SURVEY | {"overall": {"knowledge": 0.8}}), "most", ["Most answers"], []),
    (lambda: reliable(SURVEY), "some unsure", ["voice"], ["belief"]),
    (lambda: reliable(SURVEY | {"reliability": SURVEY["reliability"][:1]}), "all good", ["every scale"], ["care"]),
    (lambda: measure_findings(kept(found("A", spread(5)), found("B", spread(2, seed=1))), (52,))[0], "one buys most", ["A”", "buys most"], ["cannot"]),
    (lambda: measure_findings(kept(found("A", spread(5)), found("B", spread(4.9, seed=1))), (52,))[0], "tied", ["cannot be told apart", "“A” and “B”"], ["buys most"]),
    (lambda: measure_findings(kept(found("A", spread(0.1)), found("B", spread(0, seed=1))), (52,))[0], "none helps", ["None of the 2"], ["buys"]),
    (lambda: measure_findings(kept(found("A", spread(5, 20)), found("B", spread(0, 20, seed=1))), (52,))[0], "too few pairs", ["20 pairs do not tell"], ["buys most,”"]),
    (lambda: measure_findings(kept(found("A", spread(5))), (52,))[0], "helps", ["“A” helps"], ["most"]),
    (lambda: measure_findings(kept(found("A", spread(-5))), (52,))[0], "harms", ["“A” harms"], []),
    (lambda: measure_findings(kept(found("A", spread(0.01))), (52,))[0], "not clear", ["not clear"], []),
    (lambda: measure_findings(kept(found("A", spread(5)), found("B", spread(4.9, seed=1))), (52,))[1], "not told apart", ["pairs"], []),
    (lambda: budget_finding(kept(found("A", spread(5)), budget=2.0, tries=9), (52,)), "nothing helps", ["9 tries"], []),
    (lambda: budget_finding(kept(found("A", spread(5)), budget=2.0, tries=9, best=found("A", spread(5))), (52,)), "helps", ["Others may do as well"], ["No combination"]),
    (lambda: budget_finding(kept(found("A", spread(5)), budget=2.0, tries=9, best=found("A", spread(0.01))), (52,)), "not shown", ["No combination is shown"], []),
    (lambda: tornado_finding([bar("people.social", spread(9)), bar("mood.strain", spread(1, seed=1))], "cash"), "one", ["talk among colleagues"], ["apart"]),
    (lambda: tornado_finding([bar("people.social", spread(9)), bar("mood.strain", -spread(8.9, seed=1))], "cash"), "tied", ["cannot be told apart"], ["What matters most is"]),
    (lambda: tornado_finding([bar("people.social", spread(0.01)), bar("mood.strain", spread(0, seed=1))], "cash"), "none told", ["No single setting"], []),
    (lambda: warning_findings(Warnings("", 12, 0, math.nan, ()), {})[0], "too few firms", ["12 firms"], []),
    (lambda: warning_findings(Warnings("closing", 160, 50, 0.31, (SIGN,)), {"rework": "Rework"})[0], "closing", ["31 %", "warn of closing"], ["quarter by cash"]),
    (lambda: warning_findings(Warnings("cash", 160, 40, 0.02, (SIGN,)), {"rework": "Rework"})[0], "cash", ["hardly any", "worst quarter by cash"], []),
    (lambda: warning_findings(Warnings("cash", 160, 40, 0.97, (SIGN,)), {"rework": "Rework"})[0], "cash", ["nearly all"], []),
    (lambda: warning_findings(Warnings("closing", 160, 50, 0.31, (SIGN,)), {"rework": "Rework"})[1], "one best", ["The best is rework"], []),
    (lambda: warning_findings(Warnings("closing", 160, 50, 0.31, (SIGN, SIGN)), {"rework": "Rework"})[1], "tied", ["cannot be told apart"], []),
    (lambda: fit_findings(SUMMARY)[0], "fits", ["fits this firm"], ["not"]),
    (lambda: fit_findings(SUMMARY)[1], "some open", ["rework 70 %", "1.1 sd"], ["as unsure"]),
    (lambda: fit_findings(SUMMARY)[2], "tell", ["clarity of the vision"], ["founder.clarity", "others"]),
    (lambda: fit_findings(SUMMARY | {"fits": False, "reasons": ["half had closed"]})[0], "does not fit", ["half had closed", "Nothing in this report rests"], []),
    (lambda: fit_findings(SUMMARY | {"tells": False})[0], "tells nothing", ["do not tell anything"], ["fits this firm"]),
    (lambda: fit_findings(SUMMARY | {"fit": FIT | {"closed": 200, "distance": None}, "fits": False})[1], "all closed", ["All 200"], []),
    (lambda: cause({"conflict": {}, "network": None, "survey": None, "departments": []}), "not measured", ["not in the data"], []),
    (lambda: cause({"conflict": {"A": {"B": 0.4}, "B": {}}, "network": None, "survey": None, "departments": [1, 2]}), "differ", ["A and B"], []),
    (lambda: cause({"conflict": {"A": {"B": 0.0}, "B": {}}, "network": NETWORK, "survey": None, "departments": [1, 2]}), "more inside", ["among themselves"], []),
    (lambda: cause({"conflict": {"A": {"B": 0.0}, "B": {}}, "network": None, "survey": None, "departments": [1, 2]}), "nothing stands out", ["Nothing that was measured"], ["A and B are"]),
]  # fmt: skip


@pytest.mark.parametrize(("make", "rule", "words", "not_words"), CASES, ids=[str(i) for i in range(len(CASES))])
def test_a_sentence_follows_from_its_numbers(make, rule, words, not_words):
    finding = make()
    assert isinstance(finding, Finding)
    text = f"{finding.headline} {finding.sentence}"
    assert finding.rule == rule, text
    for word in words:
        assert word in text, text
    for word in not_words:
        assert word not in text, text
    if not math.isnan(finding.low) and finding.topic != "silo":  # whose limits are those of chance
        assert finding.low <= finding.value <= finding.high
        assert finding.n > 0


def test_one_department_has_no_silo_sentence():
    assert silo(NETWORK, 1) is None


def test_without_a_boss_in_the_network_nothing_is_said_of_bosses():
    assert formal(NETWORK | {"formal": None}) is None


def test_a_share_never_leaves_0_to_1():
    for open_, runs in ((0, 3), (3, 3), (1, 2), (199, 200)):
        f = survival(closed(open_, runs), 52, KNOWN)
        assert 0 <= f.low <= f.high <= 1
    base, case = np.zeros(30), np.zeros(30)
    case[0] = 1
    d = difference("open", 52, base, case)
    assert -1 <= d.low <= d.mean <= d.high <= 1
    d = difference("open", 52, np.zeros(30), np.ones(30))
    assert d.high <= 1


def test_curves_of_open_firms_end_where_a_tenth_has_closed():
    weeks = np.full(100, -1)
    weeks[:10] = 20
    assert shown_until(weeks, 52) == 52
    weeks[10] = 30
    assert shown_until(weeks, 52) == 31
    assert shown_until(np.full(100, -1), 52) == 52


@pytest.mark.parametrize(
    ("calibrated", "scenario", "words"),
    [
        (False, "", "nothing but their luck"),
        (True, "", "luck and in the calibrated settings"),
        (False, "[founder]\nclarity = { low = 0.3, high = 0.7 }", "luck and in what the scenario leaves uncertain"),
    ],
)
def test_firms_differ_in_luck_alone_only_where_it_is_so(calibrated, scenario, words):
    content = SimpleNamespace(calibrated=calibrated, batch=range(200), scenario=loads(scenario))
    assert words in differ_in(content).sentence

"""Indices of functions with known answers, through the whole pipeline: design, store, analysis."""

import dataclasses

import numpy as np
import pytest

from sim.sensitivity import NotApplicable, advise, analyse, converge, curves, methods, read, stability
from sim.sensitivity.given_data import delta, fast, pawn, rbd_fast
from sim.sensitivity.morris import elementary_effects, morris
from sim.sensitivity.ranking import judge, screen
from sim.sensitivity.replicates import luck, product
from sim.sensitivity.sobol import complete, expected_half_width, sobol
from sim.study.results import open_sweep
from sim.study.study import study_from
from sim.study.sweep import sweep

A, B = 7.0, 0.1
PARTS = np.array([(1 + B * np.pi**4 / 5) ** 2 / 2, A**2 / 8, 8 * B**2 * np.pi**8 / 225])
ISHIGAMI_FIRST = np.array([PARTS[0], PARTS[1], 0]) / PARTS.sum()
ISHIGAMI_TOTAL = np.array([PARTS[0] + PARTS[2], PARTS[1], PARTS[2]]) / PARTS.sum()
G = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """Run a study of a function once and read its outcomes."""
    done = {}

    def run(function, factors, design, dummy=False, **more):
        key = repr((function, design, dummy, more))
        if key not in done:
            vary = {f"x{i + 1}": {} for i in range(factors)} | ({"dummy": {}} if dummy else {})
            study = study_from({"function": function, "design": design, "vary": vary, "seed": 0, **more})
            folder = tmp_path_factory.mktemp("sweep") / "s"
            sweep(study, folder)
            done[key] = read(open_sweep(folder), "y")
        return done[key]

    return run


def within(index, truth, low=None):
    return (index.low[: len(truth)] <= truth + 1e-12).all() and (truth - 1e-12 <= index.high[: len(truth)]).all()


SOBOL = {"kind": "sobol", "n": 256}


def test_sobol_finds_ishigami_within_its_intervals(swept):
    found = analyse(swept("ishigami", 3, SOBOL), "sobol")
    assert within(found.index("ST"), ISHIGAMI_TOTAL)
    assert within(found.index("S1"), ISHIGAMI_FIRST)
    both = found.second
    assert both.low[0, 2] <= PARTS[2] / PARTS.sum() <= both.high[0, 2]
    assert both.low[0, 1] <= 0 <= both.high[0, 1]
    assert found.luck is None


def test_noise_is_taken_out_of_the_indices_and_told_beside_them(swept):
    found = analyse(swept("ishigami", 3, SOBOL, dummy=True, noise=2.0, replicates=4), "sobol")
    assert within(found.index("ST"), ISHIGAMI_TOTAL)
    assert within(found.index("S1"), ISHIGAMI_FIRST)
    total = found.index("ST")
    assert total.low[3] < 0.01 < 0.05 > total.values[3]  # the dummy
    assert found.luck.low < PARTS.sum() / (PARTS.sum() + 4) < found.luck.high
    assert abs(found.luck.shared) < 0.01
    assert found.replicates_needed == pytest.approx(4 / PARTS.sum() * 19, abs=2)


def test_without_replicates_noise_would_look_like_interaction(swept):
    once = analyse(swept("ishigami", 3, SOBOL, dummy=True, noise=2.0), "sobol")
    assert once.index("ST").values[3] > 0.1
    assert once.luck is None


def test_sobol_g_within_its_intervals(swept):
    found = analyse(swept("sobol_g", 8, {"kind": "sobol", "n": 512, "second_order": False}))
    parts = 1 / (3 * (1 + G) ** 2)
    whole = np.prod(1 + parts) - 1
    total = parts * np.prod(1 + parts) / (1 + parts) / whole
    strong = found.index("S1").low[:4], (parts / whole)[:4], found.index("S1").high[:4]
    assert (strong[0] <= strong[1]).all()
    assert (strong[1] <= strong[2]).all()
    assert within(found.index("ST"), total[:4])
    assert found.verdict.ranking[:2] == ("x1", "x2")
    assert found.second is None


def test_morris_tells_his_ten_factors_from_the_rest(swept):
    found = analyse(swept("morris", 20, {"kind": "morris", "trajectories": 24}))
    star, sigma = found.index("mu_star").values, found.index("sigma").values
    assert star[:10].min() > 2 * star[10:].max()
    assert (sigma[7:10] < 0.35 * star[7:10]).all()  # 8 to 10 act alone
    assert (sigma[:7] > 0.35 * star[:7]).all()  # the others interact or are curved
    assert set(found.verdict.ranking) == {f"x{i}" for i in range(1, 11)}


def test_morris_shows_the_floor_that_luck_gives(swept):
    found = analyse(swept("morris", 20, {"kind": "morris", "trajectories": 24}, dummy=True, noise=10.0, replicates=3))
    star = found.index("mu_star")
    assert 0.7 < star.values[20] / found.floor[20] < 1.4
    assert star.values[:10].min() > 2 * found.floor.max()


@pytest.mark.parametrize(("noise", "replicates"), [(0.0, 1), (2.0, 4)])
def test_fast_finds_ishigami(swept, noise, replicates):
    found = analyse(swept("ishigami", 3, {"kind": "fast", "n": 1025}, noise=noise, replicates=replicates))
    assert found.index("S1").values == pytest.approx(ISHIGAMI_FIRST, abs=0.03)
    assert found.index("ST").values == pytest.approx(ISHIGAMI_TOTAL, abs=0.05 if replicates == 1 else 0.1)
    if replicates == 1:
        assert found.verdict.settled is None
        assert np.isnan(found.index("ST").low).all()


@pytest.mark.parametrize("method", ["rbd_fast", "delta", "pawn"])
def test_measures_from_any_sample_rank_ishigami_above_chance(swept, method):
    sample = swept("ishigami", 3, {"kind": "lhs", "n": 600}, dummy=True)
    found = analyse(sample, method, draws=40)
    values = found.indices[0].values
    assert list(np.argsort(-values)[:2]) == [1, 0]
    assert values[3] < 1.3 * found.floor[0] < values[0]
    if method == "rbd_fast":
        assert within(found.indices[0], ISHIGAMI_FIRST[:2])


def test_a_whole_grid_gives_exact_indices(swept):
    sample = swept("ishigami", 3, {"kind": "grid", "levels": 9}, noise=1.0, replicates=4)
    found = analyse(sample, draws=100)
    x = np.linspace(-np.pi, np.pi, 9)
    y = (
        np.sin(x)[:, None, None]
        + 7 * np.sin(x)[None, :, None] ** 2
        + 0.1 * x[None, None, :] ** 4 * np.sin(x)[:, None, None]
    )
    truth = y.mean(axis=(1, 2)).var() / y.var()
    assert found.index("S1").values[0] == pytest.approx(truth, abs=0.03)
    exact = complete(y[..., None], np.ones((1, 1)))
    assert exact.first.sum() + np.nansum(np.triu(exact.second[0])) == pytest.approx(1)
    assert exact.total[0, 1] == pytest.approx(exact.first[0, 1])


def test_estimators_equal_salib(swept):
    from SALib.analyze import delta as salib_delta
    from SALib.analyze import fast as salib_fast
    from SALib.analyze import morris as salib_morris
    from SALib.analyze import pawn as salib_pawn
    from SALib.analyze import rbd_fast as salib_rbd
    from SALib.analyze import sobol as salib_sobol

    one = np.ones(1)
    g = swept("sobol_g", 8, {"kind": "sobol", "n": 512, "second_order": False})
    ours = sobol(g.y[g.clusters], 8, np.full((1, 512), 1 / 512), np.ones((1, 1)))
    theirs = salib_sobol.analyze(g.sweep.design.problem, g.y[:, 0], calc_second_order=False, num_resamples=2, seed=1)
    assert ours.first[0] == pytest.approx(theirs["S1"])
    assert ours.total[0] == pytest.approx(theirs["ST"])
    m = swept("morris", 20, {"kind": "morris", "trajectories": 24})
    unit = m.sweep.design.unit
    ours = morris(elementary_effects(unit[m.clusters], m.y[m.clusters], m.members), np.full(24, 1 / 24), one)
    theirs = salib_morris.analyze(m.sweep.design.problem, unit, m.y[:, 0], num_resamples=2, seed=1)
    for name in ("mu", "mu_star", "sigma"):
        assert getattr(ours, name) == pytest.approx(np.asarray(theirs[name], float))
    f = swept("ishigami", 3, {"kind": "fast", "n": 1025})
    with pytest.warns(UserWarning, match="FAST"):
        theirs = salib_fast.analyze(f.sweep.design.problem, f.y[:, 0], num_resamples=2, seed=1)
    first, total = fast(f.y.reshape(3, 1025, 1), one, 4)
    assert first == pytest.approx(theirs["S1"])
    assert total == pytest.approx(theirs["ST"])
    s = swept("ishigami", 3, {"kind": "lhs", "n": 600}, dummy=True)
    u, y, box = s.sweep.design.unit, s.y[:, 0], s.sweep.design.problem
    assert rbd_fast(u, y) == pytest.approx(np.array(salib_rbd.analyze(box, u, y, num_resamples=2, seed=1)["S1"]))
    assert pawn(u, y) == pytest.approx(salib_pawn.analyze(box, u, y, S=10)["median"], abs=0.01)
    n = len(y)
    limits = np.linspace(0, n, int(np.ceil(n ** (2 / (7 + np.tanh((1500 - n) / 500))))) + 1)
    theirs = salib_delta.calc_delta(y, np.linspace(y.min(), y.max(), 100), u[:, 0], limits)
    assert delta(u, y)[0] == pytest.approx(theirs)


def test_second_order_is_the_mean_of_salib_s_over_both_halves_of_the_design(swept):
    from SALib.analyze import sobol as salib_sobol

    sample = swept("ishigami", 3, SOBOL)
    y, k = sample.y[sample.clusters][:, :, 0], 3
    ours = sobol(y[:, :, None], k, np.full((1, 256), 1 / 256), np.ones((1, 1)))
    mirror = y[:, [7, 4, 5, 6, 1, 2, 3, 0]]
    closed, first = np.zeros((k, k)), np.zeros(k)
    for half in (y, mirror):
        found = salib_sobol.analyze(sample.sweep.design.problem, half.ravel(), num_resamples=2, seed=1)
        one, two = found["S1"], found["S2"]
        closed += np.nan_to_num(np.triu(two + one[:, None] + one[None, :], 1)) / 2
        first += one / 2
    assert ours.first[0] == pytest.approx(first)
    expected = np.triu(closed - first[:, None] - first[None, :], 1)
    assert np.triu(np.nan_to_num(ours.second[0]), 1) == pytest.approx(expected)


def test_groups_earn_together(tmp_path):
    vary = {"x1": {"group": "pair"}, "x2": {}, "x3": {"group": "pair"}}
    truth = {"pair": ISHIGAMI_TOTAL[0], "x2": ISHIGAMI_TOTAL[1]}
    study = study_from({"function": "ishigami", "design": {"kind": "sobol", "n": 256}, "vary": vary})
    sweep(study, tmp_path / "s")
    found = analyse(read(open_sweep(tmp_path / "s"), "y"), "sobol")
    assert found.names == ("pair", "x2")
    assert within(found.index("S1"), np.array([truth["pair"], truth["x2"]]))
    study = study_from({"function": "ishigami", "design": {"kind": "morris", "trajectories": 10}, "vary": vary})
    sweep(study, tmp_path / "m")
    assert analyse(read(open_sweep(tmp_path / "m"), "y")).names == ("pair", "x2")


def test_whole_numbers_and_categories_go_through_the_cube(tmp_path):
    vary = {"x1": {"kind": "integer", "low": -3, "high": 3}, "x2": {"kind": "choice", "values": [0.0, 1.5]}, "x3": {}}
    study = study_from({"function": "ishigami", "design": {"kind": "sobol", "n": 512}, "vary": vary})
    sweep(study, tmp_path / "s")
    found = analyse(read(open_sweep(tmp_path / "s"), "y"), "sobol")
    x = np.arange(-3, 4)
    three = np.array([np.pi**4 / 5, np.pi**8 / 9])  # moments of x3^4
    sines = np.mean(np.sin(x) ** 2)
    second = (7 * np.sin(1.5) ** 2) ** 2 / 4
    alone = sines * (1 + 0.1 * three[0]) ** 2
    whole = alone + second + sines * 0.01 * (three[1] - three[0] ** 2)
    assert within(found.index("S1"), np.array([alone, second]) / whole)


def test_products_of_different_replicates_hold_no_noise():
    chance = np.random.default_rng(0)
    signal = chance.standard_normal(4000)
    y = signal[:, None] + 3 * chance.standard_normal((4000, 3))
    assert np.mean(product(y, y, np.ones(3))) == pytest.approx(np.mean(signal**2), abs=0.25)
    shared = y + 5 * np.array([1.0, -1.0, 0.5])
    weights = np.full((2, 4000), 1 / 4000), np.ones((2, 3))
    split = luck(shared, weights)
    assert split.parameters + split.shared + split.local == pytest.approx(1)
    assert split.shared > 2 * split.local > 0


def test_the_verdict_says_how_large_n_must_be():
    draws = np.random.default_rng(0).normal([0.5, 0.4, 0.01], [0.1, 0.1, 0.005], (4000, 3))
    said = judge(("a", "b", "c"), np.array([0.5, 0.4, 0.01]), draws, 128, "N")
    assert not said.settled
    assert said.needed == 1024  # half width .277 of a difference of .1: 128 x 2.77^2 = 982
    assert "Not settled with N = 128: a and b" in said.text
    assert said.negligible == ("c",)
    sure = judge(
        ("a", "b", "c"), np.array([0.5, 0.4, 0.01]), [0.5, 0.4, 0.01] + (draws - draws.mean(axis=0)) / 10, 128, "N"
    )
    assert sure.settled
    assert sure.needed is None
    tied = judge(("a", "b"), np.array([0.41, 0.4]), [0.41, 0.4] + (draws - draws.mean(axis=0))[:, :2] / 20, 128, "N")
    assert tied.settled
    assert "tied" in tied.text


@pytest.mark.parametrize(("size", "unit"), [(4, "N"), (12, "points"), (9, "trajectories"), (3, "replicates")])
def test_nothing_is_settled_from_a_handful(size, unit):
    draws = np.array([0.7, 0.2]) + np.random.default_rng(0).normal(0, 1e-3, (500, 2))
    said = judge(("a", "b"), np.array([0.7, 0.2]), draws, size, unit)
    assert said.settled is None
    assert said.ranking == ()
    assert "too few" in said.text
    assert "ettled with" not in said.text


@pytest.mark.parametrize("rule", [judge, screen])
def test_nothing_is_settled_beside_a_number_that_is_none(rule):
    draws = np.random.default_rng(0).normal([0.7, 0.2], 0.01, (500, 2))
    for values, drawn in (
        (np.array([0.7, np.nan]), draws),
        (np.array([0.7, 0.2]), np.where(draws < 0.19, np.nan, draws)),
    ):
        said = rule(("a", "b"), values, drawn, 512, "N", 1.0)
        assert said.settled is None
        assert "no number for b" in said.text


def test_an_index_is_told_from_noise_by_the_interval_of_the_difference():
    """An index of .10 stands clear of noise of .00, though the ends of the two intervals meet."""
    chance = np.random.default_rng(0)
    draws = chance.normal([0.5, 0.10], 0.03, (4000, 2))
    noise = np.repeat(chance.normal(0.0, 0.03, (4000, 1)), 2, axis=1)
    assert np.quantile(draws[:, 1], 0.025) < np.quantile(noise[:, 1], 0.975)
    said = judge(("a", "b"), np.array([0.5, 0.10]), draws, 500, "points", 1.0, noise)
    assert said.ranking == ("a", "b")
    assert said.noisy == ()
    weak = judge(("a", "b"), np.array([0.5, 0.04]), draws - [0, 0.06], 500, "points", 1.0, noise)
    assert weak.noisy == ("b",)
    assert not weak.settled
    assert weak.needed > 500


@pytest.mark.parametrize("seed", range(20))
def test_no_factor_is_said_to_matter_and_to_be_noise_at_once(seed):
    chance = np.random.default_rng(seed)
    values = chance.exponential(0.1, 6)
    draws = chance.normal(values, chance.uniform(0.01, 0.1, 6), (1000, 6))
    floor = np.abs(chance.normal(0, 0.05, (1000, 6)))
    names = tuple("abcdef")
    for said in (
        judge(names, values, draws, 512, "N", 1.0, floor),
        screen(names, values, draws, 20, "trajectories", 1.0, floor),
    ):
        lists = (said.ranking, said.negligible, said.noisy)
        assert sum(map(len, lists)) == len({name for part in lists for name in part})
        assert said.settled is (said.needed is None)
        if said.noisy:
            assert not said.settled


def test_shares_of_variance_are_shares():
    """Differences of variances fall below 0 by chance; a share does not."""
    chance = np.random.default_rng(0)
    for _ in range(50):
        y = chance.normal(size=(30, 3)) + 0.05 * chance.normal(size=(30, 1))
        weights = chance.standard_exponential((100, 30)), chance.standard_exponential((100, 3))
        found = luck(y, weights)
        shares = found.parameters, found.shared, found.local
        assert all(0 <= share <= 1 for share in (*shares, found.low, found.high))
        assert sum(shares) == pytest.approx(1)


def test_a_screening_is_settled_when_no_factor_is_near_the_limit():
    chance = np.random.default_rng(0)
    names, values = ("a", "b", "c"), np.array([10.0, 1.2, 0.1])
    wide = values + chance.normal(0, 1, (2000, 3)) * [1, 1, 0.05]
    said = screen(names, values, wide, 20, "trajectories", 10.0)
    assert not said.settled
    assert said.needed > 20
    clear = values * [1, 3, 1] + chance.normal(0, 0.1, (2000, 3)) * [1, 1, 0.1]
    assert screen(names, values * [1, 3, 1], clear, 20, "trajectories", 10.0).settled


def test_what_is_too_small_is_told_before_the_runs():
    def remarks(design, **more):
        vary = {"x1": {}, "x2": {}, "x3": {}}
        return advise(study_from({"function": "ishigami", "design": design, "vary": vary, **more}))

    small = remarks({"kind": "sobol", "n": 64})
    assert "N = 64 is small" in small[0]
    assert "take N = 512" in small[0]
    assert remarks({"kind": "sobol", "n": 512}) == []
    assert "trajectories are few" in remarks({"kind": "morris", "trajectories": 4})[0]
    assert "10 points per factor" in remarks({"kind": "lhs", "n": 20})[0]
    assert "1 replicate" in remarks({"kind": "sobol", "n": 512}, noise=1.0)[0]
    assert expected_half_width(512) == pytest.approx(0.0475, abs=0.001)


def test_holes_are_refused_and_left_out_only_when_asked(swept):
    sample = swept("ishigami", 3, SOBOL)
    holed = sample.y.copy()
    holed[11] = np.nan

    class Holed:
        def __getattr__(self, name):
            return getattr(sample.sweep, name)

        def outcomes(self, measure):
            return holed

        failed = 1

        def failures(self):
            return [{"point": 11, "replicate": 0, "error": "ValueError: boom"}]

    with pytest.raises(NotApplicable, match=r"1 of 2,048 runs .* failed .*boom.*--rerun-failed"):
        read(Holed(), "y")
    rest = read(Holed(), "y", without_holes=True)
    assert len(rest.clusters) == 255
    found = analyse(rest, "sobol")
    assert found.source.left_out == 8
    assert found.size == 255


def test_what_never_varies_and_what_does_not_fit_is_refused(swept):
    sample = swept("ishigami", 3, SOBOL)
    with pytest.raises(NotApplicable, match="a sobol design allows sobol, rbd_fast, delta, pawn, not morris"):
        analyse(sample, "morris")
    flat = type(
        "Flat", (), {"__getattr__": lambda s, n: getattr(sample.sweep, n), "outcomes": lambda s, m: 0 * sample.y}
    )()
    with pytest.raises(NotApplicable, match="nothing to explain"):
        read(flat, "y")
    assert methods(sample)[0] == "sobol"


def test_convergence_ends_with_the_whole_design(swept):
    sample = swept("ishigami", 3, SOBOL)
    path = converge(sample, "sobol", draws=50)
    assert path.sizes.tolist() == [16, 32, 64, 128, 256]
    assert path.values[-1] == pytest.approx(analyse(sample, "sobol", draws=50).index("ST").values)
    with pytest.raises(NotApplicable, match="no part of a fast design"):
        converge(swept("ishigami", 3, {"kind": "fast", "n": 1025}), "fast")


def test_stability_tells_how_many_replicates_are_enough():
    chance = np.random.default_rng(0)
    y = 5 + chance.standard_normal(200)[:, None] + chance.standard_normal((200, 40))
    found = stability(y)
    assert found.needed == pytest.approx(19, abs=5)
    assert found.settled is not None
    assert found.remaining[-1] == pytest.approx(1 / 41, abs=0.01)
    with pytest.raises(ValueError, match="three or more"):
        stability(y[:, :2])


def test_response_curves_pass_through_the_base(tmp_path):
    vary = {"x1": {"at": 1.0}, "x2": {"at": 0.5}}
    study = study_from(
        {"function": "ishigami", "design": {"kind": "oat", "levels": 5}, "vary": vary, "noise": 0.5, "replicates": 6}
    )
    sweep(study, tmp_path / "s")
    sample = read(open_sweep(tmp_path / "s"), "y")
    found = curves(("x1", "x2"), sample.sweep.design.columns, sample.sweep.design.moved, sample.y)
    assert [c.values[c.base] for c in found] == [1.0, 0.5]
    assert found[0].mean[found[0].base] == found[1].mean[found[1].base]
    assert (found[0].low < found[0].mean).all()
    with pytest.raises(NotApplicable, match="response curves, but allows no indices"):
        analyse(sample)


def test_seed_zero_is_a_seed_and_analyses_repeat(swept):
    sample = swept("ishigami", 3, SOBOL)
    first, again = analyse(sample, "sobol"), analyse(sample, "sobol")
    assert (first.index("ST").draws == again.index("ST").draws).all()
    other = dataclasses.replace(sample.sweep, study=dataclasses.replace(sample.sweep.study, seed=1))
    assert (analyse(dataclasses.replace(sample, sweep=other), "sobol").index("ST").low != first.index("ST").low).any()


def test_two_replicates_give_indices_though_they_leave_no_draws_for_intervals():
    y = np.random.default_rng(1).normal(size=(3, 4, 2))
    assert complete(y, np.ones((1, 2))).first.shape == (1, 2)
    assert complete(y, np.empty((0, 2))).first.shape == (0, 2)

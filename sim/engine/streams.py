"""The streams of chance: luck is a function of seed, replicate, decision, week and post.

Every decision of the model has its own stream, and every stream starts afresh each week from its own key. So no draw can
shift another: two runs with one seed share all their luck, whatever differs between them; people who join in mid-run stand
at the end of each stream and change nobody else's; and a run can start again from any week without stored generators.

A stream is the generator SFC64 (Doty-Humphrey, PractRand), whose state is three words and a counter of its steps. The key
sets the three words: seed; replicate and decision; week and post; each scrambled by a one-to-one map (SplitMix64's), then
stirred twelve times, as NumPy does with its seeds. Two streams can share no stretch: SFC64's step can be undone, and both
count their steps from 1, so where they once agree they have agreed from the start, and then their keys are the same.
Distinct keys mean distinct states as long as weeks fit 32 bits and posts 32 bits (a longer post goes with week 0 only).

Compiled code draws a week's numbers of a decision at once (`normals`, `uniforms`), or one by one from a NumPy generator
whose state is set to a stream (`select_stream`). Plain Python asks `stream` for the same numbers through NumPy's public
interface; a test holds all of them together.
"""

from __future__ import annotations

import ctypes
from typing import Any, NamedTuple

import numpy as np
from numba.np.random import _constants as ziggurat
from numpy.typing import NDArray

from sim.engine.compile import PLAIN, compiled

if PLAIN:  # words of 64 bits are meant to overflow
    np.seterr(over="ignore")

# Decisions are unsigned words: plain integers would be constants to the compiler, and each of them would be compiled for.
# D is the number of axes. "Per post" means one after the other through posts 0, 1, ..., vacant ones included, within the
# week's stream; "keyed by post" means that each post has a stream of its own.
#
# -- at the founding, or when somebody joins (week 0 whenever that is)
GOAL = np.uint64(1)  # D normals, keyed by department: the direction in which its goal lies off the vision
TIES = np.uint64(2)  # keyed by post: one Poisson number of colleagues elsewhere, then the picks (see `pick`)
PREFERENCE = np.uint64(3)  # D normals, keyed by post: own preference
FIRST_DEVIATION = np.uint64(4)  # D normals, keyed by post: personal deviation at the start
FIRST_FRAME = np.uint64(5)  # D normals, keyed by post: what its holder misreads at the start
FIRST_HEAD_FRAME = np.uint64(6)  # D normals, keyed by department: what its head misreads at the start
TEMPER = np.uint64(7)  # one normal, keyed by post
CLIMATE = np.uint64(8)  # one normal, keyed by department
FIRST_DEMAND = np.uint64(9)  # one normal: luck with orders at the start
UNCERTAIN = np.uint64(10)  # one uniform, keyed by the hash of a field's name: rank of an uncertain parameter
# -- every week
DRIFT = np.uint64(11)  # D normals: the market drifts
NORM = np.uint64(12)  # D normals: the industry norm drifts
TREND = np.uint64(13)  # D normals: error of the founder's reading
MONITOR = np.uint64(14)  # one normal: error of a review
BROADCAST = np.uint64(15)  # D normals per department: new part of what its head misreads
RELAY = np.uint64(16)  # D normals per post: new part of what its holder misreads
DEVIATION = np.uint64(17)  # D normals per post: new part of the personal deviation
VOICE = np.uint64(18)  # one uniform per post: whether a result is reported
OUTCOME = np.uint64(19)  # one normal per post: noise of the result
OPPORTUNITY = np.uint64(20)  # uniforms: is there one, to which department, is it taken; then D normals: its direction
LEAVE = np.uint64(21)  # one uniform per post: whether the post falls vacant
FILL = np.uint64(22)  # one uniform per post: whether a vacant post is filled
NEWCOMER = np.uint64(23)  # D normals, keyed by post: preference of somebody who fills it
NEWCOMER_FRAME = np.uint64(24)  # D normals, keyed by post: what somebody who fills it misreads
NEWCOMER_TEMPER = np.uint64(25)  # one normal per post: temper of somebody who fills it
DEMAND = np.uint64(26)  # one normal: new part of the luck with orders
# -- events
MARKET_TURNS = np.uint64(31)  # D normals, keyed by the event's rank among those of its kind in the week
DEPARTMENT_TURNED = np.uint64(32)  # D normals, keyed by department
PEOPLE_TURNED = np.uint64(33)  # D normals, then one uniform per post: the order in which posts are taken; keyed by rank
MERGER = np.uint64(34)  # D normals, keyed by rank: direction in which the other firm's belief lies off the vision


# The ziggurat of NumPy's standard normals (Marsaglia & Tsang 2000), as numba carries it.
_INSIDE, _WIDTH, _HEIGHT = ziggurat.ki_double, ziggurat.wi_double, ziggurat.fi_double
_TAIL, _TAIL_INVERSE = float(ziggurat.ziggurat_nor_r), float(ziggurat.ziggurat_nor_inv_r)
_U = np.uint64
_1, _3, _8, _11, _24, _27, _30, _31, _32, _40 = (_U(x) for x in (1, 3, 8, 11, 24, 27, 30, 31, 32, 40))
_LOW_8, _LOW_52 = _U(0xFF), _U(0x000FFFFFFFFFFFFF)
_GOLDEN, _FIRST, _SECOND = _U(0x9E3779B97F4A7C15), _U(0xBF58476D1CE4E5B9), _U(0x94D049BB133111EB)
_SEED, _RUN, _MOMENT = _U(0x9E3779B97F4A7C15), _U(0x3C6EF372FE94F82A), _U(0xDAA66D2C7DDF743F)
"""Offsets of the three words: multiples of the golden ratio, so that equal numbers do not make equal words."""
_UNIT = 1.0 / 9007199254740992.0
STIRS = 12
"""How often a new state is stirred before its first number."""
_WORD = 2**64 - 1


class Luck(NamedTuple):
    """A generator and views on its state, for compiled code.

    Attributes
    ----------
    generator
        The generator to draw from once its state is set.
    words
        SFC64's state (4 words), a view on the generator's memory.
    half
        Whether half a word is left (1 number), likewise.
    run
        The seed, scrambled, and the replicate shifted past the decisions (2 words).
    """

    generator: np.random.Generator
    words: NDArray[np.uint64]
    half: NDArray[np.int32]
    run: NDArray[np.uint64]


def new_luck(seed: int = 0, replicate: int = 0) -> Luck:
    """Return a generator with views on its state, set to a run. One per thread: it has a state.

    Raises
    ------
    ValueError
        If the seed is not in [0, 2^63) or the replicate not in [0, 2^48).
    RuntimeError
        If this NumPy lays SFC64 out in another way than the one known here.
    """
    _check(seed, replicate)
    bits = np.random.SFC64(0)
    bits.state = _state(11, 22, 33, 44)
    base = bits.ctypes.state_address
    luck = Luck(
        np.random.Generator(bits),
        np.ctypeslib.as_array((ctypes.c_uint64 * 4).from_address(base)),
        np.ctypeslib.as_array((ctypes.c_int32 * 1).from_address(base + 32)),
        np.zeros(2, np.uint64),
    )
    if [int(x) for x in (*luck.words, *luck.half)] != [11, 22, 33, 44, 0]:
        raise RuntimeError(f"NumPy {np.__version__} keeps the state of SFC64 in an unknown way; install an earlier one")
    select_run(luck, seed, replicate)
    return luck


def stream(seed: int, replicate: int, decision: np.uint64, week: int = 0, post: int = 0) -> np.random.Generator:
    """Return a new generator at the start of one stream, the same numbers as compiled code draws.

    Parameters
    ----------
    seed, replicate
        Which run: seed in [0, 2^63), replicate in [0, 2^48).
    decision
        One of the constants of this module.
    week, post
        Which week (below 0 in a firm's past); which post, department or rank, where the decision is keyed by one.

    Examples
    --------
    >>> float(stream(1, 0, DRIFT, week=3).standard_normal()) == float(stream(1, 0, DRIFT, week=3).standard_normal())
    True
    """
    _check(seed, replicate)
    moment = ((week << 32) + post) & _WORD
    words = (seed + int(_SEED), (replicate << 16) + int(decision) + int(_RUN), moment + int(_MOMENT))
    bits = np.random.SFC64(0)
    bits.state = _state(*(_mixed(word & _WORD) for word in words), 1)
    bits.random_raw(STIRS)
    return np.random.Generator(bits)


def _state(*words: int) -> Any:
    return {
        "bit_generator": "SFC64", "state": {"state": np.array(words, np.uint64)}, "has_uint32": 0, "uinteger": 0,
    }  # fmt: skip


def _mixed(word: int) -> int:
    """Scramble a word as `_mix` does."""
    word = ((word ^ (word >> 30)) * int(_FIRST)) & _WORD
    word = ((word ^ (word >> 27)) * int(_SECOND)) & _WORD
    return word ^ (word >> 31)


def _check(seed: int, replicate: int) -> None:
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed} must be from 0 to 2^63 - 1")
    if not 0 <= replicate < 2**48:
        raise ValueError(f"replicate {replicate} must be from 0 to 2^48 - 1")


@compiled
def _mix(word: Any) -> Any:
    """Scramble a word, one to one (the end of SplitMix64; Steele, Lea & Flood 2014)."""
    word = (word ^ (word >> _30)) * _FIRST
    word = (word ^ (word >> _27)) * _SECOND
    return word ^ (word >> _31)


@compiled
def _next(a: Any, b: Any, c: Any, count: Any) -> Any:
    """Return SFC64's next word, and its state after it."""
    word = a + b + count
    return word, b ^ (b >> _11), c + (c << _3), ((c << _24) | (c >> _40)) + word, count + _1


@compiled
def _start(luck: Luck, decision: np.uint64, week: int, post: int) -> Any:
    """Return the state at the start of a stream."""
    a = luck.run[0]
    b = _mix(luck.run[1] + decision + _RUN)
    c = _mix((np.uint64(week) << _32) + np.uint64(post) + _MOMENT)
    count = _1
    for _ in range(STIRS):
        _, a, b, c, count = _next(a, b, c, count)
    return a, b, c, count


@compiled
def select_run(luck: Luck, seed: int, replicate: int) -> None:
    """Set the run that later streams belong to."""
    luck.run[0] = _mix(np.uint64(seed) + _SEED)
    luck.run[1] = np.uint64(replicate) << np.uint64(16)


@compiled
def select_stream(luck: Luck, decision: np.uint64, week: int, post: int) -> np.random.Generator:
    """Set the one generator to the start of a stream and return it."""
    luck.words[0], luck.words[1], luck.words[2], luck.words[3] = _start(luck, decision, week, post)
    luck.half[0] = 0
    return luck.generator


@compiled
def _outside(box: Any, x: float, place: Any, a: Any, b: Any, c: Any, count: Any) -> Any:
    """Return whether a candidate outside the ziggurat's boxes stands, what it is, and the state (one in a hundred)."""
    if box == _U(0):
        while True:
            word, a, b, c, count = _next(a, b, c, count)
            far = -_TAIL_INVERSE * np.log1p(-(np.int64(word >> _11) * _UNIT))
            word, a, b, c, count = _next(a, b, c, count)
            height = -np.log1p(-(np.int64(word >> _11) * _UNIT))
            if height + height > far * far:
                far += _TAIL
                return True, (-far if (place >> _8) & _1 else far), a, b, c, count
    word, a, b, c, count = _next(a, b, c, count)
    height = (_HEIGHT[box - _1] - _HEIGHT[box]) * (np.int64(word >> _11) * _UNIT) + _HEIGHT[box]
    return height < np.exp(-0.5 * x * x), x, a, b, c, count


@compiled
def normals(luck: Luck, decision: np.uint64, week: int, post: int, out: NDArray[np.float64], size: int) -> None:
    """Draw the first standard normals of a stream into ``out[:size]``."""
    a, b, c, count = _start(luck, decision, week, post)
    for n in range(size):
        while True:
            word, a, b, c, count = _next(a, b, c, count)
            box, rest = word & _LOW_8, word >> _8
            place = (rest >> _1) & _LOW_52
            negative = np.int64(rest & _1)
            x = ((np.int64(place) ^ -negative) + negative) * _WIDTH[box]  # the sign without a branch
            if place < _INSIDE[box]:
                break
            stands, x, a, b, c, count = _outside(box, x, place, a, b, c, count)
            if stands:
                break
        out[n] = x


@compiled
def uniforms(luck: Luck, decision: np.uint64, week: int, post: int, out: NDArray[np.float64], size: int) -> None:
    """Draw the first uniform numbers in [0, 1) of a stream into ``out[:size]``."""
    a, b, c, count = _start(luck, decision, week, post)
    for n in range(size):
        word, a, b, c, count = _next(a, b, c, count)
        out[n] = np.int64(word >> _11) * _UNIT


@compiled
def pick(generator: np.random.Generator, count: int, total: int, out: NDArray[np.int64]) -> int:
    """Pick distinct numbers out of 0 ... total-1 uniformly (Floyd's algorithm); return how many, min(count, total).

    One uniform number u per pick: for j = total-count, ..., total-1 the candidate is floor(u (j+1)), or j if that is
    already picked. `out` holds at least `count` places.
    """
    count = min(count, total)
    for taken in range(count):
        j = total - count + taken
        candidate = int(generator.random() * (j + 1))
        for k in range(taken):
            if out[k] == candidate:
                candidate = j
                break
        out[taken] = candidate
    return count

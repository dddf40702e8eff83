"""The streams of chance: luck is a function of seed, replicate, decision, week and post.

Every decision of the model has its own stream, and every stream starts afresh each week from its own key, on a
counter-based generator (Philox; Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3"). Distinct keys and
counters never overlap. So no draw can shift another: two runs with one seed share all their luck, whatever differs
between them; people who join in mid-run stand at the end of each stream and change nobody else's; and a run can start
again from any week without stored generators.

In compiled code a single NumPy ``Generator`` is *seated* on the stream wanted by writing its key and counter, which
costs some 30 ns. Plain Python asks `stream` for the same numbers through NumPy's public interface; a test holds the two together.
"""

from __future__ import annotations

import ctypes
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.compile import compiled

# Decisions are unsigned words: plain integers would be constants to the compiler, and `seat` compiled once for each.
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


class Luck(NamedTuple):
    """A generator and views on its state, for compiled code.

    Attributes
    ----------
    generator
        The generator to draw from, once seated.
    counter, key
        Philox's counter (4 words) and key (2 words), views on the generator's memory.
    position, half
        Where the generator stands in its buffer (1 number) and whether half a word is left (1 number), views too.
    run
        Seed, and replicate shifted past the decisions (2 words).
    """

    generator: np.random.Generator
    counter: NDArray[np.uint64]
    key: NDArray[np.uint64]
    position: NDArray[np.int32]
    half: NDArray[np.int32]
    run: NDArray[np.uint64]


def new_luck(seed: int = 0, replicate: int = 0) -> Luck:
    """Return a generator with views on its state, set to a run. One per thread: it has a state.

    Raises
    ------
    ValueError
        If the seed is not in [0, 2^63) or the replicate not in [0, 2^48).
    RuntimeError
        If this NumPy lays Philox out in another way than the one known here.
    """
    _check(seed, replicate)
    bits = np.random.Philox(key=np.array([11, 22], np.uint64), counter=np.array([33, 44, 55, 66], np.uint64))
    base = bits.ctypes.state_address
    pointers = (ctypes.c_uint64 * 2).from_address(base)
    luck = Luck(
        np.random.Generator(bits),
        np.ctypeslib.as_array((ctypes.c_uint64 * 4).from_address(pointers[0])),
        np.ctypeslib.as_array((ctypes.c_uint64 * 2).from_address(pointers[1])),
        np.ctypeslib.as_array((ctypes.c_int32 * 1).from_address(base + 16)),
        np.ctypeslib.as_array((ctypes.c_int32 * 1).from_address(base + 56)),
        np.array([seed, replicate << 16], np.uint64),
    )
    known = [*luck.counter, *luck.key, *luck.position, *luck.half]
    if [int(x) for x in known] != [33, 44, 55, 66, 11, 22, 4, 0]:
        raise RuntimeError(
            f"NumPy {np.__version__} keeps the state of Philox in an unknown way; install an earlier one"
        )
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
        Which week; which post, department or rank, where the decision is keyed by one.
    """
    _check(seed, replicate)
    key = np.array([seed, (replicate << 16) + int(decision)], np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=np.array([0, post, week, 0], np.uint64)))


def _check(seed: int, replicate: int) -> None:
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed {seed} must be from 0 to 2^63 - 1")
    if not 0 <= replicate < 2**48:
        raise ValueError(f"replicate {replicate} must be from 0 to 2^48 - 1")


@compiled
def begin(luck: Luck, seed: int, replicate: int) -> None:
    """Set the run that later streams belong to."""
    luck.run[0] = np.uint64(seed)
    luck.run[1] = np.uint64(replicate) << np.uint64(16)


@compiled
def seat(luck: Luck, decision: np.uint64, week: int, post: int) -> np.random.Generator:
    """Seat the generator at the start of a stream and return it."""
    luck.counter[0] = np.uint64(0)
    luck.counter[1] = np.uint64(post)
    luck.counter[2] = np.uint64(week)
    luck.counter[3] = np.uint64(0)
    luck.key[0] = luck.run[0]
    luck.key[1] = luck.run[1] + decision
    luck.position[0] = 4
    luck.half[0] = 0
    return luck.generator


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

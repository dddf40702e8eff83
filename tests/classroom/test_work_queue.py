"""One client's work does not stop the others, and work that nobody waits for is not done."""

import asyncio
import threading

import pytest

from sim.classroom.work_queue import GoneError, TooManyError, WorkQueue
from tests.classroom.loops import in_own_loop


async def here():
    return False


def done_in_order(pieces, threads=1, most_waiting=100):
    """Queue (client, cost, name) while a first piece holds the only thread; return the names in the order of work."""
    done = []

    async def main():
        queue = WorkQueue(threads, most_waiting)
        gate = threading.Event()
        tasks = [asyncio.create_task(queue.do("first", 0, lambda _: gate.wait(10), here))]
        await asyncio.sleep(0)
        for client, cost, name in pieces:
            tasks.append(asyncio.create_task(queue.do(client, cost, lambda _, name=name: done.append(name), here)))
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(*tasks)

    in_own_loop(main())
    return done


def test_a_second_client_is_served_before_the_rest_of_a_busy_one():
    pieces = [("busy", 10, f"busy {i}") for i in range(6)] + [("other", 10, "other")]
    assert done_in_order(pieces).index("other") <= 1


def test_of_one_clients_work_the_short_comes_first():
    assert done_in_order([("one", 100, "long"), ("one", 1, "short")]) == ["short", "long"]


def test_a_client_with_too_much_waiting_is_told_so():
    async def main():
        queue, gate = WorkQueue(1, 2), threading.Event()
        tasks = [asyncio.create_task(queue.do("c", 1, lambda _: gate.wait(10), here)) for _ in range(3)]
        await asyncio.sleep(0)
        with pytest.raises(TooManyError, match="2 of your questions are waiting"):
            await queue.do("c", 1, lambda _: None, here)
        gate.set()
        await asyncio.gather(*tasks)

    in_own_loop(main())


def test_work_of_clients_who_have_left_is_dropped_and_running_work_is_told():
    ran, told = [], []

    async def main():
        queue, gate = WorkQueue(1), threading.Event()
        left = asyncio.Event()

        async def gone():
            return left.is_set()

        def long(dropped):
            gate.wait(10)
            told.append(dropped())

        running = asyncio.create_task(queue.do("a", 1, long, gone))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(queue.do("a", 1, lambda _: ran.append(1), gone))
        await asyncio.sleep(0)
        left.set()
        for task in (waiting, running):
            with pytest.raises(GoneError):
                await task
        gate.set()
        await queue.do("b", 1, lambda _: None, here)

    in_own_loop(main())
    assert told == [True]
    assert ran == []


def test_what_goes_wrong_in_a_piece_is_its_own_clients_matter():
    async def main():
        queue = WorkQueue(1)

        def bad(_):
            raise ValueError("no")

        with pytest.raises(ValueError, match="no"):
            await queue.do("a", 1, bad, here)
        assert await queue.do("a", 1, lambda _: 3, here) == 3

    in_own_loop(main())

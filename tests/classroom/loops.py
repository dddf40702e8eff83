"""Coroutines in tests that share a worker with a browser, whose driver keeps a loop of its own running there."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_own_loop[T](coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine to its end in a thread with a loop of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()

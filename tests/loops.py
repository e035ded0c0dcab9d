"""Runs coroutines in a test."""

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_a_loop(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run in a thread of its own: a browser opened by an earlier test keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(work())).result()

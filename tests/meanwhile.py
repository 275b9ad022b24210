"""Let something happen between two statements, on a connection of its own: a race, by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def meanwhile(act: Callable[[], object], *, before: str) -> Iterator[None]:
    """Run `act` once, just before the first statement that contains `before`.

    What the block does is then what a slower process would have done. For tests that commit.
    """
    waiting = [act]

    def interleave(
        execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if waiting and before in str(sql):
            aside(waiting.pop())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(interleave):
        yield
    assert not waiting, f"no statement contained {before!r}"


def aside(act: Callable[[], object]) -> object:
    """Run `act` in a thread of its own, so on a connection of its own, and wait for it."""

    def alone() -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(alone).result()

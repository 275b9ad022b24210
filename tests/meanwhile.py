"""Let something happen between two statements, on a connection of its own: a race, by hand."""

from __future__ import annotations

import time
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

    def interrupt(
        execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if waiting and before in str(sql):
            aside(waiting.pop())
        return execute(sql, params, many, context)

    with connection.execute_wrapper(interrupt):
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


def until_somebody_waits() -> None:
    """Return as soon as some connection waits for a lock."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.005)

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


@contextmanager
def waiting(act: Callable[[], object], *, before: str) -> Iterator[None]:
    """Begin `act` just before the first statement that contains `before`, and let it wait.

    The block must hold by then the lock that `act` waits for; afterwards both are over.
    """
    with ThreadPoolExecutor(1) as thread:

        def begin() -> None:
            thread.submit(_alone, act)
            until_somebody_waits()

        with meanwhile(begin, before=before):
            yield


def aside(act: Callable[[], object]) -> object:
    """Run `act` in a thread of its own, so on a connection of its own, and wait for it."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_alone, act).result()


def _alone(act: Callable[[], object]) -> object:
    try:
        return act()
    finally:
        connection.close()


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

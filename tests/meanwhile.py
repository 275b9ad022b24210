"""Let something happen between two statements, on a connection of its own: a race, by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def meanwhile(act: Callable[[], object], *, before: str) -> Iterator[None]:
    """Run `act` once, just before the first statement that contains `before`.

    What the block does is then what a slower process would have done. For tests that commit.
    """
    with _interrupted(lambda: aside(act), before=before):
        yield


@contextmanager
def alongside(act: Callable[[], object], *, before: str) -> Iterator[None]:
    """Start `act` just before the first statement that contains `before`, and let both run.

    The statement goes on as soon as `act` has ended or waits for a lock. What `act` raises is
    raised at the end of the block.
    """
    with ThreadPoolExecutor(1) as thread:
        started: list[Future[object]] = []

        def start() -> None:
            started.append(thread.submit(aside, act))
            while not (started[0].done() or aside(_somebody_waits)):
                time.sleep(0.005)

        with _interrupted(start, before=before):
            yield
        started[0].result()


def aside(act: Callable[[], object]) -> object:
    """Run `act` in a thread of its own, so on a connection of its own, and wait for it."""

    def alone() -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(alone).result()


@contextmanager
def _interrupted(act: Callable[[], object], *, before: str) -> Iterator[None]:
    waiting = [act]

    def interrupt(
        execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if waiting and before in str(sql):
            waiting.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(interrupt):
        yield
    assert not waiting, f"no statement contained {before!r}"


def _somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return bool(cursor.fetchone() != (0,))

"""Several decisions at the very same moment, each on a connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import TypeVar

from django.db import connection

from bookings.errors import BookingError

Result = TypeVar("Result")


def at_once(*acts: Callable[[], Result]) -> list[Result]:
    """Run the acts at the same moment, each in a thread; returns what they did, in their order.

    For tests that commit.
    """
    line = Barrier(len(acts))

    def turn(act: Callable[[], Result]) -> Result:
        try:
            line.wait()
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(turn, acts))


def outcomes_at_once(*acts: Callable[[], object]) -> list[str]:
    """Run the acts as `at_once` does; returns "done" or the code of the refusal of each."""

    def outcome(act: Callable[[], object]) -> str:
        try:
            act()
        except BookingError as refusal:
            return refusal.code
        return "done"

    return at_once(*(partial(outcome, act) for act in acts))

"""The calls that programs make, noted for those whose programs they are.

Nothing that was sent is in a note, neither body nor query nor the ids of the address. A call does
not wait for its note: notes are written in batches by a thread of their own. A process that is
killed takes those of its last second with it.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import re
import threading
from collections import deque
from functools import cache
from typing import Final

from django.db import connection

from bookings.models import Call

logger = logging.getLogger(__name__)

EVERY_SECONDS: Final = 1.0
MOST_WAITING: Final = 10_000
"""Where the database cannot keep up, or is away, the oldest notes are lost first."""
BATCH: Final = 500

_ID: Final = re.compile(r"<(?:\w+:)?(\w+)>")


@cache
def without_ids(route: str) -> str:
    """Return an address as it is described, by its route in Django.

    >>> without_ids("api/v1/businesses/<uuid:business>/services/")
    '/api/v1/businesses/{business}/services/'
    """
    return "/" + _ID.sub(r"{\1}", route)


class Journal:
    """Takes notes from any thread; while it is kept, a thread of its own writes them."""

    def __init__(self) -> None:
        """Begin with an empty page."""
        self._waiting: deque[Call] = deque(maxlen=MOST_WAITING)
        self._is_kept = False
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        """Forget the thread, and who held the lock: both stay with the parent of a fork."""
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()

    def keep(self) -> None:
        """Write what is noted from now on, in this process and its forks, to their very end."""
        self._is_kept = True
        atexit.register(self.stop)

    def stop(self) -> None:
        """Write what is left, and keep the journal no more."""
        self._is_kept = False
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def note(self, call: Call) -> None:
        """Take a note; returns at once."""
        self._waiting.append(call)
        if self._is_kept and self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(
                        target=self._write_on, name="journal", daemon=True
                    )
                    self._thread.start()

    def write(self) -> int:
        """Write what is noted by now; return how many calls. Cost: one insert for each 500."""
        written = 0
        while batch := self._batch():
            Call.objects.bulk_create(batch)
            written += len(batch)
        return written

    def _batch(self) -> list[Call]:
        batch: list[Call] = []
        with contextlib.suppress(IndexError):
            while len(batch) < BATCH:
                batch.append(self._waiting.popleft())
        return batch

    def _write_on(self) -> None:
        is_over = False
        while not is_over:
            is_over = self._ending.wait(EVERY_SECONDS)
            try:
                self.write()
            except Exception as error:
                logger.warning("notes of calls are lost: %s", error)
            finally:
                connection.close()


journal: Final = Journal()

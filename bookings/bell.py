"""A bell that many may ring and that is struck a few times a second."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Bell:
    """Strikes at once when it is first rung, and once more for all who ring soon after.

    No ring stays without a strike that begins after it. May be rung by any thread, and after a
    fork; a strike that fails is logged and no more.
    """

    def __init__(self, strike: Callable[[], object], *, every: float) -> None:
        """Hang up the bell; between two strikes lie at least `every` seconds."""
        self._strike = strike
        self._every = every
        self._quiet_until = 0.0
        self._begin()
        os.register_at_fork(after_in_child=self._begin)

    def _begin(self) -> None:
        """Forget a strike to come: its thread, and whoever held the lock, stay with the parent."""
        self._lock = threading.Lock()
        self._is_due = False

    def ring(self) -> None:
        """Ask for a strike; returns without waiting for one that is put off."""
        with self._lock:
            if self._is_due:
                return
            wait = self._quiet_until - time.monotonic()
            if wait > 0:
                self._is_due = True
                self._later(wait)
                return
            self._quiet_until = time.monotonic() + self._every
        self._try()

    def _later(self, wait: float) -> None:
        timer = threading.Timer(wait, self._catch_up)
        timer.daemon = True
        timer.start()

    def _catch_up(self) -> None:
        with self._lock:
            self._is_due = False
            self._quiet_until = time.monotonic() + self._every
        self._try()

    def _try(self) -> None:
        try:
            self._strike()
        except Exception as failure:
            logger.warning("nobody heard the bell: %s", failure)

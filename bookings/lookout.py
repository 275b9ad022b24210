"""A lookout that does by itself what nobody has asked it to do for a while."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

logger = logging.getLogger(__name__)


class Lookout:
    """Looks whenever nobody has called for so long; may be called by any thread.

    The bell goes through a broker that may be away, may come back to workers that no longer hear
    it, and is rung by a clock that may have stopped. What is due must be done all the same.
    """

    def __init__(self, look: Callable[[], object], *, after: float) -> None:
        """Set up what to do when nobody has called for `after` seconds."""
        self._look = look
        self._after = after
        self._called_at = time.monotonic()
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def called(self) -> None:
        """Note that somebody has just asked for the same, so there is nothing to look for."""
        self._called_at = time.monotonic()

    def start(self) -> None:
        """Begin to look, in a thread of its own."""
        self.called()
        self._ending.clear()
        self._thread = threading.Thread(target=self._watch, name="lookout", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Look no more; returns when a look that has begun is over."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self) -> None:
        while not self._ending.wait(self._called_at + self._after - time.monotonic()):
            if time.monotonic() - self._called_at < self._after:
                continue
            logger.warning("nobody has called for %g seconds: looking without", self._after)
            try:
                self._look()
            except Exception:
                logger.exception("a look failed")
            self.called()

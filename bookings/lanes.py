"""How much one sender has under way at once, so that a slow endpoint delays nobody else.

The count is this process's own: what a killed one had under way ends with it, and is taken up by
others once its leases are over.
"""

from __future__ import annotations

import contextlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from bookings.models import Message, Outlet
from bookings.outbox import Busy

AT_ONCE: Final[Mapping[str, int]] = {Outlet.EMAIL: 4, Outlet.SMS: 2, Outlet.WEBHOOK: 6}
"""How many messages of each outlet one process sends at the same time."""
AT_ONE_ENDPOINT: Final = 2
"""How many webhooks one endpoint gets at the same time; one while it is failing."""


class Lanes:
    """Which messages this process is sending, and what it has no room for; for any threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[int, Message] = {}

    @contextlib.contextmanager
    def next(self, claim: Callable[[Busy], Message | None]) -> Iterator[Message | None]:
        """Claim a message that has room, and keep its lane until the block ends.

        Threads claim one after the other: so no two of them take the last free lane.
        """
        with self._lock:
            message = claim(self._busy())
            if message is not None:
                self._under_way[message.pk] = message
        try:
            yield message
        finally:
            if message is not None:
                with self._lock:
                    del self._under_way[message.pk]

    def _busy(self) -> Busy:
        outlets = Counter(message.outlet for message in self._under_way.values())
        endpoints = Counter(
            number
            for message in self._under_way.values()
            if (number := message.subscription_id) is not None
        )
        return Busy(
            under_way=frozenset(self._under_way),
            outlets=frozenset(name for name, most in AT_ONCE.items() if outlets[name] >= most),
            endpoints=frozenset(endpoints),
            full_endpoints=frozenset(
                number for number, count in endpoints.items() if count >= AT_ONE_ENDPOINT
            ),
        )

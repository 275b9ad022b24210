"""Writing down what became of a try."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bookings.models import Message, Outlet

logger = logging.getLogger(__name__)

_DOUBLING: Final = tuple(timedelta(minutes=2**step) for step in range(11))
_STANDARD_WEBHOOKS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    *(timedelta(hours=hours) for hours in (2, 5, 10, 14, 20, 24)),
)

WAITS: Final[Mapping[str, Sequence[timedelta]]] = {
    Outlet.EMAIL: _DOUBLING,
    Outlet.SMS: _DOUBLING[:7],
    Outlet.WEBHOOK: _STANDARD_WEBHOOKS,
}
"""The waits between the tries, by outlet: after the last of them a message is given up.

Letters are tried for about a day and a half, texts for two hours, webhooks for 75 hours, as
Standard Webhooks 1.0 proposes.
"""

JITTER: Final = 0.2
"""By how much of its length a wait may be longer or shorter, so that not all come back at once."""


def settle_sent(message: Message, *, now: datetime, remote_id: str = "") -> bool:
    """Note that it left. Returns False where a later try has taken the message over."""
    return _settle(message, sent_at=now, error="", remote_id=remote_id)


def settle_dropped(message: Message, *, now: datetime) -> bool:
    """Note that there was nothing true left to say."""
    return _settle(message, dropped_at=now, error="")


def settle_refused(
    message: Message,
    *,
    error: str,
    permanent: bool,
    now: datetime,
    retry_after: timedelta | None = None,
) -> bool:
    """Note a refusal: try again later, or put it with the dead letters.

    It waits as `WAITS` says, give or take the jitter, and never shorter than `retry_after`.
    """
    waits = WAITS[message.outlet]
    if permanent or message.attempts > len(waits):
        logger.warning("message %s given up after %d tries", message.public_id, message.attempts)
        return _settle(message, failed_at=now, error=error[:500])
    wait = waits[message.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return _settle(message, due_at=now + max(wait, retry_after or wait), error=error[:500])


def _settle(message: Message, **values: object) -> bool:
    """Write the outcome and end the lease, unless another try holds the message by now.

    A lease is known by its try and its end together: a dead letter that was revived counts
    its tries from one again.
    """
    own = Message.objects.filter(
        pk=message.pk,
        attempts=message.attempts,
        leased_until=message.leased_until,
        sent_at=None,
        failed_at=None,
        dropped_at=None,
    )
    return bool(own.update(leased_until=None, **values))

"""Writing down what became of a try."""

from __future__ import annotations

import logging
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from bookings.models import Message, Outlet
from bookings.models.outbox import WAITING
from bookings.outbox.endpoints import endpoint_of, note_failure, note_success
from bookings.outbox.trying import Exchange, note_try, storable
from bookings.outbox.undelivered import note_undelivered

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


LONGEST_ID: Final = 100
"""What is kept of a carrier's own name for a message."""


def is_spent(message: Message) -> bool:
    """Say whether a claimed message has had all its tries without an outcome of the last.

    Whoever made them was killed, or died of it: nobody shall, again and again, for ever.
    """
    return message.attempts > len(WAITS[message.outlet]) + 1


def settle_sent(
    message: Message, *, now: datetime, remote_id: str = "", said: Exchange | None = None
) -> bool:
    """Note that it left. Returns False where a later try has taken the message over.

    The row of the try is written beside it, as by `settle_refused`; an endpoint that takes a
    webhook does not fail any more. Cost: one transaction of two statements, three for a webhook.
    """
    with transaction.atomic():
        note_success(message)
        is_settled = _settle(
            message, sent_at=now, error="", remote_id=storable(remote_id)[:LONGEST_ID]
        )
        if is_settled:
            note_try(message, said, error="", now=now)
    return is_settled


def settle_dropped(message: Message, *, now: datetime, because: str = "") -> bool:
    """Note that there was nothing true left to say, or `because` of what nobody shall read it."""
    return _settle(message, dropped_at=now, error=because[:500])


def settle_later(message: Message, *, until: datetime) -> bool:
    """Put a message off that may not leave yet; that was no try of it."""
    return _settle(message, due_at=until, attempts=message.attempts - 1)


def settle_refused(
    message: Message,
    *,
    error: str,
    permanent: bool,
    now: datetime,
    retry_after: timedelta | None = None,
    said: Exchange | None = None,
) -> bool:
    """Note a refusal: try again later, or put it with the dead letters.

    It waits as `WAITS` says, give or take the jitter, and never shorter than `retry_after`. The
    endpoint of a webhook is paused, and switched off where it is dead; `said` is None where
    nobody outside was asked, and then it is not to blame.
    Locks: the subscription of a webhook, then the message.
    """
    error = storable(error)[:500]
    with transaction.atomic():
        endpoint = endpoint_of(message)
        outcome = _after_refusal(message, permanent=permanent, now=now, retry_after=retry_after)
        is_settled = _settle(message, error=error, **outcome)
        if is_settled:
            note_try(message, said, error=error, now=now)
        if is_settled and "failed_at" in outcome:
            note_undelivered(message, now=now)
        if is_settled and endpoint is not None and said is not None:
            note_failure(endpoint, status=said.status, retry_after=retry_after, now=now)
    return is_settled


def _after_refusal(
    message: Message, *, permanent: bool, now: datetime, retry_after: timedelta | None
) -> dict[str, datetime]:
    """Return when a refused message is due again, or that it is given up."""
    waits = WAITS[message.outlet]
    if permanent or message.attempts > len(waits):
        logger.warning("message %s given up after %d tries", message.public_id, message.attempts)
        return {"failed_at": now}
    wait = waits[message.attempts - 1] * random.uniform(1 - JITTER, 1 + JITTER)
    return {"due_at": now + max(wait, retry_after or wait)}


def _settle(message: Message, **values: object) -> bool:
    """Write the outcome and end the lease, unless another try holds the message by now.

    A lease is known by its try and its end together: a dead letter that was revived counts
    its tries from one again.
    """
    own = Message.objects.filter(
        WAITING,
        pk=message.pk,
        attempts=message.attempts,
        leased_until=message.leased_until,
    )
    return bool(own.update(leased_until=None, **values))

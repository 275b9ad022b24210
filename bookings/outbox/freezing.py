"""Keeping what a message says, so that every repeat of it says the same."""

from __future__ import annotations

from bookings.models import Message
from bookings.models.outbox import WAITING


def freeze(message: Message, *, body: str) -> bool:
    """Keep `body` as what a claimed message says, and say whether it still is ours to send.

    It is not where a later try has taken it over, or where it was settled meanwhile: the person
    it is about may just have been erased. Cost: one statement.
    """
    own = Message.objects.filter(
        WAITING,
        pk=message.pk,
        attempts=message.attempts,
        leased_until=message.leased_until,
        body="",
    )
    message.body = body
    return bool(own.update(body=body))

"""Deciding by hand about many messages at once: what was given up, and what waits."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from bookings.models import Message
from bookings.models.outbox import resting
from bookings.outbox.queueing import wake

BY_HAND: Final = "Dropped by hand."


def replay(found: QuerySet[Message], *, now: datetime) -> int:
    """Put those that were given up back into the queue, as new; return how many. One statement."""
    dead = found.filter(failed_at__isnull=False)
    revived = dead.update(failed_at=None, due_at=now, leased_until=None, attempts=0, error="")
    if revived:
        wake()
    return revived


def drop(found: QuerySet[Message], *, now: datetime) -> int:
    """Settle those that wait as dropped, and return how many. One statement.

    What is just being sent settles itself.
    """
    return found.filter(resting(now)).update(dropped_at=now, error=BY_HAND)

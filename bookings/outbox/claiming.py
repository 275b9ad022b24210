"""Taking what is due: one message at a time, for as long as a lease lasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bookings.models import Message

LEASE: Final = timedelta(seconds=90)
"""How long a sender has; longer than any outlet can keep it waiting."""

_WAITING: Final = "{0}.sent_at IS NULL AND {0}.failed_at IS NULL AND {0}.dropped_at IS NULL"

_CLAIM: Final = f"""
UPDATE bookings_message SET attempts = attempts + 1, leased_until = %(until)s
WHERE id = (
    SELECT m.id FROM bookings_message m
    LEFT JOIN bookings_subscription s ON s.id = m.subscription_id
    WHERE {_WAITING.format("m")} AND m.due_at <= %(now)s
    AND (m.leased_until IS NULL OR m.leased_until <= %(now)s)
    AND (s.paused_until IS NULL OR s.paused_until <= %(now)s)
    AND (m.event_id IS NULL OR NOT EXISTS (
        SELECT FROM bookings_message e
        WHERE e.appointment_id = m.appointment_id AND e.outlet = m.outlet
        AND e.address = m.address AND e.subscription_id IS NOT DISTINCT FROM m.subscription_id
        AND e.event_id IS NOT NULL AND e.id < m.id AND {_WAITING.format("e")}
    ))
    ORDER BY m.due_at, m.id
    FOR NO KEY UPDATE OF m SKIP LOCKED LIMIT 1
)
RETURNING *
"""


def claim(*, now: datetime) -> Message | None:
    """Take the message due longest, count the try and lease it; None when nothing is due.

    What tells of an event waits while an earlier such message of the same appointment to the
    same address is unsent, so nobody reads of a change before what it changed. What an endpoint
    that fails is to get waits until its pause is over. Two senders never get the same row: the
    row lock skips, the lease outlives the statement. A killed sender's message is due again when
    its lease ends. Cost: one statement.
    """
    claimed = Message.objects.raw(_CLAIM, {"now": now, "until": now + LEASE})
    return next(iter(claimed), None)

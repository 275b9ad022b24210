"""Taking what is due: one message at a time, for as long as a lease lasts."""

from __future__ import annotations

from dataclasses import dataclass
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
    AND (m.leased_until IS NULL OR m.leased_until <= %(now)s OR m.leased_until > %(unlikely)s)
    AND m.id <> ALL(%(under_way)s) AND m.outlet <> ALL(%(outlets)s)
    AND (s.id IS NULL OR (
        s.id <> ALL(%(full_endpoints)s)
        AND (s.failing_since IS NULL OR s.id <> ALL(%(endpoints)s))
        AND (s.paused_until IS NULL OR s.paused_until <= %(now)s)
    ))
    AND (m.event_id IS NULL OR NOT EXISTS (
        SELECT FROM bookings_message e
        WHERE e.appointment_id = m.appointment_id AND e.outlet = m.outlet
        AND e.address = m.address AND e.subscription_id IS NOT DISTINCT FROM m.subscription_id
        AND e.event_id IS NOT NULL AND e.id < m.id AND {_WAITING.format("e")}
    ))
    AND NOT EXISTS (SELECT FROM bookings_instance WHERE held_at IS NOT NULL)
    ORDER BY m.due_at, m.id
    FOR NO KEY UPDATE OF m SKIP LOCKED LIMIT 1
)
RETURNING *
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Busy:
    """What a sender leaves to others, or for later.

    `under_way` are the pks of messages it is sending itself, whatever the clock says of their
    leases; `outlets` those it has no lane free in. Of subscriptions, by pk: `endpoints` get
    something from it right now, `full_endpoints` as much as they may.
    """

    under_way: frozenset[int] = frozenset()
    outlets: frozenset[str] = frozenset()
    endpoints: frozenset[int] = frozenset()
    full_endpoints: frozenset[int] = frozenset()


IDLE: Final = Busy()


def claim(*, now: datetime, busy: Busy = IDLE) -> Message | None:
    """Take the message due longest, count the try and lease it; None when nothing is due.

    What tells of an event waits while an earlier such message of the same appointment to the
    same address is unsent, so nobody reads of a change before what it changed. What an endpoint
    that fails is to get waits until its pause is over; everything waits while sending is held.
    Two senders never get the same row: the row lock skips, the lease outlives the statement. A
    killed sender's message is due again when its lease ends, or at once where the lease ends so
    late that it can only have been written before the clock was set back. Cost: one statement.
    """
    claimed = Message.objects.raw(
        _CLAIM,
        {
            "now": now,
            "until": now + LEASE,
            "unlikely": now + 2 * LEASE,
            "under_way": list(busy.under_way),
            "outlets": list(busy.outlets),
            "endpoints": list(busy.endpoints),
            "full_endpoints": list(busy.full_endpoints),
        },
    )
    return next(iter(claimed), None)

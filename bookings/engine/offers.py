"""How long a place that has become free is kept for the next in line."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bookings.engine.clock import at_minute, minute_of

LONGEST: Final = timedelta(hours=12)
SHORTEST: Final = timedelta(minutes=15)
"""Less is no time to answer an e-mail in: then nobody is asked any more."""


def offer_until(starts_at: datetime, *, lead: timedelta, now: datetime) -> datetime | None:
    """Return until when an offer made now can be taken, None where it is too late for one.

    Twelve hours, but at most half of the time in which the place could still be booked, that
    is until `lead` before the start: so the one after can be asked too. In whole minutes.

    >>> from datetime import UTC
    >>> start, lead = datetime(2031, 3, 4, 10, tzinfo=UTC), timedelta(hours=2)
    >>> offer_until(start, lead=lead, now=start - timedelta(days=3)).isoformat()
    '2031-03-01T22:00:00+00:00'
    >>> offer_until(start, lead=lead, now=start - timedelta(hours=5)).isoformat()
    '2031-03-04T06:30:00+00:00'
    >>> offer_until(start, lead=lead, now=start - timedelta(hours=2, minutes=29))
    """
    left = starts_at - max(lead, timedelta(0)) - now
    length = min(LONGEST, left / 2)
    return at_minute(minute_of(now + length)) if length >= SHORTEST else None

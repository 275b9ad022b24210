"""Telling the house of letters and texts that nobody got: gathered, once a day at most."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from bookings.models import Audience, Message
from bookings.outbox.queueing import notice_key, tell_house

CAUSE: Final = "undelivered"
"""The cause of the notice to the house, as in its key."""

GATHERING: Final = timedelta(minutes=10)
"""How long a notice waits for more of the same."""

_READERS: Final = (Audience.CUSTOMER.value, Audience.STAFF.value)


def note_undelivered(message: Message, *, now: datetime) -> None:
    """Queue the notice that a message was given up, in the transaction that settles it.

    One that waits already gathers this too; one that has been tried, or has left within a day,
    is followed by another. A notice that is given up causes none.
    Cost: two statements. Locks: the last notice, so that nobody begins to send it meanwhile.
    """
    if message.audience not in _READERS:
        return
    business = message.business
    rows = Message.objects.filter(key__startswith=notice_key(business, CAUSE)).order_by("-pk")
    last = rows.select_for_update(no_key=True).first()
    if last is not None and last.state == "waiting":
        return
    due = now + GATHERING
    if last is not None:
        due = max(due, last.due_at + timedelta(days=1))
    tell_house(business, CAUSE, now=due)

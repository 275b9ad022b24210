"""What carriers of text messages report of those that have left."""

from __future__ import annotations

from typing import Final

from bookings.models import Message, Outlet

_ORDER: Final = {"": 0, "queued": 1, "sent": 2, "undelivered": 3, "failed": 3, "delivered": 4}


def note_delivery(*, remote_id: str, delivery: str, reason: str = "") -> bool:
    """Note what has become of a text; say whether it is one of ours.

    Reports overtake each other: one that is older than what is known changes nothing, and what
    has arrived has arrived. Cost: at most two statements.
    """
    ours = Message.objects.filter(outlet=Outlet.SMS.value, remote_id=remote_id)
    earlier = [known for known, order in _ORDER.items() if order < _ORDER[delivery]]
    error = f"Not delivered: {reason}"[:500] if reason else ""
    if ours.filter(delivery__in=earlier).update(delivery=delivery, error=error):
        return True
    return ours.exists()

"""Times off and closures."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from bookings.faces.api.shapes import Instant, Named, Shown, instant
from bookings.models import TimeOff


class TimeOffShown(Shown):
    """Somebody is away, a room cannot be used, or the whole business is closed."""

    id: UUID
    resource: Named | None
    """Null: the whole business is closed."""
    starts_at: Instant
    ends_at: Instant
    title: str
    """Seen by colleagues, not by customers."""


def shown_time_off(time_off: TimeOff) -> TimeOffShown:
    """Return a time off as it is said; reads `business` and `resource`."""
    resource = time_off.resource

    def at(moment: datetime) -> datetime:
        return instant(moment, time_off.business.zone)

    return TimeOffShown(
        id=time_off.public_id,
        resource=Named(id=resource.public_id, name=resource.name) if resource else None,
        starts_at=at(time_off.starts_at),
        ends_at=at(time_off.ends_at),
        title=time_off.title,
    )

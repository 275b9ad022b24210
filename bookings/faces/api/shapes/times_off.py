"""Times off and closures."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from bookings.faces.api.shapes import Asked, Changed, Instant, Line, Named, Shown, Zone, instant
from bookings.models import Appointment, TimeOff


class TimeOffShown(Shown):
    """Somebody is away, a room cannot be used, or the whole business is closed."""

    id: UUID
    resource: Named | None
    """Null: the whole business is closed."""
    starts_at: Instant
    ends_at: Instant
    title: str
    """Seen by colleagues, not by customers."""


class TimeOffAsked(Asked):
    """Time off to be taken, or a closure."""

    resource: UUID | None
    """Who is away, or which room; null: the whole business is closed."""
    starts_at: Instant
    ends_at: Instant
    title: Line = ""


_UNSAID = datetime.min.replace(tzinfo=UTC)


class TimeOffChanged(Changed):
    """What is to be otherwise about a time off; whose it is stays."""

    starts_at: Instant = _UNSAID
    ends_at: Instant = _UNSAID
    title: Line = ""


class InTheWayShown(Shown):
    """An appointment that meets a time off; it is kept, and somebody has to move it."""

    id: UUID
    service: Named
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone


def shown_in_the_way(appointment: Appointment) -> InTheWayShown:
    """Return an appointment that meets a time off as it is said; reads `service`."""
    return InTheWayShown(
        id=appointment.public_id,
        service=Named(id=appointment.service.public_id, name=appointment.service.name),
        starts_at=instant(appointment.starts_at, appointment.zone),
        ends_at=instant(appointment.ends_at, appointment.zone),
        time_zone=appointment.zone,
    )


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

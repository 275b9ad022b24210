"""Holds."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from pydantic import Field

from bookings.faces.api.shapes import Instant, Named, Shown, Zone, instant
from bookings.faces.api.shapes.bookings import named
from bookings.models import Booking
from bookings.queries.gathering import setting_of

TOKEN = "q1Zt5nXvR0mK8sYcD3wLhB7uFjE2aGpO9iTxN4eVbUk"


class HoldShown(Shown):
    """Seats that nobody else can take for five minutes."""

    expandable = frozenset({"token"})

    id: UUID
    """The booking has it too once there is one."""
    token: Annotated[str | None, Field(examples=[TOKEN])]
    """Whoever has it may book the seats. Only in the answer that makes the hold, else null."""
    expires_at: Instant
    service: Named
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone
    staff: list[Named]
    """Who would serve."""
    seats: int


def shown_hold(booking: Booking, token: str | None = None) -> HoldShown:
    """Return a hold as it is said; it was gathered for."""
    appointment = booking.appointment
    zone, setting = appointment.zone, setting_of(appointment)
    assert booking.expires_at is not None, "a hold ends"
    return HoldShown(
        id=booking.public_id,
        token=token,
        expires_at=instant(booking.expires_at, zone),
        service=named(setting.service),
        starts_at=instant(appointment.starts_at, zone),
        ends_at=instant(appointment.ends_at, zone),
        time_zone=zone,
        staff=[named(each) for each in setting.staff],
        seats=booking.seats,
    )

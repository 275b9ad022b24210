"""Holds."""

from __future__ import annotations

from collections.abc import Sequence

from bookings.faces.api.shapes import Instant, Named, Shown, Zone, instant
from bookings.faces.api.shapes.bookings import crew
from bookings.models import Booking


class HoldShown(Shown):
    """Seats that nobody else can take for five minutes."""

    token: str
    """Whoever has it may book the seats, or give them back."""
    expires_at: Instant
    service: Named
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone
    staff: Sequence[Named]
    """Who would serve."""
    seats: int


def shown_hold(booking: Booking, token: str) -> HoldShown:
    """Return a hold as it is said; reads the appointment with its service and resources."""
    appointment = booking.appointment
    zone, service = appointment.zone, appointment.service
    assert booking.expires_at is not None, "a hold ends"
    return HoldShown(
        token=token,
        expires_at=instant(booking.expires_at, zone),
        service=Named(id=service.public_id, name=service.name),
        starts_at=instant(appointment.starts_at, zone),
        ends_at=instant(appointment.ends_at, zone),
        time_zone=zone,
        staff=crew(appointment.resources.all())["staff"],
        seats=booking.seats,
    )

"""Bookings."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import EmailStr, Field

from bookings.faces.api.shapes import Asked, Instant, Line, Named, Shown, Text, Zone, instant
from bookings.models import Booking


class ContactAsked(Asked):
    """Who comes."""

    name: Line
    email: EmailStr | None = None
    phone: Line = ""
    time_zone: Line = ""
    """IANA time zone of the customer; the business's where there is none."""
    language: Line = ""


class BookingAsked(Asked):
    """A booking to be made."""

    service: UUID
    starts_at: Instant
    staff: UUID | None = None
    """Who serves; anyone where it is not said."""
    seats: Annotated[int, Field(ge=1)] = 1
    contact: ContactAsked
    answers: dict[str, Text | bool | list[Text]] = {}
    """By the id of the question."""


class BookingShown(Shown):
    """One customer's seats in an appointment."""

    id: UUID
    reference: str
    state: str
    seats: int
    appointment: UUID
    service: Named
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone
    name: str
    email: str
    phone: str
    notes: str
    created_at: Instant


def shown_booking(booking: Booking) -> BookingShown:
    """Return a booking as it is said; reads `appointment` and its `service`."""
    appointment = booking.appointment

    def at(moment: datetime) -> datetime:
        return instant(moment, appointment.zone)

    return BookingShown(
        id=booking.public_id,
        reference=booking.reference,
        state=booking.state,
        seats=booking.seats,
        appointment=appointment.public_id,
        service=Named(id=appointment.service.public_id, name=appointment.service.name),
        starts_at=at(appointment.starts_at),
        ends_at=at(appointment.ends_at),
        time_zone=appointment.zone,
        name=booking.name,
        email=booking.email,
        phone=booking.phone,
        notes=booking.notes,
        created_at=at(booking.created_at),
    )

"""Appointments and bookings that a call is about: found, and changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from accounts.roles import Capability
from bookings.errors import BookingError
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.shapes.appointments import AppointmentShown, shown_appointment
from bookings.faces.api.shapes.bookings import BookingShown, shown_booking
from bookings.models import Appointment, Booking
from bookings.queries.gathering import (
    appointment_now,
    appointments_known,
    booking_now,
    bookings_known,
)

NO_NAMES: Mapping[str, str] = {}
Instead = Callable[[BookingError], Mapping[str, object]]


def appointment_of(call: Call, public_id: UUID, needs: Capability) -> Appointment:
    """Return an appointment within reach, its service and business loaded. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    rows = appointments_known(call.colleague.appointments(needs))
    return one(rows.select_related("service__business"), public_id)


def booking_of(call: Call, public_id: UUID, needs: Capability) -> Booking:
    """Return a booking within reach, its appointment, service and business loaded.

    Cost: one query.

    Raises:
        NotFound: there is none.
    """
    rows = bookings_known(call.colleague.bookings(needs))
    return one(rows.select_related("appointment__service__business"), public_id)


def appointment_change(
    appointment: Appointment,
    make: Callable[[], Appointment],
    *,
    instead: Instead | None = None,
    names: Mapping[str, str] = NO_NAMES,
) -> Change[Appointment]:
    """Return a change of an appointment, which answers with it as it is then."""

    def seen() -> AppointmentShown:
        _lock(appointment.pk)
        return _appointment(appointment)

    return Change(make, shows=_appointment, seen=seen, instead=instead, names=names)


def booking_change(
    booking: Booking,
    make: Callable[[], Booking],
    *,
    instead: Instead | None = None,
    locks: bool = True,
) -> Change[Booking]:
    """Return a change of a booking, which answers with it as it is then.

    Not every command may find its appointment locked: what locks several does so in an order.
    """

    def seen() -> BookingShown:
        if locks:
            _lock(booking.appointment_id)
        return _booking(booking)

    return Change(make, shows=_booking, seen=seen, instead=instead)


def version_seen(call: Call, appointment: Appointment) -> int | None:
    """Return the version that a command shall find where the call says what it has seen."""
    return appointment.version if "If-Match" in call.request.headers else None


def _lock(appointment_id: int) -> None:
    Appointment.objects.select_for_update(no_key=True).get(pk=appointment_id)


def _appointment(row: Appointment) -> AppointmentShown:
    return shown_appointment(appointment_now(row.pk))


def _booking(row: Booking) -> BookingShown:
    return shown_booking(booking_now(row.pk))

"""Appointments."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bookings.engine.policy import AppointmentState
from bookings.faces.api.shapes import Instant, Money, Named, Shown, Zone, instant
from bookings.faces.api.shapes.bookings import BookingOfAppointment, named, seats_shown
from bookings.models import Appointment, LocationKind, PriceKind
from bookings.queries.gathering import bookings_of, setting_of

Expansion = Literal["bookings", "bookings.customer", "bookings.answers"]
"""What can be shown of an appointment beyond itself."""


class AppointmentShown(Shown):
    """One occurrence of a service: one customer's, or a group's."""

    expandable = frozenset({"bookings"})

    id: UUID
    state: AppointmentState
    version: int
    """Counts what has happened to it and to the bookings in it."""
    service: Named
    starts_at: Instant
    ends_at: Instant
    time_zone: Zone
    staff: list[Named]
    """Who serves."""
    rooms: list[Named]
    """Rooms and equipment that it takes."""
    location_kind: LocationKind
    place: Annotated[str, Field(examples=["Marktplatz 1, Bremen"])]
    join_link: Annotated[str | None, Field(examples=["https://meet.example.org/room"])]
    """Where to join what takes place online."""
    capacity: int
    """Places; above 1 it is a group appointment."""
    seats_taken: int
    price_kind: PriceKind
    price: Money | None
    """Null where the kind of price has no amount."""
    staff_notes: Annotated[str, Field(examples=["First visit"])]
    """Only for those who work for the business."""
    created_at: Instant
    bookings: list[BookingOfAppointment] | None
    """Only with `expand=bookings`, else null. In the order in which they were made; also those
    that were cancelled or declined, and those on the waiting list."""


def shown_appointment(
    appointment: Appointment, expand: Collection[Expansion] = frozenset()
) -> AppointmentShown:
    """Return an appointment as it is said.

    It was gathered for: its bookings and their answers too, where they are wanted.
    """
    zone, price, setting = appointment.zone, appointment.price, setting_of(appointment)
    return AppointmentShown(
        id=appointment.public_id,
        state=AppointmentState(appointment.state),
        version=appointment.version,
        service=named(setting.service),
        starts_at=instant(appointment.starts_at, zone),
        ends_at=instant(appointment.ends_at, zone),
        time_zone=zone,
        staff=[named(each) for each in setting.staff],
        rooms=[named(each) for each in setting.rooms],
        location_kind=LocationKind(appointment.location_kind),
        place=appointment.place,
        join_link=appointment.join_link or None,
        capacity=appointment.capacity,
        seats_taken=appointment.seats_taken,
        price_kind=PriceKind(appointment.price_kind),
        price=None if price is None else Money(amount=price, currency=appointment.currency),
        staff_notes=appointment.staff_notes,
        created_at=instant(appointment.created_at, zone),
        bookings=_seats(appointment, expand),
    )


def _seats(
    appointment: Appointment, expand: Collection[Expansion]
) -> list[BookingOfAppointment] | None:
    if not expand:
        return None
    return [
        seats_shown(
            booking,
            appointment.zone,
            customer="bookings.customer" in expand,
            answers="bookings.answers" in expand,
        )
        for booking in bookings_of(appointment)
    ]

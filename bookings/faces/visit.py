"""When, what, where and with whom: a booking as its customer sees it, or who is asked about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings.commands.answers import in_words
from bookings.engine.policy import BookingState
from bookings.faces import words
from bookings.models import Answer, Booking, Resource, ResourceKind
from bookings.models.money import price_in_words


@dataclass(frozen=True)
class Place:
    """Where an appointment happens; how to join it, once it is confirmed."""

    text: str
    icon: str
    join_link: str


@dataclass(frozen=True)
class Visit:
    """When, what, where and with whom; `staff` are their names."""

    service: str
    day: str
    times: str
    zone: str
    staff: Sequence[str]
    place: Place
    price: str
    party: str

    @property
    def who(self) -> str:
        """Return with whom, in one line."""
        return ", ".join(self.staff)


def visit(booking: Booking, *, zone: str, for_staff: bool = False) -> Visit:
    """Return a booking in words, its times in `zone`, to its customer or to staff.

    Reads its appointment, service and business. Cost: one query, for who and where.
    """
    appointment = booking.appointment
    resources = list(appointment.resources.order_by("name"))
    begin = appointment.starts_at.astimezone(ZoneInfo(zone))
    return Visit(
        service=appointment.service.name,
        day=words.full_day(begin.date()),
        times=words.period(appointment.starts_at, appointment.ends_at, zone),
        zone=words.zone_at(zone, appointment.starts_at),
        staff=_names(resources, ResourceKind.STAFF),
        place=_place(booking, _names(resources, ResourceKind.ROOM), for_staff=for_staff),
        price=price_in_words(appointment.price_kind, appointment.price, appointment.currency),
        party=words.people(booking.seats) if appointment.is_group else "",
    )


def _names(resources: list[Resource], kind: ResourceKind) -> list[str]:
    return [each.name for each in resources if each.kind == kind]


def _place(booking: Booking, rooms: list[str], *, for_staff: bool) -> Place:
    appointment = booking.appointment
    address = appointment.service.business.address
    where = words.place(appointment.location_kind, appointment.place, address, for_staff=for_staff)
    return Place(
        text=" · ".join(part for part in (*rooms, where) if part),
        icon=words.place_icon(appointment.location_kind),
        join_link=appointment.join_link if booking.state == BookingState.CONFIRMED else "",
    )


@dataclass(frozen=True)
class Told:
    """A question as it was asked and the customer's answer."""

    question: str
    answer: str


def told(booking: Booking, answers: Sequence[Answer]) -> list[Told]:
    """Return what the customer answered and noted, in words."""
    found = [Told(each.asked, in_words(each)) for each in answers]
    return [*found, Told(_("Notes"), booking.notes)] if booking.notes else found

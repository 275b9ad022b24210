"""Appointments and bookings with all that is said of them, for many at once.

What somebody is only about to book is neither: it has no customer yet, and may never have one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, cast

from django.db.models import Prefetch, Q, QuerySet

from bookings.engine.policy import BookingState
from bookings.errors import HoldExpired
from bookings.models import Answer, Appointment, Booking, ManageLink, Resource
from bookings.models.appointment import digest_of

ONLY_HELD: Final = Q(
    state__in=[BookingState.HELD.value, BookingState.EXPIRED.value], waitlisted_at=None
)
"""Bookings that nobody stands behind; who waits, or has a place offered, does."""

TAKEN, INSIDE, ANSWERED, LINKS = "taken_shown", "bookings_shown", "answers_shown", "links_shown"
"""Where rows keep what was loaded with them: lists, for a queryset for each row costs more."""


def appointments_known(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Return those of the appointments that somebody has booked, or waits for."""
    return rows.filter(version__gt=0)


def appointments_shown(
    rows: QuerySet[Appointment], *, bookings: bool = False, answers: bool = False
) -> QuerySet[Appointment]:
    """Return the appointments with their service and resources, those by name.

    With `bookings` those in them too, as they were made, with their customers; with `answers`
    also what these answered. Cost: one query more, one for bookings, one for answers.
    """
    rows = rows.select_related("service").prefetch_related(_resources("resources"))
    if not bookings:
        return rows
    inside = Booking.objects.exclude(ONLY_HELD).select_related("customer").order_by("pk")
    if answers:
        inside = inside.prefetch_related(_answers())
    return rows.prefetch_related(Prefetch("bookings", queryset=inside, to_attr=INSIDE))


def bookings_known(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """Return those of the bookings that somebody stands behind."""
    return rows.exclude(ONLY_HELD)


def bookings_shown(
    rows: QuerySet[Booking], *, answers: bool = False, links: bool = False
) -> QuerySet[Booking]:
    """Return the bookings with their customers, and their appointments with service and resources.

    With `answers` also what the customers answered, with `links` those by which they manage it.
    Cost: one query more, one for answers, one for links.
    """
    rows = rows.select_related("customer", "appointment__service")
    rows = rows.prefetch_related(_resources("appointment__resources"))
    if links:
        rows = rows.prefetch_related(Prefetch("links", to_attr=LINKS))
    return rows.prefetch_related(_answers()) if answers else rows


def resources_of(appointment: Appointment) -> list[Resource]:
    """Return the resources of an appointment that was loaded to be shown, by name."""
    return cast(list[Resource], getattr(appointment, TAKEN))


def bookings_of(appointment: Appointment) -> list[Booking]:
    """Return the bookings of an appointment that was loaded with them."""
    return cast(list[Booking], getattr(appointment, INSIDE))


def answers_of(booking: Booking) -> list[Answer]:
    """Return the answers of a booking that was loaded with them."""
    return cast(list[Answer], getattr(booking, ANSWERED))


def links_of(booking: Booking) -> list[ManageLink]:
    """Return the links of a booking that was loaded with them."""
    return cast(list[ManageLink], getattr(booking, LINKS))


def held_within(appointments: QuerySet[Appointment], token: str) -> Booking:
    """Return the booking that a hold's token leads to, held or booked, in one of the appointments.

    Its appointment, service and business are loaded. Cost: one query.

    Raises:
        HoldExpired: there is none; ended holds are forgotten some day.
    """
    found = Booking.objects.filter(hold_digest=digest_of(token), appointment__in=appointments)
    booking = found.select_related("appointment__service__business").first() if token else None
    if booking is None:
        raise HoldExpired()
    return booking


def holds_among(rows: QuerySet[Booking], *, now: datetime) -> QuerySet[Booking]:
    """Return those of the bookings that are holds and have not ended."""
    return rows.filter(state=BookingState.HELD.value, waitlisted_at=None, expires_at__gt=now)


def _resources(path: str) -> Prefetch[str, QuerySet[Resource], str]:
    named = Resource.objects.only("public_id", "name", "kind").order_by("name", "pk")
    return Prefetch(path, queryset=named, to_attr=TAKEN)


def _answers() -> Prefetch[str, QuerySet[Answer], str]:
    asked = Answer.objects.select_related("question").order_by("pk")
    return Prefetch("answers", queryset=asked, to_attr=ANSWERED)

"""Everything about one appointment, for those who may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from bookings.engine.policy import BookingState
from bookings.models import (
    Answer,
    Appointment,
    Booking,
    Event,
    Message,
    Outlet,
    Resource,
    ResourceKind,
)

OTHERS = 5
"""How many of a customer's other bookings are read."""
LONGEST = 200
"""How many events and how many messages are read, the newest of them."""
UNSEEN = [BookingState.HELD.value, BookingState.EXPIRED.value]
"""States of bookings that nobody stands behind."""


@dataclass(frozen=True)
class Attendee:
    """One customer's booking, what they answered, and their other bookings, latest first."""

    booking: Booking
    answers: list[Answer]
    others: list[Booking]


@dataclass(frozen=True)
class Docket:
    """An appointment with its people and all that happened; events and messages newest first.

    `held` counts the seats that somebody is booking at this moment. `waiting` are those on the
    waiting list, the first in line first; whoever has left it is not shown.
    """

    appointment: Appointment
    staff: list[Resource]
    rooms: list[Resource]
    attendees: list[Attendee]
    waiting: list[Booking]
    held: int
    events: list[Event]
    messages: list[Message]


def docket(appointment: Appointment, *, known: QuerySet[Booking]) -> Docket:
    """Return all that is to be said of an appointment; its service and business are loaded.

    `known` are the bookings that the reader may see: of a customer's others only those count.
    Cost: six queries, whatever the number of customers.
    """
    resources = list(appointment.resources.order_by("name"))
    is_staff = ResourceKind.STAFF.value
    rows = list(
        Booking.objects.filter(appointment=appointment)
        .exclude(state=BookingState.EXPIRED.value)
        .select_related("customer")
        .order_by("pk")
    )
    waiting = sorted((each for each in rows if each.is_in_line), key=_place_in_line)
    bookings = [each for each in rows if each.state not in UNSEEN and not each.is_in_line]
    answers = _answers(bookings)
    others = _others(bookings, known.exclude(appointment=appointment))
    return Docket(
        appointment=appointment,
        staff=[each for each in resources if each.kind == is_staff],
        rooms=[each for each in resources if each.kind != is_staff],
        attendees=[Attendee(each, answers[each.pk], others[each.customer_id]) for each in bookings],
        waiting=waiting,
        held=sum(
            each.seats
            for each in rows
            if each.state == BookingState.HELD.value and not each.is_offered
        ),
        events=_events(appointment, [*bookings, *waiting]),
        messages=list(
            Message.objects.filter(appointment=appointment)
            .exclude(outlet=Outlet.WEBHOOK.value)
            .select_related("booking")
            .order_by("-pk")[:LONGEST]
        ),
    )


def _place_in_line(booking: Booking) -> tuple[datetime | None, int]:
    return booking.waitlisted_at, booking.pk


def _answers(bookings: Iterable[Booking]) -> dict[int, list[Answer]]:
    found: dict[int, list[Answer]] = defaultdict(list)
    rows = Answer.objects.filter(booking__in=bookings).select_related("question").order_by("pk")
    for answer in rows:
        found[answer.booking_id].append(answer)
    return found


def _others(
    bookings: Iterable[Booking], known: QuerySet[Booking]
) -> dict[int | None, list[Booking]]:
    """Return some other bookings of each customer, by customer, latest first. One query."""
    customers = {each.customer_id for each in bookings if each.customer_id is not None}
    latest = Window(
        RowNumber(), partition_by=F("customer"), order_by=F("appointment__starts_at").desc()
    )
    rows = (
        known.filter(customer__in=customers)
        .exclude(state__in=UNSEEN)
        .annotate(place=latest)
        .filter(place__lte=OTHERS)
        .select_related("appointment__service")
        .order_by("-appointment__starts_at", "pk")
    )
    found: dict[int | None, list[Booking]] = defaultdict(list)
    for row in rows:
        found[row.customer_id].append(row)
    return found


def _events(appointment: Appointment, bookings: Sequence[Booking]) -> list[Event]:
    """Return what happened to the appointment, and to its bookings before they came to it."""
    mine = Q(appointment=appointment) | Q(booking__in=bookings)
    rows = Event.objects.filter(mine).select_related("booking")
    return list(rows.order_by("-at", "-pk")[:LONGEST])

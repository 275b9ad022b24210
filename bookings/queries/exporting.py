"""The bookings of a report, one by one, for a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from bookings.engine.hours import at_minute
from bookings.engine.policy import BookingState
from bookings.models import Answer, Appointment, Booking, ResourceKind
from bookings.queries.periods import Scope
from bookings.queries.plan import minutes

CHUNK = 2_000
"""How many bookings are read at a time."""

_FIELDS = (
    "pk",
    "reference",
    "name",
    "email",
    "phone",
    "sms_number",
    "seats",
    "appointment_id",
    "appointment__starts_at",
    "appointment__ends_at",
    "appointment__service__name",
    "appointment__location_kind",
    "appointment__place",
    "appointment__capacity",
    "appointment__price_kind",
    "appointment__price",
    "appointment__currency",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking with its appointment, its staff by name and its answers as asked."""

    reference: str
    name: str
    email: str
    phone: str
    seats: int
    starts_at: datetime
    minutes: int
    service: str
    location_kind: str
    place: str
    is_group: bool
    price_kind: str
    price: Decimal | None
    currency: str
    staff: Sequence[str]
    answers: Sequence[tuple[str, str]]
    is_texted: bool


def exported(bookings: QuerySet[Booking], scope: Scope) -> QuerySet[Booking]:
    """Return those of `bookings` that an export of the scope lists.

    Confirmed ones whose appointment starts in the period, no-shows included: the same that a
    report counts as confirmed.
    """
    lo, hi = scope.period.span
    rows = bookings.filter(
        business=scope.business,
        state=BookingState.CONFIRMED.value,
        appointment__business=scope.business,
        appointment__starts_at__gte=at_minute(lo),
        appointment__starts_at__lt=at_minute(hi),
    )
    if scope.service is not None:
        rows = rows.filter(appointment__service=scope.service)
    if scope.resource is not None:
        rows = rows.filter(appointment__resources=scope.resource)
    return rows


def entries(bookings: QuerySet[Booking]) -> Iterator[Entry]:
    """Yield bookings by start, each chunk read only once the one before was taken.

    Each chunk is a statement of its own that goes on after the last row: no cursor stays open,
    so that a slow reader holds neither a transaction nor memory. A booking that is moved
    meanwhile may be missed or come twice.
    Cost: three queries for each `CHUNK` bookings.
    """
    ordered = bookings.order_by("appointment__starts_at", "pk").values(*_FIELDS)
    rows = list(ordered[:CHUNK])
    while rows:
        staff = _staff({row["appointment_id"] for row in rows})
        answers = _answers([row["pk"] for row in rows])
        for row in rows:
            yield _entry(row, staff[row["appointment_id"]], answers[row["pk"]])
        if len(rows) < CHUNK:
            return
        start, number = rows[-1]["appointment__starts_at"], rows[-1]["pk"]
        rows = list(
            ordered.filter(
                Q(appointment__starts_at__gt=start) | Q(pk__gt=number),
                appointment__starts_at__gte=start,
            )[:CHUNK]
        )


def _entry(row: dict[str, Any], staff: list[str], answers: list[tuple[str, str]]) -> Entry:
    starts_at, ends_at = row["appointment__starts_at"], row["appointment__ends_at"]
    return Entry(
        reference=row["reference"],
        name=row["name"],
        email=row["email"],
        phone=row["phone"],
        seats=row["seats"],
        starts_at=starts_at,
        minutes=minutes(ends_at - starts_at),
        service=row["appointment__service__name"],
        location_kind=row["appointment__location_kind"],
        place=row["appointment__place"],
        is_group=row["appointment__capacity"] > 1,
        price_kind=row["appointment__price_kind"],
        price=row["appointment__price"],
        currency=row["appointment__currency"],
        staff=staff,
        answers=answers,
        is_texted=row["sms_number"] != "",
    )


def _staff(appointment_ids: Collection[int]) -> dict[int, list[str]]:
    """Return the names of the staff of appointments, by appointment pk."""
    rows = Appointment.resources.through.objects.filter(
        appointment__in=appointment_ids, resource__kind=ResourceKind.STAFF
    ).order_by("resource__name", "resource_id")
    found: dict[int, list[str]] = defaultdict(list)
    for number, name in rows.values_list("appointment_id", "resource__name"):
        found[number].append(name)
    return found


def _answers(booking_ids: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """Return questions and answers in the order asked, by booking pk."""
    rows = Answer.objects.filter(booking__in=booking_ids).order_by("pk")
    found: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for number, asked, value in rows.values_list("booking_id", "asked", "value"):
        found[number].append((asked, value))
    return found

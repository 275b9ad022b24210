"""Appointments and bookings with all that is said of them, for many at once.

What somebody is only about to book is neither: it has no customer yet, and may never have one.
What belongs to rows is read once they are there, in one statement each, and hung on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID

from django.db import connection
from django.db.models import F, Q, QuerySet

from bookings.engine.policy import BookingState
from bookings.errors import HoldExpired
from bookings.models import Appointment, Booking, ResourceKind
from bookings.models.appointment import digest_of
from bookings.queries.whole import Whole

_HELD: Final = [BookingState.HELD.value, BookingState.EXPIRED.value]
ONLY_HELD: Final = Q(state__in=_HELD, waitlisted_at=None)
"""Bookings that nobody stands behind; who waits, or has a place offered, does."""

SETTING, INSIDE, CUSTOMER, TOLD, LINKS = "setting", "inside", "customer_known", "told", "digests"
"""Where rows keep what was gathered for them."""

Identity = tuple[UUID, str]
"""Public id and name."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What an appointment is, who serves it and what else it takes, by name."""

    service: Identity
    staff: list[Identity] = field(default_factory=list)
    rooms: list[Identity] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """A question as it was asked, and the answer; `question` is None where it is no more."""

    question: UUID | None
    asked: str
    answer: str


def appointments_known(rows: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Return those of the appointments that somebody has booked, or waits for."""
    return rows.filter(version__gt=0)


def bookings_known(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """Return those of the bookings that somebody stands behind."""
    return rows.exclude(ONLY_HELD)


def with_appointments(rows: QuerySet[Booking]) -> QuerySet[Booking]:
    """Return the bookings with their appointments and customers, so that they can be shown."""
    return rows.select_related("appointment").annotate(**{CUSTOMER: F("customer__public_id")})


def gather_appointments(
    rows: Sequence[Appointment], *, bookings: bool = False, answers: bool = False
) -> None:
    """Read what is said of appointments: their service and resources.

    With `bookings` those in them too, as they were made; with `answers` also what their customers
    answered. Cost: one query, one for bookings, one for answers.
    """
    ids = [row.pk for row in rows]
    settings = _settings(ids)
    inside = _inside(ids) if bookings else {}
    for row in rows:
        setattr(row, SETTING, settings[row.pk])
        setattr(row, INSIDE, inside.get(row.pk, []))
    if answers:
        _hang_told([booking for each in inside.values() for booking in each])


def gather_bookings(rows: Sequence[Booking], *, answers: bool = False, links: bool = False) -> None:
    """Read what is said of bookings that have their appointments: the service and resources.

    With `answers` also what the customers answered, with `links` those by which they manage it.
    Cost: one query, one for answers, one for links.
    """
    settings = _settings({row.appointment_id for row in rows})
    for row in rows:
        setattr(row.appointment, SETTING, settings[row.appointment_id])
    if answers:
        _hang_told(rows)
    if links:
        found = _by_first(_LINKS, [row.pk for row in rows])
        for row in rows:
            setattr(row, LINKS, [digest for (digest,) in found[row.pk]])


def appointment_now(number: int) -> Appointment:
    """Return an appointment as it is now, with what is said of it. Cost: two queries."""
    appointment = Appointment.objects.get(pk=number)
    gather_appointments([appointment])
    return appointment


def booking_now(number: int) -> Booking:
    """Return a booking as it is now, with what is said of it. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [number])
        rows = cursor.fetchall()
    customer, *values = rows[0][_PARTS:]
    booking = _BOOKING.row(values[: _BOOKING.width])
    booking.appointment = _APPOINTMENT.row(values[_BOOKING.width :])
    setattr(booking, CUSTOMER, customer)
    setattr(booking.appointment, SETTING, _setting([row[:_PARTS] for row in rows]))
    return booking


def setting_of(appointment: Appointment) -> Setting:
    """Return what an appointment is and takes that was gathered for."""
    return cast(Setting, getattr(appointment, SETTING))


def bookings_of(appointment: Appointment) -> list[Booking]:
    """Return the bookings of an appointment for which they were gathered."""
    return cast(list[Booking], getattr(appointment, INSIDE))


def customer_of(booking: Booking) -> UUID | None:
    """Return the customer on record whose booking this is, of one that was loaded to be shown."""
    return cast(UUID | None, getattr(booking, CUSTOMER))


def told_of(booking: Booking) -> list[Told]:
    """Return what the customer answered, of a booking for which it was gathered."""
    return cast(list[Told], getattr(booking, TOLD))


def links_of(booking: Booking) -> list[str]:
    """Return the digests of the links of a booking for which they were gathered."""
    return cast(list[str], getattr(booking, LINKS))


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


_BOOKING: Final = Whole(Booking)
_APPOINTMENT: Final = Whole(Appointment)

_PARTS: Final = 5
"""So many columns tell a part of a setting: the service, and one of the resources by name."""

_SETTING: Final = "s.public_id, s.name, r.public_id, r.name, r.kind"
_FROM: Final = """
FROM bookings_appointment a
JOIN bookings_service s ON s.id = a.service_id
LEFT JOIN bookings_appointment_resources t ON t.appointment_id = a.id
LEFT JOIN bookings_resource r ON r.id = t.resource_id
"""

_SETTINGS: Final = f"""
SELECT a.id, {_SETTING} {_FROM}
WHERE a.id = ANY(%s::bigint[])
ORDER BY r.name, r.id
"""

_INSIDE: Final = f"""
SELECT b.appointment_id, c.public_id, {_BOOKING.columns("b")}
FROM bookings_booking b LEFT JOIN bookings_customer c ON c.id = b.customer_id
WHERE b.appointment_id = ANY(%s::bigint[])
  AND (b.state <> ALL(%s) OR b.waitlisted_at IS NOT NULL)
ORDER BY b.id
"""
"""All but `ONLY_HELD`."""

_ONE: Final = f"""
SELECT {_SETTING}, c.public_id, {_BOOKING.columns("b")}, {_APPOINTMENT.columns("a")} {_FROM}
JOIN bookings_booking b ON b.appointment_id = a.id
LEFT JOIN bookings_customer c ON c.id = b.customer_id
WHERE b.id = %s
ORDER BY r.name, r.id
"""

_TOLD: Final = """
SELECT a.booking_id, q.public_id, a.asked, a.value
FROM bookings_answer a LEFT JOIN bookings_question q ON q.id = a.question_id
WHERE a.booking_id = ANY(%s::bigint[])
ORDER BY a.id
"""

_LINKS: Final = """
SELECT booking_id, digest FROM bookings_managelink WHERE booking_id = ANY(%s::bigint[]) ORDER BY id
"""


def _settings(ids: Collection[int]) -> dict[int, Setting]:
    return {number: _setting(rows) for number, rows in _by_first(_SETTINGS, ids).items()}


def _setting(rows: Sequence[Sequence[Any]]) -> Setting:
    setting = Setting((rows[0][0], rows[0][1]))
    for _service, _its_name, public_id, name, kind in rows:
        if kind is not None:
            among = setting.staff if kind == ResourceKind.STAFF.value else setting.rooms
            among.append((public_id, name))
    return setting


def _inside(ids: Collection[int]) -> dict[int, list[Booking]]:
    found: dict[int, list[Booking]] = defaultdict(list)
    for number, rows in _by_first(_INSIDE, ids, _HELD).items():
        for customer, *values in rows:
            booking = _BOOKING.row(values)
            setattr(booking, CUSTOMER, customer)
            found[number].append(booking)
    return found


def _hang_told(bookings: Sequence[Booking]) -> None:
    found = _by_first(_TOLD, [row.pk for row in bookings])
    for row in bookings:
        setattr(row, TOLD, [Told(*each) for each in found[row.pk]])


def _by_first(asked: str, ids: Collection[int], *more: Any) -> dict[int, list[Any]]:
    """Return the rest of each row by its first column, which is one of `ids`; in their order."""
    found: dict[int, list[Any]] = defaultdict(list)
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(asked, [list(ids), *more])
            for number, *rest in cursor.fetchall():
                found[number].append(rest)
    return found

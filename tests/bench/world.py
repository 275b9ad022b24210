"""The workloads: the same rows in every run, loaded in bulk.

Beside the commands this is the only writer of claims.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.utils import timezone

from bookings.engine.hours import day_span, minute_of
from bookings.models import Business, Resource, Service
from tests import make

ZONE = "Europe/Berlin"
NOW = datetime(2031, 3, 2, 22, 0, tzinfo=UTC)
"""The evening before the first day; the clocks of most zones change within the month."""
FIRST_DAY = date(2031, 3, 3)
EARLIEST, LATEST = 8 * 60, 17 * 60
"""Appointments lie between these minutes of a UTC day."""


GUARD = "claim_no_overlap"


@dataclass(frozen=True)
class Workload:
    """A service with its staff, and the length of the window that is asked."""

    service: Service
    staff: list[Resource]
    days: int

    def over(self, days: int) -> Workload:
        """Return the same for a window of another length."""
        return replace(self, days=days)

    def path(self, view: str, *, first: int = 0, days: int = 0, staff: int = 0) -> str:
        """Return the address of a view for this workload."""
        return f"/{view}/{self.service.pk}/{first}/{days or self.days}/{staff}/"


def day(number: int) -> date:
    """Return a day of the workloads by its number, the first is 0."""
    return FIRST_DAY + timedelta(days=number)


def span(first: int, days: int) -> tuple[int, int]:
    """Return the UTC minutes of some days of the workloads."""
    return day_span(day(first), day(first + days - 1), ZONE)


def business(**fields: object) -> Business:
    """Return a business that is open from 9 to 18 every day."""
    values: dict[str, object] = {
        "zone": ZONE,
        "hours": "09:00-18:00",
        "interval": timedelta(minutes=15),
        "maximum_advance": timedelta(days=200),
    }
    return make.business(**values | fields)


def people(of: Business, count: int) -> list[Resource]:
    """Return staff; every fifth keeps hours of their own in a zone of their own."""
    staff = [make.staff(of) for _ in range(count)]
    for person in staff[::5]:
        person.zone = "Europe/London"
        person.save(update_fields=["zone"])
        make.open_daily(person, "08:00-16:30")
    return staff


def service(of: Business, by: Sequence[Resource], **fields: object) -> Service:
    """Return a service of 30 minutes with buffers of 10 minutes on either side."""
    values: dict[str, object] = {
        "interval": None,
        "buffer_before": timedelta(minutes=10),
        "buffer_after": timedelta(minutes=10),
    }
    return make.service(of, by=list(by), **values | fields)


def workload(*, staff: int, days: int, busy: int) -> Workload:
    """Return staff of a new business, each with `busy` appointments of 30 minutes in `days`."""
    of = business()
    by = people(of, staff)
    offered = service(of, by)
    fill(offered, by, first=FIRST_DAY, days=days, busy=busy)
    return Workload(offered, by, days)


def today() -> Workload:
    """Return twenty people with a month of appointments that begins today."""
    of = business()
    by = people(of, 20)
    offered = service(of, by)
    fill(offered, by, first=timezone.now().date(), days=60, busy=300)
    return Workload(offered, by, 30)


def peers(*, hosts: int, together: bool = False) -> Workload:
    """Return the input on which other programs were measured.

    Hosts are there from 9 to 17 on seven days and have 100 busy blocks of 15 to 60 minutes in
    30 days; an event of 30 minutes is offered every 15.
    """
    of = business(zone="UTC", hours="09:00-17:00")
    by = [make.staff(of) for _ in range(hosts)]
    nothing = timedelta(0)
    offered = service(
        of,
        by,
        buffer_before=nothing,
        buffer_after=nothing,
        assignment="all" if together else "any",
    )
    fill(offered, by, first=FIRST_DAY, days=30, busy=100, lengths=range(15, 61, 5))
    return Workload(offered, by, 30)


def fill(
    offered: Service,
    staff: Iterable[Resource],
    *,
    first: date,
    days: int,
    busy: int,
    lengths: Sequence[int] = (30,),
) -> None:
    """Give everybody `busy` appointments of the given lengths, spread over the days."""
    chance = Random(f"{days} {busy}")
    a_day = -(-busy // days)
    width = (LATEST - EARLIEST) // a_day
    midnight = minute_of(datetime(first.year, first.month, first.day, tzinfo=UTC))
    cells = [
        midnight + number * 1440 + EARLIEST + place * width
        for number in range(days)
        for place in range(a_day)
    ]
    around = int((offered.buffer_before + offered.buffer_after).total_seconds()) // 60
    rows: list[tuple[int, int, int]] = []
    for person in staff:
        for cell in sorted(chance.sample(cells, busy)):
            length = chance.choice(lengths)
            start = cell + around // 2 + chance.randrange(0, width - length - around + 1, 5)
            rows.append((person.pk, start, start + length))
    store(offered, rows)


def store(offered: Service, rows: Iterable[tuple[int, int, int]]) -> None:
    """Write appointments with their claims: resource, first minute, end."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE laid (resource_id bigint, s int, e int, id bigint"
            " DEFAULT nextval(pg_get_serial_sequence('bookings_appointment', 'id')))"
        )
        with cursor.copy("COPY laid (resource_id, s, e) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        for statement in STORED:
            cursor.execute(statement, {"service": offered.pk})
        cursor.execute("DROP TABLE laid")
        cursor.execute("VACUUM ANALYZE")


@contextlib.contextmanager
def unguarded(cursor: CursorWrapper) -> Iterator[None]:
    """Take the guard off the claims, and put it back at the end."""
    cursor.execute(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = %s", [GUARD]
    )
    (guard,) = cursor.fetchone()
    cursor.execute(f"ALTER TABLE bookings_claim DROP CONSTRAINT {GUARD}")
    yield
    cursor.execute(f"ALTER TABLE bookings_claim ADD CONSTRAINT {GUARD} {guard}")


STORED = [
    """
    INSERT INTO bookings_appointment (
        id, public_id, business_id, service_id, starts_at, ends_at, zone, wall_date, wall_time,
        fold, buffer_before, buffer_after, capacity, seats_taken, state, version, location_kind,
        place, join_link, price_kind, price, currency, staff_notes, created_at)
    SELECT laid.id, gen_random_uuid(), s.business_id, s.id, to_timestamp(laid.s * 60.0),
        to_timestamp(laid.e * 60.0), b.zone,
        (to_timestamp(laid.s * 60.0) AT TIME ZONE b.zone)::date,
        (to_timestamp(laid.s * 60.0) AT TIME ZONE b.zone)::time,
        0, s.buffer_before, s.buffer_after, s.capacity, 1, 'scheduled', 1, s.location_kind,
        s.place, s.join_link, s.price_kind, s.price, b.currency, '', b.created_at
    FROM laid, bookings_service s JOIN bookings_business b ON b.id = s.business_id
    WHERE s.id = %(service)s
    """,
    "INSERT INTO bookings_appointment_resources (appointment_id, resource_id)"
    " SELECT id, resource_id FROM laid",
    """
    INSERT INTO bookings_claim (resource_id, appointment_id, s, e)
    SELECT laid.resource_id, laid.id,
        laid.s - extract(epoch FROM s.buffer_before)::int / 60,
        laid.e + extract(epoch FROM s.buffer_after)::int / 60
    FROM laid, bookings_service s WHERE s.id = %(service)s
    """,
]

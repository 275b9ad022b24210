"""How full the days of a month are, and what each begins with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from bookings.engine.hours import at_minute, day_span
from bookings.queries.roster import Roster

SHOWN = 3
"""So many appointments of a day are named."""


@dataclass(frozen=True, slots=True)
class First:
    """One of the first appointments of a day: its clock in the business's zone, and who comes."""

    clock: str
    service_id: int
    is_group: bool
    names: str


@dataclass(frozen=True)
class Fullness:
    """How many appointments begin on a day, and the first of them."""

    count: int
    firsts: list[First]


FULLNESS = """
    SELECT day, count, to_char(wall, 'HH24:MI'), service_id, capacity > 1,
           (SELECT string_agg(b.name, ', ' ORDER BY b.created_at, b.id)
            FROM bookings_booking b
            WHERE b.appointment_id = each.id AND b.name <> ''
              AND b.state IN ('pending', 'confirmed'))
    FROM (
        SELECT a.id, a.service_id, a.capacity, a.wall, a.wall::date AS day,
               row_number() OVER (PARTITION BY a.wall::date ORDER BY a.starts_at, a.id),
               count(*) OVER (PARTITION BY a.wall::date)
        FROM (SELECT *, starts_at AT TIME ZONE %(zone)s AS wall
              FROM bookings_appointment) a
        WHERE a.business_id = %(business)s AND a.state = 'scheduled'
          AND a.starts_at >= %(since)s AND a.starts_at < %(until)s
          AND (%(service)s::bigint IS NULL OR a.service_id = %(service)s)
          AND EXISTS (SELECT FROM bookings_appointment_resources r
                      WHERE r.appointment_id = a.id
                        AND r.resource_id = ANY(%(ids)s::bigint[]))
          AND EXISTS (SELECT FROM bookings_booking b
                      WHERE b.appointment_id = a.id
                        AND b.state IN ('pending', 'confirmed'))
    ) each
    WHERE row_number <= %(shown)s
    ORDER BY day, row_number
"""


def days_between(
    roster: Roster,
    first: date,
    last: date,
    *,
    resource_ids: frozenset[int],
    service_id: int | None = None,
) -> dict[date, Fullness]:
    """Return the days from `first` to `last` on which any of the resources has an appointment.

    Held times do not count. Cost: one query, whatever the number of appointments.
    """
    lo, hi = day_span(first, last, roster.zone)
    with connection.cursor() as cursor:
        cursor.execute(
            FULLNESS,
            {
                "zone": roster.zone,
                "business": roster.business_id,
                "since": at_minute(lo),
                "until": at_minute(hi),
                "service": service_id,
                "ids": list(resource_ids),
                "shown": SHOWN,
            },
        )
        found: dict[date, Fullness] = {}
        for day, count, *rest in cursor.fetchall():
            found.setdefault(day, Fullness(count, [])).firsts.append(First(*rest))
    return found

"""What the database counts for a report, in one statement for each date that counts.

Days and hours are those of the wall clock: instants are joined with the stretches in which the
zone keeps one offset, as the engine knows them, so that both count by the same clock.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from bookings.engine.hours import at_minute, offsets
from bookings.queries.periods import Scope

LEADS = (1, 3, 7, 14, 28, 56)
"""The days that divide lead times into groups: less than one, from one to three, and so on."""

_LONGEST = 366 * 1440
"""How many minutes beyond the last day an appointment may still be shown on the clock."""

_CLOCK = """
    unnest(%(since)s::timestamptz[], %(until)s::timestamptz[], %(ahead)s::int[])
        AS clock (since, until, ahead)
"""

_IN_SCOPE = """
    a.business_id = %(business)s
    AND (%(service)s::bigint IS NULL OR a.service_id = %(service)s)
    AND (%(resource)s::bigint IS NULL OR EXISTS (
        SELECT FROM bookings_appointment_resources r
        WHERE r.appointment_id = a.id AND r.resource_id = %(resource)s))
"""

_BY_CUSTOMER = """
    EXISTS (SELECT FROM bookings_event e WHERE e.booking_id = b.id
            AND e.kind = 'booking.cancelled' AND split_part(e.actor, ':', 1) = 'customer')
"""

_MADE = f"""
    WITH made AS (
        SELECT b.created_at >= %(lo)s AS now, b.customer_id,
            ((b.created_at AT TIME ZONE 'UTC') + clock.ahead * interval '1 minute')::date AS day,
            greatest(extract(epoch FROM a.starts_at - b.created_at) / 60, 0) AS lead
        FROM bookings_booking b
        JOIN bookings_appointment a ON a.id = b.appointment_id
        JOIN {_CLOCK} ON b.created_at >= clock.since AND b.created_at < clock.until
        WHERE b.business_id = %(business)s AND b.created_at >= %(from)s AND b.created_at < %(hi)s
          AND b.state IN ('pending', 'confirmed', 'cancelled', 'declined') AND {_IN_SCOPE}
    ), grouped AS (
        SELECT *, width_bucket(lead, %(leads)s::numeric[]) AS wait FROM made
    )
    SELECT now, day, wait, count(*), count(DISTINCT customer_id),
        percentile_cont(0.5) WITHIN GROUP (ORDER BY lead)
    FROM grouped
    GROUP BY GROUPING SETS ((now), (now, day), (now, wait))
"""

_KEPT = f"""
    WITH kept AS (
        SELECT a.starts_at >= %(lo)s AS now, a.service_id, a.currency, a.capacity,
            ((a.starts_at AT TIME ZONE 'UTC') + clock.ahead * interval '1 minute')::date AS day,
            count(*) FILTER (WHERE b.state = 'confirmed') AS confirmed,
            coalesce(sum(b.seats) FILTER (WHERE b.state IN ('pending', 'confirmed')), 0) AS taken,
            coalesce(sum(b.seats) FILTER (WHERE b.state = 'confirmed' AND b.no_show_at IS NULL), 0)
                * CASE WHEN a.price_kind IN ('fixed', 'starting_at', 'hourly') THEN a.price ELSE 0
                  END AS revenue,
            count(*) FILTER (WHERE b.state = 'cancelled' AND {_BY_CUSTOMER}) AS by_customer,
            count(*) FILTER (WHERE b.state = 'cancelled') AS cancelled,
            count(*) FILTER (WHERE b.state = 'confirmed' AND b.no_show_at IS NOT NULL) AS no_shows,
            count(*) FILTER (WHERE b.state = 'declined') AS declined,
            count(*) FILTER (WHERE b.state = 'pending') AS pending
        FROM bookings_appointment a
        JOIN bookings_booking b ON b.appointment_id = a.id
        JOIN {_CLOCK} ON a.starts_at >= clock.since AND a.starts_at < clock.until
        WHERE a.starts_at >= %(from)s AND a.starts_at < %(hi)s AND {_IN_SCOPE}
        GROUP BY a.id, clock.ahead
    )
    SELECT now, service_id, currency, day, sum(confirmed), sum(taken),
        coalesce(sum(capacity) FILTER (WHERE taken > 0), 0), sum(revenue), sum(by_customer),
        sum(cancelled) - sum(by_customer), sum(no_shows), sum(declined), sum(pending)
    FROM kept
    GROUP BY GROUPING SETS ((now, service_id, currency), (now, day))
"""

_BOOKED = f"""
    WITH busy AS (
        SELECT a.starts_at >= %(lo)s AS now, a.service_id, r.resource_id,
            (greatest(a.starts_at, clock.since) AT TIME ZONE 'UTC')
                + clock.ahead * interval '1 minute' AS opens,
            (least(a.ends_at, clock.until) AT TIME ZONE 'UTC')
                + clock.ahead * interval '1 minute' AS closes
        FROM bookings_appointment a
        JOIN bookings_appointment_resources r ON r.appointment_id = a.id
        JOIN {_CLOCK} ON a.starts_at < clock.until AND a.ends_at > clock.since
        WHERE a.starts_at >= %(from)s AND a.starts_at < %(hi)s AND a.state = 'scheduled'
          AND EXISTS (SELECT FROM bookings_booking b WHERE b.appointment_id = a.id
                      AND b.state IN ('pending', 'confirmed'))
          AND r.resource_id = ANY(%(resources)s::bigint[]) AND {_IN_SCOPE}
    ), pieces AS (
        SELECT now, service_id, resource_id, extract(isodow FROM hour)::int - 1 AS weekday,
            extract(hour FROM hour)::int AS hour,
            extract(epoch FROM least(closes, hour + interval '1 hour') - greatest(opens, hour))
                / 60 AS minutes
        FROM busy, generate_series(
            date_trunc('hour', opens), closes - interval '1 second', interval '1 hour') AS hour
    )
    SELECT now, service_id, resource_id, weekday, hour, sum(minutes)::int,
        coalesce(sum(minutes) FILTER (WHERE resource_id = ANY(%(counted)s::bigint[])), 0)::int
    FROM pieces
    GROUP BY GROUPING SETS ((now, service_id, resource_id), (now, weekday, hour))
"""


class Made(NamedTuple):
    """Bookings made: of a period, or of one day or group of lead times in it."""

    is_now: bool
    day: date | None
    wait: int | None
    bookings: int
    customers: int
    lead: float | None


class Kept(NamedTuple):
    """Bookings by the date of their appointment: of a service and currency, or of one day."""

    is_now: bool
    service_id: int | None
    currency: str | None
    day: date | None
    confirmed: int
    taken: int
    offered: int
    revenue: Decimal
    by_customer: int
    by_business: int
    no_shows: int
    declined: int
    pending: int


class Booked(NamedTuple):
    """Booked minutes: of a service and a resource, or of one hour of the week."""

    is_now: bool
    service_id: int | None
    resource_id: int | None
    weekday: int | None
    hour: int | None
    minutes: int
    counted: int


def made(scope: Scope) -> list[Made]:
    """Return the bookings made in the period and in the one before. Cost: one query.

    A booking counts on the day it was made, whatever has become of it; holds that nobody
    confirmed were never bookings. Lead times are minutes, none where the booking was written
    down after the start.
    """
    leads = [days * 1440 for days in LEADS]
    return [Made(*row) for row in _rows(_MADE, scope, leads=leads)]


def kept(scope: Scope) -> list[Kept]:
    """Return the bookings whose appointments start in the period, and in the one before.

    Cost: one query.
    """
    return [Kept(*row) for row in _rows(_KEPT, scope)]


def booked(scope: Scope, resources: list[int], counted: list[int]) -> list[Booked]:
    """Return the minutes of `resources` that appointments take, buffers left out.

    An appointment counts where it starts, with all its minutes, each in its own hour.
    `counted` are those of the resources that count in the hours of the week.
    Cost: one query.
    """
    return [Booked(*row) for row in _rows(_BOOKED, scope, resources=resources, counted=counted)]


def _rows(statement: str, scope: Scope, **more: list[int]) -> list[tuple[Any, ...]]:
    period = scope.period
    (lo, hi), earlier = period.span, period.before.span[0]
    clock = offsets(period.zone, earlier, hi + _LONGEST)
    values: dict[str, Any] = {
        "business": scope.business.pk,
        "service": scope.service.pk if scope.service else None,
        "resource": scope.resource.pk if scope.resource else None,
        "from": at_minute(earlier),
        "lo": at_minute(lo),
        "hi": at_minute(hi),
        "since": [at_minute(since) for since, _, _ in clock],
        "until": [at_minute(until) for _, until, _ in clock],
        "ahead": [ahead for _, _, ahead in clock],
    }
    with connection.cursor() as cursor:
        cursor.execute(statement, values | more)
        return list(cursor.fetchall())

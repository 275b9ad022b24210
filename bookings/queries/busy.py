"""The rows behind availability: versions, taken time, sessions and counts. Integers only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection

from bookings.engine.hours import at_minute, minute_of
from bookings.engine.intervals import Span
from bookings.models.claim import LONGEST_CLAIM

RECENT = timedelta(days=60)

EVERYBODY = 0
"""The key of closures, which block every resource of the business."""


@dataclass
class Taken:
    """What blocks one resource: claims of appointments and holds, and absences."""

    claims: list[Span] = field(default_factory=list)
    away: list[Span] = field(default_factory=list)
    expires: int | None = None
    """The minute at which the earliest hold among the claims ends by itself."""


@dataclass(frozen=True)
class Session:
    """A scheduled group appointment and the places it has left, possibly none."""

    appointment_id: int
    start: int
    seats_left: int
    resource_ids: frozenset[int]


def versions(business_id: int, resource_ids: Sequence[int]) -> tuple[int, dict[int, int]]:
    """Return the catalogue's version and each resource's. Cost: one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce((SELECT version FROM bookings_catalogueversion"
            " WHERE business_id = %s), 0), array_agg(resource_id), array_agg(version)"
            " FROM bookings_resourceversion WHERE resource_id = ANY(%s::bigint[])",
            [business_id, list(resource_ids)],
        )
        catalogue, ids, counts = cursor.fetchone()
    return catalogue, dict(zip(ids or (), counts or (), strict=True))


BLOCKED = """
    SELECT resource_id, false, array_agg(s), array_agg(e), min(expires_at)
    FROM bookings_claim
    WHERE resource_id = ANY(%(ids)s::bigint[]) AND s > %(lo)s - %(longest)s
      AND s < %(hi)s AND e > %(lo)s AND (expires_at IS NULL OR expires_at > %(now)s)
      AND (%(moving)s::bigint IS NULL OR appointment_id <> %(moving)s)
    GROUP BY resource_id
    UNION ALL
    SELECT coalesce(resource_id, 0), true,
           array_agg(floor(extract(epoch FROM starts_at) / 60)::int),
           array_agg(ceil(extract(epoch FROM ends_at) / 60)::int), NULL
    FROM bookings_timeoff
    WHERE business_id = %(business)s AND starts_at < %(until)s AND ends_at > %(since)s
      AND (resource_id IS NULL OR resource_id = ANY(%(ids)s::bigint[]))
    GROUP BY 1
"""


def taken(
    business_id: int,
    resource_ids: Sequence[int],
    *,
    lo: int,
    hi: int,
    now: datetime,
    moving: int | None = None,
) -> dict[int, Taken]:
    """Return what blocks each resource between the minutes `lo` and `hi`.

    Returns: resource pk -> Taken, for every resource asked; claims of the appointment
        `moving` and of expired holds are left out, closures count for everybody.
    Cost: one query, whatever the number of resources and the years of history; claims are
        read index-only, never looking back further than the longest claim.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            BLOCKED,
            {
                "ids": list(resource_ids),
                "lo": lo,
                "hi": hi,
                "longest": LONGEST_CLAIM,
                "now": now,
                "moving": moving,
                "business": business_id,
                "since": at_minute(lo),
                "until": at_minute(hi),
            },
        )
        rows = cursor.fetchall()
    found = {resource_id: Taken() for resource_id in resource_ids}
    for resource_id, is_absence, starts, ends, expires_at in rows:
        spans = list(zip(starts, ends, strict=True))
        if not is_absence:
            found[resource_id].claims = spans
            found[resource_id].expires = minute_of(expires_at) if expires_at else None
        elif resource_id == EVERYBODY:
            for each in found.values():
                each.away += spans
        else:
            found[resource_id].away += spans
    return found


def sessions(
    service_id: int, *, lo: int, hi: int, now: datetime, moving: int | None = None
) -> list[Session]:
    """Return the group appointments of a service that start in [lo, hi), full ones too.

    Places of expired holds count as free; an appointment nobody is in any more is not a
    session. Sorted by start. Cost: one query.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, (extract(epoch FROM a.starts_at) / 60)::int,
                   a.capacity - sum(b.seats),
                   (SELECT array_agg(resource_id) FROM bookings_appointment_resources r
                    WHERE r.appointment_id = a.id)
            FROM bookings_appointment a
            JOIN bookings_booking b ON b.appointment_id = a.id
             AND (b.state IN ('confirmed', 'pending')
                  OR b.state = 'held' AND b.expires_at > %(now)s)
            WHERE a.service_id = %(service)s AND a.state = 'scheduled'
              AND a.starts_at >= %(since)s AND a.starts_at < %(until)s
              AND (%(moving)s::bigint IS NULL OR a.id <> %(moving)s)
            GROUP BY a.id
            ORDER BY a.starts_at, a.id
            """,
            {
                "service": service_id,
                "since": at_minute(lo),
                "until": at_minute(hi),
                "now": now,
                "moving": moving,
            },
        )
        rows = cursor.fetchall()
    return [Session(row[0], row[1], int(row[2]), frozenset(row[3] or ())) for row in rows]


def starts_of_resources(
    resource_ids: Sequence[int], *, lo: int, hi: int, moving: int | None = None
) -> dict[int, list[int]]:
    """Return the minutes at which each resource's appointments in [lo, hi) start.

    Cost: one query; only limits need it.
    """
    found: dict[int, list[int]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.resource_id, array_agg((extract(epoch FROM a.starts_at) / 60)::int)
            FROM bookings_appointment_resources r
            JOIN bookings_appointment a ON a.id = r.appointment_id
            WHERE r.resource_id = ANY(%s::bigint[]) AND a.state = 'scheduled'
              AND a.starts_at >= %s AND a.starts_at < %s
              AND (%s::bigint IS NULL OR a.id <> %s)
            GROUP BY r.resource_id
            """,
            [list(resource_ids), at_minute(lo), at_minute(hi), moving, moving],
        )
        for resource_id, starts in cursor.fetchall():
            found[resource_id] = starts
    return found


def starts_of_service(service_id: int, *, lo: int, hi: int, moving: int | None = None) -> list[int]:
    """Return the minutes at which a service's appointments in [lo, hi) start. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT (extract(epoch FROM starts_at) / 60)::int FROM bookings_appointment
            WHERE service_id = %s AND state = 'scheduled' AND starts_at >= %s AND starts_at < %s
              AND (%s::bigint IS NULL OR id <> %s)
            """,
            [service_id, at_minute(lo), at_minute(hi), moving, moving],
        )
        return [row[0] for row in cursor.fetchall()]


def workload(
    resource_ids: Sequence[int], *, lo: int, hi: int, now: datetime
) -> dict[int, tuple[int, int | None]]:
    """Return how busy each resource is: appointments starting in [lo, hi), and the minute at
    which it was last given one (None: not among the appointments since two months ago).

    Cost: one query.
    """
    found: dict[int, tuple[int, int | None]] = dict.fromkeys(resource_ids, (0, None))
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT r.resource_id,
                   count(*) FILTER (WHERE a.starts_at >= %(since)s AND a.starts_at < %(until)s),
                   max(a.created_at)
            FROM bookings_appointment_resources r
            JOIN bookings_appointment a ON a.id = r.appointment_id
            WHERE r.resource_id = ANY(%(ids)s::bigint[]) AND a.state = 'scheduled'
              AND a.starts_at > %(recent)s
            GROUP BY r.resource_id
            """,
            {
                "ids": list(resource_ids),
                "since": at_minute(lo),
                "until": at_minute(hi),
                "recent": min(now, at_minute(lo)) - RECENT,
            },
        )
        for resource_id, count, last in cursor.fetchall():
            found[resource_id] = (count, minute_of(last))
    return found

"""The only writer of claims and of their versions.

Time is taken by speculative insertion: `ON CONFLICT DO NOTHING` against the exclusion
constraint, then a count. A plain insert would be as safe but deadlocks: both inserters add
their index entry first and then wait for each other. Every writer goes through the resources
in ascending order and bumps their versions last, so nobody waits in a circle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import connection

from bookings.engine.hours import minute_of
from bookings.engine.intervals import Span
from bookings.errors import SlotTaken
from bookings.models import Appointment, Claim, Resource
from bookings.models.claim import LONGEST_CLAIM


class Taken(SlotTaken):
    """Somebody else has the time; `resource_ids` says whose."""

    def __init__(self, resource_ids: set[int]) -> None:
        super().__init__()
        self.resource_ids = resource_ids


def span_of(appointment: Appointment) -> Span:
    """Return the minutes that an appointment blocks, buffers included."""
    return (
        minute_of(appointment.starts_at - appointment.buffer_before),
        minute_of(appointment.ends_at + appointment.buffer_after),
    )


def block(
    appointment: Appointment, resource_ids: Sequence[int], *, expires_at: datetime | None = None
) -> None:
    """Block the appointment's time for all the resources. Cost: one statement.

    Time in several rows is taken behind the gates: a mover that has given one of them back
    could wait for another.

    Raises:
        Taken: somebody else has some of it; the caller's transaction must end.
    """
    pieces = _pieces(*span_of(appointment))
    if len(pieces) > 1:
        lock_gates(resource_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO bookings_claim (resource_id, appointment_id, s, e, expires_at)
            SELECT r, %s, p.s, p.e, %s
            FROM unnest(%s::bigint[]) r, unnest(%s::int[], %s::int[]) AS p (s, e)
            ORDER BY r, p.s
            ON CONFLICT DO NOTHING
            RETURNING resource_id
            """,
            [
                appointment.pk,
                expires_at,
                list(resource_ids),
                [s for s, _ in pieces],
                [e for _, e in pieces],
            ],
        )
        made = Counter(resource_id for (resource_id,) in cursor.fetchall())
    if taken := {each for each in resource_ids if made[each] < len(pieces)}:
        raise Taken(taken)


def move(
    *,
    give: Appointment | None,
    old: Iterable[int],
    into: Appointment,
    new: Iterable[int],
    expires_at: datetime | None = None,
) -> None:
    """Give one appointment's time back and block another's (or its own new one).

    Resource by resource: a mover that first gave everything back, or took everything, could
    wait in a circle with a booker. The caller holds the gates of all of them (`lock_gates`).
    Cost: up to two statements a resource.

    Raises:
        Taken: the time overlaps somebody else's; the caller's transaction must end.
    """
    old, new = set(old) if give is not None else set(), set(new)
    for resource_id in sorted(old | new):
        if resource_id in old:
            Claim.objects.filter(appointment=give, resource_id=resource_id).delete()
        if resource_id in new:
            block(into, [resource_id], expires_at=expires_at)


def free(appointment: Appointment) -> None:
    """Give all the appointment's time back. Cost: one statement."""
    Claim.objects.filter(appointment=appointment).delete()


def confirm(appointment: Appointment) -> bool:
    """Make a hold's claims last. Returns False where they are gone. Cost: one statement."""
    return bool(Claim.objects.filter(appointment=appointment).update(expires_at=None))


def prolong(appointment: Appointment, *, until: datetime) -> None:
    """Keep the claims of a held appointment at least `until`. Cost: one statement."""
    Claim.objects.filter(appointment=appointment, expires_at__lt=until).update(expires_at=until)


def lock_gates(resource_ids: Iterable[int]) -> None:
    """Hold still everybody else who moves appointments of these resources.

    Two movers that swap places would wait for each other's deleted claims; bookers, who only
    insert, take no gate. Cost: one statement. Locks: `Resource` rows in pk order.
    """
    list(
        Resource.objects.filter(pk__in=set(resource_ids))
        .order_by("pk")
        .select_for_update(no_key=True)
        .values_list("pk")
    )


def bump(resource_ids: Iterable[int]) -> dict[int, int]:
    """Count the resources' versions up, in pk order, and return the new ones.

    The last statement of every decision that changes what is offered. Cost: one statement.
    Locks: `ResourceVersion` rows until the end of the transaction.
    """
    ids = sorted(set(resource_ids))
    if len(ids) == 1:
        sql = (
            "UPDATE bookings_resourceversion SET version = version + 1"
            " WHERE resource_id = ANY(%s::bigint[]) RETURNING resource_id, version"
        )
    else:
        sql = (
            "WITH locked AS (SELECT resource_id FROM bookings_resourceversion"
            " WHERE resource_id = ANY(%s::bigint[]) ORDER BY resource_id FOR NO KEY UPDATE)"
            " UPDATE bookings_resourceversion v SET version = version + 1 FROM locked"
            " WHERE v.resource_id = locked.resource_id RETURNING v.resource_id, v.version"
        )
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids])
        return dict(cursor.fetchall())


def moved(bumped: Mapping[int, int], stamp: Mapping[int, int]) -> bool:
    """Say whether anything but our own bump changed a resource since `stamp` was read."""
    return any(version != stamp.get(number, 0) + 1 for number, version in bumped.items())


def _pieces(s: int, e: int) -> list[Span]:
    return [(start, min(start + LONGEST_CLAIM, e)) for start in range(s, e, LONGEST_CLAIM)]

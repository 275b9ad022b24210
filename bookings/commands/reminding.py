"""Reminders and follow-ups: planned with the appointment, moved with it, gone with it.

They wait in the outbox from the moment an appointment is certain. Their keys name the rule, whom
they are for and the start, so an appointment that moves away and back is told of once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from bookings.commands.decision import decision
from bookings.commands.scheduling import locked
from bookings.errors import Busy
from bookings.models import Appointment, Message, Reminder, ReminderKind, Replanning, Service
from bookings.models.outbox import WAITING
from bookings.outbox.queueing import AGAIN

TOPICS: Final = tuple(ReminderKind.values)
"""The topics of messages that were planned: those of the kinds of rules."""

BATCH: Final = 200
"""So many appointments are planned again in one transaction."""

SETTLING: Final = timedelta(minutes=2)
"""Longer than a decision, and than a sender's lease: what a rule met on its way is over then."""

_CONCERNS: Final = """
SELECT EXISTS (
    SELECT FROM bookings_reminder WHERE service_id = ANY(%(services)s::bigint[])
) OR EXISTS (
    SELECT FROM bookings_message
    WHERE appointment_id = ANY(%(appointments)s::bigint[])
    AND event_id IS NULL AND topic = ANY(%(topics)s)
)
"""
"""Whether there is anything to plan or to drop. Most services say nothing before or after, and
this costs a fraction of finding that out by planning."""

_PLAN: Final = """
WITH rule AS (
    SELECT r.id, r.public_id, r.kind, r.recipients, r.channel, r."offset",
        a.id AS appointment_id, a.public_id AS appointment, a.business_id, a.starts_at, a.ends_at
    FROM bookings_appointment a JOIN bookings_reminder r ON r.service_id = a.service_id
    WHERE a.id = ANY(%(appointments)s::bigint[]) AND a.state = 'scheduled'
    FOR KEY SHARE OF r
), reader AS (
    SELECT rule.*, b.id AS booking_id, 'customer' AS audience, way.outlet, way.address,
        b.public_id::text AS whom
    FROM rule
    JOIN bookings_booking b ON b.appointment_id = rule.appointment_id AND b.state = 'confirmed'
    CROSS JOIN LATERAL (VALUES ('email', b.email), ('sms', b.sms_number)) way (outlet, address)
    WHERE rule.recipients IN ('customer', 'all') AND rule.channel IN (way.outlet, 'both')
    UNION ALL
    SELECT rule.*, NULL, 'staff', 'email', s.email, rule.appointment || ':' || lower(s.email)
    FROM rule
    JOIN bookings_appointment_resources serves ON serves.appointment_id = rule.appointment_id
    JOIN bookings_resource s ON s.id = serves.resource_id AND s.kind = 'staff' AND s.is_notified
    WHERE rule.recipients IN ('staff', 'all') AND EXISTS (
        SELECT FROM bookings_booking b
        WHERE b.appointment_id = rule.appointment_id AND b.state = 'confirmed'
    )
), planned AS (
    SELECT reader.*,
        'reminder:' || public_id || ':' || whom || ':' || outlet || ':'
            || floor(extract(epoch FROM starts_at))::bigint AS key,
        CASE kind WHEN 'follow_up' THEN ends_at + "offset" ELSE starts_at - "offset" END AS due_at
    FROM reader WHERE address <> ''
), gone AS (
    UPDATE bookings_message SET dropped_at = %(now)s
    WHERE appointment_id = ANY(%(appointments)s::bigint[])
    AND event_id IS NULL AND topic = ANY(%(topics)s)
    AND sent_at IS NULL AND failed_at IS NULL AND dropped_at IS NULL
    AND (leased_until IS NULL OR leased_until <= %(now)s)
    AND split_part(key, %(again)s, 1) NOT IN (SELECT key FROM planned)
)
INSERT INTO bookings_message AS known (
    public_id, key, business_id, appointment_id, booking_id, reminder_id, outlet, audience, address,
    topic, due_at, attempts, error, body, remote_id, delivery, segments, created_at
)
SELECT DISTINCT ON (key) gen_random_uuid(), key, business_id, appointment_id, booking_id, id,
    outlet, audience, address, kind, due_at, 0, '', '', '', '', 0, %(now)s
FROM planned WHERE due_at > %(now)s
ON CONFLICT (key) DO UPDATE SET dropped_at = NULL, attempts = 0, error = '',
    due_at = EXCLUDED.due_at, appointment_id = EXCLUDED.appointment_id, address = EXCLUDED.address
WHERE known.sent_at IS NULL AND known.failed_at IS NULL
AND (known.leased_until IS NULL OR known.leased_until <= %(now)s)
AND (known.dropped_at IS NOT NULL OR (known.due_at, known.appointment_id, known.address)
    IS DISTINCT FROM (EXCLUDED.due_at, EXCLUDED.appointment_id, EXCLUDED.address))
"""


def plan(appointments: Iterable[Appointment], *, now: datetime) -> None:
    """Queue what services say before and after appointments, and drop what waits in vain.

    Customers are told of confirmed bookings, staff of appointments with one. What should have
    left by now is not queued; what was dropped comes back where it is true again; what has left
    never leaves twice, and what a sender holds it judges itself. Part of a decision, after all
    that it writes about the appointments, whose rows it has locked. Cost: one query, and one
    statement where a rule or a message planned before concerns them.
    """
    planned = list(appointments)
    named: dict[str, list[int] | list[str] | str | datetime] = {
        "appointments": [appointment.pk for appointment in planned],
        "services": [appointment.service_id for appointment in planned],
        "topics": list(TOPICS),
        "again": AGAIN,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNS, named)
        (concerned,) = cursor.fetchone()
        if concerned:
            cursor.execute(_PLAN, named)


def planned_start(message: Message) -> datetime | None:
    """Return the start for which a message was planned, None for any other message."""
    name, *_, tail = message.key.partition(AGAIN)[0].split(":")
    if name != "reminder":
        return None
    return datetime.fromtimestamp(int(tail), UTC)


def lock_rules(*, services: Iterable[Service]) -> None:
    """Lock the rules of services, so that none goes while somebody plans by it.

    In the caller's transaction, before anything of a service or its staff is written: decisions
    plan first and lock the service's row after that, where its day is limited. Cost: one query.
    """
    rules = Reminder.objects.filter(service__in=list(services)).order_by("pk")
    list(rules.select_for_update().values_list("pk"))


@decision
def expect_new_rules(*, services: Iterable[Service], now: datetime) -> None:
    """Have the coming appointments of services planned again, after what the caller writes.

    Called before the rules of a service change, in the same transaction. Locks: the rules.
    """
    wanted = sorted(services, key=lambda service: service.pk)
    lock_rules(services=wanted)
    Replanning.objects.bulk_create(
        [Replanning(service=service, since=now) for service in wanted],
        update_conflicts=True,
        unique_fields=["service"],
        update_fields=["since", "planned_at"],
    )


def replan(*, now: datetime) -> int:
    """Plan the coming appointments of services whose rules have changed; return how many.

    Each batch is a transaction of its own, and a service is done twice (see `Replanning`), so a
    process that dies, or a decision that still knew the old rules, leaves nothing behind. A
    service of which somebody holds an appointment for too long is left for the next time.
    """
    count = 0
    fresh = Q(planned_at=None) | Q(since__lte=now - SETTLING)
    for due in Replanning.objects.filter(fresh).order_by("since", "pk"):
        try:
            count += _replan(due.service_id, now)
        except Busy:
            continue
        _settle(due, now)
    return count


def _replan(service_id: int, now: datetime) -> int:
    count = last = 0
    while batch := _plan_batch(service_id, last, now):
        count, last = count + len(batch), batch[-1]
    return count


@decision
def _plan_batch(service_id: int, after: int, now: datetime) -> list[int]:
    found = _concerned(service_id, now).filter(pk__gt=after).order_by("pk")
    numbers = list(found.values_list("pk", flat=True)[:BATCH])
    if numbers:
        plan(locked(*numbers).values(), now=now)
    return numbers


def _concerned(service_id: int, now: datetime) -> QuerySet[Appointment]:
    """Return what is coming, and what is over but still to be followed up."""
    waiting = Message.objects.filter(WAITING, topic__in=TOPICS, appointment__service=service_id)
    of_service = Appointment.objects.filter(service=service_id)
    return of_service.filter(
        Q(starts_at__gt=now, state="scheduled") | Q(pk__in=waiting.values("appointment"))
    )


def _settle(done: Replanning, now: datetime) -> None:
    """Note that a service is planned; the second time it is done, unless it changed meanwhile."""
    same = Replanning.objects.filter(pk=done.pk, since=done.since)
    if done.since <= now - SETTLING:
        same.delete()
    else:
        same.update(planned_at=now)

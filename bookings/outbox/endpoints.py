"""Endpoints of webhooks that fail: left in peace for a while, and after days switched off.

Whoever changes a subscription and its messages locks the subscription first.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from django.db import connection
from django.db.models import QuerySet

from bookings.models import DisabledBecause, Message, Subscription
from bookings.models.outbox import resting
from bookings.outbox.queueing import tell_house
from bookings.outbox.recording import record_alone

PATIENCE: Final = timedelta(days=5)
"""How long an endpoint may fail without a single success."""

SILENCE: Final = timedelta(hours=30)
"""After so long without a try the failing begins anew; the waits between tries are shorter."""

SHORTEST_PAUSE: Final = timedelta(seconds=5)
LONGEST_PAUSE: Final = timedelta(minutes=5)
LONG_PAUSE: Final = timedelta(minutes=1)
"""A pause in which what waits is moved behind its end, so that nobody has to look past it."""

FAILING: Final = ("failures", "failing_since", "paused_until")
"""The fields in which an endpoint's failing stands."""

GONE: Final = 410
_REMOVALS: Final = (
    "DELETE FROM bookings_attempt WHERE message_id = ANY(%s)",
    "DELETE FROM bookings_message WHERE id = ANY(%s)",
)
NOTICE: Final = "webhook_disabled"
"""The cause of the notice to the house, as in its key."""


def endpoint_of(message: Message) -> Subscription | None:
    """Return the subscription that a message is for, under its lock; None for letters and texts.

    Cost: one query for a webhook.
    """
    if message.subscription_id is None:
        return None
    rows = Subscription.objects.select_for_update(no_key=True)
    return rows.filter(pk=message.subscription_id).first()


def note_success(message: Message) -> None:
    """End the failing of the endpoint that took a message. Cost: one statement for a webhook."""
    if message.subscription_id is not None:
        failing = Subscription.objects.filter(pk=message.subscription_id, failures__gt=0)
        failing.update(failures=0, failing_since=None, paused_until=None)


def forgive(endpoint: Subscription) -> None:
    """Let a locked endpoint be as one that never failed; the caller saves what is `FAILING`."""
    endpoint.failures, endpoint.failing_since, endpoint.paused_until = 0, None, None


def note_failure(
    endpoint: Subscription,
    *,
    status: int | None,
    retry_after: timedelta | None,
    now: datetime,
) -> None:
    """Count a failure of a locked endpoint, and pause it; after five days, or 410, disable it.

    A pause is half as long as the endpoint has been failing, five seconds to five minutes, and
    never shorter than it asks for: so an endpoint that is dead costs one try for each pause,
    however much waits for it, and many that fail at the same moment are as one.
    """
    if endpoint.disabled_at is not None:
        return
    if endpoint.paused_until is not None and now - endpoint.paused_until > SILENCE:
        forgive(endpoint)
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    failing_for = now - endpoint.failing_since
    if status == GONE or failing_for >= PATIENCE:
        because = DisabledBecause.GONE if status == GONE else DisabledBecause.FAILING
        endpoint.save(update_fields=["failures", "failing_since"])
        disable(endpoint, because=because, actor="system", now=now)
        tell_house(endpoint.business, NOTICE, now=now)
        return
    pause = min(max(failing_for / 2, SHORTEST_PAUSE), LONGEST_PAUSE)
    until = now + max(pause, retry_after or pause)
    endpoint.paused_until = max(until, endpoint.paused_until or until)
    endpoint.save(update_fields=FAILING)
    if endpoint.paused_until - now >= LONG_PAUSE:
        earlier = _resting(endpoint, now).filter(due_at__lt=endpoint.paused_until)
        earlier.update(due_at=endpoint.paused_until)


def disable(endpoint: Subscription, *, because: DisabledBecause, actor: str, now: datetime) -> None:
    """Switch a locked endpoint off: nothing is queued for it any more, what waits is dropped.

    What is just being sent settles itself, and is dropped where it fails.
    Cost: two statements, and those of the event.
    """
    endpoint.disabled_at, endpoint.disabled_because = now, because.value
    endpoint.paused_until = None
    endpoint.save(update_fields=["disabled_at", "disabled_because", "paused_until"])
    _resting(endpoint, now).update(dropped_at=now)
    note(endpoint, "subscription.disabled", actor=actor, now=now, because=because.value)


def _resting(endpoint: Subscription, now: datetime) -> QuerySet[Message]:
    """Return what waits for an endpoint and is not just being sent."""
    return Message.objects.filter(resting(now), subscription=endpoint)


def remove(endpoint: Subscription) -> None:
    """Delete a locked endpoint with all its messages; events stay.

    Who was just about to queue something for it is waited for. Cost: three statements, two more
    for each 10,000 messages.
    """
    _remove_messages(endpoint)
    Subscription.objects.select_for_update().get(pk=endpoint.pk)
    _remove_messages(endpoint)
    endpoint.delete()


def _remove_messages(endpoint: Subscription) -> None:
    """Delete messages and their tries in portions, none of which takes long."""
    portion = "SELECT id FROM bookings_message WHERE subscription_id = %s ORDER BY id LIMIT 10000"
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"{portion} FOR UPDATE", [endpoint.pk])
            numbers = [number for (number,) in cursor.fetchall()]
            if not numbers:
                return
            for statement in _REMOVALS:
                cursor.execute(statement, [numbers])


def note(endpoint: Subscription, kind: str, *, actor: str, now: datetime, **more: object) -> None:
    """Record what happened to a subscription; its address may hold a secret, its host does not."""
    record_alone(
        business=endpoint.business,
        kind=kind,
        actor=actor,
        now=now,
        data={
            "subscription": str(endpoint.public_id),
            "host": urlsplit(endpoint.url).hostname or "",
            **more,
        },
    )

"""Writing down what happened, and queueing it for the programs that want to know."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bookings.models import Appointment, Booking, Business, Event, Message, Outlet, Subscription
from bookings.models.outbox import Audience
from bookings.outbox.queueing import wake

_ASKING: Final = """
SELECT * FROM bookings_subscription
WHERE business_id = %s AND disabled_at IS NULL AND (events = '{}' OR %s = ANY(events))
ORDER BY id FOR KEY SHARE
"""
"""Who is to be told of a kind; nobody deletes a row that is locked so, everything else goes on."""


def record(
    *,
    appointment: Appointment,
    kind: str,
    actor: str,
    now: datetime,
    booking: Booking | None = None,
    data: dict[str, object] | None = None,
) -> Event:
    """Write down a fact about an appointment, tell subscribed programs, and return it.

    The caller holds the appointment's row lock and has counted its `version` up: so webhooks are
    queued in the order of the versions.
    Cost: one insert, one query, and an insert where somebody has subscribed.
    """
    event = Event.objects.create(
        business_id=appointment.business_id,
        appointment=appointment,
        booking=booking,
        version=appointment.version,
        kind=kind,
        actor=actor,
        data=data or {},
        at=now,
    )
    _tell_programs(event, now)
    return event


def record_alone(
    *, business: Business, kind: str, actor: str, now: datetime, data: dict[str, object]
) -> Event:
    """Write down a fact about a business that concerns no appointment, and return it.

    Cost: as `record`.
    """
    event = Event.objects.create(
        business=business, version=0, kind=kind, actor=actor, data=data, at=now
    )
    _tell_programs(event, now)
    return event


def tell_one(subscription: Subscription, kind: str, *, actor: str, now: datetime) -> Message:
    """Write down a fact that concerns one subscription alone, and queue it for that one.

    Cost: two inserts.
    """
    event = Event.objects.create(
        business_id=subscription.business_id,
        version=0,
        kind=kind,
        actor=actor,
        data={"subscription": str(subscription.public_id)},
        at=now,
    )
    message = _hook(event, subscription, now=now)
    message.save(force_insert=True)
    wake()
    return message


def _tell_programs(event: Event, now: datetime) -> None:
    """Queue one webhook about an event for each subscription of the business that asks for it."""
    asking = Subscription.objects.raw(_ASKING, [event.business_id, event.kind])
    if hooks := [_hook(event, subscription, now=now) for subscription in asking]:
        Message.objects.bulk_create(hooks)
        wake()


def _hook(event: Event, subscription: Subscription, *, now: datetime) -> Message:
    """Return the webhook that tells a subscription of an event, to be stored by the caller."""
    return Message(
        key=f"{event.public_id}:webhook:{subscription.public_id}",
        business_id=event.business_id,
        event=event,
        appointment_id=event.appointment_id,
        booking_id=event.booking_id,
        subscription=subscription,
        outlet=Outlet.WEBHOOK.value,
        audience=Audience.PROGRAM.value,
        address=subscription.url,
        topic=event.kind,
        due_at=now,
    )

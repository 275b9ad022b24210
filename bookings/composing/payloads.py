"""What a queued webhook says: the event, and how things are when it is first tried."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from bookings import outbox
from bookings.composing.pieces import guests_of
from bookings.models import (
    Answer,
    Appointment,
    Booking,
    Business,
    Event,
    Instance,
    Message,
    Resource,
    Subscription,
)
from bookings.outlets import Hook

_BEFORE = ("starts_at", "ends_at", "staff")
"""What an event of an appointment keeps of the time and the people before it."""

Json = dict[str, Any]


def hook_of(message: Message, *, now: datetime) -> Hook | None:
    """Return the webhook of a claimed message, None where its endpoint gets nothing any more.

    The first try keeps what it says in the message: every other says the same, byte for byte,
    under the same id, whatever has changed by then. The id is that of the event, so a receiver
    knows what it has had already, also when it is sent once more by hand.
    Cost: at most eight queries, however many bookings; two for a repeat.
    """
    subscription, event = message.subscription, _event(message)
    if subscription is None or subscription.disabled_at is not None or event is None:
        return None
    if not message.body and not outbox.freeze(message, body=_body(message, event)):
        return None
    return Hook(
        id=str(event.public_id),
        url=subscription.url,
        body=message.body,
        secrets=_secrets(subscription, now),
    )


def _event(message: Message) -> Event | None:
    found = Event.objects.select_related("business", "appointment__service")
    return found.filter(messages=message).first()


def _secrets(subscription: Subscription, now: datetime) -> tuple[str, ...]:
    """Return what signs: the secret, and while receivers change over the old one too."""
    until = subscription.old_secret_until
    if subscription.old_secret and until is not None and now < until:
        return subscription.secret, subscription.old_secret
    return (subscription.secret,)


def _body(message: Message, event: Event) -> str:
    """Return the payload as JSON."""
    payload = {
        "type": event.kind,
        "timestamp": event.at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "data": {
            "id": str(event.public_id),
            "sequence": event.version,
            "previous_undelivered": _is_after_a_gap(message, event),
            "instance_epoch": _epoch(),
            "business": _business(event.business),
            "actor": event.actor.partition(":")[0],
            **_facts(event),
        },
    }
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


def _facts(event: Event) -> Json:
    """Return which appointment and bookings it is about, and how that was before."""
    appointment = event.appointment
    if appointment is None:
        return {"details": event.data}
    zone = ZoneInfo(appointment.zone)
    return {
        "appointment": _appointment(appointment, zone),
        "bookings": [_booking(booking) for booking in _concerned(event, appointment)],
        "before": _before(event.data, zone),
        "details": {name: each for name, each in event.data.items() if name not in _BEFORE},
    }


def _is_after_a_gap(message: Message, event: Event) -> bool:
    """Say whether the event before this one never reached the endpoint.

    That is the one before it of those that the endpoint was to hear of; a repeat by hand that
    arrived has closed the gap.
    """
    if event.appointment_id is None:
        return False
    earlier = Message.objects.filter(
        subscription=message.subscription_id,
        appointment=event.appointment_id,
        event__version__lt=event.version,
    )
    last = earlier.order_by("-event__version", "-pk").first()
    return last is not None and last.sent_at is None


def _epoch() -> str | None:
    epoch = Instance.objects.values_list("epoch", flat=True).first()
    return str(epoch) if epoch else None


def _business(business: Business) -> Json:
    return {"id": str(business.public_id), "slug": business.slug, "name": business.name}


def _appointment(appointment: Appointment, zone: ZoneInfo) -> Json:
    people = list(appointment.resources.order_by("name", "pk"))
    return {
        "id": str(appointment.public_id),
        "state": appointment.state,
        "version": appointment.version,
        "service": {
            "id": str(appointment.service.public_id),
            "name": appointment.service.name,
        },
        "starts_at": appointment.starts_at.astimezone(zone).isoformat(),
        "ends_at": appointment.ends_at.astimezone(zone).isoformat(),
        "time_zone": appointment.zone,
        "staff": [_named(each) for each in people if each.kind == "staff"],
        "rooms": [_named(each) for each in people if each.kind != "staff"],
        "location_kind": appointment.location_kind,
        "place": appointment.place,
        "join_link": appointment.join_link,
        "capacity": appointment.capacity,
        "seats_taken": appointment.seats_taken,
    }


def _named(resource: Resource) -> Json:
    return {"id": str(resource.public_id), "name": resource.name}


def _concerned(event: Event, appointment: Appointment) -> list[Booking]:
    """Return the booking an event is about, or those of the appointment that it concerned."""
    found = guests_of(event, appointment)
    if event.booking_id is not None:
        found = Booking.objects.filter(pk=event.booking_id)
    answers = Prefetch("answers", queryset=Answer.objects.order_by("pk"))
    return list(found.select_related("customer").prefetch_related(answers))


def _booking(booking: Booking) -> Json:
    return {
        "id": str(booking.public_id),
        "reference": booking.reference,
        "state": booking.state,
        "seats": booking.seats,
        "customer": {
            "id": str(booking.customer.public_id) if booking.customer else None,
            "name": booking.name,
            "email": booking.email,
            "phone": booking.phone,
        },
        "notes": booking.notes,
        "answers": [
            {"question": each.asked, "answer": each.value} for each in booking.answers.all()
        ],
    }


def _before(data: Json, zone: ZoneInfo) -> Json:
    """Return what an event keeps of before, its instants in the appointment's own clock."""
    kept = {name: data[name] for name in _BEFORE if name in data}
    for name in ("starts_at", "ends_at"):
        if name in kept:
            kept[name] = datetime.fromisoformat(kept[name]).astimezone(zone).isoformat()
    return kept

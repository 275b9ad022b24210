"""What a queued webhook says: the event, and how things are when it is first tried."""

from __future__ import annotations

import json
from datetime import datetime

from bookings import outbox
from bookings.composing.telling import LOADED, told
from bookings.models import Booking, Event, Message, Subscription
from bookings.outlets import Hook


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
    found = Event.objects.select_related(*LOADED)
    return found.filter(messages=message).first()


def _secrets(subscription: Subscription, now: datetime) -> tuple[str, ...]:
    """Return what signs: the secret, and while receivers change over the old one too."""
    until = subscription.old_secret_until
    if subscription.old_secret and until is not None and now < until:
        return subscription.secret, subscription.old_secret
    return (subscription.secret,)


def _body(message: Message, event: Event) -> str:
    """Return the payload as JSON."""
    (payload,) = told([event], bookings=Booking.objects.all())
    payload["data"]["previous_undelivered"] = _is_after_a_gap(message, event)
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"))


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

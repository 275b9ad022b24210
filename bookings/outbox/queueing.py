"""Putting messages into the queue, in the transaction of the decision they tell of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from bookings.errors import OnItsWay
from bookings.models import Booking, Business, Event, Message, Outlet
from bookings.models.outbox import Audience

AGAIN = ":again:"
"""In the key of a message that was sent once more, before its number."""

bells: list[Callable[[], object]] = []
"""Called after a commit that queued something, to wake a sender; a lost call loses nothing."""


@dataclass(frozen=True)
class Recipient:
    """An address and the eyes it is written for."""

    audience: Audience
    address: str


def put(
    *,
    event: Event,
    topic: str,
    to: Iterable[Recipient],
    now: datetime,
    booking: Booking | None = None,
    outlet: Outlet = Outlet.EMAIL,
) -> None:
    """Queue one message about `event` for each address, in the caller's transaction.

    An address that appears twice gets the message of the first audience named, and one that has
    a message about this event by this outlet already gets no second.
    Cost: one insert for all.
    """
    messages: dict[str, Message] = {}
    for recipient in to:
        address = recipient.address.strip()
        if not address or address.lower() in messages:
            continue
        messages[address.lower()] = Message(
            key=f"{event.public_id}:{outlet.value}:{address.lower()}",
            business_id=event.business_id,
            event=event,
            appointment_id=event.appointment_id,
            booking=booking or event.booking,
            outlet=outlet.value,
            audience=recipient.audience,
            address=address,
            topic=topic,
            due_at=now,
        )
    if messages:
        Message.objects.bulk_create(messages.values(), ignore_conflicts=True)
        wake()


def put_alone(
    *,
    business: Business,
    key: str,
    topic: str,
    address: str,
    now: datetime,
    audience: Audience = Audience.CUSTOMER,
    outlet: Outlet = Outlet.EMAIL,
    booking: Booking | None = None,
) -> None:
    """Queue one message that no event stands behind, once for each key.

    Cost: one insert.
    """
    message = Message(
        key=key,
        business=business,
        booking=booking,
        outlet=outlet.value,
        audience=audience.value,
        address=address,
        topic=topic,
        due_at=now,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    wake()


def tell_house(business: Business, cause: str, *, now: datetime) -> None:
    """Queue the notice to the mailbox that something has stopped: one for each cause and day.

    Cost: one insert.
    """
    put_alone(
        business=business,
        key=f"{notice_key(business, cause)}{now.date()}",
        topic="notice",
        address=business.mailbox,
        audience=Audience.BUSINESS,
        now=now,
    )


def notice_key(business: Business, cause: str) -> str:
    """Return how the keys of a business's notices of one cause begin."""
    return f"notice:{cause}:{business.public_id}:"


def resend(message: Message, *, now: datetime) -> Message:
    """Queue a settled message once more, in the caller's transaction, and return the new row.

    It has a key of its own, `…:again:<n>`, so that it leaves as a message of its own; a webhook
    says again, under its old id, what it said before.
    Cost: two statements. Locks: the message and those that repeat it.

    Raises:
        OnItsWay: it, or an earlier repeat of it, is still waiting to leave.
    """
    first = message.key.partition(AGAIN)[0]
    same = Message.objects.filter(Q(key=first) | Q(key__startswith=f"{first}{AGAIN}"))
    known = list(same.order_by("pk").select_for_update(no_key=True))
    if any(each.is_queued for each in known):
        raise OnItsWay()
    again = repeat_of(message, len(known), body=message.body, now=now)
    again.save(force_insert=True)
    wake()
    return again


def repeat_of(message: Message, number: int, *, body: str, now: datetime) -> Message:
    """Return the `number`th repeat of a message, to be stored by the caller.

    A webhook goes to where its endpoint is by now. Cost: a query where that is not loaded.
    """
    endpoint = message.subscription
    return Message(
        key=f"{message.key.partition(AGAIN)[0]}{AGAIN}{number}",
        business_id=message.business_id,
        event_id=message.event_id,
        appointment_id=message.appointment_id,
        booking_id=message.booking_id,
        subscription_id=message.subscription_id,
        reminder_id=message.reminder_id,
        outlet=message.outlet,
        audience=message.audience,
        address=endpoint.url if endpoint else message.address,
        topic=message.topic,
        body=body,
        due_at=now,
    )


def wake() -> None:
    """Ring the bell, once, when the surrounding transaction is committed."""
    told = [ring for _, ring, *_ in transaction.get_connection().run_on_commit]
    for ring in bells:
        if ring not in told:
            transaction.on_commit(ring, robust=True)

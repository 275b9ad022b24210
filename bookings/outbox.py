"""The outbox: facts and letters written beside a decision, claimed and settled by a sender.

The row is the queue, the lease and the retry schedule in one; no broker is ever the truth.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from bookings.errors import OnItsWay
from bookings.models import Appointment, Booking, Business, Event, Message
from bookings.models.outbox import Audience

logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""How long a sender has; longer than a mail server can keep it waiting, step by step."""
GIVE_UP_AFTER = 12
AGAIN = ":again:"
"""In the key of a message that was sent once more, before its number."""

bells: list[Callable[[], object]] = []
"""Called after a commit that queued something, to wake a sender; a lost call loses nothing."""


@dataclass(frozen=True)
class Recipient:
    """An address and the eyes it is written for."""

    audience: Audience
    address: str


def record(
    *,
    appointment: Appointment,
    kind: str,
    actor: str,
    now: datetime,
    booking: Booking | None = None,
    data: dict[str, object] | None = None,
) -> Event:
    """Write down a fact about an appointment and return it.

    The caller holds the appointment's row lock and has counted its `version` up.
    Cost: one insert.
    """
    return Event.objects.create(
        business_id=appointment.business_id,
        appointment=appointment,
        booking=booking,
        version=appointment.version,
        kind=kind,
        actor=actor,
        data=data or {},
        at=now,
    )


def record_alone(
    *, business: Business, kind: str, actor: str, now: datetime, data: dict[str, object]
) -> Event:
    """Write down a fact about a business that concerns no appointment, and return it.

    Cost: one insert.
    """
    return Event.objects.create(
        business=business, version=0, kind=kind, actor=actor, data=data, at=now
    )


def put(
    *,
    event: Event,
    topic: str,
    to: Iterable[Recipient],
    now: datetime,
    booking: Booking | None = None,
) -> None:
    """Queue one e-mail about `event` for each address, in the caller's transaction.

    An address that appears twice gets the letter of the first audience named, and one that has
    a letter about this event already gets no second.
    Cost: one insert for all.
    """
    letters: dict[str, Message] = {}
    for recipient in to:
        address = recipient.address.strip()
        if not address or address.lower() in letters:
            continue
        letters[address.lower()] = Message(
            key=f"{event.public_id}:email:{address.lower()}",
            business_id=event.business_id,
            event=event,
            appointment_id=event.appointment_id,
            booking=booking or event.booking,
            audience=recipient.audience,
            address=address,
            topic=topic,
            due_at=now,
        )
    if letters:
        Message.objects.bulk_create(letters.values(), ignore_conflicts=True)
        wake()


def put_alone(*, business: Business, key: str, topic: str, address: str, now: datetime) -> None:
    """Queue one e-mail to a customer that no event stands behind, once for each key.

    Cost: one insert.
    """
    message = Message(
        key=key,
        business=business,
        audience=Audience.CUSTOMER,
        address=address,
        topic=topic,
        due_at=now,
    )
    Message.objects.bulk_create([message], ignore_conflicts=True)
    wake()


def resend(message: Message, *, now: datetime) -> Message:
    """Queue a settled message once more, in the caller's transaction, and return the new row.

    It has a key of its own, `…:again:<n>`, so that it leaves as a mail of its own.
    Cost: two statements. Locks: the message and those that repeat it.

    Raises:
        OnItsWay: it, or an earlier repeat of it, is still waiting to leave.
    """
    first = message.key.partition(AGAIN)[0]
    same = Message.objects.filter(Q(key=first) | Q(key__startswith=f"{first}{AGAIN}"))
    known = list(same.order_by("pk").select_for_update(no_key=True))
    if any(each.state in ("waiting", "retrying") for each in known):
        raise OnItsWay()
    again = Message.objects.create(
        key=f"{first}{AGAIN}{len(known)}",
        business_id=message.business_id,
        event_id=message.event_id,
        appointment_id=message.appointment_id,
        booking_id=message.booking_id,
        outlet=message.outlet,
        audience=message.audience,
        address=message.address,
        topic=message.topic,
        due_at=now,
    )
    wake()
    return again


def wake() -> None:
    """Ring the bell once the surrounding transaction is committed."""
    for ring in bells:
        transaction.on_commit(ring, robust=True)


@transaction.atomic
def claim(*, now: datetime) -> Message | None:
    """Take the message due longest, count the try and lease it; None when nothing is due.

    A message waits while an earlier one of the same appointment to the same address is
    unsent, so nobody reads of a change before what it changed. Two senders never get the same
    row: the row lock skips, the lease outlives the transaction. A killed sender's message is
    due again when its lease ends.
    """
    earlier = Message.objects.filter(
        appointment=OuterRef("appointment"),
        address=OuterRef("address"),
        pk__lt=OuterRef("pk"),
        sent_at=None,
        failed_at=None,
        dropped_at=None,
    )
    message = (
        Message.objects.filter(
            ~Exists(earlier), sent_at=None, failed_at=None, dropped_at=None, due_at__lte=now
        )
        .order_by("due_at", "pk")
        .select_for_update(skip_locked=True, no_key=True)
        .first()
    )
    if message is not None:
        message.attempts += 1
        message.due_at = now + LEASE
        message.save(update_fields=["attempts", "due_at"])
    return message


def settle_sent(message: Message, *, now: datetime) -> bool:
    """Note that it left. Returns False where a later try has taken the message over."""
    return _settle(message, sent_at=now, error="")


def settle_dropped(message: Message, *, now: datetime) -> bool:
    """Note that there was nothing true left to say."""
    return _settle(message, dropped_at=now, error="")


def settle_refused(message: Message, *, error: str, permanent: bool, now: datetime) -> bool:
    """Note a refusal: try again later, or put it with the dead letters.

    The waits double from one minute, so that the last of `GIVE_UP_AFTER` tries comes after
    about a day and a half.
    """
    if permanent or message.attempts >= GIVE_UP_AFTER:
        logger.warning("message %s given up after %d tries", message.public_id, message.attempts)
        return _settle(message, failed_at=now, error=error[:500])
    wait = timedelta(minutes=2 ** (message.attempts - 1))
    return _settle(message, due_at=now + wait, error=error[:500])


def revive(message: Message, *, now: datetime) -> bool:
    """Put a dead letter back into the queue. Returns False if it was not dead."""
    revived = Message.objects.filter(pk=message.pk, failed_at__isnull=False).update(
        failed_at=None, due_at=now, attempts=0, error=""
    )
    return bool(revived)


def _settle(message: Message, **values: object) -> bool:
    """Write the outcome, unless another try holds the message by now.

    A lease is known by its try and its end together: a dead letter that was revived counts
    its tries from one again.
    """
    own = Message.objects.filter(
        pk=message.pk,
        attempts=message.attempts,
        due_at=message.due_at,
        sent_at=None,
        failed_at=None,
        dropped_at=None,
    )
    return bool(own.update(**values))

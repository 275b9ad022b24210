"""Letters and texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from bookings.faces.api.lists import Among, Parts
from bookings.faces.api.shapes import Duration, Instant, Line, Shown, instant
from bookings.models import Attempt, Message

State = Literal["waiting", "retrying", "sent", "failed", "dropped"]
"""What has become of a message."""


class MessagesAsked(Parts):
    """Which messages are wanted."""

    order: Literal["-created_at", "created_at"] = "-created_at"
    state: State | None = None
    outlet: Literal["email", "sms"] | None = None
    audience: Literal["customer", "staff", "business"] | None = None
    topic: Annotated[Line, Field(max_length=40, examples=["confirmed"])] | None = None
    appointment: UUID | None = None
    """Only about this appointment."""
    booking: UUID | None = None
    """Only about this booking."""
    expand: Among[Literal["tries"]] = frozenset()
    """Fill these fields, which are null otherwise."""


class TryShown(Shown):
    """One try to send something, and what the other end said."""

    number: int
    at: Instant
    took: Duration
    status: int | None
    """Of SMTP, or HTTP."""
    answer: str
    error: str


class MessageShown(Shown):
    """A letter or a text to one address."""

    id: UUID
    topic: str
    outlet: Literal["email", "sms"]
    audience: Literal["customer", "staff", "business"]
    """Whom it is written for."""
    address: str
    """Empty where its reader was erased."""
    appointment: UUID | None
    booking: UUID | None
    event: UUID | None
    """What it tells of."""
    state: State
    created_at: Instant
    due_at: Instant | None
    """When it is tried next; null where it is settled."""
    sent_at: Instant | None
    failed_at: Instant | None
    """When it was given up."""
    dropped_at: Instant | None
    """When it was no longer true, or nobody was to read it any more."""
    attempts: int
    """How often it was tried."""
    error: str
    """Why the last try failed, or why nobody was to read it."""
    delivery: str
    """What the carrier of a text last said became of it."""
    tries: Sequence[TryShown] | None
    """What each try came to, for a month; null in lists unless expanded."""


LOADED = ("appointment", "booking", "event")
"""What has to be loaded of a message that is shown."""


def shown_message(message: Message, zone: str, *, tries: Sequence[Attempt] | None) -> MessageShown:
    """Return a message as it is said, on the clock of `zone`; reads what is `LOADED`."""
    return MessageShown.model_validate(
        {
            "id": message.public_id,
            "topic": message.topic,
            "outlet": message.outlet,
            "audience": message.audience,
            "address": message.address,
            "appointment": message.appointment and message.appointment.public_id,
            "booking": message.booking and message.booking.public_id,
            "event": message.event and message.event.public_id,
            "delivery": message.delivery,
            **progress(message, zone),
            "tries": None if tries is None else [shown_try(each, zone) for each in tries],
        }
    )


def progress(message: Message, zone: str) -> dict[str, object]:
    """Return how far a message or delivery has come: its state, its instants, its tries."""

    def at(moment: datetime | None) -> datetime | None:
        return None if moment is None else instant(moment, zone)

    return {
        "state": message.state,
        "created_at": at(message.created_at),
        "due_at": at(message.due_at) if message.is_queued else None,
        "sent_at": at(message.sent_at),
        "failed_at": at(message.failed_at),
        "dropped_at": at(message.dropped_at),
        "attempts": message.attempts,
        "error": message.error,
    }


def shown_try(row: Attempt, zone: str) -> TryShown:
    """Return a try as it is said, on the clock of `zone`."""
    return TryShown(
        number=row.number,
        at=instant(row.at, zone),
        took=timedelta(milliseconds=row.took_ms),
        status=row.status,
        answer=row.answer,
        error=row.error,
    )

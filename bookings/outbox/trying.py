"""What every try came to: a row for each, written beside its outcome, kept for a month."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from bookings.models import Attempt, Message
from bookings.models.outbox import WAITING
from bookings.outbox.claiming import LEASE

KEPT: Final = timedelta(days=30)
"""How long tries, and what webhooks said, are kept."""

LONGEST_ANSWER: Final = 4096
_LONGEST_TIME: Final = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """What the other end said to a try; `headers` are those a webhook was signed with."""

    status: int | None = None
    answer: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


def note_try(message: Message, said: Exchange | None, *, error: str, now: datetime) -> None:
    """Write down a try that ends now, in the transaction that settles it. Cost: one insert.

    It began when the message was claimed. Where the clock was set back onto another try of it,
    that one's row stays: nothing that happened to the clock makes a message leave twice.
    """
    said = said or Exchange()
    began = (message.leased_until or now + LEASE) - LEASE
    took = (now - began) // timedelta(milliseconds=1)
    row = Attempt(
        message=message,
        number=message.attempts,
        at=began,
        took_ms=min(max(took, 0), _LONGEST_TIME),
        status=said.status,
        answer=storable(said.answer)[:LONGEST_ANSWER],
        error=error,
        headers=dict(said.headers),
    )
    Attempt.objects.bulk_create([row], ignore_conflicts=True)


def storable(text: str) -> str:
    """Return a text from outside as the database takes it: without NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def forget_tries(*, now: datetime) -> int:
    """Delete the tries of more than a month ago, and what webhooks said then; return how many.

    What still waits to leave keeps what it says. Cost: two statements, by index.
    """
    old = now - KEPT
    deleted, _by_model = Attempt.objects.filter(at__lt=old).delete()
    said = Message.objects.filter(~WAITING, ~Q(body=""), due_at__lt=old)
    return deleted + said.update(body="")

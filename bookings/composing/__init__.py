"""What a queued message says: read again when it is sent, so that it says nothing untrue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from bookings.composing.letters import letter_of
from bookings.composing.payloads import hook_of
from bookings.composing.texts import text_of
from bookings.composing.verdicts import Later, Needless
from bookings.models import Message, Outlet
from bookings.outlets import Envelope, Hook, Parcel

__all__ = ["Later", "Needless", "compose"]


def compose(message: Message, *, now: datetime) -> Parcel | None:
    """Return what leaves for a message, or None when what it says is no longer true.

    Raises:
        Later: it may not leave yet.
        Needless: nobody shall read it any more, for the reason it says.
        OutletError: it may not leave at all.
    """
    return _PARCELS[message.outlet](message, now)


def _envelope(message: Message, now: datetime) -> Envelope | None:
    letter = letter_of(message, now=now)
    if letter is None:
        return None
    return Envelope(key=message.key, address=message.address, letter=letter)


def _hook(message: Message, now: datetime) -> Hook | None:
    return hook_of(message, now=now)


_PARCELS: Final[Mapping[str, Callable[[Message, datetime], Parcel | None]]] = {
    Outlet.EMAIL: _envelope,
    Outlet.WEBHOOK: _hook,
    Outlet.SMS: text_of,
}

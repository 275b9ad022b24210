"""Ways out of the house: each takes one parcel and sends it, or says why it could not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bookings.outlets import email, sms, webhook
from bookings.outlets.envelope import Envelope, Hook, OutletError, Parcel, Receipt, Text

__all__ = ["Envelope", "Hook", "OutletError", "Parcel", "Receipt", "Text", "send"]

_OUTLETS: Final[Mapping[type, Callable[[Any], Receipt]]] = {
    Envelope: email.send,
    Text: sms.send,
    Hook: webhook.send,
}


def send(parcel: Parcel) -> Receipt:
    """Send a parcel through the outlet for its kind, and return what the other end said.

    Raises:
        OutletError: it did not leave; permanent when no other try can help.
    """
    return _OUTLETS[type(parcel)](parcel)

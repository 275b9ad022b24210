"""Ways out of the house: each takes one envelope and sends it, or says why it could not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from bookings.outlets import email
from bookings.outlets.envelope import Envelope, OutletError

__all__ = ["Envelope", "OutletError", "send"]

_OUTLETS: Final[Mapping[str, Callable[[Envelope], None]]] = {"email": email.send}


def send(outlet: str, envelope: Envelope) -> None:
    """Send `envelope` through the outlet of that name.

    Raises:
        OutletError: it did not leave; permanent when no other try can help.
        KeyError: there is no such outlet.
    """
    _OUTLETS[outlet](envelope)

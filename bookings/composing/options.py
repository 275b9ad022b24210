"""The buttons of a letter that asks something: one link for each answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, cast

from django.conf import settings

from bookings.commands import choice_token
from bookings.engine.policy import BookingState
from bookings.models import OPTIONS, Booking, ChoicePurpose
from bookings.outlets.answers import Answer, Option
from bookings.queries.deciders import decider

_UNTIL: Final[Mapping[ChoicePurpose, Callable[[Booking], datetime]]] = {
    ChoicePurpose.APPROVAL: lambda booking: booking.appointment.ends_at,
    ChoicePurpose.RECONFIRMATION: lambda booking: booking.appointment.starts_at,
    ChoicePurpose.OFFER: lambda booking: booking.expires_at or booking.appointment.starts_at,
}
"""By purpose: until when an answer counts."""


def options(
    booking: Booking, purpose: ChoicePurpose, *, address: str, now: datetime
) -> tuple[Option, ...]:
    """Return the answers that `address` can give to a question about a booking, each a link.

    Reads `booking.appointment`. Cost: one insert.
    """
    until = _UNTIL[purpose](booking)
    token = choice_token(booking=booking, purpose=purpose, address=address, until=until, now=now)
    page = f"{settings.PUBLIC_URL}/a/{token}/"
    return tuple(
        Option(name=cast(Answer, each.value), url=f"{page}?choose={each.value}")
        for each in OPTIONS[purpose]
    )


def approval(booking: Booking | None, *, address: str, now: datetime) -> tuple[Option, ...]:
    """Return how the house decides about a request by mail; nothing where there is none.

    Nor where the address may not decide. Cost: at most two queries and an insert.
    """
    if booking is None or booking.state != BookingState.PENDING.value:
        return ()
    if not decider(booking.appointment, address):
        return ()
    return options(booking, ChoicePurpose.APPROVAL, address=address, now=now)

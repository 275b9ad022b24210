"""Saying once more that one will come."""

from __future__ import annotations

from datetime import datetime

from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.decision import decision
from bookings.commands.scheduling import locked_booking, told
from bookings.engine.policy import why_not_reconfirm
from bookings.models import Booking


@decision
def reconfirm(*, booking: Booking, now: datetime, actor: Actor = CUSTOMER) -> Booking:
    """Note that the customer says once more that they will come, at the time it is now.

    Another time takes it back. Who has said so already said it when that was noted first.
    Cost: at most six statements.

    Raises:
        WrongState: the booking is not confirmed.
        InThePast: the appointment has begun.
        ChangedMeanwhile: it is being moved at this very moment.
    """
    booking = locked_booking(booking.pk, actor)
    if refusal := why_not_reconfirm(booking.state, booking.appointment.starts_at, now=now):
        raise refusal
    if booking.reconfirmed_at is not None:
        return booking
    booking.reconfirmed_at = now
    booking.save(update_fields=["reconfirmed_at"])
    told(booking, "booking.reconfirmed", actor, now)
    return booking

"""Texts about one booking: ended by the customer who had agreed to them."""

from __future__ import annotations

from datetime import datetime

from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.decision import decision
from bookings.commands.scheduling import locked_booking, told
from bookings.models import Booking


@decision
def end_texts(*, booking: Booking, now: datetime, actor: Actor = CUSTOMER) -> Booking:
    """Take the consent to texts about a booking back; those that wait are dropped when due.

    What was agreed to, and when, stays on record. Where no texts go nothing is done. Cost: at
    most six statements.

    Raises:
        ChangedMeanwhile: it is being moved at this very moment.
    """
    booking = locked_booking(booking.pk, actor)
    if booking.sms_number:
        booking.sms_number = ""
        booking.save(update_fields=["sms_number"])
        told(booking, "booking.texts_ended", actor, now)
    return booking

"""Requests: what customers have asked for, staff approve or decline."""

from __future__ import annotations

from datetime import datetime

from bookings.commands import claims
from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.commands.licence import REASON_LIMIT
from bookings.commands.notices import tell_all
from bookings.commands.offering import offer_places
from bookings.commands.reminding import plan
from bookings.commands.scheduling import crew_of, locked_booking, told, vacate
from bookings.engine.policy import BookingState, why_not_approve, why_not_decline
from bookings.engine.text import clean_line
from bookings.models import Booking


@decision
def approve(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Confirm a request and send the confirmations, as if it had been booked right away.

    Its time was taken all along, so nothing is looked up again. One that is confirmed already
    is returned as it is. Cost: at most twelve statements.

    Raises:
        WrongState: it was declined, cancelled or never asked for.
        InThePast: the appointment is over.
        ChangedMeanwhile: it is being moved at this very moment.
    """
    booking = locked_booking(booking.pk, actor)
    if booking.state == BookingState.CONFIRMED.value:
        return booking
    if refusal := why_not_approve(booking.state, booking.appointment.ends_at, now=now):
        raise refusal
    booking.state = BookingState.CONFIRMED.value
    booking.save(update_fields=["state"])
    event = told(booking, "booking.confirmed", actor, now)
    crew = crew_of(booking.appointment)
    tell_all(event, "confirmed", booking, staff_ids=crew, now=now)
    plan([booking.appointment], now=now)
    return booking


@decision
def decline(*, booking: Booking, reason: str = "", now: datetime, actor: Actor) -> Booking:
    """Decline a request, however late, free its seats as a cancellation does, and say why.

    One that is declined already is returned as it is. Cost: at most thirteen statements.

    Raises:
        WrongState: it was confirmed, cancelled or never asked for.
        ChangedMeanwhile: it is being moved at this very moment.
    """
    booking = locked_booking(booking.pk, actor)
    if booking.state == BookingState.DECLINED.value:
        return booking
    if refusal := why_not_decline(booking.state):
        raise refusal
    crew = crew_of(booking.appointment)
    vacate(booking.appointment, booking.seats)
    booking.state = BookingState.DECLINED.value
    booking.cancel_reason = clean_line(reason)[:REASON_LIMIT]
    booking.sequence += 1
    booking.save(update_fields=["state", "cancel_reason", "sequence"])
    said: dict[str, object] = {"reason": booking.cancel_reason}
    event = told(booking, "booking.declined", actor, now, said)
    tell_all(event, "declined", booking, staff_ids=crew, now=now)
    offer_places(booking.appointment, now=now)
    claims.bump(crew)
    return booking

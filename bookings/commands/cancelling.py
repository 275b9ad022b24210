"""Cancelling: one customer's seats, or an appointment with all its people."""

from __future__ import annotations

from datetime import datetime

from bookings import outbox
from bookings.commands import claims
from bookings.commands.actor import CUSTOMER, Actor
from bookings.commands.decision import decision
from bookings.commands.licence import REASON_LIMIT
from bookings.commands.looking import NOTHING
from bookings.commands.notices import tell_all, tell_customer, tell_house, tell_removed
from bookings.commands.offering import offer_places, strike
from bookings.commands.reminding import plan
from bookings.commands.scheduling import (
    call_off,
    count_up,
    crew_of,
    end_holds,
    locked,
    locked_booking,
    refuse_change,
    told,
    vacate,
)
from bookings.commands.versions import refuse_stale
from bookings.engine.policy import (
    CHANGEABLE,
    AppointmentState,
    BookingState,
    Override,
)
from bookings.engine.text import clean_line
from bookings.errors import WrongState
from bookings.models import Appointment, Booking
from bookings.models.appointment import IN_LINE


@decision
def cancel_booking(
    *,
    booking: Booking,
    reason: str = "",
    now: datetime,
    actor: Actor = CUSTOMER,
    overrides: frozenset[Override] = NOTHING,
    version: int | None = None,
) -> Booking:
    """Cancel one customer's seats, free the time if nobody is left, and tell who is concerned.

    Whom staff take out of a group that goes on is told so, and so are the staff who serve it.
    A booking that is cancelled already is returned as it is: a repeated click says nothing new.
    `version` is that of the appointment as `actor` saw it; None cancels what is there.

    Raises:
        WrongState: it cannot be cancelled any more.
        TooLate: less than the policy's notice is left.
        ChangedMeanwhile: the appointment's version is another by now, or the booking is being
            moved at this very moment.
    """
    booking = locked_booking(booking.pk, actor)
    if booking.state == BookingState.CANCELLED.value:
        return booking
    refuse_stale(booking.appointment, version, actor)
    refuse_change(booking, overrides, now)
    reason = clean_line(reason)[:REASON_LIMIT]
    crew = crew_of(booking.appointment)
    was_there = booking.state == BookingState.CONFIRMED.value
    goes_on = not vacate(booking.appointment, booking.seats)
    _mark_cancelled(booking, reason)
    event = told(booking, "booking.cancelled", actor, now, {"reason": reason})
    if goes_on and was_there and not actor.is_customer:
        tell_removed(event, booking, staff_ids=crew, now=now)
    else:
        tell_all(event, "cancelled", booking, staff_ids=crew, now=now)
    plan([booking.appointment], now=now)
    offer_places(booking.appointment, now=now)
    claims.bump(crew)
    return booking


@decision
def cancel_appointment(
    *,
    appointment: Appointment,
    reason: str = "",
    now: datetime,
    actor: Actor,
    version: int | None = None,
) -> Appointment:
    """Cancel an appointment with everybody in it and tell them all, those who wait for it too.

    `version` is that of the appointment as `actor` saw it; None cancels what is there.

    Raises:
        ChangedMeanwhile: its version is another by now.
        WrongState: it is cancelled already.
    """
    appointment = locked(appointment.pk)[appointment.pk]
    refuse_stale(appointment, version, actor)
    if appointment.state == AppointmentState.CANCELLED.value:
        raise WrongState()
    reason = clean_line(reason)[:REASON_LIMIT]
    crew = crew_of(appointment)
    bookings = list(appointment.bookings.filter(state__in=CHANGEABLE).order_by("pk"))
    waiting = list(appointment.bookings.filter(IN_LINE).order_by("waitlisted_at", "pk"))
    end_holds(appointment, Booking.objects.all())
    call_off(appointment)
    count_up(appointment)
    event = outbox.record(
        appointment=appointment,
        kind="appointment.cancelled",
        actor=str(actor),
        now=now,
        data={"reason": reason, "bookings": [str(booking.public_id) for booking in bookings]},
    )
    tell_house(event, "cancelled", appointment, staff_ids=crew, now=now)
    for booking in bookings:
        booking.appointment = appointment
        _mark_cancelled(booking, reason)
        cancelled = told(booking, "booking.cancelled", actor, now, {"reason": reason})
        tell_customer(cancelled, "cancelled", booking, now=now)
    for booking in waiting:
        booking.appointment = appointment
        strike(booking, "booking.unlisted", reason=reason, now=now, actor=actor)
    plan([appointment], now=now)
    claims.bump(crew)
    return appointment


def _mark_cancelled(booking: Booking, reason: str) -> None:
    booking.state = BookingState.CANCELLED.value
    booking.cancel_reason = reason
    booking.sequence += 1
    booking.save(update_fields=["state", "cancel_reason", "sequence"])

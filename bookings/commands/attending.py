"""The day itself: who came, who did not, what is done; and taking each of it back."""

from __future__ import annotations

from datetime import datetime

from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.commands.scheduling import locked_booking, told
from bookings.engine.policy import BookingState
from bookings.errors import NotYet, WrongState
from bookings.models import Booking


@decision
def check_in(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Note that the customer is here; undoes a no-show.

    Whoever is here already came when that was noted first.

    Raises:
        WrongState: the booking is not confirmed.
    """
    booking = _confirmed(booking, actor)
    if booking.checked_in_at is not None:
        return booking
    booking.checked_in_at, booking.no_show_at = now, None
    return _noted(booking, "booking.checked_in", now, actor)


@decision
def clear_check_in(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Take back that the customer is here.

    Raises:
        WrongState: nobody said so, or the appointment is done already.
    """
    booking = _confirmed(booking, actor)
    if booking.checked_in_at is None or booking.completed_at is not None:
        raise WrongState()
    booking.checked_in_at = None
    return _noted(booking, "booking.check_in_cleared", now, actor)


@decision
def complete(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Note that the appointment is done; what is done already stays as it is.

    Raises:
        NotYet: the appointment has not started.
        WrongState: the booking is not confirmed, or the customer did not come.
    """
    booking = _confirmed(booking, actor)
    if booking.completed_at is not None:
        return booking
    if booking.appointment.starts_at > now:
        raise NotYet()
    if booking.no_show_at is not None:
        raise WrongState()
    booking.completed_at = now
    return _noted(booking, "booking.completed", now, actor)


@decision
def clear_completion(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Take back that the appointment is done; whether the customer is here stays as it was.

    Raises:
        WrongState: nobody said so.
    """
    booking = _confirmed(booking, actor)
    if booking.completed_at is None:
        raise WrongState()
    booking.completed_at = None
    return _noted(booking, "booking.completion_cleared", now, actor)


@decision
def mark_no_show(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Note that the customer did not come; a no-show already is one.

    Raises:
        NotYet: the appointment has not started.
        WrongState: the booking is not confirmed, or the customer came.
    """
    booking = _confirmed(booking, actor)
    if booking.no_show_at is not None:
        return booking
    if booking.appointment.starts_at > now:
        raise NotYet()
    if booking.checked_in_at is not None or booking.completed_at is not None:
        raise WrongState()
    booking.no_show_at = now
    return _noted(booking, "booking.no_show", now, actor)


@decision
def clear_no_show(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Take a no-show back.

    Raises:
        WrongState: there was none.
    """
    booking = _confirmed(booking, actor)
    if booking.no_show_at is None:
        raise WrongState()
    booking.no_show_at = None
    return _noted(booking, "booking.no_show_cleared", now, actor)


def _confirmed(booking: Booking, actor: Actor) -> Booking:
    """Return a confirmed booking as it is now, under the lock of its appointment."""
    booking = locked_booking(booking.pk, actor)
    if booking.state != BookingState.CONFIRMED.value:
        raise WrongState()
    return booking


def _noted(booking: Booking, kind: str, now: datetime, actor: Actor) -> Booking:
    booking.save(update_fields=["checked_in_at", "completed_at", "no_show_at"])
    told(booking, kind, actor, now)
    return booking

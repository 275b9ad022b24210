"""The day itself: who came, who did not, what is done."""

from __future__ import annotations

from datetime import datetime

from bookings.commands.actor import Actor
from bookings.commands.booking import told
from bookings.commands.decision import decision
from bookings.commands.scheduling import locked
from bookings.engine.policy import BookingState
from bookings.errors import WrongState
from bookings.models import Booking


@decision
def check_in(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Note that the customer is here; undoes a no-show.

    Raises:
        WrongState: the booking is not confirmed.
    """
    return _mark(
        booking, "booking.checked_in", {"checked_in_at": now, "no_show_at": None}, now, actor
    )


@decision
def complete(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Note that the appointment is done.

    Raises:
        WrongState: the booking is not confirmed, or the customer did not come.
    """
    if booking.no_show_at is not None:
        raise WrongState()
    return _mark(booking, "booking.completed", {"completed_at": now}, now, actor)


@decision
def mark_no_show(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Note that the customer did not come.

    Raises:
        WrongState: the booking is not confirmed, has not started, or the customer came.
    """
    if booking.checked_in_at is not None or booking.appointment.starts_at > now:
        raise WrongState()
    return _mark(booking, "booking.no_show", {"no_show_at": now}, now, actor)


@decision
def clear_no_show(*, booking: Booking, now: datetime, actor: Actor) -> Booking:
    """Take a no-show back.

    Raises:
        WrongState: there was none.
    """
    if booking.no_show_at is None:
        raise WrongState()
    return _mark(booking, "booking.no_show_cleared", {"no_show_at": None}, now, actor)


def _mark(
    booking: Booking, kind: str, values: dict[str, datetime | None], now: datetime, actor: Actor
) -> Booking:
    appointment = locked(booking.appointment_id)[booking.appointment_id]
    booking = Booking.objects.get(pk=booking.pk)
    if booking.state != BookingState.CONFIRMED.value:
        raise WrongState()
    booking.appointment = appointment
    for name, value in values.items():
        setattr(booking, name, value)
    booking.save(update_fields=list(values))
    told(booking, kind, actor, now)
    return booking

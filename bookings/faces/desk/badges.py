"""How far a booking or an appointment has come, in a word, and the tone to say it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.engine.policy import CHANGEABLE, AppointmentState, BookingState
from bookings.models import Appointment, Booking


@dataclass(frozen=True)
class Badge:
    """A state in a word, and the tone it is shown in."""

    text: str | Promise
    tone: str


PENDING = gettext_lazy("awaits approval")
CONFIRMED = gettext_lazy("confirmed")
CANCELLED = gettext_lazy("cancelled")
DECLINED = gettext_lazy("declined")
RECONFIRMED = gettext_lazy("will come")
HERE = gettext_lazy("here")
COMPLETED = gettext_lazy("completed")
NO_SHOW = gettext_lazy("did not come")

BADGES = {
    BookingState.PENDING.value: Badge(PENDING, "warn"),
    BookingState.WAITLISTED.value: Badge(gettext_lazy("on the waiting list"), "warn"),
    BookingState.HELD.value: Badge(gettext_lazy("place offered"), "warn"),
    BookingState.CONFIRMED.value: Badge(CONFIRMED, ""),
    BookingState.CANCELLED.value: Badge(CANCELLED, "off"),
    BookingState.DECLINED.value: Badge(DECLINED, "off"),
}


def booking_badge(booking: Booking) -> Badge:
    """Return what has become of one customer's seats."""
    if booking.state != BookingState.CONFIRMED.value:
        return BADGES.get(booking.state, Badge(booking.get_state_display(), ""))
    if booking.no_show_at:
        return Badge(NO_SHOW, "bad")
    if booking.completed_at:
        return Badge(COMPLETED, "ok")
    if booking.checked_in_at:
        return Badge(HERE, "ok")
    return Badge(RECONFIRMED, "ok") if booking.reconfirmed_at else BADGES[booking.state]


def appointment_badge(appointment: Appointment, bookings: Sequence[Booking]) -> Badge:
    """Return the state of an appointment: that of its one customer, where it has one."""
    if appointment.state != AppointmentState.SCHEDULED.value:
        declined = {each.state for each in bookings} == {BookingState.DECLINED.value}
        state = BookingState.DECLINED if declined else BookingState.CANCELLED
        return BADGES[state.value]
    live = [each for each in bookings if each.state in CHANGEABLE]
    if any(each.state == BookingState.PENDING.value for each in live):
        return BADGES[BookingState.PENDING.value]
    if len(live) == 1:
        return booking_badge(live[0])
    return Badge(_("scheduled"), "")

"""A place in the line, on the manage page of somebody who waits."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from bookings.engine.policy import AppointmentState
from bookings.faces import words
from bookings.faces.site.status import Status
from bookings.models import Booking
from bookings.queries.standing import is_waiting, may_take


def line_status(booking: Booking, *, zone: str, now: datetime) -> Status:
    """Return what has become of somebody's place in the line, times in `zone`."""
    name = {"email": booking.email}
    if may_take(booking, now=now) and booking.expires_at is not None:
        until = {"when": words.instant(booking.expires_at, zone)}
        kept = _("It is kept for you until %(when)s.") % until
        return Status(_("A place is free for you"), kept)
    if is_waiting(booking, now=now):
        text = _("As soon as there is a place for you we write to %(email)s.") % name
        return Status(_("You are on the waiting list"), text, "info", "clock")
    if booking.appointment.state != AppointmentState.SCHEDULED.value:
        reason = _("Reason: %(reason)s") % {"reason": booking.cancel_reason}
        text = reason if booking.cancel_reason else ""
        return Status(_("What you waited for is cancelled"), text, "off", "cross")
    if booking.expires_at is not None and booking.expires_at <= now:
        text = _("It was kept for you for a while, and is offered to others now.")
        return Status(_("The place is no longer kept for you"), text, "off", "clock")
    if booking.is_in_line:
        text = _("There was no place for you. We are sorry.")
        return Status(_("The waiting list is closed"), text, "off", "clock")
    return Status(_("You are off the waiting list"), "", "off", "cross")

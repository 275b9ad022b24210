"""The manage page of a booking: what has become of it, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.calendars.ics import Method
from bookings.engine.policy import BookingState, why_not_change
from bookings.errors import TooLate
from bookings.faces import words
from bookings.models import Booking


@dataclass(frozen=True)
class Ticket:
    """A booking on its manage page: what has become of it, and what can be done with it."""

    headline: str
    subline: str
    tone: str
    mark: str
    reference: str
    note: str
    is_coming: bool
    method: Method
    may_change: bool
    change_title: str
    change_text: str
    url: str
    move_url: str
    cancel_url: str
    ics_url: str
    again_url: str


def ticket(booking: Booking, *, token: str, zone: str, news: str, now: datetime) -> Ticket:
    """Return the manage page's words; `news` is what has just been done, "" if nothing."""
    appointment = booking.appointment
    service = appointment.service
    notice = service.policy.cancellation_notice
    refusal = why_not_change(booking.state, appointment.starts_at, notice=notice, now=now)
    is_live = booking.state in (BookingState.CONFIRMED, BookingState.PENDING)
    headline, subline, tone, mark = _status(booking, is_live=is_live, news=news, now=now)
    title, text = _change(booking, too_late=isinstance(refusal, TooLate), zone=zone, now=now)
    return Ticket(
        headline=headline,
        subline=subline,
        tone=tone,
        mark=mark,
        reference=booking.reference,
        note=service.confirmation_note if is_live else "",
        is_coming=is_live and appointment.ends_at > now,
        method="PUBLISH" if is_live else "CANCEL",
        may_change=refusal is None,
        change_title=title,
        change_text=text,
        url=reverse("site:booking", args=[token]),
        move_url=reverse("site:move", args=[token]),
        cancel_url=reverse("site:cancel", args=[token]),
        ics_url=reverse("site:ics", args=[token]),
        again_url=reverse("site:service", args=[service.business.slug, service.slug]),
    )


def _status(
    booking: Booking, *, is_live: bool, news: str, now: datetime
) -> tuple[str, str, str, str]:
    """Return headline, line under it, tone and picture."""
    name = {"name": booking.name, "email": booking.email}
    mailed = _("A confirmation is on its way to %(email)s.") % name if booking.email else ""
    if not is_live:
        reason = {"reason": booking.cancel_reason}
        text = _("Reason: %(reason)s") % reason if booking.cancel_reason else ""
        return _("Your appointment is cancelled"), text, "off", "cross"
    if booking.appointment.ends_at <= now:
        return _("Your appointment is over"), _("Thank you for coming."), "info", "check"
    if news == "moved":
        return _("Your appointment is moved"), mailed, "", "check"
    if news == "booked":
        return _("You are booked, %(name)s") % name, mailed, "", "check"
    return _("Your appointment"), _("It is confirmed, %(name)s.") % name, "", "check"


def _change(booking: Booking, *, too_late: bool, zone: str, now: datetime) -> tuple[str, str]:
    """Return the title and text above the buttons that change something."""
    appointment = booking.appointment
    is_live = booking.state in (BookingState.CONFIRMED, BookingState.PENDING)
    if not is_live or appointment.ends_at <= now:
        return _("Another time?"), _("You can book again whenever you like.")
    until = appointment.starts_at - appointment.service.policy.cancellation_notice
    local = until.astimezone(ZoneInfo(zone))
    limit = {"day": words.day(local.date()), "time": words.clock(local)}
    if too_late:
        text = _(
            "It could be moved or cancelled here until %(day)s, %(time)s. Please call or write."
        )
        return _("Has something come up?"), text % limit
    text = _("You can move or cancel it here until %(day)s, %(time)s.")
    return _("Has something come up?"), text % limit

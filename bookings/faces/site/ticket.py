"""The manage page of a booking: what has become of it, and what can be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings.calendars.ics import Method
from bookings.commands import opt_out_token
from bookings.engine.policy import CHANGEABLE, BookingState
from bookings.errors import TooLate
from bookings.faces import words
from bookings.faces.site import line
from bookings.faces.site.status import Status
from bookings.models import Booking
from bookings.queries.standing import standing


@dataclass(frozen=True)
class Ticket:
    """A booking on its manage page: what has become of it, and what can be done with it.

    `is_request`: it has never been confirmed. `come_url` is set where the customer was asked to
    say once more that they come, and has not. `leave_url` is set while they are on a waiting
    list, `take_url` while a place is kept for them.
    """

    name: str
    now: str
    status: Status
    reference: str
    note: str
    is_request: bool
    is_coming: bool
    method: Method
    may_change: bool
    change_title: str
    change_text: str
    url: str
    move_url: str
    cancel_url: str
    come_url: str
    take_url: str
    leave_url: str
    ics_url: str
    again_url: str
    texts: str
    texts_url: str
    reminders_url: str


def ticket(booking: Booking, *, token: str, zone: str, news: str, now: datetime) -> Ticket:
    """Return the manage page's words; `news` is what has just been done, "" if nothing.

    Cost: one query for what is confirmed, and for what is cancelled where approval is needed.
    """
    appointment = booking.appointment
    service = appointment.service
    stands = standing(booking, now=now)
    is_request, too_late = stands.is_request, isinstance(stands.refusal, TooLate)
    title, text = _change(booking, too_late=too_late, zone=zone, now=now)
    return Ticket(
        name=_("Your request") if is_request else _("Your appointment"),
        now=_("Asked for now") if is_request else _("Booked now"),
        status=line.line_status(booking, zone=zone, now=now)
        if booking.waitlisted_at
        else _status(booking, is_request=is_request, news=news, now=now),
        reference=booking.reference,
        note=service.confirmation_note if stands.is_coming and not is_request else "",
        is_request=is_request,
        is_coming=stands.is_coming,
        method="PUBLISH" if stands.is_live else "CANCEL",
        may_change=stands.refusal is None,
        change_title=title,
        change_text=text,
        url=reverse("site:booking", args=[token]),
        move_url=reverse("site:move", args=[token]),
        cancel_url=reverse("site:cancel", args=[token]),
        come_url=reverse("site:come", args=[token]) if stands.is_asked else "",
        take_url=reverse("site:take", args=[token]) if stands.may_take else "",
        leave_url=reverse("site:leave", args=[token]) if stands.is_waiting else "",
        ics_url=reverse("site:ics", args=[token]),
        again_url=reverse("site:service", args=[service.business.slug, service.slug]),
        texts=_texts(booking, news=news),
        texts_url=reverse("site:end_texts", args=[token]) if booking.sms_number else "",
        reminders_url=_reminders_url(booking),
    )


def _texts(booking: Booking, *, news: str) -> str:
    """Return where text messages go, or that they have just ended."""
    if news == "texts-ended" and not booking.sms_number:
        return _("You get no more text messages about this booking.")
    if not booking.sms_number:
        return ""
    said = _("Text messages about this booking go to %(number)s.")
    return said % {"number": words.number(booking.sms_number)}


def _reminders_url(booking: Booking) -> str:
    """Return where reminders begin again, "" for who gets them."""
    if booking.customer is None or booking.customer.opted_out_at is None:
        return ""
    return reverse("site:reminders", args=[opt_out_token(booking=booking)])


def _status(booking: Booking, *, is_request: bool, news: str, now: datetime) -> Status:
    name = {"name": booking.name, "email": booking.email}
    mailed = _("A confirmation is on its way to %(email)s.") % name if booking.email else ""
    if booking.state not in CHANGEABLE:
        return _gone(booking, is_request=is_request)
    if is_request:
        return _asked(booking, news=news, now=now)
    if booking.appointment.ends_at <= now:
        return Status(_("Your appointment is over"), _("Thank you for coming."), "info")
    if news == "moved":
        return Status(_("Your appointment is moved"), mailed)
    if news == "booked":
        return Status(_("You are booked, %(name)s") % name, mailed)
    if booking.reconfirmed_at is not None:
        return Status(_("Your appointment"), _("You have said that you will come. Thank you!"))
    return Status(_("Your appointment"), _("It is confirmed, %(name)s.") % name)


def _gone(booking: Booking, *, is_request: bool) -> Status:
    """Return what has become of a booking that is none any more."""
    text = _("Reason: %(reason)s") % {"reason": booking.cancel_reason}
    headline = _("Your request is cancelled") if is_request else _("Your appointment is cancelled")
    if booking.state == BookingState.DECLINED:
        headline = _("Your request is declined")
    return Status(headline, text if booking.cancel_reason else "", "off", "cross")


def _asked(booking: Booking, *, news: str, now: datetime) -> Status:
    """Return what has become of a request that nobody has decided about."""
    said = {"business": booking.appointment.service.business.name, "email": booking.email}
    if booking.appointment.ends_at <= now:
        text = _("%(business)s has not answered it in time. We are sorry.") % said
        return Status(_("Your request is over"), text, "off", "clock")
    headlines = {"moved": _("Your request is moved"), "booked": _("Your request is on its way")}
    text = _("%(business)s will answer you. The time is kept for you until then.")
    if booking.email:
        text = _("%(business)s will write to %(email)s. The time is kept for you until then.")
    headline = headlines.get(news, _("Your request awaits approval"))
    return Status(headline, text % said, "info", "clock")


def _change(booking: Booking, *, too_late: bool, zone: str, now: datetime) -> tuple[str, str]:
    """Return the title and text above the buttons that change something."""
    appointment = booking.appointment
    if booking.state not in CHANGEABLE or appointment.ends_at <= now:
        return _("Another time?"), _("You can book again whenever you like.")
    title = _("Has something come up?")
    if booking.state == BookingState.PENDING:
        if too_late:
            return title, _("It has begun. Please call or write.")
        return title, _("You can move or withdraw your request here until it starts.")
    until = appointment.starts_at - appointment.service.policy.cancellation_notice
    local = until.astimezone(ZoneInfo(zone))
    limit = {"day": words.day(local.date()), "time": words.clock(local)}
    if too_late:
        text = _(
            "It could be moved or cancelled here until %(day)s, %(time)s. Please call or write."
        )
        return title, text % limit
    return title, _("You can move or cancel it here until %(day)s, %(time)s.") % limit

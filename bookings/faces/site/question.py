"""A question that was put by mail, as its page asks it, or says what has become of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.commands import live_manage_token, why_not_choose
from bookings.engine.policy import CHANGEABLE, BookingState, why_not_change
from bookings.faces import words
from bookings.faces.site.status import Status
from bookings.models import OPTIONS, Booking, Choice, ChoiceLink, ChoicePurpose
from bookings.queries.deciders import decider, last_decision


@dataclass(frozen=True)
class Wording:
    """An answer in words: on the way to it, as a question, and on the button that gives it.

    With `asks` a reason may be typed. `instead` is the way to it from the other answer, where
    that reads otherwise.
    """

    label: str | Promise
    question: str | Promise
    sure: str | Promise
    tone: str = "primary"
    asks: str | Promise = ""
    instead: str | Promise = ""


WORDS: Final[Mapping[str, Wording]] = {
    Choice.APPROVE: Wording(
        gettext_lazy("Approve"),
        gettext_lazy("Approve this request?"),
        gettext_lazy("Yes, approve it"),
    ),
    Choice.DECLINE: Wording(
        gettext_lazy("Decline"),
        gettext_lazy("Decline this request?"),
        gettext_lazy("Yes, decline it"),
        "danger",
        gettext_lazy("Why? The customer is told."),
    ),
    Choice.COME: Wording(
        gettext_lazy("Yes, I will come"),
        gettext_lazy("Will you come?"),
        gettext_lazy("Yes, I will come"),
        instead=gettext_lazy("No, I will come"),
    ),
    Choice.CANCEL: Wording(
        gettext_lazy("Cancel the appointment"),
        gettext_lazy("Cancel this appointment?"),
        gettext_lazy("Yes, cancel it"),
        "danger",
        gettext_lazy("Would you tell us why?"),
    ),
    Choice.TAKE: Wording(
        gettext_lazy("Take the place"),
        gettext_lazy("Take this place?"),
        gettext_lazy("Yes, I take it"),
    ),
    Choice.LEAVE: Wording(
        gettext_lazy("No, thank you"),
        gettext_lazy("Leave this place to others?"),
        gettext_lazy("Yes, leave it"),
        "danger",
    ),
}
OPEN: Final[Mapping[str, str | Promise]] = {
    ChoicePurpose.APPROVAL: gettext_lazy("Approve or decline this request?"),
    ChoicePurpose.RECONFIRMATION: gettext_lazy("Will you come?"),
    ChoicePurpose.OFFER: gettext_lazy("Do you want this place?"),
}
"""By purpose: what is asked while no answer is chosen."""


@dataclass(frozen=True)
class Way:
    """The way to an answer, on the page that has none chosen or another one."""

    label: str | Promise
    url: str
    tone: str


@dataclass(frozen=True)
class Question:
    """What the page shows: an answer to give, the ways to the others, or what has become of it.

    `title` says what the appointment shown is. Where nothing can be answered any more, `ways`
    lead on from there. `until` says how long a place is kept. `status` is set where nothing can
    be answered any more; `is_hidden` where what it is about is nothing for the reader either.
    `too_late` says why the answer chosen cannot be given.
    """

    url: str
    headline: str | Promise
    title: str
    chosen: str
    wording: Wording | None
    ways: list[Way]
    asker: str
    sequence: int
    until: str
    status: Status | None = None
    is_hidden: bool = False
    too_late: str = ""


def question(link: ChoiceLink, *, token: str, chosen: str, zone: str, now: datetime) -> Question:
    """Return what the page of a question shows; an answer that is none counts as not chosen.

    Cost: at most three queries.
    """
    booking, url = link.booking, reverse("site:choice", args=[token])
    wording = WORDS[chosen] if chosen in OPTIONS[link.purpose] else None
    is_houses = link.purpose == ChoicePurpose.APPROVAL
    is_hidden = is_houses and not decider(booking.appointment, link.address)
    status = None
    if is_hidden:
        status = Status(
            _("This is no longer yours to answer"),
            _("Others serve this appointment by now, and decide about it."),
            "info",
            "info",
        )
    elif why_not_choose(link, booking, now=now):
        status = _CLOSED[ChoicePurpose(link.purpose)](booking, zone, now)
    return Question(
        url=url,
        headline=wording.question if wording else OPEN[link.purpose],
        title=_title(link),
        chosen=chosen if wording else "",
        wording=wording,
        ways=_onward(link, is_hidden=is_hidden) if status else _answers(link, url, chosen),
        asker=booking.name if is_houses else "",
        sequence=booking.sequence,
        until=_until(booking, zone),
        status=status,
        is_hidden=is_hidden,
        too_late=_too_late(booking, chosen, now),
    )


def _title(link: ChoiceLink) -> str:
    """Return what the appointment shown is: booked, asked for, or neither any more."""
    state = link.booking.state
    if link.purpose == ChoicePurpose.APPROVAL or state == BookingState.PENDING:
        return _("Asked for")
    if state == BookingState.CONFIRMED:
        return _("Booked now")
    return _("From the waiting list") if link.purpose == ChoicePurpose.OFFER else _("Was booked")


def _answers(link: ChoiceLink, url: str, chosen: str) -> list[Way]:
    """Return the ways to the answers that are not chosen."""
    others = [each for each in OPTIONS[link.purpose] if each.value != chosen]
    is_other = len(others) < len(OPTIONS[link.purpose])
    return [
        Way(
            (WORDS[each].instead if is_other else "") or WORDS[each].label,
            f"{url}?choose={each.value}",
            WORDS[each].tone,
        )
        for each in others
    ]


def _onward(link: ChoiceLink, *, is_hidden: bool) -> list[Way]:
    """Return where to go from a question that is closed; the letter about it led there too.

    Cost: at most one query.
    """
    booking = link.booking
    appointment, service = booking.appointment, booking.appointment.service
    slug = service.business.slug
    if is_hidden:
        return []
    if link.purpose == ChoicePurpose.APPROVAL:
        at_desk = reverse("desk:appointment", args=[slug, appointment.public_id])
        return [Way(_("Open it at the desk"), at_desk, "")]
    if booking.state not in CHANGEABLE:
        return [Way(_("Book again"), reverse("site:service", args=[slug, service.slug]), "primary")]
    links = booking.links.values_list("digest", flat=True)
    token = live_manage_token(booking.public_id, list(links))
    is_booked = booking.state == BookingState.CONFIRMED
    label = _("See your appointment") if is_booked else _("See your request")
    return [Way(label, reverse("site:booking", args=[token]), "primary")] if token else []


def _until(booking: Booking, zone: str) -> str:
    """Return until when a place is kept for the customer, "" where none is."""
    if not booking.is_offered or booking.expires_at is None:
        return ""
    until = {"when": words.instant(booking.expires_at, zone)}
    return _("It is kept for you until %(when)s.") % until


def _too_late(booking: Booking, chosen: str, now: datetime) -> str:
    """Return why a customer cannot cancel any more, "" where they can or do not want to."""
    if chosen != Choice.CANCEL:
        return ""
    appointment = booking.appointment
    notice = appointment.service.policy.cancellation_notice
    refusal = why_not_change(booking.state, appointment.starts_at, notice=notice, now=now)
    return words.said(refusal) if refusal else ""


def _decided(booking: Booking, zone: str, now: datetime) -> Status:
    """Return what has become of a request, and who decided it and when."""
    event = last_decision(booking)
    by = ""
    if event is not None:
        said = {"who": words.who(event.actor), "when": words.instant(event.at, zone)}
        by = _("By %(who)s, %(when)s.") % said
    if booking.state == BookingState.CONFIRMED:
        return Status(_("This request is approved"), by)
    if booking.state == BookingState.DECLINED:
        return Status(_("This request is declined"), by, "off", "cross")
    if booking.state == BookingState.PENDING:
        return Status(_("This request is over"), _("Nobody answered it in time."), "off", "clock")
    return Status(_("This request is withdrawn"), by, "off", "cross")


def _settled(booking: Booking, zone: str, now: datetime) -> Status:
    """Return what has become of the question whether a customer will come."""
    if booking.state != BookingState.CONFIRMED:
        reason = _("Reason: %(reason)s") % {"reason": booking.cancel_reason}
        text = reason if booking.cancel_reason else ""
        return Status(_("Your appointment is cancelled"), text, "off", "cross")
    if booking.appointment.starts_at <= now:
        return Status(_("Your appointment has begun"), _("This needs no answer any more."), "info")
    if booking.reconfirmed_at is not None:
        return Status(_("Thank you, you are coming"), _("We look forward to seeing you."))
    text = _("Your appointment has been moved since. It stands as you see it here.")
    return Status(_("You have answered this already"), text, "info", "info")


def _offered(booking: Booking, zone: str, now: datetime) -> Status:
    """Return what has become of a place that was kept for a customer."""
    if booking.state == BookingState.CONFIRMED:
        mailed = _("A confirmation is on its way to %(email)s.") % {"email": booking.email}
        return Status(_("The place is yours"), mailed)
    if booking.state == BookingState.PENDING:
        return Status(_("Your request awaits approval"), _("We write to you."), "info", "clock")
    if booking.state == BookingState.EXPIRED and booking.expires_at and booking.expires_at > now:
        text = _("The place is offered to others now.")
        return Status(_("Thank you for telling us"), text, "info")
    if booking.state in (BookingState.HELD, BookingState.EXPIRED):
        text = _("It was kept for you for a while, and is offered to others now.")
        return Status(_("This place is no longer kept for you"), text, "off", "clock")
    return Status(_("This offer has ended"), "", "off", "clock")


_CLOSED: Final[Mapping[ChoicePurpose, Callable[[Booking, str, datetime], Status]]] = {
    ChoicePurpose.APPROVAL: _decided,
    ChoicePurpose.RECONFIRMATION: _settled,
    ChoicePurpose.OFFER: _offered,
}
"""By purpose: what has become of a question that is closed, its times in a zone."""

"""Words for text messages: in one part if that is possible, the business first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.utils import translation
from django.utils.translation import gettext as _

from bookings.calendars.text import one_line
from bookings.composing.pieces import staff_names, when, where
from bookings.models import Booking, Message
from bookings.models.money import price_in_words
from bookings.models.reminder import ReminderKind
from bookings.outlets import facts, times
from bookings.outlets.filling import filled, values_of
from bookings.outlets.letter import Audience, When
from bookings.outlets.sms import segments, thrifty
from bookings.outlets.wording import installed_language
from bookings.queries.requests import was_confirmed

LONGEST_NAME, SHORT_NAME = 40, 20
LONGEST_OWN = 300


@dataclass(frozen=True)
class Said:
    """What the sentences are made of; `own` are the business's own words, as a reason."""

    business: str
    service: str
    start: str
    before: str
    staff: str
    own: str
    is_request: bool

    @property
    def words(self) -> dict[str, str]:
        """Return what stands in the sentences, by name."""
        return {
            "business": self.business,
            "service": self.service,
            "start": self.start,
            "before": self.before,
            "staff": self.staff,
        }


def worded(message: Message, booking: Booking, *, link: str) -> str:
    """Return what a text about a booking says, in the customer's language and zone.

    With the manage link where all fits into one part, or where there is no e-mail that has it.
    Cost: at most four queries.
    """
    with translation.override(installed_language(booking.language)):
        if message.topic in ANSWERS:
            return thrifty(ANSWERS[message.topic](_house(message)))
        return min(map(thrifty, _versions(message, booking, link)), key=segments)


def _versions(message: Message, booking: Booking, link: str) -> Iterator[str]:
    """Yield the same news ever shorter."""
    sentence, full = SENTENCES[message.topic], _said(message, booking)
    short = replace(full, service=one_line(full.service, SHORT_NAME))
    link = "" if message.topic in UNLINKED else link
    for url in dict.fromkeys([link, "" if booking.email else link]):
        for said in (full, short):
            for tail in _tails(message, said):
                yield " ".join(part for part in (sentence(said), tail, url) if part)


def _tails(message: Message, said: Said) -> tuple[str, ...]:
    """Return what follows the news.

    Reminders keep the words of the business, and the first text always says how to end them.
    """
    if message.reminder_id is not None:
        return (said.own,)
    if message.topic == "confirmed":
        return (_("STOP ends texts."),)
    reason = _("Reason: %(reason)s") % {"reason": said.own} if said.own else ""
    return (reason, "")


def _said(message: Message, booking: Booking) -> Said:
    appointment, event = booking.appointment, message.event
    data = event.data if event is not None else {}
    zone = booking.zone or message.business.zone
    start = _start(appointment.starts_at, zone, home=message.business.zone)
    before = data.get("starts_at")
    was = _start(datetime.fromisoformat(before), zone, home=message.business.zone) if before else ""
    staff = staff_names(appointment)
    return Said(
        business=one_line(message.business.name, LONGEST_NAME),
        service=one_line(appointment.service.name, LONGEST_NAME),
        start=start,
        before=was if was != start else "",
        staff=one_line(", ".join(staff), LONGEST_NAME),
        own=one_line(_own(message, booking, staff), LONGEST_OWN),
        is_request=not was_confirmed(booking),
    )


def _own(message: Message, booking: Booking, staff: Sequence[str]) -> str:
    """Return what the business says in its own words: its reason, or the text of its rule."""
    if message.reminder is None:
        return str(message.event.data.get("reason", "")) if message.event else ""
    appointment, business = booking.appointment, message.business
    values = values_of(
        name=booking.name,
        service=appointment.service.name,
        when=when(appointment, booking.zone or business.zone),
        staff=staff,
        place=facts.where(where(appointment), Audience.CUSTOMER),
        price=price_in_words(appointment.price_kind, appointment.price, appointment.currency),
        reference=booking.reference,
        business=business.name,
        phone=business.phone,
        manage_link="",
        reason="",
    )
    return filled(message.reminder.text, values)


def _start(at: datetime, zone: str, *, home: str) -> str:
    """Return a start on the customer's clock, which is named where it is not the business's."""
    said = times.start(When(starts_at=at, ends_at=at, zone=zone))
    return said if zone == home else f"{said} ({times.zone_name(zone)})"


def _house(message: Message) -> dict[str, str]:
    business = message.business
    return {
        "business": one_line(business.name, LONGEST_NAME),
        "contact": one_line(business.phone or business.mailbox, LONGEST_NAME),
    }


def _confirmed(said: Said) -> str:
    return _("%(business)s: %(service)s on %(start)s is confirmed.") % said.words


def _changed(said: Said) -> str:
    if said.before:
        text = _("%(business)s: %(service)s is now on %(start)s, no longer on %(before)s.")
    else:
        text = _("%(business)s: %(service)s on %(start)s is now with %(staff)s.")
    return text % said.words


def _cancelled(said: Said) -> str:
    if said.is_request:
        text = _("%(business)s: your request for %(service)s on %(start)s is cancelled.")
    else:
        text = _("%(business)s: %(service)s on %(start)s is cancelled.")
    return text % said.words


def _removed(said: Said) -> str:
    text = _("%(business)s: your place in %(service)s on %(start)s is cancelled.")
    return text % said.words


def _declined(said: Said) -> str:
    return _("%(business)s: your request for %(service)s on %(start)s is declined.") % said.words


def _reminder(said: Said) -> str:
    return _("%(business)s: we expect you for %(service)s on %(start)s.") % said.words


def _reconfirmation(said: Said) -> str:
    text = _("%(business)s: will you come to %(service)s on %(start)s? Please confirm or cancel.")
    return text % said.words


def _follow_up(said: Said) -> str:
    return _("%(business)s: thank you for coming to %(service)s.") % said.words


def _stopped(house: Mapping[str, str]) -> str:
    text = _(
        "%(business)s: you get no more text messages from here. Your appointments stay as they "
        "are. START begins again."
    )
    return text % house


def _started(house: Mapping[str, str]) -> str:
    text = _("%(business)s: you get text messages about your bookings again. STOP ends them.")
    return text % house


def _help(house: Mapping[str, str]) -> str:
    text = _(
        "%(business)s: nobody reads answers to these text messages. Please turn to %(contact)s. "
        "STOP ends the texts."
    )
    return text % house


SENTENCES: Final[Mapping[str, Callable[[Said], str]]] = {
    "confirmed": _confirmed,
    "changed": _changed,
    "cancelled": _cancelled,
    "removed": _removed,
    "declined": _declined,
    ReminderKind.REMINDER: _reminder,
    ReminderKind.RECONFIRMATION: _reconfirmation,
    ReminderKind.FOLLOW_UP: _follow_up,
}
ANSWERS: Final[Mapping[str, Callable[[Mapping[str, str]], str]]] = {
    "texts_stopped": _stopped,
    "texts_started": _started,
    "texts_help": _help,
}
"""By topic: what somebody is answered who has texted us."""

UNLINKED: Final = frozenset({"cancelled", "removed", "declined", ReminderKind.FOLLOW_UP.value})
"""News after which there is nothing left to change."""

"""The calendar entry that comes with a letter."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from bookings.calendars.event import CalendarEvent, Participant
from bookings.calendars.ics import Method
from bookings.calendars.text import one_line
from bookings.outlets import facts
from bookings.outlets.letter import Audience, Invite, Letter, Letterhead, Occasion


def entry(letter: Letter) -> CalendarEvent | None:
    """Return what the reader's calendar shows, worded in the active language, or None.

    A business whose mailbox is no possible address can organise nothing: None as well.
    """
    occasion = letter.occasion
    if occasion is None or occasion.invite is None or not is_address(letter.business.mailbox):
        return None
    return CalendarEvent(
        uid=occasion.invite.uid,
        sequence=occasion.invite.sequence,
        starts_at=occasion.when.starts_at,
        ends_at=occasion.when.ends_at,
        zone=occasion.invite.zone,
        summary=_summary(letter, occasion),
        organizer=Participant(name=letter.business.name, email=letter.business.mailbox),
        attendees=_attendees(occasion.invite),
        description=_description(letter),
        location=_location(letter, occasion),
        url=occasion.manage_url,
    )


def method_for(address: str, invite: Invite, business: Letterhead) -> Method:
    """Return the method of the file for one reader.

    An organiser cannot be invited to the organiser's own appointment: calendars refuse or
    hide such a request, so the business mailbox gets a copy to keep.
    """
    if invite.method == "REQUEST" and address.lower() == business.mailbox.lower():
        return "PUBLISH"
    return invite.method


def is_address(email: str) -> bool:
    """Say whether mail can be addressed to `email`."""
    try:
        validate_email(email)
    except ValidationError:
        return False
    return one_line(email) == email


def _attendees(invite: Invite) -> tuple[Participant, ...]:
    """Return those who have an address."""
    return tuple(
        Participant(name=name, email=email) for name, email in invite.attendees if is_address(email)
    )


def _summary(letter: Letter, occasion: Occasion) -> str:
    """Return the title: the service, and what tells the reader one entry from another."""
    if letter.audience == Audience.CUSTOMER:
        return f"{occasion.service} – {letter.business.name}"
    if occasion.capacity > 1:
        return f"{occasion.service} ({occasion.seats_taken}/{occasion.capacity})"
    names = facts.listed([guest.name for guest in occasion.guests])
    return f"{occasion.service} – {names}" if names else occasion.service


def _description(letter: Letter) -> str:
    """Return the facts of the letter but for the time, which the calendar shows by itself."""
    lines = []
    for number, section in enumerate(facts.sections(letter)):
        if section.heading:
            lines += ["", section.heading]
        told = (fact for fact in section.facts[number == 0 :] if not fact.is_internal)
        lines += [f"{fact.lead} {fact.text}" for fact in told]
    if letter.occasion and letter.occasion.manage_url:
        lines += ["", _("See, move or cancel: %(url)s") % {"url": letter.occasion.manage_url}]
    return "\n".join(lines)


def _location(letter: Letter, occasion: Occasion) -> str:
    """Return the place; for an online appointment the link, which calendars offer to open."""
    link = facts.web_address(occasion.where.join_link)
    return link or facts.where(occasion.where, letter.audience)

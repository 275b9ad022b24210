"""A letter in words: subject, plain text and HTML."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import get_language, get_language_bidi, get_supported_language_variant
from django.utils.translation import gettext as _

from bookings.calendars.text import one_line, shortened
from bookings.outlets import colour, facts, times
from bookings.outlets.filling import filled, values_of
from bookings.outlets.letter import PLANNED, Audience, Letter, Topic, When

BODIES = {
    Topic.MINE: "links",
    Topic.INVITATION: "notice",
    Topic.TIME_OFF: "notice",
    Topic.NOTICE: "notice",
}
"""The templates of letters that are not about an appointment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What people read of an e-mail; the subject is one line."""

    subject: str
    text: str
    html: str


def language_of(letter: Letter) -> str:
    """Return the installed language that comes closest to the letter's."""
    return installed_language(letter.language)


def installed_language(wanted: str) -> str:
    """Return the installed language that comes closest to the one wanted (BCP 47)."""
    try:
        return get_supported_language_variant(wanted)
    except LookupError:
        return settings.LANGUAGE_CODE


def worded(letter: Letter) -> Wording:
    """Return `letter`, which is harmless, in the active language."""
    letter = _filled_in(letter)
    said = _said(letter)
    name = BODIES.get(letter.topic, "appointment")
    subject = one_line(letter.own_subject or render_to_string("messages/subject.txt", said))
    if letter.is_test:
        subject = _("Test: %(subject)s") % {"subject": subject}
    return Wording(
        subject=subject,
        text=render_to_string(f"messages/{name}.txt", said).strip() + "\n",
        html=render_to_string(f"messages/{name}.html", said | {"subject": subject}),
    )


def _filled_in(letter: Letter) -> Letter:
    """Return a letter with the blanks in the business's own words filled."""
    occasion = letter.occasion
    if occasion is None:
        return letter
    values = values_of(
        name=letter.reader,
        service=occasion.service,
        when=occasion.when,
        staff=occasion.staff,
        place=facts.where(occasion.where, letter.audience),
        price=occasion.price,
        reference=facts.listed([guest.reference for guest in occasion.guests]),
        business=letter.business.name,
        phone=letter.business.phone,
        manage_link=occasion.manage_url,
        reason=occasion.reason,
    )
    return replace(
        letter,
        own_subject=one_line(filled(letter.own_subject, values)),
        own_opening=filled(letter.own_opening, values),
        own_words=filled(letter.own_words, values),
    )


def _said(letter: Letter) -> dict[str, object]:
    """Return what the templates show."""
    occasion = letter.occasion
    brand = colour.brand(letter.business.brand)
    names = [guest.name for guest in occasion.guests if guest.name] if occasion else []
    return {
        "letter": letter,
        "business": letter.business,
        "website": facts.web_address(letter.business.website),
        "occasion": occasion,
        "is_customers": letter.audience == Audience.CUSTOMER,
        "kept_until": _kept_until(letter),
        "is_planned": letter.topic in PLANNED,
        "staff": facts.listed(occasion.staff) if occasion else "",
        "who": shortened(facts.listed(names), 80),
        "span": times.span(occasion.when) if occasion else "",
        "asker": shortened(facts.listed(names), 80) or _("Somebody"),
        "start": _start(letter),
        "sections": facts.sections(letter),
        "links": [(link, times.span(link.when)) for link in letter.links],
        "brand": brand,
        "brand_ink": colour.ink(brand),
        "language": get_language(),
        "direction": "rtl" if get_language_bidi() else "ltr",
        "side": "right" if get_language_bidi() else "left",
    }


def _kept_until(letter: Letter) -> str:
    """Return until when a place is kept for the reader, in their zone; "" where none is."""
    waiting = letter.waiting
    if waiting is None or waiting.until is None:
        return ""
    until = times.start(When(starts_at=waiting.until, ends_at=waiting.until, zone=waiting.zone))
    return f"{until} ({times.zone_name(waiting.zone)})"


def _start(letter: Letter) -> str:
    """Return the start in the subject: the old one for those who were there and are no more."""
    occasion = letter.occasion
    if letter.absence is not None:
        return times.beginning(letter.absence.when)
    if occasion is None:
        return ""
    if letter.is_handed_over and occasion.before is not None:
        return times.start(occasion.before.when)
    return times.start(occasion.when)

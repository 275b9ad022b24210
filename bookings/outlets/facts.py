"""What a letter tells about an appointment, as labelled facts that text and HTML both show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from bookings.outlets import times
from bookings.outlets.house import Absence, Asked, Lost, SwitchedOff
from bookings.outlets.letter import (
    Audience,
    Guest,
    Letter,
    Occasion,
    Where,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A label and what it says; `url` makes the text a link, `was` is what it was before.

    `is_internal`: it stays in the letter. A calendar entry goes further than one thinks: staff
    calendars send their copy to everybody in it.
    """

    label: str
    text: str
    url: str = ""
    was: str = ""
    is_internal: bool = False

    @property
    def lines(self) -> list[str]:
        """The text line by line."""
        return self.text.splitlines()

    @property
    def lead(self) -> str:
        """The label as it stands before its text in plain writing."""
        return self.label if self.label.endswith(("?", "!", ".", ":", "…")) else f"{self.label}:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Facts under a heading, which may be empty."""

    heading: str
    facts: tuple[Fact, ...]


def sections(letter: Letter) -> list[Section]:
    """Return the facts of a letter in reading order, worded in the active language."""
    occasion = letter.occasion
    if letter.asked is not None:
        return [_section("", _invited(letter.asked))]
    if letter.lost:
        return [_section("", (_not_delivered(lost) for lost in letter.lost))]
    if letter.switched_off:
        return [_section("", (_switched_off(hook) for hook in letter.switched_off))]
    if letter.absence is not None:
        return [_section("", _away(letter.absence))]
    if occasion is None:
        return []
    found = [_section("", _about(letter, occasion))]
    if letter.audience == Audience.CUSTOMER:
        if not letter.is_over:
            told = (fact for guest in occasion.guests for fact in _told(guest))
            found.append(_section(_("What you told us"), told))
    else:
        for guest in occasion.guests:
            facts = (*_contact(guest), *_told(guest))
            found.append(_section(guest.name or _("Customer"), facts))
    return [section for section in found if section.facts]


def where(place: Where, audience: Audience) -> str:
    """Return in one line where an appointment takes place, "" when nobody has said."""
    words = ", ".join(place.place.splitlines())
    if place.kind == "online":
        return words or _("Online")
    if place.kind == "telephone":
        return _("By telephone: %(number)s") % {"number": words} if words else _("By telephone")
    if place.kind == "offsite" and not words:
        if audience == Audience.CUSTOMER:
            return _("At your place")
        return _("At the customer’s place")
    return words


def web_address(url: str) -> str:
    """Return `url` if it leads to the web, else "": nothing else becomes a link in a mail."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.netloc else ""


def listed(names: Sequence[str]) -> str:
    """Return names in one line."""
    return ", ".join(name for name in names if name)


def _section(heading: str, facts: Iterable[Fact]) -> Section:
    """Return a section of the facts that say something."""
    return Section(heading=heading, facts=tuple(fact for fact in facts if fact.text))


def _invited(asked: Asked) -> Iterator[Fact]:
    """Yield what an invitation is to."""
    yield Fact(label=pgettext("label", "Role"), text=asked.role)
    yield Fact(label=pgettext("label", "In the staff list as"), text=asked.person)
    yield Fact(label=pgettext("label", "Invited by"), text=asked.by)
    yield Fact(label=pgettext("label", "Answer until"), text=times.day(asked.until, asked.zone))


def _switched_off(hook: SwitchedOff) -> Fact:
    """Return which webhook is switched off, and why."""
    label = _("Says that it is gone") if hook.is_gone else _("Has failed for days")
    return Fact(label=label, text=hook.host, url=hook.url)


def _not_delivered(lost: Lost) -> Fact:
    """Return what was not delivered to whom, and about which appointment."""
    if lost.is_text:
        label = _("Text to the customer") if lost.to_customer else _("Text to staff")
    else:
        label = _("E-mail to the customer") if lost.to_customer else _("E-mail to staff")
    about = [lost.service, times.start(lost.when) if lost.when else "", lost.reference]
    said = " · ".join(part for part in about if part)
    return Fact(label=label, text=said or _("about no appointment"), url=lost.url)


def _away(absence: Absence) -> Iterator[Fact]:
    """Yield what time off is about."""
    before = times.stretch(absence.before) if absence.before else ""
    yield _fact(pgettext("label", "When"), times.stretch(absence.when), was=before)
    yield Fact(label=pgettext("label", "Title"), text=absence.title)
    yield Fact(label=pgettext("label", "By"), text=absence.by)


def _about(letter: Letter, occasion: Occasion) -> Iterator[Fact]:
    """Yield what holds for the whole appointment."""
    is_customers = letter.audience == Audience.CUSTOMER
    before = occasion.before
    yield _fact(
        pgettext("label", "When"),
        times.span(occasion.when),
        was=times.span(before.when) if before else "",
    )
    yield _fact(
        pgettext("label", "With") if is_customers else pgettext("label", "Staff"),
        listed(occasion.staff),
        was=listed(before.staff) if before else "",
    )
    yield _fact(
        pgettext("label", "Where"),
        where(occasion.where, letter.audience),
        was=where(before.where, letter.audience) if before and before.where else "",
    )
    if not letter.is_over:
        link = "" if occasion.is_request else web_address(occasion.where.join_link)
        yield Fact(label=pgettext("label", "Join"), text=link, url=link)
        yield Fact(label=pgettext("label", "Price"), text=occasion.price)
    if occasion.capacity > 1 and not is_customers:
        taken = _("%(taken)d of %(capacity)d places taken") % {
            "taken": occasion.seats_taken,
            "capacity": occasion.capacity,
        }
        yield Fact(label=pgettext("label", "Group"), text=taken)
    if is_customers:
        for guest in occasion.guests:
            yield from _seats(guest)
            yield Fact(label=pgettext("label", "Reference"), text=guest.reference)
    yield Fact(label=pgettext("label", "Reason"), text=occasion.reason)
    if not is_customers and not letter.is_over:
        label = pgettext("label", "Internal notes")
        yield Fact(label=label, text=occasion.staff_notes, is_internal=True)


def _contact(guest: Guest) -> Iterator[Fact]:
    """Yield how staff reach a customer."""
    yield Fact(
        label=pgettext("label", "E-mail"), text=guest.email, url=f"mailto:{quote(guest.email)}"
    )
    yield Fact(label=pgettext("label", "Phone"), text=guest.phone)
    awaiting = _("awaiting approval") if guest.is_awaiting else ""
    yield Fact(label=pgettext("label", "State"), text=awaiting)
    yield from _seats(guest)
    yield Fact(label=pgettext("label", "Reference"), text=guest.reference)


def _seats(guest: Guest) -> Iterator[Fact]:
    if guest.seats > 1:
        yield Fact(label=pgettext("label", "Places"), text=str(guest.seats))


def _told(guest: Guest) -> Iterator[Fact]:
    """Yield what a customer answered and noted."""
    for answered in guest.answers:
        yield Fact(label=answered.question, text=answered.answer)
    yield Fact(label=pgettext("label", "Notes"), text=guest.notes)


def _fact(label: str, text: str, *, was: str) -> Fact:
    """Return a fact that tells what it was before only when that differs."""
    return Fact(label=label, text=text, was=was if was != text else "")

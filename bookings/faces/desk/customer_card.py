"""How the desk words a customer: bookings, totals, what is on record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookings.faces import words
from bookings.faces.desk.badges import Badge, booking_badge
from bookings.models import Booking, Business, Customer, Event
from bookings.models.languages import language_name

FIELD_NAMES: dict[str, Promise] = {
    "name": gettext_lazy("name"),
    "email": gettext_lazy("e-mail"),
    "phone": gettext_lazy("phone"),
    "zone": gettext_lazy("time zone"),
    "language": gettext_lazy("language"),
    "notes": gettext_lazy("notes"),
}


@dataclass(frozen=True)
class Row:
    """A booking in a customer's history."""

    booking: Booking
    day: str
    times: str
    service: str
    who: str
    badge: Badge
    note: str


@dataclass(frozen=True)
class Recorded:
    """A decision about a customer, who took it and when."""

    what: str
    who: str
    when: str


@dataclass(frozen=True)
class Compared:
    """A field of two customers that are merged, and what comes of it."""

    label: str
    kept: str
    other: str
    outcome: str
    is_lost: bool


def rows(bookings: Iterable[Booking], zone: str) -> list[Row]:
    """Return bookings in words, their times as the clock in `zone` shows them."""
    return [_row(booking, zone) for booking in bookings]


DECIDED = {
    "customer.added": gettext_lazy("added"),
    "customer.exported": gettext_lazy("exported"),
    "customer.opted_out": gettext_lazy("wants no reminders"),
    "customer.opted_in": gettext_lazy("wants reminders again"),
    "customer.texts_stopped": gettext_lazy("answered STOP: no more text messages"),
    "customer.texts_started": gettext_lazy("wants text messages again"),
}


def recorded(events: Iterable[Event], zone: str) -> list[Recorded]:
    """Return decisions about a customer in words."""
    return [
        Recorded(_what(event), words.who(event.actor), words.instant(event.at, zone))
        for event in events
    ]


def compared(keep: Customer, other: Customer, notes: str) -> list[Compared]:
    """Return what becomes of each field when `other` is merged into `keep`."""
    found = []
    for name, label in FIELD_NAMES.items():
        kept, given = _said(keep, name), _said(other, name)
        if not kept and not given:
            continue
        outcome, is_lost = notes if name == "notes" else kept or given, False
        if name != "notes" and given and kept:
            is_lost = given.lower() != kept.lower()
        found.append(Compared(str(label), kept, given, outcome, is_lost))
    return found


def since(customer: Customer, business: Business) -> str:
    """Return since when the customer is known."""
    return words.dated(customer.created_at.astimezone(ZoneInfo(business.zone)).date())


def opted_out(customer: Customer, business: Business) -> str:
    """Return since when the customer has wanted nothing but news, "" for who gets reminders."""
    if customer.opted_out_at is None:
        return ""
    day = words.dated(customer.opted_out_at.astimezone(ZoneInfo(business.zone)).date())
    return _("No reminders since %(day)s: news of their bookings only.") % {"day": day}


def _said(customer: Customer, name: str) -> str:
    value = str(getattr(customer, name))
    return language_name(value) if name == "language" else value


def _row(booking: Booking, zone: str) -> Row:
    appointment = booking.appointment
    start = appointment.starts_at.astimezone(ZoneInfo(zone))
    return Row(
        booking=booking,
        day=words.dated(start.date()),
        times=words.period(appointment.starts_at, appointment.ends_at, zone),
        service=appointment.service.name,
        who=", ".join(person.name for person in appointment.resources.all()),
        badge=booking_badge(booking),
        note=booking.cancel_reason,
    )


def _what(event: Event) -> str:
    if event.kind == "customer.changed":
        fields = [str(FIELD_NAMES[name]) for name in FIELD_NAMES if name in event.data["fields"]]
        return _("changed: %(fields)s") % {"fields": ", ".join(fields)}
    if event.kind == "customer.merged":
        moved = event.data["bookings"]
        return ngettext(
            "merged with a duplicate, %(count)s booking moved",
            "merged with a duplicate, %(count)s bookings moved",
            moved,
        ) % {"count": moved}
    decided = event.kind.partition(".")[2]
    return str(DECIDED.get(event.kind, decided.replace("_", " ")))

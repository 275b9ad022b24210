"""A hold as the details page shows it: how long it lasts, or what is free instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _

from bookings import commands
from bookings.errors import HoldExpired
from bookings.faces import words
from bookings.faces.site.choosing import Choosing, Nearest
from bookings.models import Booking
from bookings.queries.standing import is_held


@dataclass(frozen=True)
class HoldCard:
    """What is said of a hold; `words` has `{left}` where the running clock stands."""

    is_over: bool
    title: str
    url: str
    change_url: str
    seconds: int
    length: int
    text: str
    words: str
    said: str
    book: str
    nearest: Nearest | None


def hold_card(booking: Booking, *, choosing: Choosing, token: str) -> HoldCard:
    """Return a hold in words; once it is over, with the free times nearest to it."""
    now, zone = choosing.now, ZoneInfo(choosing.wish.zone)
    is_over = not is_held(booking, now=now)
    ends_at = booking.expires_at or now
    starts_at = booking.appointment.starts_at
    local = starts_at.astimezone(zone)
    held = _("This time is held for you until %(time)s.")
    return HoldCard(
        is_over=is_over,
        title=_("Your request") if choosing.service.needs_approval else _("Your appointment"),
        url=details_url(choosing, token),
        change_url=choosing.wish.address(choosing.url),
        seconds=max(0, int((ends_at - now).total_seconds())),
        length=int(commands.HOLD.total_seconds()),
        text=words.said(HoldExpired())
        if is_over
        else held % {"time": words.clock(ends_at.astimezone(zone))},
        words=_("This time is held for you for {left} minutes."),
        said=_("One more minute, then the time is no longer held for you."),
        book=_button(choosing, local),
        nearest=choosing.nearest(starts_at) if is_over else None,
    )


def _button(choosing: Choosing, start: datetime) -> str:
    """Return what the button says that books, or asks, for the time that is held."""
    if choosing.service.needs_approval:
        return _("Ask for this time")
    return _("Book %(day)s, %(time)s") % {
        "day": words.day(start.date()),
        "time": words.clock(start),
    }


def details_url(choosing: Choosing, token: str) -> str:
    """Return the address of a hold's details page; the person wished for goes along."""
    address = reverse("site:details", args=[choosing.service.business.slug, token])
    staff = choosing.wish.staff
    return f"{address}?staff={staff.public_id}" if staff else address

"""A hold as the details page shows it: how long it lasts, or what is free instead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from bookings import commands
from bookings.engine.policy import BookingState
from bookings.faces.site import words
from bookings.faces.site.choosing import Nearest
from bookings.models import Booking


@dataclass(frozen=True)
class HoldCard:
    """What is said of a hold; `words` has `{left}` where the running clock stands."""

    is_over: bool
    url: str
    change_url: str
    seconds: int
    length: int
    text: str
    words: str
    said: str
    book: str
    nearest: Nearest | None


def is_on(booking: Booking, *, now: datetime) -> bool:
    """Say whether the booking is held and its hold has not ended."""
    return (
        booking.state == BookingState.HELD
        and booking.expires_at is not None
        and booking.expires_at > now
    )


def hold_card(
    booking: Booking,
    *,
    url: str,
    change_url: str,
    zone: str,
    nearest: Nearest | None,
    now: datetime,
) -> HoldCard:
    """Return a hold in words; with `nearest` it is over."""
    left = max((booking.expires_at or now) - now, now - now)
    local = booking.appointment.starts_at.astimezone(ZoneInfo(zone))
    when = {"day": words.day(local.date()), "time": words.clock(local)}
    until = words.clock((booking.expires_at or now).astimezone(ZoneInfo(zone)))
    text = _("This time is held for you until %(time)s.") % {"time": until}
    return HoldCard(
        is_over=nearest is not None,
        url=url,
        change_url=change_url,
        seconds=int(left.total_seconds()),
        length=int(commands.HOLD.total_seconds()),
        text=_("This time was held for you, but the hold has ended.") if nearest else text,
        words=_("This time is held for you for {left} minutes."),
        said=_("One more minute, then the time is no longer held for you."),
        book=_("Book %(day)s, %(time)s") % when,
        nearest=nearest,
    )

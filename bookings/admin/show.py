"""How the admin shows text of strangers, instants and money."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bookings.engine.text import clean_line, clean_text
from bookings.models import Appointment

SHORT = 60
NOTHING = "–"
FORMAT = "D j M Y, H:i"


def line(text: str, limit: int = SHORT) -> str:
    """Return text as one harmless line; what is over the limit ends in an ellipsis.

    >>> line("=1+1 <b>" + chr(0x202E) + chr(10) + "x")
    '=1+1 <b> x'
    """
    clean = clean_line(text)
    return clean if len(clean) <= limit else f"{clean[: limit - 1].rstrip()}…"


def isolated(text: str, limit: int = SHORT) -> SafeString | str:
    """Return one harmless line whose writing direction stays its own, a dash for nothing."""
    clean = line(text, limit)
    return format_html("<bdi>{}</bdi>", clean) if clean else NOTHING


def lines(text: str) -> SafeString:
    """Return several harmless lines as they were written, a dash for nothing."""
    written = (clean_text(text) or NOTHING).split("\n")
    return format_html_join(SafeString("<br>"), "<bdi>{}</bdi>", ((each,) for each in written))


def moment(at: datetime | None, zone: str) -> str:
    """Return an instant as the clock of a zone shows it, a dash for none."""
    if at is None:
        return NOTHING
    return date_format(at.astimezone(ZoneInfo(zone)), FORMAT)


def zoned(at: datetime | None, zone: str) -> str:
    """Return an instant as the clock of a zone shows it, such as “… 10:00 CET”; else a dash."""
    return f"{moment(at, zone)} {at.astimezone(ZoneInfo(zone)):%Z}" if at else NOTHING


def wall(appointment: Appointment) -> str:
    """Return the agreed start, with its zone where the business keeps another; reads `business`."""
    shown = date_format(datetime.combine(appointment.wall_date, appointment.wall_time), FORMAT)
    is_own = appointment.zone == appointment.business.zone
    return shown if is_own else f"{shown} ({appointment.zone})"

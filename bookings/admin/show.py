"""How the admin shows text of strangers, instants and money."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from bookings.engine.text import clean_line, clean_text

SHORT = 60


def line(text: str, limit: int = SHORT) -> str:
    """Return text as one harmless line; what is over the limit ends in an ellipsis.

    >>> line("=1+1 <b>" + chr(0x202E) + chr(10) + "x")
    '=1+1 <b> x'
    """
    clean = clean_line(text)
    return clean if len(clean) <= limit else f"{clean[: limit - 1].rstrip()}…"


def isolated(text: str, limit: int = SHORT) -> SafeString | str:
    """Return one harmless line whose writing direction stays its own, "" for nothing."""
    clean = line(text, limit)
    return format_html("<bdi>{}</bdi>", clean) if clean else ""


def lines(text: str) -> SafeString:
    """Return several harmless lines as they were written."""
    written = clean_text(text).split("\n")
    return format_html_join(SafeString("<br>"), "<bdi>{}</bdi>", ((each,) for each in written))


def moment(at: datetime | None, zone: str) -> str:
    """Return an instant as the clock of a zone shows it, "" for none."""
    if at is None:
        return ""
    return date_format(at.astimezone(ZoneInfo(zone)), "D j M Y, H:i")


def zoned(at: datetime | None, zone: str) -> str:
    """Return an instant as the clock of a zone shows it, with the zone's name."""
    return f"{moment(at, zone)} ({zone})" if at else ""

"""Times in words, in the reader's language and zone."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import pgettext

from bookings.outlets.letter import When


def span(when: When) -> str:
    """Return from when to when, and in which zone, in the active language.

    As `Tuesday 3 November 2026, 09:00–09:45 (Europe/Berlin)`; the offsets from UTC are said
    too when the clocks change meanwhile or show the same time twice that day.
    """
    starts_at, ends_at = _local(when.starts_at, when.zone), _local(when.ends_at, when.zone)
    with_offset = (
        starts_at.utcoffset() != ends_at.utcoffset()
        or _is_shown_twice(starts_at)
        or _is_shown_twice(ends_at)
    )
    first, last = (_clock(at, with_offset=with_offset) for at in (starts_at, ends_at))
    if starts_at.date() == ends_at.date():
        dash = " – " if with_offset else "–"
        words = f"{_date(starts_at)}, {first}{dash}{last}"
    else:
        words = f"{_date(starts_at)}, {first} – {_date(ends_at)}, {last}"
    return f"{words} ({zone_name(when.zone)})"


def stretch(when: When) -> str:
    """Return from when to when, whole days by their dates alone.

    As `Tuesday 3 November 2026 – Thursday 5 November 2026 (Europe/Berlin)`.
    """
    if not _is_whole_days(when):
        return span(when)
    first, end = _local(when.starts_at, when.zone), _local(when.ends_at, when.zone)
    last = end - timedelta(days=1)
    days = [_date(first)] if first.date() == last.date() else [_date(first), _date(last)]
    return f"{' – '.join(days)} ({zone_name(when.zone)})"


def day(at: datetime, zone: str) -> str:
    """Return the day of an instant, as `Tuesday 3 November 2026`."""
    return _date(_local(at, zone))


def clock(at: datetime, zone: str) -> str:
    """Return the time of day of an instant, as `09:00`; with its offset where it comes twice."""
    local = _local(at, zone)
    return _clock(local, with_offset=_is_shown_twice(local))


def start(when: When) -> str:
    """Return day and time of the start, short, as `Tue 3 Nov 2026, 09:00`."""
    starts_at = _local(when.starts_at, when.zone)
    # Translators: a short date in Django's format letters, as "Tue 3 Nov 2026".
    day = date_format(starts_at, pgettext("short date format", "D j M Y"))
    return f"{day}, {_clock(starts_at, with_offset=_is_shown_twice(starts_at))}"


def beginning(when: When) -> str:
    """Return when it starts, short; of whole days the first one alone."""
    if not _is_whole_days(when):
        return start(when)
    return date_format(_local(when.starts_at, when.zone), pgettext("short date format", "D j M Y"))


def zone_name(zone: str) -> str:
    """Return an IANA name as people read it."""
    return zone.replace("_", " ")


def _is_whole_days(when: When) -> bool:
    ends = (_local(at, when.zone).time() for at in (when.starts_at, when.ends_at))
    return all(at == time(0) for at in ends)


def _local(at: datetime, zone: str) -> datetime:
    return at.astimezone(ZoneInfo(zone))


def _date(at: datetime) -> str:
    # Translators: a long date in Django's format letters, as "Tuesday 3 November 2026".
    return date_format(at, pgettext("long date format", "l j F Y"))


def _clock(at: datetime, *, with_offset: bool) -> str:
    # Translators: a time of day in Django's format letters, as "09:00".
    clock = date_format(at, pgettext("time format", "H:i"))
    return f"{clock} {_offset(at)}" if with_offset else clock


def _offset(at: datetime) -> str:
    """Return how far the clock is ahead of UTC, as `UTC+2` or `UTC−3:30`."""
    offset = at.utcoffset()
    assert offset is not None
    minutes = round(offset.total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes >= 0 else '−'}{hours}" + (f":{rest:02}" if rest else "")


def _is_shown_twice(at: datetime) -> bool:
    """Say whether the clocks show this time twice that day."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()

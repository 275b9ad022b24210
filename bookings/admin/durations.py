"""Durations as people write them: “45 min”, “1 h 30 min”, “2 days”, “1:30”."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

UNITS = {
    "week": 7 * 1440,
    "day": 1440,
    "d": 1440,
    "hour": 60,
    "hr": 60,
    "h": 60,
    "minute": 1,
    "min": 1,
    "m": 1,
}
"""Minutes in each unit; all but the single letters may have an s at the end."""

LONGEST = timedelta(days=3650)

_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)", re.ASCII)
_PART = re.compile(r"(\d{1,9})\s*([a-z]*)[\s,]*", re.ASCII)
_SECONDS = re.compile(r"\d\s*s(ec(ond)?s?)?\b|\d:\d\d:\d\d", re.ASCII)


def in_words(length: timedelta) -> str:
    """Return a duration so that `read` understands it; seconds are shown, never dropped.

    >>> in_words(timedelta(minutes=90)), in_words(timedelta(days=2)), in_words(timedelta(0))
    ('1 h 30 min', '2 days', '0 min')
    """
    if length < timedelta(0):
        return f"−{in_words(-length)}"
    hours, rest = divmod(length.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    parts = [
        f"{length.days} {'day' if length.days == 1 else 'days'}" if length.days else "",
        f"{hours} h" if hours else "",
        f"{minutes} min" if minutes else "",
        f"{seconds} s" if seconds else "",
    ]
    return " ".join(part for part in parts if part) or "0 min"


def read(text: str) -> timedelta:
    """Return the duration that `text` says, in whole minutes; a bare number is minutes.

    >>> read("45") == read("45 min") == timedelta(minutes=45)
    True
    >>> read("1:30") == read("1 h 30 min") == read("90 Minutes")
    True

    Raises:
        ValidationError: it names seconds, is longer than ten years, or makes no sense.
    """
    written = text.strip().lower()
    if _SECONDS.search(written):
        raise ValidationError(_("Seconds are not counted. Write whole minutes, such as 45 min."))
    minutes = _minutes(written)
    if minutes is None:
        raise ValidationError(
            _("“%(text)s” is not a duration. Write it as 45 min, 1 h 30 min, 2 days or 1:30."),
            params={"text": text.strip()[:40]},
        )
    if minutes > LONGEST // timedelta(minutes=1):
        raise ValidationError(_("This is longer than ten years."))
    return timedelta(minutes=minutes)


def _minutes(written: str) -> int | None:
    """Return the minutes that lower-case text says, or None where it says none."""
    if clock := _CLOCK.fullmatch(written):
        return int(clock[1]) * 60 + int(clock[2])
    if written.isascii() and written.isdigit():
        return int(written[:12])
    total, position, smallest = 0, 0, None
    while position < len(written):
        part = _PART.match(written, position)
        if part is None or (each := _unit(part[2])) is None:
            return None
        if smallest is not None and each >= smallest:
            return None
        total, position, smallest = total + int(part[1]) * each, part.end(), each
    return total if smallest is not None else None


def _unit(word: str) -> int | None:
    """Return the minutes in a unit by its name, in singular or plural."""
    if word in UNITS:
        return UNITS[word]
    singular = word.removesuffix("s")
    return UNITS.get(singular) if len(singular) > 1 else None


class DurationField(forms.Field):
    """Ask for a duration in words; Django's own field takes “30” for 30 seconds."""

    widget = AdminTextInputWidget(attrs={"class": "vDuration", "size": 14, "maxlength": 40})

    def prepare_value(self, value: Any) -> Any:
        """Return what the input shows: words for a duration, else what was typed."""
        return in_words(value) if isinstance(value, timedelta) else value

    def to_python(self, value: Any) -> timedelta | None:
        """Return the duration typed, None for nothing.

        Raises:
            ValidationError: as `read`.
        """
        if value is None or isinstance(value, timedelta):
            return value
        written = str(value).strip()
        return read(written) if written else None

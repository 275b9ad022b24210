"""The hours of a day as people write them: “9:00–12:30, 13:30–18:00”, empty for closed."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

Opening = tuple[time, time]
"""From when until when; an end that is not after the start is on the next day."""

_CLOCK = r"(\d{1,2})(?:[:.h](\d{2})?)?"
_OPENING = re.compile(rf"{_CLOCK}\s*(?:-|–|—|to)\s*{_CLOCK}", re.ASCII)
LONGEST = 200


def in_words(openings: list[Opening]) -> str:
    """Return the hours of a day so that `read` understands them.

    >>> in_words([(time(9), time(12, 30)), (time(13, 30), time(0))])
    '09:00–12:30, 13:30–00:00'
    """
    return ", ".join(f"{opens:%H:%M}–{closes:%H:%M}" for opens, closes in openings)


def read(text: str) -> list[Opening]:
    """Return the hours that `text` says; nothing for an empty one.

    >>> read("9-12.30, 13h30 to 24:00") == [(time(9), time(12, 30)), (time(13, 30), time(0))]
    True

    Raises:
        ValidationError: it says something else.
    """
    parts = [part.strip() for part in re.split(r"[,;]", text.lower()) if part.strip()]
    return [_opening(part) for part in parts]


def _opening(part: str) -> Opening:
    found = _OPENING.fullmatch(part)
    clocks = (_clock(found[1], found[2]), _clock(found[3], found[4])) if found else (None, None)
    opens, closes = clocks
    if opens is None or closes is None:
        raise ValidationError(
            _("“%(text)s” is not understood. Write hours as 9:00–12:30, 13:30–18:00."),
            params={"text": part[:40]},
        )
    return opens, closes


def _clock(hour: str, minute: str | None) -> time | None:
    """Return a time of day; 24:00 is midnight, None for one that no clock shows."""
    minutes = int(hour) * 60 + int(minute or 0)
    if minutes > 1440 or int(minute or 0) > 59:
        return None
    return time(minutes // 60 % 24, minutes % 60)


class OpeningField(forms.Field):
    """Ask for the hours of one day."""

    widget = AdminTextInputWidget(attrs={"class": "vOpening", "maxlength": LONGEST})

    def prepare_value(self, value: Any) -> Any:
        """Return what the input shows: words for hours, else what was typed."""
        return in_words(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[Opening]:
        """Return the hours typed, none for a closed day.

        Raises:
            ValidationError: as `read`.
        """
        return value if isinstance(value, list) else read(str(value or "")[:LONGEST])

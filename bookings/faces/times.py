"""The times of a day as buttons, by parts of the day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookings.faces import words
from bookings.queries.availability import Start

DAYPARTS = (
    (17, gettext_lazy("Evening")),
    (12, gettext_lazy("Afternoon")),
    (5, gettext_lazy("Morning")),
    (0, gettext_lazy("Night")),
)


@dataclass(frozen=True)
class Slot:
    """A button for a start: `value` is the instant in UTC as ISO 8601."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True)
class Daypart:
    """The starts of a morning, an afternoon …; `is_long` where the labels need room."""

    title: str
    slots: list[Slot]
    is_long: bool


def dayparts(starts: Sequence[Start], *, zone: str, capacity: int) -> list[Daypart]:
    """Return the starts of one day in `zone` by parts of the day, in order.

    A time that the clock shows twice that day comes twice, each with its offset.
    """
    repeated = Counter(_wall(start, zone).replace(tzinfo=None) for start in starts)
    parts = []
    for title, group in groupby(starts, key=lambda start: _part(_wall(start, zone).hour)):
        slots = [
            _slot(
                start,
                zone,
                capacity,
                needs_offset=repeated[_wall(start, zone).replace(tzinfo=None)] > 1,
            )
            for start in group
        ]
        parts.append(Daypart(title, slots, any(len(slot.label + slot.note) > 12 for slot in slots)))
    return parts


def nearest_slots(starts: Iterable[Start], *, wanted: datetime, zone: str) -> list[Slot]:
    """Return buttons for alternatives to the instant `wanted`, each with its distance to it."""
    return [
        Slot(
            value=_value(start),
            label=f"{words.short_day(_wall(start, zone))}, {words.clock(_wall(start, zone))}",
            note=words.apart(start.at, wanted),
        )
        for start in starts
    ]


def _slot(start: Start, zone: str, capacity: int, *, needs_offset: bool) -> Slot:
    label = words.clock(_wall(start, zone))
    if needs_offset:
        label = f"{label} ({words.offset(start.at, zone)})"
    places = {"left": start.seats_left, "capacity": capacity}
    note = _("%(left)s of %(capacity)s places left") % places if capacity > 1 else ""
    return Slot(_value(start), label, note)


def _part(hour: int) -> str:
    return next(str(title) for since, title in DAYPARTS if hour >= since)


def _wall(start: Start, zone: str) -> datetime:
    return start.at.astimezone(ZoneInfo(zone))


def _value(start: Start) -> str:
    return f"{start.at:%Y-%m-%dT%H:%MZ}"

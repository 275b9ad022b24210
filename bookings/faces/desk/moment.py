"""A day and a time as the clock of the business shows them, and the instant they mean."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time

from bookings.engine.hours import at_minute, instants_of
from bookings.errors import Invalid, NoSuchTime, _

CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.hH]?([0-5]\d))?")


def read_day(text: str) -> date | None:
    """Return the day written as 2026-11-21, None where it is no such thing."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if 1970 < found.year < 9000 else None


def read_clock(text: str) -> time | None:
    """Return a time of day from how people type it (9, 9:30, 0930, 9.30), else None."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    return time(int(found[1]), int(found[2] or 0))


def read_moment(fields: Mapping[str, str], *, zone: str) -> datetime:
    """Return the instant that the fields `day`, `time` and `fold` mean in `zone`.

    Of a time that the clock shows twice, `fold` 1 means the second and 0 the first.

    Raises:
        Invalid: day or time are none; or it comes twice and nobody said which.
        NoSuchTime: the clock skips it.
    """
    day, clock = read_day(fields.get("day", "")), read_clock(fields.get("time", ""))
    wrong: dict[str, str] = {}
    if day is None:
        wrong["day"] = _("Please give a day.")
    if clock is None:
        wrong["time"] = _("Please give a time, such as 14:30.")
    if day is None or clock is None:
        raise Invalid(wrong)
    instants = instants_of(day, clock, zone)
    if not instants:
        raise NoSuchTime()
    if len(instants) == 1:
        return at_minute(instants[0])
    if fields.get("fold", "") not in ("0", "1"):
        raise Invalid({"fold": _("The clock shows this time twice that day. Which one?")})
    return at_minute(instants[int(fields["fold"])])

"""What people type and addresses say, read: days, times, instants, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from uuid import UUID

from bookings.engine.clock import YEARS
from bookings.queries.turning import Turn

NEVER = -1
"""The version of nothing: whoever does not say what they saw has seen nothing."""
CLOCK = re.compile(r"([01]?\d|2[0-3])(?:[:.hH]?([0-5]\d))?")


def read_day(text: str) -> date | None:
    """Return the day written as 2026-11-21, None where it is no such thing."""
    try:
        found = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.year in YEARS else None


def read_clock(text: str) -> time | None:
    """Return a time of day from how people type it (9, 9:30, 0930, 9.30), else None."""
    found = CLOCK.fullmatch(text.strip())
    if found is None:
        return None
    return time(int(found[1]), int(found[2] or 0))


def read_instant(text: str) -> datetime | None:
    """Return the instant written in ISO 8601 with its offset, None where it is no such thing."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo and found.year in YEARS else None


def read_id(text: str) -> UUID | None:
    """Return the public id that an address names, None where it is no such thing."""
    try:
        return UUID(text)
    except ValueError:
        return None


def read_turn(asked: Mapping[str, str], size: int) -> Turn:
    """Return which part of a list the `after` and `before` of an address ask for."""
    after, before = read_id(asked.get("after", "")), read_id(asked.get("before", ""))
    return Turn(size, after=after, before=before)


def read_number(text: str) -> int:
    """Return the number of a page or the size of a party; one where it is neither."""
    return max(int(text), 1) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def read_version(text: str) -> int:
    """Return the version that a form was made from, `NEVER` where it says none."""
    is_version = text.isascii() and text.isdigit() and len(text) < 20
    return int(text) if is_version else NEVER

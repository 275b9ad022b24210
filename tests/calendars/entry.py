"""A calendar entry to start from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bookings.calendars.event import CalendarEvent, Participant

STAMP = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def entry(**said: Any) -> CalendarEvent:
    """Return 45 minutes from Tuesday 3 November 2026, 09:00 in Berlin; `said` differs."""
    starts_at = datetime(2026, 11, 3, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    plain = {
        "uid": "7d5c4a1e-1111-4222-8333-944455556666@book.example",
        "sequence": 0,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=45),
        "zone": "Europe/Berlin",
        "summary": "Haircut – Salon Möwe",
        "organizer": Participant(name="Salon Möwe", email="salon@moewe.example"),
        "attendees": (Participant(name="Jo Smith", email="jo@smith.example"),),
        "description": "With: Ada\nReference: K7Q2",
        "location": "Harbour Street 1, Hamburg",
        "url": "https://book.example/m/abc/",
    }
    return CalendarEvent(**(plain | said))


def held(zone: str, *clock: int, minutes: int = 45, fold: int = 0) -> CalendarEvent:
    """Return an entry that starts when the clock in `zone` shows `clock` (year … minute)."""
    year, month, day, hour, minute = clock
    starts_at = datetime(year, month, day, hour, minute, fold=fold, tzinfo=ZoneInfo(zone))
    starts_at = starts_at.astimezone(UTC)
    return entry(starts_at=starts_at, ends_at=starts_at + timedelta(minutes=minutes), zone=zone)

"""A calendar to subscribe to: many entries in one file (RFC 5545, RFC 7986)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from icalendar import Timezone, vDuration

from bookings.calendars.event import CalendarEvent
from bookings.calendars.ics import add_times, beginning, entry_of
from bookings.calendars.text import one_line
from bookings.calendars.zones import lasting_vtimezone

REFRESH: Final = timedelta(hours=1)
"""How often a calendar is asked to look again; most keep to times of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One entry: what it shows, whether it is struck, and when that last changed."""

    event: CalendarEvent
    is_cancelled: bool
    changed_at: datetime


def calendar_file(title: str, entries: Sequence[FeedEntry]) -> bytes:
    """Return the file, UTF-8, lines folded and ended by CRLF; the same entries, the same bytes.

    Entries name nobody as organizer or attendee and the file has no METHOD: calendars show it
    and answer to nobody. Times are wall clock in each entry's zone, whose definition comes once;
    where no definition holds for all entries of a zone, theirs are UTC.
    """
    calendar = beginning()
    calendar.add("NAME", one_line(title))
    calendar.add("X-WR-CALNAME", one_line(title))
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", vDuration(REFRESH))
    zones = _definitions([entry.event for entry in entries])
    written = []
    told: set[str] = set()
    for entry in entries:
        event, at = entry.event, entry.changed_at.astimezone(UTC)
        component = entry_of(event, is_cancelled=entry.is_cancelled, stamp=at)
        component.add("LAST-MODIFIED", at)
        add_times(component, event, in_utc=zones[event.zone] is None)
        if "TZID" in component["DTSTART"].params:
            told.add(event.zone)
        written.append(component)
    for zone in sorted(told):
        if (definition := zones[zone]) is not None:
            calendar.add_component(definition)
    for component in written:
        calendar.add_component(component)
    file: bytes = calendar.to_ical()
    return file


def _definitions(events: Sequence[CalendarEvent]) -> dict[str, Timezone | None]:
    """Return each zone of the events with its definition, None where no single one holds."""
    in_zone: dict[str, list[CalendarEvent]] = defaultdict(list)
    for event in events:
        in_zone[event.zone].append(event)
    return {
        zone: lasting_vtimezone(
            zone, min(event.starts_at for event in same), max(event.ends_at for event in same)
        )
        for zone, same in in_zone.items()
    }

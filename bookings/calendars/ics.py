"""iCalendar files (RFC 5545, RFC 5546) that Outlook, Google and Apple take as an update."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress

from bookings.calendars.event import CalendarEvent, Participant
from bookings.calendars.text import one_line, paragraphs
from bookings.calendars.zones import vtimezone

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]

_PRODUCT = "-//Booking portal//EN"


def invitation(event: CalendarEvent, *, method: Method, stamp: datetime) -> bytes:
    """Return the calendar file for `event`, lines folded and ended by CRLF, UTF-8.

    `REQUEST` creates or updates the entry with the same uid in the attendees' calendars,
    `CANCEL` strikes it, `PUBLISH` is a plain copy to keep and names no attendees. `stamp` is
    when the file is made. Times are written as wall clock in the event's zone; those which
    the clocks show twice, and read the second time, only UTC can tell.
    """
    calendar = beginning()
    calendar.add("METHOD", method)
    entry = entry_of(event, is_cancelled=method == "CANCEL", stamp=stamp)
    if event.organizer is not None:
        entry.add("ORGANIZER", _address(event.organizer))
    if method != "PUBLISH":
        for attendee in event.attendees:
            entry.add("ATTENDEE", _attendee(attendee))
    add_times(entry, event)
    if "TZID" in entry["DTSTART"].params:
        calendar.add_component(vtimezone(event.zone, event.starts_at, event.ends_at))
    calendar.add_component(entry)
    file: bytes = calendar.to_ical()
    return file


def beginning() -> Calendar:
    """Return a calendar with what stands at the top of every file."""
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    return calendar


def entry_of(event: CalendarEvent, *, is_cancelled: bool, stamp: datetime) -> Event:
    """Return the VEVENT without its times and without people."""
    entry = Event()
    entry.add("UID", event.uid)
    entry.add("SEQUENCE", event.sequence)
    entry.add("DTSTAMP", stamp.astimezone(UTC))
    entry.add("STATUS", "CANCELLED" if is_cancelled else "CONFIRMED")
    entry.add("TRANSP", "TRANSPARENT" if is_cancelled else "OPAQUE")
    entry.add("SUMMARY", one_line(event.summary))
    if description := paragraphs(event.description):
        entry.add("DESCRIPTION", description)
    if location := one_line(event.location):
        entry.add("LOCATION", location)
    if url := one_line(event.url, 2000):
        entry.add("URL", url)
    return entry


def add_times(entry: Event, event: CalendarEvent, *, in_utc: bool = False) -> None:
    """Add start and end: wall clock in the event's zone, or UTC where the clock is not enough."""
    zone = ZoneInfo(event.zone)
    starts_at, ends_at = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if in_utc or starts_at.fold or ends_at.fold:
        starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    entry.add("DTSTART", starts_at)
    entry.add("DTEND", ends_at)


def _attendee(person: Participant) -> vCalAddress:
    """Return an attendee who has said yes by booking, so that no calendar asks for an answer."""
    address = _address(person)
    address.params["CUTYPE"] = "INDIVIDUAL"
    address.params["ROLE"] = "REQ-PARTICIPANT"
    address.params["PARTSTAT"] = "ACCEPTED"
    address.params["RSVP"] = "FALSE"
    return address


def _address(person: Participant) -> vCalAddress:
    """Return a calendar address; quotes, which parameters cannot hold, become apostrophes."""
    address = vCalAddress(f"mailto:{person.email}")
    if name := one_line(person.name, 200).replace('"', "'"):
        address.params["CN"] = name
    return address

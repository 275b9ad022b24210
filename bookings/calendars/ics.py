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
    zone = ZoneInfo(event.zone)
    starts_at, ends_at = event.starts_at.astimezone(zone), event.ends_at.astimezone(zone)
    if starts_at.fold or ends_at.fold:
        starts_at, ends_at = starts_at.astimezone(UTC), ends_at.astimezone(UTC)
    calendar = Calendar()
    calendar.add("PRODID", _PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    entry = _entry(event, method=method, stamp=stamp)
    entry.add("DTSTART", starts_at)
    entry.add("DTEND", ends_at)
    if "TZID" in entry["DTSTART"].params:
        calendar.add_component(vtimezone(event.zone, event.starts_at, event.ends_at))
    calendar.add_component(entry)
    file: bytes = calendar.to_ical()
    return file


def _entry(event: CalendarEvent, *, method: Method, stamp: datetime) -> Event:
    """Return the VEVENT without its times."""
    entry = Event()
    entry.add("UID", event.uid)
    entry.add("SEQUENCE", event.sequence)
    entry.add("DTSTAMP", stamp.astimezone(UTC))
    entry.add("STATUS", "CANCELLED" if method == "CANCEL" else "CONFIRMED")
    entry.add("TRANSP", "TRANSPARENT" if method == "CANCEL" else "OPAQUE")
    entry.add("SUMMARY", one_line(event.summary))
    if description := paragraphs(event.description):
        entry.add("DESCRIPTION", description)
    if location := one_line(event.location):
        entry.add("LOCATION", location)
    if url := one_line(event.url, 2000):
        entry.add("URL", url)
    entry.add("ORGANIZER", _address(event.organizer))
    if method != "PUBLISH":
        for attendee in event.attendees:
            entry.add("ATTENDEE", _attendee(attendee))
    return entry


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

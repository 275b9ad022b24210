"""Calendars of many entries, read back by libraries that share no code."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import recurring_ical_events
import vobject

from bookings.calendars.event import CalendarEvent
from bookings.calendars.feed import FeedEntry, calendar_file
from tests.calendars.entry import STAMP, entry

ZONES = [
    *("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago"),
    *("Asia/Tokyo", "Africa/Casablanca", "Asia/Kathmandu", "UTC"),
]
CHANGE = datetime(2026, 10, 25, tzinfo=UTC)
"""A midnight shortly before the clocks go back in Berlin."""


def two_years(zone: str) -> list[CalendarEvent]:
    """Return an entry in each week of two years, and one in each half hour of a change."""
    weeks = [datetime(2026, 1, 5, 8, tzinfo=UTC) + timedelta(days=7 * week) for week in range(104)]
    hours = [CHANGE + timedelta(minutes=30 * half) for half in range(8)]
    return [
        replace(
            entry(uid=f"visit-{number}", zone=zone),
            starts_at=at,
            ends_at=at + timedelta(minutes=30),
        )
        for number, at in enumerate(sorted(weeks + hours))
    ]


def file_of(events: list[CalendarEvent], title: str = "Salon") -> bytes:
    told = [FeedEntry(event=event, is_cancelled=False, changed_at=STAMP) for event in events]
    return calendar_file(title, told)


@pytest.mark.parametrize("zone", ZONES)
def test_every_reader_finds_every_instant_in_its_place(zone: str) -> None:
    events = two_years(zone)
    wanted = [event.starts_at for event in events]

    file = file_of(events)

    calendar = icalendar.Calendar.from_ical(file)
    found = recurring_ical_events.of(calendar).between(wanted[0], wanted[-1] + timedelta(days=1))
    assert sorted(each["DTSTART"].dt.astimezone(UTC) for each in found) == wanted
    vobject.icalendar.registerTzid(zone, None)
    read = vobject.readOne(file.decode()).vevent_list
    assert [each.dtstart.value.astimezone(UTC) for each in read] == wanted
    assert file.count(b"BEGIN:VTIMEZONE") <= 1


def test_a_zone_without_a_lasting_rule_is_told_in_utc() -> None:
    file = file_of(two_years("Africa/Casablanca"))

    assert b"TZID" not in file
    assert file.count(b"DTSTART:") == 112


def test_each_zone_is_defined_once_however_many_entries_it_has() -> None:
    file = file_of(two_years("Europe/Berlin") + two_years("Asia/Tokyo"))

    zones = icalendar.Calendar.from_ical(file).walk("VTIMEZONE")
    assert [str(zone["TZID"]) for zone in zones] == ["Asia/Tokyo", "Europe/Berlin"]


def test_nobody_is_invited_by_a_feed_and_nothing_steers_it() -> None:
    hostile = entry(summary="Cut\r\nATTENDEE:mailto:x@example.org", description="a\r\nb\x00")

    file = file_of([hostile], title="Salon\r\nMETHOD:REQUEST")

    for word in (b"\nMETHOD", b"\nATTENDEE", b"\nORGANIZER", b"\x00"):
        assert word not in file
    calendar = icalendar.Calendar.from_ical(file)
    assert str(calendar["X-WR-CALNAME"]) == "Salon METHOD:REQUEST"
    assert calendar["REFRESH-INTERVAL"].dt == timedelta(hours=1)
    assert b"X-PUBLISHED-TTL:PT1H\r\n" in file


def test_an_empty_calendar_is_a_calendar() -> None:
    file = file_of([])

    assert icalendar.Calendar.from_ical(file).walk("VEVENT") == []
    assert vobject.readOne(file.decode()).contents["x-wr-calname"][0].value == "Salon"

"""Zone definitions, held against the zone database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical

from bookings.calendars.zones import vtimezone

MOMENTS = [datetime(2026, 1, 15, 10, tzinfo=UTC) + timedelta(days=13 * n) for n in range(56)]
ZONES = {  # one of those that agree at all these moments
    tuple(moment.astimezone(ZoneInfo(name)).utcoffset() for moment in MOMENTS): name
    for name in sorted(available_timezones())
    if "/" in name
}.values()


def test_berlin_is_written_by_rule() -> None:
    at = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)

    lines = vtimezone("Europe/Berlin", at, at).to_ical().decode().split("\r\n")

    assert lines == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Berlin",
        "BEGIN:DAYLIGHT",
        "DTSTART:19700329T020000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
        "TZNAME:CEST",
        "TZOFFSETFROM:+0100",
        "TZOFFSETTO:+0200",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:19701025T030000",
        "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
        "TZNAME:CET",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0100",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]


@pytest.mark.parametrize("zone", ZONES)
def test_every_kind_of_zone_reads_as_the_database_has_it(zone: str) -> None:
    wrong = []
    for at in MOMENTS:
        until = at + timedelta(hours=3)
        read = tzical(StringIO(vtimezone(zone, at, until).to_ical().decode())).get()
        for instant in (at, until):
            clock = instant.astimezone(ZoneInfo(zone))
            if clock.replace(tzinfo=read).utcoffset() != clock.utcoffset():
                wrong.append(instant)

    assert wrong == []


def test_a_zone_that_no_rule_describes_has_the_offset_of_the_day() -> None:
    at = datetime(2026, 2, 16, 9, 0, tzinfo=UTC)

    lines = vtimezone("Africa/Casablanca", at, at).to_ical().decode().split("\r\n")

    assert lines == [
        "BEGIN:VTIMEZONE",
        "TZID:Africa/Casablanca",
        "BEGIN:STANDARD",
        "DTSTART:19700101T000000",
        "TZNAME:+00",
        "TZOFFSETFROM:+0000",
        "TZOFFSETTO:+0000",
        "END:STANDARD",
        "END:VTIMEZONE",
        "",
    ]

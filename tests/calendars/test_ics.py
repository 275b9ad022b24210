"""Calendar files, read back by two libraries that share no code."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import icalendar
import pytest
import vobject

from bookings.calendars.event import CalendarEvent, Participant
from bookings.calendars.ics import Method, invitation
from tests.calendars.entry import STAMP, entry, held

Meaning = dict[str, object]


def as_icalendar_reads(file: bytes) -> Meaning:
    """Return what the `icalendar` library understands."""
    calendar = icalendar.Calendar.from_ical(file)
    (event,) = calendar.walk("VEVENT")
    attendees = event.get("ATTENDEE", [])
    attendees = attendees if isinstance(attendees, list) else [attendees]
    return {
        "method": str(calendar["METHOD"]),
        "uid": str(event["UID"]),
        "sequence": int(event["SEQUENCE"]),
        "stamp": event["DTSTAMP"].dt.astimezone(UTC),
        "starts_at": event["DTSTART"].dt.astimezone(UTC),
        "ends_at": event["DTEND"].dt.astimezone(UTC),
        "zone": event["DTSTART"].params.get("TZID", "UTC"),
        "status": str(event["STATUS"]),
        "summary": str(event["SUMMARY"]),
        "description": str(event.get("DESCRIPTION", "")),
        "location": str(event.get("LOCATION", "")),
        "url": str(event.get("URL", "")),
        "organizer": (event["ORGANIZER"].params.get("CN", ""), str(event["ORGANIZER"])),
        "attendees": [(person.params.get("CN", ""), str(person)) for person in attendees],
    }


def as_vobject_reads(file: bytes) -> Meaning:
    """Return what the `vobject` library understands, its zone taken from the file alone."""
    for zone in re.findall("TZID[:=]([^:\r]+)", file.decode()):
        vobject.icalendar.registerTzid(zone, None)
    calendar = vobject.readOne(file.decode())
    (event,) = calendar.vevent_list

    def text(name: str) -> str:
        return str(event.getChildValue(name, ""))

    def person(line: vobject.base.ContentLine) -> tuple[str, str]:
        return (line.params.get("CN", [""])[0], line.value)

    return {
        "method": calendar.method.value,
        "uid": text("uid"),
        "sequence": int(text("sequence")),
        "stamp": event.dtstamp.value.astimezone(UTC),
        "starts_at": event.dtstart.value.astimezone(UTC),
        "ends_at": event.dtend.value.astimezone(UTC),
        "zone": event.dtstart.params.get("X-VOBJ-ORIGINAL-TZID", ["UTC"])[0],
        "status": text("status"),
        "summary": text("summary"),
        "description": text("description"),
        "location": text("location"),
        "url": text("url"),
        "organizer": person(event.organizer),
        "attendees": [person(line) for line in event.contents.get("attendee", [])],
    }


def meant(event: CalendarEvent, method: Method, *, zone: str) -> Meaning:
    """Return what a reader has to understand."""
    return {
        "method": method,
        "uid": event.uid,
        "sequence": event.sequence,
        "stamp": STAMP,
        "starts_at": event.starts_at.astimezone(UTC),
        "ends_at": event.ends_at.astimezone(UTC),
        "zone": zone,
        "status": "CANCELLED" if method == "CANCEL" else "CONFIRMED",
        "summary": event.summary,
        "description": event.description,
        "location": event.location,
        "url": event.url,
        "organizer": (event.organizer.name, f"mailto:{event.organizer.email}"),
        "attendees": [(p.name, f"mailto:{p.email}") for p in event.attendees],
    }


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_two_libraries_read_what_was_meant(method: Method) -> None:
    file = invitation(entry(), method=method, stamp=STAMP)

    assert as_icalendar_reads(file) == meant(entry(), method, zone="Europe/Berlin")
    assert as_vobject_reads(file) == meant(entry(), method, zone="Europe/Berlin")


@pytest.mark.parametrize(
    "event",
    [
        held("Europe/Berlin", 2026, 3, 28, 23, 30, minutes=600),  # over the spring change
        held("Europe/Berlin", 2026, 3, 29, 3, 0),
        held("Europe/Berlin", 2026, 10, 25, 2, 30, minutes=15),  # the first time the clocks show it
        held("Europe/Berlin", 2026, 10, 25, 1, 30, minutes=30),
        held("Europe/Berlin", 2026, 7, 1, 9, 0),
        held("Europe/Dublin", 2026, 7, 1, 9, 0),
        held("America/New_York", 2027, 3, 14, 3, 0),
        held("America/Sao_Paulo", 2026, 11, 3, 9, 0),
        held("America/Sao_Paulo", 2018, 11, 5, 9, 0),  # the last summer time there
        held("Asia/Kolkata", 2026, 11, 3, 9, 0),
        held("Asia/Kathmandu", 2026, 11, 3, 9, 0),
        held("Asia/Jerusalem", 2026, 3, 27, 9, 0),
        held("Australia/Lord_Howe", 2026, 10, 4, 9, 0),
        held("Australia/Sydney", 2027, 1, 4, 9, 0),
        held("Africa/Casablanca", 2026, 2, 16, 9, 0),  # summer time pauses for Ramadan
        held("Africa/Casablanca", 2026, 2, 14, 9, 0, minutes=3 * 24 * 60),
        held("Pacific/Chatham", 2026, 11, 3, 9, 0),
    ],
    ids=lambda event: f"{event.zone} {event.starts_at:%Y-%m-%d}",
)
def test_the_time_is_right_in_every_zone(event: CalendarEvent) -> None:
    file = invitation(event, method="REQUEST", stamp=STAMP)

    assert as_icalendar_reads(file) == meant(event, "REQUEST", zone=event.zone)
    assert as_vobject_reads(file) == meant(event, "REQUEST", zone=event.zone)


def test_a_time_that_the_clocks_show_again_is_written_in_utc() -> None:
    event = held("Europe/Berlin", 2026, 10, 25, 2, 30, fold=1)

    file = invitation(event, method="REQUEST", stamp=STAMP)

    assert b"DTSTART:20261025T013000Z\r\n" in file
    assert as_icalendar_reads(file) == meant(event, "REQUEST", zone="UTC")
    assert as_vobject_reads(file) == meant(event, "REQUEST", zone="UTC")


def test_a_move_and_a_cancellation_keep_the_uid_and_raise_the_sequence() -> None:
    first = entry()
    moved = replace(
        first,
        sequence=1,
        starts_at=first.starts_at + timedelta(days=1),
        ends_at=first.ends_at + timedelta(days=1),
    )
    gone = replace(moved, sequence=2)

    read = [
        as_icalendar_reads(invitation(first, method="REQUEST", stamp=STAMP)),
        as_icalendar_reads(invitation(moved, method="REQUEST", stamp=STAMP)),
        as_icalendar_reads(invitation(gone, method="CANCEL", stamp=STAMP)),
    ]

    assert [(said["method"], said["sequence"], said["status"]) for said in read] == [
        ("REQUEST", 0, "CONFIRMED"),
        ("REQUEST", 1, "CONFIRMED"),
        ("CANCEL", 2, "CANCELLED"),
    ]
    assert {said["uid"] for said in read} == {first.uid}


def test_a_published_copy_names_no_attendees() -> None:
    file = invitation(entry(), method="PUBLISH", stamp=STAMP)

    assert as_icalendar_reads(file) == meant(entry(), "PUBLISH", zone="Europe/Berlin") | {
        "attendees": []
    }


def test_nobody_is_asked_to_answer() -> None:
    file = invitation(entry(), method="REQUEST", stamp=STAMP).replace(b"\r\n ", b"")

    assert (
        b'ATTENDEE;CN="Jo Smith";CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;'
        b"ROLE=REQ-PARTICIPANT;RSVP=FALSE:mailto:jo@smith.example\r\n"
    ) in file


def test_lines_are_folded_and_end_in_crlf() -> None:
    file = invitation(entry(summary="Ü" * 500), method="REQUEST", stamp=STAMP)

    lines = file.split(b"\r\n")
    assert lines[-1] == b""
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in b"".join(lines)
    assert b"\r" not in b"".join(lines)


HOSTILE = (
    "Jo\r\nATTENDEE:mailto:eve@evil.example\r\nEND:VEVENT",
    "Jo\rX-EVIL:1",
    "Jo\nX-EVIL:1",
    "Jo\u2028X-EVIL:1\u0085X-EVIL:2",
    '";CN=x:mailto:eve@evil.example',
    "a;b:c,d\\n^n^'",
    "<script>alert(1)</script>",
    "{{ 7|add:1 }}{% debug %}",
    "=1+1",
    "\u202eevil\u202c \u2066x\u2069",
    "👩🏽‍🚀 Zoë",
    "\x00\x07\x1b[31mred",
    "x" * 1000,
)


@pytest.mark.parametrize("text", HOSTILE, ids=[ascii(text[:20]) for text in HOSTILE])
def test_hostile_text_stays_text(text: str) -> None:
    plain = invitation(entry(), method="REQUEST", stamp=STAMP)
    event = entry(
        summary=text,
        description=text,
        location=text,
        organizer=Participant(name=text, email="salon@moewe.example"),
        attendees=(Participant(name=text, email="jo@smith.example"),),
    )

    file = invitation(event, method="REQUEST", stamp=STAMP)

    assert names_of_lines(file) == names_of_lines(plain)
    for read in (as_icalendar_reads(file), as_vobject_reads(file)):
        assert read["attendees"] == [(read["organizer"][0], "mailto:jo@smith.example")]
        assert not set("\r\n\x00\x07\x1b\u2028\u202e\u2066") & set(str(read["summary"]))


def names_of_lines(file: bytes) -> list[bytes]:
    """Return the property names of a calendar file, in order."""
    unfolded = file.replace(b"\r\n ", b"").split(b"\r\n")
    return [line.replace(b";", b":").split(b":")[0] for line in unfolded]


def test_the_same_event_gives_the_same_file() -> None:
    def made() -> bytes:
        return invitation(entry(), method="REQUEST", stamp=STAMP)

    assert made() == made()


def test_the_stamp_is_written_in_utc() -> None:
    stamp = datetime.fromisoformat("2026-01-02T04:04:05+01:00")

    assert b"DTSTAMP:20260102T030405Z\r\n" in invitation(entry(), method="REQUEST", stamp=stamp)

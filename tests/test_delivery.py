"""From a decision to the letters that leave the house."""

from __future__ import annotations

from datetime import timedelta

import icalendar
import pytest
from django.core import mail

from bookings import commands
from bookings.models import Message
from bookings.tasks import deliver
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """Return the present: delivery reads the real clock."""
    return make.today()


def _calendar(letter) -> icalendar.Event:
    part = next(
        part for part in letter.message().walk() if part.get_content_type() == "text/calendar"
    )
    return icalendar.Calendar.from_ical(part.get_payload(decode=True)).walk("VEVENT")[0]


def test_a_booking_sends_its_customer_a_letter_with_link_and_calendar_file(now):
    service = make.service()
    booked = commands.book(
        service=service,
        starts_at=make.next_start(service, now),
        contact=make.contact(name="Jo", email="jo@example.org"),
        answers={},
        now=now,
    )

    assert deliver() == 3

    letter = next(letter for letter in mail.outbox if letter.to == ["jo@example.org"])
    assert booked.token in letter.body
    assert booked.booking.reference in letter.body
    event = _calendar(letter)
    assert str(event["UID"]).startswith(str(booked.booking.public_id))
    assert event["DTSTART"].dt == booked.booking.appointment.starts_at
    assert not Message.objects.filter(sent_at=None).exists()


def test_a_move_and_a_cancellation_update_the_same_calendar_entry(now):
    service = make.service(cancellation_notice=timedelta(0))
    booking = make.booking(
        service,
        starts_at=make.next_start(service, now),
        contact=make.contact(email="jo@example.org"),
        now=now,
    )
    deliver()
    commands.reschedule(booking=booking, starts_at=make.next_start(service, now, skip=2), now=now)
    deliver()
    commands.cancel_booking(booking=booking, reason="ill", now=now)
    deliver()

    events = [_calendar(letter) for letter in mail.outbox if letter.to == ["jo@example.org"]]
    assert len({str(event["UID"]) for event in events}) == 1
    assert [int(event["SEQUENCE"]) for event in events] == [0, 1, 2]
    assert str(events[-1]["STATUS"]) == "CANCELLED"


def test_a_confirmation_that_waited_past_the_cancellation_is_dropped(now):
    service = make.service(cancellation_notice=timedelta(0))
    booking = make.booking(service, starts_at=make.next_start(service, now), now=now)
    commands.cancel_booking(booking=booking, now=now)

    deliver()

    to_customer = Message.objects.filter(audience="customer").order_by("pk")
    assert [message.state for message in to_customer] == ["dropped", "sent"]


def test_my_bookings_go_to_the_address_that_asks_and_nobody_learns_more(now):
    service = make.service()
    make.booking(
        service,
        starts_at=make.next_start(service, now),
        contact=make.contact(email="jo@example.org"),
        now=now,
    )
    deliver()
    mail.outbox.clear()

    for address in ("JO@example.org", "jo@example.org", "nobody@example.org"):
        commands.send_my_bookings(business=service.business, email=address, now=now)
    deliver()

    assert [letter.to for letter in mail.outbox] == [["jo@example.org"]]
    assert "/m/" in mail.outbox[0].body


def test_staff_read_who_was_in_an_appointment_that_is_cancelled(now):
    service = make.service(capacity=3)
    start = make.next_start(service, now)
    for name in ("Ann", "Bob"):
        booking = make.booking(service, starts_at=start, contact=make.contact(name=name), now=now)
    deliver()
    mail.outbox.clear()

    commands.cancel_appointment(
        appointment=booking.appointment, reason="ill", now=now, actor=commands.SYSTEM
    )
    deliver()

    letter = next(letter for letter in mail.outbox if letter.to == [service.resources.get().email])
    assert ("Ann" in letter.body, "Bob" in letter.body) == (True, True)
    event = _calendar(letter)
    assert (str(event["STATUS"]), len(event["ATTENDEE"])) == ("CANCELLED", 2)

"""What the letters of a decision say, and what their calendar files do."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from bookings import commands
from bookings.commands import Actor
from bookings.engine.policy import Override
from bookings.models import Booking, Resource, Service
from bookings.tasks import deliver
from tests import make

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
JO, BOX, ANN, BOB = "jo@example.org", "salon@example.org", "ann@example.org", "bob@example.org"


@pytest.fixture
def now() -> datetime:
    """Return the present: delivery reads the real clock."""
    return make.today()


def salon(**fields: Any) -> tuple[Service, Resource, Resource]:
    """Return a service of a salon that Ann and Bob offer, and the two."""
    business = make.business(name="Salon", slug="salon", mailbox=BOX)
    ann = make.staff(business, name="Ann", email=ANN)
    bob = make.staff(business, name="Bob", email=BOB)
    values = {"name": "Cut", "cancellation_notice": timedelta(0)}
    return make.service(business, by=[ann, bob], **values | fields), ann, bob


def asked(now: datetime, **fields: Any) -> Booking:
    """Return Jo's request to Ann, told to everybody."""
    service, ann, _ = salon(needs_approval=True, **fields)
    return make.booking(
        service,
        starts_at=make.next_start(service, now),
        staff=ann,
        contact=make.contact(name="Jo", email=JO),
        now=now,
    )


def delivered() -> dict[str, EmailMultiAlternatives]:
    """Send what is due and return the mails by address."""
    mail.outbox.clear()
    deliver()
    return {letter.to[0]: letter for letter in mail.outbox}


def opening(letter: EmailMultiAlternatives) -> str:
    return str(letter.body).splitlines()[2]


def calendar(letter: EmailMultiAlternatives) -> tuple[str, icalendar.Event] | None:
    """Return the method and the entry of a mail's calendar file, None where it has none."""
    for part in letter.message().walk():
        if part.get_content_type() == "text/calendar":
            file = icalendar.Calendar.from_ical(part.get_payload(decode=True))
            return str(file["METHOD"]), file.walk("VEVENT")[0]
    return None


def everything(letter: EmailMultiAlternatives) -> str:
    """Return all the parts of a mail, decoded."""
    parts = (part.get_payload(decode=True) for part in letter.message().walk())
    return "".join(part.decode() for part in parts if isinstance(part, bytes))


def attendees(event: icalendar.Event) -> list[str]:
    found = event.get("ATTENDEE", [])
    return sorted(str(each) for each in (found if isinstance(found, list) else [found]))


def test_a_request_thanks_the_customer_and_asks_the_house(now):
    booking = asked(now, confirmation_note="Bring a towel.", join_link="https://meet.example/x")

    page = reverse("desk:appointment", args=["salon", booking.appointment.public_id])
    letters = delivered()

    assert set(letters) == {JO, ANN, BOX}
    assert letters[JO].subject.startswith("Requested: Cut, ")
    assert opening(letters[JO]) == (
        "Thank you for asking. This time is kept for you until Salon has looked at your request; "
        "then we write to you again."
    )
    lines = letters[JO].body.splitlines()
    assert lines[3:5] == ["", "Cut"]
    assert "See, move or withdraw your request:" in lines
    assert "towel" not in letters[JO].body
    for address in (ANN, BOX):
        house = letters[address]
        assert house.subject.startswith("Please decide: Cut, ")
        assert opening(house) == "Jo asks for Cut. The time is kept until you approve or decline."
        assert f"{settings.PUBLIC_URL}{page}" in house.body.splitlines()
        assert "/m/" not in house.body
        assert JO in house.body
    for letter in letters.values():
        assert "meet.example" not in letter.body
        assert calendar(letter) is None


def test_an_approved_request_is_confirmed_with_an_invitation(now):
    booking = asked(now)
    delivered()

    commands.approve(booking=booking, now=now, actor=DESK)
    letters = delivered()

    assert set(letters) == {JO, ANN, BOX}
    assert letters[JO].subject.startswith("Confirmed: Cut, ")
    assert opening(letters[ANN]) == "Jo is booked for Cut."
    method, event = calendar(letters[JO])
    assert (method, str(event["STATUS"]), attendees(event)) == (
        "REQUEST",
        "CONFIRMED",
        [f"mailto:{JO}"],
    )
    assert calendar(letters[ANN])[0] == "REQUEST"


def test_a_request_that_is_decided_before_its_letters_left_is_not_asked_for_any_more(now):
    booking = asked(now)
    commands.approve(booking=booking, now=now, actor=DESK)

    letters = delivered()

    assert {letter.subject.split(":")[0] for letter in letters.values()} == {
        "Confirmed",
        "New booking",
    }


def test_a_declined_request_says_why_and_strikes_nothing_out_of_a_calendar(now):
    booking = asked(now)
    delivered()

    commands.decline(booking=booking, reason="We paint", now=now, actor=DESK)
    letters = delivered()

    assert letters[JO].subject.startswith("Declined: Cut, ")
    assert opening(letters[JO]) == "Salon cannot take this appointment. We are sorry."
    assert "  Reason: We paint" in letters[JO].body.splitlines()
    assert "Book another time:" in letters[JO].body
    assert opening(letters[ANN]) == "The request of Jo for Cut is declined."
    assert [calendar(letter) for letter in letters.values()] == [None, None, None]


def test_a_request_that_moves_and_is_withdrawn_stays_out_of_calendars(now):
    booking = asked(now)
    service = booking.appointment.service
    delivered()

    commands.reschedule(booking=booking, starts_at=make.next_start(service, now, skip=3), now=now)
    moved = delivered()
    commands.cancel_booking(booking=booking, now=now)
    withdrawn = delivered()

    assert opening(moved[JO]) == (
        "Your request has been changed as you asked. Salon still has to approve it."
    )
    assert (
        opening(moved[ANN]) == "Jo has changed the request for Cut. It still waits for your answer."
    )
    assert all(each in moved[ANN].body for each in ("\nApprove:\n", "\nDecline:\n"))
    assert withdrawn[JO].subject.startswith("Withdrawn: Cut, ")
    assert opening(withdrawn[JO]) == "Your request to Salon is withdrawn, as you asked."
    assert opening(withdrawn[ANN]) == "Jo has withdrawn the request for Cut."
    assert [calendar(each) for each in (*moved.values(), *withdrawn.values())] == [None] * 6


def test_in_a_group_calendars_hold_only_who_is_confirmed(now):
    first = asked(now, capacity=3)
    service, start = first.appointment.service, first.appointment.starts_at
    kim = make.contact(name="Kim", email="kim@example.org")
    second = make.booking(service, starts_at=start, contact=kim, now=now)
    assert second.appointment == first.appointment
    commands.approve(booking=second, now=now, actor=DESK)

    letters = delivered()
    method, event = calendar(letters[ANN])
    assert (method, attendees(event)) == ("REQUEST", ["mailto:kim@example.org"])

    commands.cancel_booking(booking=second, now=now)
    delivered()
    commands.cancel_booking(booking=first, now=now)
    gone = delivered()

    assert calendar(gone[JO]) is None
    assert calendar(gone[ANN])[0] == "CANCEL", "what once stood in it leaves the calendar"


def test_who_gets_and_who_gives_an_appointment_are_told_and_so_is_the_customer(now):
    service, ann, bob = salon()
    start, contact = make.next_start(service, now), make.contact(name="Jo", email=JO)
    booking = make.booking(service, starts_at=start, staff=ann, contact=contact, now=now)
    delivered()

    commands.reassign(appointment=booking.appointment, staff=bob, now=now, actor=DESK)
    letters = delivered()

    assert set(letters) == {JO, ANN, BOB, BOX}
    assert letters[JO].subject.startswith("Changed: Cut, ")
    told = letters[JO].body.splitlines()
    assert told[told.index("  With: Bob") + 1] == "    before: Ann"
    assert sum("before:" in line for line in told) == 1
    assert opening(letters[ANN]) == "Cut is no longer on your day: it is now with Bob."
    assert letters[ANN].subject.startswith("Handed over: Cut, ")
    assert calendar(letters[ANN])[0] == "CANCEL"
    assert opening(letters[BOB]) == "The booking of Jo for Cut has been changed."
    assert calendar(letters[BOB])[0] == "REQUEST"
    assert int(calendar(letters[JO])[1]["SEQUENCE"]) == 1


def test_a_request_is_handed_over_as_a_request(now):
    booking = asked(now)
    delivered()

    bob = Resource.objects.get(name="Bob")
    commands.reassign(appointment=booking.appointment, staff=bob, now=now, actor=DESK)
    letters = delivered()

    assert opening(letters[ANN]) == (
        "The request for Cut is no longer on your day: it is now with Bob."
    )
    assert "Approve or decline" not in letters[ANN].body
    assert opening(letters[JO]).startswith("Salon has changed your request, which still has")
    assert [calendar(letter) for letter in letters.values()] == [None] * 4


@pytest.fixture
def noted(now) -> Booking:
    """Return Jo's booking with internal notes that nobody has been told of yet."""
    service, ann, _ = salon()
    contact = make.contact(name="Jo", email=JO)
    start = make.next_start(service, now)
    booking = make.booking(service, starts_at=start, staff=ann, contact=contact, now=now)
    commands.write_notes(
        appointment=booking.appointment, text="Canary-7\nPays late", now=now, actor=DESK
    )
    return booking


def test_internal_notes_are_in_the_letters_of_staff_alone_and_in_no_calendar(noted, now):
    confirmed = delivered()
    commands.reschedule(
        booking=noted, starts_at=make.next_start(noted.appointment.service, now, skip=2), now=now
    )
    changed = delivered()
    commands.cancel_booking(booking=noted, now=now)
    cancelled = delivered()

    for letters in (confirmed, changed):
        assert "  Internal notes:\n    Canary-7\n    Pays late\n" in letters[ANN].body
        assert "Canary-7" in letters[BOX].body
    for letters in (confirmed, changed, cancelled):
        assert "Canary-7" not in everything(letters[JO])
        for letter in letters.values():
            _, event = calendar(letter)
            assert "Canary-7" not in str(event["DESCRIPTION"])


def test_a_walk_in_that_is_entered_afterwards_is_noted_and_not_looked_forward_to(now):
    service, ann, _ = salon(interval=timedelta(minutes=1))
    start = (now - timedelta(hours=1)).replace(second=0, microsecond=0)

    booking = make.booking(
        service,
        starts_at=start,
        staff=ann,
        contact=make.contact(email=JO),
        now=now,
        actor=DESK,
        overrides=frozenset({Override.LEAD, Override.HOURS}),
        because="She walked in",
    )
    letters = delivered()

    assert booking.state == "confirmed"
    assert opening(letters[JO]) == (
        "Salon has noted your appointment. This is what we have written down."
    )
    assert "See your appointment:" in letters[JO].body
    assert calendar(letters[JO]) is None
    assert "She walked in" not in "".join(str(letter.body) for letter in letters.values())
    commands.check_in(booking=booking, now=now, actor=DESK)
    assert commands.complete(booking=booking, now=now, actor=DESK).completed_at == now


def test_my_bookings_say_what_still_awaits_approval(now):
    booking = asked(now)
    delivered()
    commands.send_my_bookings(business=booking.business, email=JO, now=now)

    lines = delivered()[JO].body.splitlines()

    assert lines[lines.index("Cut") + 2] == "  awaiting approval"


def test_what_was_answered_stands_in_words(now: datetime) -> None:
    service, ann, _ = salon()
    party = make.question(service, kind="date", text="When is the wedding?")
    first = make.question(service, kind="yes_no", text="First visit?")
    make.booking(
        service,
        starts_at=make.next_start(service, now),
        staff=ann,
        contact=make.contact(name="Jo", email=JO),
        answers={str(party.public_id): "2031-05-17", str(first.public_id): "yes"},
        now=now,
    )

    letters = delivered()
    for letter in (letters[JO], letters[ANN]):
        assert "When is the wedding? Saturday 17 May 2031" in str(letter.body)
        assert "First visit? Yes" in str(letter.body)

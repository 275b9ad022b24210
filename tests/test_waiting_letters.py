"""What those who wait for a place are written."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives

from bookings import commands
from bookings.commands import Actor
from bookings.models import Appointment, Booking
from bookings.tasks import deliver
from tests import make

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
JO = "jo@example.org"


@pytest.fixture
def now() -> datetime:
    """Return the present: delivery reads the real clock."""
    return make.today()


def waiting(now: datetime, **fields: Any) -> Booking:
    """Return Jo's place in the line for a full session of yoga."""
    business = make.business(name="Studio", mailbox="studio@example.org")
    values = {"name": "Yoga", "capacity": 2, "has_waitlist": True, "join_link": "https://x.example"}
    service = make.service(business, by=[make.staff(business, name="Ann")], **values | fields)
    start = make.next_start(service, now)
    for _ in range(2):
        make.booking(service, starts_at=start, now=now, actor=DESK)
    session = Appointment.objects.get()
    joined = commands.join_waitlist(
        appointment=session, contact=make.contact(name="Jo", email=JO), answers={}, now=now
    )
    return joined.booking


def letters(address: str = JO) -> list[EmailMultiAlternatives]:
    """Send what is due and return the mails to an address."""
    mail.outbox.clear()
    deliver()
    return [letter for letter in mail.outbox if letter.to == [address]]


def free_a_place(session: Appointment, now: datetime) -> None:
    first = session.bookings.filter(state="confirmed").earliest("pk")
    commands.cancel_booking(booking=first, now=now, actor=DESK)


def opening(letter: EmailMultiAlternatives) -> str:
    return str(letter.body).splitlines()[2]


def test_who_joins_is_told_what_happens_next_and_how_to_leave(now: datetime) -> None:
    waiting(now)

    (letter,) = letters()

    assert letter.subject.startswith("On the waiting list: Yoga, ")
    assert opening(letter).startswith("All places are taken, so you are on the waiting list of")
    assert "See it, or leave the list:\n" in letter.body
    assert re.search(r"/m/[\w-]{43}/", letter.body)
    assert "x.example" not in letter.body
    assert not letter.attachments


def test_an_offer_says_until_when_and_has_both_answers(now: datetime) -> None:
    booking = waiting(now)
    letters()
    free_a_place(booking.appointment, now)

    (letter,) = letters()

    booking.refresh_from_db()
    assert booking.expires_at is not None
    assert letter.subject.startswith("A place for you: Yoga, ")
    assert f"It is kept for you until {booking.expires_at:%a} {booking.expires_at.day} " in (
        letter.body
    )
    take, leave = re.findall(r"/a/[\w-]{43}/\?choose=(\w+)", letter.body)
    assert (take, leave) == ("take", "leave")
    assert "\nTake the place:\n" in letter.body
    assert "\nNo, thank you:\n" in letter.body
    assert "still has to approve" not in letter.body


def test_what_is_no_longer_true_is_not_sent(now: datetime) -> None:
    booking = waiting(now)
    free_a_place(booking.appointment, now)

    (offer,) = letters()
    assert offer.subject.startswith("A place for you")

    commands.take_place(booking=booking, now=now)
    (confirmed,) = letters()
    assert confirmed.subject.startswith("Confirmed: Yoga")


def test_an_offer_that_was_answered_before_it_left_is_not_sent(now: datetime) -> None:
    booking = waiting(now, needs_approval=True)
    letters()
    free_a_place(booking.appointment, now)
    commands.take_place(booking=booking, now=now)

    (requested,) = letters()

    assert requested.subject.startswith("Requested: Yoga")


@pytest.mark.parametrize(
    ("end", "subject", "said"),
    [
        ("leave", "Off the waiting list: Yoga", "as you asked"),
        ("remove", "Off the waiting list: Yoga", "Studio has taken you off the waiting list."),
        ("lapse", "Off the waiting list: Yoga", "so we offer it to the next in line"),
        ("cancel", "Cancelled: Yoga", "that you were on the waiting list of"),
    ],
)
def test_who_is_off_the_list_is_told_why(now: datetime, end: str, subject: str, said: str) -> None:
    booking = waiting(now)
    session = booking.appointment
    if end == "lapse":
        free_a_place(session, now)
    letters()

    if end == "leave":
        commands.leave_waitlist(booking=booking, now=now)
    elif end == "remove":
        commands.leave_waitlist(booking=booking, reason="Too many", now=now, actor=DESK)
    elif end == "lapse":
        Booking.objects.filter(pk=booking.pk).update(expires_at=now)
        commands.sweep_expired(now=now)
    else:
        commands.cancel_appointment(appointment=session, reason="Ill", now=now, actor=DESK)
    (letter,) = letters()

    assert letter.subject.startswith(subject)
    assert said in opening(letter)
    assert ("Too many" in letter.body) is (end == "remove")
    assert ("Ill" in letter.body) is (end == "cancel")
    assert "Book another time:" in letter.body
    assert "/m/" not in letter.body


def test_who_waits_learns_that_the_session_has_moved_and_until_when_a_place_is_kept(
    now: datetime,
) -> None:
    booking = waiting(now)
    session = booking.appointment
    letters()

    start = make.next_start(session.service, now, skip=9)
    moved = commands.reschedule_appointment(
        appointment=session, starts_at=start, now=now, actor=DESK
    )
    (letter,) = letters()
    assert letter.subject.startswith("Waiting list, changed: Yoga")
    assert "You are still on the waiting list" in opening(letter)
    assert "before: " in letter.body

    free_a_place(moved, now)
    letters()
    commands.reschedule_appointment(
        appointment=moved,
        starts_at=make.next_start(session.service, now, skip=5),
        now=now,
        actor=DESK,
    )
    (letter,) = letters()
    assert "A place in it is kept for you until" in opening(letter)
    assert "?choose=take" in letter.body


def test_the_letter_with_all_bookings_has_the_lists_too(now: datetime) -> None:
    booking = waiting(now)
    letters()

    commands.send_my_bookings(business=booking.business, email=JO, now=now)

    (letter,) = letters()
    assert "on the waiting list" in letter.body
    assert "/m/" in letter.body

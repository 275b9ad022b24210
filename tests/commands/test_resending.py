"""Sending a letter once more."""

from __future__ import annotations

import pytest
from django.core import mail

from bookings import commands
from bookings.commands import Actor
from bookings.errors import OnItsWay
from bookings.models import Booking, Event, Message
from bookings.tasks import deliver
from tests import make

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "desk@example.org")


@pytest.fixture
def now():
    """Return the present: delivery reads the real clock."""
    return make.today()


@pytest.fixture
def booking(now) -> Booking:
    service = make.service()
    contact = make.contact(email="jo@example.org")
    start = make.next_start(service, now)
    return make.booking(service, starts_at=start, contact=contact, now=now)


def letter() -> Message:
    return Message.objects.filter(address="jo@example.org", topic="confirmed").earliest("pk")


def test_a_letter_leaves_again_as_a_mail_of_its_own_and_who_sent_it_is_known(booking, now):
    deliver()
    mail.outbox.clear()

    again = commands.resend(message=letter(), now=now, actor=DESK)
    deliver()

    assert [each.to for each in mail.outbox] == [["jo@example.org"]]
    assert again.key == f"{letter().key}:again:1"
    event = Event.objects.get(kind="message.resent")
    assert (event.actor, event.booking, event.data) == (
        str(DESK),
        booking,
        {"topic": "confirmed", "audience": "customer"},
    )


def test_every_repeat_has_a_number_whichever_of_them_is_repeated(booking, now):
    deliver()
    first = letter()
    second = commands.resend(message=first, now=now, actor=DESK)
    deliver()
    second.refresh_from_db()
    third = commands.resend(message=second, now=now, actor=DESK)

    assert third.key == f"{first.key}:again:2"


def test_what_has_not_left_yet_is_not_repeated(booking, now):
    waiting = Message.objects.get(address="jo@example.org")
    with pytest.raises(OnItsWay):
        commands.resend(message=waiting, now=now, actor=DESK)
    deliver()
    commands.resend(message=waiting, now=now, actor=DESK)

    with pytest.raises(OnItsWay):
        commands.resend(message=waiting, now=now, actor=DESK)

    assert Event.objects.filter(kind="message.resent").count() == 1


def test_what_is_no_longer_true_is_not_said_again(booking, now):
    deliver()
    commands.cancel_booking(booking=booking, now=now)
    deliver()
    mail.outbox.clear()

    again = commands.resend(message=letter(), now=now, actor=DESK)
    deliver()

    again.refresh_from_db()
    assert (again.state, mail.outbox) == ("dropped", [])


def test_a_letter_that_no_appointment_stands_behind_can_be_repeated(booking, now):
    deliver()
    commands.send_my_bookings(business=booking.business, email="jo@example.org", now=now)
    deliver()
    mail.outbox.clear()

    commands.resend(message=Message.objects.get(topic="mine"), now=now, actor=DESK)
    deliver()

    assert [each.subject for each in mail.outbox] == [f"Your bookings with {booking.business.name}"]
    assert not Event.objects.filter(kind="message.resent").exists()

"""The house is told of what nobody got: once a day, gathered, and never of a notice itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bookings import outbox
from bookings.composing import compose
from bookings.models import Message
from bookings.outbox.undelivered import GATHERING
from bookings.outlets import Envelope
from bookings.outlets.email import composed
from tests import make
from tests.make import NOW, at

pytestmark = pytest.mark.django_db


def given_up(now: datetime, count: int = 1) -> None:
    """Let so many messages be refused for good."""
    for _ in range(count):
        message = outbox.claim(now=now)
        assert message is not None
        outbox.settle_refused(message, error="550 no such user", permanent=True, now=now)


def notices() -> list[Message]:
    return list(Message.objects.filter(topic="notice").order_by("pk"))


def words(message: Message) -> str:
    parcel = compose(message, now=NOW)
    assert isinstance(parcel, Envelope)
    letter = composed(parcel, stamp=NOW)
    return f"{letter.subject}\n{letter.body}\n{letter.alternatives[0].content}"


def test_what_was_given_up_is_gathered_in_one_notice_that_names_no_customer():
    service = make.service()
    booking = make.booking(service, contact=make.contact(name="Jo Smith", email="jo@example.org"))
    make.booking(service, starts_at=at("14:00"))
    given_up(NOW, count=6)

    (notice,) = notices()
    said = words(notice)

    assert notice.due_at == NOW + GATHERING
    assert notice.address == booking.business.mailbox
    assert "Some messages were not delivered" in said
    assert booking.reference in said
    assert f"/desk/{booking.business.slug}/appointments/{booking.appointment.public_id}/" in said
    assert ("Jo" in said, "jo@example.org" in said) == (False, False)


def test_there_is_one_notice_a_day_and_nothing_is_left_out():
    service = make.service()
    first = make.booking(service)
    second = make.booking(service, starts_at=at("14:00"))
    given_up(NOW, count=1)
    sent = outbox.claim(now=NOW + GATHERING)
    while sent is not None and sent.topic != "notice":
        outbox.settle_sent(sent, now=NOW)
        sent = outbox.claim(now=NOW + GATHERING)
    assert sent is not None
    assert first.reference in words(sent)
    outbox.settle_sent(sent, now=NOW + GATHERING)

    later = NOW + timedelta(hours=3)
    Message.objects.filter(booking=second).update(sent_at=None, due_at=later, attempts=0)
    given_up(later, count=1)
    given_up(later, count=1)
    _, another = notices()

    assert another.due_at == sent.due_at + timedelta(days=1)
    assert second.reference in words(another)
    assert first.reference not in words(another)


def test_a_notice_that_has_become_needless_is_dropped():
    make.booking()
    given_up(NOW)
    outbox.replay(Message.objects.filter(failed_at__isnull=False), now=NOW)

    (notice,) = notices()
    assert compose(notice, now=NOW) is None


def test_a_notice_or_a_letter_to_the_mailbox_that_is_given_up_causes_no_notice():
    make.booking()
    Message.objects.exclude(audience="business").delete()
    given_up(NOW)

    assert notices() == []

"""The outbox: order, leases, fences, patience, and letters that nobody can send."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from bookings import commands, outbox, tasks
from bookings.models import Message
from portal import smtp
from tests import make
from tests.make import NOW, at
from tests.outlets.sink import Server, Sink
from tests.proofs.crowd import Crowd, address_of

LATER = NOW + outbox.LEASE


def to(address: str) -> list[Message]:
    return list(Message.objects.filter(address=address).order_by("pk"))


def claimed(now: datetime = NOW) -> Message:
    message = outbox.claim(now=now)
    assert message is not None
    return message


def lonely_letter() -> None:
    """Queue exactly one letter."""
    business = make.business(notify_business=False)
    make.booking(make.service(business, by=[make.staff(business, is_notified=False)]))


@pytest.mark.django_db
def test_nobody_reads_of_a_change_before_what_it_changed():
    booking = make.booking(contact=make.contact(email="jo@example.org"))
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)
    first, second = to("jo@example.org")

    got = [claimed() for _ in range(3)]
    assert first in got
    assert outbox.claim(now=NOW) is None

    sent = next(message for message in got if message == first)
    outbox.settle_refused(sent, error="later", permanent=False, now=NOW)
    assert outbox.claim(now=NOW) is None
    first.refresh_from_db()
    again = claimed(first.due_at)
    assert again == first
    outbox.settle_sent(again, now=NOW)
    assert claimed(first.due_at) == second


@pytest.mark.django_db
def test_a_letter_that_cannot_be_sent_delays_nobody_elses():
    booking = make.booking(contact=make.contact(email="jo@example.org"))
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)
    for _ in range(3):
        message = claimed()
        if message.address != "jo@example.org":
            outbox.settle_sent(message, now=NOW)

    assert {claimed().address, claimed().address} == {
        booking.business.mailbox,
        booking.appointment.resources.get().email,
    }


@pytest.mark.django_db
def test_what_is_due_longest_is_sent_first():
    young = make.booking(now=NOW + timedelta(minutes=2))
    old = make.booking(now=NOW)
    then = NOW + timedelta(minutes=5)

    got = [claimed(then).booking_id for _ in range(6)]

    assert got == [old.pk] * 3 + [young.pk] * 3
    assert outbox.claim(now=then) is None


@pytest.mark.django_db
def test_a_lease_ends_by_itself():
    lonely_letter()
    first = claimed()

    assert outbox.claim(now=LATER - timedelta(microseconds=1)) is None
    second = claimed(LATER)

    assert (first, second.attempts) == (second, 2)


def test_a_lease_outlives_the_slowest_talk_with_a_mail_server(settings: Settings):
    talk = timedelta(seconds=smtp.WHOLE_TALK_SECONDS + smtp.LEAVE_SECONDS)

    assert outbox.LEASE > talk > timedelta(seconds=settings.EMAIL_TIMEOUT)


@pytest.mark.django_db
def test_a_sender_that_woke_too_late_settles_nothing():
    lonely_letter()
    stale, current = claimed(), claimed(LATER)

    assert not outbox.settle_sent(stale, now=LATER)
    assert not outbox.settle_refused(stale, error="no", permanent=True, now=LATER)
    assert outbox.settle_sent(current, now=LATER)
    assert not outbox.settle_refused(current, error="no", permanent=True, now=LATER)

    assert Message.objects.get().state == "sent"


@pytest.mark.django_db
def test_a_revived_letter_is_not_settled_by_a_try_of_its_first_life():
    lonely_letter()
    stale, current = claimed(), claimed(LATER)
    outbox.settle_refused(current, error="no", permanent=True, now=LATER)
    assert outbox.replay(Message.objects.filter(pk=current.pk), now=LATER)
    revived = claimed(LATER)
    assert revived.attempts == stale.attempts

    assert not outbox.settle_sent(stale, now=LATER)
    assert outbox.settle_sent(revived, now=LATER)


@pytest.mark.django_db
def test_the_waits_double_give_or_take_until_the_letter_is_dead():
    lonely_letter()
    now, waits = NOW, []
    while (message := Message.objects.earliest("pk")).failed_at is None:
        now = message.due_at
        outbox.settle_refused(claimed(now), error="later", permanent=False, now=now)
        waits.append((Message.objects.earliest("pk").due_at - now) / timedelta(minutes=1))

    for tries, wait in enumerate(waits[:-1]):
        assert 0.8 * 2**tries <= wait <= 1.2 * 2**tries
    assert (message.attempts, message.error, message.state) == (12, "later", "failed")
    assert claimed(now + timedelta(days=9)).topic == "notice"


@pytest.mark.django_db
def test_only_the_dead_are_revived():
    lonely_letter()
    message = claimed()

    assert not outbox.replay(Message.objects.filter(pk=message.pk), now=NOW)
    outbox.settle_refused(message, error="no", permanent=True, now=NOW)
    assert outbox.replay(Message.objects.filter(pk=message.pk), now=LATER)
    assert claimed(LATER) == message


@pytest.mark.django_db
def test_a_poisoned_letter_does_not_stop_the_queue(caplog):
    now = make.today()
    service = make.service()
    make.booking(service, starts_at=make.next_start(service, now), now=now)
    poisoned = Message.objects.earliest("pk")
    Message.objects.filter(pk=poisoned.pk).update(topic="nonsense")

    assert tasks.deliver() == 2

    assert len(mail.outbox) == 2
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.attempts) == ("retrying", 1)


@pytest.mark.django_db
def test_what_every_sender_dies_of_is_given_up_in_the_end():
    now = timezone.now() - timedelta(hours=1)
    business = make.business(notify_business=False)
    service = make.service(business, by=[make.staff(business, is_notified=False)])
    make.booking(service, starts_at=make.next_start(service, now), now=now)
    for deaths in range(12):
        assert claimed(now + deaths * outbox.LEASE).attempts == deaths + 1

    assert tasks.deliver() == 0

    dead = Message.objects.earliest("pk")
    assert (dead.state, dead.attempts, mail.outbox) == ("failed", 13, [])
    assert dead.error.startswith("Whoever tried to send it")


@pytest.mark.django_db
def test_a_carriers_endless_name_for_a_message_does_not_make_it_leave_twice():
    lonely_letter()

    assert outbox.settle_sent(claimed(), remote_id="x" * 101, now=NOW)


@pytest.mark.django_db
def test_a_letter_is_queued_once_however_often_it_is_put():
    make.booking()
    message = Message.objects.filter(audience="customer").get()
    assert message.event is not None

    outbox.put(
        event=message.event,
        topic="confirmed",
        to=[outbox.Recipient(message.audience, message.address.upper())],
        now=NOW,
    )

    assert Message.objects.filter(audience="customer").get() == message


def test_no_two_senders_get_the_same_letter(crowd: Crowd):
    service = make.service()
    clocks = ("09:00", "09:30", "10:00", "10:30", "11:00", "11:30", "12:00", "12:30")
    for clock in clocks:
        make.booking(service, starts_at=at(clock))

    errands = [("claim_some", {"now": NOW.isoformat()})] * 16
    got = [pk for each in crowd.together(errands) for pk in each.said]

    assert sorted(got) == sorted(Message.objects.values_list("pk", flat=True))
    assert set(Message.objects.values_list("attempts", flat=True)) == {1}


@pytest.mark.parametrize(
    ("producers", "consumers", "each"),
    [(4, 4, 10), pytest.param(20, 20, 200, marks=pytest.mark.slow)],
)
@pytest.mark.django_db(transaction=True)
def test_what_many_queue_and_many_send_arrives_once(monkeypatch, producers, consumers, each):
    kept, business, total = Sink(), make.business(), producers * each
    server = Server(kept)
    server.start()
    monkeypatch.setenv("EMAIL_URL", f"smtp://127.0.0.1:{server.port}")
    with Crowd(address_of(str(connection.settings_dict["NAME"]))) as crowd:
        outcomes = crowd.together(
            [
                *(
                    ("queue_letters", {"business": business.pk, "producer": number, "count": each})
                    for number in range(producers)
                ),
                *[("send_until", {"count": total})] * consumers,
            ]
        )
    server.stop()

    assert {outcome.kind for outcome in outcomes} == {"done"}
    assert sum(outcome.said for outcome in outcomes if outcome.said) == total
    assert len({letter["Message-ID"] for letter in kept.taken}) == len(kept.taken) == total

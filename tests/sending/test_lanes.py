"""Lanes: what is slow, hangs or is dead keeps nobody else waiting."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from bookings import lanes, outbox, sender
from bookings.models import Message, Outlet, Subscription
from bookings.models.outbox import Audience
from bookings.outbox import Busy
from tests import make
from tests.make import NOW
from tests.outlets.conftest import smtp
from tests.outlets.receiver import Receiver
from tests.outlets.sink import Server, Sink
from tests.outlets.stubborn import HANG, Stubborn


def letters(count: int, now: datetime = NOW) -> None:
    """Queue letters that depend on nothing else."""
    business = make.business()
    for number in range(count):
        outbox.put_alone(
            business=business,
            key=f"mine:{number}",
            topic="mine",
            address=f"jo{number}@example.org",
            now=now,
        )


def hooks(subscription: Subscription, count: int, now: datetime = NOW) -> None:
    """Queue webhooks that depend on nothing else."""
    for number in range(count):
        Message.objects.create(
            key=f"hook:{subscription.pk}:{number}",
            business=subscription.business,
            subscription=subscription,
            outlet=Outlet.WEBHOOK.value,
            audience=Audience.PROGRAM.value,
            address=subscription.url,
            topic="booking.confirmed",
            due_at=now,
        )


def subscription(**fields: object) -> Subscription:
    values = {"url": "https://hooks.example/in", "created_at": NOW} | fields
    business = values.pop("business", None) or make.business()
    return Subscription.objects.create(business=business, **values)


def all_taken(until: contextlib.ExitStack, own: lanes.Lanes) -> list[Message]:
    """Fill the lanes with whatever is due; they stay full until the stack is closed."""
    taken = []
    while message := until.enter_context(own.next(lambda busy: outbox.claim(now=NOW, busy=busy))):
        taken.append(message)
    return taken


@pytest.mark.django_db
def test_each_outlet_has_its_own_lanes_and_no_more():
    letters(9)
    first, second = subscription(), subscription()
    hooks(first, 5)
    hooks(second, 5)
    own = lanes.Lanes()

    with contextlib.ExitStack() as until:
        taken = all_taken(until, own)
        by_outlet = [message.outlet for message in taken]
        by_endpoint = [message.subscription_id for message in taken if message.subscription_id]
        assert by_outlet.count("email") == lanes.AT_ONCE["email"]
        assert by_endpoint == [first.pk] * 2 + [second.pk] * 2

    with contextlib.ExitStack() as until:
        assert len(all_taken(until, own)) == lanes.AT_ONCE["email"] + 4


@pytest.mark.django_db
def test_all_endpoints_together_leave_lanes_to_the_letters():
    for _ in range(5):
        hooks(subscription(), 3)
    letters(1)

    with contextlib.ExitStack() as until:
        taken = [message.outlet for message in all_taken(until, lanes.Lanes())]

    assert (taken.count("webhook"), taken.count("email")) == (lanes.AT_ONCE["webhook"], 1)


@pytest.mark.django_db
def test_an_endpoint_that_fails_has_one_lane_and_none_while_it_is_paused():
    hooks(subscription(failing_since=NOW), 3)
    hooks(subscription(failing_since=NOW, paused_until=NOW + timedelta(minutes=5)), 3)

    with contextlib.ExitStack() as until:
        assert len(all_taken(until, lanes.Lanes())) == 1


@pytest.mark.django_db
def test_what_one_is_sending_oneself_is_not_taken_again_whatever_the_clock_says():
    letters(1)
    message = outbox.claim(now=NOW)
    assert message is not None
    busy = Busy(under_way=frozenset({message.pk}))

    for jump in (timedelta(days=1), timedelta(hours=1), -timedelta(hours=1), -timedelta(days=1)):
        Message.objects.update(due_at=NOW - timedelta(days=2))
        assert outbox.claim(now=NOW + jump, busy=busy) is None

    assert outbox.settle_sent(message, now=NOW - timedelta(days=1))


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)])
def test_a_lease_from_before_the_clock_was_set_back_is_not_believed(jump: timedelta):
    letters(1)
    killed = outbox.claim(now=NOW)
    assert killed is not None
    Message.objects.update(due_at=NOW - 2 * jump)

    again = outbox.claim(now=NOW - jump)

    assert again == killed
    assert not outbox.settle_sent(killed, now=NOW - jump)
    assert outbox.settle_sent(again, now=NOW - jump)


@pytest.mark.django_db
def test_clocks_of_two_machines_that_differ_a_little_steal_no_lease():
    letters(1)
    assert outbox.claim(now=NOW + timedelta(seconds=30)) is not None

    assert outbox.claim(now=NOW) is None


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)])
def test_nothing_waits_longer_than_the_clock_was_set_back(jump: timedelta):
    letters(1)
    refused = outbox.claim(now=NOW)
    assert refused is not None
    outbox.settle_refused(refused, error="later", permanent=False, now=NOW)

    back = NOW - jump
    assert outbox.claim(now=back) is None
    assert outbox.claim(now=back + jump + timedelta(minutes=2)) == refused


@contextlib.contextmanager
def senders(count: int) -> Iterator[None]:
    """Let that many threads send what is due, again and again, until the block ends."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.02):
            sender.send_due()
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join()


def wait_for(truth: Callable[[], bool]) -> None:
    until = time.monotonic() + 20
    while not truth():
        assert time.monotonic() < until
        time.sleep(0.01)


@pytest.mark.django_db(transaction=True)
def test_a_mail_server_that_hangs_keeps_nothing_else_waiting(settings: Settings):
    settings.WEBHOOK_LOOPBACK, settings.EMAIL_TIMEOUT = True, 600
    now, hung = make.today(), Stubborn("greeting", HANG)
    with Receiver() as receiver, senders(lanes.AT_ONCE["email"] + 1), hung.listening():
        smtp(settings, port=hung.port)
        letters(6, now)
        wait_for(lambda: Message.objects.filter(leased_until__gt=now).count() == 4)
        service = make.service()
        subscription(business=service.business, url=receiver.url("200"))
        make.booking(service, starts_at=make.next_start(service, now), now=now)
        wait_for(lambda: len(receiver.taken) == 1)
        assert Message.objects.filter(topic="mine", attempts=0).count() == 2


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_that_hangs_keeps_nothing_else_waiting(settings: Settings):
    settings.WEBHOOK_LOOPBACK = True
    now, service, mails = make.today(), make.service(), Sink()
    server = Server(mails)
    server.start()
    smtp(settings, port=server.port)
    hung = Receiver(own={"hang": lambda handler: handler.server.stopping.wait()})
    with Receiver() as receiver, senders(4), hung:
        subscription(business=service.business, url=hung.url("hang"))
        subscription(business=service.business, url=receiver.url("200"))
        for skip in range(5):
            make.booking(service, starts_at=make.next_start(service, now, skip=skip), now=now)
        wait_for(lambda: len(receiver.taken) == 5 and len(mails.taken) == 15)
        assert Message.objects.filter(address=hung.url("hang"), attempts=1).count() == 2
    server.stop()

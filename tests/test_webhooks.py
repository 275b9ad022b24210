"""Webhooks by real HTTP, from the decision to the receiver, whatever that does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from standardwebhooks.webhooks import Webhook

from bookings import commands, outbox, sender
from bookings.models import Attempt, Booking, Message, Outlet, Subscription
from tests import make
from tests.outlets.receiver import GIGABYTE, Handler, Receiver, status

pytestmark = pytest.mark.django_db


def told(url: str) -> tuple[Subscription, Booking]:
    """Book where a program at `url` is told of bookings."""
    business = make.business(notify_business=False)
    subscription = make.subscription(
        business, url=url, events=["booking.confirmed", "booking.rescheduled", "booking.cancelled"]
    )
    service = make.service(business, by=[make.staff(business, is_notified=False)])
    now = make.today()
    booking = make.booking(service, starts_at=make.next_start(service, now), now=now)
    return subscription, booking


def try_it() -> tuple[Message, Attempt]:
    """Send the webhook that is due, and return it with its last try."""
    Message.objects.exclude(outlet=Outlet.WEBHOOK.value).delete()
    message = outbox.claim(now=timezone.now())
    assert message is not None
    sender.send_one(message)
    message.refresh_from_db()
    return message, message.tries.latest("number")


def in_the_meantime() -> None:
    """Let all waits pass."""
    Message.objects.filter(sent_at=None).update(due_at=timezone.now())
    Subscription.objects.update(paused_until=None)


@pytest.mark.parametrize(
    ("path", "status", "said"),
    [
        ("301?Location=/200", 301, "That makes 301."),
        ("404", 404, "That makes 404."),
        ("429?Retry-After=7200", 429, "That makes 429."),
        ("500", 500, "That makes 500."),
        ("garbage", None, ""),
        ("gigabyte_of_headers", None, ""),
        ("reset", None, ""),
        ("hang_up", None, ""),
    ],
)
def test_what_was_not_taken_is_kept_and_comes_again(
    receiver: Receiver, path: str, status: int | None, said: str
) -> None:
    told(receiver.url(path))

    message, attempt = try_it()

    assert (message.state, message.attempts, attempt.number) == ("retrying", 1, 1)
    assert (attempt.status, attempt.answer) == (status, said)
    assert attempt.error == message.error != ""
    assert len(receiver.taken) == 1
    asked = timedelta(hours=2) if status == 429 else timedelta(seconds=4)
    assert message.due_at - timezone.now() > asked - timedelta(seconds=4)


@pytest.mark.parametrize("path", ["gigabyte", "gzip_bomb", "reset_in_body", "204"])
def test_who_says_yes_has_taken_it_whatever_comes_behind(receiver: Receiver, path: str) -> None:
    told(receiver.url(path))

    message, attempt = try_it()

    assert (message.state, message.error, attempt.error) == ("sent", "", "")
    assert attempt.status in (200, 204)
    assert len(attempt.answer) <= 2000
    assert receiver.sent < GIGABYTE // 20


def test_who_is_gone_hears_nothing_any_more(receiver: Receiver) -> None:
    subscription, booking = told(receiver.url("410"))
    commands.cancel_booking(booking=booking, now=make.today(), actor=commands.Actor("staff"))

    message, attempt = try_it()

    subscription.refresh_from_db()
    assert (message.state, attempt.status) == ("failed", 410)
    assert subscription.disabled_because == "gone"
    assert [each.state for each in subscription.messages.order_by("pk")] == ["failed", "dropped"]
    assert len(receiver.taken) == 1


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/latest/meta-data/",
    ],
)
def test_a_url_into_our_network_is_a_dead_letter_at_once(url: str) -> None:
    told(url)

    message, attempt = try_it()

    assert (message.state, attempt.status) == ("failed", None)
    assert attempt.error.endswith(".")


def test_a_receiver_that_comes_back_gets_everything_in_order_and_once_more_the_same(
    receiver: Receiver,
) -> None:
    patience = iter([500, 503, 200, 200, 200])
    receiver.own["moody"] = lambda handler: _next(handler, patience)
    subscription, booking = told(receiver.url("moody"))
    try_it()
    start = make.next_start(booking.appointment.service, make.today(), skip=2)
    commands.reschedule(booking=booking, starts_at=start, now=make.today())
    commands.cancel_booking(booking=booking, now=make.today(), actor=commands.Actor("staff"))

    while subscription.messages.filter(sent_at=None).exists():
        in_the_meantime()
        try_it()

    verifier = Webhook(subscription.secret)
    heard = [verifier.verify(taken.body, dict(taken.headers)) for taken in receiver.taken]
    assert [each["data"]["sequence"] for each in heard] == [1, 1, 1, 2, 3]
    first, second, third, *_ = receiver.taken
    assert first.body == second.body == third.body
    assert len({taken.headers["webhook-id"] for taken in receiver.taken}) == 3
    assert not any(each["data"]["previous_undelivered"] for each in heard)
    assert json.loads(first.body)["data"]["bookings"][0]["state"] == "confirmed"


def _next(handler: Handler, patience: Iterator[int]) -> None:
    status(handler, next(patience))

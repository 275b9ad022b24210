"""Endpoints that fail are left in peace for a while, and after days switched off."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bookings import outbox
from bookings.models import Attempt, Event, Message, Subscription
from tests import make
from tests.at_once import at_once
from tests.make import NOW

pytestmark = pytest.mark.django_db
DOWN = outbox.Exchange(status=500, answer="down")


@pytest.fixture
def endpoint() -> Subscription:
    """Return a webhook whose business has told nobody of anything yet."""
    return make.subscription()


def happen(endpoint: Subscription, times: int = 1) -> None:
    """Let something happen that the webhook is to be told of."""
    for _ in range(times):
        outbox.record_alone(
            business=endpoint.business, kind="hours.changed", actor="x", now=NOW, data={}
        )


def claimed(now: datetime) -> Message:
    message = outbox.claim(now=now)
    assert message is not None
    return message


def fail(endpoint: Subscription, now: datetime, status: int = 500, **more: object) -> Message:
    """Let the next try fail; returns its message."""
    message = claimed(now)
    said = outbox.Exchange(status=status)
    outbox.settle_refused(
        message, error=f"{status}", permanent=status == 410, said=said, now=now, **more
    )
    endpoint.refresh_from_db()
    return message


def told(cause: str = "webhook_disabled") -> int:
    return Message.objects.filter(topic="notice", key__startswith=f"notice:{cause}:").count()


def test_a_failure_pauses_the_endpoint_and_a_success_ends_it(endpoint: Subscription) -> None:
    happen(endpoint, 3)

    fail(endpoint, NOW)

    assert (endpoint.failures, endpoint.failing_since) == (1, NOW)
    assert endpoint.paused_until == NOW + timedelta(seconds=5)
    assert outbox.claim(now=NOW + timedelta(seconds=4)) is None
    after = NOW + timedelta(seconds=5)
    outbox.settle_sent(claimed(after), now=after)
    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.paused_until) == (0, None, None)


def test_a_dead_endpoint_costs_one_try_for_each_pause_however_much_waits(
    endpoint: Subscription,
) -> None:
    happen(endpoint, 60)
    now, tries = NOW, []
    while now < NOW + timedelta(hours=1):
        fail(endpoint, now)
        tries.append(now)
        assert endpoint.paused_until is not None
        assert outbox.claim(now=endpoint.paused_until - timedelta(microseconds=1)) is None
        now = endpoint.paused_until

    pauses = [later - earlier for earlier, later in pairwise(tries)]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (timedelta(seconds=5), timedelta(minutes=5))
    assert len(tries) < 30
    assert Attempt.objects.count() == len(tries)


def test_the_endpoint_is_left_alone_for_as_long_as_it_asks(endpoint: Subscription) -> None:
    happen(endpoint)

    fail(endpoint, NOW, 429, retry_after=timedelta(minutes=20))

    assert endpoint.paused_until == NOW + timedelta(minutes=20)


def test_what_waits_in_a_long_pause_is_out_of_everybodys_way_until_its_end(
    endpoint: Subscription,
) -> None:
    happen(endpoint, 3)
    fail(endpoint, NOW)
    assert Message.objects.filter(subscription=endpoint, due_at__lte=NOW).count() == 2

    later = NOW + timedelta(minutes=4)
    fail(endpoint, later)

    until = later + timedelta(minutes=2)
    assert endpoint.paused_until == until
    assert set(Message.objects.filter(subscription=endpoint).values_list("due_at", flat=True)) == {
        until
    }
    first = claimed(until)
    assert first.pk == min(Message.objects.values_list("pk", flat=True))
    outbox.settle_sent(first, now=until)
    assert outbox.claim(now=until) is not None


def test_who_says_that_it_is_gone_is_switched_off_at_once(endpoint: Subscription) -> None:
    happen(endpoint, 3)

    message = fail(endpoint, NOW, 410)

    assert (endpoint.disabled_at, endpoint.disabled_because) == (NOW, "gone")
    message.refresh_from_db()
    assert message.state == "failed"
    assert [each.state for each in Message.objects.filter(topic="hours.changed")] == [
        *("failed", "dropped", "dropped")
    ]
    assert told() == 1
    event = Event.objects.get(kind="subscription.disabled")
    assert event.actor == "system"
    assert event.data == {
        "subscription": str(endpoint.public_id),
        "host": endpoint.url.split("/")[2],
        "because": "gone",
    }


def test_five_days_without_a_success_switch_it_off_and_not_a_moment_less(
    endpoint: Subscription,
) -> None:
    happen(endpoint, 3)
    for day in range(5):
        fail(endpoint, NOW + timedelta(days=day))

    fail(endpoint, NOW + timedelta(days=5, microseconds=-1))
    assert endpoint.disabled_at is None
    end = NOW + timedelta(days=5, hours=1)
    fail(endpoint, end)

    assert (endpoint.disabled_at, endpoint.disabled_because) == (end, "failing")
    assert {each.state for each in Message.objects.filter(topic="hours.changed")} == {"dropped"}
    assert told() == 1


def test_days_in_which_nothing_was_tried_do_not_count(endpoint: Subscription) -> None:
    happen(endpoint, 2)
    fail(endpoint, NOW)
    much_later = NOW + timedelta(days=9)

    fail(endpoint, much_later)

    assert (endpoint.disabled_at, endpoint.failures) == (None, 1)
    assert endpoint.failing_since == much_later
    assert endpoint.paused_until == much_later + timedelta(seconds=5)


def test_nothing_is_queued_for_what_is_switched_off(endpoint: Subscription) -> None:
    happen(endpoint)
    fail(endpoint, NOW, 410)
    before = Message.objects.filter(subscription=endpoint).count()

    happen(endpoint)

    assert Message.objects.filter(subscription=endpoint).count() == before


def test_two_that_are_switched_off_on_one_day_make_one_notice() -> None:
    business = make.business()
    for _ in range(2):
        endpoint = make.subscription(business)
        happen(endpoint)
        fail(endpoint, NOW, 410)

    assert told() == 1


def test_what_we_cannot_write_is_not_the_endpoints_fault(endpoint: Subscription) -> None:
    happen(endpoint)

    outbox.settle_refused(claimed(NOW), error="KeyError", permanent=False, now=NOW)

    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.paused_until) == (0, None)


@pytest.mark.django_db(transaction=True)
def test_two_senders_that_settle_at_once_both_count_and_pause_once() -> None:
    endpoint = make.subscription()
    happen(endpoint, 2)
    first, second = claimed(NOW), claimed(NOW)

    def settle(message: Message) -> bool:
        return outbox.settle_refused(message, error="500", permanent=False, said=DOWN, now=NOW)

    assert at_once(lambda: settle(first), lambda: settle(second)) == [True, True]

    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since) == (2, NOW)
    assert endpoint.paused_until == NOW + timedelta(seconds=5)
    assert Attempt.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_that_hear_410_at_once_switch_it_off_once() -> None:
    endpoint = make.subscription()
    happen(endpoint, 2)
    gone = outbox.Exchange(status=410)

    def settle(message: Message) -> bool:
        return outbox.settle_refused(message, error="410", permanent=True, said=gone, now=NOW)

    first, second = claimed(NOW), claimed(NOW)
    at_once(lambda: settle(first), lambda: settle(second))

    assert Event.objects.filter(kind="subscription.disabled").count() == 1
    assert told() == 1
    assert [each.state for each in Message.objects.filter(topic="hours.changed")] == ["failed"] * 2

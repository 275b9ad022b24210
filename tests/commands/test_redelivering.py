"""Telling a program once more: one delivery, a range of them, a test."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from bookings import commands, outbox
from bookings.commands import SYSTEM, redelivering
from bookings.errors import Invalid, NotFound, OnItsWay, SubscriptionDisabled
from bookings.models import Business, Event, Message, Subscription
from tests import make
from tests.at_once import outcomes_at_once
from tests.make import NOW

pytestmark = pytest.mark.django_db
KIND = "hours.changed"


@pytest.fixture
def endpoint() -> Subscription:
    """Return a webhook that asks for one kind of event."""
    return make.subscription(events=[KIND])


def happen(of: Business, at: datetime = NOW) -> Event:
    return outbox.record_alone(business=of, kind=KIND, actor="x", now=at, data={})


def told(endpoint: Subscription) -> list[Message]:
    return list(Message.objects.filter(subscription=endpoint).order_by("pk"))


def settle(endpoint: Subscription, *, sent: bool = True, now: datetime = NOW) -> Message:
    """Claim the webhook that is due and settle it; returns it."""
    message = outbox.claim(now=now)
    assert message is not None
    assert message.subscription == endpoint
    Message.objects.filter(pk=message.pk).update(body=f"body of {message.event_id}")
    if sent:
        outbox.settle_sent(message, now=now)
    else:
        outbox.settle_refused(message, error="500", permanent=True, now=now)
    message.refresh_from_db()
    return message


def test_a_delivery_is_repeated_word_for_word_whatever_became_of_it(endpoint: Subscription):
    happen(endpoint.business)
    sent = settle(endpoint)
    happen(endpoint.business)
    dead = settle(endpoint, sent=False)

    for message in (sent, dead):
        again = commands.redeliver(message=message, now=NOW, actor=SYSTEM)

        assert again.state == "waiting"
        assert again.key == f"{message.key}:again:1"
        assert (again.event, again.body, again.topic) == (message.event, message.body, KIND)
        settle(endpoint)
    assert Event.objects.filter(kind="subscription.redelivered").count() == 2


def test_what_is_on_its_way_is_not_repeated(endpoint: Subscription):
    happen(endpoint.business)
    (waiting,) = told(endpoint)

    with pytest.raises(OnItsWay):
        commands.redeliver(message=waiting, now=NOW, actor=SYSTEM)


def test_a_repeat_goes_to_where_the_endpoint_is_by_now(endpoint: Subscription):
    happen(endpoint.business)
    sent = settle(endpoint)
    Subscription.objects.update(url="https://new.example/")
    sent = Message.objects.get(pk=sent.pk)

    assert commands.redeliver(message=sent, now=NOW, actor=SYSTEM).address == "https://new.example/"


def test_nothing_is_repeated_for_a_webhook_that_is_switched_off(endpoint: Subscription):
    happen(endpoint.business)
    sent = settle(endpoint)
    commands.disable_subscription(subscription=endpoint, now=NOW, actor=SYSTEM)

    with pytest.raises(SubscriptionDisabled):
        commands.redeliver(message=sent, now=NOW, actor=SYSTEM)
    with pytest.raises(SubscriptionDisabled):
        commands.send_test_event(subscription=endpoint, now=NOW, actor=SYSTEM)
    with pytest.raises(SubscriptionDisabled):
        between(endpoint, NOW, NOW + timedelta(hours=1))


def test_a_letter_is_no_delivery():
    booking = make.booking()
    letter = Message.objects.filter(booking=booking)[0]

    with pytest.raises(NotFound):
        commands.redeliver(message=letter, now=NOW, actor=SYSTEM)


def between(endpoint: Subscription, since: datetime, until: datetime) -> int:
    return commands.redeliver_between(
        subscription=endpoint, since=since, until=until, now=NOW + timedelta(days=1), actor=SYSTEM
    )


def hours(count: int) -> datetime:
    return NOW + timedelta(hours=count)


def test_a_range_is_repeated_in_order_each_once_whatever_became_of_it(endpoint: Subscription):
    business = endpoint.business
    before = happen(business, hours(0))
    events = [happen(business, hours(1)), happen(business, hours(2)), happen(business, hours(3))]
    after = happen(business, hours(4))
    settle(endpoint, now=hours(4))
    first = settle(endpoint, now=hours(4))
    settle(endpoint, sent=False, now=hours(4))
    commands.redeliver(message=first, now=hours(4), actor=SYSTEM)
    commands.disable_subscription(subscription=endpoint, now=hours(5), actor=SYSTEM)
    commands.enable_subscription(subscription=endpoint, now=hours(6), actor=SYSTEM)
    known = {message.pk for message in told(endpoint)}

    assert between(endpoint, hours(1), hours(4)) == 3

    again = [message for message in told(endpoint) if message.pk not in known]
    assert [message.event for message in again] == events
    assert [message.body for message in again] == [
        *(f"body of {event.pk}" for event in events[:2]),
        "",
    ]
    assert not {before, after} & {message.event for message in again}
    assert [message.key.rsplit(":", 1)[1] for message in again] == ["2", "1", "1"]
    event = Event.objects.latest("pk")
    assert event.data["count"] == 3
    assert between(endpoint, hours(1), hours(4)) == 0


def test_what_happened_while_it_was_switched_off_was_never_queued(endpoint: Subscription):
    commands.disable_subscription(subscription=endpoint, now=NOW, actor=SYSTEM)
    happen(endpoint.business, hours(1))
    commands.enable_subscription(subscription=endpoint, now=hours(2), actor=SYSTEM)

    assert between(endpoint, NOW, hours(3)) == 0


def test_a_range_has_a_beginning_an_end_and_a_largest_size(
    endpoint: Subscription, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(redelivering, "MOST_AT_ONCE", 1)
    for count in range(2):
        happen(endpoint.business, hours(count))
        settle(endpoint, now=hours(count))

    for since, until in ((hours(1), hours(1)), (hours(0), hours(9))):
        with pytest.raises(Invalid) as refused:
            between(endpoint, since, until)
        assert set(refused.value.fields) == {"until"}
    assert between(endpoint, hours(0), hours(1)) == 1


def test_a_long_range_costs_few_queries(endpoint: Subscription, django_assert_max_num_queries):
    for _ in range(40):
        happen(endpoint.business)
        settle(endpoint)

    with django_assert_max_num_queries(12):
        assert between(endpoint, NOW, hours(1)) == 40


@pytest.mark.django_db(transaction=True)
def test_whoever_repeats_the_same_at_once_repeats_it_once():
    endpoint = make.subscription(events=[KIND])
    for _ in range(3):
        happen(endpoint.business)
        settle(endpoint)
    one = told(endpoint)[0]

    came = outcomes_at_once(
        *[partial(between, endpoint, NOW, hours(1))] * 2,
        *[partial(commands.redeliver, message=one, now=NOW, actor=SYSTEM)] * 2,
    )

    assert len(told(endpoint)) == 6
    assert set(came) <= {"done", "on_its_way"}


def test_a_test_event_goes_to_one_webhook_alone(endpoint: Subscription):
    make.subscription(endpoint.business)

    message = commands.send_test_event(subscription=endpoint, now=NOW, actor=SYSTEM)

    assert [each.subscription for each in Message.objects.all()] == [endpoint]
    assert (message.topic, message.state, message.address) == (
        *("subscription.test", "waiting"),
        endpoint.url,
    )
    assert message.event is not None
    assert message.event.kind == "subscription.test"

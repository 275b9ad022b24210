"""Webhooks of a business: made, changed, switched off and on, deleted; what is refused."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction
from pytest_django import Settings

from accounts.models import User
from bookings import commands, outbox
from bookings.commands import Actor, Wanted
from bookings.commands.subscriptions import MOST
from bookings.errors import (
    BadUrl,
    BookingError,
    HostNotListed,
    Invalid,
    NotFound,
    NotHttps,
    NotPublic,
    PortNotCalled,
    TooManySubscriptions,
)
from bookings.models import Attempt, Business, Event, Message, Subscription
from tests import make
from tests.at_once import at_once, outcomes_at_once
from tests.make import NOW

pytestmark = pytest.mark.django_db
MIA = Actor("staff", "Mia")
URL = "https://receiver.example/hook?token=sesame"


def subscribe(of: Business, url: str = URL, kinds: list[str] | None = None) -> Subscription:
    return commands.subscribe(business=of, wanted=Wanted(url, kinds), now=NOW, actor=MIA)


@transaction.atomic
def happen(of: Business, kind: str = "hours.changed") -> Event:
    return outbox.record_alone(business=of, kind=kind, actor="x", now=NOW, data={})


def messages(of: Subscription, topic: str = "hours.changed") -> list[Message]:
    return list(Message.objects.filter(subscription=of, topic=topic).order_by("pk"))


def test_a_program_is_told_of_what_it_asks_for_and_of_nothing_else():
    business = make.business()
    some = subscribe(business, kinds=["hours.changed", "staff.added"])
    everything = subscribe(business)
    foreign = subscribe(make.business())

    happen(business)
    happen(business, "customer.added")

    assert set(some.events) == {"hours.changed", "staff.added"}
    assert [message.topic for message in messages(some)] == ["hours.changed"]
    assert not messages(some, "customer.added")
    assert messages(everything, "customer.added")
    assert not messages(foreign)


def test_each_has_a_secret_of_256_bits_of_its_own():
    business = make.business()

    secrets = {subscribe(business).secret for _ in range(3)}

    assert len(secrets) == 3
    assert all(secret.startswith("whsec_") and len(secret) == 50 for secret in secrets)


def test_no_event_holds_a_secret_or_the_address():
    endpoint = subscribe(make.business())
    wanted = Wanted("https://other.example/?key=open", ["staff.added"])
    commands.change_subscription(subscription=endpoint, wanted=wanted, now=NOW, actor=MIA)
    rotated = commands.rotate_secret(subscription=endpoint, now=NOW, actor=MIA)
    commands.disable_subscription(subscription=endpoint, now=NOW, actor=MIA)
    commands.enable_subscription(subscription=endpoint, now=NOW, actor=MIA)
    commands.send_test_event(subscription=endpoint, now=NOW, actor=MIA)
    commands.unsubscribe(subscription=endpoint, now=NOW, actor=MIA)

    said = list(Event.objects.order_by("pk").values_list("kind", "actor", "data"))
    assert [kind.removeprefix("subscription.") for kind, _, _ in said] == [
        *("created", "changed", "rotated", "disabled", "enabled", "test", "deleted")
    ]
    assert {actor for _, actor, _ in said} == {"staff:Mia"}
    for hidden in ("sesame", "open", endpoint.secret, rotated.secret):
        assert hidden not in str(said)


@pytest.mark.parametrize(
    ("url", "refusal"),
    [
        ("", BadUrl),
        ("receiver.example/hook", BadUrl),
        ("https://user:password@receiver.example/", BadUrl),
        ("http://receiver.example/", NotHttps),
        ("ftp://receiver.example/", NotHttps),
        ("https://receiver.example:22/", PortNotCalled),
        ("https://127.0.0.1/", NotPublic),
        ("https://localhost/", NotPublic),
        ("https://2130706433/", BadUrl),
        ("https://receiver.example/" + "x" * 500, BadUrl),
    ],
)
def test_an_address_that_is_never_called_is_refused(url: str, refusal: type[BookingError]):
    business = make.business()

    with pytest.raises(refusal):
        subscribe(business, url)

    assert not Subscription.objects.exists()
    assert not Event.objects.exists()


def test_hosts_outside_the_operators_list_are_refused_also_by_a_change(settings: Settings):
    settings.WEBHOOK_HOSTS = (".receiver.example",)
    business = make.business()

    endpoint = subscribe(business, "https://eu.receiver.example/")

    elsewhere = Wanted("https://other.example/")
    with pytest.raises(HostNotListed):
        commands.subscribe(business=business, wanted=elsewhere, now=NOW, actor=MIA)
    with pytest.raises(HostNotListed):
        commands.change_subscription(subscription=endpoint, wanted=elsewhere, now=NOW, actor=MIA)


@pytest.mark.parametrize("kinds", [[], ["booking.unheard_of"], ["subscription.test"]])
def test_kinds_that_nobody_can_ask_for_are_refused(kinds: list[str]):
    with pytest.raises(Invalid) as refused:
        subscribe(make.business(), kinds=kinds)

    assert set(refused.value.fields) == {"kinds"}


def test_a_business_has_five_and_no_sixth_also_while_some_are_switched_off():
    business = make.business()
    made = [subscribe(business) for _ in range(MOST)]
    commands.disable_subscription(subscription=made[0], now=NOW, actor=MIA)

    with pytest.raises(TooManySubscriptions) as refused:
        subscribe(business)

    assert str(refused.value) == "A business has at most 5 webhooks. Delete one first."
    subscribe(make.business())
    commands.unsubscribe(subscription=made[1], now=NOW, actor=MIA)
    subscribe(business)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_make_the_fifth_at_once_one_does():
    business = make.business()
    for _ in range(MOST - 1):
        make.subscription(business)

    came = outcomes_at_once(*[partial(subscribe, business)] * 4)

    assert sorted(came) == ["done", *["too_many_subscriptions"] * 3]
    assert business.subscriptions.count() == MOST


def test_what_waits_goes_to_the_new_address_and_the_new_one_has_not_failed_yet():
    endpoint = subscribe(make.business())
    failing = {"failures": 3, "failing_since": NOW, "paused_until": NOW + timedelta(hours=1)}
    Subscription.objects.update(**failing)
    happen(endpoint.business)

    commands.change_subscription(
        subscription=endpoint, wanted=Wanted("https://new.example/"), now=NOW, actor=MIA
    )

    endpoint.refresh_from_db()
    assert (endpoint.failures, endpoint.failing_since, endpoint.paused_until) == (0, None, None)
    assert [message.address for message in messages(endpoint)] == ["https://new.example/"]


def test_a_change_that_changes_nothing_is_none():
    endpoint = subscribe(make.business())
    before = Event.objects.count()

    commands.change_subscription(subscription=endpoint, wanted=Wanted(URL), now=NOW, actor=MIA)

    assert Event.objects.count() == before


def test_the_old_secret_is_good_for_a_day_and_what_was_older_ends():
    endpoint = subscribe(make.business())
    first = endpoint.secret

    second = commands.rotate_secret(subscription=endpoint, now=NOW, actor=MIA)
    assert second.old_secret == first
    assert second.old_secret_until == NOW + timedelta(days=1)
    third = commands.rotate_secret(subscription=endpoint, now=NOW + timedelta(hours=1), actor=MIA)

    assert third.old_secret == second.secret
    assert len({first, second.secret, third.secret}) == 3


def test_what_is_switched_off_gets_nothing_and_starts_afresh_when_it_is_on_again():
    endpoint = subscribe(make.business())
    happen(endpoint.business)
    Subscription.objects.update(failures=9, failing_since=NOW)

    commands.disable_subscription(subscription=endpoint, now=NOW, actor=MIA)
    happen(endpoint.business)
    endpoint = commands.enable_subscription(subscription=endpoint, now=NOW, actor=MIA)
    happen(endpoint.business)

    assert (endpoint.disabled_at, endpoint.failures, endpoint.failing_since) == (None, 0, None)
    assert [each.state for each in messages(endpoint)] == ["dropped", "waiting"]
    assert not Message.objects.filter(topic="notice").exists()


def test_switching_twice_is_as_once():
    endpoint = subscribe(make.business())
    for _ in range(2):
        commands.disable_subscription(subscription=endpoint, now=NOW, actor=MIA)
    for _ in range(2):
        commands.enable_subscription(subscription=endpoint, now=NOW, actor=MIA)

    switched = Event.objects.filter(kind__in=["subscription.disabled", "subscription.enabled"])
    assert switched.count() == 2


def test_deleting_takes_deliveries_and_tries_along_and_leaves_the_events():
    endpoint = subscribe(make.business())
    other = subscribe(endpoint.business)
    event = happen(endpoint.business)
    while message := outbox.claim(now=NOW):
        outbox.settle_refused(message, error="500", permanent=True, now=NOW)

    commands.unsubscribe(subscription=endpoint, now=NOW, actor=MIA)

    assert not Message.objects.filter(subscription=endpoint.pk).exists()
    assert Attempt.objects.count() == Message.objects.filter(failed_at__isnull=False).count()
    assert messages(other)
    assert Event.objects.filter(pk=event.pk).exists()
    with pytest.raises(NotFound):
        commands.unsubscribe(subscription=endpoint, now=NOW, actor=MIA)
    with pytest.raises(NotFound):
        commands.rotate_secret(subscription=endpoint, now=NOW, actor=MIA)


@pytest.mark.django_db(transaction=True)
def test_whatever_happens_while_a_webhook_is_deleted_still_happens():
    for _ in range(5):
        endpoint = make.subscription()
        business = endpoint.business
        service = make.service(business)

        at_once(
            partial(commands.unsubscribe, subscription=endpoint, now=NOW, actor=MIA),
            partial(make.booking, service),
            partial(happen, business),
            partial(happen, business),
        )

        assert Event.objects.filter(business=business).count() == 4
        assert not business.subscriptions.exists()


@pytest.mark.django_db(transaction=True)
def test_two_that_are_deleted_at_once_do_not_wait_for_each_other():
    business = make.business()
    acts = [
        partial(commands.unsubscribe, subscription=make.subscription(business), now=NOW, actor=MIA)
        for _ in range(4)
    ]

    assert outcomes_at_once(*acts) == ["done"] * 4


def test_actors_are_named_by_their_account():
    user: User = make.user(name="Mia")

    endpoint = commands.subscribe(
        business=make.business(), wanted=Wanted(URL), now=NOW, actor=Actor.of(user)
    )

    assert endpoint.created_by == str(user)

"""Webhooks on the desk: made, changed, shown, switched, deleted; what was told and answered."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from bookings import commands, outbox
from bookings.commands import SYSTEM
from bookings.commands.subscriptions import MOST
from bookings.models import Business, Message, Subscription
from tests import make
from tests.faces.desk.desking import as_, text, to
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def business() -> Business:
    """Return a business in Berlin."""
    return make.business(zone="Europe/Berlin")


@pytest.fixture
def admin(business: Business) -> Client:
    """Return the browser of its admin."""
    return as_("admin", business)


@pytest.fixture
def hook(business: Business) -> Subscription:
    """Return a webhook that asks for everything."""
    return make.subscription(business, url="https://receiver.example/hook")


def page(name: str, of: Subscription | Message) -> str:
    return to(name, of.business, of.public_id)


def told(hook: Subscription, status: int = 200, answer: str = "", error: str = "") -> Message:
    """Let something happen, and the receiver answer to it."""
    outbox.record_alone(business=hook.business, kind="hours.changed", actor="x", now=NOW, data={})
    message = outbox.claim(now=NOW)
    assert message is not None
    Message.objects.filter(pk=message.pk).update(body='{"type":"hours.changed","data":{"a":1}}')
    signed = {"webhook-id": str(message.public_id), "webhook-signature": "v1,abc="}
    said = outbox.Exchange(status=status, answer=answer, headers=signed)
    if status < 300:
        outbox.settle_sent(message, said=said, now=NOW)
    else:
        outbox.settle_refused(message, error=error, permanent=True, said=said, now=NOW)
    message.refresh_from_db()
    return message


def test_an_admin_makes_a_webhook_and_is_shown_its_secret_only_on_demand(
    business: Business, admin: Client
):
    made = admin.post(
        to("new_webhook", business),
        {"url": " https://receiver.example/hook ", "scope": "some", "kinds": ["staff.added"]},
        follow=True,
    )

    hook = business.subscriptions.get()
    assert (hook.url, hook.events) == ("https://receiver.example/hook", ["staff.added"])
    assert made.redirect_chain == [(page("webhook", hook), 303)]
    assert "The webhook is made. Send it a test event." in text(made)
    assert hook.secret not in text(made)
    shown = admin.post(page("webhook_secret", hook))
    assert hook.secret in text(shown)
    assert "no-store" in shown["Cache-Control"]
    assert hook.secret not in text(admin.get(to("webhooks", business)))


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({"url": ""}, 422, "This is not a complete web address"),
        ({"url": "https://a:b@receiver.example/"}, 422, "This is not a complete web address"),
        ({"url": "http://receiver.example/"}, 422, "The address has to begin with https://."),
        ({"url": "https://receiver.example:25/"}, 422, "Only these ports are called: 443, 8443."),
        ({"url": "https://192.168.1.1/"}, 422, "This address is not on the public internet."),
        ({"url": "https://else.example/"}, 403, "may only call the hosts that its operator"),
        ({"scope": "some"}, 422, "Choose at least one of the events."),
        ({"scope": "some", "kinds": ["nothing"]}, 422, "Choose at least one of the events."),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(
    business: Business,
    admin: Client,
    settings: Settings,
    typed: dict[str, object],
    status: int,
    sentence: str,
):
    if status == 403:
        settings.WEBHOOK_HOSTS = ("receiver.example",)
    sent = {"url": "https://receiver.example/", "scope": "all"} | typed

    answer = admin.post(to("new_webhook", business), sent)

    assert answer.status_code == status
    assert sentence in text(answer)
    assert f'value="{sent["url"]}"' in text(answer) or not sent["url"]
    assert not business.subscriptions.exists()


def test_the_sixth_is_refused_with_a_code_of_its_own(business: Business, admin: Client):
    for _ in range(MOST):
        make.subscription(business)

    answer = admin.post(
        to("new_webhook", business), {"url": "https://receiver.example/", "scope": "all"}
    )

    assert answer.status_code == 429
    assert "A business has at most 5 webhooks. Delete one first." in text(answer)
    assert to("new_webhook", business) not in text(admin.get(to("webhooks", business)))


def test_a_webhook_is_changed_and_keeps_what_nobody_touched(hook: Subscription, admin: Client):
    Subscription.objects.update(events=["staff.added"])
    form = admin.get(page("edit_webhook", hook))
    assert 'value="staff.added" id="id_kinds' in text(form)

    answer = admin.post(
        page("edit_webhook", hook), {"url": hook.url, "scope": "all", "kinds": ["staff.added"]}
    )

    assert answer.status_code == 303
    hook.refresh_from_db()
    assert hook.events == []


def test_each_webhook_says_how_it_does(business: Business, admin: Client):
    def sentence() -> str:
        return text(admin.get(to("webhooks", business)))

    hook = make.subscription(business)
    assert "Nothing has been delivered yet." in sentence()
    told(hook)
    assert "Last delivery Mon 3 Mar 2031, 08:00." in sentence()
    Subscription.objects.update(
        failures=2, failing_since=NOW, paused_until=NOW + timedelta(minutes=5)
    )
    assert (
        "Since Mon 3 Mar 2031, 08:00. The next try is not before Mon 3 Mar 2031, 08:05."
        in sentence()
    )
    Subscription.objects.update(disabled_at=NOW, disabled_because="gone")
    assert "The receiver said that it is gone for good (410). Since Mon 3 Mar" in sentence()
    assert "switched off." in text(admin.get(page("webhook", hook)))


def test_the_secret_is_changed_and_the_old_one_is_good_for_a_day(hook: Subscription, admin: Client):
    admin.post(page("rotate_webhook", hook))

    shown = text(admin.post(page("webhook_secret", hook)))
    new = Subscription.objects.get()
    assert new.secret in shown
    assert hook.secret not in shown
    assert "Until Tue 4 Mar 2031, 08:00 the secret before it signs too." in shown


def test_a_webhook_is_switched_off_and_on_and_deleted(hook: Subscription, admin: Client):
    admin.post(page("disable_webhook", hook))
    hook.refresh_from_db()
    assert hook.disabled_because == "by_hand"
    assert page("test_webhook", hook) not in text(admin.get(page("webhook", hook)))
    refused = admin.post(page("test_webhook", hook), follow=True)
    assert "This webhook is switched off. Switch it on first." in text(refused)

    admin.post(page("enable_webhook", hook))
    hook.refresh_from_db()
    assert hook.disabled_at is None

    assert admin.get(page("delete_webhook", hook)).status_code == 200
    assert Subscription.objects.exists()
    gone = admin.post(page("delete_webhook", hook), follow=True)
    assert "The webhook is deleted." in text(gone)
    assert not Subscription.objects.exists()
    assert admin.get(page("webhook", hook)).status_code == 404


def test_a_test_event_is_a_delivery_like_any_other(hook: Subscription, admin: Client):
    admin.post(page("test_webhook", hook))

    message = Message.objects.get()
    assert message.topic == "subscription.test"
    assert page("delivery", message) in text(admin.get(page("webhook", hook)))
    assert "It has not been tried yet." in text(admin.get(page("delivery", message)))


def test_a_delivery_shows_request_answer_and_every_try(hook: Subscription, admin: Client):
    message = told(hook, 500, answer="<b>Out of order</b>", error="The receiver answered 500.")

    shown = text(admin.get(page("delivery", message)))

    assert "Try 1, Mon 3 Mar 2031, 08:00" in shown
    assert "500 · 0 ms" in shown
    assert "The receiver answered 500." in shown
    assert "&lt;b&gt;Out of order&lt;/b&gt;" in shown
    assert "v1,abc=" in shown
    assert "{ &quot;type&quot;: &quot;hours.changed&quot;, &quot;data&quot;: {" in shown
    assert "given up" in shown


def test_a_delivery_is_repeated_and_not_while_it_is_on_its_way(hook: Subscription, admin: Client):
    Subscription.objects.update(events=["hours.changed"])
    message = told(hook)

    said = text(admin.post(page("redeliver", message), follow=True))
    assert "It is on its way again." in said
    again = Message.objects.latest("pk")
    assert page("delivery", again) in said
    assert (again.state, again.body) == ("waiting", message.body)

    said = text(admin.post(page("redeliver", message), follow=True))
    assert "This message has not left yet" in said


def test_a_range_is_repeated_on_the_clock_of_the_business(hook: Subscription, admin: Client):
    Subscription.objects.update(events=["hours.changed"])
    for _ in range(3):
        told(hook)

    def send(since: str, until: str) -> str:
        sent = {"since": since, "until": until}
        return text(admin.post(page("redeliver_range", hook), sent, follow=True))

    assert "there is nothing to deliver again." in send("2031-03-03T07:00", "2031-03-03T08:00")
    assert "3 deliveries are on their way again." in send("2031-03-03T08:00", "2031-03-03T08:01")
    assert Message.objects.filter(sent_at=None).count() == 3


@pytest.mark.parametrize(
    ("since", "until", "sentence"),
    [
        ("", "2031-03-03T08:00", "Please give a day and a time."),
        ("yesterday", "2031-03-03T08:00", "Please give a day and a time."),
        ("2031-03-03T08:00", "2031-03-03T08:00", "The end has to be after the beginning."),
        ("2031-03-30T02:30", "2031-03-31T08:00", "This time does not exist on that day"),
    ],
)
def test_a_range_that_is_none_is_refused_with_what_was_typed(
    hook: Subscription, admin: Client, since: str, until: str, sentence: str
):
    answer = admin.post(page("redeliver_range", hook), {"since": since, "until": until})

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert f'value="{until}"' in text(answer)


def test_deliveries_are_filtered_and_turned_page_by_page(hook: Subscription, admin: Client):
    rows = [told(hook) for _ in range(30)]
    dead = told(hook, 500)

    def ids(query: str) -> list[Message]:
        found = admin.get(page("webhook", hook) + query)
        return [line.message for line in found.context["lines"]]

    newest = [dead, *rows[::-1]]
    assert ids("") == newest[:25]
    edge = newest[24].public_id
    assert ids(f"?after={edge}") == newest[25:]
    assert ids(f"?before={newest[25].public_id}") == newest[:25]
    assert ids("?state=failed") == [dead]
    assert ids("?kind=staff.added") == []
    assert ids("?state=nonsense&kind=%00&after=x") == newest[:25]


def test_the_list_costs_the_same_for_one_and_for_five(
    business: Business, admin: Client, django_assert_num_queries
):
    make.subscription(business)
    admin.get(to("webhooks", business))
    with django_assert_num_queries(5):
        admin.get(to("webhooks", business))
    for _ in range(4):
        told(make.subscription(business))
    with django_assert_num_queries(5):
        admin.get(to("webhooks", business))


def test_deliveries_cost_the_same_for_one_and_for_many(
    hook: Subscription, admin: Client, django_assert_num_queries
):
    told(hook)
    admin.get(page("webhook", hook))
    with django_assert_num_queries(8):
        admin.get(page("webhook", hook))
    for _ in range(9):
        told(hook)
    with django_assert_num_queries(8):
        admin.get(page("webhook", hook))


@pytest.mark.parametrize("role", ["team_member", "scheduler", "viewer"])
def test_only_admins_see_webhooks_and_the_way_to_them(hook: Subscription, role: str):
    browser = as_(role, hook.business)
    message = told(hook)

    for name, row in (("webhook", hook), ("edit_webhook", hook), ("delivery", message)):
        assert browser.get(page(name, row)).status_code == 403
    assert browser.post(page("webhook_secret", hook)).status_code == 403
    assert to("webhooks", hook.business) not in text(browser.get(to("day", hook.business)))
    assert to("webhooks", hook.business) in text(
        as_("admin", hook.business).get(to("day", hook.business))
    )


def test_another_business_is_not_there(hook: Subscription):
    stranger = make.subscription()
    theirs = told(stranger)
    browser = as_("admin", hook.business)

    assert browser.get(to("webhook", hook.business, stranger.public_id)).status_code == 404
    assert browser.get(to("delivery", hook.business, theirs.public_id)).status_code == 404
    commands.disable_subscription(subscription=hook, now=NOW, actor=SYSTEM)
    again = to("redeliver", hook.business, theirs.public_id)
    assert browser.post(again).status_code == 404
    booking = make.booking(make.service(hook.business))
    letter = Message.objects.filter(booking=booking, outlet="email")[0]
    assert browser.get(to("delivery", hook.business, letter.public_id)).status_code == 404

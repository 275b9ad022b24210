"""Webhooks through the API: made, changed, given secrets, switched, deleted, tested, repeated."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from bookings import outbox
from bookings.composing import compose
from bookings.models import Business, Event, Message, Subscription
from bookings.outbox import Exchange
from tests import make
from tests.faces.api.conftest import Program
from tests.make import NOW

pytestmark = pytest.mark.django_db
URL = "https://receiver.example/hook?token=sesame"


@pytest.fixture
def hook(business) -> Subscription:
    return make.subscription(business, url=URL)


@transaction.atomic
def happen(of: Business, kind: str = "hours.changed") -> Event:
    return outbox.record_alone(business=of, kind=kind, actor="staff", now=NOW, data={})


def delivered() -> list[Message]:
    """Let the receiver take everything that waits; returns the deliveries."""
    taken = []
    while message := outbox.claim(now=NOW):
        compose(message, now=NOW)
        said = Exchange(status=200, answer="thanks", headers={"webhook-id": "x"})
        outbox.settle_sent(message, now=NOW, said=said)
        taken.append(message)
    return taken


def test_a_webhook_is_made_and_its_secret_told_once(program):
    made = program.post("subscriptions/", {"url": URL, "kinds": ["booking.confirmed"]})

    assert made.status_code == 201
    shown = made.json()
    row = Subscription.objects.get()
    assert (shown["id"], shown["secret"]) == (str(row.public_id), row.secret)
    assert (row.url, row.events) == (URL, ["booking.confirmed"])
    assert row.created_by.startswith("Sync")
    read = program.get(made["Location"].partition("8000")[2]).json()
    assert read == shown | {"secret": None}
    assert program.get("subscriptions/").json()["results"] == [read]


def test_without_kinds_it_is_told_of_everything(program):
    assert program.post("subscriptions/", {"url": URL}).json()["kinds"] is None
    assert Subscription.objects.get().events == []


def test_the_same_key_makes_one_webhook_with_one_secret(program):
    first, again = (program.post("subscriptions/", {"url": URL}, Idempotency_Key="k") for _ in "ab")

    assert first.json() == again.json()
    assert Subscription.objects.count() == 1


def test_the_sixth_is_too_many(program):
    made = [program.post("subscriptions/", {"url": URL}).status_code for _ in range(5)]
    sixth = program.post("subscriptions/", {"url": URL})

    assert made == [201] * 5
    assert (sixth.status_code, sixth.json()["code"]) == (429, "too_many_subscriptions")


def test_a_host_that_the_settings_do_not_list_is_not_allowed(program, settings: Settings):
    settings.WEBHOOK_HOSTS = ("hooks.example.org",)
    answer = program.post("subscriptions/", {"url": URL})

    assert (answer.status_code, answer.json()["code"]) == (403, "host_not_listed")


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({"url": "http://receiver.example/"}, 422, "not_https", "/url"),
        ({"url": "https://10.0.0.1/"}, 422, "not_public", "/url"),
        ({"url": "nonsense"}, 422, "bad_url", "/url"),
        ({"url": "https://receiver.example:22/"}, 422, "port_not_called", "/url"),
        ({"url": "https://receiver.example/" + "a" * 500}, 400, "bad_body", "/url"),
        ({"url": URL, "kinds": []}, 422, "invalid", "/kinds"),
        ({"url": URL, "kinds": ["subscription.test"]}, 422, "invalid", "/kinds"),
        ({"url": URL, "kinds": ["nonsense"]}, 400, "bad_body", "/kinds/0"),
        ({"url": URL, "secret": "mine"}, 400, "bad_body", "/secret"),
        ({}, 400, "bad_body", "/url"),
    ],
)
def test_what_cannot_be_a_webhook_is_refused_with_its_field(program, body, status, code, pointer):
    answer = program.post("subscriptions/", body)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert not Subscription.objects.exists()


def test_a_webhook_is_changed_as_it_was_seen_and_not_otherwise(program, hook):
    path = f"subscriptions/{hook.public_id}/"
    tag = program.get(path)["ETag"]
    wanted = {"url": "https://other.example/", "kinds": ["booking.cancelled"]}
    changed = program.call("PUT", path, wanted, If_Match=tag)
    late = program.call("PUT", path, {"url": URL, "kinds": None}, If_Match=tag)

    assert changed.status_code == 200
    assert (changed.json()["url"], changed.json()["kinds"]) == tuple(wanted.values())
    assert changed["ETag"] == program.get(path)["ETag"] != tag
    assert late.status_code == 412
    hook.refresh_from_db()
    assert (hook.url, hook.events) == tuple(wanted.values())
    plain = {"url": "http://a.example/", "kinds": None}
    assert program.call("PUT", path, plain).status_code == 422


def test_a_webhook_is_not_told_of_everything_by_leaving_something_out(program, hook):
    Subscription.objects.update(events=["booking.cancelled"])
    answer = program.call("PUT", f"subscriptions/{hook.public_id}/", {"url": URL})

    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"pointer": "/kinds", "detail": "This is needed."}]


def test_what_is_delivered_changes_nothing_that_a_change_asks_about(program, hook, business):
    path = f"subscriptions/{hook.public_id}/"
    tag = program.get(path)["ETag"]
    happen(business)
    delivered()

    assert program.get(path)["ETag"] == tag
    health = program.get(f"{path}?expand=health").json()["health"]
    assert health["last_success_at"] == "2031-03-03T07:00:00Z"
    (listed,) = program.get("subscriptions/?expand=health").json()["results"]
    assert listed["health"] == health


def test_a_new_secret_is_told_once_and_the_old_one_signs_on_for_a_day(program, hook, clock):
    rotated = program.post(f"subscriptions/{hook.public_id}/rotate-secret/").json()
    before = hook.secret
    hook.refresh_from_db()

    assert rotated["secret"] == hook.secret != before == hook.old_secret
    assert rotated["old_secret_until"] == (NOW + timedelta(hours=24)).isoformat()[:19] + "Z"
    assert program.get(f"subscriptions/{hook.public_id}/").json()["secret"] is None


def test_a_webhook_is_switched_off_and_on(program, hook):
    path = f"subscriptions/{hook.public_id}/"
    off = program.post(f"{path}disable/")
    refused = program.post(f"{path}test/")
    on = program.post(f"{path}enable/")

    assert (off.status_code, off.json()["disabled_because"]) == (200, "by_hand")
    assert (refused.status_code, refused.json()["code"]) == (422, "subscription_disabled")
    assert (on.status_code, on.json()["disabled_at"]) == (200, None)


def test_a_webhook_is_deleted_once(program, hook):
    path = f"subscriptions/{hook.public_id}/"
    tag = program.get(path)["ETag"]
    program.post(f"{path}rotate-secret/")
    stale = program.call("DELETE", path, If_Match='"nonsense"')
    gone = program.call("DELETE", path)

    assert tag
    assert stale.status_code == 412
    assert (gone.status_code, gone.content) == (204, b"")
    assert program.call("DELETE", path).status_code == 404
    assert not Subscription.objects.exists()


def test_a_test_event_is_told_and_its_delivery_can_be_read(program, hook):
    sent = program.post(f"subscriptions/{hook.public_id}/test/")

    assert sent.status_code == 201
    assert (sent.json()["kind"], sent.json()["state"]) == ("subscription.test", "waiting")
    delivered()
    shown = program.get(sent["Location"].partition("8000")[2]).json()
    assert (shown["state"], shown["url"], shown["attempts"]) == ("sent", URL, 1)
    assert json.loads(shown["body"])["data"]["id"] == shown["event"]
    (tried,) = shown["tries"]
    assert (tried["status"], tried["answer"]) == (200, "thanks")
    assert tried["headers"] == {"webhook-id": "x"}


def test_deliveries_are_chosen_and_filled_where_wanted(program, hook, business):
    happen(business)
    delivered()
    happen(business, "staff.added")
    path = f"subscriptions/{hook.public_id}/deliveries/"

    def kinds(query: str) -> list[str]:
        return [each["kind"] for each in program.get(f"{path}?{query}").json()["results"]]

    assert kinds("") == ["staff.added", "hours.changed"]
    assert kinds("state=sent") == kinds("kind=hours.changed") == ["hours.changed"]
    (plain,) = program.get(f"{path}?state=sent").json()["results"]
    assert (plain["body"], plain["tries"]) == (None, None)
    (full,) = program.get(f"{path}?state=sent&expand=body,tries").json()["results"]
    assert json.loads(full["body"])["type"] == "hours.changed"
    assert len(full["tries"]) == 1
    assert program.get(f"{path}?state=lost").status_code == 400
    assert program.get(f"{path}?expand=secret").status_code == 400


def test_a_delivery_is_repeated_under_its_old_id(program, hook, business):
    happen(business)
    (first,) = delivered()
    path = f"subscriptions/{hook.public_id}/deliveries/{first.public_id}/redeliver/"
    again = program.post(path)

    assert again.status_code == 201
    assert again.json()["id"] != str(first.public_id)
    assert again.json()["event"] == str(first.event.public_id)
    early = program.post(path)
    assert (early.status_code, early.json()["code"]) == (422, "on_its_way")


def test_everything_between_two_times_is_repeated(program, hook, business):
    happen(business)
    happen(business)
    delivered()
    path = f"subscriptions/{hook.public_id}/redeliver/"
    span = {"since": "2031-03-03T08:00:00+01:00", "until": "2031-03-03T08:00:01+01:00"}

    assert program.post(path, span).json() == {"count": 2}
    wrong = program.post(path, {"since": span["until"], "until": span["since"]})
    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["pointer"] == "/until"
    assert program.post(path, {"since": "yesterday", "until": "now"}).status_code == 400


def test_webhooks_of_others_are_not_there(program, hook):
    foreign = make.subscription()
    happen(foreign.business)
    strange = foreign.messages.get()

    for method, path in (
        ("GET", ""),
        ("PUT", ""),
        ("DELETE", ""),
        ("POST", "rotate-secret/"),
        ("POST", "enable/"),
        ("POST", "disable/"),
        ("POST", "test/"),
        ("GET", "deliveries/"),
        ("GET", f"deliveries/{strange.public_id}/"),
        ("POST", f"deliveries/{strange.public_id}/redeliver/"),
    ):
        body = {"url": URL, "kinds": None} if method == "PUT" else None
        assert (
            program.call(method, f"subscriptions/{foreign.public_id}/{path}", body).status_code
            == 404
        )
    path = f"subscriptions/{hook.public_id}/deliveries/{strange.public_id}/"
    assert program.get(path).status_code == 404
    assert program.post(f"{path}redeliver/").status_code == 404


@pytest.mark.parametrize("role", ["team_member", "scheduler", "viewer", "guest"])
def test_only_admins_control_webhooks(business, hook, role):
    program = Program(make.member(business, role), business)

    assert program.get("subscriptions/").status_code == 403
    assert program.post("subscriptions/", {"url": URL}).status_code == 403
    assert program.post(f"subscriptions/{hook.public_id}/rotate-secret/").status_code == 403


@pytest.mark.parametrize("many", [1, 30])
def test_a_list_of_deliveries_costs_the_same_however_long_it_is(program, hook, business, many):
    for _ in range(many):
        happen(business)
    path = f"subscriptions/{hook.public_id}/deliveries/?limit=100&expand=tries,body"
    program.get(path)
    with CaptureQueriesContext(connection) as asked:
        assert len(program.get(path).json()["results"]) == many

    assert len(asked) == 6


@pytest.mark.parametrize("many", [1, 5])
def test_the_list_of_webhooks_costs_the_same_however_long_it_is(program, business, many):
    for _ in range(many):
        make.subscription(business)
    program.get("subscriptions/")
    with CaptureQueriesContext(connection) as asked:
        found = program.get("subscriptions/?expand=health").json()["results"]

    assert (len(found), len(asked)) == (many, 5)

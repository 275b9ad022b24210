"""The calls of programs are noted, written in batches, and forgotten after a while."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import uuid4

import pytest

from bookings import commands, tasks
from bookings.faces.api.journal import Journal, journal
from bookings.models import Call, CallCount, KeptAnswer
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _an_empty_page():
    journal.write()
    Call.objects.all().delete()


def noted(caller="token:1", at=make.NOW):
    return Call(caller=caller, method="GET", path="/", status=200, took_ms=1, at=at)


def test_a_call_is_noted_with_what_became_of_it(program, clock):
    program.get("services/?limit=1")
    program.get(f"services/{uuid4()}/")
    program.post("bookings/", {"seats": "two"})
    program.call("DELETE", "services/")

    assert journal.write() == 4
    name = f"token:{program.user.access_tokens.get().public_id}"
    rows = list(Call.objects.order_by("pk"))
    assert {(row.caller, row.at) for row in rows} == {(name, clock.now)}
    assert [(row.method, row.status, row.code) for row in rows] == [
        ("GET", 200, ""),
        ("GET", 404, "not_found"),
        ("POST", 400, "bad_body"),
        ("DELETE", 405, "method_not_allowed"),
    ]
    assert rows[1].path == "/api/v1/businesses/{business}/services/{service}/"


def test_a_method_that_nobody_knows_spoils_no_notes(program):
    program.call("PROPFIND", "services/")
    program.get("services/")
    journal.write()

    assert list(Call.objects.order_by("pk").values_list("method", "status")) == [
        ("", 405),
        ("GET", 200),
    ]


def test_nothing_that_was_sent_is_noted(program, business, clock):
    booking = make.booking(make.service(business), contact=make.contact(name="Anna Canary"))
    token = commands.manage_token(booking=booking, now=clock.now)
    sent = {"contact": {"name": "Anna Canary", "email": "anna@canary.example"}}
    program.get("customers/?search=anna@canary.example")
    program.get("customers/?email=anna@canary.example")
    program.get(f"customers/{booking.customer.public_id}/?anna=canary")
    program.get("customers/anna@canary.example/")
    program.post("bookings/", sent, Idempotency_Key="anna canary", Referer="https://canary/")
    program.post(f"bookings/{booking.public_id}/cancel/", {"reason": "Anna Canary is ill"})
    program.patch(f"customers/{booking.customer.public_id}/", {"name": "Anna Canary"})
    program.call("ANNA", "customers/")
    public = f"/api/v1/public/businesses/{business.slug}/bookings/{token}/"
    program.get(public)
    program.post(f"{public}cancel/", {"reason": "Anna Canary is ill"})
    journal.write()

    said = str(list(Call.objects.values())).lower()
    assert Call.objects.count() == 7
    for word in ("anna", "canary", token.lower(), str(booking.customer.public_id)):
        assert word not in said


def test_who_has_no_token_is_not_noted(program):
    program.token = "bpt_nonsense"
    program.get("services/")

    assert journal.write() == 0


def test_many_calls_are_written_by_a_few_statements(django_assert_num_queries):
    book = Journal()
    for _ in range(1001):
        book.note(noted())

    with django_assert_num_queries(3):
        assert book.write() == 1001


def test_where_nothing_can_be_written_the_oldest_notes_are_lost():
    book = Journal()
    for number in range(10_003):
        book.note(noted(caller=f"token:{number}"))

    assert book.write() == 10_000
    assert Call.objects.order_by("pk").first().caller == "token:3"


@pytest.mark.django_db(transaction=True)
def test_a_thread_writes_what_is_noted_while_the_journal_is_kept():
    book = Journal()
    book.keep()
    book.note(noted())

    while not Call.objects.exists():
        time.sleep(0.05)
    book.stop()


def test_what_is_kept_of_calls_is_forgotten(program, clock):
    now = clock.now
    for age in (timedelta(days=7), timedelta(days=6)):
        noted(at=now - age).save()
    for age in (timedelta(hours=48), timedelta(hours=47)):
        KeptAnswer.objects.create(
            digest=f"{age}", fingerprint="", status=201, sealed=b"", created_at=now - age
        )
    CallCount.objects.create(caller="token:1", until=now - timedelta(seconds=1), count=1)
    CallCount.objects.create(caller="token:2", until=now + timedelta(days=1), count=1)
    tasks.forget()

    assert Call.objects.get().at == now - timedelta(days=6)
    assert KeptAnswer.objects.get().created_at == now - timedelta(hours=47)
    assert CallCount.objects.get().caller == "token:2"

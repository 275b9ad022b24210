"""Every try leaves a row beside its outcome, and none outlives a month."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import outbox
from bookings.models import Attempt, Message
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def claimed() -> Message:
    """Return the one letter of a booking, just taken by a sender."""
    business = make.business(notify_business=False)
    make.booking(make.service(business, by=[make.staff(business, is_notified=False)]))
    message = outbox.claim(now=NOW)
    assert message is not None
    return message


def test_a_refusal_leaves_what_was_said_and_how_long_it_took(claimed: Message) -> None:
    said = outbox.Exchange(status=503, answer="busy", headers={"webhook-id": "x"})
    later = NOW + timedelta(milliseconds=250)

    outbox.settle_refused(claimed, error="503 busy", permanent=False, said=said, now=later)

    row = Attempt.objects.get()
    assert (row.message, row.number, row.at, row.took_ms) == (claimed, 1, NOW, 250)
    assert (row.status, row.answer, row.error) == (503, "busy", "503 busy")
    assert row.headers == {"webhook-id": "x"}


def test_every_try_has_its_row_and_the_one_that_succeeds_too(claimed: Message) -> None:
    outbox.settle_refused(claimed, error="later", permanent=False, now=NOW)
    claimed.refresh_from_db()
    again = outbox.claim(now=claimed.due_at)
    assert again is not None

    outbox.settle_sent(again, now=again.due_at)

    rows = Attempt.objects.order_by("pk").values_list("number", "error")
    assert list(rows) == [(1, "later"), (2, "")]


def test_a_sender_that_was_overtaken_writes_no_row(claimed: Message) -> None:
    later = NOW + outbox.LEASE
    second = outbox.claim(now=later)
    assert second is not None

    assert not outbox.settle_refused(claimed, error="late", permanent=True, now=later)
    assert not outbox.settle_sent(claimed, now=later)
    assert not Attempt.objects.exists()
    assert outbox.settle_sent(second, now=later)
    assert Attempt.objects.get().number == 2


def test_what_the_database_cannot_store_is_stored_all_the_same(claimed: Message) -> None:
    said = outbox.Exchange(answer="a\0b\ud800" + "x" * 10_000)

    assert outbox.settle_refused(claimed, error="\0\ud800", permanent=True, said=said, now=NOW)

    row = Attempt.objects.get()
    assert row.answer.startswith("a\ufffdb?xxx")
    assert len(row.answer) == 4096
    assert row.error == "\ufffd?"


def test_a_clock_that_jumps_is_no_reason_to_send_again(claimed: Message) -> None:
    assert outbox.settle_sent(claimed, now=NOW - timedelta(days=400))

    assert Attempt.objects.get().took_ms == 0


def test_a_clock_that_shows_the_same_moment_twice_is_none_either(claimed: Message) -> None:
    outbox.settle_refused(claimed, error="first", permanent=True, now=NOW)
    claimed.refresh_from_db()
    outbox.replay(Message.objects.filter(pk=claimed.pk), now=NOW)
    again = outbox.claim(now=NOW)
    assert again is not None

    assert outbox.settle_sent(again, now=NOW)

    assert [row.error for row in Attempt.objects.all()] == ["first"]


def test_tries_and_what_webhooks_said_are_kept_for_a_month(claimed: Message) -> None:
    outbox.settle_refused(claimed, error="later", permanent=True, now=NOW)
    business = claimed.business
    make.subscription(business)
    outbox.record_alone(business=business, kind="hours.changed", actor="x", now=NOW, data={})
    sent = outbox.claim(now=NOW)
    assert sent is not None
    Message.objects.filter(pk=sent.pk).update(body="{}")
    outbox.settle_sent(sent, now=NOW)

    assert outbox.forget_tries(now=NOW + outbox.KEPT) == 0
    assert outbox.forget_tries(now=NOW + outbox.KEPT + timedelta(seconds=1)) == 3
    assert not Attempt.objects.exists()
    assert set(Message.objects.values_list("body", flat=True)) == {""}


def test_what_still_waits_keeps_what_it_says(claimed: Message) -> None:
    Message.objects.filter(pk=claimed.pk).update(body="{}", leased_until=None)

    outbox.forget_tries(now=NOW + timedelta(days=40))

    claimed.refresh_from_db()
    assert claimed.body == "{}"

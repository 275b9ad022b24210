"""Notices to the house of what has stopped."""

from __future__ import annotations

import pytest
from django.core import mail
from django.utils import timezone

from bookings import outbox, sender
from bookings.models import Audience, Business, Message
from tests import make
from tests.make import NOW

pytestmark = pytest.mark.django_db


def _notice(business: Business, trouble: str) -> None:
    outbox.put_alone(
        business=business,
        key=f"notice:{trouble}:{business.public_id}:2031-03-03",
        topic="notice",
        address=business.mailbox,
        audience=Audience.BUSINESS,
        now=NOW,
    )


@pytest.mark.parametrize(
    ("trouble", "subject", "page"),
    [
        ("texts", "Text messages are not sent: Salon Möwe", "/admin/bookings/message/?"),
        ("texts_to_number", "Text messages are not sent: Salon Möwe", "/admin/bookings/message/?"),
        ("webhook_disabled", "A webhook is switched off: Salon Möwe", "/desk/moewe/webhooks/"),
    ],
)
def test_a_notice_says_what_has_stopped_and_where_to_look(
    monkeypatch: pytest.MonkeyPatch, trouble: str, subject: str, page: str
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    business = make.business(name="Salon Möwe", slug="moewe")
    make.subscription(business, disabled_at=NOW, disabled_because="failing")
    for _ in range(2):
        _notice(business, trouble)

    sender.send_due()

    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == (subject, [business.mailbox])
    assert page in letter.body
    assert "Salon Möwe" in letter.body.splitlines()[2]


def test_the_letter_about_webhooks_names_the_hosts_that_fail_and_no_secret_path(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    business = make.business()
    for host, because in (("gone", "gone"), ("slow", "failing"), ("mine", "by_hand")):
        make.subscription(
            business,
            url=f"https://{host}.example/hook/s3cret",
            disabled_at=NOW,
            disabled_because=because,
        )
    make.subscription(business, url="https://well.example/hook")

    _notice(business, "webhook_disabled")
    sender.send_due()

    (letter,) = mail.outbox
    assert "Says that it is gone: gone.example" in letter.body
    assert "Has failed for days: slow.example" in letter.body
    for other in ("mine.example", "well.example", "s3cret"):
        assert other not in letter.body


def test_nobody_is_told_of_webhooks_that_are_switched_on_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    business = make.business()
    make.subscription(business)

    _notice(business, "webhook_disabled")
    sender.send_due()

    assert mail.outbox == []
    assert Message.objects.get().state == "dropped"


def test_a_notice_of_something_unknown_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    outbox.put_alone(
        business=make.business(), key="notice:else", topic="notice", address="a@x.org", now=NOW
    )

    sender.send_due()

    assert mail.outbox == []
    assert Message.objects.get().state == "dropped"

"""The budget of text messages, spent by several senders at the same moment."""

from __future__ import annotations

from functools import partial

import pytest

from bookings import outbox
from bookings.commands import Contact
from bookings.models import Message
from bookings.outbox import Budget, Over
from tests import make
from tests.at_once import at_once
from tests.make import NOW

pytestmark = pytest.mark.django_db(transaction=True)


def test_senders_at_the_same_moment_never_spend_more_than_there_is() -> None:
    service = make.service(make.business(country="DE"), sends_sms=True, capacity=8)
    for number in range(8):
        phone = f"+49170123456{number}"
        make.booking(service, contact=Contact("A", f"a{number}@x.org", phone, sms_consent="Yes"))
    budget = Budget(per_number=9, in_all=7)

    spent = at_once(
        *(
            partial(outbox.spend, message, segments=2, budget=budget, now=NOW)
            for message in Message.objects.filter(outlet="sms")
        )
    )

    assert sorted(spent, key=str) == [None] * 3 + [Over.ALL] * 5
    assert Message.objects.filter(topic="notice").count() == 1


def test_a_text_that_is_tried_again_has_its_parts_already() -> None:
    service = make.service(make.business(country="DE"), sends_sms=True)
    make.booking(service, contact=Contact("A", "a@x.org", "+491701234567", sms_consent="Yes"))
    message, budget = Message.objects.get(outlet="sms"), Budget(per_number=1, in_all=1)

    tried = [outbox.spend(message, segments=1, budget=budget, now=NOW) for _ in range(2)]

    assert tried == [None, None]

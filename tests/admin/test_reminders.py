"""Reminders and follow-ups are set up beneath their service, and reach what is booked already."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings import commands
from bookings.models import Message, Reminder, Replanning, Service
from tests import make
from tests.admin.browse import change, errors, rows, send
from tests.make import NOW
from tests.meanwhile import waiting

ADD = "/admin/bookings/service/add/"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ROW = {"kind": "reminder", "offset": "1 day", "recipients": "customer", "channel": "email"}


def rules(of: Service) -> list[tuple[str, timedelta, str, str, str]]:
    found = Reminder.objects.filter(service=of).order_by("kind", "offset")
    return list(found.values_list("kind", "offset", "recipients", "channel", "text"))


def test_a_new_service_is_offered_a_reminder_of_a_day(office: Client) -> None:
    make.business()

    send(office, ADD, name="Dyeing", slug="dyeing")

    assert rules(Service.objects.get()) == [("reminder", DAY, "customer", "email", "")]


def test_the_offered_reminder_can_be_emptied_away(office: Client) -> None:
    make.business()

    page = send(office, ADD, name="Dyeing", slug="dyeing", **{"reminders-0-offset": ""})

    assert (errors(page), rules(Service.objects.get())) == ([], [])


def test_rules_are_added_in_ones_own_words_and_removed(office: Client) -> None:
    service = make.service()
    first = make.reminder(service)
    values = {"kind": "follow_up", "offset": "2 h", "recipients": "all", "channel": "both"}

    page = send(
        office,
        change(service),
        **{"reminders-0-DELETE": "on"},
        **rows("reminders", values | {"text": "How was it?\nTell us."}, first=1),
    )

    assert errors(page) == []
    assert rules(service) == [("follow_up", 2 * HOUR, "all", "both", "How was it?\nTell us.")]
    assert not Reminder.objects.filter(pk=first.pk).exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        (ROW | {"offset": "2 min"}, "It is sent at least five minutes before the start."),
        (ROW | {"offset": "400 days"}, "It is sent at most a year before or after."),
        (ROW | {"recipients": "staff", "channel": "sms"}, "Staff get e-mail only."),
        (
            ROW | {"kind": "reconfirmation", "recipients": "all"},
            "Only customers are asked whether they will come.",
        ),
        (
            ROW | {"recipients": "all"},
            "Two of these tell somebody the same thing at the same time: 1 day.",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(
    office: Client, values: dict[str, object], sentence: str
) -> None:
    service = make.service()
    make.reminder(service)

    page = send(office, change(service), **rows("reminders", values, first=1))

    assert errors(page) == [sentence]
    assert len(rules(service)) == 1


def test_a_customer_may_get_an_email_and_a_text_and_staff_another_email(office: Client) -> None:
    service = make.service()
    make.reminder(service)

    page = send(
        office,
        change(service),
        **rows("reminders", ROW | {"channel": "sms"}, ROW | {"recipients": "staff"}, first=1),
    )

    assert (errors(page), len(rules(service))) == ([], 3)


def test_ten_rules_are_enough(office: Client) -> None:
    service = make.service()
    many = [ROW | {"offset": f"{hours} h"} for hours in range(1, 12)]

    page = send(office, change(service), **rows("reminders", *many))

    assert errors(page) == ["A service has at most ten reminders and follow-ups."]


def test_changed_rules_reach_what_is_booked_already_and_nothing_else_starts_planning(
    office: Client,
) -> None:
    service = make.service()
    now = make.today()
    make.booking(service, starts_at=make.next_start(service, now), now=now)
    send(office, change(service), name="Other name")
    untouched = Replanning.objects.exists()

    send(office, change(service), **rows("reminders", ROW))
    count = commands.replan(now=make.today())

    assert (untouched, count) == (False, 1)
    assert Message.objects.filter(topic="reminder", sent_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_rules_are_saved_while_somebody_books_a_service_whose_day_is_limited(
    office: Client, caplog: pytest.LogCaptureFixture
) -> None:
    service = make.service(service_daily_limit=5)
    make.reminder(service)
    saved: list[list[str]] = []

    def save() -> None:
        saved.append(errors(send(office, change(service), **{"reminders-0-offset": "2 h"})))

    with waiting(save, before='"bookings_service"."id" = %s LIMIT 21 FOR NO KEY'):
        make.booking(service, starts_at=make.at("10:00", days=3))

    assert saved == [[]]
    assert rules(service) == [("reminder", 2 * HOUR, "customer", "email", "")]
    assert "tried again" not in caplog.text
    commands.replan(now=NOW)
    assert Message.objects.get(topic="reminder").due_at == make.at("08:00", days=3)

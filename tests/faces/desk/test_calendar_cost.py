"""What a page of the calendar costs, and how cheaply it is told that nothing has changed."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bookings import commands
from bookings.models import Business
from tests import make
from tests.crowded import crowd
from tests.faces.desk.desking import signed_in
from tests.make import at

pytestmark = pytest.mark.django_db

MOST_QUERIES = 12
MOST_BYTES = 120_000
AGAIN = {"X-Requested-With": "fetch"}


def crowded(columns: int, appointments: int) -> Business:
    """Return a business with a day full of appointments, tomorrow."""
    business = make.business()
    crowd(business, columns=columns, appointments=appointments, opens_at=at("09:00"))
    return business


def desk(business: Business, role: str = "admin") -> Client:
    return signed_in(make.member(business, role))


def address(business: Business, name: str = "day") -> str:
    return reverse(f"desk:{name}", args=[business.slug]) + "?day=2031-03-04"


def queries(client: Client, address: str, **headers: str) -> int:
    """Count the queries of a page."""
    with CaptureQueriesContext(connection) as captured:
        client.get(address, headers=headers)
    return len(captured)


@pytest.mark.parametrize("role", ["admin", "team_member", "viewer"])
@pytest.mark.parametrize("name", ["day", "week", "month", "list"])
def test_a_page_takes_as_many_queries_for_three_hundred_as_for_one(name: str, role: str):
    few, many = crowded(1, 1), crowded(20, 300)
    first, second = desk(few, role), desk(many, role)

    cold = [queries(first, address(few, name)), queries(second, address(many, name))]
    warm = [queries(first, address(few, name)), queries(second, address(many, name))]

    assert cold[0] == cold[1] <= MOST_QUERIES
    assert warm[0] == warm[1] < cold[0]


def test_a_full_day_is_light():
    business = crowded(20, 300)

    text = desk(business).get(address(business)).content

    assert text.count(b'<li class="visit') == 300
    assert len(gzip.compress(text)) <= MOST_BYTES


def test_where_nothing_has_changed_one_question_says_so():
    business = crowded(20, 300)
    client = desk(business)
    seen = client.get(address(business), headers=AGAIN)

    with CaptureQueriesContext(connection) as captured:
        again = client.get(
            address(business), headers={**AGAIN, "If-None-Match": seen.headers["ETag"]}
        )

    assert (again.status_code, again.content) == (304, b"")
    assert len(captured) == 4  # session, user, role, stamp


def test_a_follower_gets_the_agenda_alone_and_only_what_changed():
    business = make.business()
    service = make.service(business)
    client = desk(business)
    tag = client.get(address(business), headers=AGAIN).headers["ETag"]

    booking = make.booking(service, contact=make.contact(name="Nora Lindqvist"))
    fresh = client.get(address(business), headers={**AGAIN, "If-None-Match": tag})
    text = fresh.content.decode()

    assert fresh.status_code == 200
    assert text.startswith("<section")
    assert "Nora Lindqvist" in text
    for change in (
        lambda: commands.check_in(
            booking=booking, now=make.NOW, actor=commands.Actor("staff", "Ann")
        ),
        lambda: make.staff(business),
        lambda: commands.cancel_booking(booking=booking, now=make.NOW),
    ):
        tag = client.get(address(business), headers=AGAIN).headers["ETag"]
        change()
        headers = {**AGAIN, "If-None-Match": tag}
        assert client.get(address(business), headers=headers).status_code == 200


def test_the_page_that_is_shown_carries_the_tag_of_what_it_shows():
    business = crowded(1, 1)
    client = desk(business)
    text = client.get(address(business)).content.decode()
    tag = text.split('data-stamp="', 1)[1].split('"', 1)[0]

    headers = {**AGAIN, "If-None-Match": f'"{tag}"'}

    assert client.get(address(business), headers=headers).status_code == 304
    assert Client().get(address(business), headers=headers).status_code == 401


def test_a_page_of_today_follows_the_clock_into_the_next_day(monkeypatch: pytest.MonkeyPatch):
    business = crowded(1, 1)
    client = desk(business)
    today = reverse("desk:day", args=[business.slug])
    tag = client.get(today, headers=AGAIN).headers["ETag"]
    monkeypatch.setattr("django.utils.timezone.now", lambda: make.NOW + timedelta(days=1))

    fresh = client.get(today, headers={**AGAIN, "If-None-Match": tag})

    assert fresh.status_code == 200
    assert 'data-day="2031-03-04"' in fresh.content.decode()

"""What is offered, to read: every service with its rules, for all who work there."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client

from bookings.models import Business
from tests import make

pytestmark = pytest.mark.django_db


def page(client: Client, of: Business) -> str:
    return client.get(f"/desk/{of.slug}/offer/").content.decode()


@pytest.mark.parametrize("role", ["admin", "team_member", "scheduler", "viewer"])
def test_everybody_who_works_there_reads_services_prices_questions_and_rules(
    client: Client, role: str
) -> None:
    business = make.business(minimum_lead=timedelta(hours=4))
    anna = make.staff(business, name="Anna")
    service = make.service(
        business,
        by=[anna],
        name="Wash & cut",
        price_kind="fixed",
        price=Decimal("48.00"),
        is_hidden=True,
        needs_approval=True,
        capacity=6,
    )
    make.question(service, text="Long or short?", required=True)
    make.reminder(service)
    make.reminder(service, kind="follow_up", offset=timedelta(0), recipients="all")
    client.force_login(make.member(business, role))

    shown = page(client, business)

    for words in ("Wash &amp; cut", "€48", "Long or short?", "Anna", "hidden from customers"):
        assert words in shown
    assert "reminder 1 day before, to customers, by e-mail" in shown
    assert "follow-up at the end, to customers and staff, by e-mail" in shown
    for words in ("needs approval", "4 h to 60 days ahead", "until 2 h before", "<dd>6</dd>"):
        assert words in shown


def test_staff_read_whose_place_it_is(client: Client) -> None:
    business = make.business()
    make.service(business, location_kind="offsite")
    client.force_login(make.member(business))

    assert "At the customer’s place" in page(client, business)


def test_only_an_admin_is_led_to_where_it_is_changed(client: Client) -> None:
    business = make.business()
    client.force_login(make.member(business, "viewer"))
    assert "/admin/" not in page(client, business)

    client.force_login(make.member(business, "admin"))
    assert "/admin/" in page(client, business)


def test_a_business_without_services_says_so(client: Client) -> None:
    business = make.business()
    client.force_login(make.member(business))

    assert "No service is set up yet." in page(client, business)


def test_a_page_of_many_services_asks_as_often_as_one_of_one(
    client: Client, django_assert_num_queries: object
) -> None:
    business = make.business()
    client.force_login(make.member(business))
    make.service(business)
    page(client, business)
    for _ in range(5):
        make.question(make.service(business))

    with django_assert_num_queries(8):  # type: ignore[operator]
        page(client, business)

"""No address that somebody types makes an error page of ours."""

from __future__ import annotations

import pytest
from django.test import Client

from bookings.models import Business, Customer, Question, Service
from tests import make

KINDS = [
    "business",
    "service",
    "resource",
    "question",
    "customer",
    "availabilityrange",
    "timeoff",
    "appointment",
    "booking",
    "event",
    "message",
]
HUGE = "9" * 30


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_understands_or_refuses_any_query(office: Client, kind: str) -> None:
    make.booking()
    names = ("q", "p", "o", "e", "period", "state", "topic", "kind__exact", "business")
    queries = [f"{name}={value}" for name in names for value in ("%00", "x", HUGE, "-1")]
    queries += [
        "q=%27%F0%9F%98%80",
        "wall_date__year=0",
        f"business__id__exact={HUGE}",
        "_facets=1",
    ]

    answers = {q: office.get(f"/admin/bookings/{kind}/?{q}").status_code for q in queries}

    assert {q: status for q, status in answers.items() if status not in (200, 302, 400)} == {}


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_of_a_row_that_is_not_there_leads_back(office: Client, kind: str) -> None:
    for number in ("0", "x", HUGE, "-1"):
        page = office.get(f"/admin/bookings/{kind}/{number}/change/", follow=True)
        assert (page.status_code, page.redirect_chain) == (200, [("/admin/", 302)])


@pytest.mark.parametrize("kind", ["service", "resource", "question", "customer", "timeoff"])
def test_a_form_for_a_business_that_is_not_there_asks_for_one(office: Client, kind: str) -> None:
    make.business()

    for number in ("0", "x", HUGE[:18], HUGE):
        page = office.get(f"/admin/bookings/{kind}/add/?business={number}&name=x")
        assert page.status_code == 200


@pytest.mark.parametrize("query", ["term=%00", f"business={HUGE}", "business=x", "page=x"])
def test_suggestions_survive_any_question(office: Client, query: str) -> None:
    field = "app_label=bookings&model_name=timeoff&field_name=resource"

    assert office.get(f"/admin/autocomplete/?{field}&{query}").status_code in (200, 400, 404)


def test_what_was_booked_cannot_be_deleted(office: Client) -> None:
    booking = make.booking()
    booked = {
        "business": booking.business_id,
        "service": booking.appointment.service_id,
        "customer": booking.customer_id,
    }

    for kind, number in booked.items():
        office.post(f"/admin/bookings/{kind}/{number}/delete/", {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": number, "post": "yes"}
        office.post(f"/admin/bookings/{kind}/", chosen | {"index": 0})

    assert (Business.objects.count(), Service.objects.count(), Customer.objects.count()) == (
        1,
        1,
        1,
    )


def test_a_business_in_which_nothing_happened_is_deleted_with_all_it_has(office: Client) -> None:
    service = make.service()
    make.question(service)

    office.post(f"/admin/bookings/business/{service.business_id}/delete/", {"post": "yes"})

    assert not Business.objects.exists()
    assert not Service.objects.exists()
    assert not Question.objects.exists()

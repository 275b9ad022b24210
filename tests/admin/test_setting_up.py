"""Businesses, services, people and questions are set up through the real forms."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookings import commands
from bookings.models import Question, Resource, Service
from tests import make
from tests.admin.browse import change, errors, rows, send, told

ADD = "/admin/bookings/service/add/"


def test_a_service_with_staff_and_a_question_is_added_and_can_be_booked(office: Client) -> None:
    business = make.business()
    person = make.staff(business)
    send(office, "/admin/bookings/question/add/", text="Which colour?", kind="short_text")
    question = Question.objects.get()

    page = send(
        office,
        ADD,
        name="Dyeing",
        slug="dyeing",
        duration="1 h 30 min",
        buffer_after="15",
        price_kind="fixed",
        price="80",
        **rows("links", {"resource": person.pk, "priority": 1}),
        **rows("asks", {"question": question.pk, "is_required": "on", "position": 0}),
    )

    assert errors(page) == []
    service = Service.objects.get()
    assert service.business == business
    assert (service.duration, service.buffer_after) == (
        timedelta(minutes=90),
        timedelta(minutes=15),
    )
    booked = commands.book(
        service=service,
        starts_at=make.at("09:00"),
        contact=make.contact(),
        answers={str(question.public_id): "green"},
        now=make.NOW,
    )
    assert booked.booking.answers.get().value == "green"


def test_a_service_that_nobody_gives_is_saved_with_a_warning(office: Client) -> None:
    make.business()

    page = send(office, ADD, name="Dyeing", slug="dyeing")

    assert Service.objects.get().name == "Dyeing"
    assert "Nobody gives “Dyeing” yet, so it cannot be booked. Add staff or a room." in told(page)


def test_custom_weekly_hours_without_hours_are_saved_with_a_warning(office: Client) -> None:
    service = make.service()

    page = send(office, change(service), availability="weekly")

    said = f"“{service.name}” has custom weekly hours but none are given yet."
    assert said in told(page)


def test_among_several_businesses_a_service_gets_its_people_on_a_second_page(
    office: Client,
) -> None:
    make.business()
    business = make.business()

    page = send(office, ADD, business=business.pk, name="Dyeing", slug="dyeing")

    service = Service.objects.get()
    assert page.redirect_chain == [(change(service), 302)]
    assert "Now choose who gives it and what it asks." in told(page)


def test_a_page_offers_only_what_is_of_the_same_business(office: Client) -> None:
    service = make.service()
    make.staff(make.business(), name="A stranger")

    page = office.get(change(service))

    assert "A stranger" not in page.content.decode()


@pytest.mark.parametrize("is_new", [True, False])
def test_somebody_of_another_business_is_refused(office: Client, is_new: bool) -> None:
    business = make.business()
    stranger = make.staff(make.business())
    address = f"{ADD}?business={business.pk}" if is_new else change(make.service(business, by=[]))

    row = {"resource": stranger.pk, "priority": 1}
    page = send(office, address, name="Dyeing", slug="dyeing", **rows("links", row))

    assert "Choose something of the same business." in errors(page)
    assert not stranger.links.exists()


def test_a_business_changed_on_the_way_keeps_its_people_apart(office: Client) -> None:
    business, other = make.business(), make.business()
    person = make.staff(business, name="Ann")

    page = send(
        office,
        f"{ADD}?business={business.pk}",
        business=other.pk,
        name="Dyeing",
        slug="dyeing",
        **rows("links", {"resource": person.pk, "priority": 1}),
    )

    assert "“Ann” belongs to another business." in errors(page)
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"price_kind": "fixed", "price": ""}, "Give a price for this kind of price"),
        ({"price_kind": "free", "price": "5"}, "Give a price for this kind of price"),
        ({"duration": "0"}, "A service takes at least one minute."),
        ({"duration": "30 s"}, "Seconds are not counted."),
        ({"duration": "soon"}, "“soon” is not a duration."),
        ({"interval": "0 min"}, "The interval is at least one minute."),
        ({"capacity": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_kept_as_typed(
    office: Client, values: dict[str, str], sentence: str
) -> None:
    service = make.service(name="Cut")

    page = send(office, change(service), **{"description": "As typed"} | values)

    (refusal,) = errors(page)
    assert sentence in refusal
    assert "As typed" in page.content.decode()
    service.refresh_from_db()
    assert (service.name, service.description) == ("Cut", "")


def test_two_services_of_one_business_never_share_an_address(office: Client) -> None:
    one = make.service(slug="cut")
    other = make.service(one.business, slug="dye")

    page = send(office, change(other), slug="cut")

    assert errors(page) == ["Service with this Business and Slug already exists."]


def test_a_policy_field_left_empty_is_inherited_and_says_what_that_means(office: Client) -> None:
    business = make.business(minimum_lead=timedelta(hours=3), allow_staff_selection=False)
    service = make.service(business, interval=None)

    page = office.get(change(service)).content.decode()
    send(office, change(service), cancellation_notice="2 days", allow_staff_selection="true")

    assert "Left empty: as the business says (3 h)." in page
    assert "as the business says (no)" in page
    service.refresh_from_db()
    assert service.minimum_lead is None
    assert service.policy.minimum_lead == timedelta(hours=3)
    assert service.policy.cancellation_notice == timedelta(days=2)
    assert service.policy.allow_staff_selection


def test_a_question_with_choices_has_at_least_two(office: Client) -> None:
    make.business()

    page = send(
        office, "/admin/bookings/question/add/", text="Colour?", kind="one_choice", choices="red\n"
    )

    assert errors(page) == ["Write at least two choices, one per line."]


def test_who_has_had_appointments_cannot_be_deleted(office: Client) -> None:
    service = make.service()
    make.booking(service)
    person = service.resources.get()

    page = office.post(f"/admin/bookings/resource/{person.pk}/delete/", {"post": "yes"})

    assert page.status_code == 403 or "Appointment:" in page.content.decode()
    assert Resource.objects.filter(pk=person.pk).exists()
    assert service.appointments.get().resources.count() == 1


def test_an_address_belongs_to_one_customer_of_a_business(office: Client) -> None:
    booking = make.booking(contact=make.contact(email="ann@example.org"))

    page = send(
        office,
        "/admin/bookings/customer/add/",
        business=booking.business_id,
        name="Another Ann",
        email="ANN@example.org",
    )

    assert errors(page) == ["Another customer has this address already."]

"""The page that says why a start cannot be booked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import Booking, Business, Service, TimeOff
from tests import make

PAGE = "/admin/why-not/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Stop the clock of the page on the Monday of the default world."""
    monkeypatch.setattr(timezone, "now", lambda: make.NOW)


def ask(office: Client, of: Service, at: str = "2031-03-04 10:00", **more: object) -> Any:
    """Ask for a start by the clock of the business."""
    day, clock = at.split()
    values = {"service": of.pk, "staff": "", "day": day, "time": clock, "seats": 1}
    return office.get(PAGE, values | more)


def words(page: Any) -> str:
    """Return what the page says, without its tags."""
    text = re.sub(r"<[^>]+>", " ", page.content.decode())
    return " ".join(text.replace("&ndash;", "–").split())


def admin_of(business: Business) -> Client:
    client = Client()
    client.force_login(make.member(business, "admin"))
    return client


def test_the_index_leads_to_the_page(office: Client) -> None:
    page = office.get("/admin/")

    calendar = next(each for each in page.context["app_list"] if each["app_label"] == "calendar")
    assert "/admin/why-not/" in [each["admin_url"] for each in calendar["models"]]
    assert office.get(PAGE).status_code == 200


def test_a_free_start_says_so_and_who_is_free(office: Client) -> None:
    business = make.business()
    service = make.service(business, by=[make.staff(business, name="Ann")])

    page = ask(office, service)

    assert page.status_code == 200
    assert "This time can be booked." in words(page)
    assert "Ann Free." in words(page)
    assert "Free starts nearby" in words(page)


def test_a_taken_time_names_its_appointment_with_a_link(office: Client) -> None:
    booking = make.booking()

    page = ask(office, booking.appointment.service)

    assert "Someone else has just taken this time. slot_taken" in words(page)
    assert f"/admin/bookings/appointment/{booking.appointment_id}/change/" in page.content.decode()


def test_an_absence_is_named_with_a_link(office: Client) -> None:
    service = make.service()
    away = TimeOff.objects.create(
        business=service.business,
        title="Dentist",
        starts_at=make.at("09:00"),
        ends_at=make.at("12:00"),
    )

    page = ask(office, service)

    assert "time_off" in words(page)
    assert "Dentist, Tue 4 Mar 2031, 09:00 UTC – Tue 4 Mar 2031, 12:00 UTC" in words(page)
    assert f"/admin/bookings/timeoff/{away.pk}/change/" in page.content.decode()


@pytest.mark.parametrize(
    ("at", "sentences"),
    [
        ("2031-03-04 20:00", ["outside_hours", "Open on that day: 09:00–17:00."]),
        ("2031-03-04 10:10", ["off_grid", "A start is offered every 30 min."]),
        ("2031-03-03 06:00", ["in_the_past", "The earliest start that can be booked now is Mon 3"]),
        ("2031-08-04 10:00", ["too_far", "The latest start that can be booked now is Fri 2 May"]),
    ],
)
def test_a_rule_is_named_with_its_code_and_its_facts(
    office: Client, at: str, sentences: list[str]
) -> None:
    said = words(ask(office, make.service(), at))

    assert [each for each in sentences if each not in said] == []


def test_nobody_ready_is_named(office: Client) -> None:
    business = make.business()
    person = make.staff(business, name="Ann", acceptance="pending")

    assert "“Ann” has not agreed yet." in words(ask(office, make.service(business, by=[person])))
    assert "Nobody is chosen to give it." in words(ask(office, make.service(business, by=[])))


def test_it_tells_what_keeps_customers_from_finding_it(office: Client) -> None:
    service = make.service(make.business(is_published=False), is_hidden=True)

    said = words(ask(office, service))

    assert "Customers cannot see it: the page is not published." in said
    assert "Customers cannot see it: the service is hidden." in said


def test_an_hour_that_comes_twice_is_answered_twice_and_one_that_never_comes_not(
    office: Client,
) -> None:
    business = make.business(hours="00:00-06:00", zone="Europe/Berlin")
    Business.objects.update(maximum_advance=timedelta(days=400))
    service = make.service(business)

    twice = words(ask(office, service, "2031-10-26 02:30"))
    never = words(ask(office, service, "2031-03-30 02:30"))

    assert "Sun 26 Oct 2031, 02:30 CEST This time can be booked." in twice
    assert "Sun 26 Oct 2031, 02:30 CET This time can be booked." in twice
    assert "no_such_time" in never


@pytest.mark.parametrize(
    "wrong",
    [
        {"service": "x"},
        {"service": "9" * 30},
        {"staff": "-1"},
        {"day": "soon"},
        {"day": "0001-01-01"},
        {"time": "25:00"},
        {"seats": "0"},
        {"seats": "9" * 30},
    ],
)
def test_a_wrong_question_is_refused_beside_its_field(
    office: Client, wrong: dict[str, str]
) -> None:
    service = make.service()

    page = ask(office, service, **wrong)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == list(wrong)
    assert page.context["answers"] == []


def test_only_ones_own_services_and_people_can_be_asked_about(db: None) -> None:
    ours, theirs = make.service(), make.service(make.business(name="Quokka"), name="Quokka cut")
    make.booking(theirs)
    client = admin_of(ours.business)
    stranger = theirs.resources.get()

    assert "Quokka" not in client.get(PAGE).content.decode()
    for page in (ask(client, theirs), ask(client, ours, staff=stranger.pk)):
        assert page.status_code == 422
        assert "Select a valid choice." in words(page)
        assert "Quokka" not in page.content.decode()
        assert stranger.name not in page.content.decode()
    assert ask(admin_of(theirs.business), theirs).status_code == 200


def test_a_person_of_another_business_does_not_give_the_service(office: Client) -> None:
    service, stranger = make.service(), make.staff(make.business(), name="Ann")

    page = ask(office, service, staff=stranger.pk)

    assert page.status_code == 422
    assert "“Ann” belongs to another business." in words(page)


def test_asking_changes_nothing(office: Client) -> None:
    service = make.service()
    make.booking(service)
    before = list(Booking.objects.values())

    ask(office, service)

    assert list(Booking.objects.values()) == before


def test_other_roles_do_not_ask_here(client: Client, db: None) -> None:
    client.force_login(make.member(make.business(), "scheduler"))

    assert client.get(PAGE).status_code == 302

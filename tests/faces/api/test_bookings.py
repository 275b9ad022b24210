"""Bookings as programs read them and make them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from bookings import commands
from bookings.models import Booking
from tests import make
from tests.faces.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def service(business):
    return make.service(business, by=[make.staff(business, name="Ada")])


def test_a_booking_is_shown_with_who_comes_and_when(program, service):
    booking = make.booking(service, contact=make.contact(name="Jo", email="jo@example.org"))
    shown = program.get(f"bookings/{booking.public_id}/").json()

    assert (shown["reference"], shown["state"]) == (booking.reference, "confirmed")
    assert shown["customer"] == {
        "id": str(booking.customer.public_id),
        "name": "Jo",
        "email": "jo@example.org",
        "phone": "",
        "time_zone": "",
        "language": "en",
    }
    assert shown["appointment"] == str(booking.appointment.public_id)
    assert shown["starts_at"] == "2031-03-04T10:00:00Z"
    assert [each["name"] for each in shown["staff"]] == ["Ada"]
    assert (shown["answers"], shown["manage_url"], shown["texts"]) == (None, None, None)


def test_bookings_are_chosen_and_put_in_order(program, service):
    first = make.booking(service, starts_at=make.at("12:00"))
    second = make.booking(service, starts_at=make.at("09:00"))
    commands.cancel_booking(booking=first, reason="Rain", now=make.NOW)
    third = make.booking(make.service(service.business), starts_at=make.at("10:00", days=2))
    ada = service.resources.get().public_id

    def ids(query: str) -> list[str]:
        answer = program.get(f"bookings/?{query}")
        assert answer.status_code == 200, answer.json()
        return [each["id"] for each in answer.json()["results"]]

    def of(*bookings: Booking) -> list[str]:
        return [str(each.public_id) for each in bookings]

    assert ids("") == of(third, second, first)
    assert ids("order=starts_at") == of(second, first, third)
    assert ids("order=-starts_at&limit=1") == of(third)
    assert ids("state=cancelled,declined") == of(first)
    assert ids(f"customer={second.customer.public_id}") == of(second)
    assert ids(f"service={service.public_id}&order=created_at") == of(first, second)
    assert ids(f"staff={ada}&from=2031-03-04T10:00:00Z") == of(first)
    assert ids("to=2031-03-04T10:00:00Z") == of(second)


def test_what_is_only_held_is_no_booking_yet(program, service):
    held = commands.hold(service=service, starts_at=make.at("10:00"), now=make.NOW)

    assert program.get("bookings/").json()["results"] == []
    assert program.get(f"bookings/{held.booking.public_id}/").status_code == 404


def test_who_may_give_the_link_of_a_customer_away_is_shown_it(business, service):
    booking = make.booking(service)
    path = f"bookings/{booking.public_id}/?expand=manage_url"
    url = Program(make.member(business), business).get(path).json()["manage_url"]

    assert Program(make.member(business), business).client.get(url).status_code == 200
    readers = (Scope.BOOKINGS_READ,)
    for program in (
        Program(make.member(business), business, readers),
        Program(make.member(business, "viewer"), business),
    ):
        assert program.get(path).json()["manage_url"] is None


def test_a_list_of_thirty_costs_as_many_queries_as_one(program, service):
    question = make.question(service)

    def book(number: int) -> None:
        answers = {str(question.public_id): "Yes"}
        at = make.at("09:00" if number % 2 else "10:00", days=number // 2)
        make.booking(service, starts_at=at, answers=answers)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            answer = program.get("bookings/?limit=100&expand=answers,manage_url")
        assert len(answer.json()["results"]) == Booking.objects.count()
        return len(queries)

    book(1)
    program.get("bookings/")
    one = cost()
    for number in range(2, 31):
        book(number)
    assert cost() == one
    assert one <= 8


@pytest.mark.parametrize("what", [f"{uuid4()}/", "1/", "?state=lost", "?expand=customer"])
def test_what_is_not_there_is_a_problem(program, what):
    answer = program.get(f"bookings/{what}")

    assert answer.status_code == (400 if "?" in what else 404)
    assert answer["Content-Type"] == "application/problem+json"

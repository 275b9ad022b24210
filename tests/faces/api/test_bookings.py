"""Bookings as programs read them and make them."""

from __future__ import annotations

from uuid import UUID

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
    assert one == 7


@pytest.mark.parametrize("what", [f"{UUID(int=1)}/", "1/", "?state=lost", "?expand=customer"])
def test_what_is_not_there_is_a_problem(program, what):
    answer = program.get(f"bookings/{what}")

    assert answer.status_code == (400 if "?" in what else 404)
    assert answer["Content-Type"] == "application/problem+json"


def wanted(service, **fields: object) -> dict[str, object]:
    """Return the body of a booking of a service, tomorrow at ten."""
    return {
        "service": str(service.public_id),
        "starts_at": "2031-03-04T10:00:00Z",
        "contact": {"name": "Jo", "email": "jo@example.org"},
    } | fields


def test_what_is_booked_is_told_with_its_address_and_the_link_of_its_customer(program, service):
    answer = program.post("bookings/", wanted(service, staff_notes="First visit"))

    assert answer.status_code == 201
    shown, booking = answer.json(), Booking.objects.get()
    assert answer["Location"].endswith(f"/bookings/{booking.public_id}/")
    assert program.client.get(shown["manage_url"]).status_code == 200
    assert shown["customer"]["time_zone"] == "UTC"
    assert booking.appointment.staff_notes == "First visit"
    read = program.get(f"bookings/{booking.public_id}/")
    assert read.json() == shown | {"manage_url": None}
    assert answer["ETag"].startswith(read["ETag"].rstrip('"'))


def test_a_customer_on_record_books_without_saying_who_they_are(program, business, service):
    known = make.booking(service, contact=make.contact(name="Kim", phone="030 1234567")).customer
    known.zone = "Europe/Lisbon"
    known.save(update_fields=["zone"])
    at = {"starts_at": "2031-03-04T12:00:00Z", "contact": None}
    shown = program.post("bookings/", wanted(service, customer=str(known.public_id), **at)).json()

    who = shown["customer"]
    assert (who["id"], who["name"]) == (str(known.public_id), "Kim")
    assert (who["phone"], who["time_zone"]) == ("030 1234567", "Europe/Lisbon")
    stranger = make.booking(make.service()).customer
    refused = program.post("bookings/", wanted(service, customer=str(stranger.public_id)))
    assert refused.status_code == 404


def test_answers_and_consent_are_taken_down(business):
    service = make.texting_service()
    question = make.question(service, kind="number", required=True)
    program = Program(make.member(service.business), service.business)
    contact = {
        "name": "Jo",
        "email": "jo@example.org",
        "phone": "+49 170 1234567",
        "sms_consent": "Texts are fine.",
    }
    body = wanted(service, contact=contact, answers={str(question.public_id): 3})
    booking = program.post("bookings/", body).json()["id"]
    shown = program.get(f"bookings/{booking}/?expand=answers").json()

    assert shown["answers"] == [
        {"id": str(question.public_id), "question": question.text, "answer": "3"}
    ]
    assert shown["texts"]["number"] == "+491701234567"
    assert shown["texts"]["consent"] == "Texts are fine."
    ended = program.post(f"bookings/{booking}/end-texts/").json()
    assert ended["texts"]["number"] == ""


def test_everything_that_is_wrong_with_a_booking_is_pointed_at(program, service):
    question = make.question(service, required=True)
    other = make.question(make.service(service.business))
    body = wanted(
        service,
        contact={"email": "jo", "phone": "call me", "time_zone": "Mars/Olympus"},
        answers={str(other.public_id): "Yes"},
    )
    answer = program.post("bookings/", body)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert {each["pointer"] for each in answer.json()["errors"]} == {
        "/contact/name",
        "/contact/email",
        "/contact/phone",
        "/contact/time_zone",
        f"/answers/{question.public_id}",
        f"/answers/{other.public_id}",
    }


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"contact": None}, "/contact"),
        ({"starts_at": None}, "/starts_at"),
        ({"service": None}, "/service"),
        ({"hold_token": "none"}, "/service"),
    ],
)
def test_a_booking_says_what_when_and_who(program, service, fields, pointer):
    answer = program.post("bookings/", wanted(service) | fields)

    assert answer.status_code == 422
    assert pointer in {each["pointer"] for each in answer.json()["errors"]}


def test_a_number_beyond_all_measure_is_refused(program, service):
    question = make.question(service, kind="number")
    body = wanted(service, answers={str(question.public_id): "1e999999999"})

    assert program.post("bookings/", body).status_code == 422


def test_a_time_that_is_taken_comes_with_three_others_that_can_be_booked(program, service):
    make.booking(service)
    refused = program.post("bookings/", wanted(service))

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    others = refused.json()["alternatives"]
    assert [each["starts_at"] for each in others] == [
        "2031-03-04T09:00:00Z",
        "2031-03-04T09:30:00Z",
        "2031-03-04T10:30:00Z",
    ]
    again = program.post("bookings/", wanted(service) | others[0]["parameters"])
    assert again.status_code == 201
    assert again.json()["starts_at"] == "2031-03-04T09:00:00Z"


def test_a_full_group_comes_with_its_waiting_list(program, business):
    group = make.service(business, capacity=2, has_waitlist=True)
    full = make.booking(group, seats=2)
    refused = program.post("bookings/", wanted(group))

    assert refused.json()["code"] == "full"
    assert refused.json()["waitlist"] == {"appointment": str(full.appointment.public_id)}
    assert len(refused.json()["alternatives"]) == 3


def test_rules_give_way_to_an_admin_with_a_reason(program, service):
    late = {"starts_at": "2031-03-04T19:00:00Z"}
    assert program.post("bookings/", wanted(service) | late).json()["code"] == "outside_hours"

    anyway = late | {"overrides": ["hours"]}
    silent = program.post("bookings/", wanted(service) | anyway)
    assert silent.json()["errors"][0]["pointer"] == "/because"
    answer = program.post("bookings/", wanted(service) | anyway | {"because": "A wedding"})
    assert answer.status_code == 201
    data = Booking.objects.get().events.get().data
    assert data == {"overrides": ["hours"], "because": "A wedding"}


def test_rules_do_not_give_way_to_others(business, service):
    program = Program(make.member(business, "scheduler"), business)
    body = wanted(service, overrides=["hours"], because="I want to")

    answer = program.post("bookings/", body)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_a_team_member_books_for_themselves_only(business):
    user = make.member(business, "team_member")
    own, other = make.staff(business, user=user), make.staff(business)
    service = make.service(business, by=[other, own])
    foreign = make.service(business)
    program = Program(user, business)

    shown = program.post("bookings/", wanted(service)).json()
    assert [each["id"] for each in shown["staff"]] == [str(own.public_id)]
    named = program.post("bookings/", wanted(service, staff=str(other.public_id)))
    assert (named.status_code, named.json()["code"]) == (403, "not_allowed")
    assert program.post("bookings/", wanted(foreign)).status_code == 404


def test_what_is_held_is_booked(program, service):
    body = {"service": str(service.public_id), "starts_at": "2031-03-04T10:00:00Z"}
    held = program.post("holds/", body)
    assert held.status_code == 201
    assert held.json()["expires_at"] == "2031-03-03T07:05:00Z"
    assert program.post("bookings/", wanted(service)).json()["code"] == "slot_taken"

    booked = {"hold_token": held.json()["token"], "contact": {"name": "Jo"}}
    shown = program.post("bookings/", booked)
    assert (shown.status_code, shown.json()["state"]) == (201, "confirmed")
    assert shown.json()["id"] == held.json()["id"]
    assert shown.json()["starts_at"] == "2031-03-04T10:00:00Z"
    assert program.get(held["Location"].removeprefix("http://localhost:8000")).status_code == 404


def test_a_hold_that_has_ended_books_nothing(program, service, clock):
    body = {"service": str(service.public_id), "starts_at": "2031-03-04T10:00:00Z"}
    token = program.post("holds/", body).json()["token"]
    clock.now += commands.HOLD
    refused = program.post("bookings/", {"hold_token": token, "contact": {"name": "Jo"}})

    assert (refused.status_code, refused.json()["code"]) == (409, "hold_expired")
    assert len(refused.json()["alternatives"]) == 3
    unknown = program.post("bookings/", {"hold_token": "nonsense", "contact": {"name": "Jo"}})
    assert (unknown.status_code, unknown.json()["code"]) == (409, "hold_expired")


def test_a_hold_is_given_back(program, service):
    body = {"service": str(service.public_id), "starts_at": "2031-03-04T10:00:00Z"}
    first = program.post("holds/", body).json()
    assert program.get(f"holds/{first['id']}/").json() == first | {"token": None}
    later = body | {"starts_at": "2031-03-04T11:00:00Z", "replacing": first["token"]}
    second = program.post("holds/", later).json()

    assert program.get(f"holds/{first['id']}/").status_code == 404
    elsewhere = make.business()
    foreign = Program(make.member(elsewhere), elsewhere)
    assert foreign.call("DELETE", f"holds/{second['id']}/").status_code == 404
    assert program.call("DELETE", f"holds/{second['id']}/").status_code == 204
    assert program.call("DELETE", f"holds/{second['id']}/").status_code == 404
    assert program.post("bookings/", wanted(service)).status_code == 201

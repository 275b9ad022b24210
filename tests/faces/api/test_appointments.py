"""Appointments as programs read and change them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.scopes import Scope
from bookings import commands
from bookings.models import Appointment
from tests import make
from tests.faces.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

ALL = "expand=bookings,bookings.customer,bookings.answers"


@pytest.fixture
def service(business):
    return make.service(business, by=[make.staff(business, name="Ada")])


@pytest.fixture
def group(business):
    return make.service(business, capacity=4, has_waitlist=True)


def test_an_appointment_is_shown_on_the_clock_that_it_was_agreed_on():
    business = make.business(zone="Europe/Berlin")
    service = make.service(business, by=[make.staff(business, name="Ada"), make.room(business)])
    booking = make.booking(service, starts_at=make.at("10:00"))
    program = Program(make.member(business), business)
    shown = program.get(f"appointments/{booking.appointment.public_id}/").json()

    assert shown["starts_at"] == "2031-03-04T11:00:00+01:00"
    assert shown["time_zone"] == "Europe/Berlin"
    assert (shown["state"], shown["version"]) == ("scheduled", 1)
    assert shown["service"] == {"id": str(service.public_id), "name": service.name}
    assert [each["name"] for each in shown["staff"]] == ["Ada"]
    assert shown["bookings"] is None


def test_an_appointment_shows_who_is_in_it_where_that_is_asked_for(program, group):
    question = make.question(group)
    first = make.booking(
        group, contact=make.contact(name="Jo"), answers={str(question.public_id): "No nuts"}
    )
    make.booking(group, contact=make.contact(name="Kim"))
    commands.hold(service=group, starts_at=make.at("10:00"), now=make.NOW)
    shown = program.get(f"appointments/{first.appointment.public_id}/?{ALL}").json()

    jo, kim = shown["bookings"]
    assert jo["customer"]["id"] == str(first.customer.public_id)
    assert [each["customer"]["name"] for each in (jo, kim)] == ["Jo", "Kim"]
    assert jo["answers"] == [
        {"id": str(question.public_id), "question": question.text, "answer": "No nuts"}
    ]
    bare = program.get(f"appointments/{first.appointment.public_id}/?expand=bookings").json()
    assert bare["bookings"][0]["customer"] is None
    assert bare["bookings"][0]["answers"] is None


def test_what_is_in_an_appointment_needs_the_scope_of_bookings(business, service):
    make.booking(service)
    program = Program(make.member(business), business, (Scope.APPOINTMENTS_READ,))

    assert program.get("appointments/").status_code == 200
    answer = program.get("appointments/?expand=bookings")
    assert (answer.status_code, answer.json()["scope"]) == (403, "bookings:read")


def test_appointments_are_chosen_and_put_in_order(program, business, service, group):
    early = make.booking(service, starts_at=make.at("09:00"))
    late = make.booking(service, starts_at=make.at("09:00", days=2))
    full = make.booking(group, starts_at=make.at("11:00"))
    commands.cancel_booking(booking=late, now=make.NOW)
    ada = service.resources.get().public_id

    def ids(query: str) -> list[str]:
        answer = program.get(f"appointments/?{query}")
        assert answer.status_code == 200, answer.json()
        return [each["id"] for each in answer.json()["results"]]

    def of(*bookings) -> list[str]:
        return [str(each.appointment.public_id) for each in bookings]

    assert ids("") == of(early, full, late)
    assert ids("order=-starts_at") == of(late, full, early)
    assert ids("from=2031-03-04T10:00:00Z&to=2031-03-05T09:00:00Z") == of(full)
    assert ids(f"service={group.public_id}") == of(full)
    assert ids(f"staff={ada}") == of(early, late)
    assert ids(f"customer={early.customer.public_id}") == of(early)
    assert ids("state=cancelled") == of(late)
    assert ids("limit=1&order=-starts_at") == of(late)


def test_what_is_only_held_is_no_appointment_yet(program, service):
    held = commands.hold(service=service, starts_at=make.at("10:00"), now=make.NOW)
    appointment = held.booking.appointment

    assert program.get("appointments/").json()["results"] == []
    assert program.get(f"appointments/{appointment.public_id}/").status_code == 404


@pytest.mark.parametrize(
    "query",
    ["expand=customer", "order=price", "order=pk;drop", "from=yesterday", "from=2031-03-04T10:00",
     "from=9999-12-31T23:59:59-14:00", "service=1", "state=lost", "fields=nothing"],
)  # fmt: skip
def test_a_list_takes_only_what_it_knows(program, service, query):
    make.booking(service)
    answer = program.get(f"appointments/?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


def test_a_team_member_sees_their_own_appointments_only(business):
    user = make.member(business, "team_member")
    own = make.booking(make.service(business, by=[make.staff(business, user=user)]))
    other = make.booking(make.service(business))
    program = Program(user, business)

    shown = program.get("appointments/").json()["results"]
    assert [each["id"] for each in shown] == [str(own.appointment.public_id)]
    assert program.get(f"appointments/{other.appointment.public_id}/").status_code == 404
    assert program.get(f"appointments/{uuid4()}/").status_code == 404


def test_one_tag_stands_for_an_appointment_however_much_of_it_is_shown(program, service):
    booking = make.booking(service)
    path = f"appointments/{booking.appointment.public_id}/"
    plain, more = program.get(path)["ETag"], program.get(f"{path}?{ALL}")["ETag"]

    assert plain != more
    assert more.strip('"').startswith(plain.strip('"'))
    assert program.get(f"{path}?{ALL}", If_None_Match=more).status_code == 304
    commands.check_in(booking=booking, now=make.NOW, actor=commands.SYSTEM)
    assert program.get(path)["ETag"] != plain


@pytest.mark.parametrize(("role", "most"), [("admin", 7), ("team_member", 8)])
def test_a_list_of_thirty_costs_as_many_queries_as_one(business, role, most):
    user = make.member(business, role)
    people = [make.staff(business, user=user), *(make.staff(business) for _ in range(2))]
    service = make.service(business, by=people, assignment="all")
    question = make.question(service)
    program = Program(user, business)

    def book(number: int) -> None:
        answers = {str(question.public_id): "Yes"}
        at = make.at("09:00" if number % 2 else "10:00", days=number // 2)
        make.booking(service, starts_at=at, answers=answers)

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = program.get(f"appointments/?limit=100&{ALL}")
        assert len(answer.json()["results"]) == Appointment.objects.count()
        return len(queries)

    book(1)
    program.get("appointments/")
    one = cost()
    for number in range(2, 31):
        book(number)
    assert cost() == one
    assert one == most

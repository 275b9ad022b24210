"""Other times and other people, as programs ask for them."""

from __future__ import annotations

import pytest

from bookings import commands
from bookings.models import Event
from tests import make
from tests.faces.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NOON = {"starts_at": "2031-03-04T12:00:00Z"}


@pytest.fixture
def people(business):
    return [make.staff(business, name="Ada"), make.staff(business, name="Bob")]


@pytest.fixture
def booking(business, people):
    return make.booking(make.service(business, by=people), staff=people[0])


def names(shown: dict) -> list[str]:
    """Return who serves."""
    return [each["name"] for each in shown["staff"]]


def test_a_booking_is_moved_and_keeps_who_serves(program, booking):
    shown = program.post(f"bookings/{booking.public_id}/reschedule/", NOON).json()

    assert (shown["starts_at"], names(shown)) == ("2031-03-04T12:00:00Z", ["Ada"])
    assert shown["appointment"] == str(booking.appointment.public_id)


def test_one_of_a_group_is_moved_alone(program, business):
    group = make.service(business, capacity=3)
    make.booking(group)
    mover = make.booking(group)
    shown = program.post(f"bookings/{mover.public_id}/reschedule/", NOON).json()

    assert shown["starts_at"] == "2031-03-04T12:00:00Z"
    assert shown["appointment"] != str(mover.appointment.public_id)


def test_a_time_that_is_taken_comes_with_others_to_move_to(program, booking, people):
    make.booking(booking.appointment.service, starts_at=make.at("12:00"), staff=people[1])
    body = NOON | {"staff": str(people[1].public_id)}
    refused = program.post(f"bookings/{booking.public_id}/reschedule/", body)

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    others = refused.json()["alternatives"]
    assert len(others) == 3
    moved = program.post(f"bookings/{booking.public_id}/reschedule/", others[0]["parameters"])
    assert (moved.status_code, names(moved.json())) == (200, ["Bob"])


def test_a_booking_that_has_changed_is_not_moved(program, booking):
    path = f"bookings/{booking.public_id}/"
    seen = program.get(path)["ETag"]
    commands.check_in(booking=booking, now=make.NOW, actor=commands.SYSTEM)

    assert program.post(f"{path}reschedule/", NOON, If_Match=seen).status_code == 412
    seen = program.get(path)["ETag"]
    assert program.post(f"{path}reschedule/", NOON, If_Match=seen).status_code == 200


def test_staff_move_a_booking_however_late(program, booking, clock):
    clock.now = make.at("09:30")

    assert program.post(f"bookings/{booking.public_id}/reschedule/", NOON).status_code == 200


def test_an_appointment_is_moved_with_everybody_in_it(program, business):
    group = make.service(business, capacity=3)
    first = make.booking(group)
    make.booking(group)
    path = f"appointments/{first.appointment.public_id}/"
    shown = program.post(f"{path}reschedule/", NOON).json()

    assert (shown["starts_at"], shown["seats_taken"]) == ("2031-03-04T12:00:00Z", 2)
    assert shown["bookings"] is None
    read = program.get(path)
    assert read.json() == shown


def test_an_appointment_is_moved_outside_the_hours_for_a_reason(program, booking):
    path = f"appointments/{booking.appointment.public_id}/reschedule/"
    late = {"starts_at": "2031-03-04T20:00:00Z"}
    refused = program.post(path, late)
    assert (refused.status_code, refused.json()["code"]) == (422, "outside_hours")
    assert len(refused.json()["alternatives"]) == 3

    anyway = late | {"overrides": ["hours"], "because": "She works late"}
    assert program.post(path, anyway).status_code == 200
    told = Event.objects.get(kind="appointment.rescheduled").data
    assert (told["overrides"], told["because"]) == (["hours"], "She works late")


def test_an_appointment_is_given_to_somebody_else(program, booking, people):
    path = f"appointments/{booking.appointment.public_id}/"
    shown = program.post(f"{path}reassign/", {"staff": str(people[1].public_id)}).json()
    assert names(shown) == ["Bob"]

    same = {"starts_at": "2031-03-04T10:00:00Z", "staff": str(people[0].public_id)}
    shown = program.post(f"{path}reschedule/", same).json()
    assert names(shown) == ["Ada"]
    assert Event.objects.filter(kind="appointment.reassigned").count() == 2


def test_a_team_member_keeps_what_they_move(business):
    user = make.member(business, "team_member")
    own, other = make.staff(business, user=user), make.staff(business)
    service = make.service(business, by=[own, other])
    booking = make.booking(service, staff=own)
    program = Program(user, business)
    path = f"bookings/{booking.public_id}/reschedule/"
    given = program.post(path, NOON | {"staff": str(other.public_id)})
    assert (given.status_code, given.json()["code"]) == (403, "not_allowed")

    make.booking(service, staff=own, starts_at=make.at("12:00"))
    assert program.post(path, NOON).json()["code"] == "slot_taken"
    reassign = f"appointments/{booking.appointment.public_id}/reassign/"
    assert program.post(reassign, {"staff": str(other.public_id)}).status_code == 403


def test_an_appointment_is_cancelled_with_everybody_in_it(program, business):
    group = make.service(business, capacity=3)
    first, second = make.booking(group), make.booking(group)
    path = f"appointments/{first.appointment.public_id}/"
    seen = program.get(path)["ETag"]
    shown = program.post(f"{path}cancel/", {"reason": "Storm"}, If_Match=seen).json()

    assert shown["state"] == "cancelled"
    second.refresh_from_db()
    assert (second.state, second.cancel_reason) == ("cancelled", "Storm")
    assert program.post(f"{path}cancel/", {}).json()["code"] == "wrong_state"


def test_what_staff_should_know_is_noted(program, booking):
    path = f"appointments/{booking.appointment.public_id}/"
    shown = program.post(f"{path}notes/", {"staff_notes": "Ring twice"}).json()

    assert (shown["staff_notes"], shown["version"]) == ("Ring twice", 2)
    long = program.post(f"{path}notes/", {"staff_notes": "a" * 5000})
    assert (long.status_code, long.json()["errors"][0]["pointer"]) == (422, "/staff_notes")

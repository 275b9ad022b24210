"""People, rooms and equipment: read, added and changed."""

from __future__ import annotations

import pytest

from bookings.models import Membership
from tests import make
from tests.faces.api.conftest import Program
from tests.faces.api.counting import costs_the_same

pytestmark = pytest.mark.django_db


def test_people_come_first_then_rooms_with_what_they_are_there_for(program, business):
    user = make.member(business, "team_member", name="Anna Berg")
    anna = make.staff(business, name="Anna", user=user, email="")
    room = make.room(business, name="Blue", zone="Europe/Berlin", is_active=False)
    service = make.service(business, by=[anna, room])

    first, second = program.get("resources/").json()["results"]

    assert first == {
        "id": str(anna.public_id),
        "kind": "staff",
        "name": "Anna",
        "email": None,
        "is_active": True,
        "acceptance": "active",
        "is_notified": True,
        "time_zone": None,
        "member": {
            "id": str(Membership.objects.get(user=user).public_id),
            "name": str(user),
        },
        "services": [{"id": str(service.public_id), "name": service.name, "priority": 1}],
    }
    assert (second["kind"], second["time_zone"], second["is_active"]) == (
        "room",
        "Europe/Berlin",
        False,
    )


def test_resources_are_found_by_kind_by_service_and_whether_they_can_be_booked(program, business):
    make.service(business)
    room = make.room(business, is_active=False)
    service = make.service(business, by=[room])

    for query in ("kind=room", "is_active=false", f"service={service.public_id}"):
        (found,) = program.get(f"resources/?{query}").json()["results"]
        assert found["id"] == str(room.public_id)


def test_a_long_list_of_resources_costs_as_much_as_a_short_one(program, business):
    def grow() -> None:
        resource = make.staff(business, user=make.member(business, "team_member"))
        make.service(business, by=[resource])

    assert costs_the_same(program, "resources/", grow)


def test_a_person_is_invited_and_a_room_is_added_with_its_clock(program, business):
    person = program.post(
        "resources/", {"name": "Anna", "email": "anna@people.example", "role": "team_member"}
    )
    room = program.post(
        "resources/", {"kind": "room", "name": "Blue", "time_zone": "Europe/Berlin"}
    )

    assert (person.status_code, room.status_code) == (201, 201), room.content
    assert business.invitations.get().email == "anna@people.example"
    assert (room.json()["kind"], room.json()["time_zone"]) == ("room", "Europe/Berlin")
    assert program.get(room["Location"].removeprefix("http://localhost:8000")).json() == room.json()
    assert business.events.filter(kind="staff.added").count() == 2


def test_only_what_is_sent_of_a_person_is_changed(program, business):
    anna = make.staff(business, name="Anna", email="anna@people.example")
    path = f"resources/{anna.public_id}/"
    before = program.get(path).json()

    after = program.patch(path, {"is_active": False, "time_zone": "Asia/Tokyo", "email": None})

    assert after.json() == before | {
        "is_active": False,
        "time_zone": "Asia/Tokyo",
        "email": None,
    }
    assert program.patch(path, {"time_zone": None}).json()["time_zone"] is None
    assert business.events.filter(kind="staff.changed").count() == 2


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        ({"name": ""}, "/name"),
        ({"name": "Anna"}, "/name"),
        ({"name": "x" * 121}, "/name"),
        ({"email": "nobody"}, "/email"),
        ({"time_zone": "Mars/Olympus"}, "/time_zone"),
    ],
)
def test_what_a_person_cannot_be_is_refused_where_it_stands(program, business, sent, pointer):
    make.staff(business, name="Anna")
    other = make.staff(business)
    for answer in (
        program.post("resources/", {"name": "New"} | sent),
        program.patch(f"resources/{other.public_id}/", sent),
    ):
        assert answer.status_code == 422
        assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]


def test_a_member_is_linked_to_a_person_and_again_to_nobody(program, business):
    anna, user = make.staff(business), make.member(business, "team_member")
    member = str(Membership.objects.get(user=user).public_id)
    path = f"resources/{anna.public_id}/link/"

    assert program.post(path, {"member": member}).json()["member"]["id"] == member
    assert program.post(path, {"member": None}).json()["member"] is None
    taken = make.staff(business, user=user)
    refused = program.post(path, {"member": member})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/member")
    room = make.room(business)
    assert program.post(f"resources/{room.public_id}/link/", {"member": None}).status_code == 404
    assert taken.user == user


def test_a_person_who_is_asked_cannot_be_booked_before_they_agree(program, business):
    anna = make.staff(business)
    answer = program.post(f"resources/{anna.public_id}/ask/")

    assert (answer.status_code, answer.json()["acceptance"]) == (200, "pending")
    assert business.invitations.get().resource == anna


def test_a_person_who_has_changed_since_they_were_seen_is_left_alone(program, business):
    path = f"resources/{make.staff(business).public_id}/"
    tag = program.get(path)["ETag"]
    program.patch(path, {"is_notified": False})

    assert program.patch(path, {"name": "Mine"}, If_Match=tag).status_code == 412
    assert program.post(f"{path}ask/", If_Match=tag).status_code == 412


def test_only_who_may_edit_staff_changes_people(business):
    anna = make.staff(business)
    for role in ("team_member", "scheduler", "viewer"):
        program = Program(make.member(business, role), business)
        assert program.post("resources/", {"name": "New"}).status_code == 403
        assert program.patch(f"resources/{anna.public_id}/", {"name": "N"}).status_code == 403

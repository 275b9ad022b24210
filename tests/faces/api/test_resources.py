"""People, rooms and equipment: read, added and changed."""

from __future__ import annotations

import pytest

from bookings.models import Membership
from tests import make
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

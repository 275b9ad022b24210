"""Times off and closures: read, taken, changed and cancelled."""

from __future__ import annotations

import pytest

from bookings.engine.policy import Override
from bookings.models import TimeOff
from tests import make
from tests.faces.api.conftest import Program
from tests.faces.api.counting import costs_the_same

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def away(business, resource=None, *, days: int = 1) -> TimeOff:
    return TimeOff.objects.create(
        business=business,
        resource=resource,
        starts_at=make.at("09:00", days=days),
        ends_at=make.at("12:00", days=days),
        title="Training",
    )


def test_times_off_are_found_by_when_and_whose(program, business):
    anna = make.staff(business, name="Anna")
    hers, closure = away(business, anna, days=2), away(business, days=1)

    everything = program.get("times-off/").json()["results"]
    assert [each["id"] for each in everything] == [str(closure.public_id), str(hers.public_id)]
    assert (everything[0]["resource"], everything[1]["resource"]["name"]) == (None, "Anna")

    for query in (f"resource={anna.public_id}", "from=2031-03-05T00:00:00Z"):
        (found,) = program.get(f"times-off/?{query}").json()["results"]
        assert found["id"] == str(hers.public_id)
    (found,) = program.get("times-off/?to=2031-03-05T09:00:00Z").json()["results"]
    assert found["id"] == str(closure.public_id)


def test_a_team_member_sees_closures_and_their_own_times_off_alone(business):
    user = make.member(business, "team_member")
    mine = away(business, make.staff(business, user=user))
    closure, other = away(business), away(business, make.staff(business))
    program = Program(user, business)

    shown = {each["id"] for each in program.get("times-off/").json()["results"]}

    assert shown == {str(mine.public_id), str(closure.public_id)}
    assert program.get(f"times-off/{other.public_id}/").status_code == 404
    assert program.get(f"times-off/{closure.public_id}/").json()["title"] == "Training"


def test_a_long_list_of_times_off_costs_as_much_as_a_short_one(program, business):
    def grow() -> None:
        away(business, make.staff(business))

    assert costs_the_same(program, "times-off/", grow)


def test_time_off_is_taken_changed_and_cancelled(program, business):
    anna = make.staff(business, name="Anna")
    sent = {
        "resource": str(anna.public_id),
        "starts_at": "2031-03-04T09:00:00+01:00",
        "ends_at": "2031-03-04T12:00:00Z",
        "title": "Dentist",
    }
    taken = program.post("times-off/", sent)
    path = taken["Location"].removeprefix("http://localhost:8000")
    changed = program.patch(path, {"ends_at": "2031-03-04T14:00:00Z"}, If_Match=taken["ETag"])
    cancelled = program.delete(path, If_Match=changed["ETag"])

    assert taken.status_code == 201, taken.content
    assert (taken.json()["starts_at"], taken.json()["resource"]["name"]) == (
        "2031-03-04T08:00:00Z",
        "Anna",
    )
    assert (changed.json()["ends_at"], changed.json()["title"]) == (
        "2031-03-04T14:00:00Z",
        "Dentist",
    )
    assert cancelled.status_code == 204
    assert program.get(path).status_code == 404


def test_what_is_booked_during_a_time_off_is_listed(program, business):
    service = make.service(business)
    booking = make.booking(service, starts_at=make.at("10:00"))
    make.booking(service, starts_at=make.at("14:00"))
    row = away(business, service.resources.get())

    (shown,) = program.get(f"times-off/{row.public_id}/in-the-way/").json()["results"]

    assert shown["id"] == str(booking.appointment.public_id)
    assert shown["starts_at"] == "2031-03-04T10:00:00Z"


def test_a_long_list_of_what_is_in_the_way_costs_as_much_as_a_short_one(program, business):
    row = away(business)

    def grow() -> None:
        service, anyway = make.service(business), frozenset({Override.HOURS})
        make.booking(service, starts_at=make.at("10:00"), overrides=anyway, because="Urgent")

    assert costs_the_same(program, f"times-off/{row.public_id}/in-the-way/", grow)


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "status"),
    [
        ("2031-03-04T12:00:00Z", "2031-03-04T09:00:00Z", 422),
        ("2031-03-01T09:00:00Z", "2031-03-02T09:00:00Z", 422),
        ("2031-03-04T09:00:00", "2031-03-04T12:00:00", 400),
    ],
)
def test_time_off_that_cannot_be_is_refused(program, starts_at, ends_at, status):
    answer = program.post(
        "times-off/", {"resource": None, "starts_at": starts_at, "ends_at": ends_at}
    )

    assert answer.status_code == status
    assert not TimeOff.objects.exists()


def test_an_offset_that_the_database_does_not_know_is_an_instant_all_the_same(program):
    at = "2031-03-04T09:00:00%2B23:59"

    assert program.get(f"times-off/?from={at}&to={at}").status_code == 200


def test_a_team_member_takes_time_off_for_themselves_and_closes_nothing(business):
    user = make.member(business, "team_member")
    mine, other = make.staff(business, user=user), make.staff(business)
    program = Program(user, business)
    when = {"starts_at": "2031-03-04T09:00:00Z", "ends_at": "2031-03-04T12:00:00Z"}

    def take(resource):
        whose = str(resource.public_id) if resource else None
        return program.post("times-off/", {"resource": whose} | when).status_code

    assert (take(mine), take(other), take(None)) == (201, 404, 403)
    closure = away(business)
    assert program.patch(f"times-off/{closure.public_id}/", {"title": "N"}).status_code == 404
    assert program.delete(f"times-off/{closure.public_id}/").status_code == 404


def test_a_time_off_that_has_changed_since_it_was_seen_is_left_alone(program, business):
    path = f"times-off/{away(business).public_id}/"
    tag = program.get(path)["ETag"]
    program.patch(path, {"title": "Other"})

    assert program.patch(path, {"title": "Mine"}, If_Match=tag).status_code == 412
    assert program.delete(path, If_Match=tag).status_code == 412

"""Times off and closures: read, taken, changed and cancelled."""

from __future__ import annotations

import pytest

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

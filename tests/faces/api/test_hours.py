"""Hours of a business, of people and of rooms: read and set."""

from __future__ import annotations

from datetime import date, time

import pytest

from bookings.models import HoursException
from tests import make
from tests.faces.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


def test_hours_are_on_the_clock_of_the_business_with_the_days_that_differ(program, business):
    for day, opens in ((date(2031, 3, 1), None), (date(2031, 12, 24), None)):
        HoursException.objects.create(business=business, day=day, opens=opens, closes=opens)
    for opens, closes in ((time(9), time(12)), (time(14), time(0))):
        HoursException.objects.create(
            business=business, day=date(2031, 12, 31), opens=opens, closes=closes
        )

    shown = program.get("hours/").json()

    assert shown["time_zone"] == "UTC"
    assert shown["week"]["sunday"] == [{"from": "09:00", "to": "17:00"}]
    assert shown["dates"] == [
        {"day": "2031-12-24", "hours": []},
        {
            "day": "2031-12-31",
            "hours": [{"from": "09:00", "to": "12:00"}, {"from": "14:00", "to": "00:00"}],
        },
    ]


def test_who_keeps_the_hours_of_the_business_has_no_week_of_their_own(program, business):
    keeps, has_own = make.staff(business), make.staff(business, zone="Europe/Berlin")
    make.open_daily(has_own, "10:00-11:00")

    assert program.get(f"resources/{keeps.public_id}/hours/").json()["week"] is None
    shown = program.get(f"resources/{has_own.public_id}/hours/").json()
    assert shown["time_zone"] == "Europe/Berlin"
    assert shown["week"]["monday"] == [{"from": "10:00", "to": "11:00"}]


def test_a_viewer_reads_hours(business):
    assert Program(make.member(business, "viewer"), business).get("hours/").status_code == 200


def test_hours_are_set_whole_and_what_is_over_stays(program, business):
    HoursException.objects.create(business=business, day=date(2031, 3, 1))
    HoursException.objects.create(business=business, day=date(2031, 4, 1))
    sent = {
        "week": {
            "monday": [{"from": "09:00", "to": "12:00"}, {"from": "13:00", "to": "18:00"}],
            "friday": [{"from": "20:00", "to": "02:00"}],
        },
        "dates": [
            {"day": "2031-03-03", "hours": []},
            {"day": "2031-12-31", "hours": [{"from": "09:00", "to": "14:00"}]},
        ],
    }
    answer = program.put("hours/", sent)

    assert answer.status_code == 200, answer.content
    assert answer.content == program.get("hours/").content
    shown = answer.json()
    assert {day: each for day, each in shown["week"].items() if each} == sent["week"]
    assert shown["dates"] == sent["dates"]
    assert HoursException.objects.filter(day=date(2031, 3, 1)).exists()
    assert business.events.get().kind == "hours.changed"


def test_a_person_gets_hours_of_their_own_and_those_of_the_business_again(program, business):
    path = f"resources/{make.staff(business).public_id}/hours/"
    week = {"monday": [{"from": "10:00", "to": "11:00"}]}

    assert program.put(path, {"week": week, "dates": []}).json()["week"]["monday"]
    assert program.put(path, {"week": None, "dates": []}).json()["week"] is None


@pytest.mark.parametrize(
    ("sent", "status", "pointer"),
    [
        ({"dates": []}, 400, "/week"),
        ({"week": {}}, 400, "/dates"),
        ({"week": None, "dates": []}, 400, "/week"),
        ({"week": {"monday": [{"from": "9", "to": "10:00"}]}, "dates": []}, 400, None),
        ({"week": {"funday": []}, "dates": []}, 400, "/week/funday"),
        ({"week": {}, "dates": [{"day": "2031-02-30", "hours": []}]}, 400, "/dates/0/day"),
        ({"week": {}, "dates": [{"day": "2031-03-02", "hours": []}]}, 422, "/dates/0"),
        (
            {
                "week": {
                    "monday": [{"from": "09:00", "to": "12:00"}, {"from": "11:00", "to": "13:00"}]
                },
                "dates": [],
            },
            422,
            "/week/monday",
        ),
        (
            {
                "week": {},
                "dates": [
                    {"day": "2031-05-01", "hours": []},
                    {
                        "day": "2031-06-01",
                        "hours": [
                            {"from": "09:00", "to": "12:00"},
                            {"from": "11:00", "to": "13:00"},
                        ],
                    },
                ],
            },
            422,
            "/dates/1",
        ),
    ],
)
def test_hours_that_cannot_be_are_refused_where_they_stand(program, sent, status, pointer):
    answer = program.put("hours/", sent)

    assert answer.status_code == status, answer.content
    found = [each["pointer"] for each in answer.json()["errors"]]
    assert found == [pointer or "/week/monday/0/from"]


def test_a_team_member_sets_their_own_hours_and_nobody_elses(business):
    user = make.member(business, "team_member")
    mine, other = make.staff(business, user=user), make.staff(business)
    program = Program(user, business)
    sent = {"week": {"monday": [{"from": "10:00", "to": "11:00"}]}, "dates": []}

    assert program.put(f"resources/{mine.public_id}/hours/", sent).status_code == 200
    assert program.put(f"resources/{other.public_id}/hours/", sent).status_code == 404
    assert program.put("hours/", sent).status_code == 403


def test_hours_that_have_changed_since_they_were_seen_are_left_alone(program):
    tag = program.get("hours/")["ETag"]
    sent = {"week": {"monday": [{"from": "10:00", "to": "11:00"}]}, "dates": []}

    assert program.put("hours/", sent, If_Match=tag).status_code == 200
    assert program.put("hours/", {"week": {}, "dates": []}, If_Match=tag).status_code == 412

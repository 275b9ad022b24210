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

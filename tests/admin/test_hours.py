"""Hours are entered beneath their owner, and never contradict each other."""

from __future__ import annotations

import pytest
from django.test import Client

from tests import make
from tests.admin.browse import change, errors, rows, send, told


@pytest.mark.parametrize(
    ("second", "sentence"),
    [
        (
            {"weekday": 0, "opens": "11:00", "closes": "15:00"},
            "Monday 09:00–12:00 and Monday 11:00–15:00 overlap.",
        ),
        (
            {"weekday": 6, "opens": "22:00", "closes": "09:30"},
            "Sunday 22:00–09:30 and Monday 09:00–12:00 overlap.",
        ),
        ({"weekday": 0, "opens": "12:00", "closes": "15:00"}, ""),
        ({"weekday": 6, "opens": "22:00", "closes": "00:00"}, ""),
    ],
)
def test_weekly_hours_never_overlap(
    office: Client, second: dict[str, object], sentence: str
) -> None:
    business = make.business(hours="")
    first: dict[str, object] = {"weekday": 0, "opens": "09:00", "closes": "12:00"}

    page = send(office, change(business), **rows("hours", first, second))

    assert errors(page) == ([sentence] if sentence else [])
    assert business.hours.count() == (0 if sentence else 2)


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([("", ""), ("10:00", "12:00")], "24 December 2031 is closed and appears twice."),
        (
            [("10:00", "12:00"), ("11:00", "14:00")],
            "24 December 2031: 10:00–12:00 and 11:00–14:00 overlap.",
        ),
        ([("10:00", "")], "Give both times, or none for a closed day."),
    ],
)
def test_a_date_says_one_thing(
    office: Client, entries: list[tuple[str, str]], sentence: str
) -> None:
    person = make.staff(make.business())
    days = [{"day": "2031-12-24", "opens": opens, "closes": closes} for opens, closes in entries]

    page = send(office, change(person), **rows("exceptions", *days))

    assert errors(page) == [sentence]


def test_hours_of_a_person_belong_to_their_business_unasked(office: Client) -> None:
    person = make.staff(make.business())

    send(
        office,
        change(person),
        **rows("hours", {"weekday": 2, "opens": "10:00", "closes": "14:00"}),
        **rows("exceptions", {"day": "2031-12-24", "opens": "", "closes": ""}),
    )

    assert person.hours.get().business == person.business
    assert person.exceptions.get().business == person.business


def test_the_page_of_a_business_leaves_the_hours_of_its_people_alone(office: Client) -> None:
    business = make.business()
    person = make.staff(business)
    make.open_daily(person, "10:00-12:00")

    send(office, change(business), about="New")

    assert business.hours.filter(resource=None).count() == 7
    assert person.hours.count() == 7


def test_a_range_of_dates_gets_hours_of_its_own(office: Client) -> None:
    service = make.service()
    dates = {"first_day": "2031-06-01", "last_day": "2031-06-30", "availability": "weekly"}
    send(office, change(service), **rows("ranges", dates))
    address = f"/admin/bookings/availabilityrange/{service.ranges.get().pk}/change/"

    empty = send(office, address)
    send(office, address, **rows("hours", {"weekday": 5, "opens": "10:00", "closes": "14:00"}))

    assert "No weekly hours yet: nothing can be booked then." in told(empty)
    rule = service.ranges.get().hours.get()
    assert (rule.business, rule.service, rule.weekday) == (service.business, None, 5)

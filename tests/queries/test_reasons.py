"""The verdict about a start is that of the engine, with the facts behind it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings.models import HoursException, Service, TimeOff
from bookings.queries import availability
from bookings.queries.reasons import Limit, Verdict, verdict
from tests import make

pytestmark = pytest.mark.django_db


def asked(service: Service, clock: str = "10:00", *, days: int = 1, **more: object) -> Verdict:
    """Return the verdict about a start, which is the same rule as the booking itself names."""
    starts_at = make.at(clock, days=days)
    found = verdict(service, starts_at=starts_at, now=make.NOW, **more)
    rule = availability.why_not(service, starts_at=starts_at, now=make.NOW, **more)
    assert type(found.refusal) is type(rule)
    return found


def code(found: Verdict) -> str:
    return found.refusal.code if found.refusal else ""


def test_a_free_start_names_who_is_free_and_what_is_near() -> None:
    business = make.business()
    service = make.service(business, by=[make.staff(business, name="Ann")])

    found = asked(service)

    assert code(found) == ""
    assert [(each.name, each.refusal) for each in found.findings] == [("Ann", None)]
    assert len(found.nearest) == 6
    assert make.at("10:00") in [start.at for start in found.nearest]


def test_outside_hours_tells_the_hours_of_that_day() -> None:
    service = make.service()

    found = asked(service, "20:00")

    assert code(found) == "outside_hours"
    assert found.findings[0].hours == [(make.at("09:00"), make.at("17:00"))]
    HoursException.objects.create(business=service.business, day=make.at("20:00").date())
    assert asked(service, "10:00").findings[0].hours == []


def test_a_taken_time_names_the_appointment_even_when_only_its_buffer_is_in_the_way() -> None:
    service = make.service(buffer_after=timedelta(minutes=30))
    booking = make.booking(service)

    found = asked(service, "10:30")

    assert code(found) == "slot_taken"
    assert found.findings[0].taken == [booking.appointment]
    assert asked(service, "11:00").findings[0].taken == []


def test_an_absence_and_a_closure_are_both_named() -> None:
    service = make.service()
    away = [
        TimeOff.objects.create(
            business=service.business,
            resource=resource,
            starts_at=make.at("09:30"),
            ends_at=make.at("12:00"),
        )
        for resource in (service.resources.get(), None)
    ]

    found = asked(service)

    assert code(found) == "time_off"
    assert found.findings[0].away == away


def test_what_another_person_is_doing_is_not_the_reason_of_somebody() -> None:
    business = make.business()
    ann, bob = make.staff(business, name="Ann"), make.staff(business, name="Bob")
    service = make.service(business, by=[ann, bob])
    make.booking(service, staff=ann)

    found = asked(service)

    assert code(found) == ""
    assert [(each.name, len(each.taken)) for each in found.findings] == [("Ann", 1), ("Bob", 0)]
    assert code(asked(service, staff=ann)) == "slot_taken"


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"resource_daily_limit": 1}, "day"),
        ({"resource_weekly_limit": 1}, "week"),
        ({"service_daily_limit": 1}, "service"),
    ],
)
def test_a_limit_is_told_with_its_count(fields: dict[str, int], name: str) -> None:
    service = make.service(make.business(**fields))
    make.booking(service)

    found = asked(service, "12:00")

    assert code(found) == "limit_reached"
    limits = {"day": found.findings[0].limits, "week": found.findings[0].limits}
    expected = Limit(7 if name == "week" else 1, 1, 1)
    assert {**limits, "service": found.limits}[name] == [expected]


def test_lead_and_advance_tell_the_earliest_and_the_latest_start() -> None:
    business = make.business(minimum_lead=timedelta(hours=4), maximum_advance=timedelta(days=5))
    service = make.service(business)

    soon, far = asked(service, "10:30", days=0), asked(service, days=20)

    assert (code(soon), soon.earliest) == ("too_soon", make.NOW + timedelta(hours=4))
    assert (code(far), far.latest) == ("too_far", make.NOW + timedelta(days=5))
    assert code(asked(service, "06:00", days=0)) == "in_the_past"


def test_a_full_group_tells_the_places_left() -> None:
    service = make.service(capacity=3)
    make.booking(service, seats=2)

    assert code(asked(service, seats=1)) == ""
    found = asked(service, seats=2)

    assert (code(found), found.sessions) == ("full", [1])
    assert code(asked(service, seats=4)) == "party_too_large"


def test_nobody_to_give_it_names_who_is_not_ready() -> None:
    business = make.business()
    off = make.staff(business, name="Ann", is_active=False)
    new = make.staff(business, name="Bob", acceptance="pending")
    service = make.service(business, by=[off, new])

    found = asked(service)

    assert (code(found), found.unready, found.findings) == ("not_bookable", [off, new], [])
    assert code(asked(make.service(business), staff=off)) == "staff_not_offered"


def test_a_start_off_the_grid_is_told_with_the_hours_it_is_counted_from() -> None:
    found = asked(make.service(), "10:10")

    assert code(found) == "off_grid"
    assert found.findings[0].hours == [(make.at("09:00"), make.at("17:00"))]


def test_the_facts_cost_the_same_for_one_person_and_for_many() -> None:
    def cost(people: int) -> int:
        limits = {"resource_daily_limit": 9, "resource_weekly_limit": 9, "service_daily_limit": 99}
        business = make.business(**limits)
        staff = [make.staff(business) for _ in range(people)]
        service = make.service(business, by=staff)
        for person in staff:
            make.booking(service, staff=person)
        asked(service)
        with CaptureQueriesContext(connection) as seen:
            asked(service)
        return len(seen)

    assert cost(1) == cost(12)


def test_an_hour_that_comes_twice_is_two_starts() -> None:
    business = make.business(hours="00:00-05:00", zone="Europe/Berlin")
    business.maximum_advance = timedelta(days=400)
    business.save(update_fields=["maximum_advance"])
    service = make.service(business)
    first = datetime.fromisoformat("2031-10-26T00:30+00:00")
    make.booking(service, starts_at=first)

    verdicts = [
        verdict(service, starts_at=at, now=make.NOW) for at in (first, first + timedelta(hours=1))
    ]

    assert [code(each) for each in verdicts] == ["slot_taken", ""]

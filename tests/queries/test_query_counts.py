"""How many queries an answer takes: as many for thirty people and years of claims as for one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import commands
from bookings.models import Booking, Claim, Service
from bookings.queries import availability
from tests import make
from tests.make import MONDAY, NOW, at

pytestmark = pytest.mark.django_db

SIZES = pytest.mark.parametrize(
    ("people", "claims"), [(1, 10), (2, 10), (30, 10), (2, 1000), (30, 1000)]
)


def served_by(people: int, claims: int, **fields: object) -> Service:
    """Return a service of so many people, the first of whom has so many claims behind her."""
    business = make.business()
    everybody = [make.staff(business) for _ in range(people)]
    service = make.service(business, by=everybody, **fields)
    booking = make.booking(service, starts_at=at("16:30", days=5), staff=everybody[0])
    past = int(NOW.timestamp() / 60) - 100 * claims
    Claim.objects.bulk_create(
        Claim(
            resource=everybody[0],
            appointment=booking.appointment,
            s=past + 60 * number,
            e=past + 60 * number + 30,
        )
        for number in range(claims - 1)
    )
    return service


def queries(act: Callable[[], object]) -> int:
    """Count the queries of an act; savepoints are no questions."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum("SAVEPOINT" not in each["sql"] for each in captured.captured_queries)


def starts(service: Service, **more: object) -> object:
    return availability.starts(service, lo=at("00:00"), hi=at("00:00", days=6), now=NOW, **more)


@SIZES
def test_the_starts_of_a_window(people: int, claims: int):
    service = served_by(people, claims)

    cold, warm = queries(lambda: starts(service)), queries(lambda: starts(service))
    make.booking(service)
    changed = queries(lambda: starts(service))
    service.save()
    replanned = queries(lambda: starts(service))

    assert (cold, warm, changed, replanned) == (2, 1, 2, 8)


@SIZES
def test_the_starts_of_a_group_with_every_limit(people: int, claims: int):
    service = served_by(people, claims, capacity=5, service_daily_limit=9, resource_daily_limit=5)

    cold, warm = queries(lambda: starts(service)), queries(lambda: starts(service))

    assert (cold, warm) == (5, 3)


@SIZES
def test_the_days_of_a_month(people: int, claims: int):
    service = served_by(people, claims)
    last = MONDAY + timedelta(days=30)

    def days() -> object:
        return availability.days(service, first=MONDAY, last=last, zone="UTC", now=NOW)

    assert (queries(days), queries(days)) == (2, 1)


@SIZES
def test_the_starts_for_a_move(people: int, claims: int):
    service = served_by(people, claims)
    booking = Booking.objects.select_related("appointment").get()

    assert queries(lambda: starts(service, moving=booking)) == 2


@SIZES
def test_why_not(people: int, claims: int):
    service = served_by(people, claims)
    closed, free = at("20:00"), at("10:00")

    def why_not(starts_at: object) -> Callable[[], object]:
        return lambda: availability.why_not(service, starts_at=starts_at, now=NOW)

    assert queries(why_not(closed)) == 2
    assert queries(why_not(free)) == (2 if people == 1 else 3)


@SIZES
def test_booking_holding_moving_and_cancelling(people: int, claims: int):
    service = served_by(people, claims)
    workload = int(people > 1)

    def book() -> Booking:
        return make.booking(service)

    def hold() -> object:
        return commands.hold(service=service, starts_at=at("11:00"), now=NOW)

    booking = Booking.objects.get()
    counted = {
        "book": queries(book) - workload,
        "hold": queries(hold) - workload,
        "move": queries(
            lambda: commands.reschedule(booking=booking, starts_at=at("12:00", days=5), now=NOW)
        )
        - workload,
        "cancel": queries(lambda: commands.cancel_booking(booking=booking, now=NOW)),
    }
    assert counted == {"book": 17, "hold": 9, "move": 23, "cancel": 15}

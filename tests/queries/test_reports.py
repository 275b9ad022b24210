"""Reports of small worlds, counted by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import commands
from bookings.commands import Actor
from bookings.errors import Invalid
from bookings.models import (
    AvailabilityRange,
    Booking,
    Business,
    Customer,
    HoursException,
    Resource,
    TimeOff,
)
from bookings.queries.periods import Scope, period_of
from bookings.queries.reports import Report, report
from bookings.queries.serving import services_of
from tests import make
from tests.make import MONDAY, NOW, at

pytestmark = pytest.mark.django_db

STAFF = Actor("staff", "Ann")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def week(
    business: Business,
    first: date = MONDAY,
    last: date = MONDAY + timedelta(days=6),
    **more: object,
) -> Report:
    """Return the report about a business: of the week of the default world."""
    scope = Scope(business, period_of(business, first=first, last=last), **more)
    resources = sorted(
        Resource.objects.filter(business=business), key=lambda each: (each.kind != "staff", each.pk)
    )
    return report(scope, services_of(business), resources)


def customer_of(email: str) -> commands.Contact:
    return make.contact(email=email)


def test_a_week_counted_by_hand():
    business = make.business()
    ann, ben = make.staff(business, name="Ann"), make.staff(business, name="Ben")
    cut = make.service(business, by=[ann, ben], price_kind="fixed", price=Decimal("40"))
    talk = make.service(
        business, by=[ben], capacity=6, duration=timedelta(hours=1), price_kind="hourly", price=9
    )
    ida = customer_of("ida@example.org")
    make.booking(cut, starts_at=at("09:00"), staff=ann, contact=ida)
    stayed_away = make.booking(cut, starts_at=at("10:00"), staff=ann, contact=ida)
    early = make.booking(cut, starts_at=at("11:00"), staff=ann)
    make.booking(cut, starts_at=at("09:00", days=2), staff=ann)
    make.booking(talk, starts_at=at("14:00"), seats=2)
    make.booking(talk, starts_at=at("14:00"), seats=3)
    commands.cancel_booking(booking=early, now=NOW)
    late = make.booking(cut, starts_at=at("12:00"), staff=ann)
    commands.cancel_booking(booking=late, now=NOW, actor=STAFF)
    commands.mark_no_show(booking=stayed_away, now=at("11:00"), actor=STAFF)
    make.booking(cut, starts_at=at("09:00", days=9), staff=ann)
    make.booking()

    told = week(business)

    now = told.now
    assert (now.made, now.customers) == (8, 7)
    assert (now.confirmed, now.taken, now.offered) == (5, 8, 9)
    assert now.revenue == {"EUR": Decimal("125.00")}
    assert (now.by_customer, now.by_business, now.no_shows) == (1, 1, 1)
    assert (now.declined, now.pending) == (0, 0)
    assert (now.use.booked, now.use.open) == (150, 2 * 7 * 480)
    assert [(each.made, each.confirmed) for each in told.days.values()] == [
        (8, 0),
        (0, 4),
        (0, 1),
        *[(0, 0)] * 4,
    ]
    by_name = {service.pk: figures for service, figures in told.services}
    assert by_name[cut.pk].revenue == {"EUR": Decimal("80.00")}
    assert (by_name[cut.pk].use.booked, by_name[cut.pk].use.open) == (90, 6720)
    assert (by_name[talk.pk].use.booked, by_name[talk.pk].use.open) == (60, 3360)
    assert (by_name[talk.pk].taken, by_name[talk.pk].offered) == (5, 6)
    assert [(each.name, use.booked, use.open) for each, use in told.resources] == [
        ("Ann", 90, 3360),
        ("Ben", 60, 3360),
    ]
    busy = {hour: use.booked for hour, use in told.by_hour.items() if use.booked}
    assert busy == {(1, 9): 30, (1, 10): 30, (1, 14): 60, (2, 9): 30}
    assert {use.open for use in told.by_hour.values()} == {120}


def test_every_kind_of_price_in_two_currencies():
    business = make.business()
    ann = make.staff(business)
    prices = {"fixed": 10, "starting_at": 20, "hourly": 40, "free": None, "varies": None}
    for number, (kind, price) in enumerate(prices.items()):
        service = make.service(
            business, by=[ann], duration=timedelta(hours=2), price_kind=kind, price=price
        )
        make.booking(service, starts_at=at(f"{9 + 2 * (number % 4):02}:00", days=1 + number // 4))
    business.currency = "CHF"
    business.save(update_fields=["currency"])
    swiss = make.service(business, by=[ann], price_kind="fixed", price=Decimal("12.50"))
    make.booking(swiss, starts_at=at("09:00", days=3))

    assert week(business).now.revenue == {"CHF": Decimal("12.50"), "EUR": Decimal("70.00")}


def test_the_period_before_has_as_many_days():
    service = make.service()
    make.booking(service, starts_at=at("10:00"))
    make.booking(service, starts_at=at("11:00"))
    make.booking(service, starts_at=at("10:00", days=7))

    told = week(
        service.business, first=MONDAY + timedelta(days=7), last=MONDAY + timedelta(days=13)
    )

    assert (told.now.confirmed, told.before.confirmed) == (1, 2)
    assert (told.now.made, told.before.made) == (0, 3)
    assert (told.now.use.booked, told.before.use.booked) == (30, 60)
    assert (told.now.use.open, told.before.use.open) == (3360, 3360)


def test_what_was_asked_for_and_what_was_turned_down():
    service = make.service(price_kind="fixed", price=Decimal(10))
    asked, refused, held = (make.booking(service, starts_at=at(f"1{n}:00")) for n in range(3))
    Booking.objects.filter(pk=asked.pk).update(state="pending")
    Booking.objects.filter(pk=refused.pk).update(state="declined")
    Booking.objects.filter(pk=held.pk).update(state="expired")

    now = week(service.business).now

    assert (now.made, now.pending, now.declined, now.confirmed) == (2, 1, 1, 0)
    assert (now.taken, now.offered, now.revenue) == (1, 1, {})
    assert now.use.booked == 30


def test_who_was_erased_still_counts():
    booking = make.booking()
    Customer.objects.update(name="", email="", phone="", erased_at=NOW)
    Booking.objects.update(name="", email="", phone="")

    now = week(booking.business).now

    assert (now.made, now.customers, now.confirmed) == (1, 1, 1)


def test_lead_times_and_their_median():
    service = make.service()
    for days, clock in ((0, "12:00"), (2, "10:00"), (2, "11:00"), (10, "10:00"), (40, "10:00")):
        make.booking(service, starts_at=at(clock, days=days))
    walked_in = make.booking(service, starts_at=at("15:00", days=0))
    Booking.objects.filter(pk=walked_in.pk).update(created_at=at("15:20", days=0))

    told = week(service.business)

    assert told.leads == [2, 2, 0, 1, 0, 1, 0]
    assert told.now.lead == (3060 + 3120) / 2


def test_closed_days_absences_and_own_hours_are_not_open():
    business = make.business()
    ann, ben = make.staff(business, name="Ann"), make.staff(business, name="Ben")
    make.staff(business, name="Gone", is_active=False)
    make.room(business, name="Blue")
    make.open_daily(ben, "09:00-11:00")
    make.service(business, by=[ann, ben])
    HoursException.objects.create(business=business, day=MONDAY)
    TimeOff.objects.create(business=business, starts_at=at("09:00"), ends_at=at("10:00"))
    TimeOff.objects.create(
        business=business, resource=ann, starts_at=at("09:30"), ends_at=at("12:00")
    )

    told = week(business)

    assert [(each.name, use.open) for each, use in told.resources] == [
        ("Ann", 6 * 480 - 180),
        ("Ben", 7 * 120 - 60),
        ("Blue", 6 * 480 - 60),
    ]
    assert told.now.use.open == 6 * 480 - 180 + 7 * 120 - 60
    assert told.by_hour[1, 9].open == 0
    assert told.by_hour[1, 10].open == 60


def test_a_service_is_open_when_its_own_hours_and_its_people_are():
    business = make.business()
    ann, ben = make.staff(business), make.staff(business)
    make.open_daily(ben, "12:00-20:00")
    both = make.service(business, by=[ann, ben], assignment="all")
    evening = make.service(business, by=[ben], availability="weekly")
    make.open_daily(evening, "18:00-23:00")
    never = make.service(business, by=[ann], availability="none")
    AvailabilityRange.objects.create(
        service=never, first_day=MONDAY, last_day=MONDAY, availability="staff"
    )

    opened = {service.pk: figures.use.open for service, figures in week(business).services}

    assert opened == {both.pk: 2 * 7 * 300, evening.pk: 7 * 120, never.pk: 480}


def test_the_week_in_which_the_clocks_go_forward():
    business = make.business(hours="01:00-04:00", zone="Europe/Berlin")
    service = make.service(business, duration=HOUR)
    sunday = date(2031, 3, 30)
    make.booking(service, starts_at=datetime(2031, 3, 30, 0, 30, tzinfo=UTC))

    told = week(business, first=sunday - timedelta(days=6), last=sunday)

    assert told.now.use.open == 6 * 180 + 120
    sundays = {hour: use for (weekday, hour), use in told.by_hour.items() if weekday == 6}
    assert {hour: (use.booked, use.open) for hour, use in sundays.items()} == {
        1: (30, 60),
        3: (30, 60),
    }


def test_the_hour_that_comes_twice_is_open_twice():
    business = make.business(hours="01:00-04:00", zone="Europe/Berlin")
    make.service(business)
    sunday = date(2031, 10, 26)

    told = week(business, first=sunday, last=sunday)

    assert told.now.use.open == 240
    assert {hour: use.open for (_, hour), use in told.by_hour.items()} == {1: 60, 2: 120, 3: 60}


def test_days_are_those_of_the_business():
    business = make.business(hours="00:00-00:00", zone="Pacific/Auckland")
    service = make.service(business)
    make.booking(service, starts_at=datetime(2031, 3, 9, 11, 30, tzinfo=UTC))

    late = week(business, first=date(2031, 3, 10), last=date(2031, 3, 10))
    early = week(business, first=date(2031, 3, 9), last=date(2031, 3, 9))

    assert (late.now.confirmed, early.now.confirmed) == (1, 0)


def test_one_service_and_one_person():
    business = make.business()
    ann, ben = make.staff(business), make.staff(business)
    cut, wash = make.service(business, by=[ann, ben]), make.service(business, by=[ben])
    make.booking(cut, starts_at=at("10:00"), staff=ann)
    make.booking(cut, starts_at=at("10:00"), staff=ben)
    make.booking(wash, starts_at=at("11:00"))

    of_cut = week(business, service=cut)
    of_ben = week(business, resource=ben)
    of_both = week(business, service=wash, resource=ann)

    assert (of_cut.now.made, of_cut.now.use.booked, of_cut.now.use.open) == (2, 60, 6720)
    assert (of_ben.now.made, of_ben.now.use.booked, of_ben.now.use.open) == (2, 60, 3360)
    assert [(figures.confirmed, figures.use.booked) for _, figures in of_ben.services] == [
        (1, 30),
        (1, 30),
    ]
    assert (of_both.now.made, of_both.now.use.booked, of_both.now.use.open) == (0, 0, 0)
    assert of_both.now.is_empty


def test_rooms_count_where_there_are_no_staff():
    business = make.business()
    hall = make.room(business)
    rent = make.service(business, by=[hall])
    make.booking(rent)

    told = week(business)

    assert (told.now.use.booked, told.now.use.open) == (30, 3360)


@pytest.mark.parametrize("many", [1, 6])
def test_a_report_takes_eight_queries(many: int):
    business = make.business()
    people = [make.staff(business) for _ in range(many)]
    services = [make.service(business, by=people) for _ in range(many)]
    for service, person in zip(services, people, strict=True):
        make.booking(service, staff=person)
    offered, everybody = services_of(business), list(Resource.objects.filter(business=business))
    scope = Scope(business, period_of(business, first=MONDAY, last=MONDAY))

    with CaptureQueriesContext(connection) as captured:
        report(scope, offered, everybody)

    assert len(captured) == 8


@pytest.mark.parametrize(
    ("first", "last", "field", "sentence"),
    [
        (MONDAY, MONDAY - DAY, "last", "The last day must not lie before the first."),
        (MONDAY, MONDAY + 731 * DAY, "last", "A report covers two years at most."),
        (date(1, 1, 1), date(3000, 1, 1), "first", "Choose days between the years 2000 and 2199."),
        (date.max, date.max, "first", "Choose days between the years 2000 and 2199."),
    ],
)
def test_days_that_no_report_covers(first: date, last: date, field: str, sentence: str):
    with pytest.raises(Invalid) as refused:
        period_of(make.business(), first=first, last=last)

    assert refused.value.fields == {field: sentence}


def test_two_years_are_a_report():
    business = make.business()

    assert len(week(business, first=MONDAY, last=MONDAY + 730 * DAY).days) == 731

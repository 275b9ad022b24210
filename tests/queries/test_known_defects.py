"""What other booking systems have got wrong, as seen in their code and their users' reports."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from bookings import commands
from bookings.engine.hours import at_minute, day_span, minute_of
from bookings.errors import InThePast, OutsideHours, SlotTaken
from bookings.models import Business, Claim, Service, TimeOff
from bookings.queries import availability
from tests import make
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

FAR = timedelta(days=4000)
BEFORE = datetime(2029, 12, 1, tzinfo=UTC)


def offered(service: Service, first: date, last: date, zone: str = "UTC") -> list[datetime]:
    """Return the starts on the local days from `first` to `last`, as `zone` shows them."""
    lo, hi = day_span(first, last, zone)
    found = availability.starts(service, lo=at_minute(lo), hi=at_minute(hi), now=BEFORE)
    return [start.at.astimezone(ZoneInfo(zone)) for start in found]


def clocks(starts: list[datetime]) -> list[str]:
    return [f"{start:%H:%M}" for start in starts]


def open_in(zone: str, hours: str, **fields: object) -> Service:
    business = make.business(hours=hours, zone=zone, maximum_advance=FAR)
    return make.service(business, **fields)


def tomorrow(service: Service) -> list[str]:
    """Return the clocks of tomorrow's starts in the default world."""
    found = availability.starts(service, lo=at("00:00"), hi=at("00:00", days=2), now=NOW)
    return clocks([start.at for start in found])


@pytest.mark.parametrize(
    ("zone", "hours", "day", "shown"),
    [
        ("Europe/Berlin", "00:00-04:00", date(2030, 3, 31), ["00:00", "01:00", "03:00"]),
        (
            "Europe/Berlin",
            "00:00-04:00",
            date(2030, 10, 27),
            ["00:00", "01:00", "02:00", "02:00", "03:00"],
        ),
        ("America/New_York", "13:00-16:00", date(2030, 3, 10), ["13:00", "14:00", "15:00"]),
        ("America/New_York", "13:00-16:00", date(2030, 11, 3), ["13:00", "14:00", "15:00"]),
    ],
)
def test_hours_on_the_day_of_a_change_are_those_that_the_clock_shows(zone, hours, day, shown):
    service = open_in(zone, hours, duration=timedelta(hours=1), interval=timedelta(hours=1))

    assert clocks(offered(service, day, day, zone)) == shown


@pytest.mark.parametrize("change", [date(2030, 4, 26), date(2030, 10, 25)])
def test_a_change_at_midnight_moves_no_day_wherever_the_question_begins(change):
    service = open_in("Africa/Cairo", "09:00-11:00", duration=timedelta(hours=1))
    days = [change + timedelta(days=shift) for shift in range(-3, 4)]

    for first in days:
        starts = offered(service, first, days[-1], "Africa/Cairo")
        assert sorted({start.date() for start in starts}) == [day for day in days if day >= first]
        assert set(clocks(starts)) == {"09:00", "09:30", "10:00"}


def test_people_needed_together_who_share_no_time_leave_nothing_whoever_else_is_free():
    business = make.business(hours="")
    early, late, room = make.staff(business), make.staff(business), make.room(business)
    make.open_daily(early, "09:00-12:00")
    make.open_daily(late, "12:00-17:00")
    make.open_daily(room, "09:00-17:00")
    service = make.service(business, by=[early, late, room], assignment="all")

    assert tomorrow(service) == []
    with pytest.raises(OutsideHours):
        make.booking(service)


@pytest.mark.parametrize("viewer", ["Asia/Kolkata", "Asia/Kathmandu", "Pacific/Pago_Pago"])
def test_the_starts_are_the_same_whoever_looks(viewer):
    service = open_in("Europe/Berlin", "09:00-12:00", duration=timedelta(hours=1))
    first, last = date(2030, 7, 12), date(2030, 7, 15)
    lo, hi = day_span(first, last, viewer)

    seen = [
        start
        for shift in range((last - first).days + 1)
        for start in offered(service, first + timedelta(shift), first + timedelta(shift), viewer)
    ]

    everything = offered(service, first - timedelta(days=2), last + timedelta(days=2))
    assert seen == [start for start in everything if lo <= minute_of(start) < hi]


def test_seconds_are_rounded_away_from_what_is_taken_and_from_now():
    service = make.service()
    TimeOff.objects.create(
        business=service.business,
        starts_at=at("09:00") + timedelta(seconds=30),
        ends_at=at("10:00") + timedelta(seconds=1),
    )

    assert tomorrow(service)[0] == "10:30"
    now = at("12:00") + timedelta(microseconds=1)
    found = availability.starts(service, lo=at("11:00"), hi=at("13:00"), now=now)
    assert [start.at for start in found] == [at("12:30")]
    with pytest.raises(InThePast):
        make.booking(service, starts_at=at("12:00"), now=now)


def test_an_opening_off_the_hour_shifts_the_grid_once_and_not_at_every_step():
    business = make.business(hours="09:15-14:00")
    hour = timedelta(hours=1)
    service = make.service(business, duration=hour, interval=hour)

    assert tomorrow(service) == ["09:15", "10:15", "11:15", "12:15"]


def test_an_absence_has_a_length_and_the_list_and_the_check_see_it_alike():
    service = make.service()
    absent = {"business": service.business, "starts_at": at("10:15")}
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeOff.objects.create(**absent, ends_at=at("10:15"))

    TimeOff.objects.create(**absent, ends_at=at("10:15") + timedelta(seconds=1))

    assert "10:00" not in tomorrow(service)
    refusal = availability.why_not(service, starts_at=at("10:00"), now=NOW)
    assert refusal is not None
    assert availability.why_not(service, starts_at=at("10:30"), now=NOW) is None


def test_two_closures_on_one_day_leave_the_rest_of_it_open():
    business = make.business(hours="09:00-13:00")
    service = make.service(business, interval=timedelta(hours=1))
    for opens, closes in (("09:00", "10:00"), ("11:00", "12:00")):
        TimeOff.objects.create(business=business, starts_at=at(opens), ends_at=at(closes))

    assert tomorrow(service) == ["10:00", "12:00"]


def test_a_group_does_not_overlap_a_short_appointment_that_lies_inside_its_time():
    business = make.business(hours="09:00-12:00")
    person = make.staff(business)
    short = make.service(business, by=[person], interval=timedelta(minutes=15))
    hour = timedelta(hours=1)
    group = make.service(business, by=[person], duration=hour, interval=hour, capacity=3)
    make.booking(short, starts_at=at("10:15"))

    assert tomorrow(group) == ["09:00", "11:00"]
    with pytest.raises(SlotTaken):
        make.booking(group, starts_at=at("10:00"))


def test_a_time_that_the_clock_skips_is_not_offered():
    half = timedelta(minutes=30)
    service = open_in("Europe/Berlin", "01:00-04:00", duration=half, interval=half)

    starts = offered(service, date(2030, 3, 31), date(2030, 3, 31), "Europe/Berlin")

    assert clocks(starts) == ["01:00", "01:30", "03:00", "03:30"]
    assert [start.utcoffset() for start in starts] == [timedelta(hours=1)] * 2 + [
        timedelta(hours=2)
    ] * 2


def test_the_database_itself_refuses_a_second_claim_on_the_same_time():
    claim = Claim.objects.get(appointment=make.booking().appointment)

    with pytest.raises(IntegrityError, match="claim_no_overlap"), transaction.atomic():
        Claim.objects.create(
            resource=claim.resource, appointment=claim.appointment, s=claim.e - 1, e=claim.e + 9
        )


def test_the_same_person_is_not_booked_twice_nor_outside_their_hours():
    service = make.service()
    make.booking(service)

    with pytest.raises(SlotTaken):
        make.booking(service)
    with pytest.raises(OutsideHours):
        make.booking(service, starts_at=at("03:00"))


def test_what_is_taken_on_the_last_day_counts_and_the_last_hour_of_a_block_is_free():
    business: Business = make.business(hours="", maximum_advance=timedelta(days=1, hours=17))
    make.open_daily(business, "09:00-12:00")
    make.open_daily(business, "14:00-17:00")
    hour = timedelta(hours=1)
    service = make.service(business, duration=hour, interval=hour)
    make.booking(service, starts_at=at("15:00"))

    last_day = availability.starts(service, lo=at("00:00"), hi=at("00:00", days=9), now=NOW)

    assert clocks([start.at for start in last_day]) == ["09:00", "10:00", "11:00", "14:00", "16:00"]
    held = commands.hold(service=service, starts_at=at("16:00"), now=NOW)
    assert held.booking.appointment.ends_at == at("17:00")

"""Which starts are offered, and that the list and the check are one."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bookings import commands
from bookings.engine.policy import Override
from bookings.errors import (
    Away,
    InThePast,
    LimitReached,
    NotBookable,
    OffGrid,
    OutsideHours,
    PartyTooLarge,
    SlotTaken,
    StaffNotOffered,
    TooFar,
    TooSoon,
)
from bookings.models import AvailabilityRange, HoursException, HoursRule, Resource, ServiceResource
from bookings.queries import availability
from tests import make
from tests.make import MONDAY, NOW, at

pytestmark = pytest.mark.django_db

STAFF = commands.Actor("staff", "Ann")


def clocks(service, *, days: int = 1, now: datetime = NOW, **arguments) -> list[str]:
    """Return the UTC clocks of the starts offered on one day of the default world."""
    lo = at("00:00", days=days)
    found = availability.starts(service, lo=lo, hi=lo + timedelta(days=1), now=now, **arguments)
    return [f"{start.at:%H:%M}" for start in found]


def short_day(**fields):
    """Return a service of a business that is open from nine to eleven."""
    return make.service(make.business(hours="09:00-11:00"), **fields)


def test_the_starts_of_a_day_lie_on_the_grid_inside_the_hours():
    assert clocks(short_day()) == ["09:00", "09:30", "10:00", "10:30"]


def test_buffers_overhang_the_hours_but_never_a_neighbour():
    service = short_day(buffer_before=timedelta(minutes=30), buffer_after=timedelta(minutes=30))

    make.booking(service, starts_at=at("09:00"))

    assert clocks(service) == ["10:30"]


def test_a_booking_elsewhere_is_seen_at_once():
    service = short_day()
    assert "09:30" in clocks(service)

    booking = make.booking(service, starts_at=at("09:30"))
    assert clocks(service) == ["09:00", "10:00", "10:30"]

    commands.cancel_booking(booking=booking, now=NOW)
    assert clocks(service) == ["09:00", "09:30", "10:00", "10:30"]


def test_a_hold_blocks_until_it_ends_even_where_nobody_sweeps():
    service = short_day()
    commands.hold(service=service, starts_at=at("09:30"), now=NOW)

    assert "09:30" not in clocks(service)
    assert "09:30" not in clocks(service, now=NOW + timedelta(minutes=4))
    assert "09:30" in clocks(service, now=NOW + timedelta(minutes=5))


def test_changed_hours_exceptions_and_ranges_are_seen_at_once():
    service = short_day()
    business = service.business
    assert len(clocks(service)) == 4

    HoursException.objects.create(business=business, day=MONDAY + timedelta(days=1))
    assert clocks(service) == []

    HoursException.objects.update(opens=time(12), closes=time(13))
    assert clocks(service) == ["12:00", "12:30"]

    AvailabilityRange.objects.create(
        service=service, first_day=MONDAY, last_day=MONDAY, availability="none"
    )
    assert clocks(service, days=0) == []
    assert clocks(service, days=1) == ["12:00", "12:30"]


def test_custom_hours_of_a_service_anchor_its_grid():
    service = make.service(
        make.business(hours="09:15-17:00"), availability="weekly", interval=timedelta(hours=1)
    )
    HoursRule.objects.create(
        business=service.business, service=service, weekday=1, opens=time(10), closes=time(12)
    )

    assert clocks(service) == ["10:00", "11:00"]


def test_own_hours_replace_the_hours_of_the_business():
    service = short_day()
    make.open_daily(service.resources.get(), "14:00-15:00")

    assert clocks(service) == ["14:00", "14:30"]


def test_a_closure_blocks_everybody_and_time_off_one_person():
    business = make.business(hours="09:00-11:00")
    ann, bob = make.staff(business), make.staff(business)
    service = make.service(business, by=[ann, bob])

    commands.take_time_off(
        business=business, resources=[ann], starts_at=at("09:00"), ends_at=at("10:00"), now=NOW
    )
    assert clocks(service, staff=ann) == ["10:00", "10:30"]
    assert clocks(service) == ["09:00", "09:30", "10:00", "10:30"]

    commands.take_time_off(
        business=business, resources=[], starts_at=at("09:15"), ends_at=at("10:00"), now=NOW
    )
    assert clocks(service) == ["10:00", "10:30"]


def test_all_needs_everyone_and_any_needs_somebody():
    business = make.business(hours="09:00-11:00")
    ann, bob = make.staff(business), make.staff(business)
    alone = make.service(business, by=[ann])
    together = make.service(business, by=[ann, bob], assignment="all")
    either = make.service(business, by=[ann, bob])

    make.booking(alone, starts_at=at("09:30"))

    assert clocks(together) == ["09:00", "10:00", "10:30"]
    assert clocks(either) == ["09:00", "09:30", "10:00", "10:30"]


def test_together_the_grid_starts_where_everyone_is_there():
    business = make.business(hours="")
    ann, bob = make.staff(business), make.staff(business)
    make.open_daily(ann, "09:00-12:00")
    make.open_daily(bob, "09:40-12:00")
    service = make.service(business, by=[ann, bob], assignment="all", interval=timedelta(hours=1))

    assert clocks(service) == ["09:40", "10:40"]


def test_a_room_must_be_free_for_the_whole_visit():
    business = make.business(hours="09:00-11:00")
    room, ann, bob = make.room(business), make.staff(business), make.staff(business)
    make.booking(make.service(business, by=[ann, room]), starts_at=at("09:30"))

    service = make.service(business, by=[bob, room], duration=timedelta(hours=1))

    assert clocks(service) == ["10:00"]


def test_a_group_is_offered_with_its_places_and_to_parties_that_fit():
    service = short_day(capacity=8)
    make.booking(service, starts_at=at("09:30"), seats=5)

    found = availability.starts(service, lo=at("09:00"), hi=at("11:00"), now=NOW)

    assert [start.seats_left for start in found] == [8, 3, 8, 8]
    assert clocks(service, seats=4) == ["09:00", "10:00", "10:30"]
    assert clocks(service, seats=9) == []


def test_limits_of_a_day_and_a_week_close_it():
    service = short_day(resource_daily_limit=1, resource_weekly_limit=2)
    make.booking(service, starts_at=at("09:00", days=1))
    assert clocks(service, days=1) == []
    assert len(clocks(service, days=2)) == 4

    make.booking(service, starts_at=at("09:00", days=2))
    assert clocks(service, days=3) == []
    assert len(clocks(service, days=7)) == 4


def test_the_limit_of_a_service_counts_all_its_people():
    business = make.business(hours="09:00-11:00")
    service = make.service(
        business, by=[make.staff(business), make.staff(business)], service_daily_limit=1
    )
    make.booking(service, starts_at=at("09:00"))

    assert clocks(service) == []
    with pytest.raises(LimitReached):
        make.booking(service, starts_at=at("10:00"))
    assert make.booking(
        service,
        starts_at=at("10:00"),
        actor=STAFF,
        overrides=frozenset({Override.LIMITS}),
        because="a regular",
    )


def test_lead_and_advance_are_met_exactly():
    service = make.service(
        make.business(hours="00:00-00:00"),
        minimum_lead=timedelta(hours=2),
        maximum_advance=timedelta(days=1),
    )
    now = NOW + timedelta(seconds=30)

    found = availability.starts(service, lo=NOW, hi=NOW + timedelta(days=3), now=now)

    assert found[0].at == NOW + timedelta(hours=2, minutes=30)
    assert found[-1].at == NOW + timedelta(days=1)


def test_the_days_with_free_starts_are_counted_in_the_zone_asked_for():
    service = make.service(make.business(hours="22:00-23:00"))
    arguments = {"first": date(2031, 3, 4), "last": date(2031, 3, 6), "now": NOW}
    for clock in ("22:00", "22:30"):
        make.booking(service, starts_at=at(clock, days=2))

    in_utc = availability.days(service, zone="UTC", **arguments)
    in_tokyo = availability.days(service, zone="Asia/Tokyo", **arguments)

    assert in_utc == [date(2031, 3, 4), date(2031, 3, 6)]
    assert in_tokyo == [date(2031, 3, 4), date(2031, 3, 5)]


def test_the_nearest_starts_lie_on_both_sides():
    service = make.service()
    make.booking(service, starts_at=at("12:00"))

    found = availability.nearest(service, around=at("12:00"), count=3, now=NOW)

    assert [f"{start.at:%H:%M}" for start in found] == ["11:00", "11:30", "12:30"]


def test_a_move_does_not_stand_in_its_own_way():
    service = short_day(duration=timedelta(hours=1))
    booking = make.booking(service, starts_at=at("09:30"))

    assert clocks(service) == []
    assert clocks(service, moving=booking) == ["09:00", "09:30", "10:00"]


@pytest.mark.parametrize(
    ("starts_at", "refusal"),
    [
        (at("09:30"), SlotTaken),
        (at("09:15"), OffGrid),
        (at("10:00") + timedelta(seconds=1), OffGrid),
        (at("08:00"), OutsideHours),
        (at("13:00"), Away),
        (NOW - timedelta(days=1), InThePast),
        (NOW + timedelta(hours=2, minutes=30), TooSoon),
        (at("10:00", days=61), TooFar),
        (at("10:00"), type(None)),
    ],
)
def test_why_not_names_the_rule(starts_at, refusal):
    service = make.service(minimum_lead=timedelta(hours=3))
    make.booking(service, starts_at=at("09:30"))
    commands.take_time_off(
        business=service.business,
        resources=list(service.resources.all()),
        starts_at=at("12:30"),
        ends_at=at("14:00"),
        now=NOW,
    )

    found = availability.why_not(service, starts_at=starts_at, now=NOW)

    assert type(found) is refusal


def test_why_not_names_what_could_never_be():
    service = make.service(capacity=3)
    stranger = make.staff(service.business)
    nobody = make.service(service.business, by=[])
    arguments = {"starts_at": at("10:00"), "now": NOW}

    assert isinstance(availability.why_not(nobody, **arguments), NotBookable)
    assert isinstance(availability.why_not(service, staff=stranger, **arguments), StaffNotOffered)
    assert isinstance(availability.why_not(service, seats=4, **arguments), PartyTooLarge)


def test_somebody_who_is_no_longer_active_is_not_offered():
    service = short_day()
    assert clocks(service)

    Resource.objects.filter(services=service).update(is_active=False)

    assert clocks(service) == []


def test_a_new_colleague_is_offered_at_once():
    service = short_day()
    for clock in clocks(service):
        make.booking(service, starts_at=at(clock))
    assert clocks(service) == []

    ServiceResource.objects.create(service=service, resource=make.staff(service.business))

    assert len(clocks(service)) == 4


def test_nine_stays_nine_over_the_change_of_clocks():
    business = make.business(zone="Europe/Berlin", maximum_advance=timedelta(days=365))
    service = make.service(business)

    winter = availability.starts(
        service, lo=datetime(2031, 3, 28, tzinfo=UTC), hi=datetime(2031, 3, 29, tzinfo=UTC), now=NOW
    )
    summer = availability.starts(
        service, lo=datetime(2031, 3, 31, tzinfo=UTC), hi=datetime(2031, 4, 1, tzinfo=UTC), now=NOW
    )

    assert (winter[0].at.hour, summer[0].at.hour) == (8, 7)


def test_every_start_of_the_list_passes_the_check_and_no_other_does():
    service = short_day(duration=timedelta(minutes=45), interval=timedelta(minutes=15))
    make.booking(service, starts_at=at("09:30"))
    listed = set(clocks(service))
    minutes = [at("08:00") + timedelta(minutes=number) for number in range(0, 240, 5)]

    allowed = {
        f"{minute:%H:%M}"
        for minute in minutes
        if availability.why_not(service, starts_at=minute, now=NOW) is None
    }

    assert allowed == listed


def test_overrides_set_rules_aside_but_never_a_claim():
    service = make.service(minimum_lead=timedelta(days=2))
    anyway = {"actor": STAFF, "overrides": frozenset(Override), "because": "an emergency"}

    make.booking(service, starts_at=at("20:10"), **anyway)

    with pytest.raises(SlotTaken):
        make.booking(service, starts_at=at("20:20"), **anyway)

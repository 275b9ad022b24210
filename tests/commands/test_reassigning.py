"""Giving an appointment to another person, at the same time."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.commands import Actor
from bookings.engine.policy import Override
from bookings.errors import (
    Away,
    ChangedMeanwhile,
    OutsideHours,
    SlotTaken,
    StaffNotOffered,
    WrongState,
)
from bookings.models import Appointment, Booking, Claim, Event, Message, Resource, Service
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "desk@example.org")


@pytest.fixture
def house() -> tuple[Service, Resource, Resource]:
    """Return a service that Ann, and after her Bob, offer."""
    business = make.business()
    ann, bob = make.staff(business, name="Ann"), make.staff(business, name="Bob")
    return make.service(business, by=[ann, bob]), ann, bob


def reassign(booking: Booking, staff: Resource, **more: object) -> Appointment:
    return commands.reassign(
        appointment=booking.appointment, staff=staff, **{"now": NOW, "actor": DESK} | more
    )


def test_the_other_person_comes_at_the_same_time_and_all_concerned_are_told(house):
    service, ann, bob = house
    booking = make.booking(service, staff=ann, contact=make.contact(email="jo@example.org"))

    given = reassign(booking, bob)

    assert (given.starts_at, list(given.resources.all())) == (at("10:00"), [bob])
    assert list(Claim.objects.values_list("resource_id", flat=True)) == [bob.pk]
    event = Event.objects.get(kind="appointment.reassigned")
    assert (event.actor, event.data["staff"], event.data["staff_now"]) == (
        str(DESK),
        ["Ann"],
        ["Bob"],
    )
    told = Message.objects.exclude(topic="confirmed").order_by("topic", "address")
    assert sorted(told.values_list("topic", "address")) == sorted(
        [
            ("changed", bob.email),
            ("changed", "jo@example.org"),
            ("changed", service.business.mailbox),
            ("cancelled", ann.email),
        ]
    )
    booking.refresh_from_db()
    assert booking.sequence == 1
    assert make.booking(service, staff=ann)


def test_rooms_stay_where_they_are(house):
    _, ann, bob = house
    rooms = [make.room(ann.business), make.room(ann.business)]
    service = make.service(ann.business, by=[ann, bob, *rooms])
    make.booking(service, starts_at=at("10:00"), staff=bob)
    booking = make.booking(service, starts_at=at("11:00"), staff=ann)
    kept = booking.appointment.resources.get(kind="room")

    given = reassign(booking, bob)

    assert set(given.resources.all()) == {bob, kept}


def test_whoever_serves_it_already_keeps_it(house):
    service, ann, _ = house
    booking = make.booking(service, staff=ann)
    before = (Event.objects.count(), Message.objects.count())

    assert reassign(booking, ann).version == booking.appointment.version

    assert (Event.objects.count(), Message.objects.count()) == before


def test_who_is_taken_away_closed_or_a_stranger_does_not_get_it(house):
    service, ann, bob = house
    bookings = [make.booking(service, starts_at=at(clock), staff=ann) for clock in ("10:00",)]
    bookings += [make.booking(service, starts_at=at(f"{h}:00"), staff=ann) for h in (12, 16)]
    make.booking(service, starts_at=at("10:00"), staff=bob)
    commands.take_time_off(
        business=service.business,
        resources=[bob],
        starts_at=at("12:10"),
        ends_at=at("12:20"),
        now=NOW,
    )
    make.open_daily(bob, "09:15-16:15")
    stranger = make.staff(service.business)

    for booking, staff, refusal in (
        (bookings[0], bob, SlotTaken),
        (bookings[1], bob, Away),
        (bookings[2], bob, OutsideHours),
        (bookings[0], stranger, StaffNotOffered),
    ):
        with pytest.raises(refusal):
            reassign(booking, staff)

    assert not Event.objects.filter(kind__endswith="reassigned").exists()
    anyway = {"overrides": frozenset({Override.HOURS}), "because": "he offered"}
    assert list(reassign(bookings[2], bob, **anyway).resources.all()) == [bob]
    assert Event.objects.get(kind="appointment.reassigned").data["because"] == "he offered"


def test_a_time_that_is_agreed_is_bound_by_neither_grid_nor_lead(house):
    service, ann, bob = house
    booking = make.booking(service, staff=ann)
    make.open_daily(bob, "09:45-17:00")
    service.minimum_lead, service.duration = timedelta(days=9), timedelta(minutes=90)
    service.interval = timedelta(minutes=90)
    service.save()

    given = reassign(booking, bob, now=at("09:59"))

    assert (given.ends_at, list(given.resources.all())) == (at("10:30"), [bob])
    assert list(Claim.objects.values_list("e", flat=True)) == [at("10:30").timestamp() / 60]


def test_what_is_cancelled_or_only_held_is_nobodys_to_give(house):
    service, ann, bob = house
    booking = make.booking(service, staff=ann)
    commands.cancel_booking(booking=booking, now=NOW)
    held = commands.hold(service=service, starts_at=at("12:00"), staff=ann, now=NOW)

    for each in (booking, held.booking):
        with pytest.raises(WrongState):
            reassign(each, bob)


def test_an_older_look_does_not_give_it_away(house):
    service, ann, bob = house
    booking = make.booking(service, staff=ann)
    seen = booking.appointment.version
    reassign(booking, bob, actor=Actor("staff", "Ann"))

    with pytest.raises(ChangedMeanwhile, match="by Ann"):
        reassign(booking, ann, version=seen)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_it_away_at_once_the_later_is_told():
    business = make.business()
    ann, bob, kim = (make.staff(business) for _ in range(3))
    booking = make.booking(make.service(business, by=[ann, bob, kim]), staff=ann)

    with (
        meanwhile(lambda: reassign(booking, bob), before="FOR NO KEY UPDATE"),
        pytest.raises(ChangedMeanwhile),
    ):
        reassign(booking, kim)

    assert list(Appointment.objects.get().resources.all()) == [bob]

"""Instants follow wall clocks: which one, which not, and never against people's decisions."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from bookings import commands
from bookings.commands import Actor
from bookings.errors import NoSuchTime
from bookings.models import Appointment, Booking, Claim
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile
from tests.proofs import invariants


def booking_in_berlin(starts_at: datetime) -> Booking:
    business = make.business(
        zone="Europe/Berlin", hours="00:00-00:00", maximum_advance=timedelta(days=300)
    )
    return make.booking(make.service(business), starts_at=starts_at)


@pytest.mark.django_db
@pytest.mark.parametrize("hour", [0, 1])
def test_each_of_the_two_hours_of_autumn_stays_itself(hour):
    starts_at = datetime(2031, 10, 26, hour, tzinfo=UTC)
    booking = booking_in_berlin(starts_at)

    assert (booking.appointment.wall_time, booking.appointment.fold) == (time(2), hour)
    assert commands.rederive(now=NOW) == []


@pytest.mark.django_db
def test_a_wall_time_that_no_longer_exists_is_named_and_kept():
    booking = booking_in_berlin(datetime(2031, 3, 30, 8, tzinfo=UTC))
    Appointment.objects.update(wall_date=date(2031, 3, 30), wall_time=time(2, 30))

    (kept,) = commands.rederive(now=NOW)

    assert isinstance(kept.refusal, NoSuchTime)
    assert Appointment.objects.get().starts_at == booking.appointment.starts_at


@pytest.mark.django_db
def test_what_is_over_stays_as_it_was():
    booking = make.booking()
    Appointment.objects.update(wall_time=time(9))

    assert commands.rederive(now=booking.appointment.ends_at) == []


@pytest.mark.django_db
def test_everybody_in_the_appointment_is_told_once():
    service = make.service(capacity=3, buffer_before=timedelta(minutes=10), needs_approval=True)
    booking = make.booking(service, actor=Actor("staff", "Ann"))
    asked = make.booking(service)
    commands.hold(service=service, starts_at=at("10:00"), now=NOW)
    Appointment.objects.update(wall_time=time(9))

    (moved,) = commands.rederive(now=NOW)

    assert (moved.was, moved.appointment.starts_at) == (at("10:00"), at("09:00"))
    changed = booking.business.messages.filter(topic="changed")
    assert sorted(changed.values_list("audience", flat=True)) == [
        "business",
        "customer",
        "customer",
        "staff",
    ]
    asked.refresh_from_db()
    assert (asked.state, asked.sequence) == ("pending", 1)
    assert invariants.broken() == {}


@pytest.mark.django_db(transaction=True)
def test_an_appointment_that_is_cancelled_meanwhile_stays_cancelled():
    booking = make.booking()
    Appointment.objects.update(wall_time=time(9))

    def cancel() -> None:
        commands.cancel_booking(booking=booking, now=NOW)

    with meanwhile(cancel, before="FOR NO KEY UPDATE"):
        assert commands.rederive(now=NOW) == []

    assert Claim.objects.count() == 0
    assert invariants.broken() == {}

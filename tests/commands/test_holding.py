"""Holds: replaced, released, expired, forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.commands import holding
from bookings.models import Appointment, Booking, Claim
from tests import make
from tests.make import NOW, at

pytestmark = pytest.mark.django_db

LATER = NOW + commands.HOLD


def test_a_hold_lasts_until_its_last_second():
    service = make.service()
    commands.hold(service=service, starts_at=at("10:00"), now=NOW)

    assert commands.sweep_expired(now=LATER - timedelta(seconds=1)) == 0
    assert commands.sweep_expired(now=LATER) == 1

    appointment = Appointment.objects.get()
    assert (appointment.state, appointment.seats_taken) == ("cancelled", 0)
    assert Claim.objects.count() == 0
    assert Booking.objects.get().state == "expired"


def test_one_look_clears_all_the_holds_that_stand_in_its_way(monkeypatch):
    monkeypatch.setattr(holding, "BATCH", 2)
    service, other = make.service(), make.service()
    for clock in ("09:00", "09:30", "10:00", "10:30", "11:00"):
        commands.hold(service=service, starts_at=at(clock), now=NOW)
    commands.hold(service=other, starts_at=at("10:00"), now=NOW)

    assert make.booking(service, starts_at=at("11:00"), now=LATER).state == "confirmed"

    left = Booking.objects.filter(state="held").values_list("appointment__service_id", flat=True)
    assert list(left) == [other.pk]


def test_in_a_group_an_expired_hold_gives_back_its_own_seats():
    service = make.service(capacity=4)
    make.booking(service, seats=1)
    commands.hold(service=service, starts_at=at("10:00"), seats=3, now=NOW)

    booking = make.booking(service, seats=3, now=LATER)

    appointment = Appointment.objects.get()
    assert (booking.appointment, appointment.seats_taken) == (appointment, 4)


def test_a_session_that_began_as_a_hold_outlives_it():
    service = make.service(capacity=4)
    commands.hold(service=service, starts_at=at("10:00"), now=NOW)
    make.booking(service)

    commands.sweep_expired(now=LATER)

    appointment = Appointment.objects.get()
    assert (appointment.state, appointment.seats_taken) == ("scheduled", 1)
    assert Claim.objects.get().expires_at is None


def test_a_later_hold_keeps_the_time_of_an_earlier_one():
    service = make.service(capacity=4)
    commands.hold(service=service, starts_at=at("10:00"), now=NOW)
    second = commands.hold(service=service, starts_at=at("10:00"), now=NOW + timedelta(minutes=3))

    commands.sweep_expired(now=LATER)

    assert make.booking(service, hold=second.token, now=LATER).seats == 1
    assert Appointment.objects.get().seats_taken == 1


def test_a_hold_replaced_in_the_same_group_holds_its_seats_once():
    service = make.service(capacity=4)
    make.booking(service, seats=1)
    first = commands.hold(service=service, starts_at=at("10:00"), seats=1, now=NOW)

    commands.hold(service=service, starts_at=at("10:00"), seats=2, now=NOW, replacing=first.token)

    assert Appointment.objects.get().seats_taken == 3


def test_somebody_elses_token_is_not_given_back_twice():
    service = make.service()
    first = commands.hold(service=service, starts_at=at("10:00"), now=NOW)
    make.booking(service, hold=first.token)

    commands.hold(service=service, starts_at=at("11:00"), now=NOW, replacing=first.token)

    assert sorted(Booking.objects.values_list("state", flat=True)) == ["confirmed", "held"]
    assert Claim.objects.count() == 2


def test_what_became_nothing_is_forgotten_after_a_day():
    service = make.service()
    commands.hold(service=service, starts_at=at("10:00"), now=NOW)
    kept = make.booking(service, starts_at=at("11:00"))
    commands.sweep_expired(now=LATER)

    assert commands.forget_expired(now=LATER + timedelta(hours=23)) == 0
    commands.forget_expired(now=LATER + timedelta(hours=25))

    assert list(Booking.objects.all()) == [kept]
    assert list(Appointment.objects.all()) == [kept.appointment]

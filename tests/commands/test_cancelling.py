"""Cancelling: what is freed, who is told, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.commands import Actor
from bookings.engine.policy import Override
from bookings.errors import ChangedMeanwhile, Full, TooLate, WrongState
from bookings.models import Appointment, Booking, Claim, Event, Message
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile

DESK = Actor("staff", "desk@example.org")


def told() -> list[tuple[str, str]]:
    return sorted(Message.objects.filter(topic="cancelled").values_list("audience", "address"))


@pytest.mark.django_db
def test_a_cancelled_time_is_free_and_everybody_concerned_is_told():
    booking = make.booking(contact=make.contact(email="jo@example.org"))
    person = booking.appointment.resources.get()

    cancelled = commands.cancel_booking(booking=booking, reason=" rain\r\n", now=NOW)

    assert (cancelled.state, cancelled.cancel_reason, cancelled.sequence) == (
        "cancelled",
        "rain",
        1,
    )
    assert cancelled.appointment.state == "cancelled"
    assert Claim.objects.count() == 0
    assert told() == [
        ("business", booking.business.mailbox),
        ("customer", "jo@example.org"),
        ("staff", person.email),
    ]
    make.booking(booking.appointment.service)


@pytest.mark.django_db
def test_cancelling_again_says_nothing_new():
    booking = make.booking()
    commands.cancel_booking(booking=booking, reason="rain", now=NOW)
    before = (Event.objects.count(), Message.objects.count())

    again = commands.cancel_booking(booking=booking, reason="sun", now=NOW)

    assert again.cancel_reason == "rain"
    assert (Event.objects.count(), Message.objects.count()) == before


@pytest.mark.django_db
def test_the_notice_is_met_at_its_last_minute_and_can_be_set_aside():
    service = make.service(cancellation_notice=timedelta(hours=24))
    in_time, late = make.booking(service), make.booking(service, starts_at=at("11:00"))
    then = at("10:00") - timedelta(hours=24)

    assert commands.cancel_booking(booking=in_time, now=then).state == "cancelled"
    then += timedelta(hours=1, seconds=1)
    with pytest.raises(TooLate):
        commands.cancel_booking(booking=late, now=then)
    overridden = commands.cancel_booking(
        booking=late, now=then, actor=DESK, overrides=frozenset({Override.NOTICE})
    )
    assert overridden.state == "cancelled"


@pytest.mark.django_db
def test_a_hold_is_no_booking_to_cancel():
    held = commands.hold(service=make.service(), starts_at=at("10:00"), now=NOW)

    with pytest.raises(WrongState):
        commands.cancel_booking(booking=held.booking, now=NOW)


@pytest.mark.django_db
def test_in_a_group_only_the_customers_own_seats_are_given_back():
    service = make.service(capacity=4)
    stays = make.booking(service, seats=1)
    goes = make.booking(service, seats=3, contact=make.contact(email="jo@example.org"))

    commands.cancel_booking(booking=goes, now=NOW)

    appointment = Appointment.objects.get()
    assert (appointment.state, appointment.seats_taken) == ("scheduled", 1)
    assert [address for audience, address in told() if audience == "customer"] == ["jo@example.org"]
    stays.refresh_from_db()
    assert stays.state == "confirmed"
    assert make.booking(service, seats=3).appointment == appointment


@pytest.mark.django_db
def test_a_cancelled_appointment_takes_everybody_along_and_ends_holds():
    service = make.service(capacity=6)
    for name in ("ann", "bob"):
        make.booking(service, contact=make.contact(email=f"{name}@example.org"))
    held = commands.hold(service=service, starts_at=at("10:00"), seats=2, now=NOW)

    appointment = commands.cancel_appointment(
        appointment=Appointment.objects.get(), reason="ill", now=NOW, actor=DESK
    )

    assert (appointment.state, appointment.seats_taken) == ("cancelled", 0)
    states = Booking.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["cancelled", "cancelled", "expired"]
    assert Claim.objects.count() == 0
    assert [address for audience, address in told() if audience == "customer"] == [
        "ann@example.org",
        "bob@example.org",
    ]
    with pytest.raises(WrongState):
        commands.cancel_appointment(appointment=appointment, now=NOW, actor=DESK)
    held.booking.refresh_from_db()
    assert held.booking.state == "expired"


@pytest.mark.django_db
def test_a_cancelled_appointment_takes_no_attendee():
    service = make.service(capacity=4)
    booking = make.booking(service, seats=3)
    with pytest.raises(Full):
        commands.add_attendee(
            appointment=booking.appointment, contact=make.contact(), seats=2, now=NOW, actor=DESK
        )
    added = commands.add_attendee(
        appointment=booking.appointment, contact=make.contact(email=""), now=NOW, actor=DESK
    )
    assert added.booking.appointment == booking.appointment

    commands.cancel_appointment(appointment=booking.appointment, now=NOW, actor=DESK)

    with pytest.raises(WrongState):
        commands.add_attendee(
            appointment=booking.appointment, contact=make.contact(), now=NOW, actor=DESK
        )


@pytest.mark.django_db(transaction=True)
def test_a_session_that_is_cancelled_between_look_and_join_is_not_joined():
    service = make.service(capacity=4)
    there = make.booking(service).appointment

    def cancel() -> None:
        commands.cancel_appointment(appointment=there, now=NOW, actor=DESK)

    with meanwhile(cancel, before='UPDATE "bookings_appointment" SET "seats_taken"'):
        booking = make.booking(service)

    assert booking.appointment != there
    assert list(Claim.objects.values_list("appointment_id", flat=True)) == [booking.appointment_id]


@pytest.mark.django_db(transaction=True)
def test_a_booking_that_moves_to_another_session_at_the_very_moment_is_not_cancelled():
    service = make.service(capacity=4)
    make.booking(service)
    booking = make.booking(service)

    def move() -> None:
        commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    with meanwhile(move, before="FOR NO KEY UPDATE"), pytest.raises(ChangedMeanwhile):
        commands.cancel_booking(booking=booking, now=NOW)

    booking.refresh_from_db()
    assert (booking.state, booking.appointment.starts_at) == ("confirmed", at("14:00"))

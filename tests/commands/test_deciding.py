"""Requests: asked for, approved, declined, withdrawn; what they take and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.commands import Actor
from bookings.errors import ChangedMeanwhile, InThePast, SlotTaken, TooManyOpen, WrongState
from bookings.models import Appointment, Booking, Claim, Event, Message, Service
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "desk@example.org")
STAFF = {"now": NOW, "actor": DESK}


@pytest.fixture
def service() -> Service:
    return make.service(needs_approval=True)


def told(topic: str) -> list[str]:
    return sorted(Message.objects.filter(topic=topic).values_list("audience", flat=True))


def kinds() -> list[str]:
    return list(Event.objects.order_by("appointment", "version").values_list("kind", flat=True))


EVERYBODY = ["business", "customer", "staff"]


def test_what_a_customer_asks_for_is_taken_and_everybody_is_told(service):
    booking = make.booking(service)

    assert (booking.state, booking.appointment.seats_taken) == ("pending", 1)
    assert list(Claim.objects.values_list("expires_at", flat=True)) == [None]
    assert (kinds(), told("requested"), told("confirmed")) == (
        ["booking.requested"],
        EVERYBODY,
        [],
    )
    with pytest.raises(SlotTaken):
        make.booking(service)


def test_a_request_reaches_somebody_though_nobody_wants_mail():
    business = make.business(notify_business=False)
    quiet = make.staff(business, is_notified=False)
    service = make.service(business, by=[quiet], needs_approval=True)

    commands.approve(booking=make.booking(service), **STAFF)

    assert (told("requested"), told("confirmed")) == (["business", "customer"], ["customer"])


def test_a_hold_becomes_a_request_and_its_token_is_good_for_no_second(service):
    held = commands.hold(service=service, starts_at=at("10:00"), now=NOW)

    first, again = (make.booking(service, hold=held.token) for _ in range(2))

    assert (first.pk, first.state, first.expires_at) == (held.booking.pk, "pending", None)
    assert (again.pk, kinds()) == (first.pk, ["booking.requested"])
    assert commands.sweep_expired(now=NOW + timedelta(hours=1)) == 0


def test_what_staff_book_needs_nobodys_approval(service):
    booking = make.booking(service, actor=DESK)

    assert (booking.state, kinds()) == ("confirmed", ["booking.confirmed"])


def test_whom_staff_add_to_a_group_needs_nobodys_approval():
    asked = make.booking(make.service(capacity=3, needs_approval=True))

    added = commands.add_attendee(
        appointment=asked.appointment, contact=make.contact(email=""), **STAFF
    )

    assert (added.booking.state, asked.state) == ("confirmed", "pending")
    assert kinds() == ["booking.requested", "booking.confirmed"]


def test_approval_confirms_it_once(service):
    booking = make.booking(service)

    approved = commands.approve(booking=booking, **STAFF)
    again = commands.approve(booking=booking, **STAFF)

    assert (approved.state, again.state) == ("confirmed", "confirmed")
    assert kinds() == ["booking.requested", "booking.confirmed"]
    assert told("confirmed") == EVERYBODY
    assert Event.objects.get(kind="booking.confirmed").actor == str(DESK)
    with pytest.raises(WrongState):
        commands.decline(booking=booking, **STAFF)


def test_what_is_declined_is_free_again_and_the_reason_is_kept(service):
    booking = make.booking(service)

    declined = commands.decline(booking=booking, reason=" We are\r\naway ", **STAFF)
    again = commands.decline(booking=booking, reason="Other", **STAFF)

    assert (declined.state, again.cancel_reason) == ("declined", "We are away")
    assert (declined.appointment.state, Claim.objects.count()) == ("cancelled", 0)
    assert (kinds()[1:], told("declined")) == (["booking.declined"], EVERYBODY)
    assert make.booking(service)
    for act in (commands.approve, commands.cancel_booking, commands.check_in):
        with pytest.raises(WrongState):
            act(booking=booking, **STAFF)


def test_in_a_group_only_the_seats_asked_for_are_given_back():
    service = make.service(capacity=4, needs_approval=True)
    stays, goes = make.booking(service, seats=2), make.booking(service, seats=2)

    commands.decline(booking=goes, **STAFF)
    commands.approve(booking=stays, **STAFF)

    appointment = Appointment.objects.get()
    assert (appointment.state, appointment.seats_taken) == ("scheduled", 2)


def test_a_request_may_be_decided_about_until_it_is_over_and_declined_for_ever(service):
    late, too_late = make.booking(service), make.booking(service, starts_at=at("11:00"))

    assert commands.approve(booking=late, now=at("10:29"), actor=DESK).state == "confirmed"
    with pytest.raises(InThePast):
        commands.approve(booking=too_late, now=at("11:30"), actor=DESK)
    assert commands.decline(booking=too_late, now=at("11:30"), actor=DESK).state == "declined"


def test_a_customer_moves_or_withdraws_a_request_until_it_starts():
    service = make.service(needs_approval=True, cancellation_notice=timedelta(hours=24))
    booking = make.booking(service)

    moved = commands.reschedule(booking=booking, starts_at=at("12:00"), now=at("09:59"))
    assert (moved.state, moved.appointment.starts_at) == ("pending", at("12:00"))
    withdrawn = commands.cancel_booking(booking=booking, now=at("11:59"))

    assert (withdrawn.state, Claim.objects.count()) == ("cancelled", 0)
    with pytest.raises(WrongState):
        commands.approve(booking=booking, **STAFF)


def test_a_request_moves_and_is_cancelled_with_its_appointment():
    service = make.service(capacity=4, needs_approval=True)
    asked = make.booking(service, contact=make.contact(email="jo@example.org"))
    commands.approve(booking=make.booking(service), **STAFF)

    moved = commands.reschedule_appointment(
        appointment=asked.appointment, starts_at=at("14:00"), **STAFF
    )
    asked.refresh_from_db()
    assert (asked.state, asked.sequence) == ("pending", 1)
    assert Message.objects.filter(topic="changed", address="jo@example.org").count() == 1

    commands.cancel_appointment(appointment=moved, **STAFF)
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    assert Message.objects.filter(topic="cancelled", address="jo@example.org").count() == 1


def test_a_request_counts_as_an_open_booking():
    service = make.service(needs_approval=True, customer_open_limit=1)
    contact = make.contact()
    make.booking(service, contact=contact)

    with pytest.raises(TooManyOpen):
        make.booking(service, contact=contact, starts_at=at("12:00"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [commands.approve, commands.decline])
def test_a_request_that_moves_to_another_session_meanwhile_is_not_decided(act):
    service = make.service(capacity=4, needs_approval=True)
    make.booking(service)
    booking = make.booking(service)

    def move() -> None:
        commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    with (
        meanwhile(move, before="FOR NO KEY UPDATE"),
        pytest.raises(ChangedMeanwhile, match="by the customer"),
    ):
        act(booking=booking, **STAFF)

    assert Booking.objects.get(pk=booking.pk).state == "pending"

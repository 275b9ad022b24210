"""Time off and closures: what they refuse, and what they find in their way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.errors import Away, Invalid, NotFound
from bookings.models import TimeOff
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile


@pytest.mark.django_db
def test_nobody_is_booked_while_away():
    service = make.service()
    person = service.resources.get()

    in_the_way = commands.take_time_off(
        business=service.business,
        resources=[person],
        starts_at=at("10:00"),
        ends_at=at("12:00"),
        title="Dentist",
        now=NOW,
    )

    assert in_the_way == []
    with pytest.raises(Away):
        make.booking(service, starts_at=at("11:30"))
    make.booking(service, starts_at=at("12:00"))
    make.booking(service, starts_at=at("09:30"))


@pytest.mark.django_db
def test_a_closure_is_for_everybody_and_only_here():
    business, elsewhere = make.business(), make.business()
    service = make.service(business, by=[make.staff(business), make.staff(business)])

    commands.take_time_off(
        business=business, resources=[], starts_at=at("00:00"), ends_at=at("23:00"), now=NOW
    )

    assert TimeOff.objects.get().resource is None
    with pytest.raises(Away):
        make.booking(service)
    make.booking(make.service(elsewhere))


@pytest.mark.django_db
def test_appointments_in_the_way_are_listed_soonest_first_and_kept():
    business = make.business()
    ann, bob = make.staff(business), make.staff(business)
    service = make.service(business, by=[ann, bob], buffer_after=timedelta(minutes=30))
    late = make.booking(service, starts_at=at("12:00"), staff=ann)
    soon = make.booking(service, starts_at=at("10:00"), staff=ann)
    make.booking(service, starts_at=at("10:00"), staff=bob)
    cleaning = make.booking(service, starts_at=at("09:00"), staff=ann)
    gone = make.booking(service, starts_at=at("11:00"), staff=ann)
    commands.cancel_booking(booking=gone, now=NOW)

    in_the_way = commands.take_time_off(
        business=business, resources=[ann], starts_at=at("09:45"), ends_at=at("12:01"), now=NOW
    )

    assert in_the_way == [cleaning.appointment, soon.appointment, late.appointment]
    soon.refresh_from_db()
    assert soon.state == "confirmed"


@pytest.mark.django_db
def test_what_makes_no_sense_is_refused():
    service = make.service()
    stranger = make.staff(make.business())
    hour = {"business": service.business, "now": NOW}

    with pytest.raises(Invalid):
        commands.take_time_off(resources=[], starts_at=at("12:00"), ends_at=at("12:00"), **hour)
    with pytest.raises(Invalid):
        commands.take_time_off(
            resources=[], starts_at=at("05:00", days=0), ends_at=at("06:00", days=0), **hour
        )
    with pytest.raises(NotFound):
        commands.take_time_off(
            resources=[stranger], starts_at=at("10:00"), ends_at=at("12:00"), **hour
        )
    assert TimeOff.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_booking_that_began_before_an_absence_was_known_is_refused():
    service = make.service()

    def leave() -> None:
        commands.take_time_off(
            business=service.business,
            resources=[service.resources.get()],
            starts_at=at("10:00"),
            ends_at=at("12:00"),
            now=NOW,
        )

    with meanwhile(leave, before="INSERT INTO bookings_claim"), pytest.raises(Away):
        make.booking(service)


@pytest.mark.django_db(transaction=True)
def test_somebody_else_serves_where_the_first_choice_left_meanwhile():
    business = make.business()
    ann, bob = make.staff(business), make.staff(business)
    service = make.service(business, by=[ann, bob])

    def leave() -> None:
        commands.take_time_off(
            business=business,
            resources=[ann],
            starts_at=at("10:00"),
            ends_at=at("12:00"),
            now=NOW,
        )

    with meanwhile(leave, before="INSERT INTO bookings_claim"):
        booking = make.booking(service)

    assert list(booking.appointment.resources.all()) == [bob]

"""Time off and closures: what they refuse, and what they find in their way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from bookings import commands
from bookings.commands import Actor
from bookings.errors import Away, ChangedMeanwhile, Invalid, NotFound
from bookings.models import Appointment, Event, Service, TimeOff
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile


@pytest.mark.django_db
def test_nobody_is_booked_while_away():
    service = make.service()
    person = service.resources.get()

    absence = commands.take_time_off(
        business=service.business,
        resources=[person],
        starts_at=at("10:00"),
        ends_at=at("12:00"),
        title="Dentist",
        now=NOW,
    )

    assert absence.in_the_way == []
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

    absence = commands.take_time_off(
        business=business, resources=[ann], starts_at=at("09:45"), ends_at=at("12:01"), now=NOW
    )

    assert absence.in_the_way == [cleaning.appointment, soon.appointment, late.appointment]
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


@pytest.mark.django_db
def test_a_time_off_is_changed_and_the_time_it_leaves_can_be_booked_again():
    service = make.service()
    boss, row = make.member(service.business), away(service)
    met = make.booking(service, starts_at=at("14:00"))

    absence = change(row, boss, starts_at=at("13:00"), ends_at=at("15:00"), title=" Dentist\n")

    row.refresh_from_db()
    assert (row.starts_at, row.ends_at, row.title) == (at("13:00"), at("15:00"), "Dentist")
    assert absence.in_the_way == [met.appointment]
    make.booking(service, starts_at=at("10:00"))


@pytest.mark.django_db
def test_what_was_changed_or_cancelled_meanwhile_is_not_overwritten():
    service = make.service()
    boss, row = make.member(service.business), away(service)
    seen = (row.starts_at, row.ends_at, row.title)
    change(row, boss, ends_at=at("13:00"))

    with pytest.raises(ChangedMeanwhile, match="changed meanwhile by Ann"):
        change(row, boss, seen=seen, ends_at=at("11:00"))
    commands.cancel_time_off(time_off=row, now=NOW, actor=commands.SYSTEM, by=boss)
    for late in (
        lambda: change(row, boss),
        lambda: commands.cancel_time_off(time_off=row, now=NOW, actor=commands.SYSTEM, by=boss),
    ):
        with pytest.raises(NotFound):
            late()

    make.booking(service, starts_at=at("10:00"))
    assert [event.kind for event in Event.objects.filter(appointment=None)] == [
        "time_off.taken",
        "time_off.changed",
        "time_off.cancelled",
    ]


@pytest.mark.django_db
def test_a_change_that_makes_no_sense_is_refused():
    service = make.service()
    boss, row = make.member(service.business), away(service)

    for wrong in (
        {"ends_at": at("09:00")},
        {"starts_at": at("05:00", days=-1), "ends_at": at("06:00", days=-1)},
    ):
        with pytest.raises(Invalid):
            change(row, boss, **wrong)

    row.refresh_from_db()
    assert (row.starts_at, row.ends_at) == (at("10:00"), at("12:00"))


def away(service: Service) -> TimeOff:
    commands.take_time_off(
        business=service.business,
        resources=[service.resources.get()],
        starts_at=at("10:00"),
        ends_at=at("12:00"),
        now=NOW,
    )
    return TimeOff.objects.get()


def change(row: TimeOff, by: User, **values: Any) -> list[Appointment]:
    if TimeOff.objects.filter(pk=row.pk).exists():
        row.refresh_from_db()
    known = {"starts_at": row.starts_at, "ends_at": row.ends_at, "title": row.title}
    seen = values.pop("seen", (row.starts_at, row.ends_at, row.title))
    return commands.change_time_off(
        time_off=row, seen=seen, now=NOW, actor=Actor("staff", "Ann"), by=by, **known | values
    )

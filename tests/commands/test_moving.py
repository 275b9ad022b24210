"""Moving: one customer, or everybody; who is told; what is refused and then unchanged."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.commands import Actor
from bookings.engine.policy import Override
from bookings.errors import ChangedMeanwhile, Full, Invalid, SlotTaken, TooLate, WrongState
from bookings.models import Appointment, Claim, Event, Message
from bookings.queries import availability
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile

DESK = Actor("staff", "desk@example.org")


def told(topic: str) -> list[tuple[str, str]]:
    return sorted(Message.objects.filter(topic=topic).values_list("audience", "address"))


@pytest.mark.django_db
def test_somebody_alone_takes_the_appointment_along():
    booking = make.booking(contact=make.contact(email="jo@example.org"))
    token = commands.manage_token(booking=booking, now=NOW)
    person = booking.appointment.resources.get()

    moved = commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    assert (moved.pk, moved.appointment_id) == (booking.pk, booking.appointment_id)
    assert (moved.appointment.starts_at, moved.appointment.wall_time.hour) == (at("14:00"), 14)
    assert moved.sequence == booking.sequence + 1
    assert commands.manage_token(booking=moved, now=NOW) == token
    assert list(Claim.objects.values_list("s", flat=True)) == [at("14:00").timestamp() / 60]
    assert told("changed") == [
        ("business", booking.business.mailbox),
        ("customer", "jo@example.org"),
        ("staff", person.email),
    ]
    make.booking(booking.appointment.service, starts_at=at("10:00"))


@pytest.mark.django_db
def test_a_move_may_overlap_the_old_time():
    booking = make.booking(make.service(duration=timedelta(hours=1)))

    moved = commands.reschedule(booking=booking, starts_at=at("10:30"), now=NOW)

    assert moved.appointment.starts_at == at("10:30")
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_a_move_to_a_time_that_is_taken_is_refused_and_the_old_time_kept():
    service = make.service()
    make.booking(service, starts_at=at("11:00"))
    booking = make.booking(service, starts_at=at("10:00"))
    before = (Claim.objects.count(), Event.objects.count(), Message.objects.count())

    with pytest.raises(SlotTaken):
        commands.reschedule(booking=booking, starts_at=at("11:00"), now=NOW)

    booking.appointment.refresh_from_db()
    assert booking.appointment.starts_at == at("10:00")
    assert (Claim.objects.count(), Event.objects.count(), Message.objects.count()) == before


@pytest.mark.django_db
def test_the_same_person_comes_where_they_are_free_else_another_and_both_are_told():
    business = make.business()
    ann, bob = make.staff(business), make.staff(business)
    service = make.service(business, by=[ann, bob])
    booking = make.booking(service, staff=ann)
    make.booking(service, starts_at=at("12:00"), staff=ann)

    moved = commands.reschedule(booking=booking, starts_at=at("11:00"), now=NOW)
    assert list(moved.appointment.resources.all()) == [ann]

    moved = commands.reschedule(booking=booking, starts_at=at("12:00"), now=NOW)
    assert list(moved.appointment.resources.all()) == [bob]
    assert [address for audience, address in told("cancelled") if audience == "staff"] == [
        ann.email
    ]


@pytest.mark.django_db
def test_the_notice_binds_customers_and_can_be_set_aside():
    booking = make.booking(make.service(cancellation_notice=timedelta(hours=24)))
    late = at("09:00") - timedelta(hours=1)

    with pytest.raises(TooLate):
        commands.reschedule(booking=booking, starts_at=at("14:00"), now=late)
    moved = commands.reschedule(
        booking=booking,
        starts_at=at("14:00"),
        now=late,
        actor=DESK,
        overrides=frozenset({Override.NOTICE}),
    )

    assert moved.appointment.starts_at == at("14:00")


@pytest.mark.django_db
def test_a_cancelled_booking_cannot_be_moved():
    booking = make.booking()
    commands.cancel_booking(booking=booking, now=NOW)

    with pytest.raises(WrongState):
        commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)


@pytest.mark.django_db
def test_in_a_group_only_the_customers_own_seats_move():
    service = make.service(capacity=6)
    stays = make.booking(service, seats=2)
    goes = make.booking(service, seats=3, contact=make.contact(email="jo@example.org"))

    moved = commands.reschedule(booking=goes, starts_at=at("12:00"), now=NOW)

    stays.appointment.refresh_from_db()
    assert moved.appointment_id != stays.appointment_id
    assert (stays.appointment.seats_taken, moved.appointment.seats_taken) == (2, 3)
    assert [address for audience, address in told("changed") if audience == "customer"] == [
        "jo@example.org"
    ]


@pytest.mark.django_db
def test_a_move_joins_the_session_that_is_there_and_ends_an_empty_one():
    service = make.service(capacity=6)
    there = make.booking(service, seats=2, starts_at=at("12:00"))
    alone = make.booking(service, seats=3)

    moved = commands.reschedule(booking=alone, starts_at=at("12:00"), now=NOW)

    left = Appointment.objects.get(pk=alone.appointment_id)
    assert moved.appointment == there.appointment
    assert (moved.appointment.seats_taken, left.seats_taken, left.state) == (5, 0, "cancelled")
    assert Claim.objects.count() == 1


@pytest.mark.django_db
def test_a_session_without_enough_places_refuses_a_move():
    service = make.service(capacity=4)
    make.booking(service, seats=2, starts_at=at("12:00"))
    booking = make.booking(service, seats=3)

    with pytest.raises(Full):
        commands.reschedule(booking=booking, starts_at=at("12:00"), now=NOW)


@pytest.mark.django_db
def test_asking_for_the_time_and_person_one_has_changes_nothing():
    service = make.service(capacity=6)
    make.booking(service, seats=2)
    booking = make.booking(service, seats=2)
    person = booking.appointment.resources.get()

    same = commands.reschedule(booking=booking, starts_at=at("10:00"), staff=person, now=NOW)

    appointment = Appointment.objects.get()
    assert (same.sequence, appointment.seats_taken) == (booking.sequence, 4)
    assert told("changed") == []


@pytest.mark.django_db
def test_the_starts_listed_for_a_move_out_of_a_group_can_be_moved_to():
    service = make.service(capacity=4, duration=timedelta(hours=1))
    make.booking(service, starts_at=at("10:00"))
    goes = make.booking(service, starts_at=at("10:00"))

    listed = availability.starts(service, lo=at("09:00"), hi=at("11:30"), now=NOW, moving=goes)

    assert [start.at for start in listed] == [at("09:00"), at("10:00"), at("11:00")]


@pytest.mark.django_db
def test_a_daily_limit_lets_an_appointment_move_within_its_day():
    service = make.service(service_daily_limit=1, resource_daily_limit=1)
    booking = make.booking(service)

    moved = commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    assert moved.appointment.starts_at == at("14:00")


@pytest.mark.django_db
def test_a_moved_appointment_takes_the_services_present_length_and_buffers():
    service = make.service(buffer_after=timedelta(minutes=30))
    booking = make.booking(service)
    service.duration, service.buffer_after = timedelta(minutes=60), timedelta(0)
    service.save()
    make.booking(service, starts_at=at("13:00"))

    commands.reschedule(booking=booking, starts_at=at("12:00"), now=NOW)

    assert sorted(Claim.objects.values_list("e", flat=True)) == [
        at("13:00").timestamp() / 60,
        at("14:00").timestamp() / 60,
    ]


@pytest.mark.django_db
def test_everybody_in_an_appointment_moves_and_is_told():
    service = make.service(capacity=6)
    first = make.booking(service, contact=make.contact(email="ann@example.org"))
    make.booking(service, contact=make.contact(email="bob@example.org"))

    moved = commands.reschedule_appointment(
        appointment=first.appointment, starts_at=at("15:00"), now=NOW, actor=DESK
    )

    assert (moved.starts_at, moved.seats_taken) == (at("15:00"), 2)
    assert [address for audience, address in told("changed") if audience == "customer"] == [
        "ann@example.org",
        "bob@example.org",
    ]
    versions = Event.objects.filter(appointment=moved).order_by("version")
    assert list(versions.values_list("version", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.django_db
def test_a_moved_group_keeps_to_itself():
    service = make.service(
        capacity=8, by=[make.staff(of := make.business()), make.staff(of)], of=of
    )
    there = make.booking(service, starts_at=at("15:00"))
    moving = make.booking(service, starts_at=at("10:00"))
    service.capacity = 4
    service.save()

    moved = commands.reschedule_appointment(
        appointment=moving.appointment, starts_at=at("15:00"), now=NOW, actor=DESK
    )

    assert moved.pk != there.appointment_id
    assert moved.resources.count() == 1
    assert Claim.objects.count() == 2


@pytest.mark.django_db
def test_holds_end_when_the_appointment_moves():
    service = make.service(capacity=4)
    booking = make.booking(service)
    held = commands.hold(service=service, starts_at=at("10:00"), seats=2, now=NOW)

    moved = commands.reschedule_appointment(
        appointment=booking.appointment, starts_at=at("15:00"), now=NOW, actor=DESK
    )

    held.booking.refresh_from_db()
    assert (moved.seats_taken, held.booking.state) == (1, "expired")


@pytest.mark.django_db
def test_an_appointment_of_holds_alone_is_not_moved():
    held = commands.hold(service=make.service(), starts_at=at("10:00"), now=NOW)

    with pytest.raises(WrongState):
        commands.reschedule_appointment(
            appointment=held.booking.appointment, starts_at=at("15:00"), now=NOW, actor=DESK
        )

    held.booking.refresh_from_db()
    assert held.booking.state == "held"


@pytest.mark.django_db(transaction=True)
def test_a_session_that_moved_between_look_and_join_is_not_joined():
    service = make.service(capacity=4)
    there = make.booking(service)

    def move() -> None:
        commands.reschedule_appointment(
            appointment=there.appointment, starts_at=at("15:00"), now=NOW, actor=DESK
        )

    with meanwhile(move, before='UPDATE "bookings_appointment" SET "seats_taken"'):
        booking = make.booking(service)

    assert booking.appointment_id != there.appointment_id
    assert booking.appointment.starts_at == at("10:00")


@pytest.mark.django_db(transaction=True)
def test_of_two_moves_at_once_the_later_is_told_that_things_have_changed():
    booking = make.booking()

    def move() -> None:
        commands.reschedule(booking=booking, starts_at=at("12:00"), now=NOW)

    with (
        meanwhile(move, before="FOR NO KEY UPDATE"),
        pytest.raises(ChangedMeanwhile),
    ):
        commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    booking.appointment.refresh_from_db()
    assert booking.appointment.starts_at == at("12:00")


@pytest.mark.django_db
def test_who_decides_on_an_older_look_learns_who_was_faster():
    service = make.service(capacity=3)
    booking = make.booking(service)
    seen = Appointment.objects.get()
    move = {"appointment": seen, "now": NOW, "version": seen.version}
    ann, bob = Actor("staff", "Ann"), Actor("staff", "Bob")

    commands.reschedule_appointment(**move, starts_at=at("12:00"), actor=ann)
    for act in (
        lambda: commands.reschedule_appointment(**move, starts_at=at("14:00"), actor=bob),
        lambda: commands.cancel_appointment(**move, actor=bob),
        lambda: commands.reschedule(
            booking=booking, starts_at=at("14:00"), now=NOW, actor=bob, version=seen.version
        ),
    ):
        with pytest.raises(ChangedMeanwhile, match="changed meanwhile by Ann"):
            act()

    seen.refresh_from_db()
    assert (seen.starts_at, seen.state) == (at("12:00"), "scheduled")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "then", "who"),
    [
        (commands.CUSTOMER, DESK, "the customer"),
        (commands.SYSTEM, DESK, "the portal"),
        (DESK, DESK, "desk@example.org"),
        (DESK, commands.CUSTOMER, "Salon"),
        (commands.CUSTOMER, commands.CUSTOMER, "somebody else"),
    ],
)
def test_staff_are_named_to_staff_and_nobody_is_named_to_customers(first, then, who):
    booking = make.booking(make.service(make.business(name="Salon")))
    seen = Appointment.objects.get()
    commands.reschedule(booking=booking, starts_at=at("12:00"), now=NOW, actor=first)

    with pytest.raises(ChangedMeanwhile) as refused:
        commands.reschedule(
            booking=booking, starts_at=at("14:00"), now=NOW, actor=then, version=seen.version
        )

    assert str(refused.value) == f"This has been changed meanwhile by {who}."


@pytest.mark.django_db
def test_an_appointment_that_is_dropped_where_it_was_stays_as_it_is():
    booking = make.booking()
    person = booking.appointment.resources.get()
    before = (Event.objects.count(), Message.objects.count())

    for staff in (None, person):
        same = commands.reschedule_appointment(
            appointment=booking.appointment, starts_at=at("10:00"), staff=staff, now=NOW, actor=DESK
        )

    assert same.version == booking.appointment.version
    assert (Event.objects.count(), Message.objects.count()) == before


@pytest.mark.django_db
def test_rules_are_set_aside_for_a_reason_that_is_recorded():
    service = make.service(cancellation_notice=timedelta(hours=24))
    booking = make.booking(service)
    anyway = {"overrides": frozenset({Override.HOURS, Override.NOTICE}), "actor": DESK, "now": NOW}

    for act in (
        lambda: commands.reschedule(booking=booking, starts_at=at("20:10"), **anyway),
        lambda: commands.reschedule_appointment(
            appointment=booking.appointment, starts_at=at("20:10"), because=" \n", **anyway
        ),
        lambda: make.booking(service, starts_at=at("20:10"), **anyway),
    ):
        with pytest.raises(Invalid) as refused:
            act()
        assert list(refused.value.fields) == ["because"]
    commands.reschedule(
        booking=booking, starts_at=at("20:10"), because="she came\nfrom afar", **anyway
    )
    commands.reschedule_appointment(
        appointment=booking.appointment, starts_at=at("21:10"), because="the train", **anyway
    )
    make.booking(service, starts_at=at("22:10"), because="a friend", **anyway)

    recorded = {"overrides": ["hours", "notice"]}
    for kind, because in (
        ("booking.rescheduled", "she came from afar"),
        ("appointment.rescheduled", "the train"),
        ("booking.confirmed", "a friend"),
    ):
        event = Event.objects.filter(kind=kind, data__has_key="because").get()
        assert event.data | recorded == event.data
        assert event.data["because"] == because

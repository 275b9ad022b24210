"""Booking: who gets the seats, what is written, what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.errors import (
    Full,
    HoldExpired,
    Invalid,
    NotFound,
    OffGrid,
    OutsideHours,
    PartyTooLarge,
    SlotTaken,
    StaffNotOffered,
    TooManyOpen,
)
from bookings.models import Booking, Claim, Customer, Event, Message
from tests import make
from tests.make import NOW, at

pytestmark = pytest.mark.django_db


def test_a_booking_claims_the_time_and_tells_everybody_concerned():
    service = make.service(buffer_before=timedelta(minutes=5), buffer_after=timedelta(minutes=10))
    person = service.resources.get()

    booked = commands.book(
        service=service,
        starts_at=at("10:00"),
        contact=make.contact(email="jo@example.org"),
        answers={},
        now=NOW,
    )

    claim = Claim.objects.get()
    assert (claim.resource, claim.e - claim.s, claim.expires_at) == (person, 45, None)
    assert booked.booking.state == "confirmed"
    assert booked.booking.appointment.seats_taken == 1
    assert [event.kind for event in Event.objects.all()] == ["booking.confirmed"]
    told = sorted(Message.objects.values_list("audience", "address", "topic"))
    assert told == [
        ("business", service.business.mailbox, "confirmed"),
        ("customer", "jo@example.org", "confirmed"),
        ("staff", person.email, "confirmed"),
    ]


def test_the_second_for_the_same_time_is_refused_and_nothing_is_written():
    service = make.service()
    make.booking(service)
    before = (Booking.objects.count(), Message.objects.count(), Customer.objects.count())

    with pytest.raises(SlotTaken):
        make.booking(service)

    assert (Booking.objects.count(), Message.objects.count(), Customer.objects.count()) == before


def test_an_overlapping_time_of_another_service_of_the_same_person_is_refused():
    business = make.business()
    person = make.staff(business)
    make.booking(make.service(business, by=[person]), starts_at=at("10:00"))
    long = make.service(business, by=[person], duration=timedelta(hours=2))

    with pytest.raises(SlotTaken):
        make.booking(long, starts_at=at("09:00"))


@pytest.mark.parametrize(
    ("clock", "refusal"),
    [("10:10", OffGrid), ("08:30", OutsideHours), ("16:45", OutsideHours), ("03:00", OutsideHours)],
)
def test_a_start_that_is_not_offered_cannot_be_booked(clock, refusal):
    with pytest.raises(refusal):
        make.booking(starts_at=at(clock))


def test_anyone_means_the_one_with_fewest_appointments_that_day():
    business = make.business()
    first, second = make.staff(business), make.staff(business)
    service = make.service(business, by=[first, second])
    make.booking(service, starts_at=at("09:00"), staff=first)

    booking = make.booking(service, starts_at=at("12:00"))

    assert list(booking.appointment.resources.all()) == [second]


def test_a_person_who_does_not_serve_cannot_be_chosen():
    service = make.service()
    stranger = make.staff(service.business)

    with pytest.raises(StaffNotOffered):
        make.booking(service, staff=stranger)


def test_a_room_is_assigned_and_its_lack_refuses():
    business = make.business()
    room = make.room(business)
    service = make.service(business, by=[make.staff(business), make.staff(business), room])

    booking = make.booking(service)

    assert room in booking.appointment.resources.all()
    assert booking.appointment.resources.count() == 2
    with pytest.raises(SlotTaken):
        make.booking(service)


def test_all_of_the_staff_come_together():
    business = make.business()
    people = [make.staff(business), make.staff(business)]
    service = make.service(business, by=people, assignment="all")

    booking = make.booking(service)

    assert set(booking.appointment.resources.all()) == set(people)


def test_a_group_fills_one_appointment_to_its_last_place():
    service = make.service(capacity=4)
    first = make.booking(service, seats=3)

    with pytest.raises(Full):
        make.booking(service, seats=2)
    last = make.booking(service, seats=1)

    assert last.appointment == first.appointment
    assert Claim.objects.count() == 1
    with pytest.raises(Full):
        make.booking(service, seats=1)
    with pytest.raises(PartyTooLarge):
        make.booking(service, seats=5)


def test_a_hold_keeps_others_out_and_becomes_a_booking_once():
    service = make.service()
    held = commands.hold(service=service, starts_at=at("10:00"), now=NOW)
    with pytest.raises(SlotTaken):
        make.booking(service)
    order = {
        "service": service,
        "starts_at": at("10:00"),
        "contact": make.contact(),
        "answers": {},
        "now": NOW + timedelta(minutes=4),
        "hold": held.token,
    }

    first, again = commands.book(**order), commands.book(**order)

    assert (again.booking, again.token) == (first.booking, first.token)
    assert Booking.objects.filter(state="confirmed").count() == 1
    assert Message.objects.filter(audience="customer").count() == 1


def test_an_expired_hold_frees_the_time_and_books_nothing():
    service = make.service()
    held = commands.hold(service=service, starts_at=at("10:00"), now=NOW)
    later = NOW + timedelta(minutes=5)

    with pytest.raises(HoldExpired):
        make.booking(service, hold=held.token, now=later)

    assert make.booking(service, now=later).state == "confirmed"


def test_a_new_hold_replaces_the_old_one_even_where_they_overlap():
    service = make.service(duration=timedelta(hours=1))
    first = commands.hold(service=service, starts_at=at("10:00"), now=NOW)

    second = commands.hold(service=service, starts_at=at("10:30"), now=NOW, replacing=first.token)

    assert Claim.objects.count() == 1
    assert make.booking(service, hold=second.token).appointment.starts_at == at("10:30")
    with pytest.raises(HoldExpired):
        make.booking(service, hold=first.token)


def test_a_hold_that_cannot_be_replaced_is_kept():
    service = make.service()
    make.booking(service, starts_at=at("11:00"))
    first = commands.hold(service=service, starts_at=at("10:00"), now=NOW)

    with pytest.raises(SlotTaken):
        commands.hold(service=service, starts_at=at("11:00"), now=NOW, replacing=first.token)

    assert make.booking(service, hold=first.token).appointment.starts_at == at("10:00")


def test_a_released_hold_is_free_at_once():
    service = make.service()
    held = commands.hold(service=service, starts_at=at("10:00"), now=NOW)

    commands.release(token=held.token, now=NOW)

    assert make.booking(service).state == "confirmed"


def test_the_same_key_again_gives_the_same_booking():
    service = make.service()

    first = make.booking(service, key="abc")
    again = make.booking(service, key="abc")

    assert first == again


def test_everything_wrong_is_said_at_once():
    service = make.service()
    needed = make.question(service, required=True)
    number = make.question(service, kind="number")

    with pytest.raises(Invalid) as refusal:
        commands.book(
            service=service,
            starts_at=at("10:00"),
            contact=make.contact(name=" ", email="nobody", phone="abc"),
            answers={str(number.public_id): "many"},
            now=NOW,
        )

    assert set(refusal.value.fields) == {
        "name",
        "email",
        "phone",
        str(needed.public_id),
        str(number.public_id),
    }


def test_a_stranger_does_not_rewrite_the_customer_on_record():
    service = make.service()
    make.booking(service, contact=make.contact(name="Ann", email="ann@example.org"))

    make.booking(
        service,
        starts_at=at("11:00"),
        contact=make.contact(name="Mallory", email="ANN@example.org"),
    )

    assert Customer.objects.get().name == "Ann"


def test_staff_book_for_a_customer_whom_they_know_without_an_address():
    service = make.service()
    anna = Customer.objects.create(business=service.business, name="Anna Berg")
    actor = commands.Actor("staff", "Mo")

    booking = make.booking(
        service, contact=make.contact(name="Anna Berg", email=""), customer=anna, actor=actor
    )

    assert booking.customer == anna
    assert Customer.objects.count() == 1


def test_nobody_is_booked_as_a_customer_of_another_business_or_an_erased_one():
    service = make.service()
    foreign = Customer.objects.create(business=make.business(), name="Anna Berg")
    erased = Customer.objects.create(business=service.business, name="", erased_at=NOW)

    for customer in (foreign, erased):
        with pytest.raises(NotFound):
            make.booking(service, customer=customer)
    assert not Booking.objects.exists()


def test_a_customer_may_only_have_so_many_open_bookings():
    service = make.service(customer_open_limit=1)
    make.booking(service, contact=make.contact(email="ann@example.org"))

    with pytest.raises(TooManyOpen):
        make.booking(service, starts_at=at("11:00"), contact=make.contact(email="ann@example.org"))

"""Customers as staff keep them: added, changed by two at once, merged, erased."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings import commands
from bookings.commands import Actor, Contact
from bookings.errors import BookingError, ChangedMeanwhile, Invalid, NotFound, StillComing
from bookings.models import Answer, Booking, Business, Customer, Event, ManageLink, Message
from tests import make
from tests.make import NOW, at
from tests.meanwhile import meanwhile, waiting

DESK = Actor("staff", "Mia")
COLLEAGUE = Actor("staff", "Tom")
LATER = at("12:00", days=3)


def customer(of: Business, name: str = "Ann Lee", **fields: object) -> Customer:
    return Customer.objects.create(business=of, name=name, **fields)


def change(row: Customer, seen: Customer, actor: Actor = DESK, **typed: str) -> Customer:
    shown = {name: getattr(seen, name) for name in typed}
    return commands.change_customer(customer=row, typed=typed, seen=shown, now=NOW, actor=actor)


def on_record(kind: str) -> list[tuple[str, dict[str, Any]]]:
    return list(Event.objects.filter(kind=kind).order_by("pk").values_list("actor", "data"))


@pytest.mark.django_db
class TestAddingAndChanging:
    def test_a_new_customer_is_clean_and_on_record_without_a_word_about_the_person(self) -> None:
        contact = Contact(" Ann\x00\u202e  Lee ", "ann@example.org", notes="likes\r\ntea")

        made = commands.add_customer(business=make.business(), contact=contact, now=NOW, actor=DESK)

        assert (made.name, made.email, made.notes) == ("Ann Lee", "ann@example.org", "likes\ntea")
        assert on_record("customer.added") == [("staff:Mia", {"customer": str(made.public_id)})]

    @pytest.mark.parametrize(
        ("field", "value", "sentence"),
        [
            ("name", " \u202e ", "Please give a name."),
            ("name", "x" * 201, "This name is too long: 200 characters at most."),
            ("email", "ann", "This does not look like an e-mail address."),
            ("email", "TAKEN@example.org", "Another customer has this address already."),
            ("phone", "12", "This does not look like a phone number."),
            ("zone", "Mars/North", "This time zone is not known."),
            ("notes", "x" * 4001, "These notes are too long: 4000 characters at most."),
        ],
    )
    def test_what_is_wrong_is_said_of_its_field(
        self, field: str, value: str, sentence: str
    ) -> None:
        business = make.business()
        customer(business, "Other", email="taken@example.org")
        ann = customer(business)

        contact = Contact(**{"name": "Ann", field: value})

        with pytest.raises(Invalid) as adding:
            commands.add_customer(business=business, contact=contact, now=NOW, actor=DESK)
        with pytest.raises(Invalid) as changing:
            change(ann, ann, **{field: value})

        assert adding.value.fields == changing.value.fields == {field: sentence}
        assert Customer.objects.count() == 2

    def test_an_address_is_taken_only_within_the_business(self) -> None:
        customer(make.business(), email="ann@example.org")
        ann = customer(make.business())

        assert change(ann, ann, email="ANN@example.org").email == "ANN@example.org"

    def test_a_field_that_nobody_touched_is_not_asked_again(self) -> None:
        ann = customer(make.business(), phone="call the neighbour")

        changed = change(ann, ann, name="Ann", phone="call the neighbour")

        assert (changed.name, changed.phone) == ("Ann", "call the neighbour")
        assert on_record("customer.changed")[0][1]["fields"] == ["name"]

    def test_two_who_change_different_fields_both_succeed(self) -> None:
        seen = customer(make.business(), notes="tea")
        row = Customer.objects.get()
        change(row, seen, COLLEAGUE, phone="030 1234", notes="tea")

        change(row, seen, phone="", notes="coffee")

        row.refresh_from_db()
        assert (row.phone, row.notes) == ("030 1234", "coffee")

    def test_the_second_who_changes_a_field_learns_of_the_first(self) -> None:
        seen = customer(make.business(), notes="tea")
        row = Customer.objects.get()
        change(row, seen, COLLEAGUE, notes="coffee")

        with pytest.raises(ChangedMeanwhile) as refusal:
            change(row, seen, notes="water")

        assert refusal.value.params["who"] == "Tom"
        row.refresh_from_db()
        assert row.notes == "coffee"
        assert change(row, seen, notes="coffee").notes == "coffee"

    def test_who_is_erased_or_merged_away_cannot_be_changed(self) -> None:
        business = make.business()
        ann, bob = customer(business), customer(business, "Bob")
        seen = Customer.objects.get(pk=ann.pk)
        commands.merge_customers(keep=bob, duplicate=ann, now=NOW, actor=DESK)
        with pytest.raises(NotFound):
            change(seen, seen, name="Anna")
        commands.erase_customer(customer=bob, now=NOW, actor=DESK)
        with pytest.raises(NotFound):
            change(bob, bob, name="Bobby")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_give_the_same_address_at_once_one_is_told() -> None:
    business = make.business()
    ann, bob = customer(business), customer(business, "Bob")

    def first() -> None:
        change(bob, bob, email="same@example.org")

    with meanwhile(first, before='UPDATE "bookings_customer"'), pytest.raises(Invalid) as refusal:
        change(ann, ann, email="same@example.org")

    assert refusal.value.fields == {"email": "Another customer has this address already."}


@pytest.mark.django_db
class TestMerging:
    def test_bookings_move_gaps_are_filled_and_the_duplicate_goes(self) -> None:
        business = make.business()
        service = make.service(business)
        keep = make.booking(
            service, contact=make.contact(name="Ann Lee", email=""), actor=DESK
        ).customer
        other = make.booking(
            service,
            starts_at=at("11:00"),
            contact=make.contact(name="A. Lee", email="ann@example.org", phone="030 1234"),
        ).customer
        assert keep
        assert other
        Customer.objects.filter(pk=keep.pk).update(notes="tea")
        Customer.objects.filter(pk=other.pk).update(notes="by the window")

        merged = commands.merge_customers(keep=keep, duplicate=other, now=NOW, actor=DESK)

        assert Customer.objects.get() == merged == keep
        assert (merged.name, merged.email, merged.phone, merged.notes) == (
            "Ann Lee",
            "ann@example.org",
            "030 1234",
            "tea\n\nby the window",
        )
        assert set(Booking.objects.values_list("customer", flat=True)) == {keep.pk}
        assert on_record("customer.merged") == [
            (
                "staff:Mia",
                {
                    "customer": str(keep.public_id),
                    "duplicate": str(other.public_id),
                    "bookings": 1,
                },
            )
        ]
        again = make.booking(
            service, starts_at=at("12:00"), contact=make.contact(email="ann@example.org")
        )
        assert again.customer == keep

    def test_what_both_notes_say_stands_there_once(self) -> None:
        business = make.business()
        keep, other = customer(business, notes="tea\nmilk"), customer(business, notes="tea")

        merged = commands.merge_customers(keep=keep, duplicate=other, now=NOW, actor=DESK)

        assert merged.notes == "tea\nmilk"

    def test_nobody_is_merged_with_themselves_nor_across_businesses_nor_into_overlong_notes(
        self,
    ) -> None:
        business = make.business()
        ann, bob = customer(business, notes="x" * 2500), customer(business, notes="y" * 2500)
        stranger = customer(make.business())

        for duplicate, kind in ((ann, Invalid), (stranger, NotFound), (bob, Invalid)):
            with pytest.raises(kind):
                commands.merge_customers(keep=ann, duplicate=duplicate, now=NOW, actor=DESK)

        assert Customer.objects.count() == 3
        assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestMergingAtTheSameMoment:
    def test_two_who_merge_opposite_ways_leave_one_customer_with_all_bookings(self) -> None:
        business = make.business()
        service = make.service(business)
        made = [make.booking(service, starts_at=at(clock)) for clock in ("10:00", "11:00")]
        ann, bob = (booking.customer for booking in made)
        assert ann
        assert bob

        def other_way() -> None:
            commands.merge_customers(keep=bob, duplicate=ann, now=NOW, actor=COLLEAGUE)

        with meanwhile(other_way, before="FOR UPDATE"), pytest.raises(NotFound):
            commands.merge_customers(keep=ann, duplicate=bob, now=NOW, actor=DESK)

        assert Customer.objects.get().pk == bob.pk
        assert Booking.objects.filter(customer=bob.pk).count() == 2

    def test_a_booking_that_is_being_made_for_the_duplicate_is_not_lost(self) -> None:
        business = make.business()
        service = make.service(business)
        keep = customer(business, "Keep")
        other = customer(business, "Other", email="other@example.org")

        def merge() -> None:
            commands.merge_customers(keep=keep, duplicate=other, now=NOW, actor=DESK)

        with meanwhile(merge, before="WITH known AS"):
            booking = make.booking(service, contact=make.contact(email="other@example.org"))

        assert booking.customer_id == Customer.objects.get().pk == keep.pk

    @pytest.mark.parametrize("act", ["merge", "erase"])
    def test_who_merges_or_erases_waits_for_a_booking_under_way(self, act: str) -> None:
        business = make.business()
        service = make.service(business)
        keep = customer(business, "Keep")
        other = customer(business, "Other", email="other@example.org")
        refused: list[BookingError] = []

        def interfere() -> None:
            try:
                if act == "merge":
                    commands.merge_customers(keep=keep, duplicate=other, now=NOW, actor=DESK)
                else:
                    commands.erase_customer(customer=other, now=NOW, actor=DESK)
            except BookingError as refusal:
                refused.append(refusal)

        with waiting(interfere, before='INSERT INTO "bookings_booking"'):
            booking = make.booking(service, contact=make.contact(email="other@example.org"))

        booking.refresh_from_db()
        if act == "merge":
            assert (refused, booking.customer_id) == ([], keep.pk)
        else:
            assert [refusal.code for refusal in refused] == ["still_coming"]
            assert booking.name != "(erased)"


@pytest.mark.django_db
class TestErasing:
    def test_who_is_expected_is_not_erased(self) -> None:
        booking = make.booking()
        assert booking.customer

        with pytest.raises(StillComing):
            commands.erase_customer(customer=booking.customer, now=NOW, actor=DESK)

        commands.cancel_booking(booking=booking, now=NOW)
        commands.erase_customer(customer=booking.customer, now=NOW, actor=DESK)
        assert Customer.objects.get().name == "(erased)"

    def test_what_is_counted_stays_and_what_names_goes(self) -> None:
        service = make.service()
        question = make.question(service)
        booking = make.booking(
            service,
            contact=make.contact(name="Ann Lee", email="ann@example.org", notes="by bike"),
            answers={str(question.public_id): "blue"},
        )
        before = Booking.objects.values("state", "seats", "created_at", "customer", "reference")
        kept = list(before)
        assert booking.customer

        erased = commands.erase_customer(customer=booking.customer, now=LATER, actor=DESK)

        assert (erased.erased_at, erased.name, erased.email) == (LATER, "(erased)", "")
        assert list(before) == kept
        row = Booking.objects.get()
        assert (row.name, row.email, row.phone, row.notes) == ("(erased)", "", "", "")
        assert not Answer.objects.exists()
        assert not ManageLink.objects.exists()
        assert on_record("customer.erased") == [
            ("staff:Mia", {"customer": str(erased.public_id), "bookings": 1})
        ]

    def test_letters_that_wait_are_dropped_and_those_of_the_house_name_nobody(self) -> None:
        booking = make.booking(contact=make.contact(email="ann@example.org"))
        assert booking.customer

        commands.erase_customer(customer=booking.customer, now=LATER, actor=DESK)

        rows = Message.objects.order_by("pk")
        assert [(row.audience, row.state, row.key[:7]) for row in rows] == [
            ("customer", "dropped", "erased:"),
            ("staff", "dropped", "erased:"),
            ("business", "dropped", "erased:"),
        ]
        assert [bool(row.address) for row in rows] == [False, True, True]

    def test_in_a_group_the_others_keep_all_that_is_theirs(self) -> None:
        service = make.service(capacity=4)
        ann = make.booking(service, contact=make.contact(name="Ann Lee", email="ann@example.org"))
        bob = make.booking(service, contact=make.contact(name="Bob Ray", email="bob@example.org"))
        appointment = bob.appointment
        appointment.staff_notes = "ann lee sits beside Bob Ray; ask ANN@example.org."
        appointment.save(update_fields=["staff_notes"])
        commands.cancel_appointment(
            appointment=appointment, reason="Ann Lee and Bob Ray are ill", now=NOW, actor=DESK
        )
        assert ann.customer

        commands.erase_customer(customer=ann.customer, now=NOW, actor=DESK)

        appointment.refresh_from_db()
        bob.refresh_from_db()
        assert appointment.staff_notes == "(erased) sits beside Bob Ray; ask (erased)."
        assert bob.cancel_reason == "Ann Lee and Bob Ray are ill"
        cancelled = dict(on_record("appointment.cancelled"))["staff:Mia"]
        assert cancelled["reason"] == "(erased) and Bob Ray are ill"
        assert Message.objects.filter(address="bob@example.org", error="").count() == 2

    def test_bookings_under_an_old_address_go_too_but_not_those_of_its_new_owner(self) -> None:
        business = make.business()
        service = make.service(business)
        old = make.booking(service, contact=make.contact(email="old@example.org"))
        ann = old.customer
        assert ann
        change(ann, Customer.objects.get(), email="new@example.org")
        unlinked = make.booking(
            service, starts_at=at("11:00"), contact=make.contact(email="OLD@example.org")
        )
        Booking.objects.filter(pk=unlinked.pk).update(customer=None)
        Customer.objects.exclude(pk=ann.pk).delete()
        other = make.booking(
            service, starts_at=at("12:00"), contact=make.contact(email="bob@example.org")
        )

        commands.erase_customer(customer=ann, now=LATER, actor=DESK)

        emails = dict(Booking.objects.values_list("pk", "email"))
        assert emails == {old.pk: "", unlinked.pk: "", other.pk: "bob@example.org"}

    def test_an_address_that_is_anothers_by_now_stays_that_ones(self) -> None:
        service = make.service()
        first = make.booking(service, contact=make.contact(email="shared@example.org"))
        ann = first.customer
        assert ann
        change(ann, Customer.objects.get(), email="ann@example.org")
        second = make.booking(
            service, starts_at=at("11:00"), contact=make.contact(email="shared@example.org")
        )
        commands.send_my_bookings(business=service.business, email="shared@example.org", now=NOW)

        commands.erase_customer(customer=ann, now=LATER, actor=DESK)

        second.refresh_from_db()
        assert second.email == "shared@example.org"
        assert Message.objects.get(topic="mine").address == "shared@example.org"

    def test_the_person_may_come_again_as_somebody_new(self) -> None:
        service = make.service()
        booking = make.booking(service, contact=make.contact(email="ann@example.org"))
        assert booking.customer
        commands.erase_customer(customer=booking.customer, now=LATER, actor=DESK)

        again = make.booking(
            service,
            starts_at=LATER + timedelta(days=1),
            now=LATER,
            contact=make.contact(email="ann@example.org"),
        )

        assert again.customer_id != booking.customer_id

    def test_nobody_is_erased_twice(self) -> None:
        ann = customer(make.business())
        commands.erase_customer(customer=ann, now=NOW, actor=DESK)

        with pytest.raises(NotFound):
            commands.erase_customer(customer=ann, now=NOW, actor=DESK)

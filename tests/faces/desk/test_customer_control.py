"""What only admins do with customers: merge, take away as a file, erase."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from bookings import commands, outbox
from bookings.commands import Actor
from bookings.models import Booking, Customer, Event, Message
from tests import make
from tests.faces.desk.test_customer import address, customer, desk, state
from tests.make import NOW, at

pytestmark = pytest.mark.django_db
DESK = Actor("staff", "Mia")


@pytest.fixture
def ann() -> Customer:
    """Return a customer with a booking that is over."""
    booking = make.booking(
        contact=make.contact(name="Ann Lee", email="ann@example.org", phone="030 1234")
    )
    commands.cancel_booking(booking=booking, reason="rain", now=NOW)
    assert booking.customer
    return booking.customer


@pytest.fixture
def office(ann: Customer) -> Client:
    """Return a browser in which an admin of her business has signed in."""
    return desk(ann.business)


class TestMerging:
    def test_who_has_the_same_name_or_number_is_offered_and_others_are_found(
        self, ann: Customer, office: Client
    ) -> None:
        same = customer(ann.business, name="ann lee", email="", phone="")
        number = customer(ann.business, name="Annie", email="", phone="030 1234")
        other = customer(ann.business, name="Zoe", email="zoe@example.org", phone="")
        customer(make.business(), name="Ann Lee")

        def found(**query: str) -> set[Customer]:
            return set(office.get(address(ann, "merge/"), query).context["found"])

        assert found() == {same, number}
        assert found(q="zoe") == {other}
        assert found(q="ann@") == set()

    def test_both_are_shown_side_by_side_with_what_comes_of_it(
        self, ann: Customer, office: Client
    ) -> None:
        other = customer(ann.business, name="A. Lee", email="", phone="030 1234", notes="tea")

        page = office.get(address(ann, "merge/"), {"other": str(other.public_id)})

        assert [(row.label, row.outcome, row.is_lost) for row in page.context["compared"]] == [
            ("name", "Ann Lee", True),
            ("e-mail", "ann@example.org", False),
            ("phone", "030 1234", False),
            ("language", "English", False),
            ("notes", "tea", False),
        ]
        assert page.context["bookings"] == (1, 0, 1)
        assert f"{address(other, 'merge/')}?other={ann.public_id}" in page.content.decode()
        assert Customer.objects.count() == 2

    def test_a_post_merges_and_leads_to_the_one_that_is_left(
        self, ann: Customer, office: Client
    ) -> None:
        other = customer(ann.business, name="A. Lee", email="", notes="tea")

        answer = office.post(address(ann, "merge/"), {"other": str(other.public_id)}, follow=True)

        assert answer.redirect_chain == [(address(ann), 303)]
        assert "Both are one customer now." in answer.content.decode()
        assert "merged with a duplicate, 0 bookings moved" in answer.content.decode()
        assert Customer.objects.get().notes == "tea"
        assert office.get(address(other)).status_code == 404

    @pytest.mark.parametrize("which", ["own", "foreign", "unknown", "x"])
    def test_what_cannot_be_merged_changes_nothing(
        self, ann: Customer, office: Client, which: str
    ) -> None:
        foreign = customer()
        named = {"own": str(ann.public_id), "foreign": str(foreign.public_id), "x": "x"}
        before = (state(ann), state(foreign))

        answer = office.post(address(ann, "merge/"), {"other": named.get(which, str(uuid4()))})

        assert answer.status_code == (422 if which == "own" else 404)
        assert (state(ann), state(foreign)) == before
        if which == "own":
            assert "This is the same customer." in answer.content.decode()

    def test_merging_what_was_merged_meanwhile_finds_nobody(
        self, ann: Customer, office: Client
    ) -> None:
        other = customer(ann.business, name="A. Lee", email="")
        fields = {"other": str(other.public_id)}

        assert office.post(address(ann, "merge/"), fields).status_code == 303
        assert office.post(address(ann, "merge/"), fields).status_code == 404


class TestExport:
    def test_everything_about_one_is_in_the_file_and_nothing_of_the_others(self) -> None:
        service = make.service(name="Braids", capacity=4)
        question = make.question(service, text="Which colour?")
        ann = make.booking(
            service,
            contact=make.contact(name="Ann Lee", email="ann@example.org", notes="by bike"),
            answers={str(question.public_id): "blue"},
        )
        bob = make.booking(service, contact=make.contact(name="Bob Ray", email="bob@example.org"))
        appointment = bob.appointment
        commands.write_notes(appointment=appointment, text="Bob is late", now=NOW, actor=DESK)
        appointment.refresh_from_db()
        commands.cancel_appointment(appointment=appointment, reason="ill", now=NOW, actor=DESK)
        commands.send_my_bookings(business=service.business, email="ann@example.org", now=NOW)
        assert ann.customer
        office = desk(service.business)

        answer = office.post(address(ann.customer, "export/"))

        assert answer["Content-Type"] == "application/json; charset=utf-8"
        assert answer["Content-Disposition"] == (
            f'attachment; filename="customer-{ann.customer.public_id}.json"'
        )
        text = answer.content.decode()
        for word in ("Bob", "bob@", str(bob.public_id), bob.reference):
            assert word not in text
        told: dict[str, Any] = json.loads(text)
        assert list(told) == [
            *("format", "made_at", "business", "customer", "bookings", "events", "messages"),
            "feeds",
        ]
        assert told["customer"]["email"] == "ann@example.org"
        (booking,) = told["bookings"]
        assert (booking["reference"], booking["state"]) == (ann.reference, "cancelled")
        assert booking["answers"] == [{"question": "Which colour?", "answer": "blue"}]
        assert booking["appointment"]["service"] == "Braids"
        assert booking["appointment"]["starts_at"] == "2031-03-04T10:00:00+00:00"
        assert [event["kind"] for event in told["events"]] == [
            "booking.confirmed",
            "appointment.noted",
            "appointment.cancelled",
            "booking.cancelled",
            "customer.exported",
        ]
        cancelled = told["events"][2]["data"]
        assert cancelled == {"reason": "ill", "bookings": [str(ann.public_id)]}
        assert {(m["topic"], m["to"], m["address"], m["state"]) for m in told["messages"]} == {
            ("confirmed", "customer", "ann@example.org", "waiting"),
            ("confirmed", "staff", None, "waiting"),
            ("confirmed", "business", None, "waiting"),
            ("cancelled", "customer", "ann@example.org", "waiting"),
            ("mine", "customer", "ann@example.org", "waiting"),
        }
        assert Event.objects.get(kind="customer.exported").actor == "staff:Tom Hale"

    def test_what_programs_were_told_of_one_and_answered_is_in_the_file(self) -> None:
        service = make.service()
        make.subscription(service.business)
        booking = make.booking(service)
        Message.objects.exclude(outlet="webhook").delete()
        told = outbox.claim(now=NOW)
        assert told
        assert outbox.freeze(told, body="Ann comes")
        outbox.settle_sent(told, said=outbox.Exchange(answer="Ann? Fine."), now=NOW)
        assert booking.customer

        answer = desk(service.business).post(address(booking.customer, "export/"))

        (message,) = json.loads(answer.content)["messages"]
        assert (message["by"], message["to"], message["address"]) == ("webhook", "program", None)
        assert (message["body"], message["answers"]) == ("Ann comes", ["Ann? Fine."])

    def test_a_link_takes_nothing_away(self, ann: Customer, office: Client) -> None:
        assert office.get(address(ann, "export/")).status_code == 405
        assert not Event.objects.filter(kind="customer.exported").exists()


class TestErasing:
    def test_the_person_goes_when_somebody_is_sure(self, ann: Customer, office: Client) -> None:
        asked = office.get(address(ann, "erase/"))
        unsure = office.post(address(ann, "erase/"))
        assert "What was written in 1 booking" in asked.content.decode()
        assert (unsure.status_code, state(ann)["name"]) == (422, "Ann Lee")

        answer = office.post(address(ann, "erase/"), {"sure": "on"}, follow=True)

        assert answer.redirect_chain == [(f"/desk/{ann.business.slug}/customers/", 303)]
        said = answer.content.decode()
        assert "The customer is erased." in said
        assert "Ann Lee" not in said
        assert state(ann)["name"] == "(erased)"
        assert office.post(address(ann, "erase/"), {"sure": "on"}).status_code == 404

    def test_who_is_expected_is_shown_with_what_is_to_be_cancelled_first(
        self, ann: Customer, office: Client
    ) -> None:
        coming = make.booking(
            make.service(ann.business),
            starts_at=at("10:00", days=5),
            contact=make.contact(email="ann@example.org"),
        )

        asked = office.get(address(ann, "erase/"))
        refused = office.post(address(ann, "erase/"), {"sure": "on"})

        assert coming.reference in asked.content.decode()
        assert 'name="sure"' not in asked.content.decode()
        assert refused.status_code == 422
        assert "There are still coming bookings." in refused.content.decode()
        assert state(ann)["name"] == "Ann Lee"

    def test_notes_on_groups_are_shown_to_be_read(self, ann: Customer, office: Client) -> None:
        group = make.service(ann.business, capacity=3)
        booking = make.booking(group, contact=make.contact(email="ann@example.org"))
        commands.cancel_booking(booking=booking, now=NOW)
        Booking.objects.filter(pk=booking.pk).update(seats=1)
        commands.write_notes(
            appointment=booking.appointment, text="sat with Bob", now=NOW, actor=DESK
        )

        assert "sat with Bob" in office.get(address(ann, "erase/")).content.decode()

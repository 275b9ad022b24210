"""A new appointment for somebody who calls or walks in."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from bookings.models import Booking, Business, Customer, Event, Resource, Service
from tests import make
from tests.faces.desk.desking import Answer, as_, signed_in, text, to

pytestmark = pytest.mark.django_db
SUNDAY = "2031-03-09"


def typed(service: Service, **fields: Any) -> dict[str, Any]:
    """Return what the form sends: tomorrow at eleven for Anna unless told otherwise."""
    return {
        "service": service.public_id,
        "day": "2031-03-04",
        "time": "11:00",
        "name": "Anna Berg",
        "key": "one-form",
        **fields,
    }


def book(client: Client, service: Service, **fields: Any) -> Answer:
    """Fill the form in and press “Book”."""
    return client.post(to("new", service.business), typed(service, **fields))


def values(answer: Answer) -> dict[str, str]:
    """Return what stands in the fields of one line."""
    found = re.findall(r"<input [^>]*name=\"(\w+)\"[^>]*>", text(answer))
    tags = re.findall(r"<input [^>]*>", text(answer))
    shown = {}
    for name, tag in zip(found, (each for each in tags if "name=" in each), strict=False):
        if value := re.search(r'value="([^"]*)"', tag):
            shown[name] = value[1]
    return shown


def free(answer: Answer) -> list[str]:
    """Return the free times shown."""
    return re.findall(r'<button class="slot" id="start-[^"]*Z" [^>]*>(\d\d:\d\d)', text(answer))


def mine(studio: Business) -> tuple[Client, Resource]:
    """Return the browser of a team member, and who they are among the staff."""
    user = make.member(studio, "team_member", name="Ann")
    return signed_in(user), make.staff(studio, user=user, name="Ann")


@pytest.mark.parametrize("role", ["admin", "scheduler"])
def test_a_walk_in_needs_a_name_only(role: str) -> None:
    service = make.service()

    answer = book(as_(role, service.business), service)

    assert answer.status_code == 303
    assert answer["Location"] == f"{to('day', service.business)}?day=2031-03-04"
    booking = Booking.objects.get()
    assert (booking.name, booking.email, booking.state) == ("Anna Berg", "", "confirmed")
    assert f"{booking.appointment.starts_at:%d %H:%M}" == "04 11:00"
    assert Event.objects.get().actor == f"staff:The {role}"


def test_the_form_is_filled_in_by_its_address() -> None:
    studio = make.business(zone="Europe/Berlin")
    ann, ben = make.staff(studio, name="Ann"), make.staff(studio, name="Ben")
    make.service(studio, by=[ann], name="Cut", position=1)
    colour = make.service(studio, by=[ann, ben], name="Colour", position=2)
    anna = Customer.objects.create(business=studio, name="Anna Berg", phone="030 901820")

    page = as_("admin", studio).get(
        to("new", studio),
        {"day": "2031-03-05", "time": "10:30", "staff": ben.public_id, "customer": anna.public_id},
    )

    shown = values(page)
    assert (shown["day"], shown["time"]) == ("2031-03-05", "10:30")
    assert (shown["name"], shown["phone"]) == ("Anna Berg", "030 901820")
    assert shown["known"] == str(anna.public_id)
    assert f'<option value="{colour.public_id}" selected>Colour' in text(page)
    assert f'<option value="{ben.public_id}" selected>Ben' in text(page)
    assert free(page)[:2] == ["09:00", "09:30"]
    assert 'id="start-2031-03-05T09:30Z" name="start"' in text(page)
    assert re.search(r'value="2031-03-05T09:30Z" formnovalidate aria-pressed="true"', text(page))


@pytest.mark.parametrize("services", [1, 12])
def test_the_form_costs_the_same_whatever_is_offered(
    services: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    studio = make.business()
    people = [make.staff(studio) for _ in range(services)]
    for _ in range(services):
        make.service(studio, by=people)
    client, address = as_("admin", studio), to("new", studio)
    given = {"day": "2031-03-05", "staff": people[-1].public_id}
    client.get(address, given)

    with django_assert_num_queries(9):
        client.get(address, given)


def test_a_day_without_a_free_time_leads_to_the_next_ones() -> None:
    service = make.service()
    service.business.hours.filter(weekday=6).delete()

    page = text(as_("admin", service.business).get(to("new", service.business), {"day": SUNDAY}))

    assert "Nothing is free on this day." in page
    assert "These times are free:" in page
    assert re.search(r'id="start-2031-03-(08|10)T[^"]*-near"', page)


def test_looking_fills_in_and_keeps_what_was_typed() -> None:
    service = make.service()
    other = make.service(service.business)
    question = make.question(other, text="Allergies?")
    client = as_("admin", service.business)

    page = book(client, other, look="1", notes="Rings twice", email="not yet finished@")
    picked = book(client, service, start="2031-03-05T14:00Z")

    assert page.status_code == 200
    assert "Allergies?" in text(page)
    assert "Rings twice</textarea>" in text(page)
    assert values(page)["email"] == "not yet finished@"
    assert str(question.public_id) in text(page)
    assert (values(picked)["day"], values(picked)["time"]) == ("2031-03-05", "14:00")
    assert not Booking.objects.exists()


def test_a_known_customer_is_looked_for_chosen_and_booked() -> None:
    service = make.service()
    anna = Customer.objects.create(
        business=service.business, name="Anna Berg", phone="030 901820", language="de"
    )
    client = as_("scheduler", service.business)

    looked = book(client, service, name="berg", find="1")
    assert f'name="customer" value="{anna.public_id}"' in text(looked)
    chosen = book(client, service, name="berg", customer=anna.public_id)
    assert values(chosen)["name"] == "Anna Berg"
    book(client, service, **{name: values(chosen)[name] for name in ("name", "phone", "known")})

    booking = Booking.objects.get()
    assert (booking.customer, booking.phone, booking.language) == (anna, "030 901820", "de")
    assert Customer.objects.count() == 1


def test_a_chosen_customer_whose_name_is_typed_over_is_somebody_else() -> None:
    service = make.service()
    anna = Customer.objects.create(business=service.business, name="Anna Berg")

    book(as_("admin", service.business), service, name="Ben Adler", known=anna.public_id)

    assert Booking.objects.get().customer != anna


def test_pressed_twice_it_is_booked_once_and_changed_it_is_another() -> None:
    service = make.service(capacity=4)
    client = as_("scheduler", service.business)

    for _ in range(2):
        assert book(client, service).status_code == 303
    assert Booking.objects.count() == 1
    book(client, service, name="Ben Adler")

    assert sorted(Booking.objects.values_list("name", flat=True)) == ["Anna Berg", "Ben Adler"]


def test_who_was_faster_leaves_the_nearest_times_and_what_was_typed() -> None:
    service = make.service()
    make.booking(service, starts_at=make.at("11:00"))

    answer = book(
        as_("scheduler", service.business), service, notes="Rings twice", staff_notes="Regular"
    )

    assert answer.status_code == 409
    page = text(answer)
    assert "Someone else has just taken this time." in page
    near = re.findall(r'-near" name="start" value="2031-03-04T(\d\d:\d\d)Z"', page)
    assert near == ["10:00", "10:30", "11:30", "12:00"]
    assert "Rings twice</textarea>" in page
    assert "Regular</textarea>" in page
    assert values(answer)["name"] == "Anna Berg"


@pytest.mark.parametrize(
    ("time", "sentence"),
    [
        ("07:30", "This time is outside the opening hours."),
        ("11:10", "Appointments do not start at this minute."),
    ],
)
def test_why_a_time_is_not_offered_is_said_before_anything_is_sent(
    time: str, sentence: str
) -> None:
    service = make.service()

    page = book(as_("scheduler", service.business), service, time=time, look="1")

    assert page.status_code == 200
    assert sentence in text(page)
    assert 'name="anyway"' not in text(page)


def test_an_admin_books_anyway_for_a_reason_that_is_written_down() -> None:
    service = make.service(make.business(minimum_lead=timedelta(days=3)))
    client = as_("admin", service.business)

    page = book(client, service, time="20:00", look="1")
    assert 'name="anyway"' in text(page)
    unexplained = book(client, service, time="20:00", anyway="on")
    assert unexplained.status_code == 422
    assert "Please say why the rules do not count this time." in text(unexplained)
    assert not Booking.objects.exists()
    done = book(client, service, time="20:00", anyway="on", because="An old friend")

    assert done.status_code == 303
    assert Event.objects.get().data == {
        "overrides": ["hours", "lead"],
        "because": "An old friend",
    }


def test_nobody_books_over_somebody_and_only_admins_over_rules() -> None:
    service = make.service()
    make.booking(service, starts_at=make.at("11:00"))
    anyway = {"anyway": "on", "because": "I want to"}

    taken = book(as_("admin", service.business), service, **anyway)
    closed = book(as_("scheduler", service.business), service, time="20:00", **anyway)

    assert (taken.status_code, closed.status_code) == (409, 422)
    assert 'name="anyway"' not in text(taken)
    assert Booking.objects.count() == 1


def test_a_team_member_books_for_themselves_only() -> None:
    studio = make.business()
    client, ann = mine(studio)
    ben = make.staff(studio, name="Ben")
    both, bens = make.service(studio, by=[ann, ben]), make.service(studio, by=[ben])
    make.booking(both, staff=ann, starts_at=make.at("12:00"))

    page = client.get(to("new", studio))
    assert "Ben" not in text(page)
    assert bens.name not in text(page)
    assert book(client, both, staff=ben.public_id).status_code == 403
    assert book(client, bens).status_code == 404
    assert book(client, both, time="12:00").status_code == 409
    assert book(client, both).status_code == 303

    assert list(Booking.objects.latest("pk").appointment.resources.all()) == [ann]
    assert Booking.objects.count() == 2


@pytest.mark.parametrize("stopped", [{"is_active": False}, {"acceptance": "pending"}])
def test_a_team_member_who_takes_no_bookings_makes_none_for_others(stopped: dict[str, Any]) -> None:
    studio = make.business()
    client, ann = mine(studio)
    service = make.service(studio, by=[ann, make.staff(studio, name="Ben")])
    Resource.objects.filter(pk=ann.pk).update(**stopped)

    assert "Nothing to book yet" in text(client.get(to("new", studio)))
    assert "Nothing to book yet" in text(book(client, service))
    assert not Booking.objects.exists()


def test_a_team_member_finds_their_own_customers_only() -> None:
    studio = make.business()
    client, ann = mine(studio)
    service = make.service(studio, by=[ann])
    known = make.booking(service).customer
    stranger = Customer.objects.create(business=studio, name="Strange Person")

    assert known is not None
    assert book(client, service, customer=known.public_id).status_code == 200
    assert "Strange" not in text(book(client, service, name="strange", find="1"))
    assert book(client, service, customer=stranger.public_id).status_code == 404
    assert book(client, service, known=stranger.public_id).status_code == 404


def test_who_serves_nothing_is_told_so() -> None:
    studio = make.business()
    make.service(studio)
    client = as_("team_member", studio)

    assert "Nothing to book yet" in text(client.get(to("new", studio)))
    assert client.post(to("new", studio), {}).status_code == 200
    assert not Booking.objects.exists()


def test_who_may_not_book_at_all(client: Client) -> None:
    service, elsewhere = make.service(), make.service()

    assert book(client, service).status_code == 302
    assert book(as_("viewer", service.business), service).status_code == 403
    assert book(as_("guest", service.business), service).status_code == 403
    assert book(as_("admin", elsewhere.business), service).status_code == 404
    assert not Booking.objects.exists()


def test_ids_of_another_business_lead_nowhere() -> None:
    service, elsewhere = make.service(), make.service()
    client = as_("admin", service.business)
    foreign = make.booking(elsewhere)
    assert foreign.customer is not None
    theirs = foreign.appointment.resources.get()

    for fields in (
        {"service": elsewhere.public_id},
        {"service": "7"},
        {"staff": theirs.public_id},
        {"staff": uuid.uuid4()},
        {"staff": "x\x00"},
        {"customer": foreign.customer.public_id},
        {"known": foreign.customer.public_id},
        {"known": "' or 1=1"},
    ):
        answer = client.post(to("new", service.business), typed(service) | fields)
        assert answer.status_code == 404, fields
        assert foreign.name not in text(answer)
    assert Booking.objects.count() == 1


def test_somebody_who_does_not_serve_it_is_not_booked_silently_as_anyone() -> None:
    service = make.service()
    other = make.staff(service.business)

    answer = book(as_("admin", service.business), service, staff=other.public_id)

    assert answer.status_code == 422
    assert "This person does not offer this service." in text(answer)
    assert not Booking.objects.exists()


def test_what_is_wrong_stands_beside_its_field() -> None:
    service = make.service()
    make.question(service, required=True, text="First visit?", kind="yes_no")

    answer = book(
        as_("scheduler", service.business),
        service,
        name=" \x00 ",
        email="nonsense",
        phone="call me",
    )

    assert answer.status_code == 422
    for sentence in (
        "Please give a name.",
        "This does not look like an e-mail address.",
        "This does not look like a phone number.",
        "Please answer this question.",
    ):
        assert sentence in text(answer), sentence
    assert not Booking.objects.exists()


def test_fields_that_the_form_does_not_have_decide_nothing() -> None:
    service = make.service(price_kind="fixed", price=48, needs_approval=True)
    other = make.business()

    book(
        as_("scheduler", service.business),
        service,
        state="held",
        price="0",
        capacity="99",
        business=other.pk,
        reference="AAAAA-AAAAA",
        actor="customer",
        overrides="hours",
        ends_at="2031-03-04T23:00Z",
    )

    booking = Booking.objects.select_related("appointment").get()
    appointment = booking.appointment
    assert (booking.state, appointment.price, appointment.capacity) == ("confirmed", 48, 1)
    assert (booking.business, f"{appointment.ends_at:%H:%M}") == (service.business, "11:30")
    assert booking.reference != "AAAAA-AAAAA"
    assert Event.objects.get().actor == "staff:The scheduler"


def test_impossible_days_and_times_are_refused() -> None:
    service = make.service()
    client = as_("admin", service.business)

    for fields in (
        {"day": "2031-02-30"},
        {"day": ""},
        {"time": ""},
        {"time": "25:00"},
        {"day": "9999-12-31"},
        {"start": "nonsense", "time": "99"},
    ):
        answer = book(client, service, **fields)
        assert answer.status_code in (200, 422), fields
        assert "Please give a" in text(answer) or "start" in fields
    assert not Booking.objects.exists()


def test_an_hour_that_comes_twice_is_asked_about() -> None:
    berlin = make.business(
        hours="00:00-23:30", zone="Europe/Berlin", maximum_advance=timedelta(days=366)
    )
    service = make.service(berlin)
    client = as_("admin", berlin)
    then = {"day": "2031-10-26", "time": "02:30"}

    asked = book(client, service, **then)
    assert asked.status_code == 422
    assert "02:30 (UTC+2)" in text(asked)
    assert "02:30 (UTC+1)" in text(asked)
    book(client, service, **then, fold="1")

    assert f"{Booking.objects.get().appointment.starts_at:%H:%M}" == "01:30"


def test_in_a_group_the_places_left_are_shown_and_a_party_joins() -> None:
    service = make.service(capacity=5)
    make.booking(service, starts_at=make.at("11:00"), seats=2)
    client = as_("scheduler", service.business)

    page = text(book(client, service, look="1"))
    assert "11:00<small>3 of 5 places left</small>" in page
    assert book(client, service, seats="4").status_code == 409
    book(client, service, seats="3", staff_notes="With pram")

    first, second = Booking.objects.order_by("pk")
    assert first.appointment == second.appointment
    assert second.seats == 3
    assert second.appointment.staff_notes == "With pram"


def test_internal_notes_join_those_of_the_group_once() -> None:
    service = make.service(capacity=5)
    client = as_("scheduler", service.business)

    book(client, service, staff_notes="First")
    for _ in range(2):
        book(client, service, name="Ben Adler", staff_notes="Second")

    assert Booking.objects.latest("pk").appointment.staff_notes == "First\nSecond"


def test_internal_notes_that_are_too_long_together_book_nothing() -> None:
    service = make.service(capacity=5)
    client = as_("scheduler", service.business)

    book(client, service, staff_notes="a" * 3999)
    refused = book(client, service, name="Ben Adler", staff_notes="b")

    assert refused.status_code == 422
    assert "These notes are too long" in text(refused)
    assert Booking.objects.count() == 1


def test_somebody_is_added_to_a_group() -> None:
    service = make.service(capacity=3)
    make.question(service, text="Mat or chair?")
    appointment = make.booking(service).appointment
    client, address = as_("scheduler", service.business), to("add_attendee", appointment)

    assert "2 places left" in text(client.get(address))
    assert client.post(address, {"name": ""}).status_code == 422
    full = client.post(address, {"name": "Anna Berg", "seats": "3"})
    assert full.status_code == 409
    assert "There are not enough places left at this time." in text(full)
    done = client.post(address, {"name": "Anna Berg", "seats": "2"})

    assert done["Location"] == to("appointment", appointment)
    appointment.refresh_from_db()
    assert appointment.seats_taken == 3


def test_whoever_may_not_adds_nobody(client: Client) -> None:
    appointment = make.booking(make.service(capacity=3)).appointment
    address, who = to("add_attendee", appointment), {"name": "Anna Berg"}

    assert client.post(address, who).status_code == 302
    assert as_("viewer", appointment.business).post(address, who).status_code == 403
    assert as_("team_member", appointment.business).post(address, who).status_code == 404
    assert as_("admin", make.business()).post(address, who).status_code == 404
    assert Booking.objects.count() == 1

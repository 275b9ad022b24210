"""The pages behind a manage link, and “my bookings”."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from icalendar import Calendar
from pytest_django import DjangoAssertNumQueries

from bookings.models import Booking, Message
from tests import make
from tests.faces.site.visiting import booked, text, value

pytestmark = pytest.mark.django_db


def test_the_manage_page_says_when_where_with_whom_and_until_when(client: Client) -> None:
    studio = make.business(zone="Europe/Berlin", address="1 High Street")
    mei = make.staff(studio, name="Mei Lin")
    service = make.service(studio, by=[mei, make.room(studio, name="Quiet room")], name="Cut")

    page = text(client.get(booked(client, service, make.at("10:00"))))

    assert "Tuesday 4 March 2031" in page
    assert "11:00 – 11:30" in page
    assert "Berlin time (UTC+1)" in page
    assert "Mei Lin" in page
    assert "Quiet room · 1 High Street" in page
    assert "You can move or cancel it here until Tuesday 4 March, 09:00." in page


def test_the_manage_page_repeats_what_was_told(client: Client) -> None:
    service = make.service()
    first = make.question(service, kind="yes_no", text="First visit?")
    drinks = make.question(service, kind="several_choices", text="Drinks?", choices="Tea\nWater")

    manage = booked(
        client,
        service,
        make.at("10:00"),
        notes="Short, please",
        **{str(first.public_id): "no", str(drinks.public_id): ["Tea", "Water"]},
    )
    page = client.get(manage).content.decode()
    told = re.findall(r"<dt[^>]*>([^<]+)</dt><dd class=\"pre\">([^<]+)</dd>", page)

    assert told == [("First visit?", "No"), ("Drinks?", "Tea\nWater"), ("Notes", "Short, please")]


def test_private_pages_are_neither_kept_nor_indexed_nor_told_about(client: Client) -> None:
    manage = booked(client, make.service(), make.at("10:00"))

    for address in (manage, f"{manage}move/", f"{manage}cancel/", f"{manage}appointment.ics"):
        answer = client.get(address)
        assert "no-store" in answer["Cache-Control"], address
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert answer["Referrer-Policy"] == "same-origin"


def test_the_calendar_file_and_links_say_the_same(client: Client) -> None:
    manage = booked(client, make.service(name="Cut"), make.at("10:00"))

    page = text(client.get(manage))
    file = client.get(f"{manage}appointment.ics")
    [event] = Calendar.from_ical(file.content).walk("VEVENT")

    assert file["Content-Type"].startswith("text/calendar")
    assert event["DTSTART"].dt == make.at("10:00")
    assert event["UID"] == str(Booking.objects.get().public_id)
    assert "dates=20310304T100000Z%2F20310304T103000Z" in page
    assert "outlook.live.com" in page


def test_moving_keeps_booking_and_link(client: Client) -> None:
    service = make.service()
    manage = booked(client, service, make.at("10:00"))

    page = text(client.get(f"{manage}move/", {"day": "2031-03-04"}))
    moved = client.post(f"{manage}move/", {"start": value(make.at("10:30"))})

    assert value(make.at("10:00")) in page, "one's own time does not stand in the way"
    assert (moved.status_code, moved["Location"]) == (303, f"{manage}?done=moved")
    assert "Your appointment is moved" in text(client.get(moved["Location"]))
    assert Booking.objects.get().appointment.starts_at == make.at("10:30")


def test_moving_to_another_person(client: Client) -> None:
    studio = make.business()
    mei, jonas = make.staff(studio, name="Mei"), make.staff(studio, name="Jonas")
    manage = booked(client, make.service(studio, by=[mei, jonas]), make.at("10:00"))

    client.post(f"{manage}move/", {"start": value(make.at("10:00")), "staff": str(jonas.public_id)})

    assert list(Booking.objects.get().appointment.resources.all()) == [jonas]


def test_losing_a_race_while_moving_keeps_the_old_time(client: Client) -> None:
    service = make.service()
    manage = booked(client, service, make.at("10:00"))
    make.booking(service, starts_at=make.at("11:00"))

    lost = client.post(f"{manage}move/", {"start": value(make.at("11:00"))})

    assert lost.status_code == 409
    assert "Someone else has just taken this time." in text(lost)
    assert value(make.at("11:30")) in text(lost)
    assert Booking.objects.order_by("pk")[0].appointment.starts_at == make.at("10:00")


def test_cancelling_with_a_reason_says_so_and_frees_the_time(client: Client) -> None:
    service = make.service()
    manage = booked(client, service, make.at("10:00"))

    assert "Cancel this appointment?" in text(client.get(f"{manage}cancel/"))
    done = client.post(f"{manage}cancel/", {"reason": "A cold\r\nand a cough"})
    again = client.post(f"{manage}cancel/", {"reason": "Twice"})

    assert (done.status_code, done["Location"]) == (303, f"{manage}?done=cancelled")
    assert again["Location"] == done["Location"]
    assert "Your appointment is cancelled" in text(client.get(manage))
    cancelled = Booking.objects.get()
    assert (cancelled.state, cancelled.cancel_reason) == ("cancelled", "A cold and a cough")
    make.booking(service, starts_at=make.at("10:00"))


def test_too_late_is_said_beforehand_with_a_way_to_reach_the_business(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = make.business(phone="+49 30 1234")
    manage = booked(client, make.service(studio), make.at("10:00"))
    monkeypatch.setattr(timezone, "now", lambda: make.at("09:00"))

    for address in (manage, f"{manage}move/", f"{manage}cancel/"):
        page = text(client.get(address))
        assert "could be moved or cancelled here until Tuesday 4 March, 08:00" in page
        assert 'href="tel:+49301234"' in page
        assert f'href="mailto:{studio.mailbox}"' in page
        assert "Move to another time" not in page
    for action, fields in (("move", {"start": value(make.at("12:00"))}), ("cancel", {})):
        late = client.post(f"{manage}{action}/", fields)
        assert late.status_code == 422
        assert "It is too late to change this booking online." in text(late)
    assert Booking.objects.get().state == "confirmed"


def test_a_past_appointment_can_still_be_seen(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make.service(confirmation_note="Please come five minutes early.")
    manage = booked(client, service, make.at("10:00"))
    assert "five minutes early" in text(client.get(manage))
    monkeypatch.setattr(timezone, "now", lambda: make.at("12:00"))

    page = text(client.get(manage))

    assert "Your appointment is over" in page
    assert "five minutes early" not in page
    assert "Add it to your calendar" not in page


def test_a_guest_of_a_group_cannot_change_the_size_of_the_party_while_moving(
    client: Client,
) -> None:
    service = make.service(capacity=8)
    manage = booked(client, service, make.at("10:00"))

    page = text(client.get(f"{manage}move/", {"party": "7"}))

    assert "How many people?" not in page
    assert "8 of 8 places left" in page


def test_my_bookings_answers_the_same_whether_the_address_is_known_or_not(
    client: Client,
) -> None:
    service = make.service()
    make.booking(service, contact=make.contact(email="known@example.org"))
    Message.objects.all().delete()
    address = f"/b/{service.business.slug}/my/bookings/"

    known = client.post(address, {"email": "known@example.org"})
    unknown = client.post(address, {"email": "other@example.org"})

    assert known.status_code == unknown.status_code == 200
    assert text(known).replace("known@", "other@") == text(unknown)
    assert [(each.address, each.topic) for each in Message.objects.all()] == [
        ("known@example.org", "mine")
    ]


@pytest.mark.parametrize(
    "email", ["", "anna", "a@b@c", "x" * 1_000_000, "a@b.org\x00\nBcc: c@d.org"]
)
def test_my_bookings_refuses_what_is_no_address(client: Client, email: str) -> None:
    answer = client.post(f"/b/{make.business().slug}/my/bookings/", {"email": email})

    assert answer.status_code == 422
    assert re.search("Please give your e-mail|does not look like an e-mail", text(answer))


def test_what_is_unknown_hidden_or_unpublished_is_the_same_not_found(client: Client) -> None:
    closed, hidden = make.business(is_published=False), make.service(is_hidden=True)
    open_ = make.service()
    studio = open_.business.slug

    answers = [
        client.get(address)
        for address in (
            "/b/nobody/",
            f"/b/{closed.slug}/",
            f"/b/{closed.slug}/my/bookings/",
            f"/theme/{closed.slug}.css",
            f"/b/{hidden.business.slug}/{hidden.slug}/",
            f"/b/{studio}/nothing/",
            f"/b/{studio}/hold/{'x' * 43}/",
            f"/m/{'x' * 43}/",
            f"/m/{'x' * 5000}/",
            "/m/%00/",
            f"/m/{'x' * 43}/cancel/",
            "/nowhere",
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert "There is nothing at this address" in text(answers[0])


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused_with_a_page(client: Client, method: str) -> None:
    service = make.service()
    manage = booked(client, service, make.at("10:00"))
    studio = service.business.slug

    for address, allowed in (
        (f"/b/{studio}/", "GET, HEAD"),
        (f"/b/{studio}/{service.slug}/", "GET, POST, HEAD"),
        (f"/b/{studio}/my/bookings/", "GET, POST, HEAD"),
        (manage, "GET, HEAD"),
        (f"{manage}cancel/", "GET, POST, HEAD"),
    ):
        refused = getattr(client, method)(address)
        assert (refused.status_code, refused["Allow"]) == (405, allowed)
        assert "This address does not work that way" in text(refused)
    assert client.post(manage).status_code == 405
    assert Booking.objects.get().state == "confirmed"


@pytest.mark.parametrize("guests", [1, 30])
def test_the_manage_page_costs_a_constant_number_of_queries(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries, guests: int
) -> None:
    service = make.service(capacity=40)
    manage = booked(client, service, make.at("10:00"))
    for _ in range(guests):
        make.booking(service, starts_at=make.at("10:00"))

    with django_assert_num_queries(4):
        client.get(manage)


def test_a_link_ends_thirty_days_after_the_appointment(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    manage = booked(client, make.service(), make.at("10:00"))
    monkeypatch.setattr(timezone, "now", lambda: make.at("11:00") + timedelta(days=30))

    assert client.get(manage).status_code == 404


def test_a_service_may_have_any_name_without_hiding_another_page(client: Client) -> None:
    service = make.service(slug="mine", name="A gold mine")

    answer = client.get(f"/b/{service.business.slug}/mine/")

    assert (answer.status_code, "A gold mine" in answer.content.decode()) == (200, True)

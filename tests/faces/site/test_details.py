"""Holding a time, saying who comes, and booking."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bookings.models import Answer, Booking, Service
from tests import make
from tests.faces.site.visiting import book, booked, held, hold, service_url, text, value

pytestmark = pytest.mark.django_db


def confirmed() -> list[Booking]:
    return list(Booking.objects.filter(state="confirmed"))


def later(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    monkeypatch.setattr(timezone, "now", lambda: make.NOW + by)


def test_a_visitor_books_in_three_steps(client: Client) -> None:
    service = make.service(make.business(zone="Europe/Berlin"), name="Cut")

    details = held(client, service, make.at("10:00"))
    page = text(client.get(details))
    done = book(client, details, notes="Short, please")

    assert "This time is held for you until 08:05." in page
    assert "Book Tuesday 4 March, 11:00" in page
    assert done.status_code == 303
    [made] = confirmed()
    assert (made.name, made.email, made.notes) == ("Anna Berg", "anna@example.org", "Short, please")
    assert (made.appointment.starts_at, made.zone) == (make.at("10:00"), "Europe/Berlin")
    shown = text(client.get(done["Location"]))
    assert "You are booked, Anna Berg" in shown
    assert made.reference in shown


def test_looking_never_changes_anything(client: Client) -> None:
    service = make.service()
    details = held(client, service, make.at("10:00"))
    manage = booked(client, service, make.at("11:00"))
    before = list(Booking.objects.order_by("pk").values())

    for address in (
        service_url(service),
        details,
        manage,
        f"{manage}move/",
        f"{manage}cancel/",
        f"{manage}appointment.ics",
    ):
        assert client.get(address).status_code == 200, address
        assert client.head(address).status_code == 200, address

    assert list(Booking.objects.order_by("pk").values()) == before


def test_sending_twice_books_once_and_answers_the_same(client: Client) -> None:
    details = held(client, make.service(), make.at("10:00"))

    first, second = book(client, details), book(client, details)

    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert len(confirmed()) == 1


def test_the_details_page_of_a_booked_time_says_so(client: Client) -> None:
    details = held(client, make.service(), make.at("10:00"))
    book(client, details)

    assert "You have booked this already" in text(client.get(details))


def test_choosing_another_time_gives_the_first_one_back(client: Client) -> None:
    service = make.service()
    held(client, service, make.at("10:00"))

    page = text(client.get(service_url(service), {"day": "2031-03-04"}))
    assert value(make.at("10:00")) in page, "one's own hold does not count"
    assert "You are holding Tuesday 4 March, 10:00." in page

    held(client, service, make.at("11:00"))
    [own] = Booking.objects.filter(state="held")
    assert own.appointment.starts_at == make.at("11:00")


@pytest.mark.parametrize("rival", ["booked", "holds"])
def test_losing_a_race_is_told_plainly_with_the_three_nearest_times(
    client: Client, rival: str
) -> None:
    service = make.service()
    if rival == "booked":
        make.booking(service, starts_at=make.at("10:00"))
    else:
        held(Client(), service, make.at("10:00"))

    lost = hold(client, service, make.at("10:00"))
    page = text(lost)
    offered = re.findall(r'value="([^"]+)"', page.split("These times are free")[1])[:3]

    assert lost.status_code == 409
    assert "Someone else has just taken this time." in page
    assert offered == [value(make.at(clock)) for clock in ("09:00", "09:30", "10:30")]
    assert hold(client, service, make.at("10:30")).status_code == 303


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("", "Appointments do not start at this minute."),
        ("soon", "Appointments do not start at this minute."),
        ("2031-03-04T10:00", "Appointments do not start at this minute."),
        ("0001-01-01T00:00Z", "Appointments do not start at this minute."),
        ("9999-12-31T23:59+00:00", "Appointments do not start at this minute."),
        ("2031-03-04T10:07Z", "Appointments do not start at this minute."),
        ("2031-03-02T10:00Z", "This time has already passed."),
        ("2031-03-03T09:00Z", "This time is too soon to be booked."),
        ("2031-09-04T10:00Z", "This time is too far in the future to be booked yet."),
        ("2031-03-04T20:00Z", "This time is outside the opening hours."),
    ],
)
def test_a_start_that_cannot_be_is_refused_in_words(
    client: Client, start: str, sentence: str
) -> None:
    service = make.service(minimum_lead=timedelta(hours=4))

    answer = client.post(service_url(service), {"start": start})

    assert answer.status_code == 422
    assert sentence in text(answer)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("party", ["9", "99999"])
def test_a_party_larger_than_the_places_is_refused(client: Client, party: str) -> None:
    service = make.service(capacity=8)

    answer = hold(client, service, make.at("10:00"), party=party)

    assert answer.status_code == 422
    assert "This service takes at most 8 people at a time." in text(answer)


def test_a_party_larger_than_the_places_left_is_refused_with_alternatives(client: Client) -> None:
    service = make.service(capacity=8)
    make.booking(service, starts_at=make.at("10:00"), seats=6)

    answer = hold(client, service, make.at("10:00"), party="3")

    assert answer.status_code == 409
    assert "There are not enough places left at this time." in text(answer)
    assert value(make.at("10:30")) in text(answer)


KINDS: dict[str, tuple[str, str, str, str]] = {
    "short_text": ("", "Tea", "x" * 301, "This answer is too long."),
    "long_text": ("", "One\nTwo", "x" * 4001, "This answer is too long."),
    "number": ("", "2.5", "many", "Please give a number."),
    "date": ("", "2031-04-01", "2031-02-30", "Please give a date."),
    "yes_no": ("", "no", "perhaps", "Please answer yes or no."),
    "one_choice": ("Red\nBlue", "Blue", "Green", "Please choose one of the answers listed."),
    "several_choices": ("Red\nBlue", "Blue", "Green", "Please choose among the answers listed."),
    "phone": ("", "+49 30 123456", "call me", "This does not look like a phone number."),
    "email": ("", "a@example.org", "a@", "This does not look like an e-mail address."),
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_question_of_every_kind_is_asked_answered_and_checked(client: Client, kind: str) -> None:
    choices, good, bad, sentence = KINDS[kind]
    service = make.service()
    asked = make.question(service, kind=kind, choices=choices, text="Which?", required=True)
    details, name = held(client, service, make.at("10:00")), str(asked.public_id)

    assert "Which?" in text(client.get(details))
    for typed, said in (("", "Please answer this question."), (bad, sentence)):
        refused = book(client, details, **{name: typed})
        assert refused.status_code == 422
        assert said in text(refused)
        assert 'value="anna@example.org"' in text(refused), "what was typed is kept"
    assert confirmed() == []

    assert book(client, details, **{name: good}).status_code == 303
    assert Answer.objects.get().value == good


def test_questions_that_may_stay_empty_say_so(client: Client) -> None:
    service = make.service()
    make.question(service, text="Tea?")
    make.question(service, text="Name of the cat?", required=True)

    page = text(client.get(held(client, service, make.at("10:00"))))

    assert re.search(r"Tea\? <span class=\"optional\">", page)
    assert not re.search(r"Name of the cat\? <span", page)


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "Please give a name."),
        ("name", " \x00\u202e ", "Please give a name."),
        ("name", "x" * 201, "This name is too long: 200 characters at most."),
        ("name", "x" * 1_000_000, "This name is too long: 200 characters at most."),
        ("email", "", "Please give your e-mail address."),
        ("email", "anna", "This does not look like an e-mail address."),
        ("email", "a@b@c.org", "This does not look like an e-mail address."),
        ("phone", "call me", "This does not look like a phone number."),
        ("phone", "+1 2", "This does not look like a phone number."),
        ("notes", "x" * 1_000_000, "These notes are too long: 4000 characters at most."),
    ],
)
def test_details_that_cannot_be_are_refused_beside_their_field(
    client: Client, field: str, typed: str, sentence: str
) -> None:
    details = held(client, make.service(), make.at("10:00"))

    refused = book(client, details, **{"notes": "Keep me", field: typed})
    page = text(refused)

    assert refused.status_code == 422
    assert re.search(rf'id="id_{field}_error">.*?{re.escape(sentence)}', page)
    assert f'href="#id_{field}"' in page
    assert "Keep me" in page or field == "notes"
    assert confirmed() == []
    assert Booking.objects.get().state == "held", "the time stays held"


def test_all_that_is_wrong_is_said_at_once(client: Client) -> None:
    service = make.service()
    make.question(service, required=True)

    page = text(book(client, held(client, service, make.at("10:00")), name="", email="x"))

    assert page.count('class="error"') == 3


@pytest.mark.parametrize(
    "name", ["<script>alert(1)</script>", "{{ 7*7 }}", "=1+1", "Anna\r\nBcc: x@example.org"]
)
def test_hostile_names_come_out_harmless(client: Client, name: str) -> None:
    manage = booked(client, make.service(), make.at("10:00"), name=name)

    page = text(client.get(manage))
    file = client.get(f"{manage}appointment.ics").content.decode()

    assert "<script>alert" not in page
    assert "49" not in re.findall(r"It is confirmed, ([^<]*)<", page)[0]
    assert "\nBcc" not in file
    assert "\n" not in confirmed()[0].name


def test_control_and_direction_characters_leave_single_lines(client: Client) -> None:
    booked(
        client,
        make.service(),
        make.at("10:00"),
        name="An\u202ena\x07\n Berg",
        phone="+49 30\t1234567",
    )

    [made] = confirmed()
    assert (made.name, made.phone) == ("Anna Berg", "+49 30 1234567")


def test_an_ended_hold_keeps_what_was_typed_and_offers_the_nearest_times(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make.service()
    details = held(client, service, make.at("10:00"))
    later(monkeypatch, timedelta(minutes=5))
    make.booking(service, starts_at=make.at("10:00"), now=timezone.now())

    late = book(client, details, notes="All my words")
    page = text(late)

    assert late.status_code == 409
    assert "All my words" in page
    assert "the hold has ended" in page
    offered = re.findall(r'name="start" value="([^"]+)"', page)
    assert offered == [value(make.at(clock)) for clock in ("09:00", "09:30", "10:30")]

    again = client.post(details, {"name": "Anna", "notes": "All my words", "start": offered[2]})
    page = text(again)
    assert again.status_code == 200
    assert "All my words" in page
    assert "Book Tuesday 4 March, 10:30" in page
    address = re.findall(r'data-url="([^"]+)"', page)[0]
    assert book(client, address).status_code == 303
    assert {each.appointment.starts_at for each in confirmed()} == {
        make.at("10:00"),
        make.at("10:30"),
    }


def test_an_ended_hold_offers_its_own_time_while_it_is_free(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    details = held(client, make.service(), make.at("10:00"))
    later(monkeypatch, timedelta(minutes=6))

    page = text(client.get(details))

    assert "the hold has ended" in page
    assert (
        f'value="{value(make.at("10:00"))}" formnovalidate>Tue 4 Mar, 10:00<small>the same' in page
    )


def test_the_person_chosen_stays_chosen_when_the_hold_ends(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio = make.business(hours="10:00-11:00")
    mei, jonas = make.staff(studio), make.staff(studio)
    service = make.service(studio, by=[mei, jonas])
    details = held(client, service, make.at("10:00"), staff=str(mei.public_id))
    later(monkeypatch, timedelta(minutes=6))
    make.booking(service, starts_at=make.at("10:00"), staff=mei, now=timezone.now())

    page = text(client.get(details))

    assert value(make.at("10:00")) not in page
    assert value(make.at("10:30")) in page


def test_a_limit_of_open_bookings_is_said_above_the_form(client: Client) -> None:
    service = make.service(customer_open_limit=1)
    booked(client, service, make.at("10:00"))

    refused = book(client, held(client, service, make.at("11:00")))

    assert refused.status_code == 422
    assert "You already have the largest number of open bookings allowed." in text(refused)


def test_a_hold_of_another_business_is_not_found(client: Client) -> None:
    details = held(client, make.service(), make.at("10:00"))
    token = details.split("/hold/")[1]

    assert client.get(f"/b/{make.business().slug}/hold/{token}").status_code == 404


def test_a_form_without_its_cookie_gets_a_clear_page(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    service = make.service()

    refused = hold(strict, service, make.at("10:00"))

    assert refused.status_code == 403
    assert "This form has grown old" in text(refused)
    assert not Booking.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_the_details_page_costs_a_constant_number_of_queries(
    client: Client, django_assert_num_queries: Any, count: int
) -> None:
    service: Service = make.service()
    for _ in range(count):
        make.question(service)
    details = held(client, service, make.at("10:00"))

    with django_assert_num_queries(4):
        client.get(details)

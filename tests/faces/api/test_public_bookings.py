"""Holding, booking and waiting without a token: what the booking pages allow, and no more."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.models import Answer, Booking, Business, KeptAnswer, Service
from tests import make
from tests.faces.api.strangers import Stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business: Business) -> Service:
    return make.service(business, slug="cut", name="Cut")


def test_a_stranger_holds_and_books(stranger, service):
    held = stranger.hold(service, make.at("10:00"))

    assert held.status_code == 201
    assert (held.json()["state"], held.json()["expires_at"]) == ("held", "2031-03-03T07:05:00Z")
    assert stranger.get(held["Location"]).json() == held.json()
    assert "2031-03-04T10:00:00Z" not in stranger.starts("services/cut/")

    answer = stranger.book(held.json()["token"], notes="Short, please", time_zone="Asia/Tokyo")
    shown = answer.json()

    assert answer.status_code == 201
    booking = Booking.objects.get(state="confirmed")
    assert (shown["reference"], shown["state"]) == (booking.reference, "confirmed")
    assert shown["starts_at"] == "2031-03-04T19:00:00+09:00"
    assert shown["answers"] == [{"question": "Notes", "answer": "Short, please"}]
    assert str(booking.events.get().actor) == "customer"
    assert stranger.get(answer["Location"]).json() == shown
    assert stranger.client.get(shown["page"]).status_code == 200
    assert stranger.get(held["Location"]).json()["state"] == "booked"


def test_what_is_booked_waits_for_approval_where_the_service_says_so(stranger, business):
    service = make.service(business, needs_approval=True)
    shown = stranger.book(stranger.held(service, make.at("10:00"))).json()

    assert (shown["state"], shown["is_request"]) == ("pending", True)


def test_a_hold_is_booked_once_however_often_it_is_asked(stranger, service):
    token = stranger.held(service, make.at("10:00"))
    first, again = stranger.book(token), stranger.book(token)

    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert Booking.objects.count() == 1


def test_the_same_key_gets_the_same_answer(stranger, service):
    body = {"service": "cut", "starts_at": "2031-03-04T10:00:00Z"}
    first = stranger.post("holds/", body, Idempotency_Key="k1")
    again = stranger.post("holds/", body, Idempotency_Key="k1")
    elsewhere = Stranger(stranger.business, address="203.0.113.8")

    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert elsewhere.post("holds/", body, Idempotency_Key="k1").status_code == 409
    assert KeptAnswer.objects.count() == 1


def test_a_time_that_is_taken_comes_with_three_others(stranger, service):
    make.booking(service, starts_at=make.at("10:00"))
    refused = stranger.hold(service, make.at("10:00"))

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    others = refused.json()["alternatives"]
    assert len(others) == 3
    for other in others[:1]:
        assert stranger.post("holds/", other["parameters"]).status_code == 201


def test_holding_another_time_gives_the_first_one_back(stranger, service):
    first = stranger.held(service, make.at("10:00"))
    assert "2031-03-04T10:00:00Z" in stranger.starts(f"holds/{first}/")
    second = stranger.held(service, make.at("11:00"), replacing=first)

    assert "2031-03-04T10:00:00Z" in stranger.starts("services/cut/")
    assert stranger.get(f"holds/{first}/").json()["state"] == "over"
    assert stranger.get(f"holds/{second}/").json()["state"] == "held"


def test_a_hold_is_given_back(stranger, service):
    token = stranger.held(service, make.at("10:00"))

    for _ in range(2):
        answer = stranger.call("DELETE", f"holds/{token}/")
        assert (answer.status_code, answer.content) == (204, b"")
    assert "2031-03-04T10:00:00Z" in stranger.starts("services/cut/")
    assert stranger.book(token).json()["code"] == "hold_expired"


def test_a_hold_that_has_changed_is_not_given_back_unseen(stranger, service):
    token = stranger.held(service, make.at("10:00"))
    answer = stranger.call("DELETE", f"holds/{token}/", If_Match='"another"')

    assert answer.status_code == 412
    assert Booking.objects.get().state == "held"


def test_a_hold_that_is_over_offers_what_is_free(stranger, service, clock):
    token = stranger.held(service, make.at("10:00"))
    clock.now += timedelta(minutes=6)
    refused = stranger.book(token)

    assert (refused.status_code, refused.json()["code"]) == (409, "hold_expired")
    nearest = refused.json()["alternatives"][1]["parameters"]
    assert stranger.post("holds/", nearest).json()["starts_at"] == "2031-03-04T10:00:00Z"


@pytest.mark.parametrize(
    ("field", "wrong", "pointer"),
    [
        ("email", "anna", "/contact/email"),
        ("email", "", "/contact/email"),
        ("name", " ", "/contact/name"),
        ("phone", "call me", "/contact/phone"),
        ("notes", "x" * 5000, "/contact/notes"),
    ],
)
def test_what_is_wrong_with_a_contact_is_pointed_at(stranger, service, field, wrong, pointer):
    refused = stranger.book(stranger.held(service, make.at("10:00")), **{field: wrong})

    assert refused.status_code == 422
    assert [each["pointer"] for each in refused.json()["errors"]] == [pointer]
    assert Booking.objects.get().state == "held"


def test_required_questions_are_required_here_too(stranger, service):
    asked = make.question(service, required=True, kind="yes_no")
    token, name = stranger.held(service, make.at("10:00")), str(asked.public_id)

    refused = stranger.book(token)
    assert refused.json()["errors"][0]["pointer"] == f"/answers/{name}"
    assert stranger.book(token, {name: True}).status_code == 201
    assert Answer.objects.get().value == "yes"


def test_refusals_are_worded_in_the_language_of_the_reader(stranger, service):
    body = {"service": "cut", "starts_at": "2031-03-04T20:00:00Z"}
    refused = stranger.post("holds/", body, Accept_Language="de")

    assert refused.json()["detail"] == "Diese Zeit liegt außerhalb der Öffnungszeiten."


def test_whoever_agrees_to_texts_agrees_to_what_they_were_shown(stranger, business):
    business.country = "DE"
    business.save(update_fields=["country"])
    service = make.service(business, slug="cut", sends_sms=True)
    consent = stranger.get("services/cut/").json()["consent_to_texts"]
    token = stranger.held(service, make.at("10:00"))
    refused = stranger.book(token, agrees_to_texts=True)
    assert refused.json()["errors"][0]["pointer"] == "/contact/phone"

    shown = stranger.book(token, agrees_to_texts=True, phone="0170 1234567").json()
    booking = Booking.objects.get()
    assert (shown["texts_to"], booking.sms_consent) == ("+491701234567", consent)


def test_who_does_not_agree_gets_no_texts(stranger, business):
    service = make.service(business, sends_sms=True)
    shown = stranger.book(stranger.held(service, make.at("10:00")), phone="+49 170 1234567").json()

    assert shown["texts_to"] is None


def test_the_language_of_letters_is_that_of_the_call(stranger, service):
    hold = stranger.held(service, make.at("10:00"))
    who = {"name": "Anna", "email": "anna@example.org"}
    stranger.post("bookings/", {"hold_token": hold, "contact": who}, Accept_Language="de-AT")

    assert Booking.objects.get().language == "de"


def test_a_person_who_cannot_be_chosen_is_not_booked(stranger, business):
    ann = make.staff(business)
    service = make.service(business, by=[ann], allow_staff_selection=False)
    refused = stranger.hold(service, make.at("10:00"), staff=str(ann.public_id))

    assert (refused.status_code, refused.json()["code"]) == (422, "staff_not_offered")


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("starts_at", "tomorrow"),
        ("starts_at", "2031-03-04T10:00"),
        ("starts_at", 1930000000),
        ("seats", 0),
        ("seats", "1"),
        ("service", "../admin"),
        ("service", "x\x00"),
        ("staff", "ann"),
        ("replacing", "short"),
        ("colour", "red"),
    ],
)
def test_a_hold_that_cannot_be_read_names_the_field(stranger, service, field, wrong):
    refused = stranger.post(
        "holds/", {"service": "cut", "starts_at": "2031-03-04T10:00:00Z"} | {field: wrong}
    )

    assert refused.status_code == 400
    assert [each["pointer"] for each in refused.json()["errors"]] == [f"/{field}"]


def test_a_hold_belongs_to_the_business_of_the_address(stranger, service):
    token = stranger.held(service, make.at("10:00"))
    elsewhere = Stranger(make.business())

    assert elsewhere.get(f"holds/{token}/").status_code == 404
    assert elsewhere.call("DELETE", f"holds/{token}/").status_code == 404
    assert elsewhere.book(token).status_code == 404
    assert Booking.objects.get().state == "held"


@pytest.fixture
def full(business: Business) -> Booking:
    service = make.service(business, slug="yoga", capacity=2, has_waitlist=True)
    return make.booking(service, seats=2)


def wait(stranger, full: Booking, **fields: object):
    who = {"name": "Anna Berg", "email": "anna@example.org"}
    body = {"appointment": str(full.appointment.public_id), "contact": who, **fields}
    return stranger.post("waitlist/", body)


def test_a_stranger_waits_and_leaves(stranger, full):
    joined = wait(stranger, full)
    shown = joined.json()

    assert joined.status_code == 201
    assert (shown["state"], shown["is_waiting"]) == ("waitlisted", True)
    assert wait(stranger, full).json()["code"] == "already_waiting"
    left = stranger.post(f"bookings/{shown['token']}/leave-waitlist/").json()
    assert left["is_waiting"] is False


def test_a_place_that_is_kept_can_be_taken(stranger, full):
    token = wait(stranger, full).json()["token"]
    assert stranger.post(f"bookings/{token}/take-place/").json()["code"] == "wrong_state"
    commands.cancel_booking(booking=full, now=make.NOW)

    assert stranger.get(f"bookings/{token}/").json()["offered_until"]
    assert stranger.post(f"bookings/{token}/take-place/").json()["state"] == "confirmed"


def test_nobody_waits_where_there_are_places(stranger, business):
    service = make.service(business, capacity=8, has_waitlist=True)
    booking = make.booking(service)

    assert wait(stranger, booking).json()["code"] == "places_left"

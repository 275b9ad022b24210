"""What a customer sees and does with the link of their letter: what its page allows, no more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bookings import commands
from bookings.commands import SYSTEM
from bookings.models import (
    Booking,
    Business,
    ChoicePurpose,
    Event,
    Resource,
    Service,
)
from tests import make
from tests.faces.api.strangers import Stranger

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(business: Business) -> Service:
    return make.service(business, slug="cut", name="Cut")


@pytest.fixture
def token(stranger: Stranger, service: Service) -> str:
    return stranger.booked(service, make.at("10:00"))


def test_a_booking_is_moved(stranger, token):
    start = stranger.starts(f"bookings/{token}/")[0]
    answer = stranger.post(f"bookings/{token}/reschedule/", {"starts_at": start})

    assert (answer.status_code, answer.json()["starts_at"]) == (200, start)
    assert Booking.objects.get().appointment.starts_at == make.at("09:00")


def test_its_own_time_counts_as_free(stranger, token):
    assert "2031-03-04T10:00:00Z" in stranger.starts(f"bookings/{token}/")
    assert "2031-03-04T10:00:00Z" not in stranger.starts("services/cut/")
    days = stranger.get(f"bookings/{token}/days/?first_day=2031-03-04&last_day=2031-03-05").json()
    assert days["days"] == ["2031-03-04", "2031-03-05"]


def test_a_move_that_is_refused_offers_other_times_and_moves_nothing(stranger, token, service):
    make.booking(service, starts_at=make.at("11:00"))
    body = {"starts_at": "2031-03-04T11:00:00Z"}
    refused = stranger.post(f"bookings/{token}/reschedule/", body)

    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    other = refused.json()["alternatives"][0]["parameters"]
    assert stranger.post(f"bookings/{token}/reschedule/", other).status_code == 200


def test_a_booking_is_cancelled_with_a_reason(stranger, token):
    shown = stranger.post(f"bookings/{token}/cancel/", {"reason": "I am ill."}).json()

    assert (shown["state"], shown["cancel_reason"]) == ("cancelled", "I am ill.")
    assert shown["why_not"]["code"] == "wrong_state"
    assert stranger.post(f"bookings/{token}/cancel/").status_code == 200
    assert Event.objects.filter(kind="booking.cancelled").count() == 1
    moved = stranger.post(f"bookings/{token}/reschedule/", {"starts_at": "2031-03-04T12:00:00Z"})
    assert (moved.status_code, moved.json()["code"]) == (422, "wrong_state")


def test_the_notice_holds_here_too(stranger, token, clock):
    clock.now = make.at("08:30")
    shown = stranger.get(f"bookings/{token}/").json()

    assert (shown["may_change"], shown["why_not"]["code"]) == (False, "too_late")
    assert shown["change_until"] == "2031-03-04T08:00:00Z"
    for act, body in (("cancel", {}), ("reschedule", {"starts_at": "2031-03-05T09:00:00Z"})):
        refused = stranger.post(f"bookings/{token}/{act}/", body)
        assert (refused.status_code, refused.json()["code"]) == (422, "too_late")
    assert Booking.objects.get().state == "confirmed"


def test_only_what_was_seen_is_changed(stranger, token):
    tag = stranger.get(f"bookings/{token}/")["ETag"]
    body = {"starts_at": "2031-03-04T12:00:00Z"}
    moved = stranger.post(f"bookings/{token}/reschedule/", body, If_Match=tag)
    refused = stranger.post(f"bookings/{token}/cancel/", If_Match=tag)

    assert (moved.status_code, refused.status_code) == (200, 412)
    assert refused["ETag"] == moved["ETag"]
    assert Booking.objects.get().state == "confirmed"


def test_who_was_asked_says_that_they_come(stranger, token, service):
    booking = Booking.objects.get()
    assert stranger.get(f"bookings/{token}/").json()["is_asked_to_come"] is False
    commands.choice_token(
        booking=booking,
        purpose=ChoicePurpose.RECONFIRMATION,
        address=booking.email,
        until=make.at("10:00"),
        now=make.NOW,
    )
    assert stranger.get(f"bookings/{token}/").json()["is_asked_to_come"] is True

    shown = stranger.post(f"bookings/{token}/reconfirm/").json()
    assert (shown["is_asked_to_come"], shown["reconfirmed_at"]) == (False, "2031-03-03T07:00:00Z")


def test_texts_are_ended(stranger, business):
    business.country = "DE"
    business.save(update_fields=["country"])
    service = make.service(business, sends_sms=True)
    token = stranger.booked(
        service, make.at("10:00"), phone="+49 170 1234567", agrees_to_texts=True
    )

    assert stranger.get(f"bookings/{token}/").json()["texts_to"] == "+491701234567"
    assert stranger.post(f"bookings/{token}/end-texts/").json()["texts_to"] is None


ACTS = ("reschedule", "cancel", "reconfirm", "take-place", "leave-waitlist", "end-texts")


@pytest.mark.parametrize("wrong", ["unknown", "of another business", "long past"])
def test_a_link_that_leads_nowhere_is_not_there(stranger, token, clock, wrong):
    if wrong == "unknown":
        token = "x" * 43
    elif wrong == "long past":
        clock.now += timedelta(days=40)
    else:
        stranger = Stranger(make.business())
    body = {"reschedule": {"starts_at": "2031-03-04T12:00:00Z"}}
    answers = [
        stranger.get(f"bookings/{token}/"),
        stranger.get(f"bookings/{token}/starts/?first_day=2031-03-04&last_day=2031-03-04"),
        *(stranger.post(f"bookings/{token}/{act}/", body.get(act)) for act in ACTS),
    ]

    assert {(each.status_code, each.json()["code"]) for each in answers} == {(404, "not_found")}
    assert Booking.objects.get().state == "confirmed"


def test_looking_changes_nothing(stranger, token):
    before = list(Booking.objects.values())
    for path in ("", "starts/?first_day=2031-03-04&last_day=2031-03-04"):
        assert stranger.get(f"bookings/{token}/{path}").status_code == 200
    for act in ACTS:
        assert stranger.get(f"bookings/{token}/{act}/").status_code == 405

    assert list(Booking.objects.values()) == before


def test_what_a_link_shows_is_kept_by_nobody(stranger, token):
    for answer in (
        stranger.get(f"bookings/{token}/"),
        stranger.get(f"bookings/{'x' * 43}/"),
        stranger.post(f"bookings/{token}/cancel/"),
    ):
        assert "no-store" in answer["Cache-Control"]
        assert answer["X-Robots-Tag"] == "noindex, nofollow"


CANARY = "canary"


def _crowded(business: Business) -> tuple[Service, Booking]:
    """Return a group with people in it, and secrets wherever the house may write some."""
    person = make.staff(business, email=f"{CANARY}-staff@example.org")
    service = make.service(
        business, by=[person], slug="yoga", capacity=3, has_waitlist=True, cancellation_notice=None
    )
    asked = make.question(service, text="How are you?")
    other = make.booking(
        service,
        contact=make.contact(
            name=f"{CANARY} name",
            email=f"{CANARY}-guest@example.org",
            phone="+49 170 7654321",
            notes=f"{CANARY} wishes",
        ),
        answers={str(asked.public_id): f"{CANARY} answer"},
    )
    appointment = other.appointment
    appointment.staff_notes = f"{CANARY} internal"
    appointment.save(update_fields=["staff_notes"])
    other.customer.notes = f"{CANARY} about them"
    other.customer.save(update_fields=["notes"])
    business.reply_to = f"{CANARY}-replies@example.org"
    business.save(update_fields=["reply_to"])
    member = make.member(business, email=f"{CANARY}-user@example.org", name=f"{CANARY} user")
    Resource.objects.filter(pk=person.pk).update(user=member)
    return service, other


def test_nothing_of_the_house_or_of_others_gets_out(stranger, business):
    service, other = _crowded(business)
    span = "?first_day=2031-03-04&last_day=2031-03-04"
    token = stranger.held(service, make.at("10:00"))
    said: list[Any] = [
        stranger.get(f"holds/{token}/"),
        stranger.get(f"holds/{token}/starts/{span}"),
        stranger.book(token, email="x"),
        stranger.book(token),
    ]
    link = said[-1].json()["token"]
    full = {"service": "yoga", "starts_at": "2031-03-04T10:00:00Z", "seats": 3}
    said += [
        *(stranger.get(path) for path in ("", "services/", "services/yoga/")),
        stranger.get(f"services/yoga/starts/{span}"),
        stranger.get(f"services/yoga/full-sessions/{span}&seats=3"),
        stranger.post("holds/", full),
        stranger.post("holds/", full | {"seats": 9}),
        stranger.post(
            "waitlist/",
            {
                "appointment": str(other.appointment.public_id),
                "seats": 3,
                "contact": {"name": "Anna", "email": "anna@example.org"},
            },
        ),
        *(stranger.get(f"bookings/{link}/{path}") for path in ("", f"starts/{span}")),
        stranger.post(f"bookings/{link}/reschedule/", {"starts_at": "2031-03-04T20:00:00Z"}),
        stranger.post(f"bookings/{link}/reschedule/", {"starts_at": "2031-03-04T11:00:00Z"}),
        stranger.post(f"bookings/{link}/take-place/"),
    ]
    commands.cancel_appointment(
        appointment=other.appointment, reason="No water", now=make.NOW, actor=SYSTEM
    )
    said += [
        stranger.get(f"bookings/{link}/"),
        stranger.post(f"bookings/{link}/cancel/"),
    ]

    assert [each.status_code for each in said] == [
        *(200, 200, 422, 201, 200, 200, 200, 200, 200, 409, 422, 201, 200, 200, 422, 200, 200),
        *(200, 200),
    ]
    for each in said:
        words = each.content.decode() + str(each.headers)
        assert CANARY not in words
        assert other.reference not in words
        assert "7654321" not in words


def test_a_customer_who_is_known_already_learns_nothing_of_themselves(stranger, service):
    """Whoever types somebody's address is not shown what the business knows of them."""
    known = make.booking(
        service,
        starts_at=make.at("15:00"),
        contact=make.contact(name="Real Name", email="anna@example.org", phone="+49 30 99887766"),
    )
    shown = stranger.book(stranger.held(service, make.at("10:00")), name="Somebody").json()

    assert (shown["name"], shown["phone"]) == ("Somebody", "")
    assert Booking.objects.filter(customer=known.customer).count() == 2


@pytest.mark.parametrize("count", [1, 30])
def test_a_booking_costs_the_same_however_much_was_asked(
    stranger, service, django_assert_max_num_queries, count
):
    asked = [make.question(service) for _ in range(count)]
    hold = stranger.held(service, make.at("10:00"))
    shown = stranger.book(hold, {str(each.public_id): "yes" for each in asked}).json()
    assert len(shown["answers"]) == count

    with django_assert_max_num_queries(5):
        stranger.get(f"bookings/{shown['token']}/")

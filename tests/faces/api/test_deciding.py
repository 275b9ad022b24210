"""What programs decide about bookings: requests, cancellations, and the day itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookings import commands
from bookings.models import Booking
from tests import make
from tests.faces.api.conftest import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def booking(business):
    return make.booking(make.service(business))


@pytest.fixture
def request_(business):
    return make.booking(make.service(business, needs_approval=True))


def decide(program: Program, booking: Booking, act: str, body: object = None, **headers: str):
    """Call what decides about a booking."""
    return program.post(f"bookings/{booking.public_id}/{act}/", body, **headers)


def test_a_request_is_approved(program, request_):
    answer = decide(program, request_, "approve")

    assert (answer.status_code, answer.json()["state"]) == (200, "confirmed")
    assert request_.events.get(kind="booking.confirmed").actor.startswith("program:Sync")


def test_a_request_is_declined_with_a_reason(program, request_):
    shown = decide(program, request_, "decline", {"reason": "We are closed"}).json()

    assert (shown["state"], shown["cancel_reason"]) == ("declined", "We are closed")
    assert decide(program, request_, "approve").json()["code"] == "wrong_state"


def test_a_booking_is_cancelled_however_late(program, booking, clock):
    clock.now = make.at("09:59")
    shown = decide(program, booking, "cancel", {"reason": "Ill"}).json()

    assert (shown["state"], shown["cancel_reason"]) == ("cancelled", "Ill")
    assert decide(program, booking, "cancel", {}).json()["state"] == "cancelled"


def test_the_day_is_noted_and_taken_back(program, booking, clock):
    assert decide(program, booking, "complete").json()["code"] == "not_yet"
    clock.now = make.at("10:05")
    steps = [
        ("check-in", "checked_in_at", True),
        ("complete", "completed_at", True),
        ("undo-complete", "completed_at", False),
        ("undo-check-in", "checked_in_at", False),
        ("no-show", "no_show_at", True),
        ("undo-no-show", "no_show_at", False),
    ]
    for act, field, is_noted in steps:
        shown = decide(program, booking, act).json()
        assert (shown[field] == "2031-03-04T10:05:00Z") is is_noted, act

    assert decide(program, booking, "undo-no-show").status_code == 422


def test_a_customer_says_once_more_that_they_come(program, booking):
    assert decide(program, booking, "reconfirm").json()["reconfirmed_at"] == "2031-03-03T07:00:00Z"


def test_the_link_of_a_customer_is_theirs(program, booking):
    url = decide(program, booking, "manage-link").json()["manage_url"]

    assert program.client.get(url).status_code == 200


def test_a_decision_about_what_has_changed_is_refused(program, booking):
    path = f"bookings/{booking.public_id}/"
    seen = program.get(path)["ETag"]
    commands.check_in(booking=booking, now=make.NOW, actor=commands.SYSTEM)
    stale = decide(program, booking, "cancel", {}, If_Match=seen)

    assert (stale.status_code, stale.json()["code"]) == (412, "precondition_failed")
    now = program.get(f"{path}?expand=answers")["ETag"]
    assert decide(program, booking, "cancel", {}, If_Match=now).status_code == 200


def test_a_repeated_decision_is_made_once(program, booking):
    first = decide(program, booking, "cancel", {"reason": "Ill"}, Idempotency_Key="k")
    again = decide(program, booking, "cancel", {"reason": "Ill"}, Idempotency_Key="k")

    assert first.content == again.content
    assert booking.events.filter(kind="booking.cancelled").count() == 1


@pytest.mark.parametrize("body", [{"reason": "Why not"}, ["approve"]])
def test_what_would_be_dropped_is_refused(program, request_, body):
    assert decide(program, request_, "approve", body).status_code == 400
    answer = program.post(f"bookings/{request_.public_id}/approve/?notify=no")
    assert answer.json()["errors"] == [{"parameter": "notify", "detail": "There is no such field."}]


@pytest.mark.parametrize(
    ("role", "act", "status"),
    [
        ("viewer", "cancel", 403),
        ("viewer", "check-in", 403),
        ("scheduler", "cancel", 200),
        ("team_member", "cancel", 404),
        ("team_member", "check-in", 404),
    ],
)
def test_a_role_rules_over_decisions(business, booking, role, act, status):
    program = Program(make.member(business, role), business)
    body = {} if act == "cancel" else None

    assert decide(program, booking, act, body).status_code == status


def test_who_waits_is_offered_a_place_or_leaves(program, business, clock):
    group = make.service(business, capacity=2, has_waitlist=True)
    first = make.booking(group, seats=2)
    where = f"appointments/{first.appointment.public_id}"
    body = {"contact": {"name": "Jo", "email": "jo@example.org"}}
    full = program.post(f"{where}/attendees/", body)
    assert (full.status_code, full.json()["code"]) == (409, "full")

    joined = program.post(f"{where}/waitlist/", body).json()
    assert (joined["state"], joined["waitlisted_at"]) == ("waitlisted", "2031-03-03T07:00:00Z")
    assert joined["manage_url"]
    kim = {"contact": {"name": "Kim", "email": "kim@example.org"}}
    other = program.post(f"{where}/waitlist/", kim).json()
    shown = program.get(f"{where}/?expand=bookings.customer").json()["bookings"]
    assert [each["state"] for each in shown] == ["confirmed", "waitlisted", "waitlisted"]

    left = program.post(f"bookings/{other['id']}/leave-waitlist/", {}).json()
    assert left["state"] == "expired"
    commands.cancel_booking(booking=first, now=make.NOW)
    offered = program.get(f"bookings/{joined['id']}/").json()
    assert (offered["state"], offered["offered_until"] is None) == ("held", False)
    taken = program.post(f"bookings/{joined['id']}/take-place/").json()
    assert (taken["state"], taken["waitlisted_at"]) == ("confirmed", None)
    clock.now += timedelta(days=2)
    late = program.post(f"{where}/attendees/", kim)
    assert (late.status_code, late.json()["code"]) == (422, "wrong_state")


def test_one_more_comes_to_a_group(program, business):
    group = make.service(business, capacity=3)
    first = make.booking(group)
    body = {"contact": {"name": "Jo"}, "seats": 2}
    answer = program.post(f"appointments/{first.appointment.public_id}/attendees/", body)

    assert (answer.status_code, answer.json()["seats"]) == (201, 2)
    assert answer.json()["appointment"] == str(first.appointment.public_id)

"""Letters and texts through the API: what became of them, and sending one again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookings import commands, outbox
from bookings.commands import Actor
from bookings.models import Event, Message
from bookings.outbox import Exchange
from tests import make
from tests.faces.api.conftest import Program
from tests.make import NOW, at

pytestmark = pytest.mark.django_db
DESK = Actor("staff", "Mei")
NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def booking(business):
    return make.booking(make.service(business))


def letter(booking) -> Message:
    """Return the customer's confirmation."""
    return booking.messages.get(audience="customer")


def refused(booking) -> Message:
    """Let the customer's confirmation be refused for good; returns it."""
    while message := outbox.claim(now=NOW):
        if message.audience == "customer":
            said = Exchange(status=550, answer="550 no such user")
            outbox.settle_refused(message, error="no such user", permanent=True, now=NOW, said=said)
        else:
            outbox.settle_sent(message, now=NOW)
    return letter(booking)


def test_a_letter_is_told_with_its_tries(program, booking):
    message = refused(booking)
    shown = program.get(f"messages/{message.public_id}/").json()

    assert (shown["topic"], shown["outlet"], shown["audience"]) == (
        "confirmed",
        "email",
        "customer",
    )
    assert (shown["state"], shown["address"]) == ("failed", booking.email)
    assert shown["appointment"] == str(booking.appointment.public_id)
    assert shown["booking"] == str(booking.public_id)
    assert shown["event"] == str(booking.events.get().public_id)
    assert (shown["due_at"], shown["failed_at"]) == (None, "2031-03-03T07:00:00Z")
    (tried,) = shown["tries"]
    assert (tried["number"], tried["status"], tried["answer"]) == (1, 550, "550 no such user")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=failed", 1),
        ("state=retrying", 0),
        ("audience=customer&outlet=email&topic=confirmed", 1),
        ("outlet=sms", 0),
        ("booking={booking}", 3),
        ("appointment={appointment}&audience=staff", 1),
        (f"booking={NOBODYS}", 0),
    ],
)
def test_letters_are_chosen(program, booking, query, found):
    refused(booking)
    query = query.format(booking=booking.public_id, appointment=booking.appointment.public_id)

    assert len(program.get(f"messages/?{query}").json()["results"]) == found


def test_letters_come_latest_first_or_the_other_way_round(program, booking):
    latest = [each["id"] for each in program.get("messages/").json()["results"]]
    oldest = [each["id"] for each in program.get("messages/?order=created_at").json()["results"]]

    assert len(latest) == 3
    assert oldest == latest[::-1]


@pytest.mark.parametrize("query", ["state=lost", "order=address", "expand=body", "outlet=webhook"])
def test_what_cannot_be_read_is_named(program, query):
    answer = program.get(f"messages/?{query}")

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"].startswith(query.partition("=")[0])


def test_a_letter_is_sent_again_once(program, booking):
    message = refused(booking)
    again = program.post(f"messages/{message.public_id}/resend/", Idempotency_Key="k1")
    repeat = program.post(f"messages/{message.public_id}/resend/", Idempotency_Key="k1")
    refusal = program.post(f"messages/{message.public_id}/resend/")

    assert again.status_code == repeat.status_code == 201
    assert again.content == repeat.content
    shown = again.json()
    assert (shown["state"], shown["address"], shown["tries"]) == ("waiting", booking.email, [])
    assert again["Location"].endswith(f"/messages/{shown['id']}/")
    assert (refusal.status_code, refusal.json()["code"]) == (422, "on_its_way")
    assert booking.messages.filter(audience="customer").count() == 2
    assert Event.objects.get(kind="message.resent").actor.startswith("program:Sync")


def test_what_webhooks_are_told_is_no_letter(program, business):
    make.subscription(business, url="https://receiver.example/?token=sesame")
    booking = make.booking(make.service(business))
    hook = booking.messages.get(outlet="webhook")

    assert "sesame" not in program.get("messages/").content.decode()
    assert program.get(f"messages/{hook.public_id}/").status_code == 404
    assert program.post(f"messages/{hook.public_id}/resend/").status_code == 404


def test_a_team_member_reads_and_resends_letters_about_their_own_appointments(business):
    mine, theirs = make.staff(business), make.staff(business)
    own = make.booking(make.service(business, by=[mine]))
    foreign = make.booking(make.service(business, by=[theirs]))
    commands.take_time_off(
        business=business,
        resources=[theirs],
        starts_at=at("08:00", days=9),
        ends_at=at("18:00", days=9),
        now=NOW,
        actor=DESK,
        by=make.user(),
    )
    user = make.member(business, "team_member")
    mine.user = user
    mine.save(update_fields=["user"])
    program = Program(user, business)
    refused(own)
    shown = program.get("messages/").json()["results"]

    assert {each["booking"] for each in shown} == {str(own.public_id)}
    assert program.post(f"messages/{letter(own).public_id}/resend/").status_code == 201
    assert program.get(f"messages/{letter(foreign).public_id}/").status_code == 404
    assert program.post(f"messages/{letter(foreign).public_id}/resend/").status_code == 404


def test_letters_about_no_appointment_are_for_who_edits_the_settings(program, business):
    commands.invite(business=business, email="new@example.org", role="viewer", now=NOW, actor=DESK)
    invitation = Message.objects.get(topic="invitation")
    outbox.settle_sent(outbox.claim(now=NOW), now=NOW)
    path = f"messages/{invitation.public_id}/"

    assert program.get(path).json()["appointment"] is None
    assert program.post(f"{path}resend/").status_code == 201
    scheduler = Program(make.member(business, "scheduler"), business)
    assert scheduler.get(path).status_code == 404
    assert scheduler.post(f"{path}resend/").status_code == 404


def test_a_viewer_reads_letters_and_sends_none(business, booking):
    viewer = Program(make.member(business, "viewer"), business)

    assert len(viewer.get("messages/").json()["results"]) == 3
    assert viewer.post(f"messages/{letter(booking).public_id}/resend/").status_code == 403


@pytest.mark.parametrize("many", [1, 30])
def test_a_list_costs_the_same_however_long_it_is(program, business, many):
    service = make.service(business)
    for number in range(many):
        make.booking(service, starts_at=at("09:00") + timedelta(days=number))
    program.get("messages/")
    with CaptureQueriesContext(connection) as asked:
        shown = program.get("messages/?limit=100&audience=customer&expand=tries").json()

    assert len(shown["results"]) == many
    assert len(asked) == 5

"""What webhooks say: the event, and how things are when it is first tried."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from standardwebhooks.webhooks import Webhook

from bookings import commands, outbox, sender
from bookings.commands import Actor
from bookings.composing import compose
from bookings.models import Business, Event, Instance, Message, Outlet, Service
from bookings.outlets import Hook
from tests import make
from tests.make import NOW, at
from tests.outlets.receiver import Receiver

pytestmark = pytest.mark.django_db

DESK = Actor("staff", "Mei")
README = Path(__file__).resolve().parents[2] / "README.md"


@pytest.fixture
def salon() -> Business:
    """Return a business in Berlin that sends no letters of its own."""
    return make.business(
        name="Salon", slug="salon", zone="Europe/Berlin", notify_business=False, mailbox=""
    )


def cut(salon: Business, **fields: Any) -> Service:
    """Return a service by Ann."""
    ann = make.staff(salon, name="Ann", is_notified=False)
    return make.service(salon, by=[ann], **{"name": "Cut"} | fields)


def claimed(kind: str = "", *, now: datetime = NOW) -> Message:
    """Return the webhook about the next event of that kind; what is before it has arrived."""
    while message := outbox.claim(now=now):
        if message.outlet == Outlet.WEBHOOK.value and kind in ("", message.topic):
            return message
        outbox.settle_sent(message, now=now)
    raise AssertionError(f"There is no webhook about {kind or 'anything'}.")


def hook(message: Message, *, now: datetime = NOW) -> Hook:
    """Return the webhook of a claimed message."""
    parcel = compose(message, now=now)
    assert isinstance(parcel, Hook)
    return parcel


def said(message: Message) -> dict[str, Any]:
    """Return what a claimed message says."""
    return json.loads(hook(message).body)


def test_a_booking_is_told_with_its_appointment_customer_and_answers(salon: Business) -> None:
    service = cut(salon)
    asked = make.question(service, text="Length?")
    subscription = make.subscription(salon)
    epoch = Instance.objects.get_or_create()[0].epoch
    booking = make.booking(
        service,
        contact=make.contact(name="Jo", email="jo@example.org", phone="+49 30 1", notes="Curls"),
        answers={str(asked.public_id): "short"},
    )
    event = Event.objects.get()

    parcel = hook(claimed())

    assert (parcel.id, parcel.url) == (str(event.public_id), subscription.url)
    assert parcel.secrets == (subscription.secret,)
    assert json.loads(parcel.body) == {
        "type": "booking.confirmed",
        "timestamp": "2031-03-03T07:00:00Z",
        "data": {
            "id": str(event.public_id),
            "sequence": 1,
            "previous_undelivered": False,
            "instance_epoch": str(epoch),
            "business": {"id": str(salon.public_id), "slug": "salon", "name": "Salon"},
            "actor": "customer",
            "appointment": {
                "id": str(booking.appointment.public_id),
                "state": "scheduled",
                "version": 1,
                "service": {"id": str(service.public_id), "name": "Cut"},
                "starts_at": "2031-03-04T11:00:00+01:00",
                "ends_at": "2031-03-04T11:30:00+01:00",
                "time_zone": "Europe/Berlin",
                "staff": [
                    {"id": str(salon.resources.get().public_id), "name": "Ann"},
                ],
                "rooms": [],
                "location_kind": "physical",
                "place": booking.appointment.place,
                "join_link": "",
                "capacity": 1,
                "seats_taken": 1,
            },
            "bookings": [
                {
                    "id": str(booking.public_id),
                    "reference": booking.reference,
                    "state": "confirmed",
                    "seats": 1,
                    "customer": {
                        "id": str(booking.customer.public_id),
                        "name": "Jo",
                        "email": "jo@example.org",
                        "phone": "+49 30 1",
                    },
                    "notes": "Curls",
                    "answers": [{"question": "Length?", "answer": "short"}],
                }
            ],
            "before": {},
            "details": {},
        },
    }


def test_each_try_says_the_same_under_the_same_id_whatever_has_changed(salon: Business) -> None:
    make.subscription(salon)
    booking = make.booking(cut(salon))
    first = claimed()
    before = hook(first)
    outbox.settle_refused(first, error="500", permanent=False, now=NOW)
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    again = hook(claimed("booking.confirmed", now=NOW + timedelta(hours=1)))

    assert again == before


def test_a_move_is_told_with_what_was_before(salon: Business) -> None:
    make.subscription(salon)
    booking = make.booking(cut(salon))
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW, actor=DESK)

    data = said(claimed("booking.rescheduled"))["data"]

    assert (data["sequence"], data["actor"]) == (2, "staff")
    assert data["appointment"]["starts_at"] == "2031-03-04T15:00:00+01:00"
    assert data["before"] == {
        "starts_at": "2031-03-04T11:00:00+01:00",
        "ends_at": "2031-03-04T11:30:00+01:00",
        "staff": ["Ann"],
    }


def shape(value: Any) -> Any:
    """Return the names in a value, whatever they stand for."""
    if isinstance(value, dict):
        return {name: shape(each) for name, each in value.items()}
    return [shape(each) for each in value[:1]] if isinstance(value, list) else type(value)


def test_the_readme_shows_what_is_sent(salon: Business) -> None:
    Instance.objects.get_or_create()
    make.subscription(salon)
    service = cut(salon)
    asked = make.question(service)
    booking = make.booking(service, answers={str(asked.public_id): "short"})
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW, actor=DESK)
    shown = README.read_text().split("## Webhooks")[1].split("```json")[1].split("```")[0]

    assert shape(said(claimed("booking.rescheduled"))) == shape(json.loads(shown))


def test_in_a_group_each_event_tells_of_those_it_is_about(salon: Business) -> None:
    make.subscription(salon, events=["booking.confirmed", "appointment.cancelled"])
    service = cut(salon, capacity=5)
    one, two = make.booking(service), make.booking(service, seats=2)
    commands.cancel_booking(booking=one, now=NOW, actor=DESK)
    commands.cancel_appointment(
        appointment=two.appointment, reason="Ann is ill", now=NOW, actor=DESK
    )

    told = []
    while message := outbox.claim(now=NOW):
        if message.outlet == Outlet.WEBHOOK.value:
            told.append(said(message))
        outbox.settle_sent(message, now=NOW)

    assert [each["type"] for each in told] == [
        "booking.confirmed",
        "booking.confirmed",
        "appointment.cancelled",
    ]
    assert [[b["id"] for b in each["data"]["bookings"]] for each in told] == [
        [str(one.public_id)],
        [str(two.public_id)],
        [str(two.public_id)],
    ]
    assert told[2]["data"]["details"]["reason"] == "Ann is ill"


def test_what_concerns_no_appointment_is_told_in_its_details(salon: Business) -> None:
    make.subscription(salon)
    commands.take_time_off(
        business=salon,
        resources=[],
        starts_at=at("08:00"),
        ends_at=at("18:00"),
        title="Holiday",
        now=NOW,
    )

    told = said(claimed("time_off.taken"))

    assert told["type"] == "time_off.taken"
    assert told["data"]["sequence"] == 0
    assert told["data"]["details"]["title"] == "Holiday"
    assert "appointment" not in told["data"]


@pytest.mark.parametrize(
    ("became", "gap"), [("sent", False), ("failed", True), ("dropped", True), ("repeated", False)]
)
def test_the_event_after_one_that_never_arrived_says_so(
    salon: Business, became: str, gap: bool
) -> None:
    make.subscription(salon)
    booking = make.booking(cut(salon))
    first = claimed()
    match became:
        case "sent":
            outbox.settle_sent(first, now=NOW)
        case "dropped":
            outbox.settle_dropped(first, now=NOW)
        case _:
            outbox.settle_refused(first, error="gone", permanent=True, now=NOW)
    if became == "repeated":
        first.refresh_from_db()
        outbox.resend(first, now=NOW)
        outbox.settle_sent(claimed(), now=NOW)
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)

    assert said(claimed("booking.rescheduled"))["data"]["previous_undelivered"] is gap


def test_a_repeat_by_hand_has_the_old_id_and_says_what_was_said(salon: Business) -> None:
    make.subscription(salon)
    booking = make.booking(cut(salon))
    first = claimed()
    before = hook(first)
    outbox.settle_sent(first, now=NOW)
    commands.reschedule(booking=booking, starts_at=at("14:00"), now=NOW)
    first.refresh_from_db()
    outbox.resend(first, now=NOW)

    assert hook(claimed("booking.confirmed")) == before


def test_while_the_secret_changes_both_sign_and_then_the_new_one(salon: Business) -> None:
    old = make.subscription(salon).secret
    salon.subscriptions.update(
        secret="new", old_secret=old, old_secret_until=NOW + timedelta(hours=24)
    )
    make.booking(cut(salon))
    message = claimed()

    assert hook(message).secrets == ("new", old)
    assert hook(message, now=NOW + timedelta(hours=24)).secrets == ("new",)


def test_an_endpoint_that_is_disabled_gets_nothing_any_more(salon: Business) -> None:
    make.subscription(salon)
    make.booking(cut(salon))
    salon.subscriptions.update(disabled_at=NOW)

    assert compose(claimed(), now=NOW) is None


def test_what_is_settled_while_it_is_composed_is_neither_kept_nor_sent(salon: Business) -> None:
    make.subscription(salon)
    make.booking(cut(salon))
    message = claimed()
    Message.objects.update(dropped_at=NOW)

    assert compose(message, now=NOW) is None
    assert Message.objects.get(pk=message.pk).body == ""


@pytest.mark.parametrize("customers", [1, 20])
def test_a_first_try_costs_eight_queries_and_a_repeat_two(salon: Business, customers: int) -> None:
    make.subscription(salon, events=["appointment.cancelled"])
    service = cut(salon, capacity=20)
    bookings = [make.booking(service) for _ in range(customers)]
    commands.cancel_appointment(appointment=bookings[0].appointment, reason="", now=NOW, actor=DESK)
    message = claimed()

    with CaptureQueriesContext(
        connection,
    ) as first:
        told = said(message)
    message.refresh_from_db()
    with CaptureQueriesContext(connection) as repeat:
        said(message)

    assert len(told["data"]["bookings"]) == customers
    assert (len(first), len(repeat)) == (8, 2)


def test_a_booking_arrives_signed_and_whole(salon: Business, receiver: Receiver) -> None:
    subscription = make.subscription(salon, url=receiver.url("200"))
    booking = make.booking(cut(salon), contact=make.contact(name="Zoë Ж"))

    assert sender.send_one(claimed()) is True

    (taken,) = receiver.taken
    told = Webhook(subscription.secret).verify(taken.body, dict(taken.headers))
    assert taken.headers["webhook-id"] == told["data"]["id"]
    assert told["data"]["bookings"][0]["reference"] == booking.reference
    assert told["data"]["bookings"][0]["customer"]["name"] == "Zoë Ж"

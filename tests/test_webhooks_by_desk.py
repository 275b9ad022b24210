"""A webhook's life as people meet it: made at the desk, told by the pages, read by a program."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bookings import commands, tasks
from bookings.models import Business, Message, Service, Subscription
from tests import make
from tests.faces.desk.desking import as_, text, to
from tests.faces.site import visiting
from tests.outlets.receiver import Handler, Receiver, Taken, status

pytestmark = pytest.mark.django_db(transaction=True)
DESK = commands.Actor("staff", "Mia")


@pytest.fixture
def service() -> Service:
    """Return what a business offers that writes no letters to itself."""
    business = make.business(notify_business=False, cancellation_notice=timedelta(0))
    return make.service(business, by=[make.staff(business, is_notified=False)])


@pytest.fixture
def admin(service: Service) -> Client:
    """Return the browser of the business's admin."""
    return as_("admin", service.business)


def subscribed(admin: Client, business: Business, url: str) -> Subscription:
    """Make a webhook at the desk that is told of bookings."""
    kinds = ["booking.confirmed", "booking.rescheduled", "booking.cancelled"]
    form = {"url": url, "scope": "some", "kinds": kinds}
    assert admin.post(to("new_webhook", business), form).status_code == 303
    return business.subscriptions.get()


def press(admin: Client, name: str, of: Subscription, **form: str) -> str:
    """Press a button about a webhook; returns the page that follows."""
    return text(admin.post(to(name, of.business, of.public_id), form, follow=True))


def book(service: Service, *, skip: int = 0) -> datetime:
    """Book on the public page; returns when it starts."""
    start = make.next_start(service, make.today(), skip=skip)
    visiting.booked(Client(), service, start, name="Zoë", email="zoe@example.org")
    return start


def heard(taken: Taken, secret: str) -> dict[str, object]:
    """Return what a program reads that believes only what is signed."""
    said = Webhook(secret).verify(taken.body, dict(taken.headers))
    assert isinstance(said, dict)
    return said


def test_what_is_booked_on_the_page_is_heard_by_the_program_and_seen_at_the_desk(
    receiver: Receiver, service: Service, admin: Client
) -> None:
    hook = subscribed(admin, service.business, receiver.url("200"))

    start = book(service)
    tasks.deliver()

    (taken,) = receiver.taken
    said = heard(taken, hook.secret)
    assert said["type"] == "booking.confirmed"
    data = said["data"]
    assert isinstance(data, dict)
    assert datetime.fromisoformat(data["appointment"]["starts_at"]) == start
    assert data["bookings"][0]["customer"]["name"] == "Zoë"
    message = Message.objects.get(subscription=hook)
    shown = text(admin.get(to("delivery", hook.business, message.public_id)))
    for seen in ("Zoë", "That makes 200.", taken.headers["webhook-signature"], "delivered"):
        assert seen in shown.replace("&quot;", '"')
    assert taken.headers["webhook-id"] in shown


def test_a_test_event_arrives_signed_and_alone(
    receiver: Receiver, service: Service, admin: Client
) -> None:
    hook = subscribed(admin, service.business, receiver.url("200"))

    assert "The test event is on its way." in press(admin, "test_webhook", hook)
    tasks.deliver()

    (taken,) = receiver.taken
    assert heard(taken, hook.secret)["type"] == "subscription.test"
    assert "delivered" in text(admin.get(to("webhook", hook.business, hook.public_id)))


def test_while_the_secret_changes_both_are_believed_and_then_only_the_new_one(
    receiver: Receiver, service: Service, admin: Client
) -> None:
    old = subscribed(admin, service.business, receiver.url("200"))
    press(admin, "rotate_webhook", old)
    new = Subscription.objects.get()

    press(admin, "test_webhook", old)
    tasks.deliver()
    Subscription.objects.update(old_secret_until=timezone.now())
    press(admin, "test_webhook", old)
    tasks.deliver()

    during, after = receiver.taken
    assert heard(during, old.secret) == heard(during, new.secret)
    heard(after, new.secret)
    with pytest.raises(WebhookVerificationError):
        heard(after, old.secret)


def test_who_fails_for_five_days_is_switched_off_and_hears_what_it_missed_in_order(
    receiver: Receiver, service: Service, admin: Client
) -> None:
    answers = {"code": 500}
    receiver.own["moody"] = lambda handler: _answer(handler, answers)
    hook = subscribed(admin, service.business, receiver.url("moody"))
    begun = timezone.now()
    book(service)
    tasks.deliver()
    assert "The receiver fails." in text(admin.get(to("webhook", hook.business, hook.public_id)))
    booking = service.appointments.get().bookings.get()
    later = make.next_start(service, make.today(), skip=3)
    commands.reschedule(booking=booking, starts_at=later, now=make.today())
    commands.cancel_booking(booking=booking, now=make.today(), actor=DESK)

    long_ago = timezone.now() - timedelta(days=5)
    Subscription.objects.update(failing_since=long_ago, paused_until=None)
    Message.objects.filter(subscription=hook).update(due_at=timezone.now())
    tasks.deliver()

    assert "It failed for five days" in text(admin.get(to("webhooks", hook.business)))
    (notice,) = [letter for letter in mail.outbox if letter.to == [hook.business.mailbox]]
    assert notice.subject == f"A webhook is switched off: {hook.business.name}"
    assert to("webhooks", hook.business) in notice.body
    states = Message.objects.filter(subscription=hook).order_by("pk")
    assert [each.state for each in states] == ["dropped"] * 3
    answers["code"], tried = 200, len(receiver.taken)
    press(admin, "enable_webhook", hook)
    span = {
        "since": f"{begun - timedelta(minutes=1):%Y-%m-%dT%H:%M}",
        "until": f"{timezone.now() + timedelta(minutes=2):%Y-%m-%dT%H:%M}",
    }
    assert "3 deliveries are on their way again." in press(admin, "redeliver_range", hook, **span)
    tasks.deliver()

    repeats = receiver.taken[tried:]
    said = [heard(taken, hook.secret) for taken in repeats]
    assert [each["type"] for each in said] == [
        *("booking.confirmed", "booking.rescheduled", "booking.cancelled")
    ]
    assert repeats[0].headers["webhook-id"] == receiver.taken[0].headers["webhook-id"]
    assert repeats[0].body == receiver.taken[0].body


def test_one_delivery_is_repeated_under_its_old_id(
    receiver: Receiver, service: Service, admin: Client
) -> None:
    hook = subscribed(admin, service.business, receiver.url("200"))
    book(service)
    tasks.deliver()
    message = Message.objects.get(subscription=hook)

    admin.post(to("redeliver", hook.business, message.public_id))
    tasks.deliver()

    first, second = receiver.taken
    assert first.body == second.body
    assert first.headers["webhook-id"] == second.headers["webhook-id"]


def test_nobody_hears_of_what_happened_after_they_said_that_they_are_gone(
    receiver: Receiver, service: Service, admin: Client
) -> None:
    hook = subscribed(admin, service.business, receiver.url("410"))
    book(service)
    tasks.deliver()
    book(service, skip=1)
    tasks.deliver()

    assert len(receiver.taken) == 1
    page = text(admin.get(to("webhook", hook.business, hook.public_id)))
    assert "The receiver said that it is gone for good (410)." in page


def _answer(handler: Handler, answers: dict[str, int]) -> None:
    status(handler, answers["code"])

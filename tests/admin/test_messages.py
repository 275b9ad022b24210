"""Messages show what became of them and how they look, and dead letters come back."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from bookings import commands, outbox
from bookings.models import Booking, ManageLink, Message
from bookings.tasks import deliver
from tests import make
from tests.admin.browse import told

LIST = "/admin/bookings/message/"


@pytest.fixture
def message(db: None) -> Message:
    """Return the confirmation of a booking to its customer."""
    booking = make.booking(contact=make.contact(name="Zoë <script>alert(1)</script>"))
    return Message.objects.get(audience="customer", booking=booking)


def given_up(message: Message) -> None:
    """Let a server refuse a message for good."""
    claimed = outbox.claim(now=timezone.now().replace(year=2040))
    while claimed is not None and claimed.pk != message.pk:
        claimed = outbox.claim(now=timezone.now().replace(year=2040))
    assert claimed is not None
    outbox.settle_refused(claimed, error="550 no such user", permanent=True, now=make.NOW)


def test_a_message_shows_the_mail_as_it_would_leave(office: Client, message: Message) -> None:
    page = office.get(f"{LIST}{message.pk}/change/")

    mail = page.context["preview"].mail
    assert mail.to == message.address
    assert mail.subject.startswith("Confirmed: ")
    assert [part.kind for part in mail.attachments] == ["text/calendar", "application/ics"]
    assert "Zoë &lt;script&gt;" in page.content.decode()
    assert "<script>alert" not in page.content.decode()


def test_looking_at_a_message_writes_nothing(office: Client, message: Message) -> None:
    ManageLink.objects.all().delete()

    office.get(f"{LIST}{message.pk}/change/")

    assert not ManageLink.objects.exists()


def test_who_looks_at_a_message_does_not_get_its_customers_link(
    office: Client, message: Message
) -> None:
    assert message.booking is not None
    token = commands.manage_token(booking=message.booking, now=make.NOW)

    page = office.get(f"{LIST}{message.pk}/change/").content.decode()
    frame = office.get(f"{LIST}{message.pk}/html/").content.decode()

    assert token not in page + frame
    assert "/m/not-shown-here/" in frame


def test_the_html_of_a_mail_runs_no_script_and_loads_nothing(
    office: Client, message: Message
) -> None:
    frame = office.get(f"{LIST}{message.pk}/html/")

    rules = frame.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in rules
    assert "frame-ancestors 'self'" in rules
    assert "sandbox allow-popups allow-popups-to-escape-sandbox" in rules
    assert not [rule for rule in rules if rule.startswith("script-src")]
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<script>alert" not in frame.content.decode()


def test_a_message_that_is_no_longer_true_says_so(office: Client, message: Message) -> None:
    Booking.objects.update(state="cancelled")

    page = office.get(f"{LIST}{message.pk}/change/")

    assert "Nothing: what it says is no longer true." in page.content.decode()
    assert office.get(f"{LIST}{message.pk}/html/").status_code == 200


def test_a_message_that_cannot_be_written_does_not_break_its_page(
    office: Client, message: Message
) -> None:
    Message.objects.update(topic="unheard-of")

    page = office.get(f"{LIST}{message.pk}/change/")

    assert "This message cannot be written; the log tells why." in page.content.decode()


def test_a_dead_letter_shows_why_and_is_sent_again(office: Client, message: Message) -> None:
    given_up(message)
    address = f"{LIST}{message.pk}/change/"
    before = office.get(address)

    page = office.post(
        before.context["decisions_url"],
        {"action": "send_again", "index": 0, "_selected_action": message.pk, "_back": message.pk},
        follow=True,
    )

    assert "550 no such user" in before.content.decode()
    assert [name for name, _label in before.context["decisions"]] == ["send_again"]
    assert told(page) == ["1 put back into the queue."]
    message.refresh_from_db()
    assert (message.state, message.attempts, message.error) == ("waiting", 0, "")


def test_what_was_not_given_up_is_not_sent_again(office: Client, message: Message) -> None:
    page = office.post(
        LIST, {"action": "send_again", "index": 0, "_selected_action": message.pk}, follow=True
    )

    assert told(page) == ["1 left as they are: only what was given up can be sent again."]


def test_messages_are_found_by_what_became_of_them(office: Client, message: Message) -> None:
    given_up(message)
    other = Message.objects.exclude(pk=message.pk)

    def shown(state: str) -> set[int]:
        return {each.pk for each in office.get(f"{LIST}?state={state}").context["cl"].result_list}

    assert shown("failed") == {message.pk}
    for state in ("waiting", "retrying", "sent", "dropped"):
        assert shown(state) == {each.pk for each in other if each.state == state}


def test_a_webhook_shows_what_it_said_and_every_try(office: Client, db: None) -> None:
    hook = make.subscription()
    business = hook.business
    outbox.record_alone(business=business, kind="hours.changed", actor="x", now=make.NOW, data={})
    told_it = outbox.claim(now=make.NOW)
    assert told_it is not None
    address = f"{LIST}{told_it.pk}/change/"
    assert "A webhook is written when it is first tried" in office.get(address).content.decode()
    Message.objects.filter(pk=told_it.pk).update(body='{"type":"<b>hours.changed"}')
    said = outbox.Exchange(status=503, answer="<i>Out of order")
    outbox.settle_refused(told_it, error="503", permanent=True, said=said, now=make.NOW)

    page = office.get(address).content.decode()

    assert "{\n  &quot;type&quot;: &quot;&lt;b&gt;hours.changed&quot;\n}" in page
    assert "503 – &lt;i&gt;Out of order" in page
    assert office.get(f"{LIST}{told_it.pk}/html/").status_code == 200
    assert told_it.pk in {row.pk for row in office.get(LIST).context["cl"].result_list}


def test_a_dead_webhook_is_sent_again_and_one_that_is_switched_off_does_no_harm(
    office: Client, db: None
) -> None:
    hook = make.subscription()
    commands.send_test_event(subscription=hook, now=make.NOW, actor=commands.SYSTEM)
    claimed = outbox.claim(now=make.NOW)
    assert claimed is not None
    outbox.settle_refused(claimed, error="410", permanent=True, now=make.NOW)
    commands.disable_subscription(subscription=hook, now=make.NOW, actor=commands.SYSTEM)
    sent = {"action": "send_again", "index": 0, "_selected_action": claimed.pk}

    assert told(office.post(LIST, sent, follow=True)) == ["1 put back into the queue."]
    deliver()

    claimed.refresh_from_db()
    assert claimed.state == "dropped"


def test_nor_the_address_of_the_calendar_of_all_their_bookings(office: Client) -> None:
    now = make.today()
    service = make.service()
    booking = make.booking(service, starts_at=make.next_start(service, now), now=now)
    commands.send_my_bookings(business=booking.business, email=booking.email, now=now)
    assert booking.customer is not None
    token = commands.feed_token(commands.feed_for(customer=booking.customer, now=now))
    mine = Message.objects.get(topic="mine")

    page = office.get(f"{LIST}{mine.pk}/change/").content.decode()
    frame = office.get(f"{LIST}{mine.pk}/html/").content.decode()

    assert "All of them in your calendar" in frame
    assert token not in page + frame

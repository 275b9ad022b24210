"""What the gateway of text messages tells us: STOP, START, HELP, and what became of a text."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from bookings import commands, sender
from bookings.commands import Contact
from bookings.models import Booking, Event, Message, StoppedNumber
from bookings.outlets.sms import Account
from tests import make
from tests.conftest import Clock
from tests.make import NOW
from tests.outlets.twilio_stand_in import NUMBER, SID, TOKEN, Twilio, signature

ANN, BASE = "+491701234567", "https://book.example"
INBOUND, REPORT = "/sms/twilio/inbound/", "/sms/twilio/report/"


def texted() -> Booking:
    """Return the booking of somebody who has got a text."""
    of = make.business(name="Salon Möwe", country="DE", phone="040 1234567")
    contact = Contact("Ann", "ann@example.org", ANN, sms_consent="Yes, please.")
    booking = make.booking(make.service(of, sends_sms=True), contact=contact)
    sender.send_due()
    return booking


def call(client: Client, path: str, fields: dict[str, str], *, signed: str | None = None) -> int:
    """Call as the gateway does; return the status of the answer."""
    signed = signature(f"{BASE}{path}", fields) if signed is None else signed
    answer = client.post(
        path,
        data=urlencode(fields),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signed},
    )
    return answer.status_code


def say(client: Client, twilio: Twilio, words: str, *, sid: str = "SM1") -> list[str]:
    """Text the portal, and return what it has texted since."""
    before = len(twilio.texts)
    assert call(client, INBOUND, twilio.texted(ANN, words, sid=sid)) == 204
    sender.send_due()
    return [text for _, text in twilio.texts[before:]]


def stopped() -> bool:
    return StoppedNumber.objects.filter(number=ANN).exists()


STOPPED = (
    "Salon Möwe: you get no more text messages from here. Your appointments stay as they are. "
    "START begins again."
)
HELP = (
    "Salon Möwe: nobody reads answers to these text messages. Please turn to 040 1234567. "
    "STOP ends the texts."
)


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["Stopp", "stopp!", "Abmelden"])
def test_a_stop_that_the_gateway_does_not_know_is_heeded_and_answered_once(
    client: Client, twilio: Twilio, word: str
) -> None:
    booking = texted()

    assert say(client, twilio, word) == [STOPPED]
    assert say(client, twilio, word) == []
    assert stopped()
    commands.cancel_booking(booking=booking, now=NOW)
    sender.send_due()
    assert Message.objects.latest("pk").error == "The owner of this number has answered STOP."


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["STOP", "stopall", "Unsubscribe", "CANCEL", "end", "Quit"])
def test_a_stop_that_the_gateway_answers_is_heeded_without_a_second_answer(
    client: Client, twilio: Twilio, word: str
) -> None:
    booking = texted()

    assert say(client, twilio, word) == []
    assert stopped()
    booking.refresh_from_db()
    assert booking.state == "confirmed"


@pytest.mark.django_db
def test_stop_and_start_are_on_record_with_the_customer_without_the_number(
    client: Client, twilio: Twilio
) -> None:
    booking = texted()
    for sid, word in enumerate(["STOP", "STOP", "Anmelden", "START"]):
        say(client, twilio, word, sid=f"SM{sid}")

    assert not stopped()
    events = Event.objects.filter(appointment=None).order_by("pk")
    assert [event.kind for event in events] == ["customer.texts_stopped", "customer.texts_started"]
    assert booking.customer is not None
    assert all(event.data == {"customer": str(booking.customer.public_id)} for event in events)


@pytest.mark.django_db
def test_start_begins_again_and_is_answered(client: Client, twilio: Twilio) -> None:
    texted()
    say(client, twilio, "Stopp")

    assert say(client, twilio, "Anmelden", sid="SM2") == [
        "Salon Möwe: you get text messages about your bookings again. STOP ends them."
    ]
    assert not stopped()


@pytest.mark.django_db
def test_help_says_whom_to_turn_to(client: Client, twilio: Twilio) -> None:
    texted()

    assert say(client, twilio, "Hilfe") == [HELP]


@pytest.mark.django_db
def test_whatever_else_is_answered_once_a_day_for_nobody_reads_it(
    client: Client, twilio: Twilio, clock: Clock
) -> None:
    texted()

    assert say(client, twilio, "I am ten minutes late", sid="SM1") == [HELP]
    assert say(client, twilio, "Hello?", sid="SM2") == []
    clock.now = NOW + timedelta(days=1)
    assert say(client, twilio, "Hello?", sid="SM3") == [HELP]
    say(client, twilio, "Stopp", sid="SM4")
    clock.now = NOW + timedelta(days=2)
    assert say(client, twilio, "Hello?", sid="SM5") == []


@pytest.mark.django_db
def test_a_stranger_is_heeded_and_not_answered(client: Client, twilio: Twilio) -> None:
    assert say(client, twilio, "Stopp") == []
    assert say(client, twilio, "Hilfe", sid="SM2") == []
    assert stopped()


@pytest.mark.django_db
def test_a_call_that_nobody_signed_changes_nothing(client: Client, twilio: Twilio) -> None:
    sid = _sid(texted())
    stop, done = twilio.texted(ANN, "STOP"), twilio.call_back(sid, "delivered")
    elsewhere = signature("https://evil.example/", stop)

    assert call(client, INBOUND, stop, signed="") == 403
    assert call(client, INBOUND, stop, signed=elsewhere) == 403
    assert call(client, REPORT, done, signed=signature(f"{BASE}{INBOUND}", done)) == 403
    assert not stopped()
    assert Message.objects.get(remote_id=sid).delivery == ""


@pytest.mark.django_db
def test_only_the_gateway_of_the_portal_has_an_address(client: Client, twilio: Twilio) -> None:
    assert client.post("/sms/vonage/inbound/").status_code == 404
    assert client.get(INBOUND).status_code == 405


@pytest.mark.django_db
def test_reports_may_overtake_each_other_and_what_arrived_has_arrived(
    client: Client, twilio: Twilio
) -> None:
    sid = _sid(texted())
    seen = []
    for status in ("sent", "queued", "delivered", "sent", "undelivered"):
        assert call(client, REPORT, twilio.call_back(sid, status)) == 204
        seen.append(Message.objects.get(remote_id=sid).delivery)

    assert seen == ["sent", "sent", "delivered", "delivered", "delivered"]


@pytest.mark.django_db
def test_a_text_that_did_not_arrive_says_why(client: Client, twilio: Twilio) -> None:
    sid = _sid(texted())

    call(client, REPORT, twilio.call_back(sid, "undelivered", error="30003"))

    row = Message.objects.get(remote_id=sid)
    assert (row.state, row.delivery, row.error) == ("sent", "undelivered", "Not delivered: 30003")


@pytest.mark.django_db
def test_a_report_of_a_text_that_is_not_ours_may_come_again(client: Client, twilio: Twilio) -> None:
    fields = {"MessageSid": "SM-unknown", "MessageStatus": "sent"}

    assert call(client, REPORT, fields) == 404


@pytest.mark.django_db(transaction=True)
def test_the_gateway_reports_to_the_address_that_came_with_the_text(
    twilio: Twilio, settings: Settings, live_server: LiveServer
) -> None:
    settings.PUBLIC_URL = live_server.url
    sid = _sid(texted())

    answer = twilio.post(twilio.messages[sid]["callback"], twilio.call_back(sid, "delivered"))

    assert answer.status_code == 204
    assert Message.objects.get(remote_id=sid).delivery == "delivered"


def _sid(booking: Booking) -> str:
    """Return what the gateway calls the text about a booking."""
    return booking.messages.get(outlet="sms").remote_id


MANY = "&".join(f"field{number}=1" for number in range(300))


@pytest.mark.django_db
@pytest.mark.parametrize("scheme", ["twilio", "vonage"])
@pytest.mark.parametrize("address", ["inbound", "report"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", rb'{"sig": "\ud800", "\udfff": "1"}'),
        ("application/json", b'{"sig": 1' + b"0" * 5000 + b"}"),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff\xfe\x00"),
        ("application/x-www-form-urlencoded", MANY.encode()),
        ("application/x-www-form-urlencoded", b"sig=%00&%ff=\xff"),
        ("multipart/form-data; boundary=x", b"--x"),
    ],
)
def test_what_nobody_has_signed_is_refused_whatever_it_says(
    client: Client, settings: Settings, scheme: str, address: str, kind: str, body: bytes
) -> None:
    settings.PUBLIC_URL, settings.SMS_GATEWAY = BASE, ""
    options = {"signature": "not told to anybody"} if scheme == "vonage" else {}
    settings.SMS = Account(scheme=scheme, user=SID, password=TOKEN, sender=NUMBER, options=options)

    answer = client.post(f"/sms/{scheme}/{address}/", data=body, content_type=kind)

    assert answer.status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize("sender_of_it", ["whatsapp:+4917012345678", "Salon", "+1\0", "72345"])
def test_who_is_no_number_is_heard_without_an_answer(
    client: Client, twilio: Twilio, sender_of_it: str
) -> None:
    fields = twilio.texted(sender_of_it, "STOP")

    assert call(client, INBOUND, fields) == 204
    assert not StoppedNumber.objects.exists()

"""Texts leave through Twilio as its API documents it, and its callbacks are believed if signed."""

from __future__ import annotations

import socket
from datetime import timedelta
from urllib.parse import urlencode

import httpx
import pytest
from pytest_django import Settings

from bookings.outlets import sms
from bookings.outlets.envelope import OutletError, Text
from bookings.outlets.sms import Account, Call, Delivery, Inbound, Report, asking
from bookings.outlets.sms.twilio import Twilio
from tests.outlets import twilio_stand_in
from tests.outlets.twilio_stand_in import NUMBER, SERVICE, SID, TOKEN, signature

ANN = "+491701234567"
REPORTS = "https://book.example/sms/twilio/report/"


def account(*, sender: str = NUMBER, token: str = TOKEN, **options: str) -> Account:
    return Account(scheme="twilio", user=SID, password=token, sender=sender, options=options)


def text(*, number: str = ANN, words: str = "Salon Möwe: see you at 9:00") -> Text:
    return Text(key="event:sms:1", number=number, words=words)


def refused(words: Text | None = None) -> OutletError:
    with pytest.raises(OutletError) as caught:
        sms.send(words or text())
    return caught.value


def call(fields: dict[str, str], *, signed: str | None = None, url: str = REPORTS) -> Call:
    """Return a call with these fields as a web server hands it over."""
    return Call(
        url=url,
        headers={
            "content-type": "application/x-www-form-urlencoded; charset=utf-8",
            "x-twilio-signature": signature(url, fields) if signed is None else signed,
        },
        body=urlencode(fields).encode(),
    )


def test_a_text_is_one_message_and_its_id_is_kept(twilio: twilio_stand_in.Twilio) -> None:
    receipt = sms.send(text())

    assert twilio.asked == [
        {
            "To": ANN,
            "From": NUMBER,
            "Body": "Salon Möwe: see you at 9:00",
            "StatusCallback": REPORTS,
        }
    ]
    assert [receipt.remote_id] == list(twilio.messages)
    assert (receipt.status, receipt.answer) == (201, "queued")


def test_a_service_sends_from_its_pool_of_numbers(
    twilio: twilio_stand_in.Twilio, settings: Settings
) -> None:
    settings.SMS = account(sender=SERVICE, api=twilio.url)

    assert sms.send(text()).answer == "accepted"
    assert twilio.asked[0]["MessagingServiceSid"] == SERVICE
    assert "From" not in twilio.asked[0]


def test_no_report_is_asked_for_where_nobody_outside_reaches_the_portal(
    settings: Settings,
) -> None:
    settings.SMS, settings.SMS_GATEWAY = account(), ""
    settings.PUBLIC_URL = "http://localhost:8000"

    assert sms._report_url(sms.gateway()) == ""
    settings.PUBLIC_URL = "https://book.example"
    assert sms._report_url(sms.gateway()) == REPORTS


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+49", "21211 Invalid 'To' Phone Number: …"),
        ("+4940123456", "21614 'To' number: …, is not a valid mobile number"),
        ("+491709999999", "21610 Attempt to send to unsubscribed recipient"),
    ],
)
def test_a_number_that_can_never_be_reached_is_final(
    twilio: twilio_stand_in.Twilio, number: str, reason: str
) -> None:
    twilio.landlines, twilio.stopped = {"+4940123456"}, {"+491709999999"}

    refusal = refused(text(number=number))

    assert (str(refusal), refusal.permanent, refusal.status) == (reason, True, 400)
    assert twilio.messages == {}


def test_words_that_are_too_long_are_final(twilio: twilio_stand_in.Twilio) -> None:
    assert refused(text(words="x" * 1601)).permanent is True


def test_a_wrong_password_is_tried_again_for_somebody_may_put_it_right(
    twilio: twilio_stand_in.Twilio, settings: Settings
) -> None:
    settings.SMS = account(token="old", api=twilio.url)

    refusal = refused()

    assert (str(refusal), refusal.permanent) == ("20003 Authenticate", False)
    assert refusal.status == 401


def test_a_sender_that_is_not_ours_is_tried_again_for_the_text_is_not_to_blame(
    twilio: twilio_stand_in.Twilio, settings: Settings
) -> None:
    settings.SMS = account(sender="+15005550007", api=twilio.url)

    assert refused().permanent is False


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("", None),
        ("17", timedelta(seconds=17)),
        ("99999999", timedelta(days=1)),
        ("Wed, 21 Oct 2031 07:28:00 GMT", None),
        ("-3", None),
    ],
)
def test_too_many_calls_wait_as_long_as_is_asked(
    twilio: twilio_stand_in.Twilio, said: str, wait: timedelta | None
) -> None:
    twilio.busy, twilio.retry_after = 1, said

    refusal = refused()

    assert (str(refusal), refusal.permanent) == ("20429 Too Many Requests", False)
    assert refusal.retry_after == wait
    assert sms.send(text()).status == 201


@pytest.mark.parametrize(
    ("status", "content", "reason"),
    [
        (500, b"<html>oops</html>", "HTTP 500"),
        (503, b"", "HTTP 503"),
        (301, b"{}", "HTTP 301"),
        (201, b"not json", "HTTP 201"),
        (201, b"[]", "HTTP 201"),
        (200, b'{"sid": "SM1"}', "HTTP 200"),
        (400, b'{"code": "21211"}', "21211"),
        (400, b'{"code": 29999, "message": "New\\nin town"}', "29999 New in town"),
    ],
)
def test_an_answer_that_nobody_documents_is_tried_again(
    twilio: twilio_stand_in.Twilio, status: int, content: bytes, reason: str
) -> None:
    twilio.raw = (status, content)

    refusal = refused()

    assert (str(refusal), refusal.permanent, refusal.status) == (reason, False, status)


def test_a_line_that_breaks_after_the_text_was_taken_is_tried_again(
    twilio: twilio_stand_in.Twilio,
) -> None:
    twilio.dies_after_taking = True

    assert refused().permanent is False
    assert len(twilio.messages) == 1


def test_silence_is_given_up_and_tried_again(
    twilio: twilio_stand_in.Twilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "TIMEOUT", httpx.Timeout(0.05))
    twilio.silent_for = 0.3

    refusal = refused()

    assert (str(refusal), refusal.permanent) == ("timed out", False)


def test_nobody_listening_is_tried_again(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed_soon:
        port = closed_soon.getsockname()[1]
    settings.SMS, settings.SMS_GATEWAY = account(api=f"http://127.0.0.1:{port}"), ""

    refusal = refused()

    assert refusal.permanent is False
    assert "refused" in str(refusal).lower()


def test_the_signature_is_that_of_the_documented_example() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "From": "+12349013030",
        "To": "+18005551212",
        "Caller": "+12349013030",
        "Digits": "1234",
    }
    example = call(
        fields,
        signed="0/KCTR6DLpKmkAf8muzZqo1nDgQ=",
        url="https://mycompany.com/myapp.php?foo=1&bar=2",
    )

    assert Twilio(account(token="12345")).is_genuine(example) is True


def test_a_call_counts_only_with_our_own_signature(twilio: twilio_stand_in.Twilio) -> None:
    gateway = sms.gateway()
    fields = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": ANN}
    with_port = "https://book.example:443/sms/twilio/report/"
    own = signature(REPORTS, fields)

    assert gateway.is_genuine(call(fields))
    assert gateway.is_genuine(call(fields, signed=signature(with_port, fields)))
    assert not gateway.is_genuine(call(fields, signed=""))
    assert not gateway.is_genuine(call(fields, signed="é"))
    assert not gateway.is_genuine(call(fields, signed=signature(REPORTS, fields, token="other")))
    assert not gateway.is_genuine(call(fields | {"MessageStatus": "failed"}, signed=own))
    assert not gateway.is_genuine(call(fields, signed=own, url="https://evil.example/"))


def test_reports_tell_what_becomes_of_a_text(twilio: twilio_stand_in.Twilio) -> None:
    sid = sms.send(text()).remote_id
    gateway = sms.gateway()

    told = [
        gateway.report(call(twilio.call_back(sid, status)))
        for status in ("queued", "sending", "sent", "delivered", "undelivered", "failed")
    ]

    assert [each.delivery for each in told if each] == [
        Delivery.QUEUED,
        Delivery.SENT,
        Delivery.SENT,
        Delivery.DELIVERED,
        Delivery.UNDELIVERED,
        Delivery.FAILED,
    ]
    unreachable = gateway.report(call(twilio.call_back(sid, "undelivered", error="30003")))
    assert unreachable == Report(remote_id=sid, delivery=Delivery.UNDELIVERED, reason="30003")
    assert gateway.report(call(twilio.call_back(sid, "something-new"))) is None
    assert gateway.report(call({"MessageStatus": "sent"})) is None


def test_a_text_to_us_is_read_and_what_twilio_answers_itself_is_known(
    twilio: twilio_stand_in.Twilio,
) -> None:
    gateway = sms.gateway()

    def read(words: str, **differs: str) -> Inbound | None:
        return gateway.inbound(call(twilio.texted(ANN, words) | differs))

    assert read("Stopp") == Inbound(remote_id="SM1", number=ANN, words="Stopp")
    assert read(" Stop ") == Inbound(remote_id="SM1", number=ANN, words=" Stop ", is_answered=True)
    to_short_code, of_service = read("STOP", To="72345"), read("Stopp", OptOutType="STOP")
    assert to_short_code is not None
    assert to_short_code.is_answered is False
    assert of_service is not None
    assert of_service.is_answered is True
    assert read("STOP", From="") is None


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"From=1"),
        ("application/json", b'{"From": ["x"]}'),
        ("application/json", b"[" * 100_000),
        ("application/json", b"\xff"),
        ("", b"From=1"),
    ],
)
def test_a_body_that_cannot_be_read_has_no_fields(kind: str, body: bytes) -> None:
    assert Call(url=REPORTS, headers={"content-type": kind}, body=body).fields == {}

"""Texts leave through Vonage's SMS API, and its callbacks are believed if signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest
from pytest_django import Settings

from bookings.outlets import sms
from bookings.outlets.envelope import OutletError, Text
from bookings.outlets.sms import Account, Call, Delivery, Inbound, Report

ANN, SECRET = "+491701234567", "the-signature-secret"
REPORTS = "https://book.example/sms/vonage/report/"


class Vonage:
    """A server that answers as told and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.status = 200
        self.said: Any = {}

    def says(self, status: str, error: str = "") -> None:
        """Answer about one part, as the SMS API does: with HTTP 200 whatever came of it."""
        part = {"to": ANN[1:], "status": status, "error-text": error}
        if status == "0":
            part = {"to": ANN[1:], "message-id": "0B00000127FDBC63", "status": "0"}
        self.status, self.said = 200, {"message-count": "1", "messages": [part]}


@pytest.fixture
def vonage(settings: Settings) -> Iterator[Vonage]:
    """Run the server; the installation sends through it."""
    kept = Vonage()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = {name: values[0] for name, values in parse_qs(body).items()}
            kept.asked.append((self.path, said))
            content = json.dumps(kept.said).encode()
            self.send_response(kept.status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    settings.PUBLIC_URL = "https://book.example"
    settings.SMS_GATEWAY = ""
    settings.SMS = account(api=f"http://127.0.0.1:{server.server_address[1]}", signature=SECRET)
    yield kept
    server.shutdown()
    server.server_close()
    thread.join()


def account(**options: str) -> Account:
    return Account(
        scheme="vonage", user="key", password="secret", sender="SalonMoewe", options=options
    )


def send(words: str = "See you at 9:00") -> str:
    return sms.send(Text(key="event:sms:1", number=ANN, words=words)).remote_id


def call(fields: dict[str, str], *, as_json: bool = False) -> Call:
    """Return a call with these fields and their signature."""
    text = "".join(
        f"&{name}={fields[name].replace('&', '_').replace('=', '_')}" for name in sorted(fields)
    )
    signed = hmac.digest(SECRET.encode(), text.encode(), hashlib.sha256).hex().upper()
    said = fields | {"sig": signed}
    kind = "application/json" if as_json else "application/x-www-form-urlencoded"
    body = json.dumps(said) if as_json else urlencode(said)
    return Call(url=REPORTS, headers={"content-type": kind}, body=body.encode())


def test_a_text_is_one_call_and_its_id_is_kept(vonage: Vonage) -> None:
    vonage.says("0")

    assert send() == "0B00000127FDBC63"
    assert vonage.asked == [
        (
            "/sms/json",
            {
                "api_key": "key",
                "api_secret": "secret",
                "from": "SalonMoewe",
                "to": "491701234567",
                "text": "See you at 9:00",
                "type": "text",
                "callback": REPORTS,
                "status-report-req": "true",
            },
        )
    ]


def test_words_beyond_the_plain_alphabet_are_sent_as_such(vonage: Vonage) -> None:
    vonage.says("0")

    send("Środa, 9:00")

    assert vonage.asked[0][1]["type"] == "unicode"


@pytest.mark.parametrize(
    ("status", "error", "is_final"),
    [
        ("1", "Throughput Rate Exceeded - please wait and retry", False),
        ("4", "Bad Credentials", False),
        ("5", "Internal Error", False),
        ("6", "Unroutable message - rejected", True),
        ("7", "Number barred", True),
        ("9", "Quota Exceeded - rejected", False),
        ("12", "Message too long", True),
        ("15", "Illegal Sender Address - rejected", False),
    ],
)
def test_only_what_the_number_or_the_words_are_to_blame_for_is_final(
    vonage: Vonage, status: str, error: str, is_final: bool
) -> None:
    vonage.says(status, error)

    with pytest.raises(OutletError) as caught:
        send()

    assert (str(caught.value), caught.value.permanent) == (f"{status} {error}", is_final)


@pytest.mark.parametrize("said", ["garbage", [], {"messages": []}, {"messages": ["x"]}])
def test_an_answer_that_nobody_documents_is_tried_again(vonage: Vonage, said: object) -> None:
    vonage.said = said

    with pytest.raises(OutletError) as caught:
        send()

    assert (str(caught.value), caught.value.permanent) == ("HTTP 200", False)


@pytest.mark.parametrize("as_json", [False, True])
def test_a_report_counts_only_if_signed(vonage: Vonage, as_json: bool) -> None:
    fields = {
        "msisdn": ANN[1:],
        "to": "SalonMoewe",
        "messageId": "0B00000127FDBC63",
        "status": "failed",
        "err-code": "6",
        "timestamp": "1930000000",
        "note": "a&b=c",
    }
    genuine = call(fields, as_json=as_json)
    forged = Call(
        url=REPORTS,
        headers=genuine.headers,
        body=genuine.body.replace(b"failed", b"delivered"),
    )
    gateway = sms.gateway()

    assert gateway.is_genuine(genuine)
    assert not gateway.is_genuine(forged)
    assert gateway.report(genuine) == Report(
        remote_id="0B00000127FDBC63", delivery=Delivery.FAILED, reason="6"
    )


def test_without_a_signature_secret_no_call_counts(settings: Settings) -> None:
    settings.SMS, settings.SMS_GATEWAY = account(), ""
    unsigned = urlencode({"sig": hmac.digest(b"", b"", hashlib.sha256).hex()}).encode()
    form = {"content-type": "application/x-www-form-urlencoded"}

    assert not sms.gateway().is_genuine(Call(url=REPORTS, headers=form, body=unsigned))


def test_delivered_has_no_reason_and_unknown_states_say_nothing(vonage: Vonage) -> None:
    delivered = {"messageId": "1", "status": "delivered", "err-code": "0"}
    gateway = sms.gateway()

    assert gateway.report(call(delivered)) == Report(remote_id="1", delivery=Delivery.DELIVERED)
    assert gateway.report(call({"messageId": "1", "status": "new"})) is None
    assert gateway.report(call({"status": "delivered"})) is None


def test_a_text_to_us_is_read(vonage: Vonage) -> None:
    fields = {"msisdn": ANN[1:], "to": "72345", "messageId": "1", "text": "Stopp", "type": "text"}

    assert sms.gateway().inbound(call(fields)) == Inbound(remote_id="1", number=ANN, words="Stopp")
    assert sms.gateway().inbound(call({"to": "72345"})) is None

"""The webhook outlet: signed as the public verifier wants it, and what each answer means."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pytest_django import Settings
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from bookings import outlets
from bookings.outlets import Hook, OutletError
from bookings.outlets.webhook import LONGEST_WAIT, signatures
from tests.outlets.receiver import Receiver

OLD = "whsec_" + base64.b64encode(b"o" * 24).decode()
NEW = "whsec_" + base64.b64encode(b"n" * 64).decode()
OTHER = "whsec_" + base64.b64encode(b"x" * 32).decode()
BODY = json.dumps({"type": "booking.confirmed", "data": {"name": "Zoë “Z” Ж"}}, ensure_ascii=False)


@pytest.fixture
def receiver(receiver: Receiver, settings: Settings) -> Receiver:
    """Return a receiver on this machine that webhooks of a known portal come to."""
    settings.PUBLIC_URL = "https://book.example"
    return receiver


def hook(url: str, *secrets: str) -> Hook:
    """Return a webhook to a URL, signed with the new secret unless told otherwise."""
    return Hook(id="0e1f9c52", url=url, body=BODY, secrets=secrets or (NEW,))


def refusal(url: str) -> OutletError:
    """Send, and return why it did not arrive."""
    with pytest.raises(OutletError) as caught:
        outlets.send(hook(url))
    return caught.value


def test_the_public_verifier_accepts_what_arrives(receiver: Receiver) -> None:
    receipt = outlets.send(hook(receiver.url("200")))

    (taken,) = receiver.taken
    assert (receipt.status, receipt.answer) == (200, "That makes 200.")
    assert Webhook(NEW).verify(taken.body, dict(taken.headers)) == json.loads(BODY)
    assert taken.body.decode() == BODY
    assert taken.headers["content-type"] == "application/json"
    assert taken.headers["user-agent"] == "booking-portal (+https://book.example)"
    assert {name: taken.headers[name] for name in receipt.headers} == receipt.headers
    assert sorted(receipt.headers) == ["webhook-id", "webhook-signature", "webhook-timestamp"]


def test_while_the_secret_changes_both_sign(receiver: Receiver) -> None:
    outlets.send(hook(receiver.url("204"), NEW, OLD))

    (taken,) = receiver.taken
    for secret in (NEW, OLD):
        assert Webhook(secret).verify(taken.body, dict(taken.headers)) == json.loads(BODY)
    with pytest.raises(WebhookVerificationError):
        Webhook(OTHER).verify(taken.body, dict(taken.headers))


def test_whoever_changes_a_letter_is_found_out(receiver: Receiver) -> None:
    outlets.send(hook(receiver.url("200")))

    (taken,) = receiver.taken
    with pytest.raises(WebhookVerificationError):
        Webhook(NEW).verify(taken.body.replace(b"confirmed", b"cancelled"), dict(taken.headers))


def test_the_signature_is_that_of_the_specification() -> None:
    known = Hook(
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        url="",
        body='{"test": 2432232314}',
        secrets=("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",),
    )

    assert signatures(known, at=datetime.fromtimestamp(1614265330, UTC)) == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "whsec_not base64",
        base64.b64encode(b"n" * 32).decode(),
        "whsec_" + base64.b64encode(b"n" * 23).decode(),
        "whsec_" + base64.b64encode(b"n" * 65).decode(),
    ],
)
def test_nothing_leaves_with_a_secret_that_is_none(receiver: Receiver, secret: str) -> None:
    with pytest.raises(ValueError, match="no secret"):
        outlets.send(hook(receiver.url("200"), secret))

    assert receiver.taken == []


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_two_hundred_and_something_is_taken(receiver: Receiver, status: int) -> None:
    assert outlets.send(hook(receiver.url(str(status)))).status == status


@pytest.mark.parametrize("status", [301, 302, 307, 308, 400, 401, 403, 404, 500, 502, 504])
def test_any_other_answer_is_tried_again(receiver: Receiver, status: int) -> None:
    refused = refusal(receiver.url(f"{status}?Location=/200&Retry-After=60"))

    assert (refused.permanent, refused.status, refused.retry_after) == (False, status, None)
    assert refused.answer == f"That makes {status}."
    assert str(status) in str(refused)
    assert "webhook-signature" in refused.headers
    assert len(receiver.taken) == 1


def test_a_receiver_that_is_gone_is_gone_for_good(receiver: Receiver) -> None:
    refused = refusal(receiver.url("410"))

    assert (refused.permanent, refused.status) == (True, 410)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("86401", LONGEST_WAIT),
        ("999999999", LONGEST_WAIT),
        ("Fri, 31 Dec 1999 23:59:59 GMT", timedelta(0)),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT),
        ("-1", None),
        ("9" * 400, LONGEST_WAIT),
        ("soon", None),
        ("Fri, 99 Foo 2031", None),
        ("", None),
    ],
)
def test_a_busy_receiver_says_how_long_it_wants_to_be_left_alone(
    receiver: Receiver, status: int, asked: str, wait: timedelta | None
) -> None:
    refused = refusal(receiver.url(f"{status}?Retry-After={asked.replace(' ', '%20')}"))

    assert (refused.permanent, refused.retry_after) == (False, wait)


def test_a_busy_receiver_may_name_a_moment(receiver: Receiver) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)

    asked = refusal(receiver.url(f"503?Retry-After={moment.replace(' ', '%20')}")).retry_after

    assert asked is not None
    assert timedelta(minutes=30) < asked <= timedelta(hours=1)


@pytest.mark.parametrize("path", ["garbage", "reset", "hang_up", "gigabyte_of_headers"])
def test_no_answer_is_tried_again(receiver: Receiver, path: str) -> None:
    refused = refusal(receiver.url(path))

    assert (refused.permanent, refused.status, refused.answer) == (False, None, "")
    assert str(refused).endswith(".")


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://127.1/",
        "https://0x7f.1/",
        "https://2130706433/",
        "https://①②⑦.⓪.⓪.①/",
        "https://[::ffff:127.0.0.1]/",
        "https://169.254.169.254/",
        "http://example.org/",
    ],
)
def test_a_url_that_is_never_called_is_given_up_at_once(url: str) -> None:
    assert refusal(url).permanent is True


def test_hosts_that_the_operator_has_not_listed_are_given_up(
    receiver: Receiver, settings: Settings
) -> None:
    settings.WEBHOOK_HOSTS = ("hooks.example",)

    assert refusal(receiver.url("200")).permanent is True
    assert receiver.taken == []


def test_the_answer_is_kept_as_text_that_can_be_read(receiver: Receiver) -> None:
    body = (
        "Zoë\r\n\x00\x1b[31mred\u202e \ud83d".encode("utf-8", "surrogatepass")
        + b"\xff"
        + b"a" * 9000
    )
    receiver.own["odd"] = lambda it: it.write(
        b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )

    answer = outlets.send(hook(receiver.url("odd"))).answer

    assert answer.startswith("Zoë\n[31mred")
    assert len(answer) == 2000
    assert answer.replace("\n", "").isprintable()


def test_a_packed_answer_stays_packed(receiver: Receiver) -> None:
    assert outlets.send(hook(receiver.url("gzip_bomb"))).answer == "(gzip, 65536 bytes)"

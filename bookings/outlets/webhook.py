"""The webhook outlet: one signed POST, as Standard Webhooks 1.0 says."""

from __future__ import annotations

import binascii
import hmac
from base64 import b64decode, b64encode
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from django.conf import settings

from bookings.calendars.text import one_line, paragraphs
from bookings.engine.urls import Reach
from bookings.outlets.envelope import Hook, OutletError, Receipt
from bookings.outlets.fetching import Answer, FetchError, fetch

LONGEST_WAIT: Final = timedelta(days=1)
"""The longest that a receiver may put us off for."""

_SECRET: Final = "whsec_"
_SECRET_LENGTHS: Final = range(24, 65)
_LONGEST_ANSWER: Final = 2000


def send(hook: Hook) -> Receipt:
    """Post a webhook, and return what the receiver said to it.

    Raises:
        OutletError: no answer came, or another than 2xx. Permanent where the receiver is gone
            (410) or its URL is never called; where it is too busy (429, 503), `retry_after` is
            what it asks for, at most a day.
        ValueError: a secret is none of Standard Webhooks 1.0.
    """
    signed = signatures(hook, at=datetime.now(UTC))
    try:
        answer = fetch(
            "POST",
            hook.url,
            headers={
                "Content-Type": "application/json",
                "User-Agent": f"booking-portal (+{settings.PUBLIC_URL})",
                **signed,
            },
            body=hook.body.encode(),
            reach=Reach(hosts=settings.WEBHOOK_HOSTS, loopback=settings.WEBHOOK_LOOPBACK),
        )
    except FetchError as failure:
        raise OutletError(str(failure), permanent=failure.permanent, headers=signed) from failure
    if 200 <= answer.status < 300:
        return Receipt(status=answer.status, answer=_words(answer), headers=signed)
    raise OutletError(
        _reason(answer.status),
        permanent=answer.status == HTTPStatus.GONE,
        retry_after=_wait(answer),
        status=answer.status,
        answer=_words(answer),
        headers=signed,
    )


def signatures(hook: Hook, *, at: datetime) -> dict[str, str]:
    """Return the headers that sign a webhook sent at this moment, a signature for each secret."""
    stamp = str(int(at.timestamp()))
    text = f"{hook.id}.{stamp}.{hook.body}".encode()
    signed = [hmac.digest(_key(secret), text, sha256) for secret in hook.secrets]
    return {
        "webhook-id": hook.id,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(f"v1,{b64encode(each).decode()}" for each in signed),
    }


def _key(secret: str) -> bytes:
    with suppress(binascii.Error):
        key = b64decode(secret.removeprefix(_SECRET), validate=True)
        if secret.startswith(_SECRET) and len(key) in _SECRET_LENGTHS:
            return key
    raise ValueError("This is no secret for webhooks.")


def _reason(status: int) -> str:
    if status == HTTPStatus.GONE:
        return "The receiver says that it is gone for good (410)."
    if 300 <= status < 400:
        return f"The receiver redirects ({status}); redirects are not followed."
    return f"The receiver answered {status}."


def _wait(answer: Answer) -> timedelta | None:
    """Return how long a busy receiver wants to be left alone (RFC 9110 §10.2.3), if it says."""
    if answer.status not in (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE):
        return None
    asked = answer.headers.get("retry-after", "").strip()
    if asked.isascii() and asked.isdigit():
        return min(timedelta(seconds=int(asked.lstrip("0")[:9] or 0)), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(asked)
    except (ValueError, OverflowError):
        return None
    wait = until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)
    return max(timedelta(0), min(wait, LONGEST_WAIT))


def _words(answer: Answer) -> str:
    """Return the beginning of an answer as text to be read; what is packed stays packed."""
    packed = answer.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("", "identity"):
        return f"({one_line(packed, 40)}, {len(answer.body)} bytes)"
    return paragraphs(answer.body.decode("utf-8", errors="replace"), _LONGEST_ANSWER)

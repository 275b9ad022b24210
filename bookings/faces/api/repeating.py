"""Calls that may be repeated: the same Idempotency-Key gets the same answer.

As in draft-ietf-httpapi-idempotency-key-header: the answer is kept for 48 hours and written in the
transaction of what was decided, so there is never one without the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from http import HTTPStatus
from typing import Final

from django.db import connection
from rest_framework.request import Request

from bookings.commands import ANSWERS_KEPT
from bookings.faces.api.answering import Answer
from bookings.faces.api.problems import Problem
from bookings.models import KeptAnswer

HEADER: Final = "Idempotency-Key"
LEASE: Final = timedelta(seconds=60)
"""How long a call may be under way before a repeat may take it over."""
LONGEST: Final = 255

_NOT_KEPT: Final = frozenset({409, 429})
"""What may be different a moment later; nor is a failure of ours kept."""

_CLAIM: Final = """
INSERT INTO bookings_keptanswer AS kept
  (digest, fingerprint, leased_until, created_at, headers, body)
VALUES (%(digest)s, %(fingerprint)s, %(until)s, %(now)s, '{}', '')
ON CONFLICT (digest) DO UPDATE
  SET fingerprint = excluded.fingerprint, leased_until = excluded.leased_until,
      created_at = excluded.created_at, status = NULL, headers = '{}', body = ''
  WHERE kept.created_at <= %(over)s
     OR kept.status IS NULL AND kept.leased_until <= %(now)s
        AND kept.fingerprint = excluded.fingerprint
RETURNING id
"""


@dataclass
class Repeatable:
    """A call with a key that is under way here, and nowhere else."""

    number: int
    leased_until: datetime

    def keep(self, given: Answer) -> None:
        """Keep the answer for repeats, in the transaction of the caller. Cost: one update.

        Raises:
            Problem: 409, the lease is over and somebody else has taken the call over.
        """
        rows = KeptAnswer.objects.filter(
            pk=self.number, status=None, leased_until=self.leased_until
        )
        if not rows.update(status=given.status, headers=dict(given.headers), body=given.body):
            raise _under_way()

    def settle(self, refusal: Answer) -> None:
        """Keep a refusal; of one that may not stay true keep nothing, a repeat is a new call."""
        if refusal.status in _NOT_KEPT or refusal.status >= 500:
            mine = KeptAnswer.objects.filter(pk=self.number, leased_until=self.leased_until)
            mine.filter(status=None).delete()
        else:
            self.keep(refusal)


def begun(request: Request, caller: str, *, now: datetime) -> Repeatable | Answer | None:
    """Begin a call that may be repeated, or return the answer that it got before.

    None where the call has no key. Cost: one insert, one query more for a repeat.

    Raises:
        Problem: 400, the key is none; 409, the same call is still under way; 410, the answer
            named somebody who was erased since; 422, the key was used for another body.
    """
    if HEADER not in request.headers:
        return None
    key = request.headers[HEADER].strip().strip('"')
    if not key or len(key) > LONGEST or not key.isprintable():
        raise Problem(400, "bad_key", f"An {HEADER} has 1 to {LONGEST} printable characters.")
    until = now + LEASE
    digest = sha256(
        "\n".join((caller, f"{request.method} {request.path}", key)).encode()
    ).hexdigest()
    fingerprint = sha256(request.get_full_path().encode() + b"\n" + request.body).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            _CLAIM,
            {
                "digest": digest,
                "fingerprint": fingerprint,
                "until": until,
                "now": now,
                "over": now - ANSWERS_KEPT,
            },
        )
        if row := cursor.fetchone():
            return Repeatable(row[0], until)
    return _earlier(KeptAnswer.objects.filter(digest=digest).first(), fingerprint)


def _earlier(kept: KeptAnswer | None, fingerprint: str) -> Answer:
    if kept is not None and kept.status == HTTPStatus.GONE and not kept.body:
        raise Problem(410, "erased", "Whom the answer was about has been erased since.")
    if kept is not None and kept.fingerprint != fingerprint:
        raise Problem(422, "key_reused", f"This {HEADER} was used for something else.")
    if kept is None or kept.status is None:
        raise _under_way()
    return Answer(kept.status, kept.body, kept.headers | {"Idempotency-Replayed": "true"})


def _under_way() -> Problem:
    detail = "The same call is still under way."
    return Problem(409, "under_way", detail, headers={"Retry-After": "1"})

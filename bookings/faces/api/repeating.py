"""Calls that may be repeated: the same Idempotency-Key gets the same answer.

As in draft-ietf-httpapi-idempotency-key-header: the answer is kept for 48 hours and written in the
transaction of what was decided, so there is never one without the other. While a call is under way
that transaction holds a lock, which is gone the moment it ends, and with the process that dies.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final

from django.db import connection
from rest_framework.request import Request

from bookings.commands import ANSWERS_KEPT
from bookings.faces.api.answering import Answer
from bookings.faces.api.problems import Problem
from bookings.faces.api.sealing import Unreadable, opened, sealed
from bookings.models import KeptAnswer

HEADER: Final = "Idempotency-Key"
LONGEST: Final = 255

_NOT_KEPT: Final = frozenset({409, 412, 429})
"""What may be different a moment later; nor is a failure of ours kept."""

_KEEP: Final = """
INSERT INTO bookings_keptanswer AS kept (digest, fingerprint, status, sealed, about, created_at)
VALUES (%(digest)s, %(fingerprint)s, %(status)s, %(sealed)s, %(about)s, %(now)s)
ON CONFLICT (digest) DO UPDATE
  SET fingerprint = excluded.fingerprint, status = excluded.status, sealed = excluded.sealed,
      about = excluded.about, created_at = excluded.created_at
  WHERE kept.created_at <= %(over)s
RETURNING id
"""
_NAMES: Final = re.compile(
    r"(?<![\w-])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[2-9A-Z]{5}-[2-9A-Z]{5})(?![\w-])"
)
"""Public ids and references of bookings."""


class Answered(Exception):
    """The same call has been answered meanwhile: what this one was to decide must be undone."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


@dataclass(frozen=True)
class Repeatable:
    """A call with a key, by whose digest and body the same call is known again."""

    key: str
    digest: str
    fingerprint: str
    now: datetime

    def earlier(self) -> Answer | None:
        """Return the answer that the call got before; None where it got none. Cost: one query.

        Raises:
            Problem: 410, the answer named somebody who was erased since, or cannot be read any
                more; 422, the key was used for another body.
        """
        since = self.now - ANSWERS_KEPT
        kept = KeptAnswer.objects.filter(digest=self.digest, created_at__gt=since).first()
        if kept is None:
            return None
        if not kept.sealed:
            raise Problem(410, "erased", "Whom the answer was about has been erased since.")
        if kept.fingerprint != self.fingerprint:
            raise Problem(422, "key_reused", f"This {HEADER} was used for something else.")
        try:
            given = opened(bytes(kept.sealed), key=self.key, digest=self.digest)
        except Unreadable:
            raise _lost(kept.status) from None
        return Answer(given.status, given.body, {**given.headers, "Idempotency-Replayed": "true"})

    def begin(self) -> None:
        """Keep everybody else from making the call until the caller's transaction ends.

        Raises:
            Problem: 409, somebody else is making it.
        """
        number = int.from_bytes(bytes.fromhex(self.digest)[:8], signed=True)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            if cursor.fetchone() != (True,):
                raise _under_way()

    def keep(self, given: Answer) -> None:
        """Keep the answer for repeats, in the transaction of the caller. Cost: one insert.

        Raises:
            Answered: somebody else was faster.
        """
        if not self._kept(given):
            raise Answered(self._of_the_other())

    def settle(self, refusal: Answer) -> Answer | None:
        """Keep a refusal, unless the same call got an answer meanwhile, which is returned.

        Of a refusal that may not stay true nothing is kept: a repeat is a new call.
        """
        if refusal.status >= 500:
            return None
        if refusal.status in _NOT_KEPT:
            return self.earlier()
        return None if self._kept(refusal) else self._of_the_other()

    def _kept(self, given: Answer) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                _KEEP,
                {
                    "digest": self.digest,
                    "fingerprint": self.fingerprint,
                    "status": given.status,
                    "sealed": sealed(given, key=self.key, digest=self.digest),
                    "about": sorted(set(_NAMES.findall(given.body))),
                    "now": self.now,
                    "over": self.now - ANSWERS_KEPT,
                },
            )
            return cursor.fetchone() is not None

    def _of_the_other(self) -> Answer:
        answer = self.earlier()
        if answer is None:
            raise _under_way()
        return answer


def repeatable(request: Request, caller: str, *, now: datetime) -> Repeatable | None:
    """Return the call as one that may be repeated; None where it is no POST or has no key.

    `caller` says whose key it is: others may use the same for calls of their own.

    Raises:
        Problem: 400, the key is none.
    """
    if request.method != "POST" or HEADER not in request.headers:
        return None
    key = request.headers[HEADER].strip().strip('"')
    if not key or len(key) > LONGEST or not key.isprintable():
        raise Problem(400, "bad_key", f"An {HEADER} has 1 to {LONGEST} printable characters.")
    digest = sha256("\n".join((caller, f"POST {request.path}", key)).encode()).hexdigest()
    sent = request.get_full_path().encode() + b"\n" + request.body
    return Repeatable(key, digest, hmac.digest(key.encode(), sent, "sha256").hex(), now)


def _under_way() -> Problem:
    detail = "The same call is still under way."
    return Problem(409, "under_way", detail, headers={"Retry-After": "1"})


def _lost(status: int) -> Problem:
    detail = f"This call was answered with {status}; what the answer said cannot be read any more."
    return Problem(410, "answer_lost", detail, answered=status)

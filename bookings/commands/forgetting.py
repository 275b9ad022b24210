"""Making events and messages nameless: the one exception to “what happened is never changed”."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import datetime

from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection

from bookings.models import Attempt, Event, KeptAnswer, Message
from bookings.models.outbox import WAITING

ERASED = "(erased)"
"""What stands where a name stood."""

NAMELESS = frozenset(
    {"starts_at", "ends_at", "staff", "bookings", "overrides", "seats", "state"}
    | {"topic", "audience", "purpose", "choice", "until"}
)
"""What an event says about times, staff and numbers, and nobody has typed about a person."""


def rewrite(events: Iterable[Event], change: Callable[[Event], None]) -> None:
    """Change the data and actors of events, which the database allows to nobody else.

    Cost: three statements.
    """
    changed = list(events)
    for event in changed:
        change(event)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL bookings.erasing = 'on'")
        Event.objects.bulk_update(changed, ["data", "actor"], batch_size=500)
        cursor.execute("SET LOCAL bookings.erasing = 'off'")


def drop(message_ids: Iterable[int], *, now: datetime) -> None:
    """Settle what has not left yet; a sender that holds one settles it no more."""
    waiting = Message.objects.filter(WAITING)
    waiting.filter(pk__in=list(message_ids)).update(dropped_at=now)


def forget(message_ids: Iterable[int]) -> None:
    """Take customers' addresses, and what mail servers said, out of messages.

    The new key carries the names of the letters that were written under the old ones (see
    `outlets.kept`), so that those which lie in files can be found. What was answered to tries
    goes too. Leases end: a sender that is at it right now keeps nothing of what it said or was
    answered, and what it sent is sent again, nameless. Cost: two statements.
    """
    numbers = list(message_ids)
    Attempt.objects.filter(message__in=numbers).update(answer="", error="")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings_message SET error = '', body = '', remote_id = '',"
            " leased_until = NULL,"
            " address = CASE WHEN audience = 'customer' THEN '' ELSE address END,"
            " key = left(CASE WHEN key LIKE 'erased:%%' THEN key ELSE 'erased' END || ':'"
            " || left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 40), 400)"
            " WHERE id = ANY(%s::bigint[])",
            [numbers],
        )


def forget_in_sessions(words: Iterable[str]) -> None:
    """Take out of all sessions what quotes one of these words: forms that wait to be sent.

    Who is signed in stays so. Cost: reads every session, and two statements for each that
    changes.
    """
    looked_for = _in_json(words)
    for seen in Session.objects.order_by("pk").iterator():
        if not _quoting(seen, looked_for):
            continue
        session = Session.objects.select_for_update(no_key=True).filter(pk=seen.pk).first()
        if session is not None:
            quoting = _quoting(session, looked_for)
            kept = {name: v for name, v in session.get_decoded().items() if name not in quoting}
            session.session_data = SessionStore().encode(kept)
            session.save(update_fields=["session_data"])


def forget_answers(ids: Iterable[str]) -> None:
    """Wipe what programs were answered about any of these, and what is kept for repeats.

    `ids` are public ids and references of bookings. A repeat is told that its answer is gone, and
    decides nothing. Cost: one statement, which reads all that is kept.
    """
    about = KeptAnswer.objects.filter(about__overlap=list(ids))
    about.update(sealed=b"", about=[], fingerprint="")


def _in_json(words: Iterable[str]) -> list[str]:
    """Return words as they stand in JSON, in small letters."""
    return [json.dumps(word, ensure_ascii=False)[1:-1].lower() for word in words]


def _quoting(session: Session, words: list[str]) -> set[str]:
    """Return the names under which a session quotes any of the words."""
    said = {
        name: json.dumps(value, ensure_ascii=False).lower()
        for name, value in session.get_decoded().items()
        if not name.startswith("_auth")
    }
    return {name for name, text in said.items() if any(word in text for word in words)}


def nameless(data: dict[str, object]) -> dict[str, object]:
    """Return of an event's data what names nobody."""
    return {name: value for name, value in data.items() if name in NAMELESS}


def redacted(value: object, words: Iterable[str]) -> object:
    """Return a value with these words unreadable in all its strings, however deep they lie.

    >>> redacted({"reason": "Ann Lee is ill", "staff": ["Ann Lee"]}, ["Ann Lee"])
    {'reason': '(erased) is ill', 'staff': ['Ann Lee']}
    """
    if isinstance(value, dict):
        return {
            name: each if name in NAMELESS else redacted(each, words)
            for name, each in value.items()
        }
    if isinstance(value, list):
        return [redacted(each, words) for each in value]
    if not isinstance(value, str):
        return value
    for word in words:
        value = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", ERASED, value, flags=re.IGNORECASE)
    return value

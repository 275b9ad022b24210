"""Making events and messages nameless: the one exception to “what happened is never changed”."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import connection

from bookings.models import Event, Message

ERASED = "(erased)"
"""What stands where a name stood."""

NAMELESS = {"starts_at", "ends_at", "staff", "bookings", "overrides", "seats", "state"}
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
    waiting = Message.objects.filter(sent_at=None, failed_at=None, dropped_at=None)
    waiting.filter(pk__in=list(message_ids)).update(dropped_at=now)


def forget(message_ids: Iterable[int]) -> None:
    """Take customers' addresses, and what mail servers said, out of messages.

    The new key carries the names of the letters that were written under the old ones (see
    `outlets.kept`), so that those which lie in files can be found. Cost: one statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE bookings_message SET error = '',"
            " address = CASE WHEN audience = 'customer' THEN '' ELSE address END,"
            " key = left(CASE WHEN key LIKE 'erased:%%' THEN key ELSE 'erased' END || ':'"
            " || left(encode(sha256(convert_to(key, 'UTF8')), 'hex'), 40), 400)"
            " WHERE id = ANY(%s::bigint[])",
            [list(message_ids)],
        )


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

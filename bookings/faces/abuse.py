"""What strangers may do in a stretch of time: from one network, to one business, to one mailbox.

The booking pages and the API without a token count together. Neither addresses nor mailboxes are
kept, only what a keyed hash makes of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.conf import settings
from django.utils.crypto import salted_hmac

from bookings.commands import HOLD
from bookings.errors import TooOften
from bookings.faces.counting import Limit, counter
from bookings.models import Business

ResultT = TypeVar("ResultT")

HOLDS: Final = 20
"""So many times one network may hold through the API while a hold lasts."""


def count_hold(connection: str, *, now: datetime) -> None:
    """Count that a network holds a time.

    Raises:
        TooOften: it has held too many of late.
    """
    _count(f"holds:{connection}", Limit(HOLDS, HOLD), now=now)


def count_change(business: Business, *, now: datetime) -> None:
    """Count that a stranger takes time of a business, or other time than they had.

    Raises:
        TooOften: strangers have done so too often of late.
    """
    limit = Limit(settings.PUBLIC_CHANGES_PER_HOUR, timedelta(hours=1))
    _count(f"changes:{business.public_id}", limit, now=now)


def count_letter(email: str, *, now: datetime) -> None:
    """Count that a stranger has a letter sent to a mailbox; to none that is no letter.

    Raises:
        TooOften: it has been sent too many of late.
    """
    if email:
        limit = Limit(settings.LETTERS_PER_DAY, timedelta(days=1))
        _count(named("mailbox", mailbox(email)), limit, now=now)


def mailbox(email: str) -> str:
    """Return where mail to an address ends up, as far as can be told.

    What stands behind a plus and the dots in a name change nothing for many providers; where they
    do, two people share a limit, which does less harm than one who gets letters without end.

    >>> mailbox("Jo.Meyer+sports@Example.org")
    'jomeyer@example.org'
    """
    name, _, domain = email.strip().lower().rpartition("@")
    return f"{name.partition('+')[0].replace('.', '')}@{domain}"


def named(kind: str, whom: str) -> str:
    """Return the name under which somebody is counted; it does not tell who it is."""
    return f"{kind}:{salted_hmac('bookings.limits', whom, algorithm='sha256').hexdigest()[:32]}"


def once_counted(make: Callable[[], ResultT], *counts: Callable[[], None]) -> Callable[[], ResultT]:
    """Return a command that is called once all counts have let it pass; of a repeat none is."""

    def counted() -> ResultT:
        for count in counts:
            count()
        return make()

    return counted


def _count(what: str, limit: Limit, *, now: datetime) -> None:
    quota = counter.count(what, limit, now=now)
    if quota.is_over:
        raise TooOften(seconds=quota.seconds)

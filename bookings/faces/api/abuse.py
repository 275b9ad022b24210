"""What strangers may do in a stretch of time: from one network, to one business, to one mailbox.

Neither addresses nor mailboxes are kept, only what a keyed hash makes of them.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, TypeVar

from django.conf import settings
from django.utils.crypto import salted_hmac

from bookings.commands import HOLD
from bookings.faces.api.throttle import Limit, Quota, calls_limit, counter
from bookings.models import Business

ResultT = TypeVar("ResultT")

HOLDS: Final = 20
"""So many times one network may hold while a hold lasts."""


def calls_of(network: str, *, now: datetime) -> Quota:
    """Count a call from a network and return what is left to it."""
    return counter.count(named("address", network), calls_limit(), now=now)


def count_hold(connection: str, *, now: datetime) -> None:
    """Count that a network holds a time.

    Raises:
        Problem: 429, it has held too many of late.
    """
    said = f"More than {HOLDS} times held in {HOLD.seconds // 60} minutes."
    counter.count(f"holds:{connection}", Limit(HOLDS, HOLD, said), now=now).enforce()


def count_change(business: Business, *, now: datetime) -> None:
    """Count that a stranger takes, moves or gives back time of a business.

    Raises:
        Problem: 429, strangers have done so too often of late.
    """
    most = settings.PUBLIC_CHANGES_PER_HOUR
    said = f"More than {most} holds, bookings and changes at this business in an hour."
    limit = Limit(most, timedelta(hours=1), said)
    counter.count(f"changes:{business.public_id}", limit, now=now).enforce()


def count_letter(email: str, *, now: datetime) -> None:
    """Count that a stranger has a letter sent to a mailbox; to none that is no letter.

    Raises:
        Problem: 429, it has been sent too many of late.
    """
    if not email:
        return
    most = settings.LETTERS_PER_DAY
    said = f"More than {most} letters to this e-mail address in a day."
    limit = Limit(most, timedelta(days=1), said)
    counter.count(named("mailbox", mailbox(email)), limit, now=now).enforce()


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

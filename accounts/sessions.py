"""Who is signed in where: sessions of one person, and the end of all of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from accounts.models import User
from accounts.oauth.grants import end_all_of

BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)
"""What browsers say they are, in the order in which it can be believed."""


@dataclass(frozen=True)
class Place:
    """Where somebody is signed in: the row, and the browser in two words."""

    session: UserSession
    browser: str
    is_here: bool


def places(user: User) -> list[Place]:
    """Return where a user is signed in: this browser first, then the newest first."""
    rows = UserSession.objects.purge_and_list(user)
    found = [Place(row, named(row.user_agent), row.is_current()) for row in rows]
    return sorted(found, key=lambda p: (not p.is_here, -p.session.created_at.timestamp()))


def named(user_agent: str) -> str:
    """Return the browser and the system that a browser says it is, "" for what nobody knows."""
    words = [
        next((word for sign, word in signs if sign in user_agent), "")
        for signs in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(word for word in words if word)


@transaction.atomic
def disable(user: User, *, now: datetime) -> None:
    """Switch an account off and end what it has open; nothing of it opens anything any more.

    This is the one place where an account ends. Switched on again it starts with nothing open.
    Calendar feeds of its making need nothing here: each reading asks whether their maker may
    still see what is in them, and they are empty until the account is switched on again.
    Programs that it lets work end with it, and so does what others have let programs of its
    making do. Locks the user's row. Cost: that of `end_sessions` and four queries.
    """
    _switch(user, is_active=False)
    end_sessions(user, now=now)
    end_tokens(user, now=now)


@transaction.atomic
def enable(user: User, *, now: datetime) -> None:
    """Switch an account on again: its person may sign in, and nothing from before comes back.

    A sign-in that was under way while the account was switched off may have left a session, or a
    token. Locks the user's row. Cost: as `disable`.
    """
    _switch(user, is_active=True)
    end_sessions(user, now=now)
    end_tokens(user, now=now)


def end_sessions(user: User, *, now: datetime) -> None:
    """End every session of a user, those included that no list of theirs shows.

    Who a session belongs to stands in its signed data alone. Cost: reads all sessions that have
    not expired, those of staff and of nobody else, and two deletions.
    """
    ended = [
        session.pk
        for session in Session.objects.filter(expire_date__gt=now).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(pk__in=ended).delete()
    UserSession.objects.filter(user=user).delete()


def end_tokens(user: User, *, now: datetime) -> None:
    """End every token of a user, and those that clients of theirs have. Cost: two queries."""
    user.access_tokens.filter(revoked_at=None).update(revoked_at=now)
    end_all_of(user)


def _switch(user: User, *, is_active: bool) -> None:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    user.is_active = is_active
    user.save(update_fields=["is_active"])

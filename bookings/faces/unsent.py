"""What somebody typed and sent after their session had ended, kept until they are signed in again.

It lies in the session of the browser that sent it, and survives the sign-in there: for whoever
that browser has shown the desk to last, and for nobody else who signs in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

KEY = "unsent"
COOKIE = f"{settings.SESSION_COOKIE_NAME}-whose"
"""Names, signed, whose desk a browser has shown last; it outlives the session."""
LARGEST = 64 * 1024
"""Characters of one form that are kept; more is no typing."""
KEPT_FOR = timedelta(hours=2)
SECRETS = ("csrfmiddlewaretoken", "password")


@dataclass(frozen=True)
class Unsent:
    """A form as it was sent: the path it was for, and its fields in their order."""

    address: str
    fields: list[tuple[str, str]]


def sign(request: HttpRequest, response: HttpResponseBase) -> None:
    """Remember in the browser whose desk the response shows, and so whose typing comes next."""
    whose = str(request.user.pk)
    if _whose(request) != whose:
        response.set_signed_cookie(
            COOKIE,
            whose,
            max_age=settings.SESSION_COOKIE_AGE * 2,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )


def _whose(request: HttpRequest) -> str:
    return str(request.get_signed_cookie(COOKIE, default=""))


def keep(request: HttpRequest, *, now: datetime) -> None:
    """Keep the fields of a POST, in the place of what was kept before.

    Never files, passwords or the token against forgery; nothing at all of what is too large, or
    of who is not known to have seen the desk. The session of a visitor who does not come back
    ends as soon as the form is no longer kept.
    """
    whose = _whose(request)
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(secret in name.lower() for secret in SECRETS)
        for value in values
    ]
    if not whose or sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return
    request.session[KEY] = {
        "whose": whose,
        "address": request.get_full_path(),
        "fields": fields,
        "until": (now + KEPT_FOR).isoformat(),
    }
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)


def waiting(request: HttpRequest, *, now: datetime) -> Unsent | None:
    """Return the form of this user that waits in this browser, None when there is none.

    What is too old, or somebody else's, is dropped.
    """
    kept = request.session.get(KEY)
    if not kept:
        return None
    is_old = datetime.fromisoformat(kept["until"]) <= now
    if is_old or kept["whose"] != str(request.user.pk):
        forget(request)
        return None
    return Unsent(kept["address"], [(name, value) for name, value in kept["fields"]])


def forget(request: HttpRequest, address: str = "") -> None:
    """Drop the form that waits; with an address, only one that is for it."""
    kept = request.session.get(KEY)
    if kept and address in ("", kept["address"]):
        del request.session[KEY]

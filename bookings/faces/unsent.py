"""What somebody typed and sent after their session had ended, kept until they are signed in again.

It lies in the session of the browser that sent it, and survives the sign-in there.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpRequest

KEY = "unsent"
LARGEST = 64 * 1024
"""Characters of one form that are kept; more is no typing."""
KEPT_FOR = timedelta(hours=2)
SECRETS = ("csrfmiddlewaretoken", "password")


@dataclass(frozen=True)
class Unsent:
    """A form as it was sent: the path it was for, and its fields in their order."""

    address: str
    fields: list[tuple[str, str]]


def keep(request: HttpRequest, *, now: datetime) -> None:
    """Keep the fields of a POST, in the place of what was kept before.

    Never files, passwords or the token against forgery; nothing at all of what is too large. The
    session of a visitor who does not come back ends as soon as the form is no longer kept.
    """
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if not any(secret in name.lower() for secret in SECRETS)
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return
    until = (now + KEPT_FOR).isoformat()
    request.session[KEY] = {"address": request.get_full_path(), "fields": fields, "until": until}
    if not request.user.is_authenticated:
        request.session.set_expiry(KEPT_FOR)


def waiting(request: HttpRequest, *, now: datetime) -> Unsent | None:
    """Return the form that waits to be sent by this browser, None when there is none."""
    kept = request.session.get(KEY)
    if not kept or datetime.fromisoformat(kept["until"]) <= now:
        return None
    return Unsent(kept["address"], [(name, value) for name, value in kept["fields"]])


def forget(request: HttpRequest, address: str = "") -> None:
    """Drop the form that waits; with an address, only one that is for it."""
    kept = request.session.get(KEY)
    if kept and address in ("", kept["address"]):
        del request.session[KEY]

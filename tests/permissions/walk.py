"""One cell of the matrix: an actor knocks, and what came of it is looked at."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client

from accounts.doors import Door
from portal.routes import Route

UNWATCHED = (
    "django_session",
    "usersessions_usersession",
    "cache",
    "bookings_callcount",
)
"""Tables that a request may write for itself: who it is, and how often it came."""


@dataclass
class Answer:
    """What one request came to: a verdict, the rows it wrote and the words it gave away.

    `is_let_in` is None where the view does not take the verb at all.
    """

    status: int
    is_let_in: bool | None
    rows: int
    text: str = field(repr=False)


class _Undo(Exception):
    """Ends the savepoint of a cell."""


@dataclass(frozen=True)
class Knock:
    """What is sent where: a browser sends a form without fields, a program a body and a token."""

    verb: str
    address: str
    route: Route
    body: str = ""
    kind: str = "application/x-www-form-urlencoded"
    token: str = ""


def knock(client: Client, sent: Knock) -> Answer:
    """Send a request, look at what it wrote, and undo it, a sign-out included."""
    cookies = client.cookies.copy()
    headers = {"Authorization": f"Bearer {sent.token}"} if sent.token else {}
    try:
        with transaction.atomic():
            before = _written()
            response = client.generic(
                sent.verb, sent.address, sent.body, content_type=sent.kind, headers=headers
            )
            answer = Answer(
                response.status_code,
                _is_let_in(response, sent.route),
                _written() - before,
                _words(response),
            )
            raise _Undo
    except _Undo:
        client.cookies = cookies
        return answer


def _is_let_in(response: HttpResponseBase, route: Route) -> bool | None:
    """Read a verdict: refusals and the ways to a sign-in keep out; the rest is an answer.

    Django's admin leads from a row that is not there for somebody to its index.
    """
    if response.status_code == 405:
        return None
    leads = response.headers.get("Location", "")
    out = ["/accounts/login/?next", "/admin/login/?next"]
    if route.door not in (Door.PUBLIC, Door.LINK, Door.SIGNED_IN):
        out.append("/accounts/2fa/")
    is_not_there = leads == "/admin/" and "object_id" in route.pattern
    is_refused = response.status_code in (401, 403, 404)
    is_refused |= leads == "/accounts/2fa/" and not route.pattern.startswith("accounts/")
    return not (is_refused or is_not_there or leads.startswith(tuple(out)))


def _written() -> int:
    """Return how many rows this transaction has inserted, changed and deleted so far."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)"
            " FROM pg_stat_xact_user_tables WHERE relname <> ALL(%s)",
            [list(UNWATCHED)],
        )
        return int(cursor.fetchone()[0])


def _words(response: HttpResponseBase) -> str:
    """Return everything an answer says, headers included."""
    parts = getattr(response, "streaming_content", None)
    body = b"".join(parts) if parts is not None else getattr(response, "content", b"")
    heads = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    return heads + "\n" + body.decode(errors="replace")

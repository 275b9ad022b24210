"""Which program calls, and on whose behalf: the bearer of an access token (RFC 6750)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from allauth.idp.oidc.internal.resources import is_resources_subset
from allauth.idp.oidc.models import Client, Token
from django.db import connection
from django.db.models import Q

from accounts.models import AccessToken, User
from accounts.scopes import Scope, covered

TOKEN: Final = "token:"
"""How the names of personal access tokens begin, as programs."""
PREFIX: Final = "bpt_"
"""How personal access tokens begin, so that people and scanners of secrets know one."""
SHOWN: Final = 12
"""So much of the beginning of a token is kept to tell it from others."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""That a token was used is noted once in so long."""


class TokenRefused(Exception):
    """A token that lets nobody in: unknown, expired, revoked, or its owner's account is off."""


@dataclass(frozen=True)
class Caller:
    """A program with a valid token.

    `program` names the token or the client, for records; `name` is for people.
    """

    user: User
    scopes: frozenset[Scope]
    program: str
    name: str

    @property
    def connection(self) -> str:
        """Return what names the program as it works for this user, for limits and for repeats.

        A client that many have let in has calls of its own for each of them, and none of them
        ever gets an answer that was kept for another.
        """
        is_own = self.program.startswith(TOKEN)
        return self.program if is_own else f"{self.program}:{self.user.pk}"


def caller_of(token: str, *, address: str, now: datetime) -> Caller:
    """Return whose token it is that is brought to an address.

    Cost: one query, once a minute one update.

    Raises:
        TokenRefused: it is unknown, expired or revoked, it was not given for this address
            (RFC 8707), or its owner's account is switched off, or that of its client's maker.
    """
    own = token.startswith(PREFIX)
    caller = _by_own_token(token, now) if own else _by_client(token, address)
    if caller is None or not caller.user.is_active:
        raise TokenRefused()
    return caller


def issue(
    *, user: User, name: str, scopes: Iterable[Scope], expires_at: datetime | None, now: datetime
) -> tuple[AccessToken, str]:
    """Make a personal access token; returns the row and the token, which is never shown again."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = AccessToken.objects.create(
        user=user,
        name=name,
        prefix=token[:SHOWN],
        digest=_digest(token),
        scopes=sorted(scopes),
        created_at=now,
        expires_at=expires_at,
    )
    return row, token


def revoke(token: AccessToken, *, now: datetime) -> None:
    """Let a token be good for nothing from now on."""
    AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now)


def live(now: datetime) -> Q:
    """Return the condition under which an access token works."""
    return Q(Q(expires_at=None) | Q(expires_at__gt=now), revoked_at=None)


def connection_of(key: AccessToken | Client) -> str:
    """Return what names a token or a client in records."""
    is_token = isinstance(key, AccessToken)
    return f"{TOKEN}{key.public_id}" if is_token else f"client:{key.pk}"


_OF_USER: Final = ("id", "is_superuser", "email", "name", "is_active")
"""What of a user is read with their token, as the model orders it; the rest is when asked for."""

_OWN: Final = f"""
SELECT t.id, t.public_id, t.name, t.scopes, t.last_used_at, {", ".join(f"u.{c}" for c in _OF_USER)}
FROM accounts_accesstoken t JOIN accounts_user u ON u.id = t.user_id
WHERE t.digest = %(digest)s AND t.revoked_at IS NULL
  AND (t.expires_at IS NULL OR t.expires_at > %(now)s)
"""
"""As `live` has it. Every call asks this, and to put it into words would cost more than to ask."""


def _by_own_token(token: str, now: datetime) -> Caller | None:
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"digest": _digest(token), "now": now})
        row = cursor.fetchone()
    if row is None:
        return None
    number, public_id, name, scopes, last_used_at, *of_user = row
    if last_used_at is None or now - last_used_at >= SEEN_EVERY:
        AccessToken.objects.filter(pk=number).update(last_used_at=now)
    user = User.from_db(connection.alias, _OF_USER, of_user)
    return Caller(user, covered(scopes), f"{TOKEN}{public_id}", name)


def _by_client(token: str, address: str) -> Caller | None:
    rows = Token.objects.valid().select_related("user", "client__owner")
    row = rows.lookup(Token.Type.ACCESS_TOKEN, token)
    if row is None or row.client is None:
        return None
    if not is_resources_subset([address], row.get_resources()):
        return None
    maker = row.client.owner
    user = row.user or maker
    if not isinstance(user, User) or (maker is not None and not maker.is_active):
        return None
    scopes = set(row.get_scopes()) & set(row.client.get_scopes())
    return Caller(user, covered(scopes), connection_of(row.client), row.client.name)


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()

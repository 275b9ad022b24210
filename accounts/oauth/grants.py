"""What was let in, as rows: codes, access tokens and refresh tokens that come of one consent.

All of them carry the same `grant` in their data. A code or a refresh token that was used stays as
`spent` for a while: whoever brings it again has stolen it, or was stolen from.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from allauth.idp.oidc.models import Client, Token
from django.db.models import Q

from accounts.models import User

REMEMBERED: Final = timedelta(days=30)
"""How long a code or a refresh token is known after it was used or has expired."""


def locked(kind: Token.Type, value: str, client: Client) -> Token | None:
    """Return the code or token of a client with this value, spent and expired ones too.

    Locks the row: of two who bring the same one at once, the second sees it spent. Cost: one
    query, by index.
    """
    rows = Token.objects.select_for_update(of=("self",)).select_related("user")
    row: Token | None = rows.by_value(value).filter(type=kind, client=client).first()
    return row


def is_good(row: Token, *, now: datetime) -> bool:
    """Say whether a code or a refresh token has not expired and whose it is may sign in."""
    return bool(row.expires_at > now and row.user is not None and row.user.is_active)


def is_spent(row: Token) -> bool:
    """Say whether a code or a refresh token was used before."""
    return bool(noted(row).get("spent"))


def spend(row: Token, *, now: datetime) -> None:
    """Let a code or a refresh token be good for nothing but to be known again. Cost: one update."""
    row.data = noted(row) | {"spent": True}
    row.expires_at = now
    row.save(update_fields=["data", "expires_at"])


def end_grant(row: Token) -> None:
    """End all that came of the consent that a row comes of. Cost: one deletion."""
    same = {"client": row.client_id, "user": row.user_id, "data__grant": noted(row)["grant"]}
    Token.objects.filter(**same).delete()


def end_all_of(user: User) -> None:
    """End all that a user has let in, and all that others have let clients of theirs do.

    Cost: one deletion.
    """
    Token.objects.filter(Q(user=user) | Q(client__owner=user)).delete()


def forget_ended(*, now: datetime) -> None:
    """Delete the tokens that have expired, and codes and refresh tokens a while after that.

    Cost: two deletions.
    """
    ended = Token.objects.filter(expires_at__lte=now)
    ended.filter(type=Token.Type.ACCESS_TOKEN).delete()
    ended.filter(expires_at__lte=now - REMEMBERED).delete()


def noted(row: Token) -> dict[str, Any]:
    """Return what a row carries beside its columns."""
    return row.data if isinstance(row.data, dict) else {}

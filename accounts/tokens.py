"""Personal access tokens as their owners look after them: made, listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.callers import issue, live
from accounts.forms import plain
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from accounts.wanted import locked, refuse, why_not_name, why_not_scopes

MOST: Final = 20
"""How many tokens that still work somebody may have."""


@dataclass(frozen=True)
class WantedToken:
    """A token as typed; without `expires_at` it works until it is revoked."""

    name: str
    scopes: Sequence[str]
    expires_at: datetime | None


@transaction.atomic
def make_token(*, user: User, wanted: WantedToken, now: datetime) -> tuple[AccessToken, str]:
    """Make an access token; returns the row and the token, which is never shown again.

    Locks the user. Cost: three queries.

    Raises:
        ValidationError: the name is missing, too long or that of another of theirs that works;
            there is no scope, or an unknown one; it would have expired; they have too many.
    """
    owner = locked(user)
    names = list(working_tokens(owner, now=now).values_list("name", flat=True))
    name = plain(wanted.name)
    is_over = wanted.expires_at is not None and wanted.expires_at <= now
    refuse(
        name=why_not_name(name, names),
        scopes=why_not_scopes(wanted.scopes),
        expires_at=_("This day is over. Choose one that is still to come.") if is_over else "",
    )
    if len(names) >= MOST:
        said = _("You have %(most)s tokens, which is the most. Revoke one first.")
        raise ValidationError(said % {"most": MOST})
    scopes = [Scope(each) for each in wanted.scopes]
    return issue(user=owner, name=name, scopes=scopes, expires_at=wanted.expires_at, now=now)


def working_tokens(user: User, *, now: datetime) -> QuerySet[AccessToken]:
    """Return the tokens of a user that work, the newest first."""
    return user.access_tokens.filter(live(now)).order_by("-created_at", "-pk")


def ended_tokens(user: User, *, now: datetime) -> QuerySet[AccessToken]:
    """Return the tokens of a user that were revoked or have expired, the newest first."""
    ended = Q(revoked_at__isnull=False) | Q(expires_at__lte=now)
    return user.access_tokens.filter(ended).order_by("-created_at", "-pk")

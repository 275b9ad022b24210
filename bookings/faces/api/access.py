"""Who calls, and whether they may: the bearer of a token, its scopes, the role of its owner."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from rest_framework.request import Request

from accounts.callers import Caller, TokenRefused, caller_of
from accounts.factors import never_set_up_factor
from accounts.models import User
from accounts.roles import Capability, Role
from accounts.scopes import Scope
from bookings.errors import NotAllowed
from bookings.faces.api.problems import Problem
from bookings.queries.colleagues import Colleague, colleague_of

REALM = 'Bearer realm="api"'


def caller_behind(request: Request, *, now: datetime) -> Caller:
    """Return the program that calls, by the token in its Authorization header (RFC 6750).

    A token in the address is not looked at: addresses end up in logs.

    Raises:
        Problem: 401, there is no token or it lets nobody in.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        detail, headers = "Send an access token as a bearer.", {"WWW-Authenticate": REALM}
        raise Problem(401, "unauthenticated", detail, headers=headers)
    try:
        address = f"{settings.PUBLIC_URL}{request.path}"
        return caller_of(token.strip(), address=address, now=now)
    except TokenRefused:
        headers = {"WWW-Authenticate": f'{REALM}, error="invalid_token"'}
        detail = "The access token is unknown, expired or revoked."
        raise Problem(401, "invalid_token", detail, headers=headers) from None


def require_scope(caller: Caller, scope: Scope) -> None:
    """Refuse a token that is not good for this.

    Raises:
        Problem: 403, naming the scope that is missing.
    """
    if scope not in caller.scopes:
        said = f'{REALM}, error="insufficient_scope", scope="{scope}"'
        raise Problem(
            403,
            "insufficient_scope",
            f"The access token lacks the scope {scope}.",
            headers={"WWW-Authenticate": said},
            scope=scope.value,
        )


def require_factor(user: User) -> None:
    """Refuse an admin who has not set up the second factor that the settings require.

    A password alone would make a token; so where admins need a second factor on the desk, their
    tokens are good for nothing until they have one. Cost: one query where that is set.

    Raises:
        Problem: 403.
    """
    if never_set_up_factor(user):
        detail = "Admins need a second factor here. Set one up in the portal."
        raise Problem(403, "factor_required", detail)


def colleague_behind(caller: Caller, business: UUID, needs: Capability) -> Colleague:
    """Return who the owner of the token is in a business.

    Raises:
        NotFound: there is no such business, or they have no part in it.
        NotAllowed: their role there does not include `needs`.
        Problem: 403, they are an admin without the second factor that the settings require.
    """
    known = colleague_of(caller.user, business)
    if known.role is Role.ADMIN:
        require_factor(caller.user)
    if not known.may(needs):
        raise NotAllowed()
    return known

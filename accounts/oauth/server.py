"""The grants there are, and no others: a code with PKCE, a client's own, a refresh token."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.conf import settings
from oauthlib.common import Request
from oauthlib.oauth2 import AuthorizationCodeGrant as CodeGrant
from oauthlib.oauth2 import (
    AuthorizationEndpoint,
    BearerToken,
    ClientCredentialsGrant,
    IntrospectEndpoint,
    RefreshTokenGrant,
    RevocationEndpoint,
    TokenEndpoint,
)
from oauthlib.oauth2.rfc6749 import errors
from oauthlib.openid import UserInfoEndpoint
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrant as IdentityGrant
from oauthlib.openid.connect.core.grant_types import AuthorizationCodeGrantDispatcher
from oauthlib.openid.connect.core.grant_types.dispatchers import AuthorizationTokenGrantDispatcher

from accounts.oauth.validator import ACCESS_LIFE, Validator

GRANT_TYPES = ("authorization_code", "client_credentials", "refresh_token")

_S256 = re.compile(r"[A-Za-z0-9_-]{43}")


class Server(
    AuthorizationEndpoint, IntrospectEndpoint, TokenEndpoint, RevocationEndpoint, UserInfoEndpoint
):
    """Answers one request."""

    def __init__(self) -> None:
        """Put together the grants."""
        validator = Validator()
        bearer = BearerToken(
            validator, token_generator=_opaque, expires_in=int(ACCESS_LIFE.total_seconds())
        )
        code = CodeGrant(validator, pre_auth=[only_s256])
        identity = IdentityGrant(validator, pre_auth=[only_s256])
        for grant in (code, identity):
            grant.register_code_modifier(_name_issuer)
        AuthorizationEndpoint.__init__(
            self,
            default_response_type="code",
            default_token_type=bearer,
            response_types={"code": AuthorizationCodeGrantDispatcher(code, identity)},
        )
        TokenEndpoint.__init__(
            self,
            default_grant_type="authorization_code",
            default_token_type=bearer,
            grant_types={
                "authorization_code": AuthorizationTokenGrantDispatcher(validator, code, identity),
                "client_credentials": ClientCredentialsGrant(validator),
                "refresh_token": RefreshTokenGrant(validator),
            },
        )
        for endpoint in (RevocationEndpoint, IntrospectEndpoint, UserInfoEndpoint):
            endpoint.__init__(self, validator)


def only_s256(request: Request) -> dict[str, Any]:
    """Refuse a challenge that is not the SHA-256 of a verifier (RFC 7636, RFC 9700 §2.1.1).

    Raises:
        OAuth2Error: the client is told so.
    """
    if request.code_challenge is None:
        raise errors.MissingCodeChallengeError(request=request)
    if request.code_challenge_method != "S256":
        raise errors.UnsupportedCodeChallengeMethodError(request=request)
    if not _S256.fullmatch(request.code_challenge):
        raise errors.InvalidRequestError(description="Malformed code_challenge.", request=request)
    return {}


def _opaque(request: Request) -> str:
    """Return a token of 256 random bits."""
    return secrets.token_urlsafe(32)


def _name_issuer(code: dict[str, Any], handler: object, request: Request) -> dict[str, Any]:
    """Say with a code who gives it, so that no client takes it elsewhere (RFC 9207)."""
    return code | {"iss": settings.PUBLIC_URL}

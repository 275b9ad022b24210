"""What oauthlib asks while it answers a request: whether it is right, and what to keep of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final
from uuid import uuid4

from allauth.core.internal.httpkit import extract_basic_auth
from allauth.idp.oidc.internal.oauthlib.request_validator import OAuthLibRequestValidator
from allauth.idp.oidc.internal.oauthlib.utils import get_validator_context
from allauth.idp.oidc.internal.resources import InvalidTargetError, is_resources_subset
from allauth.idp.oidc.models import Client, Token
from django.utils import timezone
from oauthlib.common import Request

from accounts.oauth.clients import IDENTITY, may_return_to, working_client
from accounts.oauth.grants import end_grant, is_good, is_spent, locked, noted, spend

CODE_LIFE: Final = timedelta(seconds=60)
ACCESS_LIFE: Final = timedelta(hours=1)
REFRESH_LIFE: Final = timedelta(days=90)
"""A refresh token is good for one use in so long, and then there is another."""


class Validator(OAuthLibRequestValidator):
    """Answers for one request, in its transaction.

    `source` is the code or refresh token that new tokens come of.
    """

    source: Token | None = None

    def _lookup_client(self, request: Request, client_id: str) -> Client | None:
        known = get_validator_context().clients
        if client_id not in known:
            known[client_id] = working_client(client_id)
        client: Client | None = known[client_id]
        return client

    def authenticate_client(self, request: Request, *args: Any, **kwargs: Any) -> bool:
        """Say whether the client proves who it is; in one way, and as one client (§2.3)."""
        named, _ = extract_basic_auth(request.headers)
        if named and (request.client_secret or request.client_id not in (None, named)):
            return False
        return bool(super().authenticate_client(request, *args, **kwargs))

    def validate_redirect_uri(
        self, client_id: str, redirect_uri: str, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Say whether people may be sent back there."""
        return may_return_to(redirect_uri, request.client)

    def validate_response_type(
        self,
        client_id: str,
        response_type: str,
        client: Client,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        """Say whether a client may ask for this: people who let it in get a code, and no more."""
        return (
            response_type == "code"
            and Client.GrantType.AUTHORIZATION_CODE in client.get_grant_types()
        )

    def validate_scopes(
        self,
        client_id: str,
        scopes: Iterable[str],
        client: Client,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        """Say whether the client may ask for these: its own, and who somebody is."""
        is_alone = request.grant_type == Client.GrantType.CLIENT_CREDENTIALS
        return set(scopes) <= {*client.get_scopes(), *(() if is_alone else IDENTITY)}

    def validate_grant_type(
        self,
        client_id: str,
        grant_type: str,
        client: Client,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        """Say whether a client may have tokens in this way; without an owner it is nobody's."""
        is_alone = grant_type == Client.GrantType.CLIENT_CREDENTIALS
        return grant_type in client.get_grant_types() and not (is_alone and client.owner is None)

    def is_pkce_required(self, client_id: str, request: Request) -> bool:
        """Say that nobody gets a code without a proof of who may use it, whatever the client."""
        return True

    def validate_silent_authorization(self, request: Request) -> bool:
        """Say that nothing is let in without being asked."""
        return False

    def save_authorization_code(
        self, client_id: str, code: dict[str, Any], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Keep a code: its SHA-256, and what has to be the same when it is used."""
        now = timezone.now()
        row = Token(
            type=Token.Type.AUTHORIZATION_CODE,
            client=request.client,
            user=request.user,
            created_at=now,
            expires_at=now + CODE_LIFE,
            data={
                "grant": uuid4().hex,
                "challenge": request.code_challenge,
                "redirect_uri": request.redirect_uri,
                "nonce": request.nonce,
            },
        )
        row.set_value(code["code"])
        row.set_scopes(request.scopes)
        row.set_resources(get_validator_context().requested_resources or [])
        row.save(force_insert=True)

    def validate_code(
        self, client_id: str, code: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Say whether a code is good; brought again it ends what came of it (§4.1.2)."""
        return self._is_good(locked(Token.Type.AUTHORIZATION_CODE, code, client), request)

    def validate_refresh_token(
        self, refresh_token: str, client: Client, request: Request, *args: Any, **kwargs: Any
    ) -> bool:
        """Say whether a refresh token is good; brought again it ends what came of it (RFC 9700)."""
        return self._is_good(locked(Token.Type.REFRESH_TOKEN, refresh_token, client), request)

    def _is_good(self, row: Token | None, request: Request) -> bool:
        if row is not None and is_spent(row):
            end_grant(row)
            return False
        if row is None or not is_good(row, now=timezone.now()):
            return False
        self.source = row
        request.user, request.scopes = row.user, row.get_scopes()
        return True

    def get_authorization_code_scopes(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> list[str]:
        """Return what a code is for, before it is known whether it is good."""
        row = Token.objects.by_value(code).filter(type=Token.Type.AUTHORIZATION_CODE).first()
        return row.get_scopes() if row else []

    def get_original_scopes(
        self, refresh_token: str, request: Request, *args: Any, **kwargs: Any
    ) -> list[str]:
        """Return what a refresh token is for."""
        return list(self._origin().get_scopes())

    def get_authorization_code_nonce(
        self, client_id: str, code: str, redirect_uri: str, request: Request
    ) -> str | None:
        """Return what the client wants to find in the ID token."""
        nonce: str | None = noted(self._origin())["nonce"]
        return nonce

    def get_code_challenge(self, code: str, request: Request) -> str | None:
        """Return what the verifier has to match."""
        challenge: str = noted(self._origin())["challenge"]
        return challenge

    def get_code_challenge_method(self, code: str, request: Request) -> str | None:
        """Return how: no code was given for anything else."""
        return "S256"

    def confirm_redirect_uri(
        self,
        client_id: str,
        code: str,
        redirect_uri: str,
        client: Client,
        request: Request,
        *args: Any,
        **kwargs: Any,
    ) -> bool:
        """Say whether the code was sent to this address."""
        return bool(noted(self._origin())["redirect_uri"] == redirect_uri)

    def invalidate_authorization_code(
        self, client_id: str, code: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Do nothing: what tokens come of is spent when they are kept."""

    def save_bearer_token(
        self, token: dict[str, Any], request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """Keep new tokens, and spend what they come of. Cost: one insert, at most one update.

        A client that may not stay let in gets no refresh token.

        Raises:
            InvalidTargetError: they are wanted for more places than was agreed to (RFC 8707).
        """
        if Client.GrantType.REFRESH_TOKEN not in request.client.get_grant_types():
            token.pop("refresh_token", None)
        agreed = self.source.get_resources() if self.source else []
        wanted = get_validator_context().requested_resources or agreed
        if not is_resources_subset(wanted, agreed):
            raise InvalidTargetError
        rows = [self._row(Token.Type.ACCESS_TOKEN, token["access_token"], request, wanted)]
        rows[0].set_scopes(request.scopes)
        if refresh_token := token.get("refresh_token"):
            row = self._row(Token.Type.REFRESH_TOKEN, refresh_token, request, agreed)
            row.set_scopes(self._origin().get_scopes())
            rows.append(row)
        if self.source:
            spend(self.source, now=timezone.now())
        Token.objects.bulk_create(rows)

    def revoke_token(
        self, token: str, token_type_hint: str, request: Request, *args: Any, **kwargs: Any
    ) -> None:
        """End a token of the client; with a refresh token ends all of its grant (RFC 7009 §2.1)."""
        kinds = [Token.Type.ACCESS_TOKEN, Token.Type.REFRESH_TOKEN]
        rows = Token.objects.by_value(token).filter(type__in=kinds, client=request.client)
        for row in rows:
            if row.type == Token.Type.REFRESH_TOKEN:
                end_grant(row)
            else:
                row.delete()

    def validate_bearer_token(self, token: str, scopes: Iterable[str], request: Request) -> bool:
        """Say whether a token is good, and so is its client."""
        is_valid = super().validate_bearer_token(token, scopes, request)
        return bool(is_valid and working_client(request.client.pk))

    def _row(self, kind: Token.Type, value: str, request: Request, places: list[str]) -> Token:
        now = timezone.now()
        life = ACCESS_LIFE if kind == Token.Type.ACCESS_TOKEN else REFRESH_LIFE
        row = Token(
            type=kind,
            client=request.client,
            user=request.user,
            created_at=now,
            expires_at=now + life,
            data={"grant": noted(self.source)["grant"]} if self.source else {},
        )
        row.set_value(value)
        row.set_resources(places)
        return row

    def _origin(self) -> Token:
        assert self.source is not None, "oauthlib asks after it was found good"
        return self.source

"""What the portal decides about the authorization server; the rest is allauth's."""

from __future__ import annotations

from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from django.conf import settings
from django.core.exceptions import ValidationError


class IssuerAdapter(DefaultOIDCAdapter):
    """Issues in the portal's name, for the portal's addresses."""

    def get_issuer(self) -> str:
        """Return the portal's address, whatever the request calls it."""
        return str(settings.PUBLIC_URL)

    def validate_resource_uris(self, *, uris: list[str], **kwargs: Any) -> None:
        """Refuse tokens for other places than the portal (RFC 8707).

        Raises:
            ValidationError: there are some.
        """
        if any(not f"{uri}/".startswith(f"{settings.PUBLIC_URL}/") for uri in uris):
            raise ValidationError("No tokens are given for other places.")

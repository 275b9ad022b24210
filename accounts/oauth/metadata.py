"""What clients find out by themselves (RFC 8414, OpenID Connect Discovery)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from accounts.doors import Door, opens_to
from accounts.oauth.clients import BY_SECRET, IDENTITY
from accounts.oauth.server import GRANT_TYPES
from accounts.scopes import Scope


@opens_to(Door.PUBLIC)
@require_safe
def metadata(request: HttpRequest) -> HttpResponse:
    """Tell where everything is, and what there is."""
    known = {
        "issuer": settings.PUBLIC_URL,
        **{
            f"{name}_endpoint": settings.PUBLIC_URL + reverse(f"oauth:{view}")
            for name, view in {
                "authorization": "authorize",
                "token": "token",
                "revocation": "revoke",
                "introspection": "introspect",
                "userinfo": "userinfo",
            }.items()
        },
        "jwks_uri": settings.PUBLIC_URL + reverse("oauth:jwks"),
        "service_documentation": f"{settings.PUBLIC_URL}/developers/",
        "scopes_supported": [*IDENTITY, *map(str, Scope)],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "fragment"],
        "grant_types_supported": GRANT_TYPES,
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [*BY_SECRET, "none"],
        "revocation_endpoint_auth_methods_supported": [*BY_SECRET, "none"],
        "introspection_endpoint_auth_methods_supported": BY_SECRET,
        "authorization_response_iss_parameter_supported": True,
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "claims_supported": ["sub", "name", "email", "email_verified"],
    }
    response = JsonResponse(known)
    response["Access-Control-Allow-Origin"] = "*"
    return response

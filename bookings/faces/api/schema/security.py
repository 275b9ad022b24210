"""What lets a program in: a token that somebody made, or one that a client got for them."""

from __future__ import annotations

from django.urls import reverse

from accounts.scopes import SCOPES, Scope
from bookings.faces.api.schema.components import Json


def schemes() -> Json:
    """Return the security schemes: name → Security Scheme Object, in the language of now."""
    scopes = {scope.value: str(said) for scope, said in SCOPES.items()}
    token = reverse("oauth:token")
    where = {"tokenUrl": token, "refreshUrl": token, "scopes": scopes}
    return {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A personal access token. People make them under “Developers”, each for"
            " the scopes that they choose.",
        },
        "oauth2": {
            "type": "oauth2",
            "description": "A client asks somebody for their consent (authorization code; with"
            " PKCE, S256 alone, from every client), or acts for whoever made it (client"
            " credentials). Send the access token as a bearer. A refresh token is good once and"
            " comes with its successor. A scope to write includes the one to read.",
            "flows": {
                "authorizationCode": {"authorizationUrl": reverse("oauth:authorize"), **where},
                "clientCredentials": {"tokenUrl": token, "scopes": scopes},
            },
        },
    }


def needing(scope: Scope) -> list[Json]:
    """Return what an operation needs: one of the schemes, with a scope."""
    return [{name: [scope.value]} for name in ("token", "oauth2")]

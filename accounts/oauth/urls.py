"""The addresses of the authorization server; programs find them in its metadata."""

from __future__ import annotations

from allauth.idp.oidc.views import jwks
from django.urls import path

from accounts.oauth import consent, endpoints, metadata

app_name = "oauth"

urlpatterns = [
    path(".well-known/oauth-authorization-server", metadata.metadata, name="metadata"),
    path(".well-known/openid-configuration", metadata.metadata, name="configuration"),
    path(".well-known/jwks.json", jwks, name="jwks"),
    path("oauth/authorize", consent.authorize, name="authorize"),
    path("oauth/token", endpoints.token, name="token"),
    path("oauth/revoke", endpoints.revoke, name="revoke"),
    path("oauth/introspect", endpoints.introspect, name="introspect"),
    path("oauth/userinfo", endpoints.userinfo, name="userinfo"),
]

"""A client that people let in, as it talks to the authorization server."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.idp.oidc.models import Client
from django.core.cache import cache
from django.test import Client as Http
from django.utils import timezone

from accounts.clients import CODE, CREDENTIALS, REFRESH, WantedClient, make_client
from accounts.models import User
from accounts.scopes import Scope
from bookings.models import Business
from tests import make

BACK = "https://crm.example/back"
SCOPES = (Scope.SERVICES_READ, Scope.BOOKINGS_WRITE)


@pytest.fixture(autouse=True)
def _nobody_has_tried(db: None) -> None:
    """Count tries from none."""
    cache.clear()


def verifier() -> tuple[str, str]:
    """Return a verifier and its challenge."""
    proof = secrets.token_urlsafe(48)
    digest = hashlib.sha256(proof.encode()).digest()
    return proof, base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


@dataclass
class Party:
    """A client, and the browser of somebody who may let it in."""

    owner: User
    user: User
    is_public: bool = False
    grants: tuple[str, ...] = (CREDENTIALS, CODE, REFRESH)
    uris: tuple[str, ...] = (BACK,)
    browser: Http = field(default_factory=Http)
    http: Http = field(default_factory=lambda: Http(raise_request_exception=False))

    def __post_init__(self) -> None:
        wanted = WantedClient("CRM", self.is_public, self.grants, self.uris, SCOPES)
        self.row, self.secret = make_client(owner=self.owner, wanted=wanted, now=timezone.now())
        self.proof, self.challenge = verifier()
        self.browser.force_login(self.user)

    @property
    def basic(self) -> dict[str, str]:
        pair = base64.b64encode(f"{self.row.pk}:{self.secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def asks(self, **changed: str) -> dict[str, str]:
        """Return what it asks for; an empty value leaves a parameter out."""
        asked = {
            "response_type": "code",
            "client_id": self.row.pk,
            "redirect_uri": BACK,
            "scope": "services:read bookings:write",
            "state": "xyz",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return {name: value for name, value in (asked | changed).items() if value}

    def page(self, **changed: str) -> Any:
        return self.browser.get("/oauth/authorize", self.asks(**changed))

    def decide(self, granted: list[str] | None = None, **changed: str) -> Any:
        """Let it in, for these scopes or all it asks for; `deny` for none."""
        asked = self.asks(**changed)
        page = self.browser.get("/oauth/authorize", asked)
        offered = re.findall(r'name="scopes" value="([^"]+)"', page.content.decode())
        sent = {"allow": "1", "scopes": offered if granted is None else granted}
        return self.browser.post("/oauth/authorize", sent, query_params=asked)

    def code(self, **changed: str) -> str:
        return told(self.decide(**changed))["code"]

    def token(self, **sent: Any) -> Any:
        """Ask for tokens; a public client only says who it is."""
        body = {"client_id": self.row.pk} | sent if self.is_public else sent
        headers = {} if self.is_public else self.basic
        return self.http.post("/oauth/token", body, headers=headers)

    def exchange(self, code: str, **changed: Any) -> Any:
        sent = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": BACK,
            "code_verifier": self.proof,
        }
        return self.token(**sent | changed)

    def refresh(self, token: str, **changed: Any) -> Any:
        return self.token(grant_type="refresh_token", refresh_token=token, **changed)

    def tokens(self) -> dict[str, Any]:
        """Be let in; returns what the token endpoint says."""
        return self.exchange(self.code()).json()

    def post(self, path: str, body: dict[str, str]) -> Any:
        return self.http.post(path, body, headers=self.basic)


def told(answer: Any) -> dict[str, str]:
    """Return the parameters with which somebody is sent back."""
    assert answer.status_code == 303, answer.content
    assert answer["Location"].startswith(BACK)
    return dict(parse_qsl(urlsplit(answer["Location"]).query))


@pytest.fixture
def business() -> Business:
    return make.business()


@pytest.fixture
def party(business: Business) -> Party:
    return Party(make.user(), make.member(business))


@pytest.fixture
def works(business: Business) -> Any:
    """Return the status with which the API answers a token."""
    make.service(business)

    def ask(token: str, path: str = "services/") -> int:
        address = f"/api/v1/businesses/{business.public_id}/{path}"
        return Http().get(address, headers={"Authorization": f"Bearer {token}"}).status_code

    return ask


__all__ = ["BACK", "Client", "Party", "told", "verifier"]

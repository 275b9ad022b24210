"""From the page Developers to the list of calls: everything a new program goes through."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from allauth.idp.oidc.models import Client as App
from django.core.cache import cache
from django.test import Client as Http
from django.urls import reverse

from accounts.clients import CODE, REFRESH
from bookings.faces.api.journal import journal
from bookings.models import Business
from tests import make
from tests.accounts.oauth.conftest import verifier
from tests.faces.desk.desking import signed_in, text
from tests.faces.developers.test_keys import secret_in

pytestmark = pytest.mark.django_db

BACK = "https://crm.example/back"
KEY = {
    "name": "CRM",
    "kind": "confidential",
    "grants": [CODE, REFRESH],
    "redirect_uris": BACK,
    "reach": "some",
    "scopes": ["services:read", "bookings:write"],
}


@dataclass
class Crm:
    """A program that knows its id, its secret, and where the portal is."""

    name: str
    secret: str
    business: Business
    http: Http = field(default_factory=Http)
    said: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.proof, self.challenge = verifier()
        self.places = self.http.get("/.well-known/oauth-authorization-server").json()

    def question(self) -> str:
        """Return the address that it sends people to."""
        asked = {
            "response_type": "code",
            "client_id": self.name,
            "redirect_uri": BACK,
            "scope": "services:read bookings:write",
            "state": "xyz",
            "code_challenge": self.challenge,
            "code_challenge_method": "S256",
        }
        return f"{urlsplit(self.places['authorization_endpoint']).path}?{urlencode(asked)}"

    def ask(self, endpoint: str, **sent: str) -> Any:
        """Say something to the authorization server."""
        pair = base64.b64encode(f"{self.name}:{self.secret}".encode()).decode()
        path = urlsplit(self.places[f"{endpoint}_endpoint"]).path
        return self.http.post(path, sent, headers={"Authorization": f"Basic {pair}"})

    def fetch(self, **sent: str) -> int:
        """Fetch tokens, by a code or by a refresh token; returns the status."""
        answer = self.ask("token", **sent)
        self.said = answer.json()
        return int(answer.status_code)

    def exchange(self, code: str) -> int:
        return self.fetch(
            grant_type="authorization_code",
            code=code,
            redirect_uri=BACK,
            code_verifier=self.proof,
        )

    def refresh(self, token: str) -> int:
        return self.fetch(grant_type="refresh_token", refresh_token=token)

    def call(self, token: str, path: str = "services/") -> int:
        address = f"/api/v1/businesses/{self.business.public_id}/{path}"
        return self.http.get(address, headers={"Authorization": f"Bearer {token}"}).status_code


@pytest.fixture
def business() -> Business:
    cache.clear()
    return make.service().business


@pytest.fixture
def hers(business: Business) -> Http:
    return signed_in(make.member(business, email="ada@example.org", name="Ada"))


@pytest.fixture
def crm(hers: Http, business: Business) -> Crm:
    """Return a program whose key somebody has just made on the page Developers."""
    made = hers.post(reverse("developers:new_client"), KEY)
    return Crm(secret_in(made, "client"), secret_in(made, "secret"), business)


def let_in(hers: Http, crm: Crm) -> str:
    """Press the button of the page that the program leads to; returns the code."""
    page = hers.get(crm.question())
    assert "Let CRM in?" in text(page)
    offered = re.findall(r'name="scopes" value="([^"]+)"', page.content.decode())
    sent = hers.post(crm.question(), {"allow": "1", "scopes": offered})
    assert sent["Location"].startswith(BACK)
    back = dict(parse_qsl(urlsplit(sent["Location"]).query))
    assert back["state"] == "xyz"
    return back["code"]


def test_a_program_is_made_let_in_works_and_is_seen_among_the_recent_calls(hers, crm):
    assert crm.exchange(let_in(hers, crm)) == 200
    token = crm.said["access_token"]
    assert crm.call(token) == 200
    assert crm.call(token, "customers/?search=ada@example.org") == 403
    journal.write()

    seen = text(hers.get(reverse("developers:calls")))
    assert "CRM" in seen
    assert "/api/v1/businesses/{business}/services/" in seen
    assert "insufficient_scope" in seen
    assert "ada@example.org" not in seen.partition("<main")[2]


def test_each_refresh_token_works_once_and_a_second_time_ends_all(hers, crm):
    crm.exchange(let_in(hers, crm))
    first = crm.said
    assert crm.refresh(first["refresh_token"]) == 200
    second = crm.said
    assert second["refresh_token"] != first["refresh_token"]
    assert crm.call(second["access_token"]) == 200

    assert (crm.refresh(first["refresh_token"]), crm.said["error"]) == (400, "invalid_grant")
    assert crm.call(second["access_token"]) == 401
    assert crm.refresh(second["refresh_token"]) == 400


@pytest.mark.parametrize("how", ["the program", "shutting it out", "deleting its key"])
def test_what_is_revoked_ends_at_once(hers, crm, how):
    crm.exchange(let_in(hers, crm))
    said = crm.said
    assert crm.call(said["access_token"]) == 200

    if how == "the program":
        crm.ask("revocation", token=said["refresh_token"])
    elif how == "shutting it out":
        hers.post(reverse("developers:shut_out", args=[crm.name]))
    else:
        hers.post(reverse("developers:delete_client", args=[crm.name]))
        assert not App.objects.exists()

    assert crm.call(said["access_token"]) == 401
    assert crm.refresh(said["refresh_token"]) in (400, 401)

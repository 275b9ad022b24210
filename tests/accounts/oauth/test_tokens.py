"""What clients say to the authorization server by themselves, and what it says back: JSON."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest
from allauth.idp.oidc.models import Token
from django.db import connection
from django.test import Client as Http
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.clients import CODE, CREDENTIALS
from accounts.oauth import grants
from accounts.sessions import disable, enable
from tests import make
from tests.accounts.oauth.conftest import Party

pytestmark = pytest.mark.django_db


def test_a_client_works_for_its_owner_alone(business: Any, works: Any) -> None:
    owner = make.member(business)
    client = Party(owner, make.user(), grants=(CREDENTIALS,), uris=())
    answer = client.token(grant_type="client_credentials", scope="services:read")

    said = answer.json()
    assert (answer.status_code, said["scope"]) == (200, "services:read")
    assert "refresh_token" not in said
    assert works(said["access_token"]) == 200
    assert works(said["access_token"], "bookings/") == 403


@pytest.mark.parametrize(
    ("sent", "status", "error"),
    [
        ({"grant_type": "client_credentials", "scope": "customers:read"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "scope": "openid"}, 400, "invalid_scope"),
        ({"grant_type": "client_credentials", "client_secret": "x"}, 401, "invalid_client"),
        ({"grant_type": "client_credentials", "client_id": "other"}, 401, "invalid_client"),
        (
            {"grant_type": "client_credentials", "resource": "https://x.example"},
            400,
            "invalid_target",
        ),
        (
            {"grant_type": "password", "username": "a", "password": "b"},
            400,
            "unsupported_grant_type",
        ),
        (
            {"grant_type": "urn:ietf:params:oauth:grant-type:device_code"},
            400,
            "unsupported_grant_type",
        ),
        ({"grant_type": ["client_credentials", "x"]}, 400, "invalid_request"),
        ({"grant_type": "authorization_code"}, 400, "invalid_request"),
        ({"grant_type": "authorization_code", "code": "a\0b"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token"}, 400, "invalid_request"),
        ({"grant_type": "refresh_token", "refresh_token": "nonsense"}, 400, "invalid_grant"),
        ({}, 400, "unsupported_grant_type"),
    ],
)
def test_what_a_client_may_not_is_said_in_json(
    party: Party, sent: dict[str, str], status: int, error: str
) -> None:
    answer = party.token(**sent)

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert answer["Content-Type"] == "application/json"
    assert ("WWW-Authenticate" in answer) is (status == 401)


@pytest.mark.parametrize("path", ["token", "revoke", "introspect"])
def test_every_mistake_is_answered_in_json(party: Party, path: str) -> None:
    address = f"/oauth/{path}"
    form = "application/x-www-form-urlencoded"
    answers = {
        405: party.http.get(address),
        401: party.http.post(address, {"grant_type": "client_credentials", "token": "x"}),
        400: party.http.post(f"{address}?token=x", {"token": "x"}, headers=party.basic),
        413: party.http.generic("POST", address, b"x=" + b"x" * 6_000_000, content_type=form),
    }
    many = party.http.generic("POST", address, b"&".join([b"x=1"] * 2000), content_type=form)

    assert {status: answer.status_code for status, answer in answers.items()} == {
        status: status for status in answers
    }
    assert many.status_code == 400
    for answer in [*answers.values(), many]:
        assert answer["Content-Type"] == "application/json"
        assert "error" in answer.json()
    assert answers[405]["Allow"] == "POST"


def test_who_asks_too_often_waits(party: Party, settings: Any) -> None:
    settings.IDP_OIDC_RATE_LIMITS = {"token": "2/m/ip"}
    for _ in range(2):
        party.token(grant_type="client_credentials")
    answer = party.token(grant_type="client_credentials")

    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert answer.json()["error"] == "temporarily_unavailable"


def test_a_refresh_token_is_good_once(party: Party, works: Any) -> None:
    first = party.tokens()
    second = party.refresh(first["refresh_token"]).json()

    assert second["refresh_token"] != first["refresh_token"]
    assert works(second["access_token"]) == 200


def test_a_refresh_token_that_is_brought_again_ends_its_grant(party: Party, works: Any) -> None:
    first = party.tokens()
    second = party.refresh(first["refresh_token"]).json()
    replayed = party.refresh(first["refresh_token"])

    assert (replayed.status_code, replayed.json()["error"]) == (400, "invalid_grant")
    assert works(first["access_token"]) == works(second["access_token"]) == 401
    assert party.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_narrower_token_does_not_narrow_the_grant(party: Party) -> None:
    first = party.tokens()
    narrow = party.refresh(first["refresh_token"], scope="services:read").json()
    wide = party.refresh(narrow["refresh_token"]).json()

    assert narrow["scope"] == "services:read"
    assert wide["scope"] == "services:read bookings:write"
    assert party.refresh(wide["refresh_token"], scope="customers:read").status_code == 400


def test_a_refresh_token_is_its_clients_alone(party: Party) -> None:
    other = Party(make.user(), party.user)
    token = party.tokens()["refresh_token"]

    assert other.refresh(token).json()["error"] == "invalid_grant"
    assert party.refresh(token).status_code == 200


def test_a_client_learns_what_its_token_is_for(party: Party) -> None:
    token = party.tokens()["access_token"]
    said = party.post("/oauth/introspect", {"token": token})

    assert said.status_code == 200
    assert said.json()["active"] is True
    assert said.json()["scope"] == "services:read bookings:write"
    assert said.json()["client_id"] == party.row.pk
    assert said.json()["iss"] == "http://localhost:8000"


def test_nothing_is_said_of_a_token_that_is_not_the_clients_or_not_good(party: Party) -> None:
    other = Party(make.user(), make.user())
    tokens = party.tokens()
    party.refresh(tokens["refresh_token"])
    asked = [
        other.post("/oauth/introspect", {"token": tokens["access_token"]}),
        party.post("/oauth/introspect", {"token": tokens["refresh_token"]}),
        party.post("/oauth/introspect", {"token": "nonsense"}),
    ]

    assert [answer.json() for answer in asked] == [{"active": False}] * 3


def test_a_client_ends_its_token(party: Party, works: Any) -> None:
    tokens = party.tokens()
    answer = party.post("/oauth/revoke", {"token": tokens["access_token"]})

    assert (answer.status_code, answer.content) == (200, b"")
    assert works(tokens["access_token"]) == 401
    assert party.refresh(tokens["refresh_token"]).status_code == 200


def test_with_a_refresh_token_all_of_its_grant_ends(party: Party, works: Any) -> None:
    before, tokens = party.tokens(), party.tokens()
    party.post("/oauth/revoke", {"token": tokens["refresh_token"]})

    assert works(tokens["access_token"]) == 401
    assert works(before["access_token"]) == 200


def test_no_client_ends_the_token_of_another(party: Party, works: Any) -> None:
    other = Party(make.user(), make.user())
    token = party.tokens()["access_token"]
    answer = other.post("/oauth/revoke", {"token": token})

    assert answer.status_code == 200
    assert works(token) == 200


def test_who_switched_off_an_account_finds_nothing_open_when_it_is_on_again(
    business: Any, works: Any
) -> None:
    owner = make.member(business)
    client = Party(owner, make.user(), grants=(CREDENTIALS,), uris=())
    token = client.token(grant_type="client_credentials").json()["access_token"]
    disable(owner, now=timezone.now())
    off = client.token(grant_type="client_credentials")
    enable(owner, now=timezone.now())

    assert (off.status_code, off.json()["error"]) == (401, "invalid_client")
    assert works(token) == 401


def test_somebody_signs_in_elsewhere_with_the_portal(party: Party) -> None:
    party.user.name = "Ann"
    party.user.save(update_fields=["name"])
    code = party.code(scope="openid profile email", nonce="n-1")
    tokens = party.exchange(code).json()
    keys = jwt.PyJWKSet.from_dict(Http().get("/.well-known/jwks.json").json())
    claims = jwt.decode(
        tokens["id_token"],
        keys.keys[0],
        algorithms=["RS256"],
        audience=party.row.pk,
        issuer="http://localhost:8000",
    )
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    told = Http().get("/oauth/userinfo", headers=headers).json()

    assert (claims["nonce"], claims["name"], claims["email"]) == ("n-1", "Ann", party.user.email)
    assert told["sub"] == claims["sub"]
    assert told["email"] == party.user.email


def test_a_token_without_an_identity_tells_nobody_who_it_is(party: Party) -> None:
    headers = {"Authorization": f"Bearer {party.tokens()['access_token']}"}

    assert Http().get("/oauth/userinfo", headers=headers).status_code == 401
    assert Http().get("/oauth/userinfo").status_code == 401


@pytest.mark.parametrize("name", ["oauth-authorization-server", "openid-configuration"])
def test_the_metadata_lists_what_there_is(name: str) -> None:
    said = Http().get(f"/.well-known/{name}").json()

    assert said["issuer"] == "http://localhost:8000"
    assert said["token_endpoint"] == "http://localhost:8000/oauth/token"
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert {"openid", "services:read", "bookings:write"} <= set(said["scopes_supported"])
    assert said["grant_types_supported"] == [
        "authorization_code",
        "client_credentials",
        "refresh_token",
    ]


def test_what_is_over_is_forgotten_after_a_while(party: Party) -> None:
    tokens = party.tokens()
    party.refresh(tokens["refresh_token"])
    grants.forget_ended(now=timezone.now() + timedelta(hours=2))
    kinds = sorted(Token.objects.values_list("type", flat=True))

    assert kinds == ["ac", "rt", "rt"]
    assert party.refresh(tokens["refresh_token"]).status_code == 400
    assert not Token.objects.exists()

    party.tokens()
    grants.forget_ended(now=timezone.now() + timedelta(days=31))
    assert [row.type for row in Token.objects.all()] == ["rt"]


def test_to_let_a_client_in_costs_three_statements(party: Party, works: Any) -> None:
    token = party.tokens()["access_token"]
    works(token)  # what is read once for a process
    with CaptureQueriesContext(connection) as made:
        works(token)

    who, how_often, where, *_ = [each["sql"] for each in made.captured_queries]
    assert "allauth_idp_oidc_token" in who
    assert "bookings_callcount" in how_often
    assert "bookings_membership" in where


def test_a_client_that_may_not_stay_gets_no_refresh_token(business: Any) -> None:
    client = Party(make.user(), make.member(business), grants=(CODE,))

    assert "refresh_token" not in client.tokens()

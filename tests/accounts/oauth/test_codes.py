"""Letting a program in: the page that asks, the code, and the tokens that come of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.idp.oidc.models import Token
from django.test import Client as Http
from django.utils import timezone

from accounts.clients import CODE
from accounts.sessions import disable
from tests import make
from tests.accounts.oauth.conftest import BACK, Party, told, verifier

pytestmark = pytest.mark.django_db


def test_somebody_lets_a_program_in_and_it_works_for_them(party: Party, works: Any) -> None:
    answer = told(party.decide())
    tokens = party.exchange(answer["code"])

    assert (answer["state"], answer["iss"]) == ("xyz", "http://localhost:8000")
    assert tokens.status_code == 200
    assert tokens["Cache-Control"] == "no-store"
    said = tokens.json()
    assert (said["token_type"], said["expires_in"]) == ("Bearer", 3600)
    assert said["scope"] == "services:read bookings:write"
    assert works(said["access_token"]) == 200


def test_the_page_says_who_asks_for_what_and_may_lead_there(party: Party) -> None:
    page = party.page()

    text = page.content.decode()
    assert page.status_code == 200
    assert "Let CRM in?" in text
    assert "See services and the questions that they ask" in text
    assert "See customers" not in text
    assert "crm.example" in text
    assert str(party.owner) in text
    assert "form-action 'self' https: http:" in page["Content-Security-Policy"]
    assert "no-store" in page["Cache-Control"]


def test_a_part_may_be_granted(party: Party, works: Any) -> None:
    code = told(party.decide(["services:read"]))["code"]

    assert party.exchange(code).json()["scope"] == "services:read"


@pytest.mark.parametrize("granted", [[], ["customers:read"]])
def test_nothing_and_what_was_not_asked_for_cannot_be_granted(
    party: Party, granted: list[str]
) -> None:
    answer = party.decide(granted)

    assert answer.status_code == 422
    assert not Token.objects.exists()


def test_a_program_that_is_not_let_in_learns_so(party: Party) -> None:
    answer = party.browser.post("/oauth/authorize", {"deny": "1"}, query_params=party.asks())

    assert told(answer)["error"] == "access_denied"
    assert told(answer)["state"] == "xyz"


def test_who_is_not_signed_in_signs_in_first(party: Party) -> None:
    answer = Http().get("/oauth/authorize", party.asks())

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=/oauth/authorize%3F")


def test_the_form_is_safe_from_other_sites(party: Party) -> None:
    browser = Http(enforce_csrf_checks=True)
    browser.force_login(party.user)
    answer = browser.post("/oauth/authorize", {"allow": "1"}, query_params=party.asks())

    assert answer.status_code == 403
    assert not Token.objects.exists()


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "", "code_challenge_method": ""}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "customers:read"}, "invalid_scope"),
        ({"resource": "https://elsewhere.example/"}, "invalid_target"),
        ({"resource": "nonsense"}, "invalid_target"),
        ({"prompt": "none"}, "consent_required"),
        ({"prompt": "none", "scope": "openid"}, "consent_required"),
    ],
)
def test_what_a_program_may_not_ask_for_is_told_to_it(
    party: Party, changed: dict[str, str], error: str
) -> None:
    said = told(party.page(**changed))

    assert (said["error"], said["iss"]) == (error, "http://localhost:8000")


@pytest.mark.parametrize(
    "changed",
    [
        {"redirect_uri": "https://evil.example/back"},
        {"redirect_uri": f"{BACK}/more"},
        {"redirect_uri": f"{BACK}?more=1"},
        {"redirect_uri": "https://me@crm.example/back"},
        {"redirect_uri": "https://crm.example:8443/back"},
        {"redirect_uri": ""},
        {"client_id": "unknown"},
        {"client_id": "a\0b"},
        {"state": "a\0b"},
    ],
)
def test_nobody_is_sent_where_the_program_does_not_live(
    party: Party, changed: dict[str, str]
) -> None:
    page = party.page(**changed)
    posted = party.browser.post(
        "/oauth/authorize", {"allow": "1"}, query_params=party.asks(**changed)
    )

    assert (page.status_code, posted.status_code) == (400, 400)
    assert "This program cannot be let in" in page.content.decode()


def test_a_query_that_is_none_is_refused_with_a_page(party: Party) -> None:
    answer = party.browser.get(f"/oauth/authorize?{urlencode(party.asks())}&nonsense=%G0")

    assert answer.status_code == 400


def test_a_program_on_ones_own_machine_chooses_its_port(party: Party) -> None:
    party.row.set_redirect_uris(["http://127.0.0.1/back"])
    party.row.save(update_fields=["redirect_uris"])
    fine = party.browser.get(
        "/oauth/authorize", party.asks(redirect_uri="http://127.0.0.1:51004/back")
    )
    elsewhere = party.browser.get(
        "/oauth/authorize", party.asks(redirect_uri="http://127.0.0.1.evil.example/back")
    )

    assert (fine.status_code, elsewhere.status_code) == (200, 400)


@pytest.mark.parametrize(
    "changed",
    [
        {"code_verifier": verifier()[0]},
        {"code_verifier": ""},
        {"redirect_uri": "https://crm.example/other"},
        {"code": "nonsense"},
    ],
)
def test_a_code_is_good_for_its_own_program_alone(party: Party, changed: dict[str, str]) -> None:
    answer = party.exchange(**{"code": party.code()} | changed)

    assert answer.status_code == 400
    assert not Token.objects.filter(type=Token.Type.ACCESS_TOKEN).exists()


def test_a_code_is_good_for_a_minute(party: Party) -> None:
    code = party.code()
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

    assert party.exchange(code).json()["error"] == "invalid_grant"


def test_another_client_cannot_use_a_code(party: Party) -> None:
    other = Party(make.user(), party.user)
    code = party.code()

    assert other.exchange(code, code_verifier=party.proof).json()["error"] == "invalid_grant"
    assert party.exchange(code).status_code == 200


def test_a_code_that_is_brought_again_ends_what_came_of_it(party: Party, works: Any) -> None:
    code = party.code()
    tokens = party.exchange(code).json()
    again = party.exchange(code)

    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert works(tokens["access_token"]) == 401
    assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_other_grants_outlive_a_code_that_is_brought_again(party: Party, works: Any) -> None:
    before = party.tokens()
    code = party.code()
    party.exchange(code)
    party.exchange(code)

    assert works(before["access_token"]) == 200


def test_a_public_client_needs_no_secret_but_its_verifier(business: Any, works: Any) -> None:
    public = Party(make.user(), make.member(business), is_public=True, grants=(CODE,))
    tokens = public.tokens()

    assert works(tokens["access_token"]) == 200
    assert "refresh_token" not in tokens
    assert public.exchange(public.code(), code_verifier="x" * 43).status_code == 400


def test_codes_and_tokens_are_kept_as_digests(party: Party) -> None:
    code = party.code()
    tokens = party.exchange(code).json()
    kept = str(list(Token.objects.values()))

    assert code not in kept
    assert tokens["access_token"] not in kept
    assert tokens["refresh_token"] not in kept


def test_scopes_limit_a_token_and_so_does_the_role_of_its_user(party: Party, works: Any) -> None:
    token = party.tokens()["access_token"]

    assert (works(token, "services/"), works(token, "bookings/")) == (200, 200)
    assert works(token, "customers/") in (403, 404)
    party.user.memberships.all().delete()
    assert works(token) == 404


def test_a_token_for_one_place_is_good_there_alone(party: Party, works: Any, business: Any) -> None:
    place = f"http://localhost:8000/api/v1/businesses/{business.public_id}/services/"
    code = party.code(resource=place)
    tokens = party.exchange(code).json()

    assert works(tokens["access_token"]) == 200
    assert works(tokens["access_token"], "bookings/") == 401
    wider = party.refresh(tokens["refresh_token"], resource="http://localhost:8000/api/")
    assert wider.json()["error"] == "invalid_target"
    narrow = party.refresh(tokens["refresh_token"]).json()
    assert works(narrow["access_token"], "bookings/") == 401


@pytest.mark.parametrize("who", ["user", "owner"])
def test_an_account_that_is_switched_off_ends_its_programs(
    party: Party, works: Any, who: str
) -> None:
    tokens = party.tokens()
    code = party.code()
    disable(getattr(party, who), now=timezone.now())

    assert works(tokens["access_token"]) == 401
    assert party.refresh(tokens["refresh_token"]).status_code in (400, 401)
    assert party.exchange(code).status_code in (400, 401)
    assert not Token.objects.exists()


def test_an_admin_shows_their_second_factor_first(party: Party, settings: Any) -> None:
    settings.REQUIRE_MFA_FOR_ADMINS = True
    answer = party.page()

    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")


def test_a_program_may_ask_for_another_sign_in(party: Party) -> None:
    party.user.set_password("a long one")
    party.user.save(update_fields=["password"])
    party.browser.force_login(party.user)
    answer = party.page(prompt="login")

    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/reauthenticate/?next=")

"""Google and Microsoft: only with keys, and never a way into somebody else's account."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from allauth.core import context
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.internal.flows.login import complete_login
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from pytest_django import Settings

from accounts.invited import sign_up_address
from accounts.models import User
from tests import make
from tests.accounts.conftest import PASSWORD

pytestmark = pytest.mark.django_db

KEYS = {"APPS": [{"client_id": "portal", "secret": "s3cret"}]}


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_a_provider_is_offered_only_with_its_keys(
    client: Client, settings: Settings, provider: str
) -> None:
    offer = f"Continue with {provider.capitalize()}"
    assert offer not in client.get("/accounts/login/").content.decode()
    assert client.get(f"/accounts/{provider}/login/").status_code == 404

    settings.SOCIALACCOUNT_PROVIDERS = {provider: KEYS}

    assert offer in client.get("/accounts/login/").content.decode()
    asked = client.post(f"/accounts/{provider}/login/")
    assert asked.status_code == 302
    assert asked["Location"].startswith(("https://accounts.google.com/", "https://login.microsoft"))
    assert "client_id=portal" in asked["Location"]


def visitor() -> HttpRequest:
    """Return a request by somebody who is not signed in."""
    request = RequestFactory().get("/accounts/google/login/callback/")
    request.session = SessionStore()
    request.user = AnonymousUser()
    request._messages = SessionStorage(request)  # type: ignore[attr-defined]
    request.allauth = None  # type: ignore[attr-defined]
    return request


def comes_back(request: HttpRequest, email: str) -> HttpResponse:
    """Return the answer to somebody whom Google sends back with this address."""
    told = {"sub": "4711", "email": email, "email_verified": True, "name": "From Google"}
    told |= {"given_name": "From", "family_name": "Google"}
    with context.request_context(request):
        provider = get_adapter().get_provider(request, "google")
        login = provider.sociallogin_from_response(request, told)
        login.state = {"process": "login"}
        answer: HttpResponse = complete_login(request, login)
    return answer


@pytest.fixture(autouse=True)
def _keys(request: pytest.FixtureRequest, settings: Settings) -> None:
    if "provider" not in request.fixturenames:
        settings.SOCIALACCOUNT_PROVIDERS = {"google": KEYS}


def test_a_stranger_with_a_google_account_gets_no_account_here() -> None:
    answer = comes_back(visitor(), "eve@example.org")

    assert "by invitation" in answer.content.decode()
    assert not User.objects.exists()


def test_the_address_of_an_account_does_not_open_it(settings: Settings) -> None:
    settings.SIGNUP_OPEN = True
    ada = make.user(email="ada@example.org", password=PASSWORD)
    request = visitor()

    comes_back(request, "ada@example.org")

    assert not request.user.is_authenticated
    assert not SocialAccount.objects.exists()
    assert User.objects.get() == ada
    assert mail.outbox[-1].subject == "You have an account already"


def test_an_invited_person_may_come_by_google_and_gets_the_invited_address_alone() -> None:
    request = visitor()
    sign_up_address(request, "ada@example.org", after="/desk/")

    comes_back(request, "other@gmail.example")

    user = User.objects.get()
    assert (user.email, user.name) == ("ada@example.org", "From Google")
    assert [(row.email, row.verified) for row in EmailAddress.objects.all()] == [
        ("ada@example.org", True)
    ]
    assert request.user == user


def test_a_connected_account_signs_in(settings: Settings) -> None:
    ada = make.user(email="ada@example.org")
    SocialAccount.objects.create(user=ada, provider="google", uid="4711")
    request = visitor()

    comes_back(request, "whatever@gmail.example")

    assert request.user == ada


def test_an_invitation_and_google_together_change_nothing_of_an_account_that_exists() -> None:
    ada = make.user(email="ada@example.org", password=PASSWORD)
    request = visitor()
    sign_up_address(request, "ada@example.org", after="/desk/")

    answer = comes_back(request, "eve@gmail.example")

    assert answer["Location"] == "/accounts/login/"
    assert not request.user.is_authenticated
    assert not SocialAccount.objects.exists()
    assert User.objects.get() == ada

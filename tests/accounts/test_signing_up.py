"""Signing up: by invitation, or for everybody where the settings say so."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.backends.db import SessionStore
from django.core import mail
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from accounts.invited import sign_up_address
from accounts.models import User
from tests import make
from tests.accounts.conftest import PASSWORD, code_in_letter, signed_in

pytestmark = pytest.mark.django_db

SIGN_UP = "/accounts/signup/"
TYPED = {"name": "Ada", "email": "ada@example.org", "password1": PASSWORD}


def invited(email: str, after: str = "/desk/") -> tuple[Client, str]:
    """Return a browser whose visitor has proven to read mail for `email`, and the way on."""
    client = Client()
    request = HttpRequest()
    request.session = SessionStore()
    address = sign_up_address(request, email, after=after)
    request.session.save()
    client.cookies["session-8000"] = request.session.session_key
    return client, address


def test_without_an_invitation_nobody_signs_up(client: Client) -> None:
    page = client.get(SIGN_UP)
    client.post(SIGN_UP, TYPED)

    assert "by invitation" in page.content.decode()
    assert not User.objects.exists()
    assert mail.outbox == []


def test_an_invited_person_signs_up_with_the_invited_address_and_is_in() -> None:
    client, address = invited("Ada@Example.org", after="/desk/invitation/secret/")
    assert 'value="ada@example.org"' in client.get(address).content.decode()

    done = client.post(address, {"name": " Ada\u202e\n Lovelace ", "password1": PASSWORD})

    assert (done.status_code, done["Location"]) == (302, "/desk/invitation/secret/")
    user = User.objects.get()
    assert (user.email, user.name) == ("ada@example.org", "Ada Lovelace")
    row = EmailAddress.objects.get()
    assert (row.email, row.verified, row.primary) == ("ada@example.org", True, True)
    assert signed_in(client)
    assert mail.outbox == []


@pytest.mark.parametrize("where", ["form", "address"])
def test_another_address_than_the_invited_one_is_not_taken(where: str) -> None:
    client, address = invited("ada@example.org")
    typed = {"name": "Eve", "password1": PASSWORD}
    if where == "form":
        typed["email"] = "eve@example.org"
    else:
        address += "&email=eve@example.org"

    client.post(address, typed)

    assert [user.email for user in User.objects.all()] == ["ada@example.org"]


def test_an_invitation_opens_sign_up_once() -> None:
    client, address = invited("ada@example.org")
    client.post(address, {"name": "Ada", "password1": PASSWORD})
    client.post("/accounts/logout/")

    client.post(SIGN_UP, TYPED | {"email": "eve@example.org"})

    assert User.objects.count() == 1


def test_an_invitation_changes_nothing_of_an_account_that_exists() -> None:
    user = make.user(email="ada@example.org", name="Ada", password=PASSWORD)
    client, address = invited("ada@example.org")

    client.post(address, {"name": "Eve", "password1": "another horse battery"})

    user.refresh_from_db()
    assert user.name == "Ada"
    assert user.check_password(PASSWORD)
    assert not signed_in(client)
    assert User.objects.count() == 1
    assert mail.outbox[-1].subject == "You have an account already"


@pytest.mark.parametrize("field", ["is_superuser", "is_staff", "is_active", "user_permissions"])
def test_no_further_field_gives_rights(field: str) -> None:
    client, address = invited("ada@example.org")

    client.post(address, {"name": "Ada", "password1": PASSWORD, field: "1", "role": "admin"})
    client.post("/accounts/", {"name": "Ada L.", field: "1", "email": "x@example.org"})

    user = User.objects.get()
    assert (user.name, user.email) == ("Ada L.", "ada@example.org")
    assert not user.is_superuser
    assert not user.is_staff
    assert user.is_active


def test_where_sign_up_is_open_the_address_must_be_confirmed_first(
    client: Client, settings: Settings
) -> None:
    settings.SIGNUP_OPEN = True

    client.post(SIGN_UP, TYPED)
    assert not signed_in(client)
    assert mail.outbox[0].to == ["ada@example.org"]
    client.post("/accounts/confirm-email/", {"code": "WRONG"})
    assert not signed_in(client)
    client.post("/accounts/confirm-email/", {"code": code_in_letter()})

    assert signed_in(client)
    assert EmailAddress.objects.get().verified


def test_an_unconfirmed_address_does_not_sign_in(client: Client, settings: Settings) -> None:
    settings.SIGNUP_OPEN = True
    client.post(SIGN_UP, TYPED)
    other = Client()

    other.post("/accounts/login/", {"login": TYPED["email"], "password": PASSWORD})

    assert not signed_in(other)


def test_open_sign_up_does_not_tell_who_has_an_account(client: Client, settings: Settings) -> None:
    settings.SIGNUP_OPEN = True
    make.user(email="ada@example.org", password=PASSWORD)

    known = client.post(SIGN_UP, TYPED)
    unknown = Client().post(SIGN_UP, TYPED | {"email": "eve@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert User.objects.get(email="ada@example.org").check_password(PASSWORD)


def test_one_changes_the_address_only_to_one_that_one_reads() -> None:
    make.user(email="ada@example.org", name="Ada", password=PASSWORD)
    client = Client()
    client.post("/accounts/login/", {"login": "ada@example.org", "password": PASSWORD})
    asked = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert asked["Location"].startswith("/accounts/reauthenticate/")
    client.post(asked["Location"], {"password": PASSWORD, "next": "/accounts/email/"})
    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    assert User.objects.get().email == "ada@example.org"
    assert mail.outbox[-1].to == ["new@example.org"]

    client.post("/accounts/confirm-email/", {"code": code_in_letter()})

    assert User.objects.get().email == "new@example.org"
    assert [row.email for row in EmailAddress.objects.all()] == ["new@example.org"]
    assert mail.outbox[-1].to == ["ada@example.org"]
    assert mail.outbox[-1].subject == "Your e-mail address has been changed"

"""Accounts: the e-mail address is the login."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.db import IntegrityError

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_a_user_signs_in_with_the_address_in_any_capitals() -> None:
    user = User.objects.create_user("Ada@Example.org", "correct horse")

    assert authenticate(username="ada@example.ORG", password="correct horse") == user
    assert authenticate(username="ada@example.org", password="wrong") is None


def test_two_users_never_share_an_address() -> None:
    User.objects.create_user("ada@example.org")

    with pytest.raises(IntegrityError):
        User.objects.create_user("ADA@example.org")


def test_a_user_without_a_password_cannot_sign_in() -> None:
    User.objects.create_user("ada@example.org")

    assert authenticate(username="ada@example.org", password="") is None

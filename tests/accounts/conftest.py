"""Letters that left, and a person with a password."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client

from accounts.models import User
from tests import make

PASSWORD = "correct horse battery"


@pytest.fixture
def ada(db: None) -> User:
    """Return a person who may sign in with `PASSWORD`."""
    return make.user(email="ada@example.org", name="Ada", password=PASSWORD)


def code_in_letter() -> str:
    """Return the code of the last letter."""
    found = re.search(
        r"^([A-Z0-9]{3,5}-[A-Z0-9]{3,5}|[A-Z0-9]{6,8})$", str(mail.outbox[-1].body), re.MULTILINE
    )
    assert found, mail.outbox[-1].body
    return found[1]


def sign_in(client: Client, email: str = "ada@example.org", password: str = PASSWORD) -> Client:
    """Return the browser after an attempt to sign in."""
    client.post("/accounts/login/", {"login": email, "password": password})
    return client


def signed_in(client: Client) -> bool:
    """Say whether the desk opens."""
    return client.get("/desk/").status_code == 200

"""A person who may do everything in the admin."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User


@pytest.fixture
def office(db: None) -> Client:
    """Return a browser in which a superuser has signed in."""
    user = User.objects.create_superuser("boss@business.example", name="The boss")
    client = Client(raise_request_exception=True)
    client.force_login(user)
    return client

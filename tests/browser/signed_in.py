"""Signing in without the form, which has tests of its own."""

from __future__ import annotations

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from accounts.models import User


def sign_in(page: Page, user: User, address: str) -> None:
    """Give a page the session of a user at the server's address."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])

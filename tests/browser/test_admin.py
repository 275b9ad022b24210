"""The admin works under the strict content security policy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """Return what the browser complains about while the test runs."""
    said: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            said.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    yield said
    page.remove_listener("console", note)


@pytest.fixture
def signed_in(live_server: LiveServer, page: Page) -> Page:
    """Return a page on which an administrator has signed in."""
    User.objects.create_superuser("admin@example.org", "correct horse battery")
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("E-mail address").fill("admin@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{live_server.url}/admin/")
    return page


def test_an_administrator_makes_a_user(
    live_server: LiveServer, complaints: list[str], signed_in: Page
) -> None:
    page = signed_in
    page.goto(f"{live_server.url}/admin/accounts/user/add/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password:", exact=True).fill("staple battery horse")
    page.get_by_label("Password confirmation").fill("staple battery horse")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{live_server.url}/admin/accounts/user/")

    assert page.locator("#result_list tbody tr").count() == 2
    assert complaints == []


def test_no_page_of_the_admin_breaks_the_policy(
    live_server: LiveServer, complaints: list[str], signed_in: Page
) -> None:
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        signed_in.goto(live_server.url + reverse(f"{name}_changelist"))
        add = signed_in.locator(".object-tools a.addlink")
        if add.count():
            add.click()
            signed_in.wait_for_load_state("networkidle")

    assert complaints == []

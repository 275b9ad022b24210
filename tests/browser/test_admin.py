"""The admin works under the strict content security policy."""

from __future__ import annotations

import pytest
from playwright.sync_api import ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from accounts.models import User


@pytest.mark.django_db(transaction=True)
def test_the_admin_makes_a_user_and_the_policy_blocks_nothing(
    live_server: LiveServer, page: Page
) -> None:
    User.objects.create_superuser("admin@example.org", "correct horse battery")
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("E-mail address").fill("admin@example.org")
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url(f"{live_server.url}/admin/")
    page.goto(f"{live_server.url}/admin/accounts/user/add/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password:", exact=True).fill("staple battery horse")
    page.get_by_label("Password confirmation").fill("staple battery horse")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{live_server.url}/admin/accounts/user/")

    assert page.locator("#result_list tbody tr").count() == 2
    assert complaints == []

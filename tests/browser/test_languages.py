"""The language of a visitor: that of the browser, and changed in the middle of choosing."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from bookings.models import Business


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with JavaScript", "without"])
def test_who_changes_the_language_keeps_the_day_that_was_chosen(
    live_server: LiveServer, studio: Business, browser: Browser, has_scripts: bool
) -> None:
    context = browser.new_context(
        java_script_enabled=has_scripts, locale="de-AT", timezone_id="Europe/Berlin"
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/b/{studio.slug}/cut-and-style/")
    page.locator("#day-2031-03-06").click()
    expect(page.locator("#times-title")).to_have_text("Donnerstag, 6.\u00a0März")

    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#times-title")).to_have_text("Thursday 6 March")

    page.locator("#day-2031-03-07").click()
    expect(page.locator("#times-title")).to_have_text("Friday 7 March")
    context.close()

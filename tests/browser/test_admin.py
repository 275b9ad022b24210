"""The admin works under the strict content security policy."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from bookings.models import Service
from tests import make

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
    page.get_by_role("button", name="Sign in", exact=True).click()
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


def test_an_administrator_adds_a_service_with_a_new_question(
    live_server: LiveServer, complaints: list[str], signed_in: Page
) -> None:
    page, business = signed_in, make.business()
    make.staff(business, name="Ann")
    page.goto(f"{live_server.url}/admin/bookings/service/add/")
    page.get_by_label("Name:").press_sequentially("Beard trim")
    page.get_by_label("Duration:").fill("1:30")
    page.get_by_role("button", name="Add another Person or room").click()
    page.locator("#id_links-0-resource").select_option(label="Ann")
    page.get_by_role("button", name="Add another Question").click()
    with page.expect_popup() as opened:
        page.locator("#add_id_asks-0-question").click()
    opened.value.get_by_label("Text:").fill("How long is it?")
    opened.value.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#id_asks-0-question option:checked")).to_have_text("How long is it?")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("was added successfully")).to_be_visible()

    service = Service.objects.get()
    assert (service.slug, service.duration) == ("beard-trim", timedelta(minutes=90))
    assert [link.resource.name for link in service.links.all()] == ["Ann"]
    assert [ask.question.text for ask in service.asks.all()] == ["How long is it?"]
    page.goto(f"{live_server.url}/b/{business.slug}/")
    expect(page.get_by_text("Beard trim")).to_be_visible()
    assert complaints == []


@pytest.mark.slow
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

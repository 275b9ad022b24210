"""Setting a business up and asking “Why not?” in a real browser, in light, dark and on a phone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from bookings.models import Business
from tests import make
from tests.browser.signed_in import sign_in
from tests.browser.test_looks import LOOKS, RULES
from tests.conftest import Clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def boss(live_server: LiveServer, clock: Clock, page: Page) -> Iterator[Page]:
    """Return a page of a superuser; what the browser complains about is an error."""
    sign_in(
        page, User.objects.create_superuser("boss@salon.example", name="Zoë Boss"), live_server.url
    )
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        is_expected = "422" in message.text or is_axe_at_work(message)
        if message.type in ("error", "warning") and not is_expected:
            complaints.append(f"{page.url}: {message.text}")

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def is_axe_at_work(message: ConsoleMessage) -> bool:
    """Say whether the browser complains about axe, which styles the page and reads its sheets."""
    signs = ("inline style", "preload assets", "404 (Not Found)")
    return any(sign in message.text for sign in signs)


def looks_right(page: Page) -> None:
    """Refuse what axe reports within the page's own part, and a page wider than its window."""
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
        found = Axe().run(page, context="#content", options={"runOnly": RULES}).response
        problems = [
            (each["id"], [node["target"] for node in each["nodes"]]) for each in found["violations"]
        ]
        assert problems == [], (page.url, scheme, size)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_business_is_set_up_and_booked(live_server: LiveServer, boss: Page) -> None:
    page = boss
    page.goto(f"{live_server.url}/admin/setup/")
    expect(page.get_by_label("Time zone")).to_have_value("Europe/Berlin")
    page.get_by_label("Name", exact=True).press_sequentially("Café Zoë")
    expect(page.get_by_label("Address of the page")).to_have_value("cafe-zoe")
    page.get_by_label("Saturday").fill("ten to two")
    page.get_by_label("Name of the service").fill("Cut")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text("“ten to two” is not understood.")).to_be_visible()
    looks_right(page)
    page.get_by_label("Saturday").fill("10-14")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_text("10:00–14:00")).to_be_visible()
    looks_right(page)
    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Café Zoë")
    page.get_by_label("Address of the page").fill("zoe")
    page.get_by_label("Name", exact=True).fill("Café Zoë and friends")
    expect(page.get_by_label("Address of the page")).to_have_value("zoe")
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Publish", exact=True).dblclick()
    expect(page.get_by_text("is open for bookings.")).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name="Book a test appointment").click()
    page.wait_for_url(f"{live_server.url}/b/zoe/cut/**")

    business = Business.objects.get()
    assert (business.name, business.zone) == ("Café Zoë and friends", "Europe/Berlin")


def test_a_business_is_set_up_without_scripts(live_server: LiveServer, boss: Page) -> None:
    browser = boss.context.browser
    assert browser is not None
    quiet = browser.new_context(java_script_enabled=False)
    quiet.add_cookies(boss.context.cookies())  # type: ignore[arg-type]
    page = quiet.new_page()
    page.goto(f"{live_server.url}/admin/setup/")
    page.get_by_label("Name", exact=True).fill("Café Zoë")
    page.get_by_label("Name of the service").fill("Cut")
    page.get_by_role("button", name="Look it over").click()
    page.get_by_role("button", name="Save without publishing").click()

    assert "is saved." in page.locator("h2").first.inner_text()
    assert Business.objects.get().slug == "cafe-zoe"
    quiet.close()


def test_why_not_answers_with_the_rule_and_the_facts(live_server: LiveServer, boss: Page) -> None:
    service = make.service(make.business(name="Salon"), name="Cut")
    make.booking(service)
    page = boss
    page.goto(f"{live_server.url}/admin/")
    page.get_by_role("link", name="Why not?").first.click()
    page.get_by_label("Service").select_option(label="Cut")
    page.get_by_label("Day").fill("2031-03-04")
    page.get_by_label("Time").fill("10:00")
    page.get_by_role("button", name="Why not?").click()
    expect(page.get_by_text("Someone else has just taken this time.").first).to_be_visible()
    looks_right(page)
    page.get_by_role("link", name="10:30 UTC").click()
    expect(page.get_by_text("This time can be booked.")).to_be_visible()
    looks_right(page)

"""A customer books, moves and cancels: with JavaScript, without it, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from bookings import commands
from bookings.models import Booking, Business, Service
from tests import make
from tests.conftest import Clock

Press = Callable[[Page, str], None]


def click(page: Page, selector: str) -> None:
    page.locator(selector).first.click()


def by_keyboard(page: Page, selector: str) -> None:
    """Walk to the element with the Tab key and press Enter there."""
    walk_to(page, selector)
    page.keyboard.press("Enter")


def walk_to(page: Page, selector: str) -> None:
    target = page.locator(selector).first
    for _ in range(120):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key never reaches {selector}")


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        java_script_enabled=request.param == "with JavaScript",
        timezone_id="Europe/Berlin",
        locale="en-GB",
        viewport={"width": 390, "height": 844},
    )
    yield context.new_page()
    context.close()


def the_booking() -> Booking:
    return Booking.objects.select_related("appointment").exclude(email="").get()


def fill_in(page: Page) -> None:
    page.get_by_label("Name").fill("Anna Berg")
    page.get_by_label("E-mail").fill("anna@example.org")
    page.get_by_label("To the shoulders").check()
    page.get_by_label("Anything we should know?").fill("A little shy of scissors.")


def go_through(page: Page, press: Press) -> None:
    """Book 10:00 on Thursday, move it to Friday with Amira, and cancel it."""
    press(page, "a:has-text('Cut & style')")
    press(page, "#day-2031-03-06")
    expect(page.get_by_role("heading", name="Thursday 6 March")).to_be_visible()
    press(page, "button.slot:has-text('10:00')")
    expect(page.get_by_role("heading", name="Your details")).to_be_visible()
    fill_in(page)
    press(page, "button.wide")
    expect(page.get_by_role("heading", name="You are booked, Anna Berg")).to_be_visible()
    assert the_booking().appointment.starts_at == make.at("09:00", days=3)

    press(page, "a:has-text('Move to another time')")
    press(page, ".person:has-text('Amira')")
    expect(page.locator(".person[aria-current]")).to_contain_text("Amira")
    press(page, "#day-2031-03-07")
    expect(page.get_by_role("heading", name="Friday 7 March")).to_be_visible()
    press(page, "button.slot:has-text('09:15')")
    expect(page.get_by_role("heading", name="Your appointment is moved")).to_be_visible()
    assert the_booking().appointment.starts_at == make.at("08:15", days=4)
    assert [person.name for person in the_booking().appointment.resources.all()] == ["Amira Haddad"]

    press(page, "a:has-text('Cancel the appointment')")
    page.get_by_label("Would you tell us why?").fill("A cold")
    press(page, "button:has-text('Yes, cancel it')")
    expect(page.get_by_role("heading", name="Your appointment is cancelled")).to_be_visible()
    assert (the_booking().state, the_booking().cancel_reason) == ("cancelled", "A cold")


def test_booking_moving_and_cancelling(
    live_server: LiveServer, studio: Business, visitor: Page
) -> None:
    visitor.goto(f"{live_server.url}/b/{studio.slug}/")

    go_through(visitor, click)


def test_booking_moving_and_cancelling_by_keyboard(
    live_server: LiveServer, studio: Business, page: Page
) -> None:
    page.goto(f"{live_server.url}/b/{studio.slug}/")

    go_through(page, by_keyboard)


def test_the_arrow_keys_walk_through_the_days_and_focus_stays(
    live_server: LiveServer, studio: Business, page: Page
) -> None:
    page.goto(f"{live_server.url}/b/{studio.slug}/cut-and-style/")
    page.locator("#day-2031-03-04").focus()

    for key, day in (("ArrowRight", "05"), ("ArrowDown", "12"), ("ArrowLeft", "11")):
        page.keyboard.press(key)
        expect(page.locator(f"#day-2031-03-{day}")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#said")).to_contain_text("Tuesday 11 March: ")
    expect(page.locator("#day-2031-03-11")).to_be_focused()

    page.locator("#month-next").click()
    expect(page.get_by_role("heading", name="April 2031")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Tuesday 11 March")).to_be_visible()


def test_the_visitors_own_zone_is_shown_and_can_be_switched(
    live_server: LiveServer, studio: Business, browser: Browser
) -> None:
    context = browser.new_context(timezone_id="Asia/Tokyo", locale="en-GB")
    page = context.new_page()
    page.goto(f"{live_server.url}/b/{studio.slug}/cut-and-style/")

    expect(page.locator("#picker")).to_contain_text("Shown in Tokyo time (UTC+9)")
    page.locator("#zone-switch").click()
    expect(page.locator("#picker")).to_contain_text("Shown in Berlin time (UTC+1)")
    page.reload()
    expect(page.locator("#picker")).to_contain_text("Shown in Berlin time (UTC+1)")
    context.close()


def test_the_slower_of_two_is_offered_other_times(
    live_server: LiveServer, studio: Business, visitor: Page
) -> None:
    visitor.goto(f"{live_server.url}/b/{studio.slug}/wedding/?day=2031-03-12")
    time = visitor.locator("button.slot").first
    service = Service.objects.get(slug="wedding")
    commands.hold(service=service, starts_at=make.at("08:00", days=9), now=make.NOW)

    time.click()

    expect(visitor.get_by_text("Someone else has just taken this time.")).to_be_visible()
    others = visitor.locator("section.note button.slot")
    expect(others).to_have_count(3)
    others.first.click()
    expect(visitor.get_by_role("heading", name="Your details")).to_be_visible()


def test_a_hold_that_ends_keeps_what_was_typed(
    live_server: LiveServer,
    studio: Business,
    visitor: Page,
    clock: Clock,
    request: pytest.FixtureRequest,
) -> None:
    visitor.clock.install()
    visitor.goto(f"{live_server.url}/b/{studio.slug}/cut-and-style/?day=2031-03-06")
    visitor.locator("button.slot").first.click()
    fill_in(visitor)
    clock.now += timedelta(minutes=5)

    visitor.clock.fast_forward("05:01")
    if request.node.callspec.params["visitor"] == "without JavaScript":
        visitor.locator("button.wide").click()
    expect(visitor.get_by_text("the hold has ended")).to_be_visible()
    expect(visitor.get_by_label("Anything we should know?")).to_have_value(
        "A little shy of scissors."
    )

    visitor.locator("#hold button.slot:has-text('the same time')").click()
    expect(visitor.get_by_label("Name")).to_have_value("Anna Berg")
    expect(visitor.get_by_label("To the shoulders")).to_be_checked()
    visitor.locator("button.wide").click()
    expect(visitor.get_by_role("heading", name="You are booked, Anna Berg")).to_be_visible()

"""Every page in light, dark and on a phone: nothing for axe to report, and light to load.

`PICTURES=1` also takes the pictures of the README.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Browser, Page, Response
from pytest_django.live_server_helper import LiveServer

from bookings import commands
from bookings.models import Booking, Business, ChoicePurpose, Service
from tests import make
from tests.faces.site.visiting import booked, held

LIMIT = 60_000
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
PICTURES = Path(__file__).parent / "pictures"
LAPTOP, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
WHEN = {"date": "2031-04-05", "number": "3"}
CUT_OFF = """() => [...document.querySelectorAll(".btn, .slot, .badge, h1, h2, dt, label")]
    .filter((each) => each.clientWidth && each.scrollWidth > each.clientWidth + 1)
    .map((each) => each.textContent.trim())"""
LOOKS = [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)]


@pytest.fixture
def pages(studio: Business) -> dict[str, str]:
    """Return every page by a name for it."""
    client, home = Client(), f"/b/{studio.slug}/"
    cut = Service.objects.get(slug="cut-and-style")
    hair = {str(ask.question.public_id): "Short" for ask in cut.asks.filter(is_required=True)}
    manage = booked(client, cut, make.at("09:00", days=3), **hair)
    cancelled = booked(client, cut, make.at("09:00", days=4), **hair)
    client.post(f"{cancelled}cancel/")
    wedding = Service.objects.get(slug="wedding")
    day = {str(ask.question.public_id): WHEN[ask.question.kind] for ask in wedding.asks.all()}
    asked = booked(client, wedding, make.at("08:00", days=9), **day)
    return {
        "services": home,
        "times": f"{home}cut-and-style/?day=2031-03-06",
        "group": f"{home}braids/?day=2031-03-07&party=2",
        "together": f"{home}wedding/",
        "nothing-free": f"{home}cut-and-style/?month=2031-06",
        "details": held(client, cut, make.at("10:00", days=8)),
        "booked": f"{manage}?done=booked",
        "move": f"{manage}move/",
        "cancel": f"{manage}cancel/",
        "cancelled": cancelled,
        "asking": held(Client(), wedding, make.at("08:00", days=10)),
        "asked": asked,
        "withdraw": f"{asked}cancel/",
        "mine": f"{home}my/bookings/",
        **_asked_by_mail(Booking.objects.get(state="pending")),
        **_waited_for(Service.objects.get(slug="braids")),
        "not-found": "/b/nobody/",
    }


def _asked_by_mail(request: Booking) -> dict[str, str]:
    """Return the page on which the house decides about a request."""
    token = commands.choice_token(
        booking=request,
        purpose=ChoicePurpose.APPROVAL,
        address=request.business.mailbox,
        until=request.appointment.ends_at,
        now=make.NOW,
    )
    return {"decline": f"/a/{token}/?choose=decline", "decide": f"/a/{token}/"}


def _waited_for(group: Service) -> dict[str, str]:
    """Return the pages around a full session, and those of two in its line: one has an offer."""
    session = make.booking(group, starts_at=make.at("16:30", days=2), seats=8).appointment
    first, second = (
        commands.join_waitlist(
            appointment=session, contact=make.contact(), seats=seats, answers={}, now=make.NOW
        )
        for seats in (8, 1)
    )
    waiting = {
        "full": f"/b/{group.business.slug}/{group.slug}/?day=2031-03-05",
        "wait": f"/b/{group.business.slug}/wait/{session.public_id}/?party=2",
        "waiting": f"/m/{second.token}/",
        "offered": f"/m/{first.token}/",
    }
    commands.cancel_booking(booking=session.bookings.get(state="confirmed"), now=make.NOW)
    return waiting


@pytest.fixture
def traffic(page: Page) -> Iterator[list[Response]]:
    """Collect what the page loads, nothing from memory; its complaints are errors."""
    seen: list[Response] = []
    page.route("**/*", lambda route: route.continue_())  # with routes, Chromium caches nothing
    page.on("response", lambda response: seen.append(response))
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield seen
    assert [text for text in complaints if "404 (Not Found)" not in text] == []


def reported(page: Page) -> list[tuple[str, object]]:
    """Return what axe finds wrong with the page as it looks now."""
    found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
    return [(each["id"], [node["target"] for node in each["nodes"]]) for each in found]


@pytest.mark.slow
def test_every_page_is_accessible_and_light(
    live_server: LiveServer, pages: dict[str, str], page: Page, traffic: list[Response]
) -> None:
    for name, address in pages.items():
        traffic.clear()
        page.goto(live_server.url + address, wait_until="networkidle")
        weight = sum(len(gzip.compress(response.body())) for response in traffic)
        assert weight <= LIMIT, (name, weight)
        for scheme, size in LOOKS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert reported(page) == [], (name, scheme, size)
            wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, (name, size)


@pytest.mark.slow
@pytest.mark.parametrize("width", [390, 320])
def test_the_long_words_of_german_fit_on_a_phone(
    live_server: LiveServer, pages: dict[str, str], browser: Browser, width: int
) -> None:
    context = browser.new_context(locale="de-DE", viewport={"width": width, "height": 844})
    page = context.new_page()
    for name, address in pages.items():
        page.goto(live_server.url + address, wait_until="networkidle")
        assert page.locator("html").get_attribute("lang") == "de", name
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name
        assert page.evaluate(CUT_OFF) == [], name
        assert reported(page) == [], name
    context.close()


def test_refusals_are_accessible_too(
    live_server: LiveServer, pages: dict[str, str], page: Page
) -> None:
    page.goto(live_server.url + pages["details"])
    page.locator("button.wide").click()
    page.get_by_text("Please look at this again:").wait_for()
    assert page.evaluate("document.activeElement.id") == "errors"
    assert reported(page) == []

    page.goto(live_server.url + pages["mine"])
    page.get_by_label("E-mail").fill("anna@example.org")
    page.get_by_role("button").click()
    page.get_by_role("status").wait_for()
    assert reported(page) == []


@pytest.mark.parametrize("brand", ["#ffffff", "#ffd23f", "#888888", "#000000"])
def test_every_brand_colour_can_be_read(
    live_server: LiveServer, studio: Business, page: Page, brand: str
) -> None:
    studio.brand = brand
    studio.save(update_fields=["brand"])
    page.goto(f"{live_server.url}/b/{studio.slug}/cut-and-style/")

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert reported(page) == [], scheme


@pytest.mark.skipif(not os.environ.get("PICTURES"), reason="PICTURES=1 takes them")
def test_pictures(live_server: LiveServer, pages: dict[str, str], page: Page) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, scheme, size in (
        ("services", "light", LAPTOP),
        ("times", "light", LAPTOP),
        ("times", "dark", PHONE),
        ("group", "light", PHONE),
        ("details", "light", LAPTOP),
        ("booked", "light", PHONE),
        ("booked", "dark", LAPTOP),
    ):
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        page.goto(live_server.url + pages[name], wait_until="networkidle")
        page.mouse.move(0, 0)
        shape = "phone" if size is PHONE else "laptop"
        page.screenshot(path=PICTURES / f"{name}-{shape}-{scheme}.png")

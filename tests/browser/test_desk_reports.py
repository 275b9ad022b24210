"""The reports of the desk in a browser: the pictures are seen, and a file arrives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bookings import commands
from bookings.commands import Actor
from bookings.models import Business
from bookings.queries import availability
from tests import make
from tests.browser.signed_in import sign_in
from tests.conftest import Clock

RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LAPTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
LOOKS = [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)]


@pytest.fixture
def busy(transactional_db: None, clock: Clock) -> Business:
    """Return a business in the middle of its third week."""
    business = make.business(name="Linden Studio", slug="linden", zone="Europe/Berlin")
    people = [make.staff(business, name=name) for name in ("Amira", "Jonas", "Sofia")]
    cut = make.service(
        business, by=people, name="Cut & style", price_kind="fixed", price=Decimal(48)
    )
    talk = make.service(business, by=people[:1], name="Consultation, by video", price_kind="free")
    for number, service in enumerate([cut, talk, cut, cut]):
        free = availability.starts(
            service, lo=make.NOW, hi=make.NOW + timedelta(days=20), now=make.NOW
        )
        for start in free[number * 2 :: 11]:
            make.booking(service, starts_at=start.at, now=clock.now)
    clock.now = make.NOW + timedelta(days=16)
    for number, booking in enumerate(business.bookings.order_by("pk")):
        if number % 17 == 0:
            commands.mark_no_show(booking=booking, now=make.at("23:00", days=40), actor=ANN)
        elif number % 13 == 0 and booking.appointment.starts_at > clock.now:
            commands.cancel_booking(booking=booking, now=clock.now, actor=ANN)
    return business


ANN = Actor("staff", "Ann")


@pytest.fixture
def signed_in(live_server: LiveServer, busy: Business, page: Page) -> Iterator[Page]:
    """Return a page of an admin of the business; its complaints are errors."""
    sign_in(page, make.member(busy), live_server.url)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


@pytest.mark.slow
def test_the_pictures_are_seen_in_every_light(
    live_server: LiveServer, busy: Business, signed_in: Page
) -> None:
    page = signed_in
    page.goto(f"{live_server.url}/desk/{busy.slug}/reports/?days=month")
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        for picture in page.get_by_role("img").all():
            box = picture.bounding_box()
            assert box is not None
            assert box["width"] > 280
            assert box["height"] > 80
        bars = page.locator("#days rect.bar")
        assert bars.count() > 10
        heights = [bar.bounding_box() for bar in bars.all()]
        assert all(box and box["height"] > 2 and box["width"] > 1 for box in heights)
        found = Axe().run(page, options={"runOnly": RULES}).response["violations"]
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found] == []
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, size


def test_the_numbers_behind_a_picture_open(
    live_server: LiveServer, busy: Business, signed_in: Page
) -> None:
    page = signed_in
    page.goto(f"{live_server.url}/desk/{busy.slug}/reports/?days=month")

    page.locator("#services summary").click()

    expect(page.locator("#services table")).to_be_visible()
    expect(page.locator("#services").get_by_role("row")).to_have_count(3)


@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_a_file_arrives_with_its_progress(
    live_server: LiveServer, busy: Business, signed_in: Page, kind: str, tmp_path: Path
) -> None:
    page = signed_in
    page.goto(f"{live_server.url}/desk/{busy.slug}/reports/?days=month")

    with page.expect_download() as downloading:
        page.get_by_role("link", name=kind, exact=True).click()

    name = f"linden-bookings-2031-03-01-2031-03-31.{kind.lower()}"
    assert downloading.value.suggested_filename == name
    downloading.value.save_as(tmp_path / name)
    content = (tmp_path / name).read_bytes()
    expect(page.get_by_role("status")).to_have_text("The file is complete.")
    assert content.startswith(b"PK" if kind == "XLSX" else b"\xef\xbb\xbfDate & Time")

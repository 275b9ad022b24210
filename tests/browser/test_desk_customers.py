"""The customers' pages of the desk in a real browser: searched while typing, and fit for all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bookings import commands
from bookings.commands import Actor
from bookings.engine.policy import Override
from bookings.models import Booking, Business, Customer
from tests import make
from tests.browser.test_looks import LOOKS, reported

DESK = Actor("staff", "Mia")
SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def nora(studio: Business) -> Customer:
    """Return a customer of the studio with a past, a duplicate and a long name."""
    nora = Customer.objects.filter(name="Nora Lindqvist").order_by("pk")[0]
    for booking in Booking.objects.filter(name="Nora Lindqvist"):
        Booking.objects.filter(pk=booking.pk).update(customer=nora)
    first, second = nora.bookings.order_by("pk")[:2]
    commands.cancel_booking(
        booking=first,
        reason="has a cold",
        now=make.NOW,
        actor=DESK,
        overrides=frozenset({Override.NOTICE}),
    )
    Booking.objects.filter(pk=second.pk).update(no_show_at=make.NOW)
    commands.change_customer(
        customer=nora,
        typed={"notes": "Allergic to almond oil.\nLikes the chair by the window."},
        seen={"notes": ""},
        now=make.NOW,
        actor=DESK,
    )
    Customer.objects.create(
        business=studio, name="Nora Lindkvist", email="nora@example.org", phone=nora.phone
    )
    nora.refresh_from_db()
    return nora


def test_the_list_follows_what_is_typed(
    live_server: LiveServer, studio: Business, office: Page
) -> None:
    office.goto(f"{live_server.url}/desk/{studio.slug}/customers/")
    office.get_by_role("searchbox").type("okafor")

    expect(office.locator("#found li")).to_have_count(
        Customer.objects.filter(name__contains="Okafor").count()
    )
    expect(office).to_have_url(f"{live_server.url}/desk/{studio.slug}/customers/?q=okafor")
    assert office.evaluate("document.activeElement.id") == "q"
    office.keyboard.press("Tab")
    office.keyboard.press("Tab")
    office.keyboard.press("Enter")
    expect(office.get_by_role("heading", level=1)).to_have_text("Grace Okafor")


@pytest.mark.slow
def test_every_page_is_accessible_in_every_look(
    live_server: LiveServer, studio: Business, office: Page, nora: Customer
) -> None:
    home = f"{live_server.url}/desk/{studio.slug}/customers/"
    other = Customer.objects.get(name="Nora Lindkvist")
    idle = Customer.objects.create(business=studio, name="Idle Anna", phone="030 5550")
    pages = {
        "list": home,
        "nobody": f"{home}?q=zzz",
        "new": f"{home}new/",
        "customer": f"{home}{nora.public_id}/",
        "edit": f"{home}{nora.public_id}/edit/",
        "merge": f"{home}{nora.public_id}/merge/",
        "merging": f"{home}{nora.public_id}/merge/?other={other.public_id}",
        "expected": f"{home}{nora.public_id}/erase/",
        "erase": f"{home}{idle.public_id}/erase/",
    }
    for name, address in pages.items():
        office.goto(address, wait_until="networkidle")
        for scheme, size in LOOKS:
            office.emulate_media(color_scheme=scheme)
            office.set_viewport_size(size)
            if SHOTS:
                shot = f"{name}-{size['width']}-{scheme}.png"
                office.screenshot(path=Path(SHOTS) / shot, full_page=True)
            assert reported(office) == [], (name, scheme, size)
            wider = office.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, (name, size)


def test_a_refusal_is_read_out_and_keeps_what_was_typed(
    live_server: LiveServer, studio: Business, office: Page, nora: Customer
) -> None:
    office.goto(f"{live_server.url}/desk/{studio.slug}/customers/{nora.public_id}/edit/")
    office.get_by_label("E-mail").fill("nora@")
    office.get_by_role("button", name="Save").click()

    office.get_by_text("This does not look like an e-mail address.").wait_for()
    assert office.evaluate("document.activeElement.id") == "errors"
    assert office.get_by_label("E-mail").input_value() == "nora@"
    assert reported(office) == []

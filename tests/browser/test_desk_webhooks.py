"""Webhooks in a real browser: fit for all, and what is delivered shows up by itself."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bookings import outbox
from bookings.composing import compose
from bookings.models import Business, Message, Outlet, Service, Subscription
from bookings.outlets import Envelope
from bookings.outlets.email import composed
from bookings.outlets.envelope import Hook
from tests import make
from tests.browser.test_looks import LAPTOP, LOOKS, PHONE, PICTURES, reported
from tests.make import NOW


@pytest.fixture
def webhooks(studio: Business, live_server: LiveServer) -> str:
    """Return the address of the studio's webhooks."""
    return f"{live_server.url}/desk/{studio.slug}/webhooks/"


def happen(studio: Business, status: int) -> Message:
    """Let something happen, and the receiver answer with this status."""
    outbox.record_alone(business=studio, kind="hours.changed", actor="x", now=NOW, data={})
    message = outbox.claim(now=NOW)
    assert message is not None
    Message.objects.filter(pk=message.pk).update(body='{"type": "hours.changed"}')
    said = outbox.Exchange(status=status, answer="<p>So it is", headers={"webhook-id": "x"})
    if status < 300:
        outbox.settle_sent(message, said=said, now=NOW)
    else:
        outbox.settle_refused(message, error="It fails.", permanent=False, said=said, now=NOW)
    return message


@pytest.mark.slow
def test_every_page_is_accessible(office: Page, webhooks: str, studio: Business) -> None:
    hook = make.subscription(studio, url="https://receiver.example/" + "long" * 60)
    well, ill = happen(studio, 200), happen(studio, 500)
    off = make.subscription(studio, disabled_at=NOW, disabled_because="gone")

    for address in (
        webhooks,
        f"{webhooks}new/",
        *(f"{webhooks}{hook.public_id}/{page}" for page in ("", "edit/", "delete/")),
        f"{webhooks}{off.public_id}/",
        *(f"{webhooks}deliveries/{each.public_id}/" for each in (well, ill)),
    ):
        office.goto(address)
        _looks(office)
    office.goto(f"{webhooks}new/")
    office.get_by_label("Only those I choose").check()
    office.get_by_role("button", name="Make the webhook").click()
    expect(office.get_by_text("Please look at this again:")).to_be_visible()
    _looks(office)
    office.goto(f"{webhooks}{hook.public_id}/")
    office.get_by_role("button", name="Show the secret").click()
    expect(office.get_by_label("Secret")).to_have_value(hook.secret)
    _looks(office)


def _looks(page: Page) -> None:
    """Look at a page in every light and size."""
    for scheme, size in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert reported(page) == [], (page.url, scheme, size)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, (page.url, size)


def test_a_webhook_is_made_and_tried_and_what_comes_of_it_shows_by_itself(
    office: Page, webhooks: str
) -> None:
    office.goto(webhooks)
    office.get_by_role("link", name="New webhook").click()
    expect(office.get_by_text("A booking is cancelled.")).to_be_hidden()
    office.get_by_label("URL").fill("https://receiver.example/hook")
    office.get_by_label("Only those I choose").check()
    office.get_by_label("A booking is cancelled.").check()
    office.get_by_role("button", name="Make the webhook").click()
    office.get_by_role("button", name="Send a test event").click()

    told = office.locator("#told")
    expect(told.get_by_text("waiting")).to_be_visible()
    assert Subscription.objects.get().events == ["booking.cancelled"]
    message = outbox.claim(now=NOW)
    assert message is not None
    outbox.settle_sent(message, said=outbox.Exchange(status=204), now=NOW)
    expect(told.get_by_text("answered 204")).to_be_visible(timeout=30_000)
    assert reported(office) == []


@pytest.mark.skipif(not os.environ.get("PICTURES"), reason="PICTURES=1 takes them")
def test_pictures(office: Page, webhooks: str, studio: Business) -> None:
    make.subscription(studio, url="https://crm.linden.example/bookings")
    booking = make.booking(
        Service.objects.get(name="The quiet hour"), contact=make.contact(name="Ida Berg")
    )
    reminder = Message.objects.get(booking=booking, topic="reminder")
    while message := outbox.claim(now=NOW):
        parcel = compose(message, now=NOW)
        if isinstance(parcel, Hook):
            outbox.freeze(message, body=parcel.body)
        said = outbox.Exchange(status=200, answer='{"received": true}')
        outbox.settle_sent(message, said=said, now=NOW + timedelta(milliseconds=84))
    told = Message.objects.filter(
        outlet=Outlet.WEBHOOK, event__appointment=booking.appointment
    ).earliest("pk")
    office.set_viewport_size(LAPTOP)
    office.goto(f"{webhooks}deliveries/{told.public_id}/")
    office.mouse.move(0, 0)
    office.screenshot(path=PICTURES / "delivery-laptop-light.png")

    letter = compose(reminder, now=reminder.due_at)
    assert isinstance(letter, Envelope)
    office.set_viewport_size(PHONE)
    office.goto("about:blank")
    office.set_content(str(composed(letter, stamp=NOW).alternatives[0][0]))
    office.screenshot(path=PICTURES / "reminder-phone-light.png", full_page=True)

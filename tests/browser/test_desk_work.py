"""What one does with appointments on the desk: make them, look into them, decide, by hand and keys.

`SHOTS=folder` keeps pictures of every page.
"""

from __future__ import annotations

import os
import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from bookings import commands
from bookings.commands import Actor
from bookings.models import Booking, Business, Customer, Resource, Service
from tests import make
from tests.browser.signed_in import sign_in
from tests.browser.test_looks import LOOKS, PHONE, reported
from tests.conftest import Clock
from tests.make import at

pytestmark = pytest.mark.django_db(transaction=True)

SHOTS = os.environ.get("SHOTS", "")


@pytest.fixture
def studio(clock: Clock) -> Business:
    """Return a business with two people who do the same."""
    return make.business(name="Linden", address="1 High Street", interval=timedelta(minutes=30))


@pytest.fixture
def ann(studio: Business) -> Resource:
    return make.staff(studio, name="Ann")


@pytest.fixture
def cut(studio: Business, ann: Resource) -> Service:
    """Return what Ann and Bob do; it asks a question."""
    bob = make.staff(studio, name="Bob")
    service = make.service(studio, by=[ann, bob], name="Cut", price_kind="fixed", price=48)
    make.question(service, kind="yes_no", text="First visit?")
    return service


@pytest.fixture
def nora(cut: Service, ann: Resource) -> Booking:
    """Return Nora's appointment with Ann, tomorrow at ten."""
    who = make.contact(name="Nora Lindqvist", phone="+49 30 901820", notes="Rings twice")
    return make.booking(cut, staff=ann, contact=who)


@pytest.fixture
def admin(studio: Business) -> User:
    return make.member(studio, name="Mia Stone")


@pytest.fixture
def day(live_server: LiveServer, page: Page, studio: Business, admin: User, nora: Booking) -> Page:
    """Return the page of tomorrow, as an admin sees it."""
    sign_in(page, admin, live_server.url)
    page.goto(f"{live_server.url}/desk/{studio.slug}/?day=2031-03-04")
    return page


def panel(page: Page) -> Locator:
    return page.locator("#panel")


def open_nora(page: Page) -> Locator:
    """Open Nora's appointment beside the calendar."""
    page.locator(".visit a", has_text="Nora Lindqvist").click()
    expect(panel(page).get_by_role("heading", name="Cut")).to_be_focused()
    return panel(page)


def test_an_appointment_opens_beside_the_day_and_closes_again(day: Page) -> None:
    beside = open_nora(day)

    expect(beside).to_contain_text("Rings twice")
    day.keyboard.press("Escape")
    expect(beside).to_be_hidden()
    expect(day.locator(".visit a", has_text="Nora Lindqvist")).to_be_focused()

    open_nora(day)
    day.reload()
    expect(beside.get_by_role("heading", name="Cut")).to_be_visible()
    day.go_back()
    expect(beside).to_be_hidden()


@pytest.mark.parametrize("nonsense", ["#%", "#http://[", "#https://evil.example/desk/x/new/"])
def test_an_address_that_remembers_nonsense_opens_nothing_and_breaks_nothing(
    day: Page, nonsense: str
) -> None:
    day.goto(f"{day.url}{nonsense}")
    day.reload()

    expect(panel(day)).to_be_empty()
    expect(open_nora(day)).to_contain_text("Nora Lindqvist")


def test_a_no_show_and_its_undo_beside_the_day(day: Page, clock: Clock) -> None:
    clock.now = at("10:15")
    day.reload()
    beside = open_nora(day)

    beside.get_by_role("button", name="Did not come").click()
    expect(beside).to_contain_text("Noted that they did not come.")
    expect(day.locator(".visit", has_text="Nora Lindqvist")).to_contain_text("did not come")
    beside.get_by_role("button", name="They did come: undo no-show").click()
    expect(beside).to_contain_text("The no-show is taken back.")

    assert Booking.objects.get().no_show_at is None


def test_a_request_is_approved_beside_the_day(day: Page, studio: Business, ann: Resource) -> None:
    service = make.service(studio, by=[ann], name="Colour", needs_approval=True)
    asked = make.booking(service, starts_at=at("14:00"), contact=make.contact(name="Ole Berg"))
    day.reload()

    day.locator(".visit a", has_text="Ole Berg").click()
    panel(day).get_by_role("button", name="Approve").click()
    expect(panel(day)).to_contain_text("Approved, and the customer is told.")

    asked.refresh_from_db()
    assert asked.state == "confirmed"


def test_what_is_refused_is_said_there_and_nothing_typed_is_lost(day: Page, nora: Booking) -> None:
    beside = open_nora(day)
    commands.check_in(booking=nora, now=make.NOW, actor=Actor("staff", "Bob"))

    beside.get_by_text("Cancel…").click()
    beside.get_by_label("Why? Everybody in it is told.").fill("Has a cold")
    beside.get_by_role("button", name="Cancel", exact=True).click()

    expect(beside.get_by_role("alert")).to_have_text("This has been changed meanwhile by Bob.")
    expect(beside.get_by_label("Why? Everybody in it is told.")).to_have_value("Has a cold")
    beside.get_by_role("button", name="Cancel", exact=True).click()
    expect(beside).to_contain_text("The appointment is cancelled")
    nora.refresh_from_db()
    assert (nora.state, nora.cancel_reason) == ("cancelled", "Has a cold")


def test_the_form_moves_it_and_the_day_follows(day: Page, nora: Booking) -> None:
    beside = open_nora(day)

    beside.get_by_role("link", name="Move…").click()
    expect(beside.get_by_role("heading", name="Move the appointment")).to_be_focused()
    beside.get_by_role("button", name="13:30", exact=True).click()
    expect(beside.get_by_label("Time")).to_have_value("13:30")
    beside.get_by_role("button", name="Move it").click()

    expect(beside).to_contain_text("13:30 – 14:00")
    expect(day.locator(".visit", has_text="Nora Lindqvist")).to_contain_text("13:30")


def test_a_click_on_a_free_place_books_there(day: Page, ann: Resource) -> None:
    place = day.locator(".strip", has=day.get_by_role("heading", name="Ann")).locator(".strip-day")
    box = place.bounding_box()
    assert box
    place.click(position={"x": box["width"] / 2, "y": box["height"] * 0.6})

    beside = panel(day)
    expect(beside.get_by_role("heading", name="New appointment")).to_be_focused()
    expect(beside.get_by_label("With")).to_have_value(str(ann.public_id))
    start = beside.get_by_label("Time").input_value()
    beside.get_by_label("Name").fill("Ole Berg")
    beside.get_by_role("button", name="Book", exact=True).click()

    expect(beside).to_contain_text("Booked for Ole Berg")
    expect(day.locator(".visit", has_text="Ole Berg")).to_contain_text(start)


def test_a_phone_call_by_keyboard_alone(day: Page, studio: Business) -> None:
    Customer.objects.create(business=studio, name="Grace Okafor", phone="030 123456")
    day.keyboard.press("n")
    beside = panel(day)
    expect(beside.get_by_role("heading", name="New appointment")).to_be_focused()

    beside.get_by_label("Name").focus()
    day.keyboard.type("okaf")
    expect(beside.get_by_role("button", name="Grace Okafor")).to_be_visible()
    day.keyboard.press("ArrowDown")
    day.keyboard.press("Enter")
    expect(beside.get_by_label("Phone")).to_have_value("030 123456")
    beside.get_by_label("Time").focus()
    day.keyboard.type("1530")
    day.keyboard.press("Enter")

    expect(beside).to_contain_text("Booked for Grace Okafor")
    booked = Booking.objects.latest("pk")
    assert booked.customer is not None
    assert (booked.customer.name, booked.appointment.starts_at) == ("Grace Okafor", at("15:30"))


def test_of_two_desks_one_books_and_the_other_reads_what_is_free(
    live_server: LiveServer, browser: Browser, day: Page, studio: Business, cut: Service
) -> None:
    address = f"{live_server.url}/desk/{studio.slug}/new/?day=2031-03-04&time=12:00"
    other = browser.new_context().new_page()
    sign_in(other, make.member(studio, "scheduler"), live_server.url)
    for tab in (day, other):
        tab.goto(f"{address}&staff={cut.links.order_by('priority')[0].resource.public_id}")
        tab.get_by_label("Name").fill("Ole Berg" if tab is day else "Ida Holm")
    day.get_by_role("button", name="Book", exact=True).click()
    expect(day.get_by_text("Booked for Ole Berg")).to_be_visible()
    other.get_by_role("button", name="Book", exact=True).click()

    alert = other.get_by_role("alert")
    expect(alert).to_contain_text("Someone else has just taken this time.")
    expect(other.get_by_label("Name")).to_have_value("Ida Holm")
    alert.get_by_role("button", name="12:30").click()
    expect(other.get_by_label("Time")).to_have_value("12:30")
    other.get_by_role("button", name="Book", exact=True).click()
    expect(other.get_by_text("Booked for Ida Holm")).to_be_visible()
    other.context.close()


def test_another_service_brings_its_questions_and_keeps_the_rest(
    live_server: LiveServer, day: Page, studio: Business
) -> None:
    other = make.service(studio, name="Massage")
    make.question(other, text="Where does it hurt?")
    day.goto(f"{live_server.url}/desk/{studio.slug}/new/?day=2031-03-04")
    day.get_by_label("Name").fill("Ole Berg")

    day.get_by_label("Service").focus()
    day.get_by_label("Service").select_option("Massage")

    expect(day.get_by_label("Where does it hurt?")).to_be_visible()
    expect(day.get_by_label("Name")).to_have_value("Ole Berg")
    expect(day.get_by_label("Service")).to_be_focused()


def test_without_script_the_pages_do_the_same(
    live_server: LiveServer, browser: Browser, studio: Business, admin: User, nora: Booking
) -> None:
    plain = browser.new_context(java_script_enabled=False).new_page()
    sign_in(plain, admin, live_server.url)
    plain.goto(f"{live_server.url}/desk/{studio.slug}/new/?day=2031-03-04")
    plain.get_by_label("Name").fill("lindqvist")
    plain.get_by_role("button", name="Look for this customer").click()
    plain.get_by_role("button", name="Nora Lindqvist").click()
    plain.get_by_role("button", name="16:30", exact=True).click()
    plain.get_by_role("button", name="Book", exact=True).click()

    expect(plain.get_by_text("Booked for Nora Lindqvist")).to_be_visible()
    assert Booking.objects.latest("pk").customer == nora.customer
    plain.goto(f"{live_server.url}/desk/{studio.slug}/appointments/{nora.appointment.public_id}/")
    plain.get_by_text("More").click()
    plain.get_by_role("button", name="Link for the customer").click()
    expect(plain.get_by_label("Whoever has this link")).to_have_value(re.compile("/m/"))
    plain.context.close()


def test_single_keys_lead_about_and_can_be_turned_off(day: Page) -> None:
    day.keyboard.press("j")
    expect(day.get_by_role("heading", level=1)).to_contain_text("5 March")
    day.keyboard.press("k")
    expect(day.get_by_role("heading", level=1)).to_contain_text("4 March")
    day.keyboard.press("t")
    expect(day.get_by_role("heading", level=1)).to_contain_text("3 March")

    day.keyboard.press("?")
    dialog = day.get_by_role("dialog")
    expect(dialog).to_contain_text("Search customers")
    assert reported(day) == []
    dialog.get_by_label("Keys work alone").uncheck()
    day.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    day.keyboard.press("j")
    day.reload()
    day.keyboard.press("?")
    expect(dialog).to_be_hidden()
    expect(day.get_by_role("heading", level=1)).to_contain_text("3 March")

    day.get_by_role("button", name="Keyboard shortcuts").click()
    expect(dialog).to_be_visible()


def test_keys_are_letters_while_somebody_types(day: Page) -> None:
    notes = open_nora(day).get_by_role("textbox", name="Internal notes")
    notes.focus()
    day.keyboard.type("t?nd/j")

    expect(notes).to_have_value("t?nd/j")
    expect(day.get_by_role("dialog")).to_be_hidden()


@pytest.mark.slow
def test_every_page_is_accessible(
    live_server: LiveServer, day: Page, studio: Business, nora: Booking, ann: Resource
) -> None:
    group = make.service(studio, by=[ann], name="Yoga", capacity=8, duration=timedelta(hours=1))
    for number in range(3):
        who = make.contact(name=f"Guest number {number}")
        class_ = make.booking(group, starts_at=at("13:00"), contact=who)
    client, about = f"{live_server.url}/desk/{studio.slug}/", nora.appointment.public_id
    pages = {
        "panel": f"?day=2031-03-04#%2Fdesk%2F{studio.slug}%2Fappointments%2F{about}%2F",
        "appointment": f"appointments/{about}/",
        "group": f"appointments/{class_.appointment.public_id}/",
        "move": f"appointments/{about}/move/",
        "reassign": f"appointments/{about}/reassign/",
        "attendees": f"appointments/{class_.appointment.public_id}/attendees/",
        "new": "new/?day=2031-03-04&time=10:10",
    }
    for name, path in pages.items():
        day.goto("about:blank")
        day.goto(client + path, wait_until="networkidle")
        for scheme, size in LOOKS:
            day.emulate_media(color_scheme=scheme)
            day.set_viewport_size(size)
            if SHOTS:
                shape = "phone" if size is PHONE else "laptop"
                day.screenshot(path=f"{SHOTS}/{name}-{shape}-{scheme}.png", full_page=True)
            if name == "panel" and size is PHONE:
                continue
            assert reported(day) == [], (name, scheme, size)
            wider = day.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, (name, size)
        day.set_viewport_size({"width": 1280, "height": 860})

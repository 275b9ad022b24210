"""The day on the desk: moving by hand and by keys, refusals, and changes by others."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from bookings import commands
from bookings.models import Appointment, Booking, Business, Resource
from tests import make
from tests.browser.signed_in import sign_in
from tests.browser.test_looks import LAPTOP, LOOKS, PHONE, PICTURES, reported
from tests.conftest import Clock
from tests.make import at

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def business(clock: Clock) -> Business:
    """Return a business with two people who do the same."""
    return make.business(interval=timedelta(minutes=15), name="Linden")


@pytest.fixture
def ann(business: Business) -> Resource:
    return make.staff(business, name="Ann")


@pytest.fixture
def bob(business: Business) -> Resource:
    return make.staff(business, name="Bob")


@pytest.fixture
def cut(business: Business, ann: Resource, bob: Resource) -> Booking:
    """Return Nora's appointment with Ann, tomorrow at ten."""
    service = make.service(business, by=[ann, bob], name="Cut", interval=timedelta(minutes=15))
    contact = make.contact(name="Nora Lindqvist")
    return make.booking(service, staff=ann, starts_at=at("10:00"), contact=contact)


@pytest.fixture
def day(live_server: LiveServer, page: Page, business: Business, cut: Booking) -> Page:
    """Return the page of tomorrow, as an admin sees it."""
    sign_in(page, make.member(business), live_server.url)
    page.goto(f"{live_server.url}/desk/{business.slug}/?day=2031-03-04")
    return page


def visit(page: Page, name: str = "Nora Lindqvist") -> Locator:
    return page.locator(".visit a", has_text=name)


def strip(page: Page, name: str) -> Locator:
    return page.locator(".strip", has=page.get_by_role("heading", name=name))


def centre(found: Locator) -> tuple[float, float]:
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def drag(page: Page, found: Locator, *, right: float = 0, down: float = 0) -> None:
    x, y = centre(found)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right / 2, y + down / 2, steps=3)
    page.mouse.move(x + right, y + down, steps=3)
    page.mouse.up()


def hour(page: Page) -> float:
    """Return the height of an hour in pixels."""
    box = strip(page, "Ann").locator(".strip-day").bounding_box()
    assert box is not None
    return box["height"] / 8


def when(booking: Booking) -> tuple[str, list[str]]:
    """Return the clock of a booking's start, and who serves it."""
    appointment = Appointment.objects.get(pk=booking.appointment_id)
    return f"{appointment.starts_at:%H:%M}", [each.name for each in appointment.resources.all()]


def test_an_appointment_is_dragged_to_another_time_and_person(day: Page, cut: Booking):
    wide = strip(day, "Bob").bounding_box()["x"] - strip(day, "Ann").bounding_box()["x"]

    with day.expect_response("**/move/") as moved:
        drag(day, visit(day), right=wide, down=hour(day) * 1.5)

    assert moved.value.status == 204
    assert when(cut) == ("11:30", ["Bob"])
    expect(strip(day, "Bob").get_by_text("11:30 – 12:00")).to_be_visible()
    expect(day.locator("#said")).to_have_text("Moved.")


def test_a_refused_drag_goes_back_and_says_why(day: Page, cut: Booking):
    make.booking(
        cut.appointment.service,
        staff=cut.appointment.resources.get(),
        starts_at=at("12:00"),
        contact=make.contact(name="Tomasz"),
    )
    drag(day, visit(day), down=hour(day) * 2)

    expect(day.get_by_role("alert")).to_have_text(
        "Not moved. Someone else has just taken this time."
    )
    expect(strip(day, "Ann").get_by_text("10:00 – 10:30")).to_be_visible()
    assert when(cut) == ("10:00", ["Ann"])


def test_escape_takes_a_drag_back(day: Page, cut: Booking):
    x, y = centre(visit(day))
    day.mouse.move(x, y)
    day.mouse.down()
    day.mouse.move(x, y + 200, steps=4)
    day.keyboard.press("Escape")
    day.mouse.up()

    expect(strip(day, "Ann").get_by_text("10:00 – 10:30")).to_be_visible()
    assert when(cut) == ("10:00", ["Ann"])


def test_the_arrow_keys_with_alt_move_and_the_focus_stays(day: Page, cut: Booking):
    visit(day).focus()
    with day.expect_response("**/move/"):
        day.keyboard.down("Alt")
        for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowRight"):
            day.keyboard.press(key)
        day.keyboard.up("Alt")

    assert when(cut) == ("10:45", ["Bob"])
    expect(strip(day, "Bob").get_by_text("10:45 – 11:15")).to_be_visible()
    expect(visit(day)).to_be_focused()


def test_two_people_move_the_same_appointment_and_the_second_is_told(day: Page, cut: Booking):
    commands.reschedule(booking=cut, starts_at=at("14:00"), now=make.NOW)

    drag(day, visit(day), down=hour(day))

    expect(day.get_by_role("alert")).to_contain_text("Not moved. This has been changed meanwhile")
    expect(strip(day, "Ann").get_by_text("14:00 – 14:30")).to_be_visible()


def test_a_customers_change_appears_and_what_is_typed_stays(day: Page, cut: Booking, clock: Clock):
    day.locator("#panel").evaluate("panel => panel.innerHTML = '<textarea></textarea>'")
    note = day.locator("#panel textarea")
    note.fill("half a sentence")
    note.focus()

    commands.reschedule(booking=cut, starts_at=at("15:00"), now=make.NOW)

    expect(visit(day)).to_contain_text("15:00 – 15:30", timeout=5000)
    expect(note).to_have_value("half a sentence")
    expect(note).to_be_focused()


def test_a_free_place_leads_to_a_new_appointment(day: Page, ann: Resource):
    x, y = centre(visit(day))
    day.mouse.move(x, y + hour(day) + 5)
    expect(day.locator(".ghost")).to_have_text("11:15")
    with day.expect_request("**/new/**") as asked:
        day.mouse.click(x, y + hour(day) + 5)

    assert asked.value.url.endswith(f"/new/?day=2031-03-04&staff={ann.public_id}&time=11:15")


def test_the_keys_choose_a_free_place(day: Page, ann: Resource):
    day.get_by_role("link", name="New appointment: Ann").focus()
    for _ in range(3):
        day.keyboard.press("ArrowDown")
    with day.expect_request("**/new/**") as asked:
        day.keyboard.press("Enter")

    assert asked.value.url.endswith(f"&staff={ann.public_id}&time=09:30")


def test_who_is_signed_out_is_told_so(day: Page):
    day.context.clear_cookies()

    expect(day.get_by_text("You have been signed out.")).to_be_visible(timeout=6000)


def test_on_touch_a_long_press_drags(
    live_server: LiveServer, browser: Browser, business: Business, cut: Booking
):
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 844})
    page = context.new_page()
    sign_in(page, make.member(business), live_server.url)
    page.goto(f"{live_server.url}/desk/{business.slug}/?day=2031-03-04")
    x, y = centre(visit(page))
    touch = context.new_cdp_session(page)

    def send(kind: str, down: float = 0) -> None:
        points = [] if kind == "touchEnd" else [{"x": x, "y": y + down}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart")
    page.locator(".visit.moving").wait_for()
    with page.expect_response("**/move/"):
        for part in (0.25, 0.5, 0.75, 1.0):
            send("touchMove", hour(page) * part)
        send("touchEnd")
    context.close()

    assert when(cut) == ("11:00", ["Ann"])


@pytest.fixture
def office(live_server: LiveServer, page: Page, clock: Clock) -> Page:
    """Return a page of somebody who runs the demo business in the middle of its day."""
    clock.now = make.NOW + timedelta(days=1, hours=3, minutes=20)
    call_command("demo", lived_in=True)
    sign_in(page, make.member(Business.objects.get(), name="Dana Novak"), live_server.url)
    return page


OTHERS = ["week/", "week/?resource=", "month/", "list/"]


@pytest.mark.parametrize(
    "name", ["", *(pytest.param(each, marks=pytest.mark.slow) for each in OTHERS)]
)
def test_every_page_of_the_calendar_is_fit_for_all(
    live_server: LiveServer, office: Page, name: str
):
    who = Resource.objects.get(name="Amira Haddad").public_id if name.endswith("=") else ""
    office.goto(f"{live_server.url}/desk/linden-studio/{name}{who}", wait_until="load")
    for scheme, size in LOOKS:
        office.emulate_media(color_scheme=scheme)
        office.set_viewport_size(size)
        assert reported(office) == [], (name, scheme, size)
        wider = office.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, (name, size)


def test_the_columns_of_a_day_fill_the_window(live_server: LiveServer, office: Page):
    office.goto(f"{live_server.url}/desk/linden-studio/")
    columns = office.locator(".sheet-cols").bounding_box()

    assert columns is not None
    assert columns["width"] >= 1270


def test_the_list_of_a_day_prints_without_the_desk_around_it(live_server: LiveServer, office: Page):
    office.goto(f"{live_server.url}/desk/linden-studio/")
    office.get_by_role("link", name="List to print").click()
    office.emulate_media(media="print")

    expect(office.get_by_role("heading", name="Tuesday 4 March 2031").first).to_be_visible()
    expect(office.locator(".desk-top")).to_be_hidden()
    expect(office.locator(".cal-head")).to_be_hidden()
    assert reported(office) == []


@pytest.mark.skipif(not os.environ.get("PICTURES"), reason="PICTURES=1 takes them")
def test_pictures(live_server: LiveServer, office: Page):
    for name, address, scheme, size in (
        ("day-laptop-light", "", "light", LAPTOP),
        ("day-laptop-dark", "", "dark", LAPTOP),
        ("day-phone-light", "", "light", PHONE),
        ("week-laptop-light", "week/", "light", LAPTOP),
        ("list-phone-dark", "list/", "dark", PHONE),
    ):
        office.emulate_media(color_scheme=scheme)
        office.set_viewport_size(size)
        office.goto(f"{live_server.url}/desk/linden-studio/{address}", wait_until="load")
        office.mouse.move(0, 0)
        office.screenshot(path=PICTURES / f"{name}.png")

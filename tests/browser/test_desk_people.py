"""People, hours and time off in a real browser: fit for all, and quicker with a script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from bookings import commands
from bookings.models import Business, HoursRule, Invitation, Membership, Resource, TimeOff
from tests import make
from tests.browser.test_looks import LOOKS, reported

BOSS = commands.Actor("staff", "Mia Stone")


@pytest.fixture
def desk(studio: Business, live_server: LiveServer) -> str:
    return f"{live_server.url}/desk/{studio.slug}"


@pytest.fixture
def mei(studio: Business) -> Resource:
    return Resource.objects.get(name="Mei Lin")


def invite(studio: Business, **more: object) -> Invitation:
    return commands.invite(
        business=studio,
        email="new@people.example",
        role="scheduler",
        now=make.NOW,
        actor=BOSS,
        **more,
    )


@pytest.mark.slow
def test_every_page_is_accessible(
    office: Page, desk: str, studio: Business, mei: Resource, live_server: LiveServer
) -> None:
    invitation = invite(studio)
    commands.take_time_off(
        business=studio,
        resources=[mei],
        starts_at=make.at("00:00", days=0),
        ends_at=make.at("00:00", days=8),
        title="Training",
        now=make.NOW,
    )
    viewer = Membership.objects.get(user=make.member(studio, "viewer"))
    away, token = TimeOff.objects.get(), commands.invitation_token(invitation=invitation)

    for address in (
        f"{desk}/people/",
        f"{desk}/people/invite/",
        f"{desk}/people/members/{viewer.public_id}/",
        f"{desk}/people/staff/new/",
        f"{desk}/people/staff/{mei.public_id}/",
        f"{desk}/hours/",
        f"{desk}/hours/{mei.public_id}/",
        f"{desk}/time-off/",
        f"{desk}/time-off/new/",
        f"{desk}/time-off/{away.public_id}/",
        f"{live_server.url}/desk/invitation/{token}/",
    ):
        office.goto(address)
        for scheme, size in LOOKS:
            office.emulate_media(color_scheme=scheme)
            office.set_viewport_size(size)
            assert reported(office) == [], (address, scheme, size)
            wider = office.evaluate("document.documentElement.scrollWidth - innerWidth")
            assert wider <= 0, (address, size)


def test_times_are_added_and_taken_away_in_the_page(office: Page, desk: str, mei: Resource) -> None:
    office.goto(f"{desk}/hours/{mei.public_id}/")
    friday = office.get_by_role("group", name="Friday")

    expect(friday.get_by_text("Closed")).to_be_visible()
    friday.get_by_role("button", name="Add a time").click()
    expect(friday.get_by_label("Friday: from")).to_be_focused()
    friday.get_by_label("Friday: from").fill("20:00")
    friday.get_by_label("Friday: until").fill("01:00")
    expect(friday.get_by_text("until the next day")).to_be_visible()
    office.get_by_role("group", name="Monday").get_by_role("button", name="Remove").click()
    office.get_by_role("button", name="Add a date").click()
    office.get_by_label("Date").fill("2031-12-24")
    assert reported(office) == []
    office.get_by_role("button", name="Save the hours").click()

    expect(office.get_by_text("The hours are saved.")).to_be_visible()
    week = HoursRule.objects.filter(resource=mei).order_by("weekday")
    assert [(rule.weekday, f"{rule.closes:%H:%M}") for rule in week] == [
        (1, "19:00"),
        (2, "19:00"),
        (3, "19:00"),
        (4, "01:00"),
    ]
    assert str(mei.exceptions.get().day) == "2031-12-24"


def test_what_is_booked_is_shown_while_time_off_is_typed(office: Page, desk: str) -> None:
    office.goto(f"{desk}/time-off/new/")
    office.get_by_label("Everybody: the business is closed").check()
    office.get_by_label("Whole days").check()
    expect(office.get_by_label("From, time")).to_be_hidden()
    office.get_by_label("From", exact=True).fill("2031-03-04")

    expect(office.get_by_text("appointments are booked then.")).to_be_visible()
    assert not TimeOff.objects.exists()
    office.get_by_label("Title").fill("Stocktaking")
    office.get_by_role("button", name="Save").click()
    expect(office.get_by_text("appointments are in the way: see below.")).to_be_visible()
    assert reported(office) == []
    office.get_by_role("link", name="Move…").first.click()
    expect(office).to_have_url(re.compile("/move/$"))
    assert TimeOff.objects.get().resource is None


def test_an_invitation_is_accepted_by_a_new_account(
    page: Page, studio: Business, live_server: LiveServer
) -> None:
    token = commands.invitation_token(invitation=invite(studio))
    page.goto(f"{live_server.url}/desk/invitation/{token}/")
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("Name").fill("Nia New")
    assert reported(page) == []
    page.get_by_label("Password", exact=True).fill("a long and winding road")
    page.get_by_role("button", name="Create the account").click()

    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="To the desk").click()

    member = Membership.objects.get()
    assert (member.user.email, member.role) == ("new@people.example", "scheduler")

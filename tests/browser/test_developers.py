"""Pages for developers in a real browser: fit for all, and a key is made without a mouse."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from allauth.idp.oidc.models import Client, Token
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts import callers
from accounts.callers import connection_of
from accounts.clients import CODE, CREDENTIALS, REFRESH, WantedClient, make_client
from accounts.models import AccessToken, User
from accounts.scopes import Scope
from bookings.models import Business, Call
from tests.browser.test_looks import LAPTOP, LOOKS, PHONE, PICTURES, reported
from tests.make import API, NOW

SIZES = [*LOOKS, ("dark", PHONE)]


@pytest.fixture
def mia(office: Page) -> User:
    """Return the admin who is signed in."""
    return User.objects.get(name="Mia Stone")


@pytest.fixture
def home(mia: User, live_server: LiveServer) -> str:
    """Return the address of the pages for developers."""
    return f"{live_server.url}/developers/"


@pytest.fixture
def token(mia: User) -> AccessToken:
    """Return a token that works, beside one that soon will not and one that was revoked."""
    ends = {"Nightly export": timedelta(days=3), "An old script": None}
    for name, after in ends.items():
        until = NOW + after if after else None
        row, _ = callers.issue(
            user=mia, name=name, scopes=[Scope.BOOKINGS_READ], expires_at=until, now=NOW
        )
    callers.revoke(row, now=NOW)
    made, secret = callers.issue(
        user=mia, name="Till in the shop", scopes=Scope, expires_at=None, now=NOW
    )
    callers.caller_of(secret, address=API, now=NOW)
    return made


@pytest.fixture
def client(mia: User, token: AccessToken) -> Client:
    """Return a client that was let in, and that has called, as has the token."""
    uris = ["https://crm.linden.example/" + "long/" * 40, "http://127.0.0.1:8765/back"]
    wanted = WantedClient("CRM", False, [CREDENTIALS, CODE, REFRESH], uris, list(Scope))
    made, _ = make_client(owner=mia, wanted=wanted, now=NOW)
    let_in = Token(type="rt", client=made, user=mia, created_at=NOW)
    let_in.set_value("x")
    let_in.set_scopes(["bookings:read", "customers:write"])
    let_in.save()
    path = f"/api/v1/businesses/{Business.objects.get().public_id}/bookings/"
    for number, (status, code) in enumerate([(200, ""), (409, "slot_taken"), (503, "busy")]):
        Call.objects.create(
            caller=connection_of(made if number else token),
            method="POST",
            path=path,
            status=status,
            code=code,
            took_ms=12 * number,
            at=NOW - timedelta(minutes=number),
        )
    return made


def _looks(page: Page) -> None:
    """Look at a page in every light and size."""
    for scheme, size in SIZES:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size(size)
        assert reported(page) == [], (page.url, scheme, size)
        wider = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wider <= 0, (page.url, size)


@pytest.mark.slow
def test_every_page_is_accessible(
    office: Page, home: str, token: AccessToken, client: Client
) -> None:
    of_client = f"clients/{client.pk}/"
    pages = ["", "calls/", "problems/#slot_taken", "tokens/new/", "clients/new/"]
    pages += [f"tokens/{token.public_id}/", of_client, f"{of_client}edit/", f"{of_client}delete/"]
    for page in pages:
        office.goto(home + page)
        _looks(office)
    office.goto(home)
    for summary in office.locator("summary").all():
        summary.click()
    _looks(office)
    office.goto(f"{home}clients/new/")
    office.get_by_label("Only what I choose").check()
    office.get_by_role("button", name="Make the client").click()
    expect(office.get_by_text("Please look at this again:")).to_be_visible()
    _looks(office)
    office.goto(home + of_client)
    office.get_by_role("button", name="Make a new secret").click()
    expect(office.get_by_label("Secret")).to_have_value(client_secret := _value(office, "Secret"))
    assert client_secret.startswith("bps_")
    _looks(office)


def _value(page: Page, label: str) -> str:
    return page.get_by_label(label).input_value()


def test_a_token_is_made_by_keyboard_for_what_was_chosen(office: Page, home: str) -> None:
    office.goto(home)
    office.get_by_role("link", name="New token").press("Enter")
    office.get_by_label("Name").fill("Till in the shop")
    expect(office.get_by_label("See bookings")).to_be_hidden()
    expect(office.get_by_label("Last day")).to_be_hidden()
    office.get_by_label("Only what I choose").press("Space")
    office.get_by_label("See bookings").press("Space")
    office.get_by_label("It works for").select_option("day")
    office.get_by_label("Last day").fill("2031-03-31")
    office.get_by_role("button", name="Make the token").press("Enter")

    field = office.get_by_label("Token", exact=True)
    expect(field).to_be_focused()
    assert reported(office) == []
    row = AccessToken.objects.get()
    assert callers.caller_of(field.input_value(), address=API, now=NOW).scopes == {
        Scope.BOOKINGS_READ
    }
    assert row.expires_at == NOW.replace(month=4, day=1, hour=0)
    office.get_by_role("link", name="I have copied it").press("Enter")
    office.get_by_role("button", name="Revoke it now").press("Enter")
    expect(office.get_by_text("The token is revoked.")).to_be_visible()


def _opened(page: Page, home: str, group: str, operation: str) -> Locator:
    """Open an operation of the reference, one group of it shown, and begin to try it."""
    page.goto(f"{home}reference/")
    page.get_by_label("Filter by tag").fill(group)
    place = page.locator(f"[id$=-{operation}]")
    place.locator(".opblock-summary-control").click()
    place.get_by_role("button", name="Try it out").click()
    return place


@pytest.mark.slow
def test_the_reference_tries_a_call_with_a_token_and_complains_of_nothing(
    office: Page, home: str, mia: User
) -> None:
    complaints: list[str] = []
    office.on("console", lambda message: complaints.append(message.text))
    office.on("pageerror", lambda error: complaints.append(str(error)))
    _, secret = callers.issue(user=mia, name="Look", scopes=Scope, expires_at=None, now=NOW)
    place = _opened(office, home, "businesses", "list_businesses")
    office.get_by_role("button", name="Authorize").click()
    asked = office.get_by_role("dialog")
    asked.get_by_role("textbox").fill(secret)
    asked.get_by_role("button", name="Apply credentials").click()
    asked.get_by_role("textbox").or_(asked.get_by_text("******")).press("Escape")

    place.get_by_role("button", name="Execute").click()

    answer = place.locator(".live-responses-table")
    expect(answer).to_contain_text("Linden Studio")
    assert complaints == []


@pytest.mark.slow
def test_the_reference_is_accessible(office: Page, home: str) -> None:
    place = _opened(office, home, "holds", "create_hold")
    _looks(office)
    place.get_by_role("button", name="Execute").click()
    _looks(office)
    office.get_by_role("button", name="Authorize").click()
    _looks(office)


@pytest.mark.skipif(not os.environ.get("PICTURES"), reason="PICTURES=1 takes them")
def test_pictures(office: Page, home: str, client: Client) -> None:
    """Take the pictures of the README."""
    client.redirect_uris = "https://crm.linden.example/back"
    client.save(update_fields=["redirect_uris"])
    office.set_viewport_size(LAPTOP)
    office.goto(home)
    office.screenshot(path=PICTURES / "developers-laptop-light.png")
    office.emulate_media(color_scheme="dark")
    place = _opened(office, home, "availability", "list_free_starts")
    place.evaluate("(each) => scrollTo(0, each.offsetTop - 90)")
    office.mouse.move(0, 0)
    office.screenshot(path=PICTURES / "reference-laptop-dark.png")

"""Accounts in a real browser: passkeys, the policy, axe, and text that outlives a session."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.contrib.sessions.models import Session
from django.core import mail
from playwright.sync_api import Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from tests import make
from tests.browser.test_looks import LAPTOP, PHONE, reported

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def complaints(page: Page) -> Iterator[list[str]]:
    """Fail when the browser complains: about the policy, a script or a missing file."""
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    yield said
    assert said == []


@pytest.fixture
def ada() -> User:
    """Return an admin of a business."""
    return make.member(make.business(), email="ada@example.org", name="Ada", password=PASSWORD)


@pytest.fixture
def home(live_server: LiveServer) -> str:
    """Return the portal by the name that passkeys know it by."""
    return live_server.url.replace("127.0.0.1", "localhost")


def sign_in(page: Page, home: str) -> None:
    page.goto(f"{home}/accounts/login/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/desk/**")


def prove(page: Page) -> None:
    """Type the password once more where the way on asks for it."""
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def test_a_passkey_is_added_and_signs_in_alone_and_as_second_factor(
    home: str, page: Page, ada: User
) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    sign_in(page, home)
    page.goto(f"{home}/accounts/2fa/webauthn/add/")
    prove(page)
    expect(page.get_by_label("Name")).to_have_value("Passkey 1")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert page.locator(".codes li").count() == 10
    page.get_by_role("button", name="Sign out").click()

    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/desk/**")

    page.goto(f"{home}/accounts/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/desk/**")
    assert Authenticator.objects.filter(type="webauthn", user=ada).count() == 1
    assert "A passkey has been added" in [letter.subject for letter in mail.outbox]


def test_a_passkey_that_nobody_has_is_said_in_words(home: str, page: Page, ada: User) -> None:
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    device = {"protocol": "ctap2", "transport": "usb", "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": device})
    page.goto(f"{home}/accounts/login/")

    page.get_by_role("button", name="Sign in with a passkey").click()

    expect(page.get_by_role("alert")).to_contain_text("The passkey was not used")


def look(page: Page, home: str, address: str) -> None:
    """Ask axe about a page in light on a laptop and in the dark on a phone."""
    page.goto(f"{home}/accounts/{address}")
    for scheme, size in (("light", LAPTOP), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert reported(page) == [], (address, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address


@pytest.mark.slow
def test_sign_in_and_ones_account_are_accessible(home: str, page: Page, ada: User) -> None:
    look(page, home, "login/")
    sign_in(page, home)
    for address in ["", "2fa/", "sessions/"]:
        look(page, home, address)


@pytest.mark.slow
def test_every_page_of_an_account_is_accessible_in_light_dark_and_on_a_phone(
    home: str, page: Page, ada: User, settings: Settings
) -> None:
    keys = {"APPS": [{"client_id": "a", "secret": "b"}]}
    settings.SOCIALACCOUNT_PROVIDERS = {"google": keys, "microsoft": keys}
    outside = ["login/", "login/code/", "signup/", "password/reset/", "password/reset/done/"]
    outside += ["password/reset/key/1-bad/", "inactive/", "3rdparty/login/cancelled/"]
    outside += ["google/login/", "confirm-email/"]
    inside = ["", "email/", "password/change/", "2fa/", "sessions/", "3rdparty/", "logout/"]
    inside += ["2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/", "reauthenticate/"]
    inside += ["2fa/recovery-codes/generate/"]

    for address in outside:
        look(page, home, address)
    page.goto(f"{home}/accounts/password/reset/")
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send me the link").click()
    link = re.search(r"/accounts/(password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    look(page, home, link[1])
    sign_in(page, home)
    page.goto(f"{home}/accounts/2fa/totp/activate/")
    prove(page)
    for address in inside:
        look(page, home, address)
    TOTP.activate(ada, "JBSWY3DPEHPK3PXP")
    RecoveryCodes.activate(ada)
    for address in ["2fa/", "2fa/totp/deactivate/", "2fa/recovery-codes/"]:
        look(page, home, address)
    page.goto(f"{home}/accounts/")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Second factor")).to_be_visible()
    look(page, home, "2fa/authenticate/")


def test_an_e_mailed_code_is_typed_in(home: str, page: Page, ada: User) -> None:
    page.goto(f"{home}/accounts/login/")
    page.get_by_role("link", name="Send me a sign-in code").click()
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_role("heading", name="Type in the code")).to_be_visible()
    assert reported(page) == []
    code = re.search(r"^[A-Z0-9-]{6,11}$", str(mail.outbox[0].body), re.MULTILINE)
    assert code

    page.get_by_label("Code").fill(code[0])
    page.get_by_role("button", name="Go on").click()

    page.wait_for_url("**/desk/**")


def test_the_text_survives_a_session_that_ends_while_it_is_typed(
    home: str, page: Page, ada: User
) -> None:
    sign_in(page, home)
    slug = ada.memberships.get().business.slug
    page.goto(f"{home}/desk/{slug}/customers/new/")
    page.get_by_label("Name").fill("Grace Hopper")
    Session.objects.all().delete()
    page.get_by_role("main").get_by_role("button").last.click()

    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Grace Hopper")).to_be_visible()
    assert reported(page) == []
    page.get_by_role("button", name="Send it now").click()

    expect(page.get_by_text("Grace Hopper").first).to_be_visible()
    assert "/customers/" in page.url

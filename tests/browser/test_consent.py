"""Letting a program in, in a real browser: signing in on the way, the page, and the way back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from accounts.clients import CODE, REFRESH, WantedClient, make_client
from accounts.models import User
from accounts.scopes import Scope
from tests import make
from tests.accounts.oauth.conftest import verifier
from tests.browser.test_looks import LAPTOP, PHONE, reported

pytestmark = pytest.mark.django_db(transaction=True)

PASSWORD = "correct horse battery"
SCOPES = (Scope.SERVICES_READ, Scope.BOOKINGS_WRITE, Scope.CUSTOMERS_READ)


class _Program(BaseHTTPRequestHandler):
    """Where a program lives: it leads on to another origin, as many do."""

    def do_GET(self) -> None:
        if self.path.startswith("/back"):
            self.send_response(302)
            port = self.server.server_address[1]
            self.send_header("Location", f"http://localhost:{port}/done{self.path[5:]}")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(b'<!doctype html><title>Done</title><link rel="icon" href="data:,">Done')

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def program() -> Iterator[str]:
    """Run a program on this machine; yields the address that people come back to."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Program) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/back"
        server.shutdown()
        thread.join()


@pytest.fixture
def complaints(page: Page) -> Iterator[list[str]]:
    """Fail when the browser complains about the policy, a script or a missing file."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield said
    assert [each for each in said if "status of 4" not in each] == []


@pytest.fixture
def ada() -> User:
    return make.member(make.business(), email="ada@example.org", name="Ada", password=PASSWORD)


@pytest.fixture
def question(ada: User, program: str, live_server: LiveServer, complaints: list[str]) -> str:
    """Return the address that a program of Bo's sends people to."""
    wanted = WantedClient("Till & Books", False, (CODE, REFRESH), (program,), SCOPES)
    bo = make.user(name="Bo", email="bo@example.org")
    client, _ = make_client(owner=bo, wanted=wanted, now=timezone.now())
    asked = {
        "response_type": "code",
        "client_id": client.pk,
        "redirect_uri": program,
        "scope": " ".join(SCOPES),
        "state": "xyz",
        "code_challenge": verifier()[1],
        "code_challenge_method": "S256",
    }
    return f"{live_server.url}/oauth/authorize?{urlencode(asked)}"


def sign_in(page: Page) -> None:
    page.get_by_label("E-mail address").fill("ada@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_somebody_signs_in_grants_a_part_and_comes_back(question: str, page: Page) -> None:
    page.goto(question)
    sign_in(page)
    expect(page.get_by_role("heading", name="Let Till & Books in?")).to_be_visible()
    expect(page.get_by_text("Made by Bo")).to_be_visible()
    for scheme in ("light", "dark"):
        for size in (LAPTOP, PHONE):
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size(size)
            assert reported(page) == [], (scheme, size)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    page.get_by_label("See customers").uncheck()
    page.get_by_role("button", name="Let it in", exact=True).click()
    page.wait_for_url("**/done?**")

    assert {name: len(values) for name, values in parse_qs(urlsplit(page.url).query).items()} == {
        "code": 1,
        "state": 1,
        "iss": 1,
    }


def test_who_grants_nothing_is_told_and_may_refuse_by_the_keyboard(
    question: str, page: Page
) -> None:
    page.goto(question)
    sign_in(page)
    for box in page.get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Let it in", exact=True).click()
    expect(page.get_by_text("Choose at least one thing")).to_be_visible()
    assert reported(page) == []

    page.get_by_role("button", name="Do not let it in").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/done?error=access_denied**")


def test_who_was_sent_by_a_broken_program_reads_why(question: str, page: Page) -> None:
    page.goto(question)
    sign_in(page)
    page.goto(question.replace("%2Fback", "%2Felsewhere"))

    expect(page.get_by_role("heading", name="This program cannot be let in")).to_be_visible()
    assert reported(page) == []

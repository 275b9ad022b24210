"""A client that a public generator makes of the promised description, at work."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_django.live_server_helper import LiveServer

from accounts.clients import CREDENTIALS, WantedClient, make_client
from accounts.scopes import Scope
from bookings.faces.api.schema import Generator
from tests import make
from tests.conftest import Clock
from tests.described import FILE

NAME = "generated_portal"
DAY = date(2031, 3, 4)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return where the client is; the generator had nothing to complain about."""
    home = tmp_path_factory.mktemp("generated")
    (home / "config.yml").write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(Path(sys.executable).with_name("openapi-python-client"), "generate"),
            *("--path", FILE, "--output-path", home / NAME),
            *("--config", home / "config.yml", "--meta", "none", "--fail-on-warning"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    said = made.stdout + made.stderr
    assert (made.returncode, "arning" in said, "rror" in said) == (0, False, False), said
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(home)
        yield home / NAME
    for name in [each for each in sys.modules if each.partition(".")[0] == NAME]:
        del sys.modules[name]


def test_no_operation_is_left_out(home: Path) -> None:
    modules = [each.stem for each in home.glob("api/*/*.py") if each.stem != "__init__"]

    assert sorted(modules) == sorted(place.operation.id for place in Generator().places())


class Portal:
    """The generated client: calls operations by their ids, and knows the shapes."""

    def __init__(self, home: Path, url: str, credentials: tuple[str, str]) -> None:
        self.modules = {
            each.stem: f"{NAME}.api.{each.parent.name}.{each.stem}"
            for each in home.glob("api/*/*.py")
        }
        self.url, self.credentials = url, credentials
        self.shapes = import_module(f"{NAME}.models")
        self.connections = ExitStack()
        self.let_in()

    def let_in(self) -> None:
        """Get a token; one is good for a short while."""
        answer = httpx.post(
            f"{self.url}/oauth/token",
            data={"grant_type": "client_credentials", "scope": " ".join(Scope)},
            auth=self.credentials,
            timeout=None,
        )
        assert answer.status_code == 200, answer.content
        client = import_module(f"{NAME}.client").AuthenticatedClient
        token = answer.json()["access_token"]
        self.client = client(base_url=self.url, token=token, timeout=httpx.Timeout(None))
        self.connections.enter_context(self.client)

    def call(self, operation: str, *ids: Any, **sent: Any) -> Any:
        """Return the answer with its status, headers and what it shows."""
        module = import_module(self.modules[operation])
        return module.sync_detailed(*ids, client=self.client, **sent)

    def done(self, operation: str, *ids: Any, **sent: Any) -> Any:
        """Return what a call shows that is not refused."""
        answer = self.call(operation, *ids, **sent)
        assert answer.status_code < 400, answer.content
        return answer.parsed


@pytest.fixture
def portal(home: Path, live_server: LiveServer, clock: Clock) -> Iterator[Portal]:
    """Return the client with a token that it got for itself, at a business with one service."""
    business = make.business(name="Studio North", zone="Europe/Berlin")
    make.service(business, name="Haircut")
    wanted = WantedClient(
        name="Sync", is_public=False, grants=[CREDENTIALS], redirect_uris=[], scopes=list(Scope)
    )
    row, secret = make_client(owner=make.member(business), wanted=wanted, now=clock.now)
    made = Portal(home, live_server.url, (row.pk, secret))
    with made.connections:
        yield made


@pytest.mark.django_db(transaction=True)
def test_it_lives_through_a_booking(portal: Portal, clock: Clock) -> None:
    shapes = portal.shapes
    [business] = portal.done("list_businesses").results
    [service] = portal.done("list_services", business.id).results
    free = portal.done(
        "list_free_starts", business.id, service=service.id, first_day=DAY, last_day=DAY
    ).starts
    hold = portal.done(
        "create_hold",
        business.id,
        body=shapes.HoldAsked(service=service.id, starts_at=free[0].starts_at),
    )
    order = shapes.BookingAsked(
        hold_token=hold.token,
        contact=shapes.ContactAsked(name="Jo Meyer", email="jo.meyer@example.org"),
    )
    made, again = (
        portal.call("create_booking", business.id, body=order, idempotency_key="order-1")
        for _ in range(2)
    )
    assert (made.status_code, again.content) == (201, made.content)
    assert again.headers["Idempotency-Replayed"] == "true"
    booking = made.parsed

    shown = portal.call(
        "read_booking",
        business.id,
        booking.id,
        expand=[shapes.ReadBookingExpandItem.MANAGE_URL],
    )
    assert shown.parsed.customer.name == "Jo Meyer"
    assert shown.parsed.manage_url.startswith("http")
    assert shown.parsed.starts_at == free[0].starts_at
    moved, late = (
        portal.call(
            "reschedule_booking",
            business.id,
            booking.id,
            body=shapes.MoveAsked(starts_at=start.starts_at),
            if_match=shown.headers["ETag"],
        )
        for start in (free[3], free[5])
    )
    assert moved.parsed.starts_at == free[3].starts_at
    assert (late.status_code, late.parsed.code) == (412, "precondition_failed")

    clock.now = free[3].starts_at + timedelta(minutes=5)
    portal.let_in()
    assert portal.done("check_in_booking", business.id, booking.id).checked_in_at
    assert portal.done("complete_booking", business.id, booking.id).completed_at
    told = portal.done("list_events", business.id)
    assert [each.type_.partition(".")[2] for each in told.results] == [
        *("confirmed", "rescheduled", "checked_in", "completed"),
    ]
    assert {each.data.bookings[0].id for each in told.results} == {booking.id}

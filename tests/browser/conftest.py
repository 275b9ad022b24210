"""A real Chromium, the machine's own, and a portal whose clock moves only when it is told.

Without a Chromium the browser tests are skipped.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connections
from playwright.sync_api import Page, Playwright
from pytest_django.live_server_helper import LiveServer

from bookings.models import Business
from tests import make
from tests.browser.signed_in import sign_in
from tests.conftest import Clock

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("chrome")
UNUSED = (
    # Pages of Chromium's own, loaded into every window, that cost more than most of ours.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    "SpareRendererForSitePerProcess",
    # What Playwright turns off; its list does not count beside another one.
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
)
"""Features of Chromium that these tests do without."""
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    f"--disable-features={','.join(UNUSED)}",
)

# Playwright's synchronous interface keeps an event loop in the thread of the tests.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def alone(django_db_setup: None) -> None:
    """Close the main thread's connection; Django gives it another one under an event loop."""
    connections.close_all()


@pytest.fixture(scope="session")
def playwright(alone: None, playwright: Playwright) -> Iterator[Playwright]:
    """Start Playwright, whose event loop runs from now on, and leave no connection behind."""
    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's Chromium, and let it look for nothing on the network."""
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": list(QUIET)}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Visit from Berlin, with a laptop."""
    return {
        **browser_context_args,
        "locale": "en-GB",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture
def studio(transactional_db: None, clock: Clock) -> Business:
    """Return the demo business."""
    call_command("demo")
    return Business.objects.get()


@pytest.fixture
def office(studio: Business, page: Page, live_server: LiveServer) -> Page:
    """Return a page in which an admin of the studio has signed in."""
    sign_in(page, make.member(studio, name="Mia Stone"), live_server.url)
    return page


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs a browser where there is none."""
    if CHROMIUM:
        return
    for item in items:
        if "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.skip(reason="there is no Chromium on this machine"))

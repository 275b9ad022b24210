"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.utils import timezone
from pytest_django import Settings

from bookings.outlets.sms import Account
from tests import make
from tests.outlets import twilio_stand_in
from tests.outlets.receiver import Receiver
from tests.outlets.twilio_stand_in import NUMBER, SID, TOKEN, Twilio


class Clock:
    """What the portal believes the time is."""

    def __init__(self) -> None:
        self.now = make.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    """Hash passwords quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the portal's clock on the morning of Monday, 3 March 2031."""
    stopped = Clock()
    monkeypatch.setattr(timezone, "now", stopped)
    return stopped


@pytest.fixture
def receiver(settings: Settings) -> Iterator[Receiver]:
    """Run a receiver on this machine, where webhooks may go for once."""
    settings.WEBHOOK_LOOPBACK = True
    with Receiver() as running:
        yield running


@pytest.fixture(scope="module")
def twilio_server() -> Iterator[Twilio]:
    """Run a stand-in for Twilio."""
    with twilio_stand_in.running() as running:
        yield running


@pytest.fixture
def twilio(twilio_server: Twilio, settings: Settings) -> Twilio:
    """Return an account in which nothing has happened; the installation sends through it."""
    vars(twilio_server).update(vars(Twilio(url=twilio_server.url)))
    settings.PUBLIC_URL, settings.SMS_GATEWAY = "https://book.example", ""
    settings.SMS = Account(
        scheme="twilio",
        user=SID,
        password=TOKEN,
        sender=NUMBER,
        options={"api": twilio_server.url},
    )
    return twilio_server

"""Fixtures that every test may use."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from bookings.outlets.sms import Account
from tests.outlets import twilio_stand_in
from tests.outlets.receiver import Receiver
from tests.outlets.twilio_stand_in import NUMBER, SID, TOKEN, Twilio


@pytest.fixture(autouse=True)
def _quick(settings: Settings) -> None:
    """Hash passwords quickly."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


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

"""Mail leaves over real SMTP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.outlets.sink import Server, Sink


@pytest.fixture
def sink(settings: Settings) -> Iterator[Sink]:
    """Run a mail server for the test; the installation sends through it."""
    kept = Sink()
    server = Server(kept)
    server.start()
    smtp(settings, port=server.port)
    yield kept
    server.stop()


def smtp(settings: Settings, *, port: int) -> None:
    """Send through that port of this machine."""
    settings.EMAIL_BACKEND = "portal.smtp.SmtpBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.DEFAULT_FROM_EMAIL = "no-reply@book.example"
    settings.PUBLIC_URL = "https://book.example"

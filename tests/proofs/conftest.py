"""The crowd, the portal that it visits, and the count of deadlocks before and after."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from django.db import connection

from portal.children import Children, Place
from tests.proofs.crowd import Crowd, address_of


@pytest.fixture(scope="session")
def clients(django_db_setup: None) -> Iterator[Crowd]:
    """64 clients of the test database, for all tests of the session."""
    with Crowd(address_of(str(connection.settings_dict["NAME"]))) as crowd:
        yield crowd


@pytest.fixture
def crowd(clients: Crowd, transactional_db: None) -> Iterator[Crowd]:
    """The clients; afterwards nobody must have met a deadlock, and the rows must be in order."""
    before, strangers = _deadlocks(), _sessions()
    clients.retries = 0
    yield clients
    clients.rest()
    _wait_until_gone(strangers)
    assert (_deadlocks() - before, clients.retries) == (0, 0)


@pytest.fixture
def web(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Run the web server as `manage.py up` does, with four processes; yields its address."""
    monkeypatch.setenv("DATABASE_URL", address_of(str(connection.settings_dict["NAME"])))
    monkeypatch.delenv("DATABASE_POOL", raising=False)
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    for limit in ("API_CALLS_PER_MINUTE", "PUBLIC_CHANGES_PER_HOUR", "LETTERS_PER_DAY"):
        monkeypatch.setenv(limit, "10000")
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        place = Place(listener, f"http://localhost:{listener.getsockname()[1]}")
        children = Children(place, holding=[])
        try:
            while not place.answers():
                assert children.first_ended() == ""
                time.sleep(0.05)
            yield place.url
        finally:
            children.stop()


def _deadlocks() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def _sessions() -> set[int]:
    """Return the server processes of all others who are connected to the test database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return {int(pid) for (pid,) in cursor.fetchall()}


def _wait_until_gone(strangers: set[int]) -> None:
    """Wait for the clients' server processes to end: each reports its statistics as it does.

    `strangers` were there before, a browser test's for example, and may stay.
    """
    while _sessions() - strangers:
        time.sleep(0.01)

"""The crowd, and a look at the server's count of deadlocks before and after."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.db import connection

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

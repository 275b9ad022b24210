"""The limit of calls is one for all processes, and outlives the Redis that it is counted in."""

from __future__ import annotations

import http.client
import shutil
import socket
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.utils import timezone

from accounts import callers
from accounts.scopes import Scope
from bookings.models import Call, CallCount
from portal.children import Children, Place
from tests import make
from tests.proofs import workers
from tests.proofs.crowd import address_of

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="no Redis on this machine"),
]

CALLS, LIMIT = 130, 100


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Run a Redis that is the portal's broker, until this is closed."""
    with ExitStack() as running:
        monkeypatch.setenv("CELERY_BROKER_URL", running.enter_context(workers.redis(tmp_path)))
        yield running


@pytest.fixture
def portal(redis: ExitStack, monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Run the portal as `manage.py up` does, with four processes, until this is closed."""
    monkeypatch.setenv("DATABASE_URL", address_of(str(connection.settings_dict["NAME"])))
    monkeypatch.delenv("DATABASE_POOL", raising=False)
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    with ExitStack() as running:
        listener = running.enter_context(socket.create_server(("127.0.0.1", 0), backlog=1024))
        place = Place(listener, f"http://localhost:{listener.getsockname()[1]}")
        children = Children(place, holding=[])
        running.callback(children.stop)
        while not place.answers():
            assert children.first_ended() == ""
            time.sleep(0.05)
        vars(running)["url"] = place.url
        yield running


def statuses(url: str, path: str, token: str) -> Counter[int]:
    """Make many calls, each on a connection of its own; returns how often which answer came."""
    where = urlsplit(url)

    def call(_: int) -> int:
        web = http.client.HTTPConnection(str(where.hostname), where.port)
        try:
            web.request("GET", path, headers={"Authorization": f"Bearer {token}"})
            return web.getresponse().status
        finally:
            web.close()

    with ThreadPoolExecutor(16) as threads:
        return Counter(threads.map(call, range(CALLS)))


def test_four_processes_count_together_also_when_redis_is_killed(
    portal: ExitStack, redis: ExitStack
) -> None:
    business = make.business()
    _, token = callers.issue(
        user=make.member(business),
        name="Sync",
        scopes=[Scope.SERVICES_READ],
        expires_at=None,
        now=timezone.now(),
    )
    path = f"/api/v1/businesses/{business.public_id}/services/"
    url = vars(portal)["url"]

    with_redis = statuses(url, path, token)
    counted_here = CallCount.objects.count()
    redis.close()
    without = statuses(url, path, token)
    portal.close()

    assert with_redis == without == {200: LIMIT, 429: CALLS - LIMIT}
    assert counted_here == 0
    assert CallCount.objects.get().count == CALLS
    assert Call.objects.count() == 2 * CALLS

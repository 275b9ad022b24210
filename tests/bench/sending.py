"""Figure 14: from a decision to the arrival of its letters and webhooks, by a real worker."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session
from django.conf import settings

from bookings import commands
from bookings.models import Business, Event, Message, Service
from bookings.models.outbox import WAITING
from bookings.outlets.kept import name_of
from bookings.queries import availability
from tests import make
from tests.bench.line import Line, at_most
from tests.outlets.receiver import Handler, Receiver, status
from tests.outlets.sink import Server, Sink

BACKLOG = 250
"""Bookings whose messages wait when the worker starts; each has four."""
PER_SECOND, SECONDS = 20, 20


@dataclass
class Arrivals(Sink):
    """A mail server and a receiver of webhooks; `at` is when each message arrived, by its name."""

    at: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__init__()
        self.hooks = Receiver(own={"in": self._hook})
        self.mails = Server(self)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Note when a letter arrived."""
        answer = await super().handle_DATA(server, session, envelope)
        self._note(str(self.taken.pop()["Message-ID"])[1:].partition("@")[0])
        return answer

    def _hook(self, handler: Handler) -> None:
        self._note(handler.headers["webhook-id"])
        status(handler, 204)

    def _note(self, name: str) -> None:
        self.at.setdefault(name, time.monotonic())


def sending() -> list[Line]:
    """Measure how many messages a worker sends, and how long one takes while bookings come in."""
    now, arrivals = make.today(), Arrivals()
    arrivals.mails.start()
    business = make.business(hours="00:00-00:00", maximum_advance=timedelta(days=90))
    make.subscription(business, url=arrivals.hooks.url("in"))
    service = make.service(business)
    starts = _starts(service, now, BACKLOG + PER_SECOND * SECONDS)
    with arrivals.hooks:
        for _ in range(BACKLOG):
            _book(service, next(starts), now)
        with _worker(arrivals.mails.port):
            _wait(business)
            rate = len(arrivals.at) / (max(arrivals.at.values()) - min(arrivals.at.values()))
            arrivals.at.clear()
            began = _at_a_steady_pace(service, starts, now)
            _wait(business)
        latencies = sorted(_latencies(began, arrivals.at))
    arrivals.mails.stop()
    typical, slow = (latencies[ceil(len(latencies) * part) - 1] for part in (0.5, 0.99))
    return [
        Line("14", "letters and webhooks that one worker sends from a backlog", f"{rate:.0f}/s"),
        at_most(
            "14",
            f"booking to arrival, {PER_SECOND} bookings/s, p99 of {len(latencies)} messages"
            f" (p50 {typical * 1000:.0f} ms)",
            slow,
            1,
            unit=" s",
        ),
    ]


def _at_a_steady_pace(
    service: Service, starts: Iterator[datetime], now: datetime
) -> dict[int, float]:
    """Book again and again; returns by booking when it was asked for."""
    began, first = {}, time.monotonic()
    for number in range(PER_SECOND * SECONDS):
        time.sleep(max(0.0, first + number / PER_SECOND - time.monotonic()))
        asked = time.monotonic()
        began[_book(service, next(starts), now)] = asked
    return began


def _latencies(began: dict[int, float], arrived: dict[str, float]) -> Iterator[float]:
    """Yield how long after its booking each message arrived; every one has to."""
    for message in Message.objects.filter(booking__in=began):
        event = Event.objects.get(pk=message.event_id)
        is_hook = message.outlet == "webhook"
        name = str(event.public_id) if is_hook else name_of(message.key)
        yield arrived[name] - began[int(str(message.booking_id))]


def _book(service: Service, starts_at: datetime, now: datetime) -> int:
    booked = commands.book(
        service=service, starts_at=starts_at, contact=make.contact(), answers={}, now=now
    )
    return booked.booking.pk


def _starts(service: Service, now: datetime, count: int) -> Iterator[datetime]:
    offered = availability.starts(service, lo=now, hi=now + timedelta(days=60), now=now)
    starts = [start.at for start in offered][:count]
    assert len(starts) == count
    return iter(starts)


def _wait(business: Business) -> None:
    """Wait until all that a business has to send has left."""
    while Message.objects.filter(WAITING, business=business).exists():
        time.sleep(0.05)


@contextlib.contextmanager
def _worker(port: int) -> Iterator[None]:
    """Run a worker and its clock, as `manage.py up` does, that send to this machine."""
    threads = settings.WORKER_THREADS
    celery = [sys.executable, "-m", "celery", "-q", "-A", "portal"]
    lonely = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    schedule = os.path.join(os.environ["DATA_DIR"], "schedule")
    variables: dict[str, Any] = {
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "WEBHOOK_LOOPBACK": "1",
        "DATABASE_POOL": str(threads + 2),
    }
    children = [
        subprocess.Popen([*celery, *command, "-l", "error"], env=os.environ | variables)
        for command in (
            ["worker", "-P", "threads", "-c", str(threads), *lonely],
            ["beat", "-s", schedule, "--pidfile", ""],
        )
    ]
    try:
        yield
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait()

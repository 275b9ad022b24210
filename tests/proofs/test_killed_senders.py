"""Workers are killed all the time; every message arrives, in order, and hardly any twice."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.db import connection, transaction
from django.utils import timezone
from redis import Redis

from bookings import outbox, sender
from bookings.models import Appointment, Booking, Message
from bookings.models.outbox import WAITING, Audience
from bookings.outbox import Recipient
from bookings.outlets.kept import name_of
from tests import make
from tests.outlets.conftest import smtp
from tests.outlets.receiver import Receiver
from tests.outlets.sink import Server, Sink
from tests.proofs.crowd import address_of
from tests.proofs.workers import THREADS, Workers, redis

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("redis-server") is None, reason="no Redis on this machine"),
]


@dataclass
class World:
    """Where everything arrives, and who decides things."""

    mails: Sink = field(default_factory=Sink)
    hooks: Receiver = field(default_factory=Receiver)
    bookings: list[Booking] = field(default_factory=list)
    port: int = 0

    def people(self, count: int) -> None:
        """Let so many customers have an appointment each; nothing is told of that."""
        now = make.today()
        business = make.business(notify_business=False)
        service = make.service(business, by=[make.staff(business, is_notified=False)], capacity=99)
        start = make.next_start(service, now)
        self.bookings = [
            make.booking(
                service,
                starts_at=start + timedelta(days=number // 10, hours=number % 10 / 2),
                contact=make.contact(email=f"jo{number}@example.org"),
                now=now,
            )
            for number in range(count)
        ]
        Message.objects.all().delete()
        make.subscription(business, url=self.hooks.url("200"))

    def decide(self, count: int, rest: Callable[[], object] = lambda: None) -> None:
        """Let so many things happen to the appointments, one after the other."""
        for number in range(count):
            _changed(self.bookings[number % len(self.bookings)], now=timezone.now())
            rest()

    def arrived(self) -> list[str]:
        """Return the names of what has arrived, letters and webhooks, each in its order."""
        letters = [str(mail["Message-ID"])[1:].partition("@")[0] for mail in self.mails.taken]
        return letters + [taken.headers["webhook-id"] for taken in self.hooks.taken]


def _changed(booking: Booking, *, now: datetime) -> None:
    """Record that an appointment has changed, and tell customer and programs, as commands do."""
    with transaction.atomic():
        rows = Appointment.objects.select_for_update(no_key=True)
        appointment = rows.select_related("business").get(pk=booking.appointment_id)
        appointment.version += 1
        appointment.save(update_fields=["version"])
        event = outbox.record(
            appointment=appointment,
            booking=booking,
            kind="booking.rescheduled",
            actor="system",
            now=now,
        )
        to = [Recipient(Audience.CUSTOMER, booking.email)]
        outbox.put(event=event, topic="changed", to=to, now=now, booking=booking)


@pytest.fixture
def world() -> Iterator[World]:
    """Run a mail server and a receiver of webhooks."""
    world = World()
    server = Server(world.mails)
    server.start()
    world.port = server.port
    with world.hooks:
        yield world
    server.stop()


@pytest.fixture
def surroundings(world: World, tmp_path: Path) -> dict[str, str]:
    """Return the environment of workers that send into the world."""
    return {
        "DATABASE_URL": address_of(str(connection.settings_dict["NAME"])),
        "EMAIL_URL": f"smtp://127.0.0.1:{world.port}",
        "DATA_DIR": str(tmp_path),
    }


@contextlib.contextmanager
def broker(kind: str, folder: Path) -> Iterator[dict[str, str]]:
    """Yield the settings of a broker: of files, or a Redis of one's own."""
    if kind == "files":
        yield {"CELERY_BROKER_URL": "filesystem://"}
    else:
        with redis(folder) as address:
            yield {"CELERY_BROKER_URL": address}


def told(world: World) -> dict[str, tuple[str, int, int]]:
    """Return for the name of everything that had to arrive: outlet, appointment and version."""
    messages = Message.objects.select_related("event")
    return {
        (name_of(each.key) if each.outlet == "email" else str(each.event.public_id)): (
            each.outlet,
            each.event.appointment_id,
            each.event.version,
        )
        for each in messages
        if each.event is not None
    }


def judged(world: World) -> tuple[int, int, int]:
    """Return how much is lost, how much came again, and how much came before what it follows."""
    expected, came = told(world), world.arrived()
    assert set(came) <= set(expected)
    inversions, latest = 0, Counter[tuple[str, int]]()
    for name in came:
        outlet, appointment, version = expected[name]
        inversions += version < latest[outlet, appointment]
        latest[outlet, appointment] = max(version, latest[outlet, appointment])
    return len(set(expected) - set(came)), len(came) - len(set(came)), inversions


def until(truth: Callable[[], bool]) -> None:
    while not truth():
        time.sleep(0.02)


def all_settled() -> bool:
    return not Message.objects.filter(WAITING).exists()


@dataclass
class Killer:
    """Kills a random worker that is at work every 80 to 250 ms, so many times."""

    workers: Workers
    kills: int
    chance: random.Random
    done: int = 0

    def work(self) -> None:
        """Kill them all."""
        while self.done < self.kills:
            time.sleep(self.chance.uniform(0.08, 0.25))
            self.done += self.workers.kill_one(self.chance)

    def keep_pace(self, events: int) -> Callable[[], None]:
        """Return what makes so many events last as long as the killing, and no longer."""
        number = itertools.count()

        def rest() -> None:
            part = next(number) / events
            until(lambda: self.done >= (self.kills - 1) * part)

        return rest


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["files", "redis"])
def test_a_hundred_kills_lose_nothing_and_turn_nothing_round(world, surroundings, tmp_path, kind):
    """3,000 events by letter and webhook; leases end by themselves, after 90 seconds."""
    chance, kills = random.Random(kind), 100
    world.people(150)
    with broker(kind, tmp_path) as settings, Workers(**surroundings, **settings) as workers:
        workers.start_clock()
        workers.start(6)
        _kill_during(world, Killer(workers, kills, chance), events=3000)
        until(all_settled)
    lost, repeats, inversions = judged(world)

    print(f"\n{kind}: {len(told(world))} messages, {kills} kills, {lost} lost, {repeats} repeats")
    assert (lost, inversions) == (0, 0)
    assert repeats <= kills


def _kill_during(world: World, killer: Killer, *, events: int) -> None:
    """Let things happen while workers are killed."""

    def work() -> None:
        killer.work()
        connection.close()

    killing = threading.Thread(target=work, daemon=True)
    killing.start()
    world.decide(events, rest=killer.keep_pace(events))
    killing.join()


def test_killed_workers_lose_nothing_and_turn_nothing_round(
    world, surroundings, tmp_path, settings
):
    """The same in short: the leases of the killed are ended by hand, when none is alive."""
    chance, kills = random.Random(0), 3
    world.people(8)
    with broker("files", tmp_path) as where, Workers(**surroundings, **where) as workers:
        workers.start_clock()
        workers.start(2)
        _kill_during(world, Killer(workers, kills, chance), events=40)
        workers.kill_all()
    Message.objects.filter(WAITING).update(leased_until=None)
    settings.DATA_DIR, settings.WEBHOOK_LOOPBACK = tmp_path, True
    smtp(settings, port=world.port)
    sender.send_due()
    lost, repeats, inversions = judged(world)

    assert (lost, inversions) == (0, 0)
    assert repeats <= kills


@pytest.mark.slow
def test_a_broker_that_is_away_for_two_minutes_and_forgets_everything_loses_nothing(
    world, surroundings, tmp_path
):
    """Workers send without it, and also when it is back and they no longer hear it."""
    world.people(20)
    where = surroundings | {"CELERY_BROKER_URL": f"redis+socket://{tmp_path / 'redis.sock'}"}
    with Workers(**where) as workers:
        with redis(tmp_path):
            workers.start_clock()
            workers.start(2)
            world.decide(100)
            until(all_settled)
        gone = time.monotonic()
        world.decide(100, rest=lambda: time.sleep(0.2))
        until(all_settled)
        time.sleep(max(0.0, gone + 120 - time.monotonic()))
        with redis(tmp_path):
            world.decide(100)
            until(all_settled)

    assert judged(world) == (0, 0, 0)
    assert len(told(world)) == 600


class Slow(Sink):
    """A mail server that lets everybody wait until it may go on."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = 0
        self.may_go_on = threading.Event()

    async def handle_DATA(self, *talk: Any) -> str:  # noqa: N802
        """Keep a message, when it is time."""
        self.waiting += 1
        while not self.may_go_on.is_set():
            await asyncio.sleep(0.02)
        return await super().handle_DATA(*talk)


@pytest.mark.slow
def test_a_worker_hears_a_broker_again_that_went_away_while_all_its_threads_were_sending(
    surroundings, tmp_path, world
):
    """What they could not tell it when they were done must not stop their worker's ears."""
    slow = Slow()
    server = Server(slow)
    server.start()
    world.people(8)
    world.decide(8)
    socket = tmp_path / "redis.sock"
    where = surroundings | {
        "EMAIL_URL": f"smtp://127.0.0.1:{server.port}",
        "CELERY_BROKER_URL": f"redis+socket://{socket}",
    }
    with Workers(**where) as workers:
        with redis(tmp_path) as address:
            workers.start_clock()
            workers.start(1)
            until(lambda: slow.waiting == THREADS)
            ask(address, THREADS)
            time.sleep(1)  # the worker takes what it has a place for
        slow.may_go_on.set()
        until(all_settled)
        time.sleep(2)  # the threads are done, and have nobody to tell it
        with redis(tmp_path) as address, Redis(unix_socket_path=str(socket)) as queue:
            ask(address, 1)
            until(lambda: queue.llen("celery") == 0)
    server.stop()


def ask(broker: str, count: int) -> None:
    """Put so many tasks into the queue."""
    with Celery(broker=broker) as asking:
        for _ in range(count):
            asking.send_task("bookings.sweep")


@pytest.mark.slow
def test_a_worker_that_has_never_met_a_broker_or_a_clock_sends_what_is_due(
    world, surroundings, tmp_path
):
    world.people(2)
    world.decide(4)
    where = surroundings | {"CELERY_BROKER_URL": f"redis+socket://{tmp_path / 'redis.sock'}"}
    with Workers(**where) as workers:
        workers.start(1)
        until(all_settled)

    assert judged(world) == (0, 0, 0)

"""Readers of events: nothing missed and nothing twice, however writers commit, also restored."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql

from bookings import outbox
from bookings.models import Business, Era, Event
from bookings.queries.events import After, stretch
from portal import pglocal
from tests import make
from tests.at_once import at_once
from tests.make import NOW
from tests.meanwhile import aside
from tests.proofs.crowd import address_of
from tests.proofs.traces import dumped, restore

pytestmark = pytest.mark.django_db(transaction=True)


def write(business: Business) -> UUID:
    """Write an event, in the transaction of the caller."""
    event = outbox.record_alone(
        business=business, kind="hours.changed", actor="staff", now=NOW, data={}
    )
    return event.public_id


@transaction.atomic
def happen(business: Business) -> UUID:
    return write(business)


class Reader:
    """Follows the events of a business; `seen` are their ids in the order in which it read."""

    def __init__(self, business: Business, *, size: int) -> None:
        self.business, self.size = business, size
        self.seen: list[UUID] = []
        self.after: After = "start"

    def read(self) -> None:
        """Read on until nothing is new."""
        has_more = True
        while has_more:
            rows = Event.objects.filter(business=self.business)
            part = stretch(rows, self.business, after=self.after, size=self.size)
            self.seen += [event.public_id for event in part.events]
            self.after, has_more = part.after, part.has_more


class Naive:
    """Goes on from the highest number that it saw, as one might."""

    def __init__(self, business: Business) -> None:
        self.business, self.last = business, 0
        self.seen: list[UUID] = []

    def read(self) -> None:
        """Read what has a higher number."""
        rows = Event.objects.filter(business=self.business, pk__gt=self.last).order_by("pk")
        for event in rows:
            self.last = event.pk
            self.seen.append(event.public_id)


def _writer(business: Business, seed: int, rounds: int) -> Callable[[], list[UUID]]:
    """Return somebody who writes one to three events at a time, slowly, and sometimes gives up."""
    dice = random.Random(seed)

    def act() -> list[UUID]:
        committed: list[UUID] = []
        for _ in range(rounds):
            with transaction.atomic():
                written = []
                for _ in range(dice.randint(1, 3)):
                    written.append(write(business))
                    time.sleep(dice.random() * 0.01)
                if dice.random() < 0.1:
                    transaction.set_rollback(True)
                    written = []
            committed += written
        return committed

    return act


@pytest.mark.parametrize(
    ("writers", "rounds"), [(8, 10), pytest.param(16, 40, marks=pytest.mark.slow)]
)
def test_whatever_order_writers_commit_in_readers_get_every_event_once(writers: int, rounds: int):
    business = make.business()
    happen(business)
    readers = [Reader(business, size=1), Reader(business, size=7), Reader(business, size=100)]
    with ThreadPoolExecutor(1) as background:
        acts = [_writer(business, seed, rounds) for seed in range(writers)]
        writing = background.submit(at_once, *acts)
        while not writing.done():
            for reader in readers:
                reader.read()
        committed = {each for one in writing.result() for each in one}
    for reader in readers:
        reader.read()

    everything = Event.objects.filter(business=business).order_by("position", "pk")
    order = list(everything.values_list("public_id", flat=True))
    assert committed < set(order)
    assert len(order) == len(committed) + 1
    assert [reader.seen for reader in readers] == [order] * 3


def test_nobody_waits_for_what_runs_in_another_database_of_the_server():
    business = make.business()
    with psycopg.connect(address_of("postgres")) as other:
        other.execute("SELECT pg_current_xact_id()")
        event = happen(business)
        reader = Reader(business, size=10)
        reader.read()

        assert other.info.transaction_status is psycopg.pq.TransactionStatus.INTRANS
        assert reader.seen == [event]


def test_who_is_slow_to_commit_is_waited_for_and_by_numbers_is_missed():
    business = make.business()
    first = happen(business)
    reader, naive = Reader(business, size=10), Naive(business)

    def look() -> None:
        reader.read()
        naive.read()

    with transaction.atomic():
        slow = write(business)
        quick = aside(lambda: happen(business))
        aside(look)
        assert (reader.seen, naive.seen) == ([first], [first, quick])
    look()

    assert reader.seen == [first, slow, quick]
    assert slow not in naive.seen


@pytest.mark.slow
def test_a_dump_is_read_on_in_other_clusters_that_counted_less_and_more():
    business = make.business()
    _count_on(20_000)
    reader = Reader(business, size=2)
    order = [happen(business) for _ in range(5)]
    reader.read()
    order += [happen(business) for _ in range(5)]
    highest = Event.objects.latest("position").position
    with pglocal.throwaway() as elsewhere:
        restore(dumped(), elsewhere)
        with _connected_to(elsewhere):
            assert _counted() < highest & 0xFFFFFFFFFFFF
            reader.read()
            assert reader.seen == order
            order += [happen(business) for _ in range(5)]
            reader.read()
            assert reader.seen == order == _in_order(business)
            dump = dumped()
    with _new_database() as back:
        restore(dump, back)
        with _connected_to(back):
            late = Reader(business, size=3)
            order.append(happen(business))
            reader.read()
            late.read()
            assert reader.seen == late.seen == order == _in_order(business)
            assert {era.number for era in Era.objects.all()} == {1, 2, 3}


def _in_order(business: Business) -> list[UUID]:
    rows = Event.objects.filter(business=business).order_by("position", "pk")
    return list(rows.values_list("public_id", flat=True))


def _count_on(transactions: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"DO $$ BEGIN FOR number IN 1..{transactions} LOOP"
            " PERFORM pg_current_xact_id(); COMMIT; END LOOP; END $$"
        )


def _counted() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


@contextmanager
def _connected_to(address: str) -> Iterator[None]:
    """Let Django's connection be to another database."""
    kept = connection.settings_dict
    with psycopg.connect(address) as known:
        other = {"NAME": known.info.dbname, "HOST": known.info.host, "PORT": known.info.port}
    connection.close()
    connection.settings_dict = {**kept, **other}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = kept


@contextmanager
def _new_database() -> Iterator[str]:
    """Make an empty database beside the tests' own; yields its address."""
    name = f"{connection.settings_dict['NAME']}_back"
    made = sql.Identifier(name)
    with psycopg.connect(address_of("postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(made))
        try:
            yield address_of(name)
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(made))

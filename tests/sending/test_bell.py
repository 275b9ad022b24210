"""The bell: at once, then a few times a second, and nobody rings for nothing."""

from __future__ import annotations

import os
import threading
import time

import pytest
from django.db import transaction

from bookings import outbox
from bookings.bell import Bell
from bookings.models import Message
from tests import make


class Struck:
    """Counts strikes, and lets a test wait for them."""

    def __init__(self) -> None:
        self.count = 0
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def reached(self, count: int) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self.count >= count, timeout=10)


def test_the_first_ring_strikes_at_once_and_many_more_strike_once_together():
    struck = Struck()
    bell = Bell(struck, every=0.2)

    for _ in range(100):
        bell.ring()
    assert struck.count == 1
    assert struck.reached(2)
    time.sleep(0.3)
    assert struck.count == 2
    bell.ring()
    assert struck.count == 3


def test_no_ring_of_any_thread_stays_without_a_strike_after_it():
    rung = set[int]()
    heard = set[int]()
    everything_heard = threading.Event()

    def strike() -> None:
        heard.update(list(rung))
        if len(heard) == 800:
            everything_heard.set()

    bell = Bell(strike, every=0.02)

    def ring(first: int) -> None:
        for number in range(first, first + 100):
            rung.add(number)
            bell.ring()
            time.sleep(0.001)

    threads = [threading.Thread(target=ring, args=(100 * each,)) for each in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert everything_heard.wait(10)


def test_a_bell_that_nobody_hears_is_a_line_in_the_log(caplog):
    def deaf() -> None:
        raise OSError("no broker")

    Bell(deaf, every=1).ring()

    assert "no broker" in caplog.text


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_child_that_is_forked_while_a_strike_is_due_rings_for_itself():
    struck = Struck()
    bell = Bell(struck, every=0.2)
    bell.ring()
    bell.ring()

    if not (child := os.fork()):
        bell.ring()
        os._exit(0 if struck.reached(2) else 1)

    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_queues_much_rings_once(monkeypatch):
    struck = Struck()
    monkeypatch.setattr(outbox.queueing, "bells", [struck])

    with transaction.atomic():
        make.booking()
        make.booking()
        assert struck.count == 0

    assert Message.objects.count() == 6
    assert struck.count == 1

"""The lookout: whoever is not called for a while looks by himself."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from bookings.lookout import Lookout
from tests.sending.test_bell import Struck


class Looks(Struck):
    """Counts looks, the first of which fails."""

    def __call__(self) -> None:
        super().__call__()
        if self.count == 1:
            raise RuntimeError("no database")


@pytest.fixture
def looks() -> Looks:
    return Looks()


@pytest.fixture
def lookout(looks) -> Iterator[Lookout]:
    lookout = Lookout(looks, after=0.05)
    yield lookout
    lookout.stop()


def test_who_is_not_called_looks_again_and_again_and_a_look_that_fails_is_not_the_last(
    lookout, looks, caplog
):
    lookout.start()

    assert looks.reached(3)
    assert "no database" in caplog.text


def test_who_is_called_all_the_time_does_not_look(looks):
    lookout = Lookout(looks, after=5)
    lookout.start()
    for _ in range(20):
        lookout.called()
        time.sleep(0.01)
    lookout.stop()

    assert looks.count == 0


def test_the_end_waits_for_a_look_that_has_begun():
    begun, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def look() -> None:
        begun.set()
        may_end.wait()
        ended.set()

    lookout = Lookout(look, after=0.01)
    lookout.start()
    assert begun.wait(10)
    threading.Timer(0.1, may_end.set).start()
    lookout.stop()

    assert ended.is_set()

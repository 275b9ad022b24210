"""The figures by number, in the order of the table."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench import desk, engine, peers, programs, reading, sending, writing
from tests.bench.line import Line

FIGURES: dict[str, Callable[[], list[Line]]] = {
    "1": reading.warm,
    "2": reading.one_changed,
    "3": reading.days,
    "4": reading.cold,
    "5": engine.computation,
    "6": reading.large,
    "7": writing.uncontended,
    "8": writing.contended,
    "9": writing.seats,
    "10": engine.depth,
    "11": reading.page,
    "12": reading.memory,
    "13": desk.day,
    "14": sending.sending,
    "15": programs.starts,
    "16": programs.appointments,
    "17": programs.bookings,
    "peers": peers.same_input,
}

NOTE = peers.NOTE
close = reading.close

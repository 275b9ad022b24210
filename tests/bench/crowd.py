"""Many clients at once: processes of several threads, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
import queue
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import django
from django.db import connections

PATIENCE_SECONDS = 240


@dataclass(frozen=True)
class Client:
    """One of the crowd: its number from 0, and the gate at which all meet."""

    number: int
    gate: Barrier

    def meet(self) -> None:
        """Wait until every client of the crowd is here."""
        self.gate.wait(PATIENCE_SECONDS)


def gathered(job: str, *, processes: int, threads: int, **order: Any) -> list[Any]:
    """Have every client of a new crowd do a job of `tests.bench.jobs`; returns their answers.

    The job is called with its client and `order`.

    Raises:
        RuntimeError: a client failed; with its traceback.
    """
    context = multiprocessing.get_context("spawn")
    gate, answers = context.Barrier(processes * threads), context.Queue()
    numbers = [range(first * threads, (first + 1) * threads) for first in range(processes)]
    children = [
        context.Process(target=_host, args=(job, each, gate, answers, order), daemon=True)
        for each in numbers
    ]
    for child in children:
        child.start()
    try:
        heard = [answers.get(timeout=PATIENCE_SECONDS) for _ in children]
    except queue.Empty:
        raise RuntimeError(f"{job}: a process of the crowd is silent") from None
    for child in children:
        child.join()
    if failures := [each for each in heard if isinstance(each, str)]:
        raise RuntimeError(failures[0])
    return [answer for each in heard for answer in each]


def _host(
    job: str, numbers: range, gate: Barrier, answers: Queue[Any], order: dict[str, Any]
) -> None:
    """Be one process of the crowd."""
    django.setup()
    work = getattr(import_module("tests.bench.jobs"), job)
    ready = threading.Barrier(len(numbers))

    def one(number: int) -> Any:
        ready.wait()
        try:
            return work(Client(number, gate), **order)
        except BaseException:
            gate.abort()
            raise
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(numbers)) as threads:
        try:
            answers.put(list(threads.map(one, numbers)))
        except Exception:
            answers.put(traceback.format_exc())

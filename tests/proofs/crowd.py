"""Many clients at once: processes of threads, released together, each with a connection of its own.

`Crowd` is the side of the test; `python -m tests.proofs.crowd` is one process of clients. Both
speak JSON lines: a batch of errands, "ready", "go", and the outcomes.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit, urlunsplit

PROCESSES, THREADS = 4, 16

Errand = tuple[str, dict[str, Any]]
"""The name of a function in `tests.proofs.errands` and its arguments."""


@dataclass(frozen=True)
class Outcome:
    """What became of one errand: `done` with a value, `refused` with a code, or `broke`."""

    kind: str
    said: Any


@dataclass
class Crowd:
    """Up to 64 clients of one database, kept for as long as the object is open."""

    address: str
    retries: int = 0
    _processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def __enter__(self) -> Crowd:
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.proofs.crowd"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "DATABASE_URL": self.address},
            )
            for _ in range(PROCESSES)
        ]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.close()
            process.wait()
            process.stdout.close()

    def together(self, errands: Sequence[Errand]) -> list[Outcome]:
        """Run all the errands at the same time; returns their outcomes in the same order."""
        assert len(errands) <= PROCESSES * THREADS
        shares = [list(errands[number::PROCESSES]) for number in range(PROCESSES)]
        for process, share in zip(self._processes, shares, strict=True):
            _say(process, share)
        for process in self._processes:
            assert _hear(process) == "ready"
        for process in self._processes:
            _say(process, "go")
        answers = [_hear(process) for process in self._processes]
        self.retries += sum(answer["retries"] for answer in answers)
        outcomes = [Outcome("", None)] * len(errands)
        for number, answer in enumerate(answers):
            outcomes[number::PROCESSES] = [Outcome(*each) for each in answer["outcomes"]]
        return outcomes

    def rest(self) -> None:
        """Let every client close its connection, so that its statistics are counted."""
        self.together([("leave", {})] * (PROCESSES * THREADS))


def tally(outcomes: Sequence[Outcome]) -> dict[str, int]:
    """Count outcomes: what was done as "done", refusals by code, faults by what they say."""
    return dict(Counter("done" if each.kind == "done" else str(each.said) for each in outcomes))


def address_of(database: str) -> str:
    """Return the address of a database on the tests' server."""
    return urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{database}"))


def _say(process: subprocess.Popen[str], what: object) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(what) + "\n")
    process.stdin.flush()


def _hear(process: subprocess.Popen[str]) -> Any:
    assert process.stdout is not None
    return json.loads(process.stdout.readline())


class _Retries(logging.Handler):
    """Counts the deadlocks and serialization failures that decisions met."""

    count = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.count += 1


def _serve() -> None:
    from tests.proofs import errands  # noqa: PLC0415  (Django has to be set up first)

    retries = _Retries()
    logging.getLogger("bookings.commands.decision").addHandler(retries)
    with ThreadPoolExecutor(THREADS) as threads:
        for line in sys.stdin:
            batch = json.loads(line)
            everybody = threading.Barrier(len(batch) + 1)
            go = threading.Event()
            waiting = [
                threads.submit(errands.run, name, arguments, everybody, go)
                for name, arguments in batch
            ]
            everybody.wait()
            print(json.dumps("ready"), flush=True)
            sys.stdin.readline()
            go.set()
            outcomes = [each.result() for each in waiting]
            print(json.dumps({"outcomes": outcomes, "retries": retries.count}), flush=True)
            retries.count = 0


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    _serve()

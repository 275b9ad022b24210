"""Real Celery workers that are quick to start, so that many can be killed.

`Workers` is the side of the test; `python -m tests.proofs.workers` has Django and Celery loaded and
forks a worker, or the clock, for each line it reads.
"""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from django.db import connection
from kombu.asynchronous import set_event_loop

THREADS = 4
NAME = "proof-worker"


class Workers:
    """Workers of one database and broker; all of them end with the object."""

    def __init__(self, **environment: str) -> None:
        variables = {"DATABASE_POOL": "0", "WEBHOOK_LOOPBACK": "1", "PGAPPNAME": NAME} | environment
        self._forker = subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **variables},
        )
        self._alive: list[int] = []
        self._clock: list[int] = []

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        for number in [*self._alive, *self._clock]:
            os.kill(number, signal.SIGKILL)
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.close()
        self._forker.wait()
        self._forker.stdout.close()

    def start(self, count: int) -> None:
        """Start so many workers more."""
        self._alive += [self._fork("worker") for _ in range(count)]

    def start_clock(self) -> None:
        """Start Celery beat."""
        self._clock.append(self._fork("beat"))

    def kill_one(self, chance: random.Random) -> bool:
        """Kill a random worker that is at work with `kill -9`, and start another in its place.

        Returns: whether there was one at work.
        """
        at_work = [number for number in self._alive if f"{NAME}-{number}" in _connected()]
        if not at_work:
            return False
        number = chance.choice(at_work)
        os.kill(number, signal.SIGKILL)
        self._alive.remove(number)
        self.start(1)
        return True

    def kill_all(self) -> None:
        """Kill every worker, and wait until the database has noticed."""
        for number in self._alive:
            os.kill(number, signal.SIGKILL)
        self._alive.clear()
        while _connected():
            pass

    def _fork(self, what: str) -> int:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.write(f"{what}\n")
        self._forker.stdin.flush()
        return int(self._forker.stdout.readline())


def _connected() -> set[str]:
    """Return the names of the workers that have connections to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT application_name FROM pg_stat_activity WHERE application_name LIKE %s",
            [f"{NAME}-%"],
        )
        return {name for (name,) in cursor.fetchall()}


@contextlib.contextmanager
def redis(folder: Any) -> Iterator[str]:
    """Run a Redis of one's own; yields the folder's socket as a broker's address."""
    socket = folder / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", ""],
        stdout=subprocess.DEVNULL,
        cwd=folder,
    )
    try:
        yield f"redis+socket://{socket}"
    finally:
        server.kill()
        server.wait()


def _serve() -> None:
    from portal.celery import app  # noqa: PLC0415  (Django has to be set up first)

    app.loader.import_default_modules()
    app.finalize()
    app.Worker(pool="threads")  # imports what a worker is made of, once for all
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            # Of a loop that is inherited, children would hear each other's sockets.
            set_event_loop(None)
            os.environ["PGAPPNAME"] = f"{NAME}-{os.getpid()}"
            # Standard output is the line between the test and this process.
            os.dup2(2, 1)
            _run(app, line.strip())
            os._exit(0)
        print(child, flush=True)


def _run(app: Any, what: str) -> None:
    """Be a worker, or the clock."""
    if what == "beat":
        schedule = os.path.join(os.environ["DATA_DIR"], "schedule")
        app.Beat(loglevel="ERROR", quiet=True, schedule=schedule).run()
        return
    lonely = dict.fromkeys(("without_gossip", "without_mingle", "without_heartbeat"), True)
    app.Worker(pool="threads", concurrency=THREADS, loglevel="ERROR", quiet=True, **lonely).start()


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    _serve()

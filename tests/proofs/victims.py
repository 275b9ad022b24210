"""Processes that are killed at a given database statement, exactly there.

`Victims` is the side of the test; `python -m tests.proofs.victims` forks one victim for each
errand. A victim counts its statements and commits, and kills itself, as `kill -9` would, before
or after the one it was told.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from django.db import connection

from tests.proofs.crowd import Errand

NAME = "victim"
Moment = Literal["before", "after"]


@dataclass(frozen=True)
class Death:
    """Where a victim dies: before or after its statement number `at`, counted from one."""

    at: int
    moment: Moment


class Victims:
    """Forks victims of one database for as long as it is open."""

    def __init__(self, address: str, **environment: str) -> None:
        variables = {"DATABASE_URL": address, "PGAPPNAME": NAME} | environment
        self._forker = subprocess.Popen(
            [sys.executable, "-m", "tests.proofs.victims"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **variables},
        )

    def __enter__(self) -> Victims:
        return self

    def __exit__(self, *_: object) -> None:
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        self._forker.stdin.close()
        self._forker.wait()
        self._forker.stdout.close()

    def run(self, errand: Errand, death: Death | None = None) -> bool:
        """Run an errand to its death, if it comes to that; says whether the victim died.

        Returns once the database has noticed.
        """
        assert self._forker.stdin is not None
        assert self._forker.stdout is not None
        order = {"errand": errand, "death": [death.at, death.moment] if death else None}
        self._forker.stdin.write(json.dumps(order) + "\n")
        self._forker.stdin.flush()
        code = int(self._forker.stdout.readline())
        assert code in (0, -signal.SIGKILL), f"the errand ended with {code}"
        _wait_until_gone()
        return code != 0

    def deaths(self, *, moments: tuple[Moment, ...]) -> Iterator[Death]:
        """Yield one death after the other, without an end: the errand that survives is the last."""
        at = 0
        while True:
            at += 1
            for moment in moments:
                yield Death(at, moment)


def _wait_until_gone() -> None:
    """Wait for the server processes of victims: a transaction ends with its server process."""
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = %s",
                [NAME],
            )
            if cursor.fetchone() == (0,):
                return
            time.sleep(0.002)


def _serve() -> None:
    from tests.proofs import errands  # noqa: PLC0415  (Django has to be set up first)

    for line in sys.stdin:
        order = json.loads(line)
        errands.prepare(order["errand"][0])
        child = os.fork()
        if not child:
            _live(*order["errand"], order["death"])
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _live(name: str, arguments: dict[str, Any], death: list[Any] | None) -> None:
    """Run one errand in this process and end it; refusals are a good end, faults are not."""
    from bookings.errors import BookingError  # noqa: PLC0415  (Django has to be set up first)
    from tests.proofs import errands  # noqa: PLC0415

    code = 0
    try:
        connection.ensure_connection()
        with connection.execute_wrapper(_counting(death)):
            getattr(errands, name)(**arguments)
    except BookingError:
        pass
    except BaseException as fault:
        print(f"{type(fault).__name__}: {fault}", file=sys.stderr, flush=True)
        code = 1
    connection.close()
    os._exit(code)


def _counting(death: list[Any] | None) -> Callable[..., Any]:
    """Return a wrapper of statements that dies on time; wraps commits of the connection too."""
    count = 0

    def step(act: Callable[..., Any], *arguments: Any) -> Any:
        nonlocal count
        count += 1
        if death == [count, "before"]:
            os.kill(os.getpid(), signal.SIGKILL)
        result = act(*arguments)
        if death == [count, "after"]:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    psycopg_connection: Any = connection.connection
    commit = psycopg_connection.commit
    psycopg_connection.commit = lambda: step(commit)
    return lambda execute, *arguments: step(execute, *arguments)


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    _serve()

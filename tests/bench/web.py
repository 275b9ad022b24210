"""One web process of the portal, and a client that asks it one thing after another."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import time
from collections.abc import Iterator
from statistics import median

from django.conf import settings

from portal.keeper import Child, keep

START_SECONDS = 30


class Web:
    """A running web process."""

    def __init__(self, port: int) -> None:
        self._address = ("127.0.0.1", port)

    def get(self, path: str, *, cookie: str = "", token: str = "") -> tuple[float, bytes]:
        """Ask for a page; returns the seconds until its last byte, and its body.

        Raises:
            RuntimeError: the answer is not 200.
        """
        more = [f"Cookie: {cookie}", "Accept-Encoding: gzip"] if cookie else []
        return self._asked("GET", path, more + _bearer(token), "", 200)

    def post(self, path: str, body: str, *, token: str) -> tuple[float, bytes]:
        """Send JSON; returns the seconds until the last byte of the answer, and its body.

        Raises:
            RuntimeError: the answer is not 201.
        """
        more = ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
        return self._asked("POST", path, more + _bearer(token), body, 201)

    def _asked(
        self, method: str, path: str, more: list[str], body: str, status: int
    ) -> tuple[float, bytes]:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", *more]
        request = ("\r\n".join([*lines, "", ""]) + body).encode()
        started = time.perf_counter()
        with socket.create_connection(self._address) as line:
            line.sendall(request)
            answer = b"".join(iter(lambda: line.recv(1 << 18), b""))
        took = time.perf_counter() - started
        head, _, found = answer.partition(b"\r\n\r\n")
        if not head.startswith(f"HTTP/1.1 {status}".encode()):
            raise RuntimeError(f"{path}: {answer[:200]!r}")
        return took, found

    def typical(self, path: str, *, times: int, cookie: str = "", token: str = "") -> float:
        """Return the median seconds of some requests, one after another."""
        return median(self.get(path, cookie=cookie, token=token)[0] for _ in range(times))


def _bearer(token: str) -> list[str]:
    return [f"Authorization: Bearer {token}"] if token else []


@contextlib.contextmanager
def serving() -> Iterator[Web]:
    """Run the portal on gunicorn with a single synchronous worker."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        number = listener.fileno()
        kept = keep(
            Child(
                "web",
                [
                    *(sys.executable, "-m", "gunicorn", "portal.wsgi"),
                    *("--bind", f"fd://{number}", "--workers", "1", "--worker-class", "sync"),
                    *("--log-level", "error", "--no-control-socket"),
                ],
                env={**os.environ, "DATABASE_POOL": "10"},
                cwd=settings.BASE_DIR,
                passing=[number],
            )
        )
        web = Web(listener.getsockname()[1])
        try:
            _wait(web)
            yield web
        finally:
            kept.stop()


def _wait(web: Web) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            web.get("/one/")
        except (OSError, RuntimeError):
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return

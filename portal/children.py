"""The processes of a running portal: web, worker and beat."""

from __future__ import annotations

import errno
import http.client
import os
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings

from portal.keeper import Child, Kept, keep

FIRST_PORT, LAST_PORT = 8000, 8999


class PortTaken(Exception):
    """The portal cannot listen where it was told to; the text names the variable."""


@dataclass(frozen=True)
class Place:
    """Where the portal listens, and the address at which people find it."""

    listener: socket.socket
    url: str

    def answers(self) -> bool:
        """Tell whether the web server answers there; waits a second at most."""
        host, port = self.listener.getsockname()[:2]
        here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
        web = http.client.HTTPConnection(here, port, timeout=1)
        try:
            web.request("GET", "/health/live", headers={"Host": urlsplit(self.url).netloc})
            return web.getresponse().status == http.client.OK
        except OSError:
            return False
        finally:
            web.close()


def listen() -> Place:
    """Listen on the port of the settings, or on the first free one.

    The open socket goes to the web server as it is, so nobody can take the port in between.

    Raises:
        PortTaken: the port is in use or not ours to take, or the host is not this machine's.
    """
    host, port = settings.LISTEN_HOST, settings.LISTEN_PORT
    for candidate in [port] if port else range(FIRST_PORT, LAST_PORT + 1):
        try:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listener = socket.create_server((host, candidate), family=family, backlog=1024)
        except OSError as error:
            if port or error.errno != errno.EADDRINUSE:
                said = os.strerror(error.errno) if error.errno and error.errno > 0 else str(error)
                variable = "PORT" if error.errno in (errno.EADDRINUSE, errno.EACCES) else "HOST"
                raise PortTaken(f"{variable}: cannot use {host}:{candidate}: {said}.") from None
        else:
            return Place(listener, settings.PUBLIC_URL if port else f"http://localhost:{candidate}")
    raise PortTaken(f"PORT: none is free from {FIRST_PORT} to {LAST_PORT}.")


class Children:
    """Web, worker and beat, each under a keeper of its own."""

    def __init__(
        self, place: Place, *, others: Sequence[Kept] = (), holding: Sequence[int]
    ) -> None:
        """Start the web server.

        Args:
            others: running children to watch as well; somebody else stops them.
            holding: descriptors that stay open until the last child has ended.
        """
        self._others = others
        self._holding = holding
        self._env = {"WEB_CONCURRENCY": "2", **os.environ, "PUBLIC_URL": place.url}
        listener = place.listener.fileno()
        self._kept = [
            self._keep(
                "web",
                *("gunicorn", "portal.wsgi", "--bind", f"fd://{listener}", "--preload"),
                *("--worker-class", "portal.web.Worker", "--threads", "8"),
                *("--limit-request-line", "8190"),
                *("--log-level", "error", "--no-control-socket", "--graceful-timeout", "10"),
                passing=[listener],
            )
        ]

    def start_background(self) -> None:
        """Start worker and beat."""
        schedule = settings.DATA_DIR / "beat" / "schedule"
        schedule.parent.mkdir(exist_ok=True)
        level = ("-l", "warning")
        celery = ("celery", "-q", "-A", "portal")
        threads = ("-P", "threads", "-c", str(settings.WORKER_THREADS))
        lonely = ("--without-gossip", "--without-mingle", "--without-heartbeat")
        self._kept += [
            self._keep("worker", *celery, "worker", *level, *threads, *lonely),
            self._keep("beat", *celery, "beat", *level, "-s", schedule, "--pidfile", ""),
        ]

    def first_ended(self) -> str:
        """Say which child ended by itself, "" while all run."""
        for kept in (*self._others, *self._kept):
            if (code := kept.ended()) is not None:
                return f"The {kept.name} process ended by itself with code {code}."
        return ""

    def stop(self) -> None:
        """Ask all to stop, then wait until each has ended."""
        for kept in self._kept:
            kept.ask()
        for kept in self._kept:
            kept.stop()

    def _keep(self, name: str, *module: str | Path, passing: Sequence[int] = ()) -> Kept:
        return keep(
            Child(
                name,
                [sys.executable, "-m", *module],
                env=self._env,
                cwd=settings.BASE_DIR,
                passing=passing,
                holding=self._holding,
            )
        )

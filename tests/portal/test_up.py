"""`manage.py up` for real: it starts from nothing, serves, and leaves no process behind."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portal import pglocal
from portal.pgprograms import ROOT_PLACE

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 120
OURS = ("DATABASE_URL", "DATABASE_POOL", "DATA_DIR")

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


class Portal:
    """A portal started by the command, with a data folder of its own."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._log = data.with_suffix(".log")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **variables: str) -> Portal:
        env = {name: value for name, value in os.environ.items() if name not in OURS}
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "manage.py", "up"],
                cwd=ROOT,
                env={**env, "DATA_DIR": str(self.data), **variables},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        return self

    @property
    def said(self) -> str:
        return self._log.read_text()

    @property
    def process(self) -> subprocess.Popen[bytes]:
        assert self._process
        return self._process

    def ready(self) -> Portal:
        """Wait until the portal says where it is, and worker and beat run too."""
        until = time.monotonic() + PATIENCE_SECONDS
        while "Ctrl-C stops it" not in self.said or not self.running("celery", "beat"):
            assert self.process.poll() is None, self.said
            assert time.monotonic() < until, self.said
            time.sleep(0.1)
        return self

    @property
    def address(self) -> str:
        match = re.search(r"Admin +(http\S+)/admin/", self.said)
        assert match, self.said
        return match[1]

    def get(self, path: str) -> tuple[int, bytes]:
        with urllib.request.urlopen(self.address + path) as answer:
            return answer.status, answer.read()

    def refuses(self, request: str) -> tuple[int, str]:
        """Return status and code of the problem that a request of these words is answered."""
        with socket.create_connection(("127.0.0.1", urlsplit(self.address).port or 80)) as line:
            line.sendall(f"{request}\r\n\r\n".encode())
            answer = http.client.HTTPResponse(line)
            answer.begin()
            return answer.status, json.loads(answer.read())["code"]

    def running(self, *words: str) -> list[int]:
        """Return the processes of this portal, those with all `words` in their command line."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                environment = (entry / "environ").read_bytes().split(b"\0")
                command = (entry / "cmdline").read_text().split("\0")
            except OSError:
                continue
            if f"DATA_DIR={self.data}".encode() in environment and set(words) <= set(command):
                found.append(int(entry.name))
        return found

    def end(self, number: signal.Signals) -> int:
        """Send a signal to the command and return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE_SECONDS)

    def kill_all(self) -> None:
        """Kill every process of this portal, with no time to do anything."""
        for pid in self.running():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        if self._process:
            self._process.wait()

    def all_gone(self) -> bool:
        """Tell whether all processes end by themselves."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.running() and time.monotonic() < until:
            time.sleep(0.1)
        return not self.running()


def ask(port: str, path: str, headers: dict[str, str]) -> tuple[http.client.HTTPResponse, bytes]:
    """Return the answer of a portal on this machine, redirects not followed, and its body."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", int(port))) as web:
        web.request("GET", path, headers=headers)
        answer = web.getresponse()
        return answer, answer.read()


@pytest.fixture
def portals(tmp_path: Path) -> Iterator[tuple[Portal, Portal]]:
    """Return two portals, not started; in the end nothing of them is left."""
    both = Portal(tmp_path / "one"), Portal(tmp_path / "other")
    yield both
    for portal in both:
        portal.kill_all()
        name = portal.data / "postgresql-name"
        if name.exists():
            shutil.rmtree(ROOT_PLACE / name.read_text(), ignore_errors=True)


def test_the_portal_starts_from_nothing_serves_and_leaves_no_process(
    portals: tuple[Portal, Portal],
) -> None:
    portal = portals[0].start().ready()

    assert portal.get("/health/ready") == (200, b"ready\n")
    assert portal.get("/admin/login/")[0] == 200
    assert portal.get("/static/admin/css/base.css")[0] == 200
    assert portal.refuses("GET /api/v1/businesses/?q=" + "x" * 9000) == (414, "address_too_long")
    assert portal.refuses("GET / HTTP/1.1\r\nCookie: " + "x" * 9000) == (431, "headers_too_large")
    assert portal.refuses("GET / HTTP/1.1\r\nno header") == (400, "bad_request")
    assert "admin@demo.example" in portal.said
    assert "amira@linden.example" in portal.said
    assert portal.end(signal.SIGTERM) == 0
    assert portal.running() == []


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGHUP])
def test_ctrl_c_and_a_closed_terminal_stop_everything(
    portals: tuple[Portal, Portal], number: signal.Signals
) -> None:
    portal = portals[0].start().ready()

    assert portal.end(number) == 0
    assert portal.running() == []


@pytest.mark.slow
def test_a_stop_during_the_start_leaves_no_process(portals: tuple[Portal, Portal]) -> None:
    for wait_seconds in (0.5, 1.5, 2.5, 3.5):
        portal = portals[0].start()
        time.sleep(wait_seconds)
        portal.end(signal.SIGTERM)
        assert portal.all_gone()


@pytest.mark.slow
def test_a_killed_portal_takes_its_processes_along_and_starts_again(
    portals: tuple[Portal, Portal],
) -> None:
    portal = portals[0].start().ready()
    password = (portal.data / "demo-password").read_text()

    portal.end(signal.SIGKILL)
    again = portal.start().ready()

    assert again.get("/health/ready") == (200, b"ready\n")
    assert f"password {password}" in again.said
    again.end(signal.SIGKILL)
    assert portal.all_gone()


@pytest.mark.slow
def test_after_all_its_processes_were_killed_the_portal_starts_again(
    portals: tuple[Portal, Portal],
) -> None:
    portal = portals[0].start().ready()

    portal.kill_all()
    portal.start().ready()

    assert portal.get("/health/ready") == (200, b"ready\n")


@pytest.mark.slow
def test_two_portals_run_side_by_side_and_one_folder_serves_one(
    portals: tuple[Portal, Portal],
) -> None:
    one, other = (portal.start().ready() for portal in portals)

    assert one.get("/health/ready") == other.get("/health/ready") == (200, b"ready\n")
    ports = [re.findall(r"http://localhost:(\d+)/admin/", portal.said) for portal in portals]
    assert ports[0] != ports[1]
    second = Portal(one.data)
    second._log = one.data.with_suffix(".second")
    assert second.start().process.wait(PATIENCE_SECONDS) == 1
    assert second.said == f"CommandError: The portal already runs with the data in {one.data}.\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [("gunicorn",), ("celery", "worker"), ("celery", "beat"), ("-D",)]
)
def test_a_child_that_dies_takes_the_portal_down_with_a_sentence(
    portals: tuple[Portal, Portal], words: tuple[str, ...]
) -> None:
    portal = portals[0].start().ready()

    os.kill(min(portal.running(*words)), signal.SIGKILL)

    assert portal.process.wait(PATIENCE_SECONDS) == 1
    assert "process ended by itself" in portal.said
    assert portal.running() == []


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    """Run a Redis server on a socket of its own; returns its address."""
    program = shutil.which("redis-server")
    if not program:
        pytest.skip("there is no Redis on this machine")
    path = tmp_path / "redis.sock"
    server = subprocess.Popen(
        [program, "--port", "0", "--unixsocket", str(path), "--save", ""],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    )
    while not path.exists():
        assert server.poll() is None
        time.sleep(0.05)
    yield f"redis+socket://{path}"
    server.terminate()
    server.wait()


@pytest.mark.slow
def test_in_production_the_portal_uses_real_servers_and_insists_on_https(
    portals: tuple[Portal, Portal], redis: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    portal = portals[0].start(
        PUBLIC_URL="https://book.example.org",
        PORT=port,
        SECRET_KEY=secrets.token_urlsafe(60),
        CELERY_BROKER_URL=redis,
    )
    portal.ready()
    proxied = {"Host": "book.example.org", "X-Forwarded-Proto": "https"}

    plain, _ = ask(port, "/accounts/login/", {"Host": "book.example.org"})
    page, body = ask(port, "/accounts/login/", proxied)
    style = re.search(r"/static/css/base\.[0-9a-f]{12}\.css", body.decode())
    assert style
    sheet, _ = ask(port, style[0], proxied | {"Accept-Encoding": "gzip"})

    assert (plain.status, plain.headers["Location"]) == (
        301,
        "https://book.example.org/accounts/login/",
    )
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert "__Host-csrf" in page.headers["Set-Cookie"]
    assert (sheet.status, sheet.headers["Content-Encoding"]) == (200, "gzip")
    assert "immutable" in sheet.headers["Cache-Control"]
    assert "password" not in portal.said
    assert portal.end(signal.SIGTERM) == 0
    assert portal.running() == []


@pytest.mark.slow
def test_a_database_that_goes_away_is_said_so_and_found_again(
    portals: tuple[Portal, Portal], tmp_path: Path
) -> None:
    database = portals[1].data
    database.mkdir()
    url = f"postgresql://portal@/postgres?host={pglocal.socket_folder(database)}"
    with pglocal.serve(database):
        portal = portals[0].start(DATABASE_URL=url, PUBLIC_URL="").ready()
        page = re.search(r"http://localhost:(\d+)(/b/[^/]+/)", portal.said)
        assert page
        port, path = page.groups()
        here = {"Host": "localhost"}
        assert ask(port, path, here)[0].status == 200

    away, body = ask(port, path, here)
    assert (away.status, away.headers["Retry-After"]) == (503, "10")
    assert "We will be right back" in body.decode()
    assert ask(port, "/health/ready", here)[0].status == 503
    assert ask(port, "/health/live", here)[0].status == 200
    with pglocal.serve(database):
        until = time.monotonic() + 10
        while ask(port, path, here)[0].status != 200:
            assert time.monotonic() < until
        assert ask(port, "/health/ready", here)[0].status == 200
        assert portal.end(signal.SIGTERM) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        (
            {"DATABASE_URL": "postgresql://x@localhost:1/x"},
            "DATABASE_URL: the database cannot be used",
        ),
        ({"CELERY_BROKER_URL": "redis://localhost:1/0"}, "CELERY_BROKER_URL: the broker cannot be"),
        ({"EMAIL_URL": "smtp://mail.invalid"}, "EMAIL_URL: the mail server cannot be used"),
        ({"HOST": "192.0.2.1"}, "HOST: cannot use 192.0.2.1"),
    ],
)
def test_a_server_that_is_not_there_stops_the_start_with_one_sentence(
    portals: tuple[Portal, Portal], variables: dict[str, str], sentence: str
) -> None:
    portal = portals[0].start(**variables)

    assert portal.process.wait(PATIENCE_SECONDS) == 1
    assert portal.said.startswith(f"CommandError: {sentence}")
    assert portal.said.count("\n") == 1
    assert portal.running() == []


def test_a_lock_file_that_names_a_foreign_process_does_not_stop_the_server(
    portals: tuple[Portal, Portal],
) -> None:
    data = portals[0].data
    data.mkdir()
    with pglocal.serve(data):
        pass
    folder = (
        ROOT_PLACE / (data / "postgresql-name").read_text()
        if not os.geteuid()
        else data / "postgresql"
    )
    (folder / "cluster/postmaster.pid").write_text(f"{os.getpid()}\n{folder}\n")

    with pglocal.serve(data) as server:
        assert server.ended() is None

"""A real HTTP server on loopback: what it does with a request is in the request's path.

A number (`/503?Retry-After=7`) is answered with that status and the query as headers; the other
paths are the names of the functions at the end.
"""

from __future__ import annotations

import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

GIGABYTE = 1_000_000_000
STEP = 0.02


@dataclass(frozen=True)
class Taken:
    """A request that arrived whole."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Handler(BaseHTTPRequestHandler):
    """Reads one request, keeps it, and behaves as its path says."""

    protocol_version = "HTTP/1.1"
    server: Receiver

    def do_POST(self) -> None:
        """Keep the request and behave."""
        length = int(self.headers.get("Content-Length", 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.taken.append(Taken(self.command, self.path, headers, self.rfile.read(length)))
        self.close_connection = True
        name = urlsplit(self.path).path.split("/")[1]
        try:
            if name.isdigit():
                status(self, int(name))
            else:
                (BEHAVIOURS | self.server.own)[name](self)
        except OSError:  # whoever called has gone
            self.server.hung_up.set()

    def do_GET(self) -> None:
        """Keep the request and behave."""
        self.do_POST()

    def write(self, text: bytes) -> None:
        """Send these bytes now."""
        self.connection.sendall(text)
        self.server.sent += len(text)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


@dataclass
class Receiver(ThreadingHTTPServer):
    """The server; `taken` is what came, `sent` counts what went out past the usual answers."""

    trust: ssl.SSLContext | None = None
    own: dict[str, Callable[[Handler], None]] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    asked_for: list[str | None] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)
    stopping: threading.Event = field(default_factory=threading.Event)
    sent: int = 0
    daemon_threads = True

    def __post_init__(self) -> None:
        """Take a free port; names that are asked for by SNI are kept."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.port = self.server_address[1]
        if self.trust is not None:
            self.trust.sni_callback = lambda _, name, __: self.asked_for.append(name)

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """Return the address of a path."""
        return f"{'https' if self.trust else 'http'}://{host}:{self.port}/{path}"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Shake hands first where the connection is encrypted."""
        if self.trust is None:
            super().finish_request(request, client_address)
            return
        with suppress(OSError), self.trust.wrap_socket(request, server_side=True) as encrypted:
            super().finish_request(encrypted, client_address)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        self.stopping.set()
        self.shutdown()
        self._thread.join()
        self.server_close()


def status(handler: Handler, code: int) -> None:
    """Answer with this status, the query as headers, and a short text."""
    text = f"That makes {code}.".encode()
    handler.send_response(code)
    for name, value in parse_qsl(urlsplit(handler.path).query):
        handler.send_header(name, value)
    handler.send_header("Content-Length", str(len(text)))
    handler.end_headers()
    handler.wfile.write(text)


def echo(handler: Handler) -> None:
    """Answer with what was sent."""
    said = handler.server.taken[-1].body
    handler.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(said) + said)


def garbage(handler: Handler) -> None:
    handler.write(b"\x00\xffSSH-2.0-nothing of the kind\r\n\r\n" * 3)


def gigabyte(handler: Handler) -> None:
    handler.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % GIGABYTE)
    for _ in range(GIGABYTE // 100_000):
        handler.write(b"a" * 100_000)


def gigabyte_of_headers(handler: Handler) -> None:
    handler.write(b"HTTP/1.1 200 OK\r\n")
    for _ in range(GIGABYTE // 10_000):
        handler.write(b"X-Long: " + b"a" * 10_000 + b"\r\n")


def gigabyte_of_patience(handler: Handler) -> None:
    for _ in range(GIGABYTE // 25_000):
        handler.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


@cache
def bomb() -> bytes:
    """Return a few kilobytes that unpack to a hundred megabytes."""
    return gzip.compress(bytes(100_000_000))


def gzip_bomb(handler: Handler) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    handler.write(head % len(bomb()) + bomb())


def slow_head(handler: Handler) -> None:
    drip(handler, b"HTTP/1.1 200 OK\r\nX-Slow: " + b"a" * 10_000)


def slow_body(handler: Handler) -> None:
    handler.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\n")
    drip(handler, b"a" * 10_000)


def drip(handler: Handler, text: bytes) -> None:
    """Send one byte at a time until the other side hangs up."""
    for byte in text:
        handler.write(bytes([byte]))
        if handler.server.stopping.wait(STEP):
            return


def silent(handler: Handler) -> None:
    handler.connection.recv(1)
    handler.server.hung_up.set()


def reset(handler: Handler) -> None:
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.connection.close()


def reset_in_body(handler: Handler) -> None:
    handler.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\nhalf of it")
    reset(handler)


def hang_up(handler: Handler) -> None:
    """End the connection without a word."""


BEHAVIOURS: dict[str, Callable[[Handler], None]] = {
    each.__name__: each
    for each in (
        echo,
        garbage,
        gigabyte,
        gigabyte_of_headers,
        gigabyte_of_patience,
        gzip_bomb,
        slow_head,
        slow_body,
        silent,
        reset,
        reset_in_body,
        hang_up,
    )
}

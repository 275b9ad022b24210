"""The connection: to addresses that were checked, and no longer than the deadline."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Sequence
from typing import Any

import httpcore

from bookings.outlets.fetching.failures import FetchError, garbage, too_slow


class Deadline:
    """One moment by which all has to be done, name look-up and last byte included."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left, more than none.

        Raises:
            FetchError: `too_slow`.
        """
        left = self._at - time.monotonic()
        if left <= 0:
            raise too_slow()
        return left


class Pinned(httpcore.NetworkBackend):
    """Connects to the given addresses, whatever host is asked for; the first that answers."""

    def __init__(self, addresses: Sequence[str], *, deadline: Deadline, most_bytes: int) -> None:
        self._addresses = addresses
        self._deadline = deadline
        self._most_bytes = most_bytes
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first address that answers.

        Each has its share of the time, so that a dead one leaves some to the next.
        """
        for tried, address in enumerate(self._addresses):
            remaining = len(self._addresses) - tried
            share = self._deadline.left() / remaining
            try:
                stream = self._plain.connect_tcp(address, port, timeout=share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout):
                if remaining == 1:
                    raise
            else:
                return _Bounded(stream, deadline=self._deadline, most_bytes=self._most_bytes)
        raise httpcore.ConnectError("There is no address to connect to.")


class _Bounded(httpcore.NetworkStream):
    """A stream whose every step has what is left of the time and of the bytes, and no more."""

    def __init__(
        self, stream: httpcore.NetworkStream, *, deadline: Deadline, most_bytes: int
    ) -> None:
        self._stream = stream
        self._deadline = deadline
        self._most_bytes = most_bytes

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._most_bytes <= 0:
            raise garbage()
        read = self._stream.read(max_bytes, timeout=self._deadline.left())
        self._most_bytes -= len(read)
        return read

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send all, with what is left of the time for each piece that goes.

        The stream's own `write` gives each piece all of it: who reads byte by byte never ends.
        """
        connected: socket.socket = self._stream.get_extra_info("socket")
        try:
            while buffer:
                connected.settimeout(self._deadline.left())
                buffer = buffer[connected.send(buffer) :]
        except TimeoutError as error:
            raise httpcore.WriteTimeout(error) from error
        except OSError as error:
            raise httpcore.WriteError(error) from error

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            seconds = self._deadline.left()
        except FetchError:
            self.close()
            raise
        stream = self._stream.start_tls(ssl_context, server_hostname, seconds)
        return _Bounded(stream, deadline=self._deadline, most_bytes=self._most_bytes)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

"""One request, one answer."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from typing import Final

import httpcore

from bookings.engine.urls import Reach, Target, target_of
from bookings.errors import BookingError
from bookings.outlets.fetching.failures import FetchError, failure_of
from bookings.outlets.fetching.names import LookUp, addresses_of, look_up
from bookings.outlets.fetching.wire import Deadline, Pinned

_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_VALUE: Final = re.compile(r"[\x20-\x7e]*")
_FRAMING: Final = 256 * 1024
"""What headers and the borders between chunks may take besides the body."""
_BROKEN: Final = (httpcore.NetworkError, httpcore.ProtocolError, httpcore.TimeoutException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The most that one request may take: `seconds` in all, `answer_bytes` of the body."""

    seconds: float = 30.0
    answer_bytes: int = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: any status, redirects too; names of `headers` in lower case.

    `body` is as it came over the wire, never decompressed; `is_cut` where it was longer than
    the limits allow or broke off: with the status the other side had answered all the same.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    is_cut: bool


def fetch(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str],
    reach: Reach,
    body: bytes = b"",
    limits: Limits = Limits(),
    look_up: LookUp = look_up,
    trust: ssl.SSLContext | None = None,
) -> Answer:
    """Call `url` once and return the answer.

    `reach` says what may be called. `look_up` resolves names, `trust` says whose certificates
    are believed: this machine's resolver and the usual authorities by default.

    Raises:
        FetchError: no answer came.
        ValueError: a header could not be told from several.
    """
    fields = _fields(headers)
    deadline = Deadline(limits.seconds)
    try:
        target = target_of(url, reach=reach)
    except BookingError as refusal:
        raise FetchError(refusal.code, str(refusal), permanent=True) from None
    addresses = addresses_of(target, reach=reach, look_up=look_up, deadline=deadline)
    where = _url(target)
    request = httpcore.Request(
        method, where, headers=_own_fields(target, len(body)) + fields, content=body
    )
    connection = httpcore.HTTPConnection(
        where.origin,
        ssl_context=trust or _usual_trust(),
        network_backend=Pinned(
            addresses, deadline=deadline, most_bytes=limits.answer_bytes + _FRAMING
        ),
    )
    with closing(connection):
        try:
            response = connection.handle_request(request)
        except _BROKEN as error:
            raise failure_of(error) from error
        return _answer(response, most=limits.answer_bytes)


def _answer(response: httpcore.Response, *, most: int) -> Answer:
    """Return the answer with as much of its body as comes and may be kept."""
    kept = bytearray()
    is_cut = False
    assert isinstance(response.stream, Iterable)
    try:
        for chunk in response.stream:
            kept += chunk
            if len(kept) > most:
                is_cut = True
                break
    except (*_BROKEN, FetchError):
        is_cut = True
    return Answer(
        status=response.status,
        headers={
            name.decode("ascii").lower(): value.decode("latin-1")
            for name, value in response.headers
        },
        body=bytes(kept[:most]),
        is_cut=is_cut,
    )


def _fields(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    for name, value in headers.items():
        if not _NAME.fullmatch(name) or not _VALUE.fullmatch(value):
            raise ValueError(f"The header {name!r} would be more than one line.")
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]


def _own_fields(target: Target, length: int) -> list[tuple[bytes, bytes]]:
    """Return what every request carries: the name's own host, whatever address is called."""
    return [
        (b"Host", target.authority.encode("ascii")),
        (b"Accept-Encoding", b"identity"),
        (b"Connection", b"close"),
        (b"Content-Length", str(length).encode("ascii")),
    ]


def _url(target: Target) -> httpcore.URL:
    return httpcore.URL(
        scheme=target.scheme.encode("ascii"),
        host=target.host.encode("ascii"),
        port=target.port,
        target=target.path.encode("ascii"),
    )


@cache
def _usual_trust() -> ssl.SSLContext:
    """Return whom this machine trusts; read from its files once."""
    return httpcore.default_ssl_context()

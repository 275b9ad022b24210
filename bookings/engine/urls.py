"""URLs that people type, and which of them may be called at all.

What can be said without the network: shape, scheme, port and host. Where a name leads is seen
when it is called.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final
from urllib.parse import SplitResult, quote, urlsplit

from bookings.engine.addresses import is_loopback, is_public
from bookings.errors import BadUrl, BookingError, HostNotListed, NotHttps, NotPublic, PortNotCalled

PORTS: Final = (443, 8443)
LONGEST_URL: Final = 500
_LONGEST_HOST: Final = 253
_WRITTEN: Final = re.compile(r"[^\x00-\x20\x7f-\xa0\\\u2028\u2029\ud800-\udfff]+")
_NETLOC: Final = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\[\]:@]+)(?::[0-9]*)?")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?")
_NUMBER: Final = re.compile(r"[0-9]+|0x[0-9a-f]*")
# IDNA 2008 keeps these, IDNA 2003 replaces them: the same letters would name two hosts.
_AMBIGUOUS: Final = frozenset("ßς\u200c\u200d")
_PATH: Final = "/%:@!$&'()*+,;=~"
_QUERY: Final = _PATH + "?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What may be called: `hosts` (names, `.suffix` for all under it; none given: all).

    `loopback` is for development: it adds http, every port, and this machine.
    """

    hosts: tuple[str, ...] = ()
    loopback: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A URL in its parts: `host` in ASCII, IPv6 without brackets; `path` with the query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def is_literal(self) -> bool:
        """Say whether the host is an IP address and no name."""
        return ":" in self.host or self.host.rpartition(".")[2].isdigit()

    @property
    def authority(self) -> str:
        """Return the host as it stands in a `Host` header, the port where it is not usual."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        usual = 443 if self.scheme == "https" else 80
        return host if self.port == usual else f"{host}:{self.port}"


def why_not_url(url: str, *, reach: Reach) -> BookingError | None:
    """Say why this URL is never called, or None where it may be tried."""
    try:
        target_of(url, reach=reach)
    except BookingError as refusal:
        return refusal
    return None


def target_of(url: str, *, reach: Reach) -> Target:
    """Return the parts of a URL that may be called; its fragment is left out.

    Raises:
        BadUrl: it is no complete URL, names a user or a password, or its host is neither a
            name nor an address written in full (`127.1`, `0x7f.1`, `2130706433`).
        NotHttps, PortNotCalled: the scheme or the port is another.
        NotPublic: the host is an address, or a name, of private networks.
        HostNotListed: this installation calls other hosts only.
    """
    parts = _split(url)
    if parts.scheme != "https" and not (reach.loopback and parts.scheme == "http"):
        raise NotHttps()
    target = Target(
        scheme=parts.scheme,
        host=host_of(parts.hostname or ""),
        port=parts.port or (443 if parts.scheme == "https" else 80),
        path=_path(parts),
    )
    if target.port not in PORTS and not reach.loopback:
        raise PortNotCalled(ports=", ".join(map(str, PORTS)))
    if _is_private(target, reach):
        raise NotPublic()
    if reach.hosts and not any(_covers(each, target.host) for each in reach.hosts):
        raise HostNotListed()
    return target


def host_of(typed: str) -> str:
    """Return a host in the one form in which it is compared and called.

    Names become ASCII (IDNA, RFC 3490), addresses their canonical text. Whoever ends in a
    number is an address, as browsers read it (WHATWG URL), and is taken only written in full.

    Raises:
        BadUrl: it is no host.

    >>> [host_of(each) for each in ("Bücher.Example.", "[::FFFF:1.2.3.4]", "①②⑦.⓪.⓪.①")]
    ['xn--bcher-kva.example', '1.2.3.4', '127.0.0.1']
    """
    if ":" in typed:
        return _ipv6(typed.removeprefix("[").removesuffix("]"))
    if not typed or len(typed) > _LONGEST_HOST or not _AMBIGUOUS.isdisjoint(typed):
        raise BadUrl()
    try:
        host = typed.encode("idna").decode("ascii").lower().removesuffix(".")
    except UnicodeError:
        raise BadUrl() from None
    if len(host) > _LONGEST_HOST or not all(_LABEL.fullmatch(each) for each in host.split(".")):
        raise BadUrl()
    return _ipv4(host) if _NUMBER.fullmatch(host.rpartition(".")[2]) else host


def _ipv4(host: str) -> str:
    try:
        return str(IPv4Address(host))
    except AddressValueError:
        raise BadUrl() from None


def _ipv6(host: str) -> str:
    """Return the canonical form; an IPv4 address in disguise loses it."""
    try:
        address = IPv6Address(host)
    except AddressValueError:
        raise BadUrl() from None
    if address.scope_id:
        raise BadUrl()
    return str(address.ipv4_mapped or address)


def _split(url: str) -> SplitResult:
    """Return the parts of `url` where it is complete and nothing in it is read two ways."""
    if len(url) > LONGEST_URL or not _WRITTEN.fullmatch(url):
        raise BadUrl()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadUrl() from None
    if not parts.scheme or not _NETLOC.fullmatch(parts.netloc) or port == 0:
        raise BadUrl()
    return parts


def _path(parts: SplitResult) -> str:
    """Return path and query as they are sent: ASCII, the rest percent-encoded once."""
    path = quote(parts.path or "/", safe=_PATH)
    return f"{path}?{quote(parts.query, safe=_QUERY)}" if parts.query else path


def _is_private(target: Target, reach: Reach) -> bool:
    """Say whether the host alone, without a look-up, is none of the public internet."""
    if target.is_literal:
        return not (is_public(target.host) or (reach.loopback and is_loopback(target.host)))
    is_local = target.host == "localhost" or target.host.endswith(".localhost")
    return not (reach.loopback and is_local) and (is_local or "." not in target.host)


def _covers(listed: str, host: str) -> bool:
    """Say whether `example.org` or, for it and all under it, `.example.org` covers `host`."""
    return host == listed.removeprefix(".") or (listed.startswith(".") and host.endswith(listed))

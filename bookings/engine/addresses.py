"""Which network addresses are public: our own table, the same on every Python.

`ipaddress.is_private` and `is_global` answer differently from one Python to the next, and both
take some tunnels and shared ranges for public. The table follows the IANA IPv4 and IPv6
Special-Purpose Address Registries (RFC 6890, RFC 8190), read more strictly: whatever has a
special purpose is not public, even where the registry calls it globally reachable.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

_SPECIAL_V4: Final = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network, unspecified
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by carriers (RFC 6598); a cloud's metadata, too
        "127.0.0.0/8",  # loopback
        "168.63.129.16/32",  # not in the registry: a cloud's own services, seen from its machines
        "169.254.0.0/16",  # link local; clouds' metadata
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments; a cloud's metadata, too
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # class E, broadcast
    )
)
_GLOBAL_V6: Final = IPv6Network("2000::/3")
"""The only space that is given out: loopback, ULA, link and site local, multicast, the
IPv4-compatible and the local NAT64 addresses all lie outside."""
_SPECIAL_V6: Final = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks …
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4, given up by RFC 7526
        "2620:4f:8000::/48",  # AS112
        "3fff::/20",  # documentation
    )
)
# An IPv4 address in the last 32 bits is what is reached in the end.
_CARRIERS_OF_V4: Final = (
    IPv6Network("::ffff:0:0/96"),  # mapped: the system speaks IPv4
    IPv6Network("64:ff9b::/96"),  # NAT64 (RFC 6052): the network speaks IPv4
)
_LOOPBACK: Final = (IPv4Network("127.0.0.0/8"), IPv6Network("::1/128"))
_LAST_32_BITS: Final = 0xFFFFFFFF


def is_public(text: str) -> bool:
    """Say whether `text` is an IP address, written out in full, of the public internet.

    >>> [is_public(each) for each in ("8.8.8.8", "64:ff9b::8.8.8.8", "2a00:1450::1")]
    [True, True, True]
    >>> [is_public(each) for each in ("10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::7f00:1", "127.1")]
    [False, False, False, False]
    """
    address = _read(text)
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _SPECIAL_V4)
    if isinstance(address, IPv6Address):
        return address in _GLOBAL_V6 and not any(address in block for block in _SPECIAL_V6)
    return False


def is_loopback(text: str) -> bool:
    """Say whether `text` is an IP address of this machine alone.

    >>> [is_loopback(each) for each in ("127.0.0.53", "::1", "::ffff:127.0.0.1", "0.0.0.0")]
    [True, True, True, False]
    """
    address = _read(text)
    return address is not None and any(address in block for block in _LOOPBACK)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that is reached by `text`; None for anything but an address.

    An address with a zone (`fe80::1%eth0`) is one of this machine's links and no answer.
    """
    if "%" in text:
        return None
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and any(address in block for block in _CARRIERS_OF_V4):
        return IPv4Address(int(address) & _LAST_32_BITS)
    return address

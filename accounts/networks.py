"""From which network somebody calls who does not say who they are."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from allauth.account.adapter import get_adapter
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

UNKNOWN: Final = "unknown"
"""All who cannot be told apart count as one."""


def network_of(request: HttpRequest) -> str:
    """Return the network that a request comes from, as limits count it.

    That is one address of IPv4, but a /64 of IPv6: whoever is given one has all the addresses in
    it (RFC 6177, §2). Behind proxies it is what the outermost of as many names as the settings
    say there are; what a caller claims beyond that counts for nothing.
    """
    try:
        address = ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, KeyError, ValueError):
        return UNKNOWN
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), 64), strict=False))

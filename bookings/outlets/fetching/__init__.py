"""The one client for every URL that a user typed: it cannot be aimed at our own network.

Https to the usual ports, or what the development setting adds; every address of a name has to
be public, and one of exactly those is called, under the name's certificate; no proxies, no
redirects, no decompression; little of an answer is read, and one deadline ends everything.
"""

from __future__ import annotations

from bookings.outlets.fetching.client import Answer, Limits, fetch
from bookings.outlets.fetching.failures import FetchError
from bookings.outlets.fetching.names import LookUp, look_up

__all__ = ["Answer", "FetchError", "Limits", "LookUp", "fetch", "look_up"]

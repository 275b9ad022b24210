"""From a host to the addresses that may be called."""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue
from threading import Thread

from bookings.engine.addresses import is_loopback, is_public
from bookings.engine.urls import Reach, Target
from bookings.outlets.fetching.failures import FetchError, too_slow
from bookings.outlets.fetching.wire import Deadline

LookUp = Callable[[str, int], Sequence[str]]
"""Host and port in, IP addresses out, best first; raises `OSError` where there are none."""


def look_up(host: str, port: int) -> list[str]:
    """Return the addresses of `host` as this machine's resolver orders them."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def addresses_of(
    target: Target, *, reach: Reach, look_up: LookUp, deadline: Deadline
) -> Sequence[str]:
    """Return the addresses to call, best first; a host that is an address is its own.

    The name is looked up once: nobody asks again between this check and the call.

    Raises:
        FetchError: `unresolved`; `too_slow`; `not_public` where any of them is none of the
            public internet, so that no name mixes ours among its own.
    """
    found = [target.host] if target.is_literal else _asked(target, look_up, deadline)
    if not found:
        raise FetchError("unresolved", f"The name {target.host} leads nowhere.")
    if not all(is_public(each) or (reach.loopback and is_loopback(each)) for each in found):
        raise FetchError("not_public", f"{target.host} leads into a private network.")
    return found


def _asked(target: Target, look_up: LookUp, deadline: Deadline) -> Sequence[str]:
    """Ask in a thread of its own, for a resolver takes the time that it wants."""
    answers: SimpleQueue[Sequence[str]] = SimpleQueue()

    def ask() -> None:
        try:
            answers.put(look_up(target.host, target.port))
        except (OSError, UnicodeError):
            answers.put([])

    Thread(target=ask, name=f"look-up of {target.host}", daemon=True).start()
    try:
        return answers.get(timeout=deadline.left())
    except Empty:
        raise too_slow() from None

"""What a carrier of text messages must be able to do, and the values that go in and out.

A gateway of one's own is a class like `Gateway`, made with the `Account` that `SMS_URL` describes;
`SMS_GATEWAY` names it. Numbers are E.164 everywhere (`+491701234567`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import ClassVar, Final, Protocol
from urllib.parse import parse_qsl

from bookings.outlets.envelope import Receipt, Text

MOST_FIELDS: Final = 200
"""More than any gateway says in one call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account with a gateway, as `SMS_URL` says it: `scheme://user:password@sender?option=…`.

    `sender` is the number or name that texts come from, or what the gateway calls a pool of them.
    """

    scheme: str
    user: str
    password: str = field(repr=False)
    sender: str
    options: Mapping[str, str] = field(default_factory=dict, repr=False)


class Delivery(Enum):
    """What has become of a text, as far as its carrier knows; in the order in which it happens."""

    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """News of a text that was sent: the gateway's own id of it, and the reason of a failure."""

    remote_id: str
    delivery: Delivery
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """A text that somebody has sent to us.

    `is_answered`: the gateway has answered it itself, as some do where somebody says STOP; who
    wrote shall not get two answers.
    """

    remote_id: str
    number: str
    words: str
    is_answered: bool = False


@dataclass(frozen=True, kw_only=True)
class Call:
    """A request that says it comes from the gateway.

    `url` is the address as it was given to the gateway, query included; `headers` have small names.
    """

    url: str
    headers: Mapping[str, str]
    body: bytes

    @cached_property
    def fields(self) -> dict[str, str]:
        """Return the fields of the body, a form or a flat JSON object; none of anything else.

        Where a name comes twice its last value counts. Half a character, as JSON may escape one,
        becomes a question mark: nobody has signed it, and nothing can be compared with it.
        """
        kind = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        try:
            if kind == "application/x-www-form-urlencoded":
                text = self.body.decode(errors="replace")
                return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS))
            said = json.loads(self.body) if kind == "application/json" else None
        except (ValueError, RecursionError):
            return {}
        if not isinstance(said, dict):
            return {}
        plain = {name: str(value) for name, value in said.items() if type(value) in (str, int)}
        return {_whole(name): _whole(value) for name, value in plain.items()}


def _whole(text: str) -> str:
    return text.encode(errors="replace").decode()


class Gateway(Protocol):
    """A carrier of text messages. It keeps nothing between calls and knows no rows."""

    name: ClassVar[str]
    """Stands in the addresses that it calls: `/sms/<name>/report/` and `/sms/<name>/inbound/`."""

    def send(self, text: Text, *, report_url: str) -> Receipt:
        """Hand over one text and return what the gateway calls it.

        `report_url` is where it may tell what becomes of it; "" where nobody outside can reach
        us. At most half a minute may pass: the sender's lease ends after 90 seconds.

        Raises:
            OutletError: it did not leave. Permanent where this number or these words are to
                blame; not where somebody can put the account right.
        """

    def is_genuine(self, call: Call) -> bool:
        """Say whether the gateway itself signed this call."""

    def report(self, call: Call) -> Report | None:
        """Return what a genuine call to the report address tells; None when nothing of use."""

    def inbound(self, call: Call) -> Inbound | None:
        """Return the text that a genuine call to the inbound address brings; None without one."""

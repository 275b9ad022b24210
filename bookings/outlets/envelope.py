"""One thing to send to one address, and the way an outlet says what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bookings.outlets.letter import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A letter on its way; `key` is the same for every try, so a repeat can be told."""

    key: str
    address: str
    letter: Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A text message on its way; `number` is E.164, `key` as in `Envelope`."""

    key: str
    number: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook on its way: `body` is JSON, the same for every try, and so is `id`.

    Each of the `secrets` signs it, as `whsec_` and base64; the newest comes first.
    """

    id: str
    url: str
    body: str
    secrets: tuple[str, ...]


Parcel = Envelope | Text | Hook
"""Whatever an outlet takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the other end said when it took a parcel.

    `remote_id` is its own name for the parcel, `status` of HTTP, `answer` its first words;
    `headers` are those the parcel was signed with.
    """

    remote_id: str = ""
    status: int | None = None
    answer: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


class OutletError(Exception):
    """The parcel did not leave; `permanent` says that another try would end the same way.

    `retry_after` is how long the other end asks to be left alone; `status`, `answer` and
    `headers` are as in `Receipt`.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        retry_after: timedelta | None = None,
        status: int | None = None,
        answer: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status
        self.answer = answer
        self.headers = headers or {}

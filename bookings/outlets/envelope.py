"""One thing to send to one address, and the way an outlet says what became of it."""

from __future__ import annotations

from dataclasses import dataclass
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


Parcel = Envelope | Text
"""Whatever an outlet takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the other end said when it took a parcel.

    `remote_id` is its own name for the parcel, `status` of HTTP, `answer` its first words.
    """

    remote_id: str = ""
    status: int | None = None
    answer: str = ""


class OutletError(Exception):
    """The parcel did not leave; `permanent` says that another try would end the same way.

    `retry_after` is how long the other end asks to be left alone; `status` and `answer` are what
    it said, as in `Receipt`.
    """

    def __init__(
        self,
        reason: str,
        *,
        permanent: bool,
        retry_after: timedelta | None = None,
        status: int | None = None,
        answer: str = "",
    ) -> None:
        super().__init__(reason)
        self.permanent = permanent
        self.retry_after = retry_after
        self.status = status
        self.answer = answer

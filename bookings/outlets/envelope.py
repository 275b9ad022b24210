"""One thing to send to one address, and the way an outlet says that it could not."""

from __future__ import annotations

from dataclasses import dataclass

from bookings.outlets.letter import Letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A letter on its way; `key` is the same for every try, so a repeat can be told."""

    key: str
    address: str
    letter: Letter


class OutletError(Exception):
    """The letter did not leave; `permanent` says that another try would end the same way."""

    def __init__(self, reason: str, *, permanent: bool) -> None:
        super().__init__(reason)
        self.permanent = permanent

"""What a letter says to somebody who waits for a place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

News = Literal["joined", "offered", "moved", "left", "lapsed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What has become of the reader's place in the line for an appointment.

    `until` is set while a place is kept for them, on the clock of `zone`; who takes it still
    `needs_approval` or has it. Without `takes_place` there is nothing to wait for any more.
    """

    news: News
    zone: str
    until: datetime | None = None
    takes_place: bool = True
    needs_approval: bool = False

    @property
    def is_over(self) -> bool:
        """Whether the reader waits no more."""
        return self.news in ("left", "lapsed")

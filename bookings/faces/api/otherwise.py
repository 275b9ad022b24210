"""What a program may do where a time is refused: free times close to it, and a waiting list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bookings.errors import (
    Away,
    BookingError,
    Full,
    HoldExpired,
    InThePast,
    LimitReached,
    OffGrid,
    OutsideHours,
    SlotTaken,
    TooFar,
    TooSoon,
)
from bookings.faces.api.shapes import instant
from bookings.models import Appointment, Booking, Resource, Service
from bookings.queries import availability
from bookings.queries.waiting import full_sessions

OF_A_TIME: Final = (
    SlotTaken, Full, HoldExpired, OutsideHours, OffGrid, Away, LimitReached, InThePast, TooSoon,
    TooFar,
)  # fmt: skip
"""Refusals that another time may not meet."""
ALTERNATIVES: Final = 3


@dataclass(frozen=True)
class Otherwise:
    """What was asked for, and what may be asked for instead.

    `parameters` are the rest of what the same call needs for another time; `moving` is what is
    moved, whose own time counts as free.
    """

    service: Service
    starts_at: datetime
    parameters: Mapping[str, object]
    now: datetime
    staff: Resource | None = None
    seats: int = 1
    moving: Booking | Appointment | None = None

    def __call__(self, refusal: BookingError) -> Mapping[str, object]:
        """Return the members of a problem that help. Cost: two looks at most."""
        if not isinstance(refusal, OF_A_TIME):
            return {}
        found: dict[str, object] = {"alternatives": self._alternatives()}
        if isinstance(refusal, Full) and self.moving is None and (waiting := self._waiting()):
            found["waitlist"] = {"appointment": waiting}
        return found

    def _alternatives(self) -> list[Mapping[str, object]]:
        """Return three free times near the one that was refused, by time."""
        starts = availability.nearest(
            self.service,
            around=max(self.starts_at, self.now),
            count=ALTERNATIVES,
            now=self.now,
            staff=self.staff,
            seats=self.seats,
            moving=self.moving,
        )
        zone = self.service.business.zone
        found: list[Mapping[str, object]] = []
        for start in starts:
            at = instant(start.at, zone).isoformat()
            ends_at = instant(start.at + self.service.duration, zone).isoformat()
            found.append(
                {
                    "starts_at": at,
                    "ends_at": ends_at,
                    "seats_left": start.seats_left,
                    "parameters": {**self.parameters, "starts_at": at},
                }
            )
        return found

    def _waiting(self) -> str | None:
        """Return the session whose waiting list can be joined at the time asked for."""
        sessions = full_sessions(
            self.service,
            lo=self.starts_at,
            hi=self.starts_at + timedelta(minutes=1),
            seats=self.seats,
            now=self.now,
            staff=self.staff,
        )
        return str(sessions[0].public_id) if sessions else None

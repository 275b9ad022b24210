"""What a program may do where a time is refused: free times close to it, and a waiting list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

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
from bookings.faces.api.shapes import Instant, Shown, instant
from bookings.models import Appointment, Booking, Resource, Service
from bookings.queries import availability
from bookings.queries.availability import Start
from bookings.queries.waiting import full_sessions

OF_A_TIME: Final = (
    SlotTaken, Full, HoldExpired, OutsideHours, OffGrid, Away, LimitReached, InThePast, TooSoon,
    TooFar,
)  # fmt: skip
"""Refusals that another time may not meet."""
ALTERNATIVES: Final = 3


class Alternative(Shown):
    """A time that is free close to one that was refused."""

    starts_at: Instant
    ends_at: Instant
    seats_left: int
    parameters: dict[str, Any]
    """Put into the body of the same call they ask for this time; after a full group was asked
    for one more, into that of a new booking."""


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
        return [self._alternative(start).model_dump(mode="json") for start in starts]

    def _alternative(self, start: Start) -> Alternative:
        zone = self.service.business.zone
        starts_at = instant(start.at, zone)
        return Alternative(
            starts_at=starts_at,
            ends_at=instant(start.at + self.service.duration, zone),
            seats_left=start.seats_left,
            parameters={**self.parameters, "starts_at": starts_at},
        )

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

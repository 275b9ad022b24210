"""A plain model of one day of a business: who is where, in Python lists and dictionaries."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bookings.models import Service

OPENS, CLOSES, STEP = timedelta(hours=9), timedelta(hours=12), timedelta(minutes=30)


@dataclass
class Meeting:
    """An appointment: when, with whom, and the seats of each live booking in it."""

    service: Service
    start: datetime
    crew: frozenset[int]
    seats: dict[int, int] = field(default_factory=dict)
    holds: dict[int, datetime] = field(default_factory=dict)

    @property
    def left(self) -> int:
        return self.service.capacity - sum(self.seats.values())

    def overlaps(self, service: Service, start: datetime) -> bool:
        """Say whether another visit would come too close, buffers on both sides counted."""
        own, other = self.service, service
        return (
            self.start - own.buffer_before < start + other.duration + other.buffer_after
            and start - other.buffer_before < self.start + own.duration + own.buffer_after
        )


@dataclass
class Diary:
    """The meetings and absences of a day, by appointment and booking numbers."""

    midnight: datetime
    staff: dict[int, list[int]]  # service -> who serves it
    meetings: dict[int, Meeting] = field(default_factory=dict)
    absences: list[tuple[int | None, datetime, datetime]] = field(default_factory=list)

    def is_free(self, who: int, service: Service, start: datetime, moving: int | None) -> bool:
        """Say whether a person could serve a new appointment; `moving` does not count."""
        begins, ends = (
            start - service.buffer_before,
            start + service.duration + service.buffer_after,
        )
        return not any(
            who in meeting.crew and meeting.overlaps(service, start)
            for number, meeting in self.meetings.items()
            if number != moving
        ) and not any(
            absent in (who, None) and since < ends and begins < until
            for absent, since, until in self.absences
        )

    def offered(
        self, service: Service, seats: int, who: int | None = None, moving: int | None = None
    ) -> list[datetime]:
        """Return the starts of the day for a party, with anyone or with one person."""
        if seats > service.capacity:
            return []
        staff = [each for each in self.staff[service.pk] if who in (each, None)]
        starts = {
            meeting.start
            for number, meeting in self.meetings.items()
            if number != moving
            and meeting.service == service
            and service.capacity > 1
            and meeting.left >= seats
            and not meeting.crew.isdisjoint(staff)
        }
        start = self.midnight + OPENS
        while start + service.duration <= self.midnight + CLOSES:
            if any(self.is_free(each, service, start, moving) for each in staff):
                starts.add(start)
            start += STEP
        return sorted(starts)

    def meeting_of(self, booking: int) -> int | None:
        """Return the number of the appointment in which a booking has live seats."""
        return next((n for n, meeting in self.meetings.items() if booking in meeting.seats), None)

    def leave(self, booking: int) -> None:
        """Take a booking's seats out; an appointment without any is over."""
        number = self.meeting_of(booking)
        if number is None:
            return
        meeting = self.meetings[number]
        del meeting.seats[booking]
        meeting.holds.pop(booking, None)
        if not meeting.seats:
            del self.meetings[number]

    def expire(self, now: datetime) -> None:
        """End the holds whose time is over."""
        over = [
            booking
            for meeting in self.meetings.values()
            for booking, until in meeting.holds.items()
            if until <= now
        ]
        for booking in over:
            self.leave(booking)

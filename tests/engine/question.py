"""A question about free starts with everything that decides it, and the engine's answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import reduce
from operator import and_, or_

from bookings.engine.hours import (
    Hours,
    ServiceHours,
    Window,
    day_span,
    meet,
    service_windows,
    windows,
)
from bookings.engine.intervals import Span
from bookings.engine.policy import Policy, bookable_span
from bookings.engine.slots import Shape, blocked_mask, fits, grid_mask, minutes, span_mask


@dataclass(frozen=True)
class Calendar:
    """The hours of one of the staff or of a room, and what is already there."""

    hours: Hours
    busy: tuple[Span, ...] = ()
    booked: Mapping[date, int] = field(default_factory=dict)  # appointments that count for limits

    def is_full(self, day: date, policy: Policy) -> bool:
        limit = policy.resource_daily_limit
        return limit is not None and self.booked.get(day, 0) >= limit


@dataclass(frozen=True)
class Question:
    """Which starts are offered in `[lo, hi)` UTC minutes?

    `together` asks for all of the staff at once, else for any of them; of each of the other
    pools (rooms, equipment) one is needed too. `sessions` are group appointments: start and
    seats left.
    """

    lo: int
    hi: int
    now: datetime
    zone: str
    service: ServiceHours
    staff: tuple[Calendar, ...]
    shape: Shape
    policy: Policy
    others: tuple[tuple[Calendar, ...], ...] = ()
    together: bool = False
    sessions: tuple[tuple[int, int], ...] = ()
    seats: int = 1


def _windows(calendar: Calendar, question: Question) -> list[Window]:
    reach = question.hi + question.shape.duration
    return meet(
        service_windows(question.service, question.lo, reach),
        windows(calendar.hours, question.lo, reach),
    )


def _free(open_: list[Window], calendar: Calendar, question: Question) -> int:
    lo, hi = question.lo, question.hi
    free = fits(open_, question.shape, lo, hi)
    free &= ~blocked_mask(calendar.busy, question.shape, lo, hi)
    for day in calendar.booked:
        if calendar.is_full(day, question.policy):
            free &= ~span_mask(*day_span(day, day, question.zone), lo, hi)
    return free


def answer(question: Question) -> list[int]:
    """Return the offered starts by the bitmaps of the engine."""
    lo, hi, shape = question.lo, question.hi, question.shape
    own = [_windows(calendar, question) for calendar in question.staff]
    if question.together:
        own = [reduce(meet, own)] * len(own)
    starts = reduce(
        and_ if question.together else or_,
        (
            _free(open_, calendar, question) & grid_mask(open_, shape, lo, hi)
            for open_, calendar in zip(own, question.staff, strict=True)
        ),
    )
    for pool in question.others:
        starts &= reduce(or_, (_free(_windows(each, question), each, question) for each in pool))
    for start, left in question.sessions:
        if left >= question.seats:
            starts |= span_mask(start, start + 1, lo, hi)
    return minutes(starts & span_mask(*bookable_span(question.policy, question.now), lo, hi), lo)

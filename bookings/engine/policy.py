"""The rules of booking as values, and the refusals that follow from them.

A rule answers with the refusal or None, so that a page can ask before it shows a button and a
command can ask the same rule again before it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bookings.engine.clock import ceil_minute, minute_of
from bookings.engine.intervals import Span
from bookings.errors import (
    Away,
    BookingError,
    InThePast,
    LimitReached,
    OffGrid,
    OutsideHours,
    TooFar,
    TooLate,
    TooManyOpen,
    TooSoon,
    WrongState,
)


class Grid(StrEnum):
    """Where starts lie: counted from the opening of the hours, or from local midnight."""

    HOURS = "hours"
    CLOCK = "clock"


class Strategy(StrEnum):
    """Who serves a customer that did not choose."""

    BALANCED = "balanced"
    PRIORITY = "priority"
    RANDOM = "random"


class Assignment(StrEnum):
    """Whether one of the staff serves an appointment or all of them together."""

    ANY = "any"
    ALL = "all"


class Override(StrEnum):
    """A group of rules that an admin may set aside; what is taken can never be set aside.

    HOURS: opening hours, grid, time off. LEAD: lead time, advance, the past. LIMITS: numbers
    per day, week and customer. NOTICE: how late a booking may be changed.
    """

    HOURS = "hours"
    LEAD = "lead"
    LIMITS = "limits"
    NOTICE = "notice"


def rule_behind(refusal: BookingError) -> Override | None:
    """Return the group of rules that a refusal comes from, None for what nobody sets aside.

    >>> rule_behind(TooSoon()).value
    'lead'
    """
    return _RULES.get(type(refusal))


_RULES: dict[type[BookingError], Override] = {
    OutsideHours: Override.HOURS,
    OffGrid: Override.HOURS,
    Away: Override.HOURS,
    InThePast: Override.LEAD,
    TooSoon: Override.LEAD,
    TooFar: Override.LEAD,
    LimitReached: Override.LIMITS,
    TooManyOpen: Override.LIMITS,
    TooLate: Override.NOTICE,
}


class BookingState(StrEnum):
    """What has become of one customer's seats."""

    HELD = "held"
    PENDING = "pending"
    WAITLISTED = "waitlisted"
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    EXPIRED = "expired"


LIVE = frozenset({BookingState.HELD, BookingState.PENDING, BookingState.CONFIRMED})
"""States whose seats are taken."""

CHANGEABLE = frozenset({BookingState.PENDING, BookingState.CONFIRMED})
"""States that a customer may move or cancel."""


class AppointmentState(StrEnum):
    """Whether an appointment takes place."""

    SCHEDULED = "scheduled"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What a business, or one of its services, allows; a limit of None does not limit."""

    interval: timedelta
    minimum_lead: timedelta
    maximum_advance: timedelta
    cancellation_notice: timedelta
    allow_staff_selection: bool
    notify_business: bool
    strategy: Strategy
    grid: Grid
    service_daily_limit: int | None = None
    resource_daily_limit: int | None = None
    resource_weekly_limit: int | None = None
    customer_open_limit: int | None = None

    def overridden(self, **values: Any) -> Policy:
        """Return this policy with the given fields replaced; None inherits."""
        return replace(self, **{name: value for name, value in values.items() if value is not None})


def bookable_span(policy: Policy, now: datetime) -> Span:
    """Return the UTC minutes in which an appointment may start, by lead and advance alone.

    Both bounds may be met exactly; within a minute they are rounded inwards.
    """
    first = ceil_minute(now + max(policy.minimum_lead, timedelta(0)))
    return first, max(first, minute_of(now + policy.maximum_advance) + 1)


def why_not_when(start: int, *, now: datetime, policy: Policy) -> BookingError | None:
    """Say why nothing may start at the UTC minute `start`, whoever is free."""
    first, beyond = bookable_span(policy, now)
    if start < ceil_minute(now):
        return InThePast()
    if start < first:
        return TooSoon()
    if start >= beyond:
        return TooFar()
    return None


def why_not_change(
    state: str, starts_at: datetime, *, notice: timedelta, now: datetime
) -> BookingError | None:
    """Say why a booking may not be moved or cancelled; `notice` is the least time left.

    A request, which nobody has agreed to yet, may be changed until its start.
    """
    if state not in CHANGEABLE:
        return WrongState()
    if state == BookingState.PENDING:
        notice = min(notice, timedelta(0))
    if starts_at - now < notice:
        return TooLate()
    return None


def why_not_approve(state: str, ends_at: datetime, *, now: datetime) -> BookingError | None:
    """Say why a request may not be approved: it is none, or its appointment is over."""
    if state != BookingState.PENDING:
        return WrongState()
    return InThePast() if ends_at <= now else None


def why_not_decline(state: str) -> BookingError | None:
    """Say why a request may not be declined; how late it is does not matter."""
    return None if state == BookingState.PENDING else WrongState()


@dataclass(frozen=True, slots=True)
class Candidate:
    """A resource that is free, and what decides whether it is its turn."""

    resource_id: int
    booked_that_day: int
    last_booked_minute: int | None
    priority: int


def ranked(
    candidates: Sequence[Candidate], strategy: Strategy, chance: Callable[[], float]
) -> list[int]:
    """Return the ids of `candidates`, the one whose turn it is first.

    Balanced: least booked that day, then booked longest ago (never comes first), then lowest
    priority number, then id. Priority: lowest priority number, then as balanced. Random: by
    one call of `chance` each.
    """

    def fairness(candidate: Candidate) -> tuple[int, float, int, int]:
        last = candidate.last_booked_minute
        return (
            candidate.booked_that_day,
            float("-inf") if last is None else last,
            candidate.priority,
            candidate.resource_id,
        )

    if strategy == Strategy.RANDOM:
        lots = [(chance(), candidate.resource_id) for candidate in candidates]
        return [resource_id for _, resource_id in sorted(lots)]
    order = sorted(candidates, key=fairness)
    if strategy == Strategy.PRIORITY:
        order.sort(key=lambda candidate: candidate.priority)
    return [candidate.resource_id for candidate in order]

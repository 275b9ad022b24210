"""The rules of booking as values, and the refusals that follow from them.

A rule answers with the refusal or None, so that a page can ask before it shows a button and a
command can ask the same rule again before it writes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

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


def why_not_reconfirm(state: str, starts_at: datetime, *, now: datetime) -> BookingError | None:
    """Say why a customer may not say once more that they come: not confirmed, or it has begun."""
    if state != BookingState.CONFIRMED:
        return WrongState()
    return InThePast() if starts_at <= now else None


class Decision(StrEnum):
    """What staff decide about one customer's seats, by the names of the commands."""

    CANCEL = "cancel"
    APPROVE = "approve"
    DECLINE = "decline"
    CHECK_IN = "check_in"
    CLEAR_CHECK_IN = "clear_check_in"
    COMPLETE = "complete"
    CLEAR_COMPLETION = "clear_completion"
    MARK_NO_SHOW = "mark_no_show"
    CLEAR_NO_SHOW = "clear_no_show"


class Attended(Protocol):
    """What is known of one customer's seats and of their coming."""

    state: str
    checked_in_at: datetime | None
    completed_at: datetime | None
    no_show_at: datetime | None


def decisions_about(
    booking: Attended, *, starts_at: datetime, now: datetime
) -> frozenset[Decision]:
    """Return what staff may decide about a booking whose appointment starts at `starts_at`."""
    if booking.state not in CHANGEABLE:
        return frozenset()
    if booking.state == BookingState.PENDING:
        return frozenset({Decision.CANCEL, Decision.APPROVE, Decision.DECLINE})
    found = {Decision.CANCEL}
    if booking.no_show_at is not None:
        return frozenset(found | {Decision.CHECK_IN, Decision.CLEAR_NO_SHOW})
    if booking.completed_at is not None:
        return frozenset(found | {Decision.CLEAR_COMPLETION})
    has_begun, is_here = starts_at <= now, booking.checked_in_at is not None
    found.add(Decision.CLEAR_CHECK_IN if is_here else Decision.CHECK_IN)
    if has_begun:
        found.add(Decision.COMPLETE)
    if has_begun and not is_here:
        found.add(Decision.MARK_NO_SHOW)
    return frozenset(found)


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

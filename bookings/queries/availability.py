"""Which starts of a service are free, and why one is not.

The list and the check are the same masks: a start is in the list exactly when `look` lets it
be booked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import nsmallest

from bookings.engine.hours import at_minute, ceil_minute, day_span
from bookings.engine.policy import bookable_span
from bookings.engine.slots import minutes
from bookings.errors import BookingError
from bookings.models import Appointment, Booking, Resource, Service
from bookings.queries import busy
from bookings.queries.crews import look
from bookings.queries.frames import AROUND, Ask, combined, full_days, offered, struck
from bookings.queries.plan import Plan, plan_of

NEAREST_WITHIN = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Start:
    """A start that can be booked, and how many places it has left."""

    at: datetime
    seats_left: int


@dataclass(frozen=True)
class Offer:
    """The free starts of a window: bit i of `bits` is a new appointment at minute lo + i.

    `sessions` maps the start of a group appointment to the places it has left.
    """

    lo: int
    bits: int
    capacity: int
    sessions: dict[int, int] = field(default_factory=dict)

    def minutes(self) -> list[int]:
        """Return the starts as epoch minutes UTC, ascending."""
        if not self.sessions:
            return minutes(self.bits, self.lo)
        return sorted({*minutes(self.bits, self.lo), *self.sessions})

    def starts(self) -> list[Start]:
        """Return the starts with the places left at each, ascending."""
        return [
            Start(at_minute(minute), self.sessions.get(minute, self.capacity))
            for minute in self.minutes()
        ]

    def within(self, lo: int, hi: int) -> Offer:
        """Return the same for the starts in the minutes [lo, hi) only."""
        lo = max(lo, self.lo)
        return Offer(
            lo,
            self.bits >> (lo - self.lo) & ((1 << max(hi - lo, 0)) - 1),
            self.capacity,
            {start: left for start, left in self.sessions.items() if lo <= start < hi},
        )

    def days(self, first: date, last: date, zone: str) -> list[date]:
        """Return the days from `first` to `last`, as `zone` counts days, that have a start."""
        every = (first + timedelta(days=number) for number in range((last - first).days + 1))
        return [day for day in every if self.has_any(*day_span(day, day, zone))]

    def has_any(self, lo: int, hi: int) -> bool:
        """Say whether any start lies in the minutes [lo, hi)."""
        if any(lo <= minute < hi for minute in self.sessions):
            return True
        lo = max(lo, self.lo)
        return lo < hi and bool(self.bits >> (lo - self.lo) & ((1 << (hi - lo)) - 1))


def current(service_id: int) -> tuple[Plan, dict[int, int]]:
    """Return the plan in force and the versions of its resources, read in that order.

    Cost: one query where the plan is remembered and nothing in the catalogue has changed.
    """
    plan = plan_of(service_id)
    catalogue, stamp = busy.versions(plan.business_id, plan.resource_ids)
    while catalogue != plan.catalogue:
        plan = plan_of(service_id, catalogue=catalogue)
        catalogue, stamp = busy.versions(plan.business_id, plan.resource_ids)
    return plan, stamp


def offer(
    service_id: int,
    *,
    lo: int,
    hi: int,
    now: datetime,
    staff_id: int | None = None,
    seats: int = 1,
    moving: int | None = None,
) -> Offer:
    """Return what is free at the starts in the minutes [lo, hi).

    `staff_id` narrows to one person; `moving` is the appointment whose own claims and places
    do not count. A party larger than the service's capacity gets an empty offer.
    Cost: one query when nothing changed; one more when a resource did; one more for group
    services and one for each kind of limit.
    """
    plan, stamp = current(service_id)
    first, last = bookable_span(plan.policy, now)
    lo, hi = max(lo, first), max(lo, first, min(hi, last))
    pools = plan.pools if staff_id is None else plan.narrowed(staff_id)
    if lo >= hi or not pools or seats > plan.capacity:
        return Offer(lo, 0, plan.capacity)
    ask = Ask(plan, now, moving)
    if ask.is_plain:
        bits = offered(ask, pools, stamp, lo=lo, hi=hi, staff_id=staff_id)
    else:
        fresh = struck(ask, pools, lo, hi)
        bits = combined(pools, {number: each.bits for number, each in fresh.items()})
    limit = plan.policy.service_daily_limit
    if limit is not None and bits:
        starts = busy.starts_of_service(service_id, lo=lo - AROUND, hi=hi + AROUND, moving=moving)
        bits &= ~full_days(starts, zone=plan.zone, lo=lo, hi=hi, days=1, limit=limit)
    places = _places(ask, lo, hi, staff_id=staff_id, seats=seats) if plan.capacity > 1 else {}
    return Offer(lo, bits, plan.capacity, places)


def over(
    service: Service,
    *,
    first: date,
    last: date,
    zone: str,
    now: datetime,
    staff: Resource | None = None,
    seats: int = 1,
    moving: Booking | None = None,
) -> Offer:
    """Return what is free on the days from `first` to `last`, as `zone` counts days.

    Cost: as `offer`.
    """
    lo, hi = day_span(first, last, zone)
    return offer(
        service.pk,
        lo=lo,
        hi=hi,
        now=now,
        staff_id=staff.pk if staff else None,
        seats=seats,
        moving=_own(moving),
    )


def starts(
    service: Service,
    *,
    lo: datetime,
    hi: datetime,
    now: datetime,
    staff: Resource | None = None,
    seats: int = 1,
    moving: Booking | Appointment | None = None,
) -> list[Start]:
    """Return the free starts in [lo, hi), ascending. Cost: as `offer`."""
    found = offer(
        service.pk,
        lo=ceil_minute(lo),
        hi=ceil_minute(hi),
        now=now,
        staff_id=staff.pk if staff else None,
        seats=seats,
        moving=_own(moving),
    )
    return found.starts()


def days(
    service: Service,
    *,
    first: date,
    last: date,
    zone: str,
    now: datetime,
    staff: Resource | None = None,
    seats: int = 1,
    moving: Booking | None = None,
) -> list[date]:
    """Return the days from `first` to `last`, as `zone` counts days, that have a free start.

    Cost: as `offer`.
    """
    found = over(
        service, first=first, last=last, zone=zone, now=now, staff=staff, seats=seats, moving=moving
    )
    return found.days(first, last, zone)


def nearest(
    service: Service,
    *,
    around: datetime,
    count: int,
    now: datetime,
    staff: Resource | None = None,
    seats: int = 1,
    moving: Booking | Appointment | None = None,
) -> list[Start]:
    """Return the `count` free starts closest to `around` within two weeks, ascending.

    `moving` is a booking, or an appointment with everybody in it, that is to be moved there.
    Cost: as `offer`.
    """
    near = starts(
        service,
        lo=around - NEAREST_WITHIN,
        hi=around + NEAREST_WITHIN,
        now=now,
        staff=staff,
        seats=seats,
        moving=moving,
    )
    closest = nsmallest(count, near, key=lambda start: abs(start.at - around))
    return sorted(closest, key=lambda start: start.at)


def why_not(
    service: Service,
    *,
    starts_at: datetime,
    now: datetime,
    staff: Resource | None = None,
    seats: int = 1,
    moving: Booking | None = None,
) -> BookingError | None:
    """Name the rule that refuses a start, or None where it can be booked.

    Cost: at most six queries, whatever the number of resources.
    """
    plan, stamp = current(service.pk)
    try:
        look(
            Ask(plan, now, _own(moving)),
            stamp,
            starts_at=starts_at,
            staff_id=staff.pk if staff else None,
            seats=seats,
        )
    except BookingError as refusal:
        return refusal
    return None


def _own(moving: Booking | Appointment | None) -> int | None:
    """Return the appointment that somebody who moves takes along; a group stays where it is."""
    if isinstance(moving, Appointment):
        return moving.pk
    return moving.appointment_id if moving is not None and moving.is_alone else None


def _places(ask: Ask, lo: int, hi: int, *, staff_id: int | None, seats: int) -> dict[int, int]:
    """Return the most places left among the group appointments at each start."""
    places: dict[int, int] = {}
    for session in busy.sessions(ask.plan.service_id, lo=lo, hi=hi, now=ask.now, moving=ask.moving):
        fits = session.seats_left >= seats
        if fits and (staff_id is None or staff_id in session.resource_ids):
            places[session.start] = max(session.seats_left, places.get(session.start, 0))
    return places

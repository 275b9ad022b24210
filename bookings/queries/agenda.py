"""What happens when, and with whom: the appointments and absences that the desk shows.

Whoever may only see their own appointments learns of the others' that the time is taken, and
nothing else: what must not be seen is not read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from accounts.roles import Capability, Reach
from bookings.engine.hours import at_minute, ceil_minute, minute_of
from bookings.engine.policy import BookingState
from bookings.models import TimeOff
from bookings.models.claim import LONGEST_CLAIM
from bookings.queries.colleagues import Colleague
from bookings.queries.roster import Roster


class VisitState(StrEnum):
    """How far an appointment, or one customer in it, has come."""

    HELD = "held"
    PENDING = "pending"
    CONFIRMED = "confirmed"
    RECONFIRMED = "reconfirmed"
    HERE = "here"
    COMPLETED = "completed"
    NO_SHOW = "no_show"
    CANCELLED = "cancelled"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Guest:
    """One customer's seats; without a name while they are only held."""

    name: str
    phone: str
    seats: int
    state: VisitState


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment that one may look into, in UTC minutes, with who is in it."""

    public_id: UUID
    version: int
    start: int
    end: int
    fold: int
    resource_ids: frozenset[int]
    service_id: int
    capacity: int
    guests: tuple[Guest, ...]

    @property
    def seats(self) -> int:
        return sum(guest.seats for guest in self.guests)

    @property
    def state(self) -> VisitState:
        """Return the state of all its customers: that of the one who needs attention first."""
        return state_of([guest.state for guest in self.guests])


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody else's appointment: only that the time is taken."""

    start: int
    end: int
    resource_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Absence:
    """A time off; of everybody where it has no resource. The title only for whom it concerns."""

    start: int
    end: int
    resource_id: int | None
    title: str


@dataclass(frozen=True)
class Agenda:
    """Everything between two UTC minutes, in the order of time."""

    visits: list[Visit]
    busy: list[Busy]
    absences: list[Absence]

    def within(self, lo: int, hi: int) -> Agenda:
        """Return what of it lies in the minutes [lo, hi), be it in part."""
        return Agenda(
            [each for each in self.visits if each.start < hi and each.end > lo],
            [each for each in self.busy if each.start < hi and each.end > lo],
            [each for each in self.absences if each.start < hi and each.end > lo],
        )


def state_of(states: Sequence[VisitState]) -> VisitState:
    """Return the state of a group from those of its customers; holds count only alone.

    >>> state_of([VisitState.CONFIRMED, VisitState.PENDING, VisitState.HELD]).value
    'pending'
    >>> state_of([VisitState.COMPLETED, VisitState.NO_SHOW]).value
    'completed'
    """
    there = set(states) - {VisitState.HELD} or {VisitState.HELD}
    for state in _FIRST_OF_ALL:
        if state in there:
            return state
    return VisitState.HELD


_FIRST_OF_ALL = (
    VisitState.PENDING,
    VisitState.CONFIRMED,
    VisitState.RECONFIRMED,
    VisitState.HERE,
    VisitState.COMPLETED,
    VisitState.NO_SHOW,
)


def agenda(colleague: Colleague, roster: Roster, *, lo: int, hi: int, now: datetime) -> Agenda:
    """Return what a colleague sees of the UTC minutes [lo, hi).

    Cost: three queries, whatever the number of people and appointments; claims are read by
    their index, never looking back further than the longest one.
    """
    seen = seen_resources(colleague, roster)
    rows = _appointments(roster, lo, hi, now)
    open_to = [row for row in rows if seen & row.resource_ids]
    guests = _guests([row.pk for row in open_to], now)
    return Agenda(
        visits=[_visit(row, guests[row.pk]) for row in open_to if row.pk in guests],
        busy=[
            Busy(row.start, row.end, row.resource_ids)
            for row in rows
            if not seen & row.resource_ids
        ],
        absences=absences(roster, seen, lo, hi),
    )


def seen_resources(colleague: Colleague, roster: Roster) -> frozenset[int]:
    """Return the pks of the resources whose appointments a colleague may look into."""
    reach = colleague.reach(Capability.SEE_BOOKINGS)
    return frozenset(
        pk
        for pk, each in roster.resources.items()
        if reach is Reach.ANY or (reach is Reach.OWN and each.user_id == colleague.user.pk)
    )


class _Row(NamedTuple):
    pk: int
    start: int
    end: int
    resource_ids: frozenset[int]
    public_id: UUID
    version: int
    fold: int
    service_id: int
    capacity: int


def _visit(row: _Row, guests: list[Guest]) -> Visit:
    return Visit(
        public_id=row.public_id,
        version=row.version,
        start=row.start,
        end=row.end,
        fold=row.fold,
        resource_ids=row.resource_ids,
        service_id=row.service_id,
        capacity=row.capacity,
        guests=tuple(guests),
    )


def _appointments(roster: Roster, lo: int, hi: int, now: datetime) -> list[_Row]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT a.id, (extract(epoch FROM a.starts_at) / 60)::int,
                   ceil(extract(epoch FROM a.ends_at) / 60)::int,
                   array_agg(DISTINCT c.resource_id),
                   a.public_id, a.version, a.fold, a.service_id, a.capacity
            FROM bookings_claim c JOIN bookings_appointment a ON a.id = c.appointment_id
            WHERE c.resource_id = ANY(%(ids)s::bigint[]) AND c.s > %(lo)s - %(longest)s
              AND c.s < %(hi)s AND c.e > %(lo)s
              AND (c.expires_at IS NULL OR c.expires_at > %(now)s)
              AND a.starts_at < %(until)s AND a.ends_at > %(since)s
            GROUP BY a.id
            ORDER BY a.starts_at, a.id
            """,
            {
                "ids": list(roster.resources),
                "lo": lo,
                "hi": hi,
                "longest": LONGEST_CLAIM,
                "now": now,
                "since": at_minute(lo),
                "until": at_minute(hi),
            },
        )
        return [
            _Row(pk, start, end, frozenset(ids), *rest)
            for pk, start, end, ids, *rest in cursor.fetchall()
        ]


def _guests(appointment_ids: Sequence[int], now: datetime) -> dict[int, list[Guest]]:
    """Return who has seats in the appointments, in the order in which they booked.

    Whoever is only offered a place has no name here yet.
    """
    found: dict[int, list[Guest]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT appointment_id, CASE WHEN state = 'held' THEN '' ELSE name END,
                   CASE WHEN state = 'held' THEN '' ELSE phone END, seats, state,
                   reconfirmed_at, checked_in_at, completed_at, no_show_at
            FROM bookings_booking
            WHERE appointment_id = ANY(%(ids)s::bigint[])
              AND (state IN ('pending', 'confirmed') OR state = 'held' AND expires_at > %(now)s)
            ORDER BY created_at, id
            """,
            {"ids": list(appointment_ids), "now": now},
        )
        for appointment_id, name, phone, seats, state, *times in cursor.fetchall():
            guest = Guest(name, phone, seats, guest_state(state, *times))
            found[appointment_id].append(guest)
    return found


def guest_state(
    state: str,
    reconfirmed: datetime | None,
    here: datetime | None,
    completed: datetime | None,
    no_show: datetime | None,
) -> VisitState:
    """Return how far a booking has come: its state, and what was noted on the day itself."""
    if state == BookingState.EXPIRED:
        return VisitState.CANCELLED
    if state != BookingState.CONFIRMED:
        return VisitState(state)
    if no_show:
        return VisitState.NO_SHOW
    if completed:
        return VisitState.COMPLETED
    if here:
        return VisitState.HERE
    return VisitState.RECONFIRMED if reconfirmed else VisitState.CONFIRMED


def absences(roster: Roster, seen: frozenset[int], lo: int, hi: int) -> list[Absence]:
    """Return the times off in the minutes [lo, hi), by their start. Cost: one query.

    Those of resources that are not `seen`, the pks of some, come without their titles.
    """
    rows = (
        TimeOff.objects.filter(
            business_id=roster.business_id, starts_at__lt=at_minute(hi), ends_at__gt=at_minute(lo)
        )
        .order_by("starts_at", "pk")
        .values_list("resource_id", "starts_at", "ends_at", "title")
    )
    return [
        Absence(
            start=minute_of(starts_at),
            end=ceil_minute(ends_at),
            resource_id=resource_id,
            title=title if resource_id is None or resource_id in seen else "",
        )
        for resource_id, starts_at, ends_at, title in rows
    ]

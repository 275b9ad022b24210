"""Who could serve one start, best first; or the rule that refuses it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice, product

from bookings.engine.hours import ceil_minute, day_span, minute_of, wall_of
from bookings.engine.policy import Candidate, Override, ranked, why_not_when
from bookings.errors import (
    Away,
    BookingError,
    Full,
    LimitReached,
    NotBookable,
    OffGrid,
    OutsideHours,
    PartyTooLarge,
    SlotTaken,
    StaffNotOffered,
)
from bookings.queries import busy
from bookings.queries.busy import Session
from bookings.queries.frames import AROUND, Ask, Struck, full_days, struck
from bookings.queries.plan import Pool

MOST_CREWS = 24

Crew = tuple[int, ...]
"""The resources of one appointment: pks, ascending."""


@dataclass(frozen=True)
class Look:
    """What a look found: the session to join, or the crews to try; and the versions it saw."""

    ask: Ask
    start: int
    stamp: Mapping[int, int]
    session: Session | None
    crews: list[Crew]


def look(
    ask: Ask,
    stamp: Mapping[int, int],
    *,
    starts_at: datetime,
    staff_id: int | None,
    seats: int,
    joining: bool = True,
    prefer: frozenset[int] = frozenset(),
) -> Look:
    """Return how a start can be booked: the session to join, or the crews to try, best first.

    `prefer` names resources that come first where they are free (a move keeps its people);
    without `joining` only a new appointment will do (a whole group moves).
    Cost: at most five queries, whatever the number of resources.

    Raises:
        NotBookable, StaffNotOffered, PartyTooLarge: nobody could ever book this.
        InThePast, TooSoon, TooFar: by the policy.
        OutsideHours, OffGrid, Away, LimitReached, SlotTaken, Full: by the calendar.
    """
    plan, start = ask.plan, minute_of(starts_at)
    pools = plan.pools if staff_id is None else plan.narrowed(staff_id)
    if refusal := _why_never(ask, pools, starts_at, seats):
        raise refusal
    sessions = _sessions(ask, start, staff_id) if joining else []
    fitting = [session for session in sessions if session.seats_left >= seats]
    if fitting:
        fullest = min(fitting, key=lambda session: (session.seats_left, session.appointment_id))
        return Look(ask, start, stamp, fullest, [])
    rows = struck(ask, pools, start, start + 1)
    if refusal := _why_not_now(ask, pools, rows, start):
        raise Full() if sessions else refusal
    return Look(ask, start, stamp, None, _crews(ask, pools, rows, start, prefer))


def still_stands(ask: Ask, crew: Crew, *, start: int) -> BookingError | None:
    """Ask the engine again whether a crew may serve a start: the refusal, or None.

    Called under the locks of a booking whose versions moved; `ask.moving` is its own
    appointment. Cost: at most three queries.
    """
    pools = [
        Pool(pool.kind, chosen, pool.everyone)
        for pool in ask.plan.pools
        if (chosen := tuple(each for each in pool.members if each.resource_id in crew))
    ]
    return _why_not_now(ask, pools, struck(ask, pools, start, start + 1), start)


def _why_never(
    ask: Ask, pools: tuple[Pool, ...], starts_at: datetime, seats: int
) -> BookingError | None:
    plan = ask.plan
    if not plan.pools:
        return NotBookable()
    if not pools:
        return StaffNotOffered()
    if seats > plan.capacity:
        return PartyTooLarge(capacity=plan.capacity)
    if ask.agreed:
        return None
    if ceil_minute(starts_at) != minute_of(starts_at):
        return OffGrid()
    if Override.LEAD in ask.overrides:
        return None
    return why_not_when(minute_of(starts_at), now=ask.now, policy=plan.policy)


def _sessions(ask: Ask, start: int, staff_id: int | None) -> list[Session]:
    if ask.plan.capacity == 1:
        return []
    return [
        session
        for session in busy.sessions(
            ask.plan.service_id, lo=start, hi=start + 1, now=ask.now, moving=ask.moving
        )
        if staff_id is None or staff_id in session.resource_ids
    ]


def _why_not_now(
    ask: Ask, pools: tuple[Pool, ...] | list[Pool], rows: Mapping[int, Struck], start: int
) -> BookingError | None:
    """Name what strikes a start out; of several people's reasons, that of who came closest."""
    for pool in pools:
        reasons = [reason_of(rows[member.resource_id]) for member in pool.members]
        refused = [reason for reason in reasons if reason is not None]
        if refused and (pool.everyone or len(refused) == len(reasons)):
            order = min if pool.everyone else max
            return order(refused, key=lambda reason: _CLOSENESS.index(type(reason)))
    limit = ask.plan.policy.service_daily_limit
    if limit is None or Override.LIMITS in ask.overrides:
        return None
    starts = busy.starts_of_service(
        ask.plan.service_id, lo=start - AROUND, hi=start + AROUND, moving=ask.moving
    )
    full = full_days(starts, zone=ask.plan.zone, lo=start, hi=start + 1, days=1, limit=limit)
    return LimitReached() if full else None


_CLOSENESS: list[type[BookingError]] = [OutsideHours, OffGrid, Away, LimitReached, SlotTaken]


def reason_of(row: Struck) -> BookingError | None:
    """Return why the single start of a row is struck out, or None."""
    if row.bits & 1:
        return None
    if not row.frame.fits & 1:
        return OutsideHours()
    if not row.frame.grid & 1:
        return OffGrid()
    if row.away & 1:
        return Away()
    return SlotTaken() if row.claimed & 1 else LimitReached()


def _crews(
    ask: Ask,
    pools: tuple[Pool, ...],
    rows: Mapping[int, Struck],
    start: int,
    prefer: frozenset[int],
) -> list[Crew]:
    choices: list[list[Crew]] = []
    for pool in pools:
        if pool.everyone:
            choices.append([tuple(member.resource_id for member in pool.members)])
            continue
        free = [member.resource_id for member in pool.members if rows[member.resource_id].bits & 1]
        order = _ranked(ask, pool, free, start)
        choices.append([(each,) for each in sorted(order, key=lambda each: each not in prefer)])
    return [tuple(sorted(sum(parts, ()))) for parts in islice(product(*choices), MOST_CREWS)]


def _ranked(ask: Ask, pool: Pool, free: list[int], start: int) -> list[int]:
    """Return the free members, best first, by the strategy of the policy."""
    if len(free) == 1:
        return free
    day = wall_of(start, ask.plan.zone).day
    lo, hi = day_span(day, day, ask.plan.zone)
    load = busy.workload(free, lo=lo, hi=hi, now=ask.now)
    candidates = [
        Candidate(
            resource_id=member.resource_id,
            booked_that_day=load[member.resource_id][0],
            last_booked_minute=load[member.resource_id][1],
            priority=member.priority,
        )
        for member in pool.members
        if member.resource_id in free
    ]
    return ranked(candidates, ask.plan.policy.strategy, chance=random.random)

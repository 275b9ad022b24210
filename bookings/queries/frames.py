"""Start bitmaps of single resources, remembered for as long as their versions hold.

Bit i of every mask is a start at minute lo + i. A *frame* is what the catalogue alone says:
where a visit fits into the open hours, and where the grid lies. Bookings, absences and limits
strike starts out of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce

from bookings.engine.hours import (
    Window,
    day_span,
    meet,
    minute_of,
    service_windows,
    wall_of,
    windows,
)
from bookings.engine.intervals import Span
from bookings.engine.policy import Override
from bookings.engine.slots import Shape, blocked_mask, fits, grid_mask, span_mask
from bookings.queries import busy
from bookings.queries.cache import Memory
from bookings.queries.plan import Member, Plan, Pool

CHUNK = 32 * 1440
"""Bitmaps are remembered in pieces of this many minutes."""

AROUND = 8 * 1440
"""A limit of a week looks at most this many minutes beyond a window."""


@dataclass(frozen=True)
class Ask:
    """What is asked: of which plan, when, and what does not count."""

    plan: Plan
    now: datetime
    moving: int | None = None
    overrides: frozenset[Override] = frozenset()

    @property
    def is_plain(self) -> bool:
        """Say whether anybody else would get the same answer."""
        return self.moving is None and not self.overrides


@dataclass(frozen=True)
class Frame:
    """Where a visit fits, and where it may begin."""

    fits: int
    grid: int


@dataclass(frozen=True)
class Struck:
    """A frame, and the starts struck out of it: by claims, by absences, by limits."""

    frame: Frame
    claimed: int
    away: int
    full: int
    expires: int | None

    @property
    def bits(self) -> int:
        return self.frame.fits & self.frame.grid & ~(self.claimed | self.away | self.full)


_frames: Memory[tuple[int, Frame]] = Memory(limit=16_000_000)
_starts: Memory[tuple[tuple[int, int], int | None, int]] = Memory(limit=24_000_000)


def remembered(
    ask: Ask, pools: Sequence[Pool], stamp: Mapping[int, int], chunk: int
) -> dict[int, int]:
    """Return the start bitmap of every member of `pools` in one chunk: resource pk -> bits.

    `stamp` holds the versions, read before anything else. What is remembered knows no clock
    but the end of its earliest hold.
    Cost: no query where all versions are remembered, else one (two with limits).
    """
    plan, minute = ask.plan, minute_of(ask.now)
    found: dict[int, int] = {}
    stale: set[int] = set()
    for pool in pools:
        for member in pool.members:
            number = member.resource_id
            row = _starts.get((plan.service_id, number, chunk))
            if (
                row
                and row[0] == (plan.catalogue, stamp.get(number, 0))
                and (row[1] is None or minute < row[1])
            ):
                found[number] = row[2]
            else:
                stale.add(number)
    if not stale:
        return found
    fresh = struck(ask, pools, chunk * CHUNK, (chunk + 1) * CHUNK, only=stale)
    for number, each in fresh.items():
        bits = found[number] = each.bits
        row = ((plan.catalogue, stamp.get(number, 0)), each.expires, bits)
        _starts.put((plan.service_id, number, chunk), row, size=bits.bit_length() // 7 + 250)
    return found


def struck(
    ask: Ask, pools: Sequence[Pool], lo: int, hi: int, *, only: set[int] | None = None
) -> dict[int, Struck]:
    """Return each member's starts in [lo, hi), read afresh: resource pk -> Struck.

    Cost: one query, and one more where the policy limits a person's appointments.
    """
    plan, shape = ask.plan, ask.plan.shape
    wanted = [
        (pool, member)
        for pool in pools
        for member in pool.members
        if only is None or member.resource_id in only
    ]
    taken = busy.taken(
        plan.business_id,
        [member.resource_id for _, member in wanted],
        lo=lo - shape.before,
        hi=hi + shape.duration + shape.after,
        now=ask.now,
        moving=ask.moving,
    )
    full = _full(ask, [m.resource_id for pool, m in wanted if plan.leads(pool)], lo, hi)
    return {
        member.resource_id: Struck(
            frame=_frame(ask, pool, member, lo, hi),
            claimed=blocked_mask(taken[member.resource_id].claims, shape, lo, hi),
            away=_away(ask, taken[member.resource_id].away, lo, hi),
            full=full.get(member.resource_id, 0),
            expires=taken[member.resource_id].expires,
        )
        for pool, member in wanted
    }


def combined(pools: Sequence[Pool], bits: Mapping[int, int]) -> int:
    """Return the starts that every pool can serve: by all its members, or by any of them."""
    if not pools:
        return 0
    result = -1
    for pool in pools:
        each = [bits[member.resource_id] for member in pool.members]
        result &= reduce(int.__and__, each) if pool.everyone else reduce(int.__or__, each)
    return result


def full_days(starts: Iterable[int], *, zone: str, lo: int, hi: int, days: int, limit: int) -> int:
    """Return the starts in [lo, hi) on days (`days` 1) or weeks (7) that have `limit` already."""
    counts = Counter(_period(wall_of(start, zone).day, days) for start in starts)
    mask = 0
    for first, count in counts.items():
        if count >= limit:
            opens, closes = day_span(first, first + timedelta(days=days - 1), zone)
            mask |= span_mask(opens, closes, lo, hi)
    return mask


def _period(day: date, days: int) -> date:
    return day if days == 1 else day - timedelta(days=day.weekday())


def _frame(ask: Ask, pool: Pool, member: Member, lo: int, hi: int) -> Frame:
    """Return a member's frame; whole chunks are remembered by the catalogue's version."""
    if Override.HOURS in ask.overrides:
        everything = span_mask(lo, hi, lo, hi)
        return Frame(everything, everything)
    if hi - lo != CHUNK:
        return _laid(ask.plan, pool, member, lo, hi)
    key = (ask.plan.service_id, member.resource_id, lo)
    row = _frames.get(key)
    if row is None or row[0] != ask.plan.catalogue:
        row = (ask.plan.catalogue, _laid(ask.plan, pool, member, lo, hi))
        _frames.put(key, row, size=row[1].fits.bit_length() // 3 + 300)
    return row[1]


def _laid(plan: Plan, pool: Pool, member: Member, lo: int, hi: int) -> Frame:
    shape = plan.shape
    if not plan.leads(pool):
        shape = Shape(shape.duration, shape.before, shape.after, interval=1)
    together = pool.members if pool.everyone else (member,)
    reach = hi + shape.duration
    opening: list[Window] = reduce(
        lambda both, each: meet(windows(each.hours, lo, reach), both),
        together,
        service_windows(plan.hours, lo, reach),
    )
    return Frame(fits=fits(opening, shape, lo, hi), grid=grid_mask(opening, shape, lo, hi))


def _away(ask: Ask, absences: list[Span], lo: int, hi: int) -> int:
    if not absences or Override.HOURS in ask.overrides:
        return 0
    return blocked_mask(absences, ask.plan.shape, lo, hi)


def _full(ask: Ask, resource_ids: list[int], lo: int, hi: int) -> dict[int, int]:
    """Return the starts at which each resource has reached its limit of the day or week."""
    policy = ask.plan.policy
    limits = [(1, policy.resource_daily_limit), (7, policy.resource_weekly_limit)]
    limits = [(days, limit) for days, limit in limits if limit is not None]
    if not limits or Override.LIMITS in ask.overrides:
        return {}
    starts = busy.starts_of_resources(
        resource_ids, lo=lo - AROUND, hi=hi + AROUND, moving=ask.moving
    )
    return {
        number: reduce(
            int.__or__,
            (
                full_days(
                    starts.get(number, ()), zone=ask.plan.zone, lo=lo, hi=hi, days=days, limit=limit
                )
                for days, limit in limits
                if limit is not None
            ),
        )
        for number in resource_ids
    }

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
from bookings.models import ResourceKind
from bookings.queries import busy
from bookings.queries.busy import Taken
from bookings.queries.cache import CHUNK, Strip, Strips
from bookings.queries.plan import Member, Plan, Pool

AROUND = 8 * 1440
"""A limit of a week looks at most this many minutes beyond a window."""


@dataclass(frozen=True)
class Ask:
    """What is asked: of which plan, when, and what does not count.

    `agreed`: the start is agreed already and only who serves it is open, so that lead time and
    grid have nothing to say; the plan then has the shape that was agreed.
    """

    plan: Plan
    now: datetime
    moving: int | None = None
    overrides: frozenset[Override] = frozenset()
    agreed: bool = False

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


_fits = Strips(limit=8_000_000)
_grids = Strips(limit=8_000_000)
_starts = Strips(limit=24_000_000)
_offers = Strips(limit=8_000_000)


def offered(
    ask: Ask,
    pools: Sequence[Pool],
    stamp: Mapping[int, int],
    *,
    lo: int,
    hi: int,
    staff_id: int | None,
) -> int:
    """Return the starts in [lo, hi) that `pools` can serve, as far as possible from memory.

    `stamp` holds the versions, read before anything else; `staff_id` is whom `pools` were
    narrowed to. What is remembered knows no clock but the end of its earliest hold.
    Cost: no query where no version has changed, else one (two with limits).
    """
    plan, minute = ask.plan, minute_of(ask.now)
    chunks = _chunks(lo, hi)
    # Versions only rise, so that equal sums mean equal versions.
    key, whole = (plan.service_id, staff_id), (plan.catalogue, sum(stamp.values()))
    strip = _offers.get(key, whole, chunks, minute=minute)
    if strip is None:
        found = _remembered(ask, pools, stamp, chunks)
        bits = combined(pools, {number: each.bits for number, each in found.items()})
        ends = [each.expires for each in found.values() if each.expires is not None]
        strip = Strip(bits, min(ends, default=None))
        _offers.put(key, whole, chunks, strip)
    return _cut(strip.bits, chunks, lo, hi)


def _remembered(
    ask: Ask, pools: Sequence[Pool], stamp: Mapping[int, int], chunks: range
) -> dict[int, Strip]:
    """Return the starts of every member of `pools`, those that have changed read afresh."""
    plan, minute = ask.plan, minute_of(ask.now)
    found: dict[int, Strip] = {}
    stale: set[int] = set()
    for number in (member.resource_id for pool in pools for member in pool.members):
        version = (plan.catalogue, stamp.get(number, 0))
        strip = _starts.get((plan.service_id, number), version, chunks, minute=minute)
        if strip is None:
            stale.add(number)
        else:
            found[number] = strip
    if stale:
        fresh = struck(ask, pools, chunks.start * CHUNK, chunks.stop * CHUNK, only=stale)
        for number, each in fresh.items():
            found[number] = strip = Strip(each.bits, each.expires)
            version = (plan.catalogue, stamp.get(number, 0))
            _starts.put((plan.service_id, number), version, chunks, strip)
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
    return strike(ask, wanted, taken, full, lo=lo, hi=hi)


def strike(
    ask: Ask,
    wanted: Iterable[tuple[Pool, Member]],
    taken: Mapping[int, Taken],
    full: Mapping[int, int],
    *,
    lo: int,
    hi: int,
) -> dict[int, Struck]:
    """Return each member's starts in [lo, hi), given what is taken and what is full."""
    shape, frames = ask.plan.shape, dict[object, Frame]()
    found: dict[int, Struck] = {}
    for pool, member in wanted:
        number, shared = member.resource_id, _sharing(ask.plan, pool, member)
        if shared not in frames:
            frames[shared] = _frame(ask, pool, member, lo, hi)
        found[number] = Struck(
            frame=frames[shared],
            claimed=blocked_mask(taken[number].claims, shape, lo, hi),
            away=_away(ask, taken[number].away, lo, hi),
            full=full.get(number, 0),
            expires=taken[number].expires,
        )
    return found


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


def _sharing(plan: Plan, pool: Pool, member: Member) -> tuple[int, ResourceKind, int]:
    """Return the key of a frame, shared by those who keep the same hours or come together."""
    return plan.service_id, pool.kind, 0 if pool.everyone else member.alike


def _frame(ask: Ask, pool: Pool, member: Member, lo: int, hi: int) -> Frame:
    """Return a member's frame, remembered by the catalogue's version.

    That of an agreed start is not: its shape may be another than the service's.
    """
    everything = span_mask(lo, hi, lo, hi)
    if Override.HOURS in ask.overrides:
        return Frame(everything, everything)
    plan, chunks = ask.plan, _chunks(lo, hi)
    if ask.agreed:
        return Frame(_laid(plan, pool, member, lo, hi).fits, everything)
    key = _sharing(plan, pool, member)
    fitting = _fits.get(key, plan.catalogue, chunks)
    grid = _grids.get(key, plan.catalogue, chunks)
    if fitting is None or grid is None:
        frame = _laid(plan, pool, member, chunks.start * CHUNK, chunks.stop * CHUNK)
        fitting, grid = Strip(frame.fits), Strip(frame.grid)
        _fits.put(key, plan.catalogue, chunks, fitting)
        _grids.put(key, plan.catalogue, chunks, grid)
    return Frame(_cut(fitting.bits, chunks, lo, hi), _cut(grid.bits, chunks, lo, hi))


def _chunks(lo: int, hi: int) -> range:
    """Return the numbers of the chunks that [lo, hi) touches."""
    return range(lo // CHUNK, -(-hi // CHUNK))


def _cut(bits: int, chunks: range, lo: int, hi: int) -> int:
    """Return the part [lo, hi) of a bitmap that covers `chunks`."""
    return bits >> (lo - chunks.start * CHUNK) & ((1 << (hi - lo)) - 1)


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

"""Why a start is refused, with the facts behind it: the same masks, and the rows they came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Q

from bookings.engine.hours import (
    at_minute,
    day_span,
    meet,
    minute_of,
    service_windows,
    wall_of,
    windows,
)
from bookings.engine.intervals import Span, union
from bookings.engine.policy import bookable_span
from bookings.errors import BookingError, NotBookable, StaffNotOffered
from bookings.models import Appointment, Claim, Resource, Service, TimeOff
from bookings.models.claim import LONGEST_CLAIM
from bookings.queries import busy
from bookings.queries.availability import Start, current, nearest
from bookings.queries.crews import look, reason_of
from bookings.queries.frames import AROUND, Ask, struck
from bookings.queries.plan import Member, Plan, Pool

NEAREST = 6


@dataclass(frozen=True)
class Limit:
    """A limit of so many appointments in so many days (1 or 7), and how many there are."""

    days: int
    most: int
    count: int


@dataclass(frozen=True)
class Finding:
    """What was found about one person, room or piece of equipment.

    `hours` are when it is open for the service on that day; `taken` and `away` what meets the
    start with its buffers; `limits` those that it has reached.
    """

    name: str
    resource_id: int
    refusal: BookingError | None
    hours: list[tuple[datetime, datetime]]
    taken: list[Appointment]
    away: list[TimeOff]
    limits: list[Limit]


@dataclass(frozen=True)
class Verdict:
    """Whether a start can be booked, and why not.

    `earliest` and `latest` are what lead and advance allow. `sessions` are the places left in
    each group appointment at that start; `unready` those who would serve it, but are switched
    off or have not agreed.
    """

    at: datetime
    refusal: BookingError | None
    findings: list[Finding]
    earliest: datetime
    latest: datetime
    limits: list[Limit] = field(default_factory=list)
    sessions: list[int] = field(default_factory=list)
    unready: list[Resource] = field(default_factory=list)
    nearest: list[Start] = field(default_factory=list)


def verdict(
    service: Service,
    *,
    starts_at: datetime,
    now: datetime,
    staff: Resource | None = None,
    seats: int = 1,
) -> Verdict:
    """Return whether a start can be booked, with the facts, and the free starts near it.

    The refusal is that of `availability.why_not`. Cost: at most sixteen queries, whatever the
    number of resources.
    """
    plan, stamp = current(service.pk)
    ask, start = Ask(plan, now), minute_of(starts_at)
    staff_id = staff.pk if staff else None
    refusal = None
    try:
        look(ask, stamp, starts_at=starts_at, staff_id=staff_id, seats=seats)
    except BookingError as found:
        refusal = found
    pools = plan.pools if staff_id is None else plan.narrowed(staff_id)
    first, beyond = bookable_span(plan.policy, now)
    return Verdict(
        at=starts_at,
        refusal=refusal,
        findings=_findings(ask, pools, start),
        earliest=at_minute(first),
        latest=at_minute(beyond - 1),
        limits=_service_limits(plan, start),
        sessions=_places(ask, start, staff_id),
        unready=_unready(service) if isinstance(refusal, NotBookable | StaffNotOffered) else [],
        nearest=nearest(
            service, around=starts_at, count=NEAREST, now=now, staff=staff, seats=seats
        ),
    )


def _findings(ask: Ask, pools: Sequence[Pool], start: int) -> list[Finding]:
    """Return what was found about each, in the order of the pools."""
    shape = ask.plan.shape
    members = [(pool, member) for pool in pools for member in pool.members]
    if not members:
        return []
    rows = struck(ask, pools, start, start + 1)
    meets = (start - shape.before, start + shape.duration + shape.after)
    taken = _taken([member.resource_id for _, member in members], meets, ask.now)
    away = _away(ask.plan, [member.resource_id for _, member in members], meets)
    leading = [member.resource_id for pool, member in members if ask.plan.leads(pool)]
    limits = _resource_limits(ask.plan, leading, start)
    return [
        Finding(
            name=member.name,
            resource_id=member.resource_id,
            refusal=reason_of(rows[member.resource_id]),
            hours=_hours(ask.plan, member, start),
            taken=taken[member.resource_id],
            away=[each for each in away if each.resource_id in (None, member.resource_id)],
            limits=limits.get(member.resource_id, []),
        )
        for pool, member in members
    ]


def _hours(plan: Plan, member: Member, start: int) -> list[tuple[datetime, datetime]]:
    """Return when somebody is open for the service on the day of a start, where the business is."""
    day = wall_of(start, plan.zone).day
    lo, hi = day_span(day, day, plan.zone)
    opening = meet(windows(member.hours, lo, hi), service_windows(plan.hours, lo, hi))
    joined = union((window.start, window.end) for window in opening)
    return [(at_minute(opens), at_minute(closes)) for opens, closes in joined]


def _taken(
    resource_ids: Iterable[int], meets: Span, now: datetime
) -> Mapping[int, list[Appointment]]:
    """Return the appointments whose time, buffers included, is in the way of each resource."""
    lo, hi = meets
    claims = (
        Claim.objects.filter(
            resource__in=resource_ids, s__gt=lo - LONGEST_CLAIM, s__lt=hi, e__gt=lo
        )
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .select_related("appointment__service", "appointment__business")
        .order_by("s", "pk")
    )
    found: dict[int, dict[int, Appointment]] = defaultdict(dict)
    for claim in claims:
        found[claim.resource_id][claim.appointment_id] = claim.appointment
    return defaultdict(list, {number: list(each.values()) for number, each in found.items()})


def _away(plan: Plan, resource_ids: Sequence[int], meets: Span) -> list[TimeOff]:
    """Return the times off and closures in the way, soonest first."""
    lo, hi = meets
    found = TimeOff.objects.filter(
        Q(resource=None) | Q(resource__in=resource_ids),
        business_id=plan.business_id,
        starts_at__lt=at_minute(hi),
        ends_at__gt=at_minute(lo),
    )
    return list(found.order_by("starts_at", "pk"))


def _resource_limits(
    plan: Plan, resource_ids: Sequence[int], start: int
) -> Mapping[int, list[Limit]]:
    """Return the limits that each resource has reached."""
    policy = plan.policy
    limits = [(1, policy.resource_daily_limit), (7, policy.resource_weekly_limit)]
    if all(most is None for _, most in limits):
        return {}
    starts = busy.starts_of_resources(resource_ids, lo=start - AROUND, hi=start + AROUND)
    return {
        number: _reached(starts.get(number, []), limits, plan.zone, start)
        for number in resource_ids
    }


def _service_limits(plan: Plan, start: int) -> list[Limit]:
    """Return the limit of the service's day, where it is reached."""
    most = plan.policy.service_daily_limit
    if most is None:
        return []
    starts = busy.starts_of_service(plan.service_id, lo=start - AROUND, hi=start + AROUND)
    return _reached(starts, [(1, most)], plan.zone, start)


def _reached(
    starts: Iterable[int], limits: Iterable[tuple[int, int | None]], zone: str, start: int
) -> list[Limit]:
    """Return those of the limits that the appointments around a start have reached."""
    day = wall_of(start, zone).day
    monday = day - timedelta(days=day.weekday())
    spans = {
        1: day_span(day, day, zone),
        7: day_span(monday, monday + timedelta(days=6), zone),
    }
    counted = [
        Limit(days, most, sum(spans[days][0] <= each < spans[days][1] for each in starts))
        for days, most in limits
        if most is not None
    ]
    return [limit for limit in counted if limit.count >= limit.most]


def _places(ask: Ask, start: int, staff_id: int | None) -> list[int]:
    """Return the places left in each group appointment at a start."""
    if ask.plan.capacity == 1:
        return []
    there = busy.sessions(ask.plan.service_id, lo=start, hi=start + 1, now=ask.now)
    return [
        session.seats_left
        for session in there
        if staff_id is None or staff_id in session.resource_ids
    ]


def _unready(service: Service) -> list[Resource]:
    """Return who is chosen for a service, but switched off or has not agreed, by name."""
    linked = Resource.objects.filter(links__service=service)
    return list(linked.exclude(is_active=True, acceptance="active").order_by("name"))

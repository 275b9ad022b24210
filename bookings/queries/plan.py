"""A service as the engine sees it: its shape, its rules and the people and rooms it needs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from typing import Literal

from bookings.engine.hours import Availability, Hours, Segment, ServiceHours, Week
from bookings.engine.policy import Assignment, Grid, Policy
from bookings.engine.slots import Shape
from bookings.models import (
    AvailabilityRange,
    HoursException,
    HoursRule,
    ResourceKind,
    Service,
    ServiceResource,
)
from bookings.models.catalogue import AvailabilityKind
from bookings.queries.cache import Memory

DAY = 1440

Owner = tuple[int | None, int | None, int | None]
"""Whose hours they are: a resource's, a service's or a range's; none of them: the business's."""
BUSINESS: Owner = (None, None, None)
Weeks = dict[Owner, Week]
NEVER: Week = ((),) * 7


@dataclass(frozen=True)
class Member:
    """A resource that can serve the service, with its own hours.

    `alike` is the first resource of its pool that keeps the same hours.
    """

    resource_id: int
    alike: int
    name: str
    priority: int
    hours: Hours


@dataclass(frozen=True)
class Pool:
    """Resources of which a start needs any one, or everyone."""

    kind: ResourceKind
    members: tuple[Member, ...]
    everyone: bool

    def of(self, resource_id: int) -> Member | None:
        """Return the member that is this resource, or None."""
        return next((each for each in self.members if each.resource_id == resource_id), None)


@dataclass(frozen=True)
class Plan:
    """Everything about a service that bookings do not change. Immutable; one per version."""

    service_id: int
    business_id: int
    catalogue: int
    zone: str
    capacity: int
    shape: Shape
    policy: Policy
    hours: ServiceHours
    pools: tuple[Pool, ...]

    def leads(self, pool: Pool) -> bool:
        """Say whether a pool's hours carry the grid and its people the limits: the first."""
        return pool.kind == self.pools[0].kind

    def narrowed(self, staff_id: int) -> tuple[Pool, ...]:
        """Return the pools with one person chosen; empty where that person does not serve.

        Where everyone is needed, choosing one of them changes nothing.
        """
        if not self.pools or not (member := self.pools[0].of(staff_id)):
            return ()
        if self.pools[0].everyone:
            return self.pools
        return (Pool(self.pools[0].kind, (member,), everyone=False), *self.pools[1:])

    @cached_property
    def resource_ids(self) -> list[int]:
        return sorted(member.resource_id for pool in self.pools for member in pool.members)


_plans: Memory[Plan] = Memory(limit=4_000_000)


def plan_of(service_id: int, *, catalogue: int | None = None) -> Plan:
    """Return the plan of a service, from memory where its version still holds.

    Without `catalogue` any remembered plan will do; the caller then compares versions.
    Cost: none from memory, else five queries whatever the number of resources.
    """
    plan = _plans.get(service_id)
    if plan is not None and catalogue in (None, plan.catalogue):
        return plan
    plan = _compile(service_id)
    _plans.put(service_id, plan, size=2_000 + 2_000 * len(plan.resource_ids))
    return plan


def minutes(length: timedelta) -> int:
    """Return a length in whole minutes."""
    return int(length.total_seconds() // 60)


def _compile(service_id: int) -> Plan:
    """Read the plan.

    The version comes with the first row: a change in between is seen as stale, not kept.
    """
    service = Service.objects.select_related("business__catalogue_version").get(pk=service_id)
    weeks = weeks_of(service.business_id)
    exceptions = list(HoursException.objects.filter(business_id=service.business_id))
    policy = service.policy
    return Plan(
        service_id=service.pk,
        business_id=service.business_id,
        catalogue=service.business.catalogue_version.version,
        zone=service.business.zone,
        capacity=service.capacity,
        shape=Shape(
            duration=minutes(service.duration),
            before=minutes(service.buffer_before),
            after=minutes(service.buffer_after),
            interval=minutes(policy.interval),
            by_clock=policy.grid == Grid.CLOCK,
        ),
        policy=policy,
        hours=service_hours(service, weeks, newest_first([service.pk]).get(service.pk, [])),
        pools=_pools(service, weeks, exceptions),
    )


def weeks_of(business_id: int) -> Weeks:
    """Return the weekly hours of a business and of all who keep their own. Cost: one query."""
    rules = (
        HoursRule.objects.filter(business_id=business_id)
        .order_by("weekday", "opens")
        .values_list("resource_id", "service_id", "range_id", "weekday", "opens", "closes")
    )
    found: dict[Owner, list[list[Segment]]] = {}
    for resource_id, service_id, range_id, weekday, opens, closes in rules:
        week = found.setdefault((resource_id, service_id, range_id), [[] for _ in range(7)])
        week[weekday].append(_segment(opens, closes))
    return {owner: tuple(map(tuple, week)) for owner, week in found.items()}


def _pools(service: Service, weeks: Weeks, exceptions: list[HoursException]) -> tuple[Pool, ...]:
    links = (
        ServiceResource.objects.filter(
            service=service, resource__is_active=True, resource__acceptance="active"
        )
        .order_by("priority", "resource_id")
        .values_list(
            "resource_id", "priority", "resource__kind", "resource__name", "resource__zone"
        )
    )
    members: dict[str, list[Member]] = defaultdict(list)
    for number, priority, kind, name, zone in links:
        pool = members[kind]
        hours = resource_hours(number, zone or service.business.zone, weeks, exceptions)
        alike = next((each.alike for each in pool if each.hours == hours), number)
        pool.append(Member(number, alike, name, priority, hours))
    everyone = service.assignment == Assignment.ALL
    return tuple(
        Pool(kind, tuple(members[kind]), everyone=everyone and kind == ResourceKind.STAFF)
        for kind in (ResourceKind.STAFF, ResourceKind.ROOM, ResourceKind.EQUIPMENT)
        if kind in members
    )


def resource_hours(
    resource_id: int, zone: str, weeks: Weeks, exceptions: list[HoursException]
) -> Hours:
    """Return a resource's own hours where it has any, else the business's.

    A dated exception of the resource replaces its day; the business's exceptions count only
    for those who keep the business's hours.
    """
    own = weeks.get((resource_id, None, None))
    dated = [each for each in exceptions if each.resource_id == resource_id]
    if not own:
        own = weeks.get(BUSINESS, NEVER)
        mine = {each.day for each in dated}
        dated += [each for each in exceptions if each.resource_id is None and each.day not in mine]
    return Hours(zone=zone, week=own, exceptions=_days(dated))


def newest_first(service_ids: Sequence[int]) -> dict[int, list[AvailabilityRange]]:
    """Return the dated ranges of services, the one that wins first: service pk -> ranges.

    Cost: one query.
    """
    found: dict[int, list[AvailabilityRange]] = defaultdict(list)
    ranges = AvailabilityRange.objects.filter(service__in=service_ids)
    for each in ranges.order_by("-created_at", "-pk"):
        found[each.service_id].append(each)
    return found


def service_hours(
    service: Service, weeks: Weeks, ranges: Sequence[AvailabilityRange]
) -> ServiceHours:
    """Return when a service may take place, whoever serves it; `ranges` are its own."""
    return ServiceHours(
        zone=service.business.zone,
        general=Availability(
            kind=_kind(service.availability),
            week=weeks.get((None, service.pk, None), NEVER),
        ),
        ranges=tuple(
            (
                each.first_day,
                each.last_day,
                Availability(
                    kind=_kind(each.availability),
                    week=weeks.get((None, None, each.pk), NEVER),
                ),
            )
            for each in ranges
        ),
    )


def _kind(name: str) -> Literal["staff", "none", "weekly"]:
    if name == AvailabilityKind.WEEKLY:
        return "weekly"
    return "staff" if name == AvailabilityKind.STAFF else "none"


def _segment(opens: time, closes: time) -> Segment:
    start = opens.hour * 60 + opens.minute
    end = closes.hour * 60 + closes.minute
    return Segment(start, end if end > start else end + DAY)


def _days(exceptions: Iterable[HoursException]) -> dict[date, tuple[Segment, ...]]:
    days: dict[date, tuple[Segment, ...]] = {}
    for each in exceptions:
        segments = days.get(each.day, ())
        if each.opens is not None and each.closes is not None:
            segments += (_segment(each.opens, each.closes),)
        days[each.day] = segments
    return days

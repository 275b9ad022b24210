"""When people are at work and rooms can be used, whatever is booked in that time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce

from bookings.engine.hours import at_minute, ceil_minute, minute_of, service_windows, windows
from bookings.engine.intervals import Span, intersect, subtract, union
from bookings.engine.policy import Assignment
from bookings.models import Business, HoursException, Resource, Service, TimeOff
from bookings.queries.plan import Weeks, newest_first, resource_hours, service_hours

Opening = dict[int, list[Span]]
"""Resource pk -> its open minutes (UTC): sorted, disjoint."""


def at_work(
    business: Business, resources: Sequence[Resource], weeks: Weeks, *, lo: int, hi: int
) -> Opening:
    """Return each resource's open hours in the minutes [lo, hi) without closures and time off.

    The hours are those of the bookings' engine: dated exceptions and changes of the clock
    count as they do there. `weeks` is `weeks_of(business.pk)`.
    Cost: two queries, whatever the number of resources.
    """
    exceptions = list(HoursException.objects.filter(business=business))
    away = _absences(business, lo, hi)
    return {
        each.pk: subtract(
            union(
                (window.start, window.end)
                for window in windows(
                    resource_hours(each.pk, each.zone or business.zone, weeks, exceptions), lo, hi
                )
            ),
            union([*away.get(None, ()), *away.get(each.pk, ())]),
        )
        for each in resources
    }


def in_service(
    crews: Mapping[Service, Sequence[int]], work: Opening, weeks: Weeks, *, lo: int, hi: int
) -> dict[int, Opening]:
    """Return when each of a service's crew is at work and the service may take place.

    `crews` names the resources that can serve each service, its business loaded; where all
    of them are needed, only the time counts in which they all are at work.
    Returns: service pk -> resource pk -> open minutes. Cost: one query.
    """
    ranges = newest_first([service.pk for service in crews])
    found: dict[int, Opening] = {}
    for service, crew in crews.items():
        hours = service_hours(service, weeks, ranges.get(service.pk, ()))
        may = union((each.start, each.end) for each in service_windows(hours, lo, hi))
        if service.assignment == Assignment.ALL:
            may = reduce(intersect, (work[number] for number in crew), may)
        found[service.pk] = {number: intersect(may, work[number]) for number in crew}
    return found


def length(spans: Iterable[Span]) -> int:
    """Return how many minutes lie in disjoint spans."""
    return sum(end - start for start, end in spans)


def _absences(business: Business, lo: int, hi: int) -> dict[int | None, list[Span]]:
    """Return times off by resource pk; None stands for closures."""
    rows = TimeOff.objects.filter(
        business=business, starts_at__lt=at_minute(hi), ends_at__gt=at_minute(lo)
    ).values_list("resource_id", "starts_at", "ends_at")
    found: dict[int | None, list[Span]] = {}
    for resource_id, starts_at, ends_at in rows:
        span = (minute_of(starts_at), ceil_minute(ends_at))
        found.setdefault(resource_id, []).append(span)
    return found

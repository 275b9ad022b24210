"""How much of the open hours is booked: by service, by person or room, by hour of the week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bookings.engine.hours import offsets
from bookings.engine.intervals import Span, intersect
from bookings.models import Resource, ResourceKind, Service, ServiceResource
from bookings.queries.opening import Opening, at_work, in_service, length
from bookings.queries.periods import Scope
from bookings.queries.plan import weeks_of
from bookings.queries.tallies import booked

_HOUR, _DAY = 60, 1440
_THURSDAY = 3  # the weekday of the first of January 1970


@dataclass
class Use:
    """Minutes that were booked, and minutes that were open."""

    booked: int = 0
    open: int = 0

    @property
    def share(self) -> float | None:
        """Return booked ÷ open, None without open hours; above 1 after work out of hours."""
        return self.booked / self.open if self.open else None


@dataclass
class Utilisation:
    """Booked and open minutes in every way that a report shows them.

    `by_hour` is by weekday (Monday 0) and hour of the day. The open minutes of a service are
    those of each person who serves it: the same hour is open for all the services that
    somebody offers in it.
    """

    whole: Use = field(default_factory=Use)
    before: Use = field(default_factory=Use)
    by_service: dict[int, Use] = field(default_factory=dict)
    by_resource: dict[int, Use] = field(default_factory=dict)
    by_hour: dict[tuple[int, int], Use] = field(default_factory=lambda: defaultdict(Use))


def utilisation(
    scope: Scope, resources: Sequence[Resource], services: Sequence[Service]
) -> Utilisation:
    """Return how much is booked of the open hours of those who can be booked today.

    `resources` are all of the business, `services` those in scope, each with its business.
    The whole, the time before and the hours of the week are those of the staff alone, or of
    all where there are no staff. Open hours are as they are written now: older ones are not
    kept. Work out of hours counts as booked.
    Cost: six queries, whatever the number of rows and days.
    """
    bookable = [each for each in resources if each.is_active and each.acceptance == "active"]
    crews = _crews(services, bookable)
    lo, hi = scope.period.before.span[0], scope.period.span[1]
    weeks = weeks_of(scope.business.pk)
    work = at_work(scope.business, bookable, weeks, lo=lo, hi=hi)
    serving = in_service(crews, work, weeks, lo=lo, hi=hi)
    counted = _leading(bookable)
    if scope.service is not None:
        work = serving[scope.service.pk]
        counted = list(work)
    if scope.resource is not None:
        number = scope.resource.pk
        work = {number: work[number]} if number in work else {}
        counted = list(work)
        serving = {
            pk: {r: open_ for r, open_ in each.items() if r == number}
            for pk, each in serving.items()
        }
    found = _opened(scope, work, serving, counted)
    _count_booked(found, scope, serving, counted)
    return found


def _leading(resources: Sequence[Resource]) -> list[int]:
    """Return the staff among resources; all of them where there are none."""
    staff = [each.pk for each in resources if each.kind == ResourceKind.STAFF]
    return staff or [each.pk for each in resources]


def _crews(
    services: Sequence[Service], bookable: Sequence[Resource]
) -> dict[Service, Sequence[int]]:
    """Return who leads each service: its staff, or what it needs where it has none."""
    named = {each.pk: each for each in bookable}
    members: dict[int, list[Resource]] = defaultdict(list)
    links = ServiceResource.objects.filter(service__in=services).order_by("resource_id")
    for service_id, resource_id in links.values_list("service_id", "resource_id"):
        if resource_id in named:
            members[service_id].append(named[resource_id])
    return {service: _leading(members[service.pk]) for service in services}


def _opened(
    scope: Scope, work: Opening, serving: dict[int, Opening], counted: Sequence[int]
) -> Utilisation:
    """Return the open minutes, with nothing booked yet."""
    now, before = [scope.period.span], [scope.period.before.span]
    found = Utilisation()
    for number, spans in work.items():
        found.by_resource[number] = Use(open=length(intersect(spans, now)))
    for service_id, each in serving.items():
        minutes = sum(length(intersect(spans, now)) for spans in each.values())
        found.by_service[service_id] = Use(open=minutes)
    for number in counted:
        found.whole.open += found.by_resource[number].open
        found.before.open += length(intersect(work[number], before))
        for weekday, hour, minutes in _by_hour(intersect(work[number], now), scope.period.zone):
            found.by_hour[weekday, hour].open += minutes
    return found


def _by_hour(spans: Iterable[Span], zone: str) -> Iterator[tuple[int, int, int]]:
    """Yield the pieces of spans that lie in one hour of the wall clock: weekday, hour, minutes."""
    for first, last in spans:
        for since, until, ahead in offsets(zone, first, last):
            start, end = since + ahead, until + ahead
            while start < end:
                stop = min(end, start // _HOUR * _HOUR + _HOUR)
                yield (start // _DAY + _THURSDAY) % 7, start % _DAY // _HOUR, stop - start
                start = stop


def _count_booked(
    found: Utilisation, scope: Scope, serving: dict[int, Opening], counted: Sequence[int]
) -> None:
    for row in booked(scope, list(found.by_resource), list(counted)):
        if row.weekday is not None and row.hour is not None:
            if row.is_now and row.counted:
                found.by_hour[row.weekday, row.hour].booked += row.counted
        elif not row.is_now:
            found.before.booked += row.counted
        elif row.resource_id is not None and row.service_id is not None:
            found.whole.booked += row.counted
            found.by_resource[row.resource_id].booked += row.minutes
            if row.resource_id in serving.get(row.service_id, ()):
                found.by_service[row.service_id].booked += row.minutes

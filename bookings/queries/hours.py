"""The hours that a business, a person or a room keeps, and what is booked outside them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256

from django.db.models import Prefetch

from bookings.engine.hours import ceil_minute, minute_of, windows
from bookings.engine.intervals import Span, union
from bookings.engine.weekly import Rule
from bookings.models import Appointment, Business, HoursException, HoursRule, Resource
from bookings.queries.plan import resource_hours, weeks_of

AHEAD = timedelta(days=400)
"""What is booked further ahead is not looked at."""
MOST = 1000


@dataclass(frozen=True)
class Dated:
    """A day that differs from the weekly hours; without times it is closed."""

    day: date
    opens: time | None = None
    closes: time | None = None


@dataclass(frozen=True)
class Timetable:
    """What is on record for one owner: weekly hours in order, and the days that differ.

    `stamp` tells two states of the same owner's hours apart.
    """

    week: tuple[Rule, ...]
    dates: tuple[Dated, ...]
    stamp: str

    def since(self, day: date) -> tuple[Dated, ...]:
        """Return the days that differ from `day` on."""
        return tuple(each for each in self.dates if each.day >= day)


def timetable(business: Business, resource: Resource | None) -> Timetable:
    """Return the hours of a resource's own, without one those of the business.

    Cost: two queries.
    """
    rules = HoursRule.objects.filter(
        business=business, resource=resource, service=None, range=None
    ).order_by("weekday", "opens", "closes")
    dates = HoursException.objects.filter(business=business, resource=resource)
    week = tuple(rules.values_list("weekday", "opens", "closes"))
    dated = tuple(
        Dated(*row) for row in dates.order_by("day", "opens").values_list("day", "opens", "closes")
    )
    return Timetable(week, dated, sha256(repr((week, dated)).encode()).hexdigest()[:24])


def booked_outside(
    business: Business, resource: Resource | None, *, now: datetime
) -> list[Appointment]:
    """Return the coming appointments that lie outside the hours of those who serve them.

    Of one resource; without one, of all who keep the business's hours. Soonest first, with
    service and resources, at most a thousand of the next 400 days.
    Cost: at most five queries.
    """
    weeks, exceptions = (
        weeks_of(business.pk),
        list(HoursException.objects.filter(business=business)),
    )
    concerned = [resource] if resource else list(business.resources.order_by("pk"))
    if resource is None:
        concerned = [each for each in concerned if not weeks.get((each.pk, None, None))]
    found = _coming(business, concerned, now)
    if not found:
        return []
    lo, hi = minute_of(now) - 1440, max(ceil_minute(each.ends_at) for each in found)
    opening = {
        each.pk: union(
            (window.start, window.end)
            for window in windows(
                resource_hours(each.pk, each.zone or business.zone, weeks, exceptions), lo, hi
            )
        )
        for each in concerned
    }
    return [each for each in found if not _fits(each, opening)]


def _coming(business: Business, resources: Sequence[Resource], now: datetime) -> list[Appointment]:
    rows = Appointment.objects.filter(
        business=business,
        state="scheduled",
        resources__in=resources,
        starts_at__gt=now,
        starts_at__lt=now + AHEAD,
    )
    crew = Prefetch("resources", Resource.objects.order_by("name"))
    rows = rows.select_related("service").prefetch_related(crew).distinct()
    return list(rows.order_by("starts_at", "pk")[:MOST])


def _fits(appointment: Appointment, opening: dict[int, list[Span]]) -> bool:
    start, end = minute_of(appointment.starts_at), ceil_minute(appointment.ends_at)
    for resource in appointment.resources.all():
        spans = opening.get(resource.pk)
        if spans is None:
            continue
        before = bisect_right(spans, (start, float("inf"))) - 1
        if before < 0 or spans[before][1] < end:
            return False
    return True

"""What somebody's being away runs into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F, Max, Min, QuerySet

from bookings.models import Appointment, Business, Resource, TimeOff


def in_the_way(
    *, business: Business, resources: Sequence[Resource], starts_at: datetime, ends_at: datetime
) -> list[Appointment]:
    """Return the scheduled appointments that meet a time off, soonest first, with service.

    Without resources those of the whole business. Time beside an appointment counts as its own.
    Cost: one query.
    """
    return list(_met(business, resources, starts_at, ends_at))


def meeting(time_off: TimeOff) -> QuerySet[Appointment]:
    """Return the scheduled appointments that meet a time off, as `in_the_way`; no query yet."""
    resources = [time_off.resource] if time_off.resource else []
    return _met(time_off.business, resources, time_off.starts_at, time_off.ends_at)


def _met(
    business: Business, resources: Sequence[Resource], starts_at: datetime, ends_at: datetime
) -> QuerySet[Appointment]:
    found = in_time(business, starts_at, ends_at)
    return found.filter(resources__in=resources).distinct() if resources else found


def met_by(
    business: Business, times_off: QuerySet[TimeOff], *, now: datetime
) -> dict[int, list[Appointment]]:
    """Return the coming appointments that meet each of some times off: pk -> soonest first.

    Those with nothing in their way have no entry. Each appointment has its service and
    resources; at most a thousand are looked at.
    Cost: four queries, whatever the number of times off.
    """
    rows = list(times_off.values_list("pk", "resource_id", "starts_at", "ends_at"))
    ends = times_off.aggregate(first=Min("starts_at"), last=Max("ends_at"))
    if ends["first"] is None:
        return {}
    found = in_time(business, max(ends["first"], now), ends["last"])
    coming = list(found.filter(ends_at__gt=now).prefetch_related("resources")[:1000])
    met: dict[int, list[Appointment]] = {}
    for pk, resource_id, starts_at, ends_at in rows:
        for one in coming:
            begins, is_over = one.starts_at - one.buffer_before, one.ends_at + one.buffer_after
            if begins >= ends_at or is_over <= starts_at:
                continue
            if resource_id is None or resource_id in {each.pk for each in one.resources.all()}:
                met.setdefault(pk, []).append(one)
    return met


def in_time(business: Business, starts_at: datetime, ends_at: datetime) -> QuerySet[Appointment]:
    """Return the scheduled appointments that meet a span, the time beside them counted in."""
    found = Appointment.objects.filter(
        business=business,
        state="scheduled",
        starts_at__lt=ends_at + F("buffer_before"),
        ends_at__gt=starts_at - F("buffer_after"),
    )
    return found.select_related("service", "business").order_by("starts_at", "pk")

"""What somebody's being away runs into."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import F

from bookings.models import Appointment, Business, Resource


def in_the_way(
    *, business: Business, resources: Sequence[Resource], starts_at: datetime, ends_at: datetime
) -> list[Appointment]:
    """Return the scheduled appointments that meet a time off, soonest first, with service.

    Without resources those of the whole business. Time beside an appointment counts as its own.
    Cost: one query.
    """
    found = Appointment.objects.filter(
        business=business,
        state="scheduled",
        starts_at__lt=ends_at + F("buffer_before"),
        ends_at__gt=starts_at - F("buffer_after"),
    )
    if resources:
        found = found.filter(resources__in=resources).distinct()
    return list(found.select_related("service", "business").order_by("starts_at", "pk"))

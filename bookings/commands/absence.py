"""Time off and closures."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bookings.commands.decision import decision
from bookings.engine.text import clean_line
from bookings.errors import Invalid, NotFound, _
from bookings.models import Appointment, Business, Resource, TimeOff
from bookings.queries.absences import in_the_way


@decision
def take_time_off(
    *,
    business: Business,
    resources: Sequence[Resource],
    starts_at: datetime,
    ends_at: datetime,
    title: str = "",
    now: datetime,
) -> list[Appointment]:
    """Note that resources are away, without any that the whole business is closed.

    Returns: the scheduled appointments in the way, soonest first; they are kept, somebody has
        to move each. Time beside an appointment counts as its own. The rows' trigger bumps the
        versions first, so a booking that is being made meanwhile is either in this list or
        refused.
    Cost: one insert and one query.

    Raises:
        Invalid: it ends before it starts, or lies wholly in the past.
        NotFound: a resource of another business.
    """
    if ends_at <= starts_at:
        raise Invalid({"ends_at": _("The end must be after the start.")})
    if ends_at <= now:
        raise Invalid({"ends_at": _("This time has already passed.")})
    if any(resource.business_id != business.pk for resource in resources):
        raise NotFound()
    away: list[Resource | None] = [*resources] or [None]
    TimeOff.objects.bulk_create(
        TimeOff(
            business=business,
            resource=resource,
            starts_at=starts_at,
            ends_at=ends_at,
            title=clean_line(title)[:120],
        )
        for resource in away
    )
    return in_the_way(business=business, resources=resources, starts_at=starts_at, ends_at=ends_at)

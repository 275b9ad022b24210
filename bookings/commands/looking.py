"""The look before every decision that takes time: the same engine that made the list."""

from __future__ import annotations

from datetime import datetime

from bookings.commands.actor import Actor
from bookings.engine.policy import Override
from bookings.errors import StaffNotOffered
from bookings.models import Resource, Service
from bookings.queries.availability import current
from bookings.queries.crews import Look, look
from bookings.queries.frames import Ask

NOTHING: frozenset[Override] = frozenset()


def look_for(
    service: Service,
    *,
    starts_at: datetime,
    staff: Resource | None,
    seats: int,
    now: datetime,
    actor: Actor,
    overrides: frozenset[Override] = NOTHING,
    moving: int | None = None,
    joining: bool = True,
    prefer: frozenset[int] = frozenset(),
) -> Look:
    """Return how a start can be booked right now. Cost: at most six queries.

    Raises:
        StaffNotOffered: a customer asked for a person where the policy gives no choice.
        BookingError: as `queries.crews.look`.
    """
    plan, stamp = current(service.pk)
    if staff is not None and actor.is_customer and not plan.policy.allow_staff_selection:
        raise StaffNotOffered()
    return look(
        Ask(plan, now, moving, overrides),
        stamp,
        starts_at=starts_at,
        staff_id=staff.pk if staff else None,
        seats=seats,
        joining=joining,
        prefer=prefer,
    )

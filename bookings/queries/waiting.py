"""Group appointments that are full, and who waits for a place in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bookings.engine.hours import at_minute, ceil_minute
from bookings.engine.offers import offer_until
from bookings.errors import NotFound
from bookings.models import Appointment, Resource, Service
from bookings.queries import busy


@dataclass(frozen=True, slots=True)
class FullSession:
    """A group appointment with too few places left, whose list one can join."""

    public_id: UUID
    starts_at: datetime


def full_sessions(
    service: Service,
    *,
    lo: datetime,
    hi: datetime,
    seats: int,
    now: datetime,
    staff: Resource | None = None,
) -> list[FullSession]:
    """Return the sessions of a service that start in [lo, hi) and have too few places, by start.

    None where the service has no waiting list, or nobody could be asked in time any more. Of
    several at one start, the first. Cost: none without a list, else one query, two where there
    are any.
    """
    if not (service.has_waitlist and service.is_group) or seats > service.capacity:
        return []
    lead = service.policy.minimum_lead
    found: dict[int, int] = {}
    rows = busy.sessions(service.pk, lo=ceil_minute(lo), hi=ceil_minute(hi), now=now)
    for row in rows:
        serves = staff is None or staff.pk in row.resource_ids
        in_time = offer_until(at_minute(row.start), lead=lead, now=now) is not None
        if serves and in_time and row.seats_left < seats:
            found.setdefault(row.start, row.appointment_id)
    ids = Appointment.objects.in_bulk(list(found.values())) if found else {}
    return [FullSession(ids[pk].public_id, at_minute(start)) for start, pk in found.items()]


def session_to_wait_for(slug: str, public_id: UUID) -> Appointment:
    """Return a group appointment with a waiting list, of a public service of this business.

    Whether there are places, or it takes place at all, the command says. Its service and
    business are loaded. Cost: one query.

    Raises:
        NotFound: there is none.
    """
    found = Appointment.objects.filter(
        public_id=public_id,
        capacity__gt=1,
        service__has_waitlist=True,
        service__is_hidden=False,
        business__slug=slug,
        business__is_published=True,
    )
    appointment = found.select_related("service__business").first()
    if appointment is None:
        raise NotFound()
    return appointment

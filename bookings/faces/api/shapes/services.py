"""Services."""

from __future__ import annotations

from uuid import UUID

from bookings.faces.api.shapes import Duration, Money, Shown
from bookings.models import Service


class ServiceShown(Shown):
    """A bookable service."""

    id: UUID
    slug: str
    """The last part of the address of its page."""
    name: str
    description: str
    is_hidden: bool
    """Only staff can book it."""
    duration: Duration
    buffer_before: Duration
    buffer_after: Duration
    capacity: int
    """Places per appointment; above 1 it is a group appointment."""
    assignment: str
    price_kind: str
    price: Money | None
    location_kind: str
    needs_approval: bool
    has_waitlist: bool
    sends_sms: bool


def shown_service(service: Service) -> ServiceShown:
    """Return a service as it is said; reads `business`."""
    price = service.price
    return ServiceShown(
        id=service.public_id,
        slug=service.slug,
        name=service.name,
        description=service.description,
        is_hidden=service.is_hidden,
        duration=service.duration,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        capacity=service.capacity,
        assignment=service.assignment,
        price_kind=service.price_kind,
        price=None if price is None else Money(amount=price, currency=service.business.currency),
        location_kind=service.location_kind,
        needs_approval=service.needs_approval,
        has_waitlist=service.has_waitlist,
        sends_sms=service.sends_sms,
    )

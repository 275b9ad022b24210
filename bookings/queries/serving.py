"""Who serves which service."""

from __future__ import annotations

from collections.abc import Collection

from bookings.engine.policy import Assignment
from bookings.models import Business, Resource, ResourceKind, Service, ServiceResource


def choosable_staff(service: Service) -> list[Resource]:
    """Return the staff among whom one is chosen for a service, in order of priority.

    Nobody where all come together, or where the service takes only rooms. Cost: one query.
    """
    if service.assignment == Assignment.ALL.value:
        return []
    return list(
        Resource.objects.filter(
            links__service=service,
            kind=ResourceKind.STAFF.value,
            is_active=True,
            acceptance="active",
        ).order_by("links__priority", "pk")
    )


def services_of(business: Business, among: Collection[int] | None = None) -> list[Service]:
    """Return the services of a business, hidden ones too, in the order of the page.

    With `among` only those that one of these resources serves and can be booked for. Cost: one
    query.
    """
    rows = Service.objects.filter(business=business).select_related("business")
    if among is not None:
        rows = rows.filter(
            links__resource__in=among,
            links__resource__is_active=True,
            links__resource__acceptance="active",
        ).distinct()
    return list(rows.order_by("position", "name", "pk"))


def served_by(services: Collection[Service], public_id: str) -> set[int]:
    """Return the pks of those services that the resource with this public id serves. One query."""
    links = ServiceResource.objects.filter(service__in=services)
    pairs = links.values_list("service_id", "resource__public_id")
    return {service_id for service_id, resource in pairs if str(resource) == public_id}

"""Who serves which service."""

from __future__ import annotations

from collections.abc import Collection

from accounts.roles import Capability, Reach
from bookings.engine.policy import Assignment
from bookings.errors import NotAllowed, NotFound
from bookings.models import (
    Appointment,
    Business,
    Resource,
    ResourceKind,
    Service,
    ServiceResource,
)
from bookings.queries.colleagues import Colleague


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


def whom_to_book(colleague: Colleague, service: Service, named: Resource | None) -> Resource | None:
    """Return who shall serve a booking that somebody makes: whom they name, None for anyone.

    Who may book for themselves only serves it themselves. Cost: none, at most three queries for
    them.

    Raises:
        NotAllowed: they name somebody else.
        NotFound: they do not serve this service.
    """
    if colleague.reach(Capability.BOOK) is not Reach.OWN:
        return named
    if service not in services_of(colleague.business, colleague.own):
        raise NotFound()
    people = [each for each in choosable_staff(service) if each.pk in colleague.own]
    if named is not None and named not in people:
        raise NotAllowed()
    return people[0] if people else None


def keepers_of(appointment: Appointment) -> list[Resource]:
    """Return those who serve an appointment; its rooms where nobody does. Cost: one query."""
    crew = list(appointment.resources.order_by("pk"))
    return [each for each in crew if each.kind == ResourceKind.STAFF.value] or crew


def whom_to_move_to(
    colleague: Colleague, appointment: Appointment, named: Resource | None
) -> Resource | None:
    """Return who shall serve an appointment that somebody moves: whom they name, None for anyone.

    Whoever may not give it to somebody else keeps it with those who serve it, and so does who
    names a room of theirs. Cost: at most two queries.

    Raises:
        NotAllowed: they name somebody else, and may not reassign.
    """
    may_reassign = colleague.may(Capability.REASSIGN)
    if named is None and may_reassign:
        return None
    keepers = keepers_of(appointment)
    if named is None:
        return keepers[0] if keepers else None
    if named in keepers:
        return named
    if appointment.resources.filter(pk=named.pk).exists():
        return keepers[0]
    if not may_reassign:
        raise NotAllowed()
    return named

"""Services."""

from __future__ import annotations

from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.faces.api.call import Call, one
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.services import ServiceShown, shown_service
from bookings.models.catalogue import AvailabilityKind
from bookings.queries.catalogue import services_in_full


class ServiceQuery(Parts):
    """Which services are wanted."""

    is_hidden: bool | None = None
    """Only those that customers cannot see, or only the others."""
    availability: AvailabilityKind | None = None
    """Only those that can be booked so; an archived service is hidden and has `none`."""
    resource: UUID | None = None
    """Only those that this person gives, or that need this room."""


class Services(Endpoint):
    """The services of a business."""

    @Operation(
        "list_services",
        "List the services",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        query=ServiceQuery,
        shows=Listed[ServiceShown],
    )
    def get(self, call: Call, query: ServiceQuery) -> Listed[ServiceShown]:
        """Return services in the order of the booking page."""
        known = rows = call.colleague.services(Capability.SEE_SETTINGS)
        if query.is_hidden is not None:
            rows = rows.filter(is_hidden=query.is_hidden)
        if query.availability is not None:
            rows = rows.filter(availability=query.availability.value)
        if query.resource is not None:
            rows = rows.filter(resources__public_id=query.resource)
        order = ("position", "name", "pk")
        rows = services_in_full(rows)
        return part(call, query, rows, order=order, among=known, shows=shown_service)


class OneService(Endpoint):
    """One service."""

    @Operation(
        "read_service",
        "Read a service",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        query=Picked,
        shows=ServiceShown,
    )
    def get(self, call: Call, query: Picked, service: UUID) -> ServiceShown:
        """Return a service."""
        rows = services_in_full(call.colleague.services(Capability.SEE_SETTINGS))
        return shown_service(one(rows, service))

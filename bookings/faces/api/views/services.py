"""Services."""

from __future__ import annotations

from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.faces.api.call import Call, one
from bookings.faces.api.lists import Parts, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.services import ServiceShown, shown_service


class Services(Endpoint):
    """The services of a business."""

    @Operation(
        "list_services",
        "List the services",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        query=Parts,
        shows=Listed[ServiceShown],
    )
    def get(self, call: Call, query: Parts) -> Listed[ServiceShown]:
        """Return services in the order of the booking page."""
        rows = call.colleague.services(Capability.SEE_SETTINGS).select_related("business")
        order = ("position", "name", "pk")
        return part(call, query, rows, order=order, among=rows, shows=shown_service)


class OneService(Endpoint):
    """One service."""

    @Operation(
        "read_service",
        "Read a service",
        scope=Scope.SERVICES_READ,
        needs=Capability.SEE_SETTINGS,
        shows=ServiceShown,
    )
    def get(self, call: Call, service: UUID) -> ServiceShown:
        """Return a service."""
        rows = call.colleague.services(Capability.SEE_SETTINGS).select_related("business")
        return shown_service(one(rows, service))

"""People, rooms and equipment."""

from __future__ import annotations

from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings.faces.api.call import Call, one
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.resources import ResourceShown, shown_resource
from bookings.models import ResourceKind
from bookings.queries.catalogue import resources_in_full


class ResourceQuery(Parts):
    """Which people and rooms are wanted."""

    kind: ResourceKind | None = None
    is_active: bool | None = None
    """Only those that can be booked, or only the others."""
    service: UUID | None = None
    """Only those who give this service, or where it takes place."""


class Resources(Endpoint):
    """The people, rooms and equipment of a business."""

    @Operation(
        "list_resources",
        "List people, rooms and equipment",
        scope=Scope.RESOURCES_READ,
        needs=Capability.SEE_STAFF,
        query=ResourceQuery,
        shows=Listed[ResourceShown],
    )
    def get(self, call: Call, query: ResourceQuery) -> Listed[ResourceShown]:
        """Return people, then rooms, then equipment, by name."""
        known = rows = call.colleague.resources(Capability.SEE_STAFF)
        if query.kind is not None:
            rows = rows.filter(kind=query.kind.value)
        if query.is_active is not None:
            rows = rows.filter(is_active=query.is_active)
        if query.service is not None:
            rows = rows.filter(services__public_id=query.service)
        order = ("-kind", "name", "pk")
        rows = resources_in_full(rows)
        return part(call, query, rows, order=order, among=known, shows=shown_resource)


class OneResource(Endpoint):
    """A person, a room or a piece of equipment."""

    @Operation(
        "read_resource",
        "Read a person, a room or a piece of equipment",
        scope=Scope.RESOURCES_READ,
        needs=Capability.SEE_STAFF,
        query=Picked,
        shows=ResourceShown,
    )
    def get(self, call: Call, query: Picked, resource: UUID) -> ResourceShown:
        """Return a person, a room or a piece of equipment."""
        rows = resources_in_full(call.colleague.resources(Capability.SEE_STAFF))
        return shown_resource(one(rows, resource))

"""People, rooms and equipment."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands import Person
from bookings.commands.staff import locked_resource
from bookings.errors import Invalid, NotFound
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.resources import (
    NAMES,
    LinkAsked,
    ResourceAsked,
    ResourceChanged,
    ResourceShown,
    shown_resource,
)
from bookings.models import Invitation, Resource, ResourceKind
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

    @Operation(
        "add_resource",
        "Add a person, a room or a piece of equipment",
        scope=Scope.RESOURCES_WRITE,
        needs=Capability.EDIT_STAFF,
        body=ResourceAsked,
        shows=ResourceShown,
        status=201,
        refuses=(Invalid,),
    )
    def post(self, call: Call, body: ResourceAsked) -> Change[Resource]:
        """Add something whose time can be taken.

        A person with a member's address is that member; anybody else is invited by letter to join
        with `role`, unless they stay a guest.
        """
        person = Person(
            name=body.name,
            email=body.email or "",
            is_active=body.is_active,
            is_notified=body.is_notified,
            zone=body.time_zone or "",
        )
        decided: Any = {
            "business": call.colleague.business,
            "now": call.now,
            "actor": call.actor,
        }
        if body.kind is ResourceKind.STAFF:
            add = partial(commands.add_staff, person=person, role=body.role.value, **decided)
        else:
            add = partial(commands.add_thing, kind=body.kind.value, thing=person, **decided)
        return Change(
            add,
            shows=_in_full,
            at=lambda made: call.address("resource", resource=made.public_id),
            names=NAMES,
        )


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

    @Operation(
        "change_resource",
        "Change a person, a room or a piece of equipment",
        scope=Scope.RESOURCES_WRITE,
        needs=Capability.EDIT_STAFF,
        body=ResourceChanged,
        shows=ResourceShown,
        refuses=(Invalid,),
    )
    def patch(self, call: Call, body: ResourceChanged, resource: UUID) -> Change[Resource]:
        """Change what is sent; what is booked stays, also of who can be booked no longer."""
        row = _editable(call, resource)
        return Change(
            partial(
                commands.change_staff,
                resource=row,
                fields=body.fields_sent(),
                now=call.now,
                actor=call.actor,
            ),
            shows=_in_full,
            seen=lambda: _in_full(locked_resource(row)),
            names=NAMES,
        )


class Linking(Endpoint):
    """Which member a person is."""

    @Operation(
        "link_resource",
        "Say which member a person is",
        scope=Scope.RESOURCES_WRITE,
        needs=Capability.EDIT_STAFF,
        body=LinkAsked,
        shows=ResourceShown,
        refuses=(Invalid, NotFound),
    )
    def post(self, call: Call, body: LinkAsked, resource: UUID) -> Change[Resource]:
        """Let a member sign in as a person of the staff, or nobody."""
        row = _editable(call, resource)
        members = call.colleague.members(Capability.EDIT_STAFF).select_related("user")
        member = one(members, body.member, named="member") if body.member else None
        return Change(
            partial(
                commands.link_staff,
                resource=row,
                user=member.user if member else None,
                now=call.now,
                actor=call.actor,
            ),
            shows=_in_full,
            seen=lambda: _in_full(locked_resource(row)),
            names=NAMES,
        )


class Asking(Endpoint):
    """Whether a person takes bookings."""

    @Operation(
        "ask_resource",
        "Ask a person whether they take bookings",
        scope=Scope.RESOURCES_WRITE,
        needs=Capability.EDIT_STAFF,
        shows=ResourceShown,
        refuses=(Invalid, NotFound),
    )
    def post(self, call: Call, resource: UUID) -> Change[Invitation]:
        """Send a letter with the question; nobody can book them before they agree."""
        row = _editable(call, resource)
        return Change(
            partial(commands.ask_staff, resource=row, now=call.now, actor=call.actor),
            shows=lambda _asked: _in_full(row),
            seen=lambda: _in_full(locked_resource(row)),
        )


def _editable(call: Call, resource: UUID) -> Resource:
    rows = call.colleague.resources(Capability.EDIT_STAFF).select_related("business")
    return one(rows, resource)


def _in_full(resource: Resource) -> ResourceShown:
    return shown_resource(resources_in_full(Resource.objects.filter(pk=resource.pk)).get())

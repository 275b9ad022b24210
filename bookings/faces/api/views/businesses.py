"""Businesses."""

from __future__ import annotations

from functools import partial

from accounts.roles import Capability, Role
from accounts.scopes import Scope
from bookings import commands
from bookings.commands.people import locked_business
from bookings.errors import Invalid, NotAllowed
from bookings.faces.api.call import Call
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Parts, Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.businesses import (
    NAMES,
    BusinessChanged,
    BusinessShown,
    shown_business,
)
from bookings.models import Business
from bookings.queries.colleagues import businesses_of, roles_of


class Businesses(Endpoint):
    """The businesses in which somebody works."""

    @Operation(
        "list_businesses",
        "List your businesses",
        scope=Scope.BUSINESSES_READ,
        query=Parts,
        shows=Listed[BusinessShown],
    )
    def get(self, call: Call, query: Parts) -> Listed[BusinessShown]:
        """Return the businesses whose settings the owner of the token may see, by name."""
        rows, roles = businesses_of(call.user, Capability.SEE_SETTINGS), roles_of(call.user)

        def shows(business: Business) -> BusinessShown:
            return shown_business(business, Role.ADMIN if roles is None else roles[business.pk])

        return part(call, query, rows, order=("name", "pk"), among=rows, shows=shows)


class OneBusiness(Endpoint):
    """One business."""

    @Operation(
        "read_business",
        "Read a business",
        scope=Scope.BUSINESSES_READ,
        needs=Capability.SEE_SETTINGS,
        query=Picked,
        shows=BusinessShown,
    )
    def get(self, call: Call, query: Picked) -> BusinessShown:
        """Return a business with its policy."""
        return shown_business(call.colleague.business, call.colleague.role)

    @Operation(
        "change_business",
        "Change a business",
        scope=Scope.BUSINESSES_WRITE,
        needs=Capability.EDIT_SETTINGS,
        body=BusinessChanged,
        shows=BusinessShown,
        refuses=(Invalid, NotAllowed),
    )
    def patch(self, call: Call, body: BusinessChanged) -> Change[Business]:
        """Change what is sent of a business; what is booked stays as it is."""
        business, role = call.colleague.business, call.colleague.role
        fields = body.fields_sent()
        if "is_published" in fields and not call.colleague.may(Capability.PUBLISH):
            raise NotAllowed()
        return Change(
            partial(
                commands.change_business,
                business=business,
                fields=fields,
                now=call.now,
                actor=call.actor,
            ),
            shows=lambda changed: shown_business(changed, role),
            seen=lambda: shown_business(locked_business(business.pk), role),
            names=NAMES,
        )

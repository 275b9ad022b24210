"""Memberships: who works for a business, with which role."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from accounts.roles import Capability
from accounts.scopes import Scope
from bookings import commands
from bookings.commands.people import locked_business
from bookings.errors import LastAdmin, OwnRole
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.people import (
    MembershipShown,
    MembershipsQuery,
    RoleAsked,
    shown_membership,
)
from bookings.models import Membership
from bookings.queries.people import members_in_full

SEE, EDIT = Capability.SEE_STAFF, Capability.EDIT_STAFF

_ORDERS = {
    "name": ("user__name", "user__email", "pk"),
    "created_at": ("created_at", "pk"),
    "-created_at": ("-created_at", "-pk"),
}


class Memberships(Endpoint):
    """Everybody who works for a business."""

    @Operation(
        "list_memberships",
        "List who works for the business",
        scope=Scope.MEMBERS_READ,
        needs=SEE,
        query=MembershipsQuery,
        shows=Listed[MembershipShown],
    )
    def get(self, call: Call, query: MembershipsQuery) -> Listed[MembershipShown]:
        """Return the members with their roles."""
        known = rows = call.colleague.members(SEE)
        if query.role is not None:
            rows = rows.filter(role=query.role.value)
        rows, order = members_in_full(rows), _ORDERS[query.order]
        return part(call, query, rows, order=order, among=known, shows=shown_membership)


class OneMembership(Endpoint):
    """One membership."""

    @Operation(
        "read_membership",
        "Read a membership",
        scope=Scope.MEMBERS_READ,
        needs=SEE,
        query=Picked,
        shows=MembershipShown,
    )
    def get(self, call: Call, query: Picked, membership: UUID) -> MembershipShown:
        """Return who it is, and their role."""
        return shown_membership(one(members_in_full(call.colleague.members(SEE)), membership))

    @Operation(
        "change_role",
        "Give a member another role",
        scope=Scope.MEMBERS_WRITE,
        needs=EDIT,
        body=RoleAsked,
        shows=MembershipShown,
        refuses=(OwnRole, LastAdmin),
    )
    def patch(self, call: Call, body: RoleAsked, membership: UUID) -> Change[Membership]:
        """Change what somebody may do from now on; nobody does that to themselves."""
        row = one(call.colleague.members(EDIT), membership)
        return Change(
            partial(
                commands.change_role,
                membership=row,
                role=body.role.value,
                by=call.user,
                now=call.now,
                actor=call.actor,
            ),
            shows=lambda changed: shown_membership(_loaded(call, changed.public_id)),
            seen=lambda: _seen(call, membership),
        )

    @Operation(
        "remove_member",
        "End a membership",
        scope=Scope.MEMBERS_WRITE,
        needs=EDIT,
        status=204,
        refuses=(OwnRole, LastAdmin),
    )
    def delete(self, call: Call, membership: UUID) -> Change[None]:
        """End it at once; the account stays, and so does the person in the staff list."""
        row = one(call.colleague.members(EDIT), membership)
        return Change(
            partial(
                commands.remove_member,
                membership=row,
                by=call.user,
                now=call.now,
                actor=call.actor,
            ),
            shows=lambda _ended: None,
            seen=lambda: _seen(call, membership),
        )


def _seen(call: Call, membership: UUID) -> MembershipShown:
    """Return a membership as it is shown, under the lock of all decisions about members."""
    locked_business(call.colleague.business.pk)
    return shown_membership(_loaded(call, membership))


def _loaded(call: Call, membership: UUID) -> Membership:
    return one(members_in_full(call.colleague.members(EDIT)), membership)

"""Invitations: whom a business has asked to join, and what became of it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from accounts.roles import Capability, Role
from accounts.scopes import Scope
from bookings import commands
from bookings.commands.people import locked_business
from bookings.errors import AlreadyAnswered, Invalid
from bookings.faces.api.call import Call, one
from bookings.faces.api.changing import Change
from bookings.faces.api.lists import Picked, part
from bookings.faces.api.operation import Endpoint, Operation
from bookings.faces.api.shapes import Listed
from bookings.faces.api.shapes.people import (
    InvitationAsked,
    InvitationShown,
    InvitationsQuery,
    shown_invitation,
)
from bookings.models import Invitation, Resource
from bookings.queries.people import invitations_in

SEE, EDIT = Capability.SEE_STAFF, Capability.EDIT_STAFF

_LOADED = ("business", "resource")
_ORDERS = {"created_at": ("created_at", "pk"), "-created_at": ("-created_at", "-pk")}


class Invitations(Endpoint):
    """Everybody who was asked to join."""

    @Operation(
        "list_invitations",
        "List the invitations",
        scope=Scope.MEMBERS_READ,
        needs=SEE,
        query=InvitationsQuery,
        shows=Listed[InvitationShown],
    )
    def get(self, call: Call, query: InvitationsQuery) -> Listed[InvitationShown]:
        """Return the invitations, also those that were answered; none that were withdrawn."""
        known = rows = call.colleague.invitations(SEE)
        if query.state is not None:
            rows = invitations_in(rows, query.state, now=call.now)
        return part(
            call,
            query,
            rows.select_related(*_LOADED),
            order=_ORDERS[query.order],
            among=known,
            shows=partial(shown_invitation, now=call.now),
        )

    @Operation(
        "invite",
        "Invite somebody",
        scope=Scope.MEMBERS_WRITE,
        needs=EDIT,
        body=InvitationAsked,
        shows=InvitationShown,
        status=201,
        refuses=(Invalid,),
    )
    def post(self, call: Call, body: InvitationAsked) -> Change[Invitation]:
        """Send a letter with a link that accepts, which works for 14 days.

        An earlier invitation of the same address, or to be the same person, ends with it.
        """
        staff = call.colleague.resources(EDIT)
        person = None if body.staff is None else one(staff, body.staff, named="staff")
        return _sent(call, body.email, body.role, person)


class OneInvitation(Endpoint):
    """One invitation."""

    @Operation(
        "read_invitation",
        "Read an invitation",
        scope=Scope.MEMBERS_READ,
        needs=SEE,
        query=Picked,
        shows=InvitationShown,
    )
    def get(self, call: Call, query: Picked, invitation: UUID) -> InvitationShown:
        """Return whom it is for, and what has become of it."""
        rows = call.colleague.invitations(SEE).select_related(*_LOADED)
        return shown_invitation(one(rows, invitation), now=call.now)

    @Operation(
        "withdraw_invitation",
        "Withdraw an invitation",
        scope=Scope.MEMBERS_WRITE,
        needs=EDIT,
        status=204,
        refuses=(AlreadyAnswered,),
    )
    def delete(self, call: Call, invitation: UUID) -> Change[None]:
        """Take it back: its link ends, and its letter is not sent any more."""
        row = one(call.colleague.invitations(EDIT), invitation)
        return Change(
            partial(commands.withdraw_invitation, invitation=row, now=call.now, actor=call.actor),
            shows=lambda _withdrawn: None,
            seen=lambda: _seen(call, invitation),
        )


class Resending(Endpoint):
    """Invitations whose letter is sent once more."""

    @Operation(
        "resend_invitation",
        "Send an invitation anew",
        scope=Scope.MEMBERS_WRITE,
        needs=EDIT,
        shows=InvitationShown,
        status=201,
        refuses=(Invalid,),
    )
    def post(self, call: Call, invitation: UUID) -> Change[Invitation]:
        """Replace it by a new one with another id and link, which works for 14 days."""
        rows = call.colleague.invitations(EDIT).select_related("resource")
        row = one(rows, invitation)
        return _sent(call, row.email, Role(row.role), row.resource, instead_of=invitation)


def _sent(
    call: Call, email: str, role: Role, person: Resource | None, *, instead_of: UUID | None = None
) -> Change[Invitation]:
    return Change(
        partial(
            commands.invite,
            business=call.colleague.business,
            email=email,
            role=role.value,
            resource=person,
            now=call.now,
            actor=call.actor,
        ),
        shows=lambda made: shown_invitation(made, now=call.now),
        seen=None if instead_of is None else lambda: _seen(call, instead_of),
        at=lambda made: call.address("invitation", invitation=made.public_id),
        names={"resource": "staff"},
    )


def _seen(call: Call, invitation: UUID) -> InvitationShown:
    """Return an invitation as it is shown, under the lock of all decisions about members."""
    locked_business(call.colleague.business.pk)
    rows = call.colleague.invitations(EDIT).select_related(*_LOADED)
    return shown_invitation(one(rows, invitation), now=call.now)

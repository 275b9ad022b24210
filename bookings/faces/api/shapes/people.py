"""Who works for a business, and who was asked to."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from accounts.roles import Role
from bookings.faces.api.lists import Parts
from bookings.faces.api.shapes import Asked, Email, Instant, Named, Shown, instant
from bookings.models import Invitation, Membership
from bookings.queries.people import InvitationState, staff_of, state_of


class MembershipShown(Shown):
    """Somebody who works for a business."""

    id: UUID
    name: str
    """As their account says; may be empty."""
    email: str
    """They sign in with it."""
    role: Role
    is_active: bool
    """False: their account is switched off."""
    staff: Named | None
    """Who they are among the people who can be booked."""
    created_at: Instant


class MembershipsQuery(Parts):
    """Which memberships are wanted."""

    role: Role | None = None
    """Only those with this role."""
    order: Literal["name", "created_at", "-created_at"] = "name"


class RoleAsked(Asked):
    """Another role."""

    role: Role


class InvitationShown(Shown):
    """Somebody who was asked to join, or whether they take bookings."""

    id: UUID
    email: str
    role: Role
    """What they are to be; a guest is asked about bookings alone."""
    staff: Named | None
    """Who they are to be among the people who can be booked."""
    state: InvitationState
    invited_by: str
    created_at: Instant
    expires_at: Instant
    """From then on an invitation without an answer cannot be accepted."""
    accepted_at: Instant | None
    declined_at: Instant | None


class InvitationsQuery(Parts):
    """Which invitations are wanted."""

    state: InvitationState | None = None
    """Only those of which this has become."""
    order: Literal["created_at", "-created_at"] = "-created_at"


class InvitationAsked(Asked):
    """Whom to invite, and as what."""

    email: Email
    role: Role
    staff: Annotated[UUID | None, Field(description="Who of the staff they are.")] = None


def shown_membership(membership: Membership) -> MembershipShown:
    """Return a membership as it is said; reads what `members_in_full` loads."""
    user, staff = membership.user, staff_of(membership)
    return MembershipShown(
        id=membership.public_id,
        name=user.name,
        email=user.email,
        role=Role(membership.role),
        is_active=user.is_active,
        staff=None if staff is None else Named(id=staff.public_id, name=staff.name),
        created_at=instant(membership.created_at, membership.business.zone),
    )


def shown_invitation(invitation: Invitation, *, now: datetime) -> InvitationShown:
    """Return an invitation as it is said; reads `business` and `resource`."""
    staff, zone = invitation.resource, invitation.business.zone
    accepted, declined = invitation.accepted_at, invitation.declined_at
    return InvitationShown(
        id=invitation.public_id,
        email=invitation.email,
        role=Role(invitation.role),
        staff=None if staff is None else Named(id=staff.public_id, name=staff.name),
        state=state_of(invitation, now=now),
        invited_by=invitation.invited_by,
        created_at=instant(invitation.created_at, zone),
        expires_at=instant(invitation.expires_at, zone),
        accepted_at=None if accepted is None else instant(accepted, zone),
        declined_at=None if declined is None else instant(declined, zone),
    )

"""Who works for a business, and who was asked to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Prefetch, Q, QuerySet

from accounts.roles import Role
from bookings.errors import NotFound
from bookings.models import Business, Invitation, Membership, Resource
from bookings.models.appointment import digest_of
from bookings.models.catalogue import ResourceKind


@dataclass(frozen=True)
class People:
    """The people of a business, and what else can be booked; each list by name."""

    members: list[Membership]
    invitations: list[Invitation]
    staff: list[Resource]
    things: list[Resource]


def people(business: Business) -> People:
    """Return everybody who works for a business, with their accounts.

    Invitations are those that nobody has accepted, the newest first.
    Cost: three queries, whatever the number of people.
    """
    members = business.memberships.select_related("user").order_by("user__name", "user__email")
    waiting = business.invitations.filter(accepted_at=None).select_related("resource")
    resources = list(business.resources.select_related("user").order_by("kind", "name"))
    return People(
        members=list(members),
        invitations=list(waiting.order_by("-created_at", "-pk")),
        staff=[each for each in resources if each.kind == ResourceKind.STAFF.value],
        things=[each for each in resources if each.kind != ResourceKind.STAFF.value],
    )


class InvitationState(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


def members_in_full(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Return memberships with their accounts, and who these are among the staff.

    Cost: one query more than the rows.
    """
    resources = Resource.objects.order_by("pk")
    return rows.select_related("business", "user").prefetch_related(
        Prefetch("user__resources", queryset=resources)
    )


def staff_of(membership: Membership) -> Resource | None:
    """Return who a member is among the staff; reads what `members_in_full` loads."""
    for resource in membership.user.resources.all():
        if resource.business_id == membership.business_id:
            return resource
    return None


def invitations_in(
    rows: QuerySet[Invitation], state: InvitationState, *, now: datetime
) -> QuerySet[Invitation]:
    """Return those of some invitations that are in a state."""
    answered = Q(accepted_at__isnull=False) | Q(declined_at__isnull=False)
    held = {
        InvitationState.OPEN: ~answered & Q(expires_at__gt=now),
        InvitationState.ACCEPTED: Q(accepted_at__isnull=False),
        InvitationState.DECLINED: Q(declined_at__isnull=False),
        InvitationState.EXPIRED: ~answered & Q(expires_at__lte=now),
    }
    return rows.filter(held[state])


def state_of(invitation: Invitation, *, now: datetime) -> InvitationState:
    """Return what has become of an invitation."""
    if invitation.accepted_at is not None:
        return InvitationState.ACCEPTED
    if invitation.declined_at is not None:
        return InvitationState.DECLINED
    return InvitationState.OPEN if invitation.expires_at > now else InvitationState.EXPIRED


def answerable(now: datetime) -> Q:
    """Return which invitations can be answered by their link.

    They expire, but who was asked about bookings may always think again: a guest once they
    have answered, anybody else once they have joined.
    """
    asked_again = Q(resource__isnull=False) & (
        Q(accepted_at__isnull=False) | Q(declined_at__isnull=False, role=Role.GUEST.value)
    )
    return Q(expires_at__gt=now) | asked_again


def invitation_by_token(token: str, *, now: datetime) -> Invitation:
    """Return the invitation behind a link, with its business and who it is for. Cost: one query.

    Raises:
        NotFound: it is unknown, withdrawn, or has expired.
    """
    found = (
        Invitation.objects.filter(answerable(now), digest=digest_of(token))
        .select_related("business", "resource")
        .first()
    )
    if found is None:
        raise NotFound()
    return found

"""Who works for a business, and who was asked to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

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

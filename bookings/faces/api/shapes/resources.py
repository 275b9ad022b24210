"""People, rooms and equipment."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from accounts.roles import Role
from bookings.faces.api.shapes import Asked, Changed, Email, Line, Named, Shown, Zone
from bookings.models import Resource, ResourceKind
from bookings.models.catalogue import Acceptance


class GivenShown(Shown):
    """A service that somebody gives, or that needs a room."""

    id: UUID
    name: str
    priority: int
    """The lowest comes first where the customer wants anyone."""


class ResourceShown(Shown):
    """A person, a room or a piece of equipment: something whose time can be taken."""

    id: UUID
    kind: ResourceKind
    name: str
    email: str | None
    """Where invitations to appointments are sent."""
    is_active: bool
    """Can be booked."""
    acceptance: Acceptance
    """Whether a person has agreed to be booked, where the business wants that."""
    is_notified: bool
    """Gets mail about their appointments."""
    time_zone: Zone | None
    """Of their own hours; null: that of the business."""
    member: Named | None
    """The member who signs in as this person."""
    services: Sequence[GivenShown]
    """By name."""


class ResourceAsked(Asked):
    """A person, a room or a piece of equipment to be added."""

    kind: ResourceKind = ResourceKind.STAFF
    name: Line
    email: Email | None = None
    is_active: bool = True
    is_notified: bool = True
    time_zone: Zone | None = None
    role: Role = Role.GUEST
    """What a person is invited to be, unless they are a member; a guest has no account."""


class ResourceChanged(Changed):
    """What is to be otherwise about a person, a room or a piece of equipment."""

    name: Line = ""
    email: Email | None = None
    is_active: bool = True
    is_notified: bool = True
    time_zone: Zone | None = None

    def fields_sent(self) -> dict[str, object]:
        """Return what was sent by the names of the commands."""
        return {
            "zone" if name == "time_zone" else name: value for name, value in self.sent().items()
        }


class LinkAsked(Asked):
    """Who signs in as a person."""

    member: UUID | None
    """The id of a membership; null: nobody."""


NAMES = {"zone": "time_zone", "user": "member"}
"""How the API calls a field that the commands call otherwise."""


def shown_resource(resource: Resource) -> ResourceShown:
    """Return a resource as it is said; reads what `resources_in_full` loads."""
    return ResourceShown(
        id=resource.public_id,
        kind=ResourceKind(resource.kind),
        name=resource.name,
        email=resource.email or None,
        is_active=resource.is_active,
        acceptance=Acceptance(resource.acceptance),
        is_notified=resource.is_notified,
        time_zone=resource.zone or None,
        member=_member(resource),
        services=[
            GivenShown(id=link.service.public_id, name=link.service.name, priority=link.priority)
            for link in resource.links.all()
        ],
    )


def _member(resource: Resource) -> Named | None:
    """Return the membership of who signs in; they may have left, or be a superuser."""
    of_user = resource.user.memberships.all() if resource.user else ()
    mine = (each for each in of_user if each.business_id == resource.business_id)
    found = next(mine, None)
    return Named(id=found.public_id, name=str(resource.user)) if found else None

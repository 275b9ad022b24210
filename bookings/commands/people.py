"""Who works for a business: roles that change, members who leave."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.decision import decision
from bookings.errors import Invalid, LastAdmin, NotFound, OwnRole, _
from bookings.models import Business, Invitation, Membership, Resource


@decision
def change_role(
    *, membership: Membership, role: str, by: User, now: datetime, actor: Actor
) -> Membership:
    """Give a member another role; the role they have already changes nothing.

    Locks: the business.

    Raises:
        Invalid: there is no such role.
        OwnRole: `by` is that member.
        LastAdmin: nobody else could run the business.
        NotFound: the member has left meanwhile.
    """
    wanted = known_role(role)
    membership = _locked(membership, by)
    before = membership.role
    if before == wanted:
        return membership
    _refuse_last_admin(membership)
    membership.role = wanted.value
    membership.save(update_fields=["role"])
    _note(membership, "member.role_changed", actor, now, {"role": wanted.value, "before": before})
    return membership


@decision
def remove_member(*, membership: Membership, by: User, now: datetime, actor: Actor) -> None:
    """End a membership at once; the account stays, and so does the person in the staff list.

    Their row there is nobody's from now on: it keeps its appointments, until it is switched off.
    The links of their invitations end.
    Locks: the business.

    Raises:
        OwnRole: `by` is that member.
        LastAdmin: nobody else could run the business.
        NotFound: the member has left meanwhile.
    """
    membership = _locked(membership, by)
    _refuse_last_admin(membership)
    theirs = Resource.objects.filter(business=membership.business, user=membership.user)
    Invitation.objects.filter(
        Q(email__iexact=membership.user.email) | Q(resource__in=theirs),
        business=membership.business,
    ).delete()
    theirs.update(user=None)
    _note(membership, "member.removed", actor, now, {"role": membership.role})
    membership.delete()


def locked_business(business_id: int) -> Business:
    """Return a business under the lock that orders all decisions about its people.

    Bookings do not wait for it. Cost: one query.
    """
    return Business.objects.select_for_update(no_key=True).get(pk=business_id)


def known_role(role: str) -> Role:
    """Return the role of this name.

    Raises:
        Invalid: there is none.
    """
    if role not in {each.value for each in Role}:
        raise Invalid({"role": _("Choose one of the roles.")})
    return Role(role)


def _locked(membership: Membership, by: User) -> Membership:
    """Return a membership as it is now, that of somebody else, under the business's lock."""
    if membership.user_id == by.pk:
        raise OwnRole()
    business = locked_business(membership.business_id)
    found = Membership.objects.filter(pk=membership.pk).select_related("user").first()
    if found is None:
        raise NotFound()
    found.business = business
    return found


def _refuse_last_admin(membership: Membership) -> None:
    """Refuse to lose the last admin who can still sign in; the business's lock is held."""
    if membership.role != Role.ADMIN.value:
        return
    others = Membership.objects.filter(
        business=membership.business, role=Role.ADMIN.value, user__is_active=True
    ).exclude(pk=membership.pk)
    if not others.exists():
        raise LastAdmin()


def _note(
    membership: Membership, kind: str, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    outbox.record_alone(
        business=membership.business,
        kind=kind,
        actor=str(actor),
        now=now,
        data={"member": str(membership.public_id), "email": membership.user.email, **data},
    )

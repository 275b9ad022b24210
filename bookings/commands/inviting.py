"""Invitations: to join with a role, and to take bookings; what became of them.

An invitation to a guest asks only whether they take bookings, so its link alone is enough to
answer. Any other makes a member, and is answered by the account with its address.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q

from accounts.models import User
from accounts.roles import Role
from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.contact import why_not_email
from bookings.commands.decision import decision
from bookings.commands.people import known_role, locked_business
from bookings.commands.tokens import invitation_token
from bookings.engine.text import clean_line
from bookings.errors import AlreadyAnswered, Invalid, NotFound, WrongAccount, _
from bookings.models import Business, Invitation, Membership, Resource
from bookings.models.appointment import digest_of
from bookings.models.catalogue import Acceptance, ResourceKind
from bookings.models.outbox import Audience
from bookings.outbox import Recipient
from bookings.queries.people import answerable

OPEN_FOR = timedelta(days=14)


@decision
def invite(
    *,
    business: Business,
    email: str,
    role: str,
    resource: Resource | None = None,
    now: datetime,
    actor: Actor,
) -> Invitation:
    """Ask an address to join with a role, and with `resource` to be that person; queue the letter.

    An invitation that the address, or that person, has not answered yet is replaced: its link
    ends. An account of that address learns of it and is not touched before it accepts.
    Locks: the business.

    Raises:
        Invalid: no such role; no e-mail address; a member already; a guest without a person;
            a person who is somebody else already.
        NotFound: `resource` is none of the business's staff.
    """
    wanted, address = known_role(role), clean_line(email)
    business = locked_business(business.pk)
    _refuse(business, address, wanted, resource)
    earlier = Q(email__iexact=address, accepted_at=None)
    if resource is not None:
        earlier |= Q(resource=resource)
    Invitation.objects.filter(earlier, business=business).delete()
    invitation = Invitation(
        business=business,
        email=address,
        role=wanted.value,
        resource=resource,
        invited_by=actor.name,
        created_at=now,
        expires_at=now + OPEN_FOR,
    )
    invitation.digest = digest_of(invitation_token(invitation=invitation))
    invitation.save(force_insert=True)
    event = outbox.record_alone(
        business=business,
        kind="invitation.sent",
        actor=str(actor),
        now=now,
        data=_told(invitation, role=wanted.value),
    )
    outbox.put(event=event, topic="invitation", to=[Recipient(Audience.STAFF, address)], now=now)
    return invitation


@decision
def ask_staff(*, resource: Resource, now: datetime, actor: Actor) -> Invitation:
    """Ask a person by letter whether they take bookings; until they agree, nobody books them.

    Locks: the business.

    Raises:
        Invalid: there is no address to ask.
        NotFound: this is none of the staff.
    """
    invitation = invite(
        business=resource.business,
        email=resource.email,
        role=Role.GUEST.value,
        resource=resource,
        now=now,
        actor=actor,
    )
    _take_bookings(resource, Acceptance.PENDING)
    return invitation


@decision
def withdraw_invitation(*, invitation: Invitation, now: datetime, actor: Actor) -> None:
    """Take an invitation back: its link ends, and its letter is not sent any more.

    Locks: the business.

    Raises:
        AlreadyAnswered: it has been accepted.
        NotFound: it is gone already.
    """
    business = locked_business(invitation.business_id)
    found = business.invitations.filter(pk=invitation.pk).select_related("resource").first()
    if found is None:
        raise NotFound()
    if found.accepted_at is not None:
        raise AlreadyAnswered()
    _note(found, "invitation.withdrawn", str(actor), now)
    found.delete()


@decision
def accept_invitation(*, invitation: Invitation, user: User | None, now: datetime) -> Invitation:
    """Join, and take bookings where the invitation is for somebody of the staff.

    `user` is who is signed in. Who is a member already keeps their role. Accepting again
    changes nothing, but lets somebody who has declined bookings since take them again.
    Locks: the business.

    Raises:
        WrongAccount: this needs the account with the invitation's address.
        Invalid: the account, or the person, is linked to another by now.
        NotFound: it was withdrawn, or has expired.
    """
    invitation = _locked(invitation, now)
    resource = invitation.resource
    if invitation.role != Role.GUEST.value:
        if user is None or user.email.lower() != invitation.email.lower():
            raise WrongAccount(email=invitation.email)
        _join(invitation, user, now)
    if resource is not None:
        _take_bookings(resource, Acceptance.ACTIVE)
    if invitation.accepted_at is None:
        invitation.accepted_at, invitation.declined_at = now, None
        invitation.save(update_fields=["accepted_at", "declined_at"])
    _note(invitation, "invitation.accepted", f"staff:{invitation.email}"[:120], now)
    return invitation


@decision
def decline_invitation(*, invitation: Invitation, now: datetime) -> Invitation:
    """Say no; somebody of the staff is not bookable then, also when they had accepted before.

    A membership that was accepted stays: an admin ends it.
    Locks: the business.

    Raises:
        AlreadyAnswered: it was accepted, and is about nothing but the membership.
        NotFound: it was withdrawn, or has expired.
    """
    invitation = _locked(invitation, now)
    if invitation.resource is not None:
        _take_bookings(invitation.resource, Acceptance.REJECTED)
    elif invitation.accepted_at is not None:
        raise AlreadyAnswered()
    if invitation.accepted_at is None:
        invitation.declined_at = now
        invitation.save(update_fields=["declined_at"])
    _note(invitation, "invitation.declined", f"staff:{invitation.email}"[:120], now)
    return invitation


def _refuse(business: Business, address: str, role: Role, resource: Resource | None) -> None:
    if sentence := why_not_email(address):
        raise Invalid({"email": sentence})
    if resource is not None and (
        resource.business_id != business.pk or resource.kind != ResourceKind.STAFF.value
    ):
        raise NotFound()
    if role == Role.GUEST:
        if resource is None:
            raise Invalid({"role": _("A guest has no account: add them to the staff instead.")})
        return
    if Membership.objects.filter(business=business, user__email__iexact=address).exists():
        raise Invalid({"email": _("This person is a member already.")})
    if resource is not None and resource.user_id is not None:
        raise Invalid({"resource": _("This person is linked to an account already.")})


def _locked(invitation: Invitation, now: datetime) -> Invitation:
    """Return an invitation as it is now, if its link still works, under its business's lock."""
    business = locked_business(invitation.business_id)
    rows = Invitation.objects.filter(answerable(now), pk=invitation.pk)
    found = rows.select_related("resource").first()
    if found is None:
        raise NotFound()
    found.business = business
    return found


def _join(invitation: Invitation, user: User, now: datetime) -> None:
    member = Membership(
        user=user, business=invitation.business, role=invitation.role, created_at=now
    )
    if invitation.accepted_at is None:
        Membership.objects.bulk_create([member], ignore_conflicts=True)
    elif not Membership.objects.filter(user=user, business=invitation.business).exists():
        raise NotFound()
    resource = invitation.resource
    if resource is None or resource.user_id == user.pk:
        return
    taken = Resource.objects.filter(business=invitation.business, user=user).exists()
    if taken or resource.user_id is not None:
        raise Invalid({"": _("This account or this person is linked to another. Ask an admin.")})
    resource.user = user
    resource.save(update_fields=["user"])


def _take_bookings(resource: Resource, answer: Acceptance) -> None:
    resource.acceptance = answer.value
    resource.save(update_fields=["acceptance"])


def _told(invitation: Invitation, **more: object) -> dict[str, object]:
    resource = invitation.resource
    return {
        "invitation": str(invitation.public_id),
        "email": invitation.email,
        **({"resource": str(resource.public_id)} if resource else {}),
        **more,
    }


def _note(invitation: Invitation, kind: str, actor: str, now: datetime) -> None:
    outbox.record_alone(
        business=invitation.business, kind=kind, actor=actor, now=now, data=_told(invitation)
    )

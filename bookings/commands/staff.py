"""The people whose time can be booked: adding them, switching them off, who they are."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet

from accounts.models import User
from accounts.roles import Role
from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.checking import Fields, differing
from bookings.commands.contact import why_not_email
from bookings.commands.decision import decision
from bookings.commands.inviting import ask_staff, invite
from bookings.commands.people import known_role, locked_business
from bookings.commands.reminding import expect_new_rules
from bookings.engine.hours import is_zone
from bookings.engine.text import clean_line
from bookings.errors import Invalid, NotFound, _
from bookings.models import Business, Membership, Resource, Service
from bookings.models.catalogue import Acceptance, ResourceKind

NAME_LIMIT = 120
FIELDS: Final = frozenset({"name", "email", "is_active", "is_notified", "zone"})
"""What can be changed of a person or room."""

_THINGS: Final = frozenset({ResourceKind.ROOM.value, ResourceKind.EQUIPMENT.value})


@dataclass(frozen=True)
class Person:
    """Somebody of the staff, or a room, as typed; without a time zone it is the business's."""

    name: str
    email: str = ""
    is_active: bool = True
    is_notified: bool = True
    zone: str = ""


@decision
def add_staff(
    *, business: Business, person: Person, role: str, now: datetime, actor: Actor
) -> Resource:
    """Add somebody to the staff and return them.

    A member's address links them at once, and they keep their role. Anybody else is invited to
    join with `role`, a guest stays without an account. Where staff have to agree, nobody can
    book them before they have.
    Locks: the business.

    Raises:
        Invalid: no such role; a name that is missing or taken; no address where a letter has
            to be sent; a member who is in the list already.
    """
    wanted, business = known_role(role), locked_business(business.pk)
    member = Membership.objects.filter(
        business=business, user__email__iexact=clean_line(person.email)
    )
    user = found.user if (found := member.select_related("user").first()) else None
    needs_email = business.staff_must_accept or wanted != Role.GUEST
    person = _checked(business, person, needs_email=needs_email)
    if user is not None and business.resources.filter(user=user).exists():
        raise Invalid({"email": _("This person is in the list already.")})
    resource = Resource.objects.create(
        business=business,
        name=person.name,
        email=person.email,
        user=user,
        is_active=person.is_active,
        is_notified=person.is_notified,
        zone=person.zone,
    )
    _note(resource, "staff.added", actor, now, {"name": resource.name})
    if user is None and wanted != Role.GUEST:
        _wait_where_asked(resource)
        invite(
            business=business,
            email=person.email,
            role=wanted.value,
            resource=resource,
            now=now,
            actor=actor,
        )
    else:
        welcome_staff(resource=resource, now=now, actor=actor)
    return resource


@decision
def add_thing(
    *, business: Business, kind: str, thing: Person, now: datetime, actor: Actor
) -> Resource:
    """Add a room or a piece of equipment and return it.

    Locks: the business.

    Raises:
        Invalid: it is neither; a name that is missing or taken; an address or a time zone that
            is none.
    """
    if kind not in _THINGS:
        raise Invalid({"kind": _("Add a room or a piece of equipment.")})
    business = locked_business(business.pk)
    thing = _checked(business, thing, needs_email=False, kind=kind)
    made = Resource.objects.create(business=business, kind=kind, **asdict(thing))
    _note(made, "staff.added", actor, now, {"name": made.name, "kind": kind})
    return made


@decision
def welcome_staff(*, resource: Resource, now: datetime, actor: Actor) -> None:
    """Ask a person who is new in the list to agree, where the business wants that.

    Without an address they stay pending, until they have one and are asked.
    Locks: the business.
    """
    locked_business(resource.business_id)
    if not resource.business.staff_must_accept or resource.kind != ResourceKind.STAFF.value:
        return
    if resource.email:
        ask_staff(resource=resource, now=now, actor=actor)
    else:
        _wait_where_asked(resource)


@decision
def change_staff(*, resource: Resource, fields: Fields, now: datetime, actor: Actor) -> Resource:
    """Change some of `FIELDS` of a person or room, and return it; the others stay.

    What is booked stays. With the address the link of a letter to the old one ends.
    Locks: the business.

    Raises:
        Invalid: a name that is missing or taken; an address or a time zone that is none.
        NotFound: it is gone.
    """
    resource = locked_resource(resource)
    now_is: dict[str, Any] = {name: getattr(resource, name) for name in FIELDS}
    person = Person(**now_is | differing(resource, fields))
    kind, business = resource.kind, resource.business
    person = _checked(business, person, needs_email=False, kind=kind, but=resource)
    wanted = differing(resource, asdict(person))
    if not wanted:
        return resource
    before = {name: now_is[name] for name in wanted}
    if {"email", "is_notified"} & set(wanted):
        expect_new_rules(services=_reminding(resource), now=now)
    for name, value in wanted.items():
        setattr(resource, name, value)
    resource.save(update_fields=list(wanted))
    if "email" in wanted:
        resource.invitations.all().delete()
    _note(resource, "staff.changed", actor, now, {"before": before, "after": wanted})
    return resource


def locked_resource(resource: Resource) -> Resource:
    """Return a person or room as it is now, under its business's lock. Cost: two queries.

    Raises:
        NotFound: it is gone.
    """
    business = locked_business(resource.business_id)
    found = business.resources.filter(pk=resource.pk).first()
    if found is None:
        raise NotFound()
    found.business = business
    return found


@decision
def link_staff(*, resource: Resource, user: User | None, now: datetime, actor: Actor) -> Resource:
    """Say which member a person of the staff is; None: nobody who signs in.

    The links of invitations to be that person end.
    Locks: the business.

    Raises:
        Invalid: that member is somebody else of the staff.
        NotFound: not of the staff, or the user is no member.
    """
    resource = locked_resource(resource)
    business = resource.business
    if resource.kind != ResourceKind.STAFF.value:
        raise NotFound()
    if user is not None:
        if not Membership.objects.filter(business=business, user=user).exists():
            raise NotFound()
        if business.resources.filter(user=user).exclude(pk=resource.pk).exists():
            raise Invalid({"user": _("This member is linked to somebody else of the staff.")})
    if resource.user_id == (user.pk if user else None):
        return resource
    resource.user = user
    resource.save(update_fields=["user"])
    resource.invitations.all().delete()
    _note(resource, "staff.linked", actor, now, {"email": user.email if user else ""})
    return resource


def _reminding(resource: Resource) -> QuerySet[Service]:
    """Return the services that remind a person, among those of their appointments."""
    own = Service.objects.filter(appointments__resources=resource)
    return own.filter(reminders__recipients__in=("staff", "all")).distinct()


def _checked(
    business: Business,
    person: Person,
    *,
    needs_email: bool,
    kind: str = ResourceKind.STAFF.value,
    but: Resource | None = None,
) -> Person:
    """Return a person cleaned; `but` is the row that may keep its name."""
    name, email, zone = clean_line(person.name), clean_line(person.email), person.zone.strip()
    wrong: dict[str, str] = {}
    others = business.resources.filter(kind=kind, name=name)
    if but is not None:
        others = others.exclude(pk=but.pk)
    if not name:
        wrong["name"] = _("Please give a name.")
    elif len(name) > NAME_LIMIT:
        wrong["name"] = _("This name is too long: 120 characters at most.")
    elif others.exists():
        wrong["name"] = _("There is one of this name already.")
    if (email or needs_email) and (sentence := why_not_email(email)):
        wrong["email"] = sentence
    if zone and not is_zone(zone):
        wrong["zone"] = _("This time zone is not known.")
    if wrong:
        raise Invalid(wrong)
    return Person(name, email, person.is_active, person.is_notified, zone)


def _wait_where_asked(resource: Resource) -> None:
    """Let nobody book a person before they have agreed, where the business wants that."""
    if resource.business.staff_must_accept:
        resource.acceptance = Acceptance.PENDING.value
        resource.save(update_fields=["acceptance"])


def _note(
    resource: Resource, kind: str, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    outbox.record_alone(
        business=resource.business,
        kind=kind,
        actor=str(actor),
        now=now,
        data={"resource": str(resource.public_id), **data},
    )

"""Setting up a new business: what it needs before the first customer can book."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from accounts.models import User
from accounts.roles import Role
from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.contact import why_not_email
from bookings.commands.decision import decision
from bookings.commands.staff import Person
from bookings.engine.text import clean_line
from bookings.engine.weekly import Rule, overlapping
from bookings.errors import Invalid, _
from bookings.models import (
    Business,
    HoursRule,
    LocationKind,
    Membership,
    PriceKind,
    Reminder,
    Resource,
    Service,
    ServiceResource,
)

TAKEN = _("Another page has this address already.")


@dataclass(frozen=True)
class Beginning:
    """A business as typed; `public_id` is chosen once, so that a repeat is no second business."""

    public_id: UUID
    name: str
    slug: str
    mailbox: str
    zone: str
    currency: str = "EUR"
    address: str = ""


@dataclass(frozen=True)
class FirstService:
    """The first service as typed; without a price none is shown, 0 is free of charge."""

    name: str
    slug: str
    duration: timedelta
    price: Decimal | None = None
    location_kind: str = LocationKind.PHYSICAL.value
    place: str = ""


@decision
def set_up_business(
    *,
    business: Beginning,
    week: Sequence[Rule],
    service: FirstService,
    person: Person,
    is_themselves: bool,
    publish: bool,
    by: User,
    now: datetime,
    actor: Actor,
) -> Business:
    """Return a new business with its hours, a first service and who gives it.

    The service reminds its customers a day before.

    `by` becomes its admin; `is_themselves` says that the person is them. The same `public_id`
    again is the same business, as it was set up the first time.

    Raises:
        Invalid: what cannot be accepted; the fields of the service and of the person are named
            `service_…` and `person_…`, hours `week` or `week-0` for Monday.
    """
    if found := _same(business, by):
        return found
    if wrong := why_not_set_up(business=business, week=week, service=service, person=person):
        if found := _same(business, by):
            return found
        raise Invalid(wrong)
    made = _business(business)
    made.is_published = publish
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as error:
        if found := _same(business, by):
            return found
        raise Invalid({"slug": TAKEN}) from error
    gives = _person(person)
    gives.user = by if is_themselves else None
    _fill(made, week, _service(service), gives)
    Membership.objects.create(user=by, business=made, role=Role.ADMIN.value, created_at=now)
    told: dict[str, object] = {"name": made.name, "is_published": publish}
    outbox.record_alone(business=made, kind="business.set_up", actor=str(actor), now=now, data=told)
    return made


def why_not_set_up(
    *, business: Beginning, week: Sequence[Rule], service: FirstService, person: Person
) -> dict[str, str]:
    """Return a sentence for each field that would be refused; none: it can be set up.

    Cost: one query.
    """
    wrong = _why_not(_business(business), "") | _why_not_week(week)
    wrong |= _why_not(_service(service), "service_") | _why_not(_person(person), "person_")
    if "slug" not in wrong and Business.objects.filter(slug=business.slug.strip()).exists():
        wrong["slug"] = TAKEN
    return wrong


def _same(beginning: Beginning, by: User) -> Business | None:
    """Return what came of the same set-up before."""
    ones = Business.objects.filter(public_id=beginning.public_id, memberships__user=by)
    return ones.first()


def _fill(business: Business, week: Sequence[Rule], service: Service, gives: Resource) -> None:
    """Write the hours, the service and the person of a new business."""
    HoursRule.objects.bulk_create(
        HoursRule(business=business, weekday=day, opens=opens, closes=closes)
        for day, opens, closes in week
    )
    for row in (service, gives):
        row.business = business
        row.save(force_insert=True)
    ServiceResource.objects.create(service=service, resource=gives)
    Reminder.objects.create(service=service)


def _business(beginning: Beginning) -> Business:
    return Business(
        public_id=beginning.public_id,
        name=clean_line(beginning.name),
        slug=beginning.slug.strip(),
        mailbox=clean_line(beginning.mailbox),
        zone=beginning.zone,
        currency=beginning.currency.strip().upper(),
        address=clean_line(beginning.address),
    )


def _service(first: FirstService) -> Service:
    kind = PriceKind.NOT_SET if first.price is None else PriceKind.FIXED
    if first.price == 0:
        kind = PriceKind.FREE
    return Service(
        name=clean_line(first.name),
        slug=first.slug.strip(),
        duration=first.duration,
        price_kind=kind.value,
        price=first.price or None,
        location_kind=first.location_kind,
        place=clean_line(first.place),
    )


def _person(person: Person) -> Resource:
    return Resource(name=clean_line(person.name), email=clean_line(person.email))


def _why_not(row: models.Model, prefix: str) -> dict[str, str]:
    """Return a sentence for each field that its own rules refuse."""
    fields = {"business", "user", "email"}
    wrong: dict[str, str] = {}
    try:
        row.full_clean(exclude=fields, validate_unique=False)
    except ValidationError as refusal:
        wrong = {prefix + name: said[0] for name, said in refusal.message_dict.items()}
    email = getattr(row, "email", "")
    if email and (sentence := why_not_email(email)):
        wrong[f"{prefix}email"] = sentence
    return wrong


def _why_not_week(week: Sequence[Rule]) -> dict[str, str]:
    if not week:
        return {"week": _("Give the hours of at least one day.")}
    clash = overlapping(week)
    return {f"week-{clash[0][0]}": _("Two of these times overlap.")} if clash else {}

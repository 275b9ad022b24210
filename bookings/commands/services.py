"""Services: added, changed and archived."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Final

from django.utils.text import slugify

from bookings import outbox
from bookings.commands.actor import Actor
from bookings.commands.belongings import AS_THEY_ARE, Belongings, refuse_wrong, write_down
from bookings.commands.checking import Fields, differing, saved, told, written
from bookings.commands.decision import decision
from bookings.commands.people import locked_business
from bookings.commands.reminding import expect_new_rules, lock_rules
from bookings.engine.hours import minute_of, wall_of
from bookings.errors import Invalid, NotFound, _
from bookings.models import Business, Reminder, Service
from bookings.models.catalogue import AvailabilityKind
from bookings.models.policy import POLICY_FIELDS
from bookings.queries.texting import reaches_nobody

FIELDS: Final = frozenset(
    {
        "slug",
        "name",
        "description",
        "position",
        "is_hidden",
        "duration",
        "buffer_before",
        "buffer_after",
        "capacity",
        "assignment",
        "price_kind",
        "price",
        "location_kind",
        "place",
        "join_link",
        "availability",
        "needs_approval",
        "has_waitlist",
        "colour",
        "sends_sms",
        "confirmation_note",
        *POLICY_FIELDS,
    }
)
"""What can be changed of a service; a field of the policy that is None is the business's."""

TAKEN = _("Another service has this address already.")

_BLAMES: Final = {
    "service_interval_from_one_minute": "interval",
    "service_policy_not_negative": "maximum_advance",
    "service_slug_once_per_business": "slug",
    "service_lengths_sane": "duration",
    "service_capacity_from_one": "capacity",
    "service_price_where_needed": "price",
}


@decision
def add_service(
    *,
    business: Business,
    fields: Fields,
    belongings: Belongings = AS_THEY_ARE,
    now: datetime,
    actor: Actor,
) -> Service:
    """Add a service, with some of `FIELDS` and a name among them, and return it.

    Without a slug it gets one made from its name. Unless its reminders are given, it
    reminds its customers a day before. It cannot be booked while nobody gives it.
    Locks: the business.

    Raises:
        Invalid: with a sentence for each field that cannot be accepted, `belongings` as
            `belongings.refuse_wrong` names them.
        NotFound: somebody or something of another business.
    """
    made = Service(business=locked_business(business.pk))
    wanted = {"name": "", "slug": "", **differing(made, fields)}
    wanted["slug"] = wanted["slug"] or _free_slug(made.business, str(wanted["name"]))
    _refuse(made, wanted, belongings)
    written(made, wanted, blames=_BLAMES)
    saved(made, wanted, taken={"slug": TAKEN})
    if belongings.reminders is None:
        Reminder.objects.create(service=made)
    _before, after = write_down(made, belongings)
    _note(made, "service.added", actor, now, {"after": told(wanted) | after})
    return made


@decision
def change_service(
    *,
    service: Service,
    fields: Fields,
    belongings: Belongings = AS_THEY_ARE,
    now: datetime,
    actor: Actor,
) -> Service:
    """Change some of `FIELDS` of a service, and what belongs to it, and return it.

    What is booked stays as it is. What is as it was changes nothing.
    Locks: the business, the rules of the service.

    Raises:
        Invalid, NotFound: as `add_service`, and where the service is gone.
    """
    service = locked_service(service)
    wanted = differing(service, fields)
    _refuse(service, wanted, belongings)
    before = written(service, wanted, blames=_BLAMES)
    if wanted:
        saved(service, wanted, taken={"slug": TAKEN})
    if belongings.reminders is not None:
        expect_new_rules(services=[service], now=now)
    were, are = write_down(service, belongings)
    if wanted or are:
        changed: dict[str, object] = {"before": told(before) | were, "after": told(wanted) | are}
        _note(service, "service.changed", actor, now, changed)
    return service


@decision
def archive_service(*, service: Service, now: datetime, actor: Actor) -> Service:
    """Hide a service, let nobody book it from now on, and return it; what is booked stays.

    As for any service that is not bookable, who may set hours aside still can.
    Days in ranges on which it could be booked all the same are no longer set apart. To bring it
    back, change its availability, and show it.
    Locks: the business, the rules of the service.

    Raises:
        NotFound: the service is gone.
    """
    service = locked_service(service)
    none = AvailabilityKind.NONE.value
    today = wall_of(minute_of(now), service.business.zone).day
    opening = service.ranges.filter(last_day__gte=today).exclude(availability=none)
    wanted = differing(service, {"is_hidden": True, "availability": none})
    if not wanted and not opening.exists():
        return service
    opening.delete()
    for name, value in wanted.items():
        setattr(service, name, value)
    service.save(update_fields=list(wanted))
    _note(service, "service.archived", actor, now, {})
    return service


def locked_service(service: Service) -> Service:
    """Return a service as it is now, under the lock of its business; its rules are locked too.

    Bookings of it wait until the decision is made. Cost: three queries.

    Raises:
        NotFound: it is gone.
    """
    business = locked_business(service.business_id)
    lock_rules(services=[service])
    found = business.services.filter(pk=service.pk).first()
    if found is None:
        raise NotFound()
    found.business = business
    return found


def _refuse(service: Service, wanted: Fields, belongings: Belongings) -> None:
    refuse_wrong(service, belongings)
    others = service.business.services.exclude(pk=service.pk)
    if "slug" in wanted and others.filter(slug=wanted["slug"]).exists():
        raise Invalid({"slug": TAKEN})
    if wanted.get("sends_sms") and reaches_nobody(service.business):
        said = _("Say first in which country the business is: texts go to its numbers.")
        raise Invalid({"sends_sms": said})


def _free_slug(business: Business, name: str) -> str:
    """Return an address made from a name that no service of the business has. Cost: one query."""
    slug = slugify(name)[:45] or "service"
    taken = set(business.services.values_list("slug", flat=True))
    numbered = (f"{slug}-{number}" for number in count(2))
    return slug if slug not in taken else next(each for each in numbered if each not in taken)


def _note(
    service: Service, kind: str, actor: Actor, now: datetime, data: dict[str, object]
) -> None:
    outbox.record_alone(
        business=service.business,
        kind=kind,
        actor=str(actor),
        now=now,
        data={"service": str(service.public_id), "name": service.name, **data},
    )

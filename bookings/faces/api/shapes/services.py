"""Services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings

from bookings.engine.policy import Assignment
from bookings.faces.api.shapes import Day, Duration, Money, Shown
from bookings.faces.api.shapes.hours import WeekShown, shown_week
from bookings.faces.api.shapes.policy import OverridesShown, shown_overrides
from bookings.models import (
    AvailabilityRange,
    HoursRule,
    LocationKind,
    PriceKind,
    QuestionKind,
    Reminder,
    ReminderChannel,
    ReminderKind,
    ReminderRecipients,
    ResourceKind,
    Service,
)
from bookings.models.catalogue import AvailabilityKind, Colour


class GivesShown(Shown):
    """Somebody who gives a service, or a room that it needs."""

    id: UUID
    name: str
    kind: ResourceKind
    priority: int
    """The lowest comes first."""


class AsksShown(Shown):
    """A question that a service asks."""

    id: UUID
    text: str
    kind: QuestionKind
    is_required: bool


class RangeShown(Shown):
    """Days on which the availability of a service differs."""

    first_day: Day
    last_day: Day
    availability: AvailabilityKind
    week: WeekShown
    """The hours within them, where the availability is `weekly`."""


class ReminderShown(Shown):
    """What a service says by itself before or after its appointments."""

    kind: ReminderKind
    offset: Duration
    """Before the start; a follow-up after the end."""
    recipients: ReminderRecipients
    channel: ReminderChannel
    """For customers; staff get e-mail."""
    text: str
    """Said above what it says anyway."""


class ServiceShown(Shown):
    """A bookable service."""

    id: UUID
    slug: str
    """The last part of the address of its page."""
    page: str
    """The address of its page; customers can see it unless the service is hidden."""
    name: str
    description: str
    position: int
    """Its place on the page of the business: the lowest comes first, then by name."""
    is_hidden: bool
    """Only staff can book it."""
    colour: Colour
    """How its appointments look on the desk; empty: a colour is chosen."""
    duration: Duration
    buffer_before: Duration
    """Kept free before."""
    buffer_after: Duration
    """Kept free after."""
    capacity: int
    """Places per appointment; above 1 it is a group appointment."""
    assignment: Assignment
    """Whether one of the staff gives it, or all of them together."""
    price_kind: PriceKind
    price: Money | None
    """With the kinds `fixed`, `starting_at` and `hourly`, else null."""
    location_kind: LocationKind
    place: str
    """Where; empty: the address of the business."""
    join_link: str | None
    """For online services."""
    availability: AvailabilityKind
    """When it can be booked: whenever staff are free, never, or in hours of its own."""
    week: WeekShown
    """The hours of its own, where the availability is `weekly`."""
    ranges: Sequence[RangeShown]
    """Of several that cover a day the last one counts."""
    needs_approval: bool
    """Customers ask; staff approve or decline each request."""
    has_waitlist: bool
    """Where a group is full, customers can wait for a place."""
    sends_sms: bool
    """Customers who agree get text messages too."""
    confirmation_note: str
    """Added to the confirmation that customers get."""
    resources: Sequence[GivesShown]
    """Who gives it and where, by priority."""
    questions: Sequence[AsksShown]
    """What it asks, in order."""
    reminders: Sequence[ReminderShown]
    policy: OverridesShown


def shown_service(service: Service) -> ServiceShown:
    """Return a service as it is said; reads what `services_in_full` loads."""
    return ServiceShown(
        id=service.public_id,
        slug=service.slug,
        page=f"{settings.PUBLIC_URL}/b/{service.business.slug}/{service.slug}/",
        name=service.name,
        description=service.description,
        position=service.position,
        is_hidden=service.is_hidden,
        colour=Colour(service.colour),
        duration=service.duration,
        buffer_before=service.buffer_before,
        buffer_after=service.buffer_after,
        capacity=service.capacity,
        assignment=Assignment(service.assignment),
        price_kind=PriceKind(service.price_kind),
        price=_price(service),
        location_kind=LocationKind(service.location_kind),
        place=service.place,
        join_link=service.join_link or None,
        availability=AvailabilityKind(service.availability),
        week=_week(service.hours.all()),
        ranges=[_range(each) for each in service.ranges.all()],
        needs_approval=service.needs_approval,
        has_waitlist=service.has_waitlist,
        sends_sms=service.sends_sms,
        confirmation_note=service.confirmation_note,
        resources=_gives(service),
        questions=_asks(service),
        reminders=[_tells(each) for each in service.reminders.all()],
        policy=shown_overrides(service),
    )


def _price(service: Service) -> Money | None:
    if service.price is None:
        return None
    return Money(amount=service.price, currency=service.business.currency)


def _gives(service: Service) -> list[GivesShown]:
    return [
        GivesShown(
            id=link.resource.public_id,
            name=link.resource.name,
            kind=ResourceKind(link.resource.kind),
            priority=link.priority,
        )
        for link in service.links.all()
    ]


def _asks(service: Service) -> list[AsksShown]:
    return [
        AsksShown(
            id=link.question.public_id,
            text=link.question.text,
            kind=QuestionKind(link.question.kind),
            is_required=link.is_required,
        )
        for link in service.asks.all()
    ]


def _tells(row: Reminder) -> ReminderShown:
    return ReminderShown(
        kind=ReminderKind(row.kind),
        offset=row.offset,
        recipients=ReminderRecipients(row.recipients),
        channel=ReminderChannel(row.channel),
        text=row.text,
    )


def _range(row: AvailabilityRange) -> RangeShown:
    return RangeShown(
        first_day=row.first_day,
        last_day=row.last_day,
        availability=AvailabilityKind(row.availability),
        week=_week(row.hours.all()),
    )


def _week(rules: Iterable[HoursRule]) -> WeekShown:
    return shown_week((each.weekday, each.opens, each.closes) for each in rules)

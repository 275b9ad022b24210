"""Services."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from django.conf import settings
from pydantic import Field

from bookings.engine.policy import Assignment
from bookings.faces.api.shapes import Asked, Changed, Day, Duration, Line, Money, Shown, Text
from bookings.faces.api.shapes.hours import NAMES as WEEKDAYS
from bookings.faces.api.shapes.hours import WeekAsked, WeekShown, shown_week
from bookings.faces.api.shapes.policy import OverridesChanged, OverridesShown, shown_overrides
from bookings.models import (
    AvailabilityRange,
    HoursRule,
    LocationKind,
    PriceKind,
    QuestionKind,
    ResourceKind,
    Service,
)
from bookings.models.catalogue import AvailabilityKind, Colour
from bookings.models.policy import POLICY_FIELDS


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
    policy: OverridesShown


class PriceAsked(Asked):
    """A price."""

    amount: Annotated[Decimal, Field(ge=0, max_digits=10, decimal_places=2, examples=["25.00"])]
    currency: Annotated[Line, Field(examples=["EUR"])] = ""
    """That of the business, which is meant where none is given."""


class GivesAsked(Asked):
    """Somebody who gives a service, or a room that it needs."""

    id: UUID
    priority: Annotated[int, Field(ge=0, le=32767)] = 1


class AsksAsked(Asked):
    """A question that a service asks."""

    id: UUID
    is_required: bool = False


class RangeAsked(Asked):
    """Days on which the availability of a service differs."""

    first_day: Day
    last_day: Day
    availability: AvailabilityKind
    week: WeekAsked = WeekAsked()


class ServiceChanged(Changed):
    """What is to be otherwise about a service; a list that is sent replaces the whole one."""

    slug: Line = ""
    name: Line = ""
    description: Text = ""
    position: int = 0
    is_hidden: bool = False
    colour: Colour = Colour.AUTOMATIC
    duration: Duration = timedelta()
    buffer_before: Duration = timedelta()
    buffer_after: Duration = timedelta()
    capacity: int = 1
    assignment: Assignment = Assignment.ANY
    price_kind: PriceKind = PriceKind.NOT_SET
    price: PriceAsked | None = None
    location_kind: LocationKind = LocationKind.PHYSICAL
    place: Line = ""
    join_link: Line | None = None
    availability: AvailabilityKind = AvailabilityKind.STAFF
    week: WeekAsked = WeekAsked()
    ranges: Annotated[list[RangeAsked], Field(max_length=100)] = []
    needs_approval: bool = False
    has_waitlist: bool = False
    sends_sms: bool = False
    confirmation_note: Text = ""
    resources: Annotated[list[GivesAsked], Field(max_length=200)] = []
    questions: Annotated[list[AsksAsked], Field(max_length=100)] = []
    policy: OverridesChanged = OverridesChanged()

    def fields_sent(self) -> dict[str, object]:
        """Return what was sent of the service itself by the names of the commands."""
        sent = self.sent()
        policy = self.policy.sent() if "policy" in sent else {}
        if self.price is not None:
            sent["price"] = self.price.amount
        others = {"policy", "week", "ranges", "resources", "questions"}
        return {name: value for name, value in sent.items() if name not in others} | policy


class ServiceAsked(ServiceChanged):
    """A service to be added; without a slug one is made from its name."""

    name: Line


NAMES = WEEKDAYS | {name: f"policy.{name}" for name in POLICY_FIELDS}
"""How the API calls a field that the commands call otherwise."""


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


def _range(row: AvailabilityRange) -> RangeShown:
    return RangeShown(
        first_day=row.first_day,
        last_day=row.last_day,
        availability=AvailabilityKind(row.availability),
        week=_week(row.hours.all()),
    )


def _week(rules: Iterable[HoursRule]) -> WeekShown:
    return shown_week((each.weekday, each.opens, each.closes) for each in rules)

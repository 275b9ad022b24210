"""What a service is to be."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from pydantic import Field

from bookings.engine.policy import Assignment
from bookings.faces.api.shapes import Asked, Changed, Day, Duration, Line, Text
from bookings.faces.api.shapes.hours import NAMES as WEEKDAYS
from bookings.faces.api.shapes.hours import WeekAsked
from bookings.faces.api.shapes.policy import OverridesChanged
from bookings.models import (
    LocationKind,
    PriceKind,
    ReminderChannel,
    ReminderKind,
    ReminderRecipients,
)
from bookings.models.catalogue import AvailabilityKind, Colour
from bookings.models.policy import POLICY_FIELDS
from bookings.models.reminder import MOST_REMINDERS


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


class ReminderAsked(Asked):
    """What a service is to say by itself before or after its appointments."""

    kind: ReminderKind = ReminderKind.REMINDER
    offset: Duration
    """Before the start; a follow-up after the end."""
    recipients: ReminderRecipients = ReminderRecipients.CUSTOMER
    channel: ReminderChannel = ReminderChannel.EMAIL
    text: Text = ""


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
    reminders: Annotated[list[ReminderAsked], Field(max_length=MOST_REMINDERS)] = []
    policy: OverridesChanged = OverridesChanged()

    def fields_sent(self) -> dict[str, object]:
        """Return what was sent of the service itself by the names of the commands."""
        sent = self.sent()
        policy = self.policy.sent() if "policy" in sent else {}
        if self.price is not None:
            sent["price"] = self.price.amount
        others = {"policy", "week", "ranges", "resources", "questions", "reminders"}
        return {name: value for name, value in sent.items() if name not in others} | policy


class ServiceAsked(ServiceChanged):
    """A service to be added; without a slug one is made from its name."""

    name: Line


NAMES = WEEKDAYS | {name: f"policy.{name}" for name in POLICY_FIELDS}
"""How the API calls a field that the commands call otherwise."""

"""The scheduling policy: decided by a business, overridden field by field by a service."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

from pydantic import Field

from bookings.engine.policy import Grid, Strategy
from bookings.faces.api.shapes import Changed, Shown
from bookings.faces.api.shapes.durations import Length
from bookings.models import Business, Service

Interval = Annotated[
    Length, Field(description="A start is offered every so often.", examples=["PT15M"])
]
Lead = Annotated[
    Length, Field(description="The least time between booking and start.", examples=["PT2H"])
]
Advance = Annotated[
    Length, Field(description="How far ahead customers may book.", examples=["P90D"])
]
Notice = Annotated[
    Length,
    Field(
        description="Until how long before the start customers may move or cancel.",
        examples=["P1D"],
    ),
]
StaffSelection = Annotated[bool, Field(description="Customers may choose the person.")]
Copies = Annotated[
    bool, Field(description="The business mailbox gets a copy of every confirmation.")
]
Chosen = Annotated[Strategy, Field(description="Who is chosen when the customer wants anyone.")]
Anchor = Annotated[
    Grid,
    Field(description="Where the grid of starts is anchored: at the opening time, or midnight."),
]
ServiceDaily = Annotated[
    int, Field(description="The most appointments of one service on one day.", examples=[8])
]
ResourceDaily = Annotated[
    int, Field(description="The most appointments of one person on one day.", examples=[12])
]
ResourceWeekly = Annotated[
    int, Field(description="The most of one person in one week, Monday to Sunday.", examples=[40])
]
CustomerOpen = Annotated[
    int, Field(description="The most open bookings that one customer may have.", examples=[3])
]


class PolicyShown(Shown):
    """The policy of a business; a limit that is null is none."""

    interval: Interval
    minimum_lead: Lead
    maximum_advance: Advance
    cancellation_notice: Notice
    allow_staff_selection: StaffSelection
    notify_business: Copies
    strategy: Chosen
    grid: Anchor
    service_daily_limit: ServiceDaily | None
    resource_daily_limit: ResourceDaily | None
    resource_weekly_limit: ResourceWeekly | None
    customer_open_limit: CustomerOpen | None


class OverridesShown(Shown):
    """The policy of a service; what is null is as its business says."""

    interval: Interval | None
    minimum_lead: Lead | None
    maximum_advance: Advance | None
    cancellation_notice: Notice | None
    allow_staff_selection: StaffSelection | None
    notify_business: Copies | None
    strategy: Chosen | None
    grid: Anchor | None
    service_daily_limit: ServiceDaily | None
    resource_daily_limit: ResourceDaily | None
    resource_weekly_limit: ResourceWeekly | None
    customer_open_limit: CustomerOpen | None


class PolicyChanged(Changed):
    """What is to be otherwise in the policy of a business; null takes a limit away."""

    interval: Interval = timedelta()
    minimum_lead: Lead = timedelta()
    maximum_advance: Advance = timedelta()
    cancellation_notice: Notice = timedelta()
    allow_staff_selection: StaffSelection = True
    notify_business: Copies = True
    strategy: Chosen = Strategy.BALANCED
    grid: Anchor = Grid.HOURS
    service_daily_limit: ServiceDaily | None = None
    resource_daily_limit: ResourceDaily | None = None
    resource_weekly_limit: ResourceWeekly | None = None
    customer_open_limit: CustomerOpen | None = None


class OverridesChanged(Changed):
    """What a service is to override; null leaves it to its business."""

    interval: Interval | None = None
    minimum_lead: Lead | None = None
    maximum_advance: Advance | None = None
    cancellation_notice: Notice | None = None
    allow_staff_selection: StaffSelection | None = None
    notify_business: Copies | None = None
    strategy: Chosen | None = None
    grid: Anchor | None = None
    service_daily_limit: ServiceDaily | None = None
    resource_daily_limit: ResourceDaily | None = None
    resource_weekly_limit: ResourceWeekly | None = None
    customer_open_limit: CustomerOpen | None = None


def shown_policy(business: Business) -> PolicyShown:
    """Return the policy of a business as it is said."""
    return PolicyShown.model_validate(asdict(business.policy))


def shown_overrides(service: Service) -> OverridesShown:
    """Return what a service overrides as it is said."""
    return OverridesShown.model_validate(service.overrides)

"""The scheduling policy: complete on a business, field by field overridable on a service."""

from __future__ import annotations

from dataclasses import fields
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.engine.policy import Grid, Policy, Strategy

POLICY_FIELDS = tuple(field.name for field in fields(Policy))

STRATEGIES = [
    (Strategy.BALANCED.value, _("balanced: whoever has fewest appointments that day")),
    (Strategy.PRIORITY.value, _("priority: the lowest number first")),
    (Strategy.RANDOM.value, _("random")),
]
GRIDS = [
    (Grid.HOURS.value, _("from the opening time")),
    (Grid.CLOCK.value, _("on the clock, counted from midnight")),
]

HELP = {
    "interval": _("A start is offered every so many minutes."),
    "minimum_lead": _("The least time between booking and start."),
    "maximum_advance": _("How far ahead customers may book."),
    "cancellation_notice": _("Until how long before the start customers may move or cancel."),
    "allow_staff_selection": _("Customers may choose the person."),
    "notify_business": _("The business mailbox gets a copy of every confirmation."),
    "strategy": _("Who is chosen when the customer wants “anyone”."),
    "grid": _("Where the grid of starts is anchored."),
    "service_daily_limit": _("The most appointments of one service on one day."),
    "resource_daily_limit": _("The most appointments of one person on one day."),
    "resource_weekly_limit": _("The same in one week, Monday to Sunday."),
    "customer_open_limit": _("The most open bookings that one customer may have."),
}


class PolicyRules(models.Model):
    """The fields of `engine.policy.Policy`, all decided."""

    interval = models.DurationField(default=timedelta(minutes=15), help_text=HELP["interval"])
    minimum_lead = models.DurationField(default=timedelta(hours=2), help_text=HELP["minimum_lead"])
    maximum_advance = models.DurationField(
        default=timedelta(days=90), help_text=HELP["maximum_advance"]
    )
    cancellation_notice = models.DurationField(
        default=timedelta(hours=24), help_text=HELP["cancellation_notice"]
    )
    allow_staff_selection = models.BooleanField(
        default=True, help_text=HELP["allow_staff_selection"]
    )
    notify_business = models.BooleanField(default=True, help_text=HELP["notify_business"])
    strategy = models.CharField(
        max_length=10,
        choices=STRATEGIES,
        default=Strategy.BALANCED.value,
        help_text=HELP["strategy"],
    )
    grid = models.CharField(
        max_length=10, choices=GRIDS, default=Grid.HOURS.value, help_text=HELP["grid"]
    )
    service_daily_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["service_daily_limit"]
    )
    resource_daily_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["resource_daily_limit"]
    )
    resource_weekly_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["resource_weekly_limit"]
    )
    customer_open_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["customer_open_limit"]
    )

    class Meta:
        abstract = True

    @property
    def policy(self) -> Policy:
        """Return the policy as the engine reads it."""
        return Policy(**{name: getattr(self, name) for name in POLICY_FIELDS})


class PolicyOverrides(models.Model):
    """The same fields; what is left empty is inherited."""

    interval = models.DurationField(null=True, blank=True, help_text=HELP["interval"])
    minimum_lead = models.DurationField(null=True, blank=True, help_text=HELP["minimum_lead"])
    maximum_advance = models.DurationField(null=True, blank=True, help_text=HELP["maximum_advance"])
    cancellation_notice = models.DurationField(
        null=True, blank=True, help_text=HELP["cancellation_notice"]
    )
    allow_staff_selection = models.BooleanField(
        null=True, blank=True, help_text=HELP["allow_staff_selection"]
    )
    notify_business = models.BooleanField(null=True, blank=True, help_text=HELP["notify_business"])
    strategy = models.CharField(
        max_length=10, blank=True, choices=STRATEGIES, help_text=HELP["strategy"]
    )
    grid = models.CharField(max_length=10, blank=True, choices=GRIDS, help_text=HELP["grid"])
    service_daily_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["service_daily_limit"]
    )
    resource_daily_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["resource_daily_limit"]
    )
    resource_weekly_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["resource_weekly_limit"]
    )
    customer_open_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text=HELP["customer_open_limit"]
    )

    class Meta:
        abstract = True

    @property
    def overrides(self) -> dict[str, object]:
        """Return the fields by name; None where the row leaves the decision to the business."""
        decided = {name: getattr(self, name) for name in POLICY_FIELDS}
        return {name: None if value == "" else value for name, value in decided.items()}


def sane_policy(prefix: str) -> list[models.BaseConstraint]:
    """Return the checks that keep a policy possible; empty (null) fields pass."""
    nothing = timedelta(0)
    return [
        models.CheckConstraint(
            name=f"{prefix}_interval_from_one_minute",
            condition=Q(interval__gte=timedelta(minutes=1)),
            violation_error_message=_("The interval is at least one minute."),
        ),
        models.CheckConstraint(
            name=f"{prefix}_policy_not_negative",
            condition=Q(minimum_lead__gte=nothing)
            & Q(maximum_advance__gt=nothing)
            & Q(cancellation_notice__gte=nothing),
            violation_error_message=_("Lead, advance and notice cannot be negative."),
        ),
    ]

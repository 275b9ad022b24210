"""When: weekly hours, dated exceptions, custom ranges and time off.

Clock times are wall-clock in the zone of their owner. A rule whose end is not after its start
runs past midnight and belongs to the day on which it opens; 00:00 as an end is midnight.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.models.business import Business
from bookings.models.catalogue import AvailabilityKind, Resource, Service

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class AvailabilityRange(models.Model):
    """Dates on which a service's availability differs; of several, the newest wins."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="ranges")
    first_day = models.DateField()
    last_day = models.DateField()
    availability = models.CharField(max_length=10, choices=AvailabilityKind.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="range_ends_after_it_begins",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day is not before the first."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.first_day} – {self.last_day}"


class HoursRule(models.Model):
    """Open every week on `weekday` from `opens` to `closes`.

    Belongs to its business, or more closely to one resource, service or custom range.
    """

    business = models.ForeignKey(Business, models.CASCADE, related_name="hours")
    resource = models.ForeignKey(
        Resource, models.CASCADE, null=True, blank=True, related_name="hours"
    )
    service = models.ForeignKey(
        Service, models.CASCADE, null=True, blank=True, related_name="hours"
    )
    range = models.ForeignKey(
        AvailabilityRange, models.CASCADE, null=True, blank=True, related_name="hours"
    )
    weekday = models.PositiveSmallIntegerField(choices=WEEKDAYS)
    opens = models.TimeField()
    closes = models.TimeField(help_text=_("Not after the start: past midnight."))

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="hours_of_one_owner",
                condition=(
                    Q(resource=None, service=None)
                    | Q(resource=None, range=None)
                    | Q(service=None, range=None)
                ),
            ),
            models.CheckConstraint(name="hours_on_a_weekday", condition=Q(weekday__lte=6)),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class HoursException(models.Model):
    """Replaces a whole day of the weekly hours; without times the day is closed."""

    business = models.ForeignKey(Business, models.CASCADE, related_name="exceptions")
    resource = models.ForeignKey(
        Resource, models.CASCADE, null=True, blank=True, related_name="exceptions"
    )
    day = models.DateField()
    opens = models.TimeField(null=True, blank=True)
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="exception_open_or_closed",
                condition=Q(opens=None, closes=None) | Q(opens__isnull=False, closes__isnull=False),
                violation_error_message=_("Give both times, or none for a closed day."),
            )
        ]

    def __str__(self) -> str:
        if self.opens is None or self.closes is None:
            return f"{self.day} closed"
        return f"{self.day} {self.opens:%H:%M}–{self.closes:%H:%M}"


class TimeOff(models.Model):
    """One resource is away; without a resource the whole business is closed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="times_off")
    resource = models.ForeignKey(
        Resource, models.CASCADE, null=True, blank=True, related_name="times_off"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    title = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name_plural = "times off"
        indexes = [
            models.Index(fields=["resource", "ends_at"], name="time_off_of_resource"),
            models.Index(fields=["business", "ends_at"], name="time_off_of_business"),
        ]
        constraints = [
            models.CheckConstraint(
                name="time_off_ends_after_it_starts",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("The end is after the start."),
            )
        ]

    def __str__(self) -> str:
        return self.title or str(_("time off"))

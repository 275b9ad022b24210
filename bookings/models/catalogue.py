"""What can be booked, and whose time it takes."""

from __future__ import annotations

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.engine.policy import Assignment, Policy
from bookings.models.business import Business, validate_zone
from bookings.models.policy import PolicyOverrides, sane_policy


class PriceKind(models.TextChoices):
    NOT_SET = "not_set", _("not set")
    FIXED = "fixed", _("fixed price")
    STARTING_AT = "starting_at", _("starting at")
    HOURLY = "hourly", _("hourly")
    FREE = "free", _("free")
    VARIES = "varies", _("price varies")
    CALL_US = "call_us", _("call us")


class LocationKind(models.TextChoices):
    PHYSICAL = "physical", _("at our place")
    ONLINE = "online", _("online")
    TELEPHONE = "telephone", _("by telephone")
    OFFSITE = "offsite", _("at the customer's place")


class ResourceKind(models.TextChoices):
    STAFF = "staff", _("staff")
    ROOM = "room", _("room")
    EQUIPMENT = "equipment", _("equipment")


class AvailabilityKind(models.TextChoices):
    STAFF = "staff", _("whenever staff are free")
    NONE = "none", _("not bookable")
    WEEKLY = "weekly", _("custom weekly hours")


class Acceptance(models.TextChoices):
    ACTIVE = "active", _("accepting bookings")
    PENDING = "pending", _("has not accepted yet")
    REJECTED = "rejected", _("does not accept bookings")


class Colour(models.TextChoices):
    AUTOMATIC = "", _("automatic")
    BLUE = "blue", _("blue")
    VIOLET = "violet", _("violet")
    PINK = "pink", _("pink")
    RED = "red", _("red")
    ORANGE = "orange", _("orange")
    YELLOW = "yellow", _("yellow")
    GREEN = "green", _("green")
    TEAL = "teal", _("teal")


ASSIGNMENTS = [
    (Assignment.ANY.value, _("one person: the chosen one, or anyone")),
    (Assignment.ALL.value, _("all of them together")),
]


class Resource(models.Model):
    """Anything whose time can be taken: a person, a room, a piece of equipment."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="resources")
    kind = models.CharField(
        max_length=10, choices=ResourceKind.choices, default=ResourceKind.STAFF.value
    )
    name = models.CharField(max_length=120)
    email = models.EmailField(blank=True, help_text=_("Where invitations are sent."))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="resources",
        help_text=_("Who this is when they sign in; nobody: a guest who only gets mail."),
    )
    acceptance = models.CharField(
        max_length=8, choices=Acceptance.choices, default=Acceptance.ACTIVE.value
    )
    zone = models.CharField(
        max_length=64,
        blank=True,
        validators=[validate_zone],
        help_text=_("Zone of their own hours; empty: the zone of the business."),
    )
    is_active = models.BooleanField(_("active"), default=True, help_text=_("Can be booked."))
    is_notified = models.BooleanField(
        default=True, help_text=_("Gets mail about their appointments.")
    )

    class Meta:
        verbose_name = _("person or room")
        verbose_name_plural = _("people and rooms")
        constraints = [
            models.UniqueConstraint(
                fields=["business", "kind", "name"], name="resource_name_once_per_kind"
            ),
            models.UniqueConstraint(
                fields=["business", "user"],
                condition=Q(user__isnull=False),
                name="resource_user_once_per_business",
                violation_error_message=_("This person is in the list already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Service(PolicyOverrides):
    """One bookable service; policy fields left empty are the business's."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="services")
    slug = models.SlugField()
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0, help_text=_("Order on the page."))
    is_hidden = models.BooleanField(
        _("hidden"), default=False, help_text=_("Only staff can book it.")
    )
    duration = models.DurationField(default=timedelta(minutes=30))
    buffer_before = models.DurationField(default=timedelta(0))
    buffer_after = models.DurationField(default=timedelta(0))
    capacity = models.PositiveIntegerField(
        default=1,
        validators=[MinValueValidator(1)],
        help_text=_("Places per appointment; above 1 it is a group appointment."),
    )
    assignment = models.CharField(max_length=10, choices=ASSIGNMENTS, default=Assignment.ANY.value)
    price_kind = models.CharField(
        max_length=12, choices=PriceKind.choices, default=PriceKind.NOT_SET.value
    )
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    location_kind = models.CharField(
        max_length=10, choices=LocationKind.choices, default=LocationKind.PHYSICAL.value
    )
    place = models.CharField(
        max_length=300, blank=True, help_text=_("Where; empty: the address of the business.")
    )
    join_link = models.URLField(blank=True, help_text=_("For online services."))
    availability = models.CharField(
        max_length=10, choices=AvailabilityKind.choices, default=AvailabilityKind.STAFF.value
    )
    needs_approval = models.BooleanField(
        default=False, help_text=_("Customers ask; staff approve or decline each request.")
    )
    has_waitlist = models.BooleanField(
        _("has a waiting list"),
        default=False,
        help_text=_("Where a group is full, customers can wait for a place."),
    )
    colour = models.CharField(
        max_length=8,
        choices=Colour.choices,
        blank=True,
        default="",
        help_text=_("How its appointments look on the desk."),
    )
    sends_sms = models.BooleanField(
        _("sends text messages"),
        default=False,
        help_text=_("Customers who agree get text messages too."),
    )
    confirmation_note = models.TextField(
        blank=True, help_text=_("Added to the confirmation the customer gets.")
    )
    resources = models.ManyToManyField(
        Resource, through="ServiceResource", related_name="services", blank=True
    )

    class Meta:
        constraints = [
            *sane_policy("service"),
            models.UniqueConstraint(
                fields=["business", "slug"], name="service_slug_once_per_business"
            ),
            models.CheckConstraint(
                name="service_lengths_sane",
                condition=Q(duration__gte=timedelta(minutes=1))
                & Q(buffer_before__gte=timedelta(0))
                & Q(buffer_after__gte=timedelta(0)),
                violation_error_message=_("A service takes at least one minute."),
            ),
            models.CheckConstraint(
                name="service_capacity_from_one",
                condition=Q(capacity__gte=1),
                violation_error_message=_("There is at least one place."),
            ),
            models.CheckConstraint(
                name="service_price_where_needed",
                condition=Q(
                    price_kind__in=["fixed", "starting_at", "hourly"],
                    price__isnull=False,
                    price__gte=0,
                )
                | (~Q(price_kind__in=["fixed", "starting_at", "hourly"]) & Q(price=None)),
                violation_error_message=_("Give a price for this kind of price, and only then."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def policy(self) -> Policy:
        """Return the policy in force; reads `business`."""
        return self.business.policy.overridden(**self.overrides)

    @property
    def is_group(self) -> bool:
        return self.capacity > 1


class ServiceResource(models.Model):
    """A resource that serves a service; the lowest priority number comes first."""

    service = models.ForeignKey(Service, models.CASCADE, related_name="links")
    resource = models.ForeignKey(Resource, models.CASCADE, related_name="links")
    priority = models.PositiveSmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "resource"], name="service_resource_once")
        ]

    def __str__(self) -> str:
        return f"{self.resource} · {self.service}"

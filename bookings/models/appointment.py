"""Appointments and the bookings in them."""

from __future__ import annotations

import uuid
from datetime import timedelta
from hashlib import sha256
from typing import Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from bookings.engine.policy import AppointmentState, BookingState
from bookings.models.business import Business
from bookings.models.catalogue import LocationKind, PriceKind, Resource, Service
from bookings.models.customer import Customer

APPOINTMENT_STATES = [
    (AppointmentState.SCHEDULED.value, _("scheduled")),
    (AppointmentState.CANCELLED.value, _("cancelled")),
]
BOOKING_STATES = [
    (BookingState.HELD.value, _("held")),
    (BookingState.PENDING.value, _("awaiting approval")),
    (BookingState.WAITLISTED.value, _("on the waiting list")),
    (BookingState.CONFIRMED.value, _("confirmed")),
    (BookingState.CANCELLED.value, _("cancelled")),
    (BookingState.DECLINED.value, _("declined")),
    (BookingState.EXPIRED.value, _("expired")),
]


IN_LINE: Final = Q(
    waitlisted_at__isnull=False,
    state__in=[BookingState.WAITLISTED.value, BookingState.HELD.value],
)
"""Bookings on a waiting list, those with an offer included."""


class Appointment(models.Model):
    """One occurrence of a service. A 1:1 appointment has one booking, a group up to `capacity`.

    The wall-clock start, zone and fold are what was agreed; the UTC instants are derived from
    them and can be derived again when a country changes its time-zone law.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.PROTECT, related_name="appointments")
    service = models.ForeignKey(Service, models.PROTECT, related_name="appointments")
    resources = models.ManyToManyField(Resource, related_name="appointments")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    zone = models.CharField(max_length=64)
    wall_date = models.DateField()
    wall_time = models.TimeField()
    fold = models.PositiveSmallIntegerField(default=0)
    buffer_before = models.DurationField(default=timedelta(0))
    buffer_after = models.DurationField(default=timedelta(0))
    capacity = models.PositiveIntegerField(default=1)
    seats_taken = models.PositiveIntegerField(default=0)
    state = models.CharField(
        max_length=10, choices=APPOINTMENT_STATES, default=AppointmentState.SCHEDULED.value
    )
    version = models.PositiveIntegerField(default=0)
    location_kind = models.CharField(max_length=10, choices=LocationKind.choices)
    place = models.CharField(max_length=300, blank=True)
    join_link = models.URLField(blank=True)
    price_kind = models.CharField(max_length=12, choices=PriceKind.choices)
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3)
    staff_notes = models.TextField(blank=True, help_text=_("Only staff see these."))
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["business", "starts_at"], name="appointment_agenda"),
            models.Index(
                fields=["service", "starts_at"],
                name="appointment_sessions",
                condition=Q(state="scheduled"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="appointment_starts_before_it_ends", condition=Q(starts_at__lt=F("ends_at"))
            ),
            models.CheckConstraint(
                name="appointment_seats_within_capacity",
                condition=Q(seats_taken__gte=0, seats_taken__lte=F("capacity")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} {self.wall_date} {self.wall_time:%H:%M}"

    @property
    def is_group(self) -> bool:
        return self.capacity > 1

    @property
    def is_waited_for(self) -> bool:
        """Say whether anybody is on its waiting list. Cost: one query, none for one customer."""
        waiting = self.bookings.filter(state=BookingState.WAITLISTED.value)
        return self.is_group and waiting.exists()


class Booking(models.Model):
    """One customer's seats in an appointment.

    Name, e-mail and phone are as given for this booking: a stranger who types somebody else's
    address never rewrites that customer's record. `sequence` counts the changes that the
    customer was told of (the SEQUENCE of their calendar file). `waitlisted_at` is set from joining
    a waiting list until there is a place for good: what is `held` with it is an offer.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    business = models.ForeignKey(Business, models.PROTECT, related_name="bookings")
    appointment = models.ForeignKey(Appointment, models.PROTECT, related_name="bookings")
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, related_name="bookings")
    state = models.CharField(max_length=10, choices=BOOKING_STATES)
    seats = models.PositiveIntegerField(default=1)
    sequence = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=200, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)
    notes = models.TextField(blank=True)
    zone = models.CharField(max_length=64, blank=True)
    language = models.CharField(max_length=16, blank=True)
    hold_digest = models.CharField(max_length=64, blank=True, editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    idempotency_key = models.CharField(max_length=200, blank=True, editable=False)
    cancel_reason = models.CharField(max_length=500, blank=True)
    sms_number = models.CharField(
        max_length=16, blank=True, help_text=_("Where text messages go (E.164).")
    )
    sms_consented_at = models.DateTimeField(null=True, blank=True)
    sms_consent = models.CharField(
        max_length=500, blank=True, help_text=_("What the customer agreed to, word by word.")
    )
    reconfirmed_at = models.DateTimeField(null=True, blank=True)
    checked_in_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    no_show_at = models.DateTimeField(null=True, blank=True)
    waitlisted_at = models.DateTimeField(
        null=True, blank=True, help_text=_("Since when they wait; nothing once they have a place.")
    )
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["expires_at"], name="booking_holds", condition=Q(state="held")),
            models.Index(fields=["business", "email"], name="booking_of_email"),
            models.Index(fields=["business", "created_at", "id"], name="booking_as_made"),
            models.Index(
                fields=["appointment"], name="booking_waiting", condition=Q(state="waitlisted")
            ),
        ]
        constraints = [
            models.CheckConstraint(name="booking_seats_from_one", condition=Q(seats__gte=1)),
            models.CheckConstraint(
                name="booking_held_expires",
                condition=Q(state="held", expires_at__isnull=False) | ~Q(state="held"),
            ),
            models.CheckConstraint(
                name="booking_waits_since",
                condition=Q(waitlisted_at__isnull=False) | ~Q(state="waitlisted"),
            ),
            models.UniqueConstraint(
                fields=["business", "idempotency_key"],
                condition=~Q(idempotency_key=""),
                name="booking_idempotency_key_once",
            ),
            models.UniqueConstraint(
                fields=["hold_digest"], condition=~Q(hold_digest=""), name="booking_hold_once"
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_alone(self) -> bool:
        """Say whether nobody else has seats in its appointment, or waits for some.

        Reads `appointment`. Cost: none, one query where it is a group that nobody else is in.
        """
        if self.appointment.seats_taken != self.seats:
            return False
        return not self.appointment.is_waited_for

    @property
    def is_in_line(self) -> bool:
        """Say whether it is on a waiting list, be it with an offer."""
        return self.is_offered or self.state == BookingState.WAITLISTED.value

    @property
    def is_offered(self) -> bool:
        """Say whether its seats are kept for somebody from the waiting list to take them."""
        return self.state == BookingState.HELD.value and self.waitlisted_at is not None


def digest_of(token: str) -> str:
    """Return what is stored of a token: its SHA-256."""
    return sha256(token.encode()).hexdigest()


class ManageLink(models.Model):
    """A capability to see, move and cancel one booking; only the token's SHA-256 is kept."""

    booking = models.ForeignKey(Booking, models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.digest[:8]

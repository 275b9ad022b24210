"""What happened, and what is to be sent about it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from bookings.models.appointment import Appointment, Booking
from bookings.models.business import Business


class Event(models.Model):
    """A fact that happened; append-only (a trigger refuses changes), counted per appointment."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    business = models.ForeignKey(Business, models.CASCADE, related_name="events")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="events")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="events")
    version = models.PositiveIntegerField(help_text=_("Counts the events of the appointment."))
    kind = models.CharField(max_length=40)
    data = models.JSONField(default=dict)
    actor = models.CharField(max_length=120, help_text=_("Who did it."))
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["business", "at"], name="event_of_business")]
        constraints = [
            models.UniqueConstraint(
                fields=["appointment", "version"], name="event_version_once_per_appointment"
            )
        ]

    def __str__(self) -> str:
        return self.kind


class Outlet(models.TextChoices):
    EMAIL = "email", _("e-mail")


class Audience(models.TextChoices):
    CUSTOMER = "customer", _("customer")
    STAFF = "staff", _("staff")
    BUSINESS = "business", _("business")


class Message(models.Model):
    """One thing to send to one address by one outlet; the row is its own retry schedule.

    `attempts` counts the tries and is the fencing token of the sender that made the last one.
    `due_at` is the next try; a sender moves it forward before it sends, so that a killed
    sender's message comes back by itself.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=400, unique=True)
    business = models.ForeignKey(Business, models.CASCADE, related_name="messages")
    event = models.ForeignKey(Event, models.PROTECT, null=True, related_name="messages")
    appointment = models.ForeignKey(Appointment, models.PROTECT, null=True, related_name="messages")
    booking = models.ForeignKey(Booking, models.PROTECT, null=True, related_name="messages")
    outlet = models.CharField(max_length=10, choices=Outlet.choices, default=Outlet.EMAIL.value)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    address = models.CharField(max_length=254)
    topic = models.CharField(max_length=40)
    due_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True, help_text=_("No longer true when it was due."))
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["due_at"],
                name="message_waiting",
                condition=Q(sent_at=None, failed_at=None, dropped_at=None),
            ),
            models.Index(
                fields=["appointment", "address"],
                name="message_queue_of_address",
                condition=Q(sent_at=None, failed_at=None, dropped_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic} → {self.address}"

    @property
    def state(self) -> str:
        """Return sent, failed, dropped, retrying or waiting."""
        if self.sent_at:
            return "sent"
        if self.failed_at:
            return "failed"
        if self.dropped_at:
            return "dropped"
        return "retrying" if self.attempts else "waiting"
